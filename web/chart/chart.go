package chart

import (
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Point is one figure: Value is drawn, Text is read.
type Point struct {
	Value float64
	Text  string
	// None: not known, or suppressed; Text says which.
	None bool
}

// Item is one bar.
type Item struct {
	Label string
	Point Point
}

// Target is a line to compare with.
type Target struct {
	Value float64
	Text  string
}

// Chart is what a Figure can draw: Bars, Stacked, Ranges or Lines.
type Chart interface {
	drawing(title, id, description string) templ.Component
	columns() []string
	rows() [][]string
	key() []string
	describe() string
}

// width is the drawing's own width; the page scales it.
const width = 480

// scale turns a value into a length of at most span.
func scale(value, low, high, span float64) float64 {
	if high <= low {
		return 0
	}
	return math.Min(math.Max((value-low)/(high-low), 0), 1) * span
}

// ceiling is a round number a little above the largest value: 1, 2 or 5 times
// a power of ten.
func ceiling(largest float64) float64 {
	if largest <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(largest)))
	for _, step := range []float64{1, 2, 5} {
		if largest <= step*power {
			return step * power
		}
	}
	return 10 * power
}

// runs are the points of one line as SVG wants them, broken at every gap.
func runs(points []Point, x func(int) float64, y func(float64) float64) []string {
	var out, run []string
	for i, p := range points {
		if !p.None {
			run = append(run, number(x(i))+","+number(y(p.Value)))
		}
		if (p.None || i == len(points)-1) && len(run) > 1 {
			out = append(out, strings.Join(run, " "))
		}
		if p.None {
			run = nil
		}
	}
	return out
}

// number writes a coordinate with at most one decimal.
func number(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// short cuts a label that would run out of the drawing; the table has it whole.
func short(label string, most int) string {
	runes := []rune(label)
	if len(runes) <= most {
		return label
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}

// hue is the class number of a series: six colours, then round again.
func hue(i int) string { return strconv.Itoa(i%6 + 1) }
