package seed

import (
	"slices"

	"virtualschool/internal/calendar"
)

// enrol lays out where the child learned: a school for each phase, moves between, and what is
// particular about the situation.
func (c *council) enrol(y *young) {
	d := c.days
	year := calendar.AcademicYear(d.start.AddDays(20)) // the year in which the history begins
	first := y.yearOn(calendar.New(year, 9, 10))
	if y.year >= -2 && first < -2 {
		year, first = calendar.AcademicYear(d.anchor), y.year // too young for nursery until now
	}
	if first < -2 {
		return
	}
	at := c.choose(y, first, false)
	began := calendar.New(year-min(3, first-lowest(at, first)), 9, 3)
	if y.n >= len(featured) && chance(y.random, 25) && began.Before(y.careFrom) {
		began = calendar.Earliest(calendar.New(year, 9, 3), y.careFrom.AddDays(14))
	}
	began = calendar.Latest(began, y.born.AddYears(2))
	y.rolls = []rolled{{at: at, kind: "main", from: began}}
	for next := year + 1; next <= calendar.AcademicYear(d.anchor); next++ {
		day := d.termAt(next, calendar.Autumn).Starts.AddDays(1)
		if taught := y.yearOn(day); !at.teaches(taught) && at.kind != "special" && day.Before(d.anchor) {
			at = c.choose(y, taught, false)
			y.move(at, day, "Moved to the next phase")
		}
	}
	if y.n >= len(featured) && y.is == ordinary && chance(y.random, 10) {
		from := d.start.AddDays(60 + y.random.IntN(max(1, d.back(50).Sub(d.start)-60)))
		c.moveOn(y, from, "Moved placement", y.homes[len(y.homes)-1].inside)
	}
	c.enrolSituation(y)
}

// enrolSituation is the school side of what is particular about a child.
func (c *council) enrolSituation(y *young) {
	d := c.days
	if len(y.rolls) == 0 {
		return
	}
	last := calendar.Latest(y.rolls[len(y.rolls)-1].from.AddDays(10), y.homes[len(y.homes)-1].from)
	switch y.is {
	case outOfAuthority:
		c.moveOn(y, d.working.Add(last, 3), "Moved placement", false)
	case atWork:
		y.leave(d.terms[d.now-1].Starts.AddDays(20), "Left the course for work")
	case otherwise:
		y.leave(d.terms[d.now-1].Starts.AddDays(20), "Education otherwise than at school, named in the plan")
	case noSchool:
		y.leave(d.back(28), "Placement ended out of area; no school place yet")
	case alone:
		y.rolls[0].from = calendar.Latest(y.rolls[0].from, d.working.Add(y.careFrom, 12))
	case movedLastWeek:
		y.rolls = y.rolls[:1]
		y.rolls[0].at = c.demoSchool(y.year)
		c.moveOn(y, d.back(4), "Moved placement", true)
	case dual:
		y.rolls = append(y.rolls, rolled{at: c.schoolOfKind("unit"), kind: "dual", from: d.back(35)})
	case unit:
		y.move(c.schoolOfKind("unit"), d.terms[d.now-1].Starts.AddDays(14), "Permanently excluded")
	case independent:
		y.rolls = []rolled{{at: c.schoolOfKind("independent"), kind: "main", from: calendar.New(calendar.AcademicYear(d.start)-1, 9, 3)}}
	case closingSchool:
		y.rolls = []rolled{{at: c.schoolNamed("Windmill Rise Primary School"), kind: "main", from: y.rolls[0].from}}
	case closedSchool:
		was := c.schoolNamed("Station Road Primary School")
		y.rolls = []rolled{{at: was, kind: "main", from: y.rolls[0].from}}
		y.move(c.schoolNamed(was.successor), c.closes(), "School closed")
	}
}

// closes is the day the closed school's children began elsewhere: the first of a term in the middle of the history.
func (c *council) closes() calendar.Date { return c.days.history()[1].Starts }

func (a almanac) termAt(year int, name string) calendar.Term {
	for _, term := range a.terms {
		if term.AcademicYear == year && term.Name == name {
			return term.Term
		}
	}
	return a.terms[a.now].Term
}

// lowest is the first year a school teaches, seen from a year it does.
func lowest(at *school, year int) int {
	for year > -2 && at.teaches(year-1) {
		year--
	}
	return year
}

// choose finds a school for a year: in the council unless the child lives elsewhere, the two schools
// with sign-ins of their own more often.
func (c *council) choose(y *young, year int, outside bool) *school {
	if y.n < len(featured) && y.n%3 != 2 && !outside && year >= 0 && year <= 11 && y.is != adopted {
		return c.demoSchool(year)
	}
	if !outside && year >= 0 && y.n >= len(featured) && chance(y.random, 7) {
		return c.schoolOfKind("special")
	}
	if !outside && year >= 0 && year <= 11 && chance(y.random, 6) {
		return c.demoSchool(year)
	}
	list := c.schoolsOf(year, !outside)
	if colleges := slices.DeleteFunc(slices.Clone(list), func(s *school) bool { return s.kind != "college" }); len(colleges) > 0 && chance(y.random, 55) {
		list = colleges
	}
	if len(list) == 0 {
		list = c.schoolsOf(year, true)
	}
	return pick(y.random, list)
}

func (c *council) demoSchool(year int) *school {
	at := slices.IndexFunc(c.schools, func(s *school) bool { return s.ofDemo != 0 && s.teaches(year) })
	if at < 0 {
		return c.schoolsOf(year, true)[0]
	}
	return c.schools[at]
}

// moveOn puts the child on the roll of another school from a day.
func (c *council) moveOn(y *young, from calendar.Date, reason string, inside bool) {
	now := y.rolls[len(y.rolls)-1]
	taught := y.yearOn(from)
	list := slices.DeleteFunc(c.schoolsOf(taught, inside), func(s *school) bool { return s == now.at || s.ofDemo != 0 })
	if len(list) > 0 && now.from.Before(from) && from.Before(c.days.anchor) {
		y.move(pick(y.random, list), from, reason)
	}
}

// move ends the roll and begins another; a day before the present one began changes nothing.
func (y *young) move(to *school, from calendar.Date, reason string) {
	now := &y.rolls[len(y.rolls)-1]
	if !now.from.Before(from) || now.at == to {
		return
	}
	now.until = from
	y.rolls = append(y.rolls, rolled{at: to, kind: "main", from: from, reason: reason})
}

func (y *young) leave(from calendar.Date, reason string) {
	y.rolls[len(y.rolls)-1].until = from
	y.rolls = append(y.rolls, rolled{kind: "main", from: from, reason: reason})
}
