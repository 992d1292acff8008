package worth

import (
	"cmp"
	"math"
	"slices"

	"virtualschool/internal/money"
)

// Figure is what the money for a group of targets bought.
type Figure struct {
	Key      string
	Children int
	Targets  int
	Outcomes map[Outcome]int
	Cost     money.Pence // what was given for them, less what came back
	// Of those whose outcome counts in the share met: what was given for them, and how many children's they are.
	JudgedCost     money.Pence
	JudgedChildren int
	// Hidden says that the group is too small to be shown, or would give away one that is: nothing but
	// its key may then be shown. Unsaid says the same of how its targets went.
	Hidden, Unsaid bool
}

// Judged is how many outcomes count in the share met.
func (f Figure) Judged() int {
	n := 0
	for outcome, count := range f.Outcomes {
		if outcome.Judged() {
			n += count
		}
	}
	return n
}

// Met is how many targets were met.
func (f Figure) Met() int { return f.Outcomes[Met] }

// Reviewed is how many targets somebody has looked back at, whatever they found: the figure's coverage.
func (f Figure) Reviewed() int { return f.Targets - f.Outcomes[NotReviewed] }

// Share is the share met of the judged targets with its range, from 0 to 1; false when none was judged.
func (f Figure) Share() (share, low, high float64, known bool) {
	n := f.Judged()
	if n == 0 {
		return 0, 0, 1, false
	}
	low, high = Wilson(f.Met(), n)
	return float64(f.Met()) / float64(n), low, high, true
}

// Price is what a target met cost.
type Price struct {
	Each money.Pence // 0: none was met, and only that it is more than Low can be said
	Low  money.Pence // with the highest share met that is likely
	High money.Pence // with the lowest; 0: no end can be given
}

// Price is what was given for the judged targets for each that was met; its range follows from that of
// the share met, in whole pence. False when none was judged.
func (f Figure) Price() (Price, bool) {
	_, low, high, known := f.Share()
	if !known {
		return Price{}, false
	}
	each := float64(f.JudgedCost) / float64(f.Judged())
	at := func(share float64) money.Pence { return money.Pence(math.Round(each / share)) }
	price := Price{Low: at(high)}
	if f.Met() > 0 {
		met := int64(f.Met())
		price.Each = money.Pence((int64(f.JudgedCost) + met/2) / met)
	}
	if low > 0 {
		price.High = at(low)
	}
	return price, true
}

// Group makes a figure of each group of targets, those with the most targets first; by gives a target's
// group. Nothing is hidden yet.
func Group(targets []Funded, by func(Funded) string) []Figure {
	type counted struct {
		Figure
		children, judged, targets map[int64]bool
	}
	groups := map[string]*counted{}
	for _, f := range targets {
		key := by(f)
		group := groups[key]
		if group == nil {
			group = &counted{Figure{Key: key, Outcomes: map[Outcome]int{}}, map[int64]bool{}, map[int64]bool{}, map[int64]bool{}}
			groups[key] = group
		}
		group.children[f.ChildID] = true
		group.Cost += f.Cost
		if f.Outcome.Judged() {
			group.JudgedCost += f.Cost
			group.judged[f.ChildID] = true
		}
		if !group.targets[f.TargetID] { // paid for by two categories
			group.targets[f.TargetID] = true
			group.Outcomes[f.Outcome]++
		}
	}
	figures := make([]Figure, 0, len(groups))
	for _, group := range groups {
		group.Children, group.JudgedChildren, group.Targets = len(group.children), len(group.judged), len(group.targets)
		figures = append(figures, group.Figure)
	}
	slices.SortFunc(figures, func(a, b Figure) int {
		return cmp.Or(cmp.Compare(b.Targets, a.Targets), cmp.Compare(a.Key, b.Key))
	})
	return figures
}

// All is the figure of all targets together.
func All(targets []Funded) Figure {
	if figures := Group(targets, func(Funded) string { return "" }); len(figures) == 1 {
		return figures[0]
	}
	return Figure{}
}
