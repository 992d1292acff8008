package quality

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"virtualschool/internal/calendar"
)

// Pair is one plan as two people graded it, neither knowing the other's grade.
type Pair struct {
	Named
	PEPID         int64
	AcademicYear  int
	Term          string
	Rubric        string
	RubricVersion int
	First, Second string // grades
	FirstMarker   string
	SecondMarker  string
	FirstID       int64 // who marked first
	SecondID      int64
	MarkedAt      time.Time // the second time
	Settled       string    // the grade they agreed on; empty: not yet, or they did not differ
	SettledWords  string
	SettledBy     string
}

// TermLabel is "Autumn 2026/27".
func (p Pair) TermLabel() string {
	return calendar.Term{AcademicYear: p.AcademicYear, Name: p.Term}.Label()
}

// Differ says whether the two gave different grades.
func (p Pair) Differ() bool { return p.First != p.Second }

// Agreement is how far markers agree.
type Agreement struct {
	Pairs int
	Same  int
	// Kappa is Cohen's: the agreement beyond what chance would give, 1 when they always agree and 0 when
	// no more than by chance. It is not known (Known false) for fewer than two pairs, or where both only
	// ever give one grade, so that chance explains everything.
	Kappa float64
	Known bool
}

// Percent is the share of plans given the same grade; 0 where there are none.
func (a Agreement) Percent() float64 {
	if a.Pairs == 0 {
		return 0
	}
	return 100 * float64(a.Same) / float64(a.Pairs)
}

// Agree reckons how far the first and second markers of the pairs agree (Cohen 1960).
func Agree(pairs []Pair) Agreement {
	first, second := map[string]int{}, map[string]int{}
	a := Agreement{Pairs: len(pairs)}
	for _, p := range pairs {
		first[p.First]++
		second[p.Second]++
		if !p.Differ() {
			a.Same++
		}
	}
	if len(pairs) < 2 {
		return a
	}
	n := float64(len(pairs))
	chance := 0.0
	for grade, times := range first {
		chance += float64(times) / n * float64(second[grade]) / n
	}
	if chance < 1 {
		a.Kappa, a.Known = (float64(a.Same)/n-chance)/(1-chance), true
	}
	return a
}

// Marker is how one person's grades compare with the other marker's of the same plans.
type Marker struct {
	ID   int64
	Name string
	Agreement
	// Harsher and Kinder are how often their grade was worse or better than the other's. Drift is the
	// mean difference in steps of the scale: above 0, they are harsher.
	Harsher, Kinder int
	Drift           float64
}

// PerMarker is every marker by name, each beside all others. A pair counts for both.
func PerMarker(pairs []Pair, rubrics Set) []Marker {
	own := map[int64][]Pair{}
	names := map[int64]string{}
	for _, p := range pairs {
		own[p.FirstID] = append(own[p.FirstID], p)
		turned := p
		turned.First, turned.Second = p.Second, p.First
		own[p.SecondID] = append(own[p.SecondID], turned)
		names[p.FirstID], names[p.SecondID] = p.FirstMarker, p.SecondMarker
	}
	var markers []Marker
	for id, mine := range own {
		m := Marker{ID: id, Name: names[id], Agreement: Agree(mine)}
		steps := 0
		for _, p := range mine {
			rubric, kept := rubrics.Rubric(p.Rubric, p.RubricVersion)
			if !kept {
				continue
			}
			switch apart := rubric.rank(p.First) - rubric.rank(p.Second); {
			case apart > 0:
				m.Harsher++
				steps += apart
			case apart < 0:
				m.Kinder++
				steps += apart
			}
		}
		m.Drift = float64(steps) / float64(len(mine))
		markers = append(markers, m)
	}
	slices.SortFunc(markers, func(a, b Marker) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return markers
}

// Period is the agreement of one term.
type Period struct {
	AcademicYear int
	Term         string
	Agreement
}

// Label is "Autumn 2026/27".
func (p Period) Label() string {
	return calendar.Term{AcademicYear: p.AcademicYear, Name: p.Term}.Label()
}

var termOrder = map[string]int{calendar.Autumn: 0, calendar.Spring: 1, calendar.Summer: 2}

// PerTerm is the agreement of every term in which plans were marked twice, in order.
func PerTerm(pairs []Pair) []Period {
	type key struct {
		year int
		term string
	}
	by := map[key][]Pair{}
	for _, p := range pairs {
		k := key{p.AcademicYear, p.Term}
		by[k] = append(by[k], p)
	}
	var periods []Period
	for _, k := range slices.SortedFunc(maps.Keys(by), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(termOrder[a.term], termOrder[b.term]))
	}) {
		periods = append(periods, Period{AcademicYear: k.year, Term: k.term, Agreement: Agree(by[k])})
	}
	return periods
}
