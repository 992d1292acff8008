package looking

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
)

// Rule is one way in which looking can be out of the usual.
type Rule string

// The rules.
const (
	SameSurname Rule = "same_surname" // the child has or had the reader's surname
	Alone       Rule = "alone"        // a child whom nobody else opened, on several days
	Many        Rule = "many"         // far more children in a day than the reader's own usual
	OutOfHours  Rule = "out_of_hours" // records opened at night, at a weekend or on a bank holiday
	NotOwn      Rule = "not_own"      // records opened with no part in the child's case
)

// Rules are all of them, the weightiest first, with what a reader is told of each and what it weighs. Two
// points put a person on the list: looking at children who are not one's own, which a whole-cohort role
// allows, does not by itself.
var Rules = []struct {
	Rule   Rule
	Title  string
	Why    string
	Weight int
}{
	{SameSurname, "The same surname as the reader", "The child has, or had, a surname that the reader has too. They may be related.", 5},
	{Alone, "A child whom nobody else looks at", "The reader opened the record on several days, has no part in the child’s case, and nobody else opened it in eight weeks.", 4},
	{Many, "Many children in one day", "The reader saw many more children in one day than on a usual day of their own in the eight weeks before.", 3},
	{OutOfHours, "Out of hours", "The reader opened records in the night, at a weekend or on a bank holiday.", 2},
	{NotOwn, "Not their own children", "The reader opened many records in whose cases they have no part, and changed nothing there.", 1},
}

// Listed is how many points put a person's week on the list.
const Listed = 2

// Limits are the council's values, as they were on a day.
type Limits struct {
	Many          int // fewest children in a day that are many
	Times         int // how many times the reader's usual they must be
	Opens, Closes int // hours of the day between which records are opened as usual
	OddChildren   int // fewest children in a week, out of hours
	NotOwn        int // fewest children in a week that are not one's own
	AloneDays     int // fewest days in a week
}

// LimitsOf reads the limits from the council's values.
func LimitsOf(v policy.Values) Limits {
	return Limits{Many: v.LookingManyChildren(), Times: v.LookingManyTimes(), Opens: v.LookingOpensHour(), Closes: v.LookingClosesHour(),
		OddChildren: v.LookingOddChildren(), NotOwn: v.LookingNotOwnChildren(), AloneDays: v.LookingAloneDays()}
}

// Seen is one reader's day with one child.
type Seen struct {
	AccountID int64
	ChildID   int64
	Day       calendar.Date
	Looks     int
	Opened    int      // of them, at the record alone and not on a list
	First     int      // minute of the day in England of the first opening
	Last      int      // and of the last
	Surnames  []string // of the child, those they had among them
	Own       bool     // the reader had a part in the case that day
	Changed   bool     // and changed something there
	Others    int      // other people who opened the record in eight weeks
}

// Reader is somebody who looked.
type Reader struct {
	AccountID int64
	Name      string
	Usual     []int // children seen on each day of the eight weeks before on which they saw any
}

// Finding is that a rule holds for a reader's day with a child.
type Finding struct {
	AccountID int64
	Rule      Rule
	ChildID   int64
	Day       calendar.Date
	Looks     int
}

// Settled is that a reader and a child were reviewed and found to be fine.
type Settled struct{ AccountID, ChildID int64 }

// Find applies the rules to a week: what is settled is not found again by the reader's surname or for being
// alone. The findings of a person whose rules weigh less than Listed are left out.
func Find(week []Seen, readers []Reader, settled []Settled, limits Limits, days calendar.WorkingDays) []Finding {
	byReader := map[int64][]Seen{}
	for _, one := range week {
		byReader[one.AccountID] = append(byReader[one.AccountID], one)
	}
	var all []Finding
	for _, reader := range readers {
		var found []Finding
		seen := byReader[reader.AccountID]
		for _, rule := range []func(Reader, []Seen, Limits, calendar.WorkingDays) []Finding{sameSurname, alone, many, outOfHours, notOwn} {
			found = append(found, rule(reader, seen, limits, days)...)
		}
		found = slices.DeleteFunc(found, func(f Finding) bool {
			return (f.Rule == SameSurname || f.Rule == Alone) && slices.Contains(settled, Settled{f.AccountID, f.ChildID})
		})
		if Weigh(found) >= Listed {
			all = append(all, found...)
		}
	}
	return all
}

// Weigh is how much the rules that hold weigh together; each counts once.
func Weigh(found []Finding) int {
	weight := 0
	for _, rule := range Rules {
		if slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == rule.Rule }) {
			weight += rule.Weight
		}
	}
	return weight
}

func finding(rule Rule, one Seen) Finding {
	return Finding{AccountID: one.AccountID, Rule: rule, ChildID: one.ChildID, Day: one.Day, Looks: one.Looks}
}

func sameSurname(reader Reader, seen []Seen, _ Limits, _ calendar.WorkingDays) (found []Finding) {
	names := strings.Fields(reader.Name)
	if len(names) == 0 {
		return nil
	}
	own := parts(names[len(names)-1])
	for _, one := range seen {
		if one.Opened > 0 && slices.ContainsFunc(one.Surnames, func(name string) bool {
			return slices.ContainsFunc(parts(name), func(part string) bool { return slices.Contains(own, part) })
		}) {
			found = append(found, finding(SameSurname, one))
		}
	}
	return found
}

// parts are the names in a surname, in small letters without accents: Smith-Jones and smith share one.
// Particles such as "de" are no names.
func parts(surname string) []string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
			return -1
		case unicode.IsLetter(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(surname))
	return slices.DeleteFunc(strings.Fields(plain), func(part string) bool { return len([]rune(part)) < 3 })
}

func alone(_ Reader, seen []Seen, limits Limits, _ calendar.WorkingDays) (found []Finding) {
	days := map[int64][]Seen{}
	for _, one := range seen {
		if one.Opened > 0 && !one.Own && !one.Changed && one.Others == 0 {
			days[one.ChildID] = append(days[one.ChildID], one)
		}
	}
	for _, of := range days {
		if len(of) >= limits.AloneDays {
			for _, one := range of {
				found = append(found, finding(Alone, one))
			}
		}
	}
	return sorted(found)
}

func many(reader Reader, seen []Seen, limits Limits, _ calendar.WorkingDays) (found []Finding) {
	least := max(limits.Many, limits.Times*Usual(reader.Usual))
	byDay := map[calendar.Date]int{}
	for _, one := range seen {
		byDay[one.Day]++
	}
	for _, one := range seen {
		if byDay[one.Day] >= least {
			found = append(found, finding(Many, one))
		}
	}
	return found
}

// Usual is the middle one of the days, 0 of none.
func Usual(days []int) int {
	if len(days) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(days))[len(days)/2]
}

func outOfHours(_ Reader, seen []Seen, limits Limits, days calendar.WorkingDays) (found []Finding) {
	children := map[int64]bool{}
	for _, one := range seen {
		early, late := one.First < limits.Opens*60, one.Last >= limits.Closes*60
		if one.Opened > 0 && (early || late || !days.IsWorkingDay(one.Day)) {
			found = append(found, finding(OutOfHours, one))
			children[one.ChildID] = true
		}
	}
	if len(children) < limits.OddChildren {
		return nil
	}
	return found
}

func notOwn(_ Reader, seen []Seen, limits Limits, _ calendar.WorkingDays) (found []Finding) {
	children := map[int64]bool{}
	for _, one := range seen {
		if one.Opened > 0 && !one.Own && !one.Changed {
			found = append(found, finding(NotOwn, one))
			children[one.ChildID] = true
		}
	}
	if len(children) < limits.NotOwn {
		return nil
	}
	return found
}

func sorted(found []Finding) []Finding {
	slices.SortFunc(found, func(a, b Finding) int { return cmp.Or(a.Day.Compare(b.Day), cmp.Compare(a.ChildID, b.ChildID)) })
	return found
}
