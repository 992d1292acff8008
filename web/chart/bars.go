package chart

import "strings"

// Bars compares one figure over several things, as bars that lie.
type Bars struct {
	Of, Measure string // heads of the table: "Term", "Attendance"
	Items       []Item
	// Max is the value of a full bar; when 0, a round number above the largest.
	Max    float64
	Target *Target
}

const (
	barStep   = 44.0 // from one bar to the next, its label included
	barHeight = 18.0
	barSpan   = 400.0 // the rest is for the figure behind the bar
	barTop    = 22.0  // room for the words of the target
)

func (b Bars) max() float64 {
	if b.Max > 0 {
		return b.Max
	}
	largest := 0.0
	for _, item := range b.Items {
		largest = max(largest, item.Point.Value)
	}
	if b.Target != nil {
		largest = max(largest, b.Target.Value)
	}
	return ceiling(largest)
}

func (b Bars) top() float64 {
	if b.Target != nil {
		return barTop
	}
	return 0
}

func (b Bars) height() float64 { return b.top() + float64(len(b.Items))*barStep }

func (b Bars) length(p Point) float64 {
	if p.None {
		return 0
	}
	return scale(p.Value, 0, b.max(), barSpan)
}

func (b Bars) targetX() float64 { return scale(b.Target.Value, 0, b.max(), barSpan) }

func (b Bars) columns() []string { return []string{b.Of, b.Measure} }

func (b Bars) rows() [][]string {
	var rows [][]string
	for _, item := range b.Items {
		rows = append(rows, []string{item.Label, item.Point.Text})
	}
	return rows
}

func (b Bars) key() []string { return nil }

func (b Bars) describe() string {
	words := listed(b.rows())
	if b.Target != nil {
		words += " " + b.Target.Text + "."
	}
	return words
}

// listed reads a table out: "Autumn 94.2%; Spring 95.0%."
func listed(rows [][]string) string {
	var parts []string
	for _, row := range rows {
		parts = append(parts, row[0]+" "+strings.Join(row[1:], ", "))
	}
	return strings.Join(parts, "; ") + "."
}
