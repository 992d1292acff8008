package chart

// StackedItem is one bar made of parts, in the order of Stacked.Parts.
type StackedItem struct {
	Label  string
	Points []Point
}

// Stacked compares what several things are made of.
type Stacked struct {
	Of    string   // head of the first column: "Term"
	Parts []string // "On time", "Late", "Missing"
	Items []StackedItem
	// Share makes every bar full, so that shares are compared and not sizes.
	Share bool
}

func (s Stacked) height() float64 { return float64(len(s.Items)) * barStep }

func total(points []Point) float64 {
	sum := 0.0
	for _, p := range points {
		if !p.None {
			sum += p.Value
		}
	}
	return sum
}

// segment is one drawn part of a bar.
type segment struct {
	x, length float64
	part      int
	text      string // empty where it would not fit
}

// segments lays out the parts of one bar from left to right.
func (s Stacked) segments(item StackedItem) []segment {
	full := total(item.Points)
	if !s.Share {
		for _, other := range s.Items {
			full = max(full, total(other.Points))
		}
	}
	x := 0.0
	var out []segment
	for i, p := range item.Points {
		if p.None || p.Value <= 0 {
			continue
		}
		length := scale(p.Value, 0, full, width-2)
		text := p.Text
		if float64(len([]rune(text)))*9+8 > length {
			text = ""
		}
		out = append(out, segment{x: x + 1, length: length, part: i, text: text})
		x += length
	}
	return out
}

func (s Stacked) columns() []string { return append([]string{s.Of}, s.Parts...) }

func (s Stacked) rows() [][]string {
	var rows [][]string
	for _, item := range s.Items {
		row := []string{item.Label}
		for _, p := range item.Points {
			row = append(row, p.Text)
		}
		rows = append(rows, row)
	}
	return rows
}

func (s Stacked) key() []string { return s.Parts }

func (s Stacked) describe() string {
	var rows [][]string
	for _, item := range s.Items {
		row := []string{item.Label + ":"}
		for i, p := range item.Points {
			row = append(row, s.Parts[i]+" "+p.Text)
		}
		rows = append(rows, row)
	}
	return listed(rows)
}
