package chart

import (
	"strconv"
	"strings"
)

// Series is one line: a point for each of Lines.Labels.
type Series struct {
	Name   string
	Points []Point
}

// Lines shows how figures change over time.
type Lines struct {
	Of     string   // head of the first column: "Term"
	Labels []string // from left to right
	Series []Series
	// Min and Max are the ends of the scale; when Max is 0, from 0 to a round
	// number above the largest. A scale that does not begin at 0 says so.
	Min, Max float64
	Unit     string // after the numbers of the scale: "%"
}

const (
	plotLeft   = 46.0
	plotRight  = 462.0
	plotTop    = 18.0
	plotBottom = 214.0
	lineHeight = 246
)

func (l Lines) ends() (low, high float64) {
	if l.Max > l.Min {
		return l.Min, l.Max
	}
	largest := 0.0
	for _, s := range l.Series {
		for _, p := range s.Points {
			largest = max(largest, p.Value)
		}
	}
	return 0, ceiling(largest)
}

func (l Lines) x(i int) float64 {
	if len(l.Labels) < 2 {
		return (plotLeft + plotRight) / 2
	}
	return plotLeft + 14 + float64(i)*(plotRight-plotLeft-28)/float64(len(l.Labels)-1)
}

func (l Lines) y(value float64) float64 {
	low, high := l.ends()
	return plotBottom - scale(value, low, high, plotBottom-plotTop)
}

// gridLine is one line of the scale with its number.
type gridLine struct {
	y    float64
	text string
}

func (l Lines) grid() []gridLine {
	low, high := l.ends()
	var out []gridLine
	for i := range 5 {
		value := low + (high-low)*float64(i)/4
		out = append(out, gridLine{y: l.y(value), text: strconv.FormatFloat(value, 'g', 4, 64) + l.Unit})
	}
	return out
}

func (l Lines) paths(s Series) []string { return runs(s.Points, l.x, l.y) }

// labelled tells whether the i-th label is written: about eight fit.
func (l Lines) labelled(i int) bool {
	every := (len(l.Labels) + 6) / 7
	return every < 2 || i%every == 0
}

// valued tells whether figures are written at the points.
func (l Lines) valued() bool { return len(l.Series) == 1 && len(l.Labels) <= 8 }

func (l Lines) columns() []string { return append([]string{l.Of}, l.key()...) }

func (l Lines) rows() [][]string {
	var rows [][]string
	for i, label := range l.Labels {
		row := []string{label}
		for _, s := range l.Series {
			row = append(row, s.Points[i].Text)
		}
		rows = append(rows, row)
	}
	return rows
}

func (l Lines) key() []string {
	var names []string
	for _, s := range l.Series {
		names = append(names, s.Name)
	}
	return names
}

func (l Lines) describe() string {
	var parts []string
	for _, s := range l.Series {
		var rows [][]string
		for i, p := range s.Points {
			rows = append(rows, []string{l.Labels[i], p.Text})
		}
		parts = append(parts, s.Name+": "+listed(rows))
	}
	return strings.Join(parts, " ")
}
