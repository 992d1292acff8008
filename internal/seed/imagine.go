package seed

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
)

// young is one child of the story, as imagined.
type young struct {
	n      int
	is     situation
	fate   fate
	random *rand.Rand
	year   int // curriculum year today, by age

	laChildID                    string
	forename, surname, preferred string
	sex, ethnicity, upn          string
	born                         calendar.Date

	careFrom, careUntil calendar.Date // until: zero while in care
	endCode             string
	known               calendar.Date // the day the record was made
	legal               []stay
	homes               []home
	rolls               []rolled
	sen, need           string

	advisor, worker, officer, support *person
	workerBefore                      *person // until newWorker
	newWorker                         calendar.Date

	asked string // the category of the last request, which the next is not of again

	id int64
}

// stay is a code that holds from a day.
type stay struct {
	code string
	from calendar.Date
}

// home is where the child lives from a day: what kind of place, and whether within the council.
type home struct {
	code   string
	inside bool
	from   calendar.Date
}

// rolled is a stretch on a school's roll; a zero until goes on. No school: a gap begins.
type rolled struct {
	at          *school // nil: no school
	kind        string
	from, until calendar.Date
	reason      string // why the one before ended
}

// imagine makes up the nth child.
func (c *council) imagine(n int) *young {
	random := rand.New(rand.NewPCG(c.options.Random, uint64(n)+1)) // #nosec G404 -- the same every time, on purpose
	y := &young{n: n, random: random}
	y.is, y.year = situationOf(n, random)
	y.fate = fateOf(n, c.days.through(), random)
	y.laChildID = fmt.Sprintf("LAC%05d", 10007+n*13)
	y.born = c.bornIn(y)
	c.nameChild(y)
	c.care(y)
	c.house(y)
	c.enrol(y)
	c.needs(y)
	y.upn = c.pupilNumber(y)
	return y
}

// through is how much of the present term has passed, of a hundred.
func (a almanac) through() int {
	term := a.terms[a.now]
	return min(100, 100*max(0, a.anchor.Sub(term.Starts))/max(1, term.Ends.Sub(term.Starts)))
}

// bornIn is a day that puts the child into the year today.
func (c *council) bornIn(y *young) calendar.Date {
	first := calendar.New(calendar.AcademicYear(c.days.today)-y.year-5, 9, 1)
	born := first.AddDays(y.random.IntN(365))
	return calendar.Earliest(born, c.days.back(60+y.random.IntN(30)))
}

func (c *council) nameChild(y *young) {
	y.sex = weighted(y.random, []string{"F", "M"}, func(s string) int { return map[string]int{"F": 44, "M": 56}[s] })
	all := peoples
	if y.is == alone {
		all = unaccompanied
		if y.sex == "F" && chance(y.random, 80) {
			y.sex = "M"
		}
	}
	own := weighted(y.random, all, func(p people) int { return p.share })
	y.forename, y.surname = own.name(y.random, y.sex)
	y.ethnicity = own.ethnicity
	if chance(y.random, 12) && len(y.forename) > 5 {
		y.preferred = string([]rune(y.forename)[:3])
	}
	switch y.is {
	case longName:
		y.forename, y.preferred = y.forename+" Anne-Marie Wilhelmina", y.forename
		y.surname = "Fitzgerald-" + y.surname + "-Featherstonehaugh"
		if y.sex == "M" {
			y.forename = y.preferred + " Maximilian Bartholomew"
		}
	case singleName:
		y.surname = ""
	case nameless:
		y.forename, y.surname, y.preferred = "", "", ""
	case siblingOlder:
		y.surname = "Çelik-Hargreaves"
		y.forename = map[string]string{"F": "Elif", "M": "Kerem"}[y.sex]
	case siblingYounger:
		y.surname = "Çelik-Hargreaves"
		y.forename = map[string]string{"F": "Defne", "M": "Emre"}[y.sex]
	}
}

// care is when the child came, why they are looked after, and when that ended.
func (c *council) care(y *young) {
	d, r := c.days, y.random
	switch y.is {
	case cameLastWeek:
		y.careFrom = d.back(5)
	case firstPlanOverdue:
		y.careFrom = d.back(34)
	default:
		y.careFrom = d.start.AddDays(-30 - r.IntN(1500))
		if y.n >= len(featured) && chance(r, 24) { // came during the history
			y.careFrom = d.start.AddDays(20 + r.IntN(max(1, d.back(60).Sub(d.start)-20)))
		}
		if y.is == alone {
			y.careFrom = d.start.AddDays(-40 - r.IntN(300))
		}
	}
	if y.careFrom.Before(y.born.AddDays(20)) {
		y.careFrom = y.born.AddDays(20)
	}
	y.known = calendar.Latest(d.start, d.working.Add(y.careFrom, 1+r.IntN(2)))
	code := legalCode(y)
	if code == "C1" && y.careFrom.AddDays(300).Before(d.anchor) {
		code = "C2" // courts decide within the year
	}
	switch {
	case code == "C2" && y.careFrom.AddDays(200).Before(d.anchor):
		y.legal = []stay{{"C1", y.careFrom}, {"C2", y.careFrom.AddDays(150 + r.IntN(50))}}
	case code == "C2":
		y.legal = []stay{{"C1", y.careFrom}}
	default:
		y.legal = []stay{{code, y.careFrom}}
	}
	switch y.is {
	case leftLastMonth:
		y.careUntil, y.endCode = d.back(18+r.IntN(6)), pick(r, []string{"E4A", "E46", "E41"})
	case adopted:
		y.careUntil, y.endCode = d.terms[d.now-1].HalfTermTo.AddDays(10+r.IntN(12)), "E11"
		if y.careUntil.Before(y.careFrom.AddDays(60)) {
			y.careUntil = d.back(40)
		}
	}
}

func legalCode(y *young) string {
	switch {
	case y.is == alone:
		return "V2"
	case y.is == shortBreaks:
		return "V4"
	case y.is == adoption || y.is == adopted || y.year < 2 && chance(y.random, 40):
		return "E1"
	}
	return weighted(y.random, []string{"C2", "C1", "V2"}, func(code string) int { return map[string]int{"C2": 62, "C1": 16, "V2": 22}[code] })
}

// house is the placements, first to last.
func (c *council) house(y *young) {
	r := y.random
	place := func() string {
		switch {
		case y.is == adoption && len(y.homes) > 0:
			return "A6"
		case y.year >= 12 && chance(r, 35):
			return "K3"
		case y.year >= 8 && chance(r, 22):
			return "K2"
		}
		return weighted(r, []string{"U6", "U4", "U3", "U1", "P1"}, func(code string) int {
			return map[string]int{"U6": 52, "U4": 20, "U3": 13, "U1": 9, "P1": 6}[code]
		})
	}
	inside := func() bool { return y.is != outOfAuthority || len(y.homes) == 0 && chance(r, 50) }
	y.homes = []home{{place(), inside(), y.careFrom}}
	end := c.days.back(25)
	moves := weighted(r, []int{0, 1, 2, 3}, func(n int) int { return []int{46, 32, 15, 7}[n] })
	if y.is == outOfAuthority {
		moves = max(moves, 1)
	}
	last := y.careFrom
	for range moves {
		length := end.Sub(last)
		if length < 60 {
			break
		}
		last = last.AddDays(30 + r.IntN(length-40))
		y.homes = append(y.homes, home{place(), inside(), last})
	}
	if y.is == outOfAuthority {
		y.homes[len(y.homes)-1].inside = false
	}
}

// learns is the main school on a day; nil: none.
func (y *young) learns(on calendar.Date) *school {
	for _, roll := range slices.Backward(y.rolls) {
		if roll.kind == "main" && !roll.from.After(on) {
			if !roll.until.IsZero() && !on.Before(roll.until) {
				return nil
			}
			return roll.at
		}
	}
	return nil
}

// lives is where the child lives on a day.
func (y *young) lives(on calendar.Date) home {
	for _, one := range slices.Backward(y.homes) {
		if !one.from.After(on) {
			return one
		}
	}
	return y.homes[0]
}

// works is the social worker on a day.
func (y *young) works(on calendar.Date) *person {
	if y.workerBefore != nil && on.Before(y.newWorker) {
		return y.workerBefore
	}
	return y.worker
}

// yearOn is the curriculum year on a day, as taught.
func (y *young) yearOn(on calendar.Date) int {
	year := calendar.CurriculumYear(y.born, on)
	if y.is == outOfYear {
		year--
	}
	return year
}

// called is what people at the table call the child.
func (y *young) called() string {
	for _, name := range []string{y.preferred, y.forename} {
		if name != "" {
			return strings.Fields(name)[0]
		}
	}
	return "The young person"
}

func (c *council) needs(y *young) {
	r := y.random
	y.sen = weighted(r, []string{"N", "K", "E"}, func(s string) int { return map[string]int{"N": 44, "K": 30, "E": 26}[s] })
	if y.is == independent || y.is == otherwise || c.isSpecial(y) {
		y.sen = "E"
	}
	if y.sen != "N" {
		y.need = pick(r, []string{"Social, emotional and mental health", "Social, emotional and mental health", "Moderate learning difficulty",
			"Speech, language and communication", "Autistic spectrum", "Specific learning difficulty"})
	}
}

func (c *council) isSpecial(y *young) bool {
	at := y.learns(c.days.anchor)
	return at != nil && at.kind == "special"
}

// pupilNumber is a UPN as the child's first school would have given it.
func (c *council) pupilNumber(y *young) string {
	if y.year < 0 || y.is == missingUPN || y.is == alone && chance(y.random, 60) || y.is == nameless {
		return ""
	}
	numbers := fmt.Sprintf("%s%04d%02d%03d", c.authority, 2000+31*y.random.IntN(34), (y.born.Year+5)%100, (y.n*7+y.random.IntN(7))%1000)
	for _, letter := range "ABCDEFGHJKLMNPQRTUVWXYZ" {
		_, quality, _ := identifier.CheckUPN(string(letter) + numbers)
		if (quality == identifier.Valid) == (y.is != wrongUPN) {
			return string(letter) + numbers
		}
	}
	return ""
}
