package chart

import "fmt"

// Control shows one thing's own figures over time with what is usual for it: its average, and the lower
// limit under which a figure is hardly chance. Signals are drawn larger, in another shape.
type Control struct {
	Of, Measure string // heads of the table: "Week of", "Attendance"
	Labels      []string
	Points      []Point
	Signals     map[int]bool // by place
	Mean, Lower float64      // without limits both are nought
	Unit        string       // after the numbers of the scale: "%"
	Max         float64
}

const controlHeight = 226

func (c Control) low() float64 {
	low := c.Lower
	for _, p := range c.Points {
		if !p.None {
			low = min(low, p.Value)
		}
	}
	return max(0, float64(int(low/20)*20))
}

func (c Control) x(i int) float64 {
	if len(c.Labels) < 2 {
		return (plotLeft + plotRight) / 2
	}
	return plotLeft + 8 + float64(i)*(plotRight-plotLeft-16)/float64(len(c.Labels)-1)
}

func (c Control) y(value float64) float64 {
	return 194 - scale(value, c.low(), c.Max, 180)
}

func (c Control) grid() []gridLine {
	var out []gridLine
	for _, value := range []float64{c.low(), c.Max} {
		out = append(out, gridLine{y: c.y(value), text: number(value) + c.Unit})
	}
	return out
}

func (c Control) limits() []gridLine {
	if c.Mean == 0 && c.Lower == 0 {
		return nil
	}
	return []gridLine{{c.y(c.Mean), fmt.Sprintf("%.0f%s", c.Mean, c.Unit)}, {c.y(c.Lower), fmt.Sprintf("%.0f%s", c.Lower, c.Unit)}}
}

func (c Control) paths() []string { return runs(c.Points, c.x, c.y) }

// labelled tells whether the i-th label is written: about six fit, from the last back.
func (c Control) labelled(i int) bool {
	every := (len(c.Labels) + 5) / 6
	return (len(c.Labels)-1-i)%max(every, 1) == 0
}

func (c Control) columns() []string { return []string{c.Of, c.Measure, "Signal"} }

func (c Control) rows() [][]string {
	var rows [][]string
	for i, label := range c.Labels {
		signal := ""
		if c.Signals[i] {
			signal = "Yes"
		}
		rows = append(rows, []string{label, c.Points[i].Text, signal})
	}
	return rows
}

func (c Control) key() []string { return nil }

func (c Control) describe() string {
	words := fmt.Sprintf("%d weeks.", len(c.Labels))
	if len(c.limits()) > 0 {
		words = fmt.Sprintf("%d weeks around an average of %.0f%s, with a lower limit of %.0f%s.", len(c.Labels), c.Mean, c.Unit, c.Lower, c.Unit)
	}
	for i, label := range c.Labels {
		if c.Signals[i] {
			words += " Signal in " + label + ": " + c.Points[i].Text + "."
		}
	}
	return words
}
