package quality

import (
	"cmp"
	"math"
	"slices"

	"virtualschool/internal/calendar"
)

// Course is how one plan went from being submitted to being signed off, with how it was graded.
type Course struct {
	PEPID         int64
	ChildID       int64
	AcademicYear  int
	Term          string
	SettingID     int64
	School        string
	AdvisorID     int64 // the child's advisor today
	Advisor       string
	Submitted     calendar.Date // first
	FirstRead     calendar.Date // first taken into quality assurance, graded, returned or signed off
	SignedOff     calendar.Date
	Returns       int
	Rubric        string // by which it was graded last; empty: not graded, or not to be seen yet
	RubricVersion int
	Grade         string
}

// TermLabel is "Autumn 2026/27".
func (c Course) TermLabel() string {
	return calendar.Term{AcademicYear: c.AcademicYear, Name: c.Term}.Label()
}

// Spread is a few waiting times in working days.
type Spread struct {
	Count  int
	Median float64
	Ninety int // nine in ten took no longer
}

// SpreadOf is the median and the 90th percentile (nearest rank) of days.
func SpreadOf(days []int) Spread {
	if len(days) == 0 {
		return Spread{}
	}
	days = slices.Sorted(slices.Values(days))
	n := len(days)
	s := Spread{Count: n, Median: float64(days[n/2]), Ninety: days[int(math.Ceil(0.9*float64(n)))-1]}
	if n%2 == 0 {
		s.Median = float64(days[n/2-1]+days[n/2]) / 2
	}
	return s
}

// Turnaround is how long plans waited, and how many came back.
type Turnaround struct {
	Name   string // of the term, school or advisor
	ID     int64
	Plans  int
	Read   Spread  // from submitted to first read
	Done   Spread  // from submitted to signed off
	Rework float64 // returns for each plan
}

// By is what plans are told apart by: a number to order by and group by, and a name.
type By struct {
	of      func(Course) (id int64, name string)
	inOrder bool // of the numbers; else of the names
}

// ByTerm, BySchool and ByAdvisor are the ways to look at plans.
var (
	ByTerm    = By{func(c Course) (int64, string) { return int64(c.AcademicYear*3 + termOrder[c.Term]), c.TermLabel() }, true}
	BySchool  = By{func(c Course) (int64, string) { return c.SettingID, cmp.Or(c.School, "No school place") }, false}
	ByAdvisor = By{func(c Course) (int64, string) { return c.AdvisorID, cmp.Or(c.Advisor, "No advisor") }, false}
)

func (by By) compare(idA int64, nameA string, idB int64, nameB string) int {
	if by.inOrder {
		return cmp.Compare(idA, idB)
	}
	return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(idA, idB))
}

// Turnarounds reckons waiting times in working days, and how often plans came back for each (rework).
// Terms are in order; schools and advisors by name.
func Turnarounds(courses []Course, by By, working calendar.WorkingDays) []Turnaround {
	groups := map[int64][]Course{}
	names := map[int64]string{}
	for _, c := range courses {
		id, name := by.of(c)
		groups[id], names[id] = append(groups[id], c), name
	}
	var list []Turnaround
	for id, group := range groups {
		list = append(list, turnaround(id, names[id], group, working))
	}
	slices.SortFunc(list, func(a, b Turnaround) int { return by.compare(a.ID, a.Name, b.ID, b.Name) })
	return list
}

// All is the turnaround of all courses together.
func All(courses []Course, working calendar.WorkingDays) Turnaround {
	return turnaround(0, "All", courses, working)
}

func turnaround(id int64, name string, group []Course, working calendar.WorkingDays) Turnaround {
	var read, done []int
	returns := 0
	for _, c := range group {
		if !c.FirstRead.IsZero() {
			read = append(read, working.Between(c.Submitted, c.FirstRead))
		}
		if !c.SignedOff.IsZero() {
			done = append(done, working.Between(c.Submitted, c.SignedOff))
		}
		returns += c.Returns
	}
	t := Turnaround{ID: id, Name: name, Plans: len(group), Read: SpreadOf(read), Done: SpreadOf(done)}
	if len(group) > 0 {
		t.Rework = float64(returns) / float64(len(group))
	}
	return t
}

// Share is how many plans of a group have each grade.
type Share struct {
	ID     int64
	Name   string
	Total  int
	Counts map[string]int // by grade
	None   int            // signed off without a grade
}

// Shares counts the grades of signed-off plans graded by one rubric's scale, told apart by by.
func Shares(courses []Course, by By, rubric string) []Share {
	groups := map[int64]*Share{}
	for _, c := range courses {
		if c.SignedOff.IsZero() || c.Rubric != "" && c.Rubric != rubric {
			continue
		}
		id, name := by.of(c)
		share := groups[id]
		if share == nil {
			share = &Share{ID: id, Name: name, Counts: map[string]int{}}
			groups[id] = share
		}
		share.Total++
		if c.Grade == "" {
			share.None++
		} else {
			share.Counts[c.Grade]++
		}
	}
	var list []Share
	for _, share := range groups {
		list = append(list, *share)
	}
	slices.SortFunc(list, func(a, b Share) int { return by.compare(a.ID, a.Name, b.ID, b.Name) })
	return list
}
