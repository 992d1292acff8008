package seed

import (
	"bytes"
	"encoding/json"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/setting"
)

// years are the academic years whose terms the council has entered: two past, this one, the next.
func years(today calendar.Date) []int {
	now := calendar.AcademicYear(today)
	return []int{now - 2, now - 1, now, now + 1}
}

// termsOf lays out a plausible academic year. Real term dates are published, never computed; these
// belong to councils that do not exist. Shift moves the half-term breaks by weeks, as neighbours do.
func termsOf(year, shift int) []setting.Term {
	working := calendar.EnglandWorkingDays()
	onOrAfter := func(day calendar.Date) calendar.Date {
		for !working.IsWorkingDay(day) {
			day = day.AddDays(1)
		}
		return day
	}
	onOrBefore := func(day calendar.Date) calendar.Date {
		for !working.IsWorkingDay(day) {
			day = day.AddDays(-1)
		}
		return day
	}
	breakAt := func(day calendar.Date) (from, to calendar.Date) {
		from = day.AddDays(6).Monday().AddDays(7 * shift)
		return from, from.AddDays(4)
	}
	term := func(name string, starts, ends, half calendar.Date, beforeEnd int) setting.Term {
		t := setting.Term{Term: calendar.Term{AcademicYear: year, Name: name, Starts: starts, Ends: ends}, Source: "Council’s published term dates"}
		t.HalfTermFrom, t.HalfTermTo = breakAt(half)
		t.CutOff = onOrBefore(ends.AddDays(-beforeEnd))
		return t
	}
	springEnds := goodFriday(year + 1)
	if springEnds.Before(calendar.New(year+1, time.April, 10)) {
		springEnds = springEnds.AddDays(-1)
	} else {
		springEnds = springEnds.AddDays(-7)
	}
	return []setting.Term{
		term(calendar.Autumn, onOrAfter(calendar.New(year, time.September, 1)), calendar.New(year, time.December, 20).AddDays(-2).Monday().AddDays(4),
			calendar.New(year, time.October, 23), 14),
		term(calendar.Spring, onOrAfter(calendar.New(year+1, time.January, 3).AddDays(6).Monday()), springEnds, calendar.New(year+1, time.February, 12), 14),
		term(calendar.Summer, onOrAfter(springEnds.Monday().AddDays(21)), onOrBefore(calendar.New(year+1, time.July, 21)), calendar.New(year+1, time.May, 25), 21),
	}
}

func goodFriday(year int) calendar.Date {
	for _, holiday := range calendar.EnglandBankHolidays(year, year) {
		if holiday.Date.Weekday() == time.Friday && (holiday.Date.Month == time.March || holiday.Date.Month == time.April) {
			return holiday.Date
		}
	}
	return calendar.New(year, time.April, 10)
}

// bankHolidays is the file that the government publishes, for the years we know terms of.
func bankHolidays(today calendar.Date) *bytes.Reader {
	type event struct {
		Title string        `json:"title"`
		Date  calendar.Date `json:"date"`
	}
	all := years(today)
	var events []event
	for _, holiday := range calendar.EnglandBankHolidays(all[0], all[len(all)-1]+1) {
		events = append(events, event{holiday.Name, holiday.Date})
	}
	file, err := json.Marshal(map[string]any{"england-and-wales": map[string]any{"division": "england-and-wales", "events": events}})
	if err != nil {
		panic("seed: " + err.Error()) // dates and names only
	}
	return bytes.NewReader(file)
}

// almanac is the days the whole story is laid out on.
type almanac struct {
	today   calendar.Date
	anchor  calendar.Date  // the last working day before today: what is done last, is done then
	terms   []setting.Term // of all the years, in order
	now     int            // the term of today or, in a holiday, the one that ended last
	start   calendar.Date  // the day the council began to use the program
	working calendar.WorkingDays
	school  calendar.SchoolDays
}

// termsBack is how many terms of history there are before this one.
const termsBack = 3

func newAlmanac(today calendar.Date) almanac {
	a := almanac{today: today, working: calendar.EnglandWorkingDays()}
	a.anchor = a.working.Add(today, -1)
	for _, year := range years(today) {
		a.terms = append(a.terms, termsOf(year, 0)...)
	}
	for n, term := range a.terms {
		if !term.Starts.After(today) {
			a.now = n
		}
	}
	a.start = a.working.Add(a.terms[a.now-termsBack].Starts, -5)
	var closed []calendar.Date
	for _, term := range a.terms {
		closed = append(closed, trainingDay(term))
	}
	a.school = setting.NewCalendar(a.terms, closed, nil).SchoolDays()
	return a
}

// trainingDay is the day of a term on which only staff come.
func trainingDay(term setting.Term) calendar.Date {
	if term.Name == calendar.Summer {
		return term.HalfTermTo.AddDays(3)
	}
	return term.Starts
}

// history are the past terms of the story and the present one.
func (a almanac) history() []setting.Term { return a.terms[a.now-termsBack : a.now+1] }

// back is so many working days before the last thing that is done.
func (a almanac) back(days int) calendar.Date { return a.working.Add(a.anchor, -days) }
