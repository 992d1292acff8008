package chart

// RangeItem is one figure with the range in which the true one is likely to lie. With Point.None nothing
// is drawn but its Text.
type RangeItem struct {
	Label     string
	Point     Point
	Low, High float64
	Range     string // "31% to 83%"
}

// Ranges compares one figure over several things, each a dot on the line of its range, so that what is
// known of a few does not look as sure as what is known of many.
type Ranges struct {
	Of, Measure string // heads of the table: "Category", "Targets met"
	Items       []RangeItem
	// Max is the right end; when 0, a round number above the largest. A range that goes on beyond it has no end drawn.
	Max    float64
	Target *Target
}

func (c Ranges) max() float64 {
	if c.Max > 0 {
		return c.Max
	}
	largest := 0.0
	for _, item := range c.Items {
		if !item.Point.None {
			largest = max(largest, item.High, item.Point.Value)
		}
	}
	if c.Target != nil {
		largest = max(largest, c.Target.Value)
	}
	return ceiling(largest)
}

func (c Ranges) top() float64 {
	if c.Target != nil {
		return barTop
	}
	return 0
}

func (c Ranges) height() float64 { return c.top() + float64(len(c.Items))*barStep }

// x is where a value lies; half a dot is left at either end.
func (c Ranges) x(value float64) float64 { return 8 + scale(value, 0, c.max(), barSpan-16) }

// textX is behind the dot and its range.
func (c Ranges) textX(item RangeItem) float64 { return max(c.x(item.High), c.x(item.Point.Value)) + 13 }

// ends says whether a range ends within the drawing.
func (c Ranges) ends(item RangeItem) bool { return item.High <= c.max() }

func (c Ranges) columns() []string { return []string{c.Of, c.Measure, "Likely range"} }

func (c Ranges) rows() [][]string {
	var rows [][]string
	for _, item := range c.Items {
		rows = append(rows, []string{item.Label, item.Point.Text, item.Range})
	}
	return rows
}

func (c Ranges) key() []string { return nil }

func (c Ranges) describe() string {
	var said [][]string
	for _, item := range c.Items {
		words := item.Point.Text
		if item.Range != "" {
			words += " (" + item.Range + ")"
		}
		said = append(said, []string{item.Label, words})
	}
	words := listed(said)
	if c.Target != nil {
		words += " " + c.Target.Text + "."
	}
	return words
}
