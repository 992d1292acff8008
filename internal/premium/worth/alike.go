package worth

import (
	"cmp"
	"slices"

	"virtualschool/internal/calendar"
)

// Like is the child and the target that others are compared with.
type Like struct {
	ChildID     int64
	DateOfBirth calendar.Date
	YearOffset  int
	SEN         string
	Need        string
	Areas       []string // of the target asked for; for a child, of the latest plan's targets
}

// Phase is the child's phase on a day, as taught.
func (l Like) Phase(today calendar.Date) Phase {
	return PhaseOf(calendar.CurriculumYear(l.DateOfBirth, today) + l.YearOffset)
}

// Closeness is how alike the children are whose targets are compared.
type Closeness int

// From the closest; the next is taken when too few children are that close.
const (
	SameNeed  Closeness = iota // same phase, area, SEN and primary need
	SameSEN                    // same phase, area and SEN
	SamePhase                  // same phase and area
)

// Helped is what helped children like this one here.
type Helped struct {
	Closeness Closeness
	Figures   []Figure // by category, those with the highest share met first
	Small     int      // categories left out: fewer than Least children's targets have been reviewed
}

// WhatHelped ranks what the money for other children's like targets was for by the share of them that
// was met, with as close a likeness as gives a category of Least children or more. Between categories
// with the same share the surer one comes first. A primary need is compared where the child's is recorded.
func WhatHelped(targets []Funded, like Like, today calendar.Date) Helped {
	phase := like.Phase(today)
	var near []Funded
	for _, f := range targets {
		if f.ChildID != like.ChildID && f.Phase() == phase && slices.Contains(like.Areas, f.Area) {
			near = append(near, f)
		}
	}
	var found Helped
	for _, closeness := range []Closeness{SameNeed, SameSEN, SamePhase} {
		if closeness == SameNeed && like.Need == "" {
			continue
		}
		found = rank(slices.DeleteFunc(slices.Clone(near), func(f Funded) bool {
			return closeness <= SameSEN && f.SEN != like.SEN || closeness == SameNeed && f.Need != like.Need
		}))
		found.Closeness = closeness
		if len(found.Figures) > 0 {
			break
		}
	}
	return found
}

func rank(targets []Funded) Helped {
	var found Helped
	for _, figure := range Group(targets, func(f Funded) string { return f.Category }) {
		if _, _, _, known := figure.Share(); !known || figure.JudgedChildren < Least {
			found.Small++
			continue
		}
		found.Figures = append(found.Figures, figure)
	}
	slices.SortStableFunc(found.Figures, func(a, b Figure) int {
		shareA, lowA, _, _ := a.Share()
		shareB, lowB, _, _ := b.Share()
		return cmp.Or(cmp.Compare(shareB, shareA), cmp.Compare(lowB, lowA), cmp.Compare(a.Key, b.Key))
	})
	return found
}
