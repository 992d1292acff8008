package chart

func (p SparkProps) x(i int) float64 {
	if len(p.Points) < 2 {
		return 60
	}
	return 5 + float64(i)*110/float64(len(p.Points)-1)
}

func (p SparkProps) y(value float64) float64 { return 27 - scale(value, p.Min, p.Max, 22) }

// last is the index of the last figure that is known, or -1.
func (p SparkProps) last() int {
	for i := len(p.Points) - 1; i >= 0; i-- {
		if !p.Points[i].None {
			return i
		}
	}
	return -1
}

func (p SparkProps) paths() []string { return runs(p.Points, p.x, p.y) }
