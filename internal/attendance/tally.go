package attendance

import (
	"fmt"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/setting"
)

// Tally is figures with how much they know: a rate is never shown without it.
type Tally struct {
	Figures
	Received int // sessions with a mark of any kind
	Unknown  int // of those unauthorised: no reason established yet (N)
	Expected int // sessions the schools were open while the child was on roll; nought where no term dates are known
}

// Plus is the two together.
func (t Tally) Plus(other Tally) Tally {
	return Tally{t.Figures.Plus(other.Figures), t.Received + other.Received, t.Unknown + other.Unknown, t.Expected + other.Expected}
}

// Missing is how many expected sessions nobody has marked (R24). They are counted as nothing else.
func (t Tally) Missing() int { return max(0, t.Expected-t.Received) }

// Coverage says how much is known: "118 of 130 sessions marked".
func (t Tally) Coverage() string {
	if t.Expected == 0 {
		return fmt.Sprintf("%d sessions marked; term dates are not known", t.Received)
	}
	return fmt.Sprintf("%d of %d sessions marked", min(t.Received, t.Expected), t.Expected)
}

// add counts n marks of a code under the dated table; n is -1 for one that is there no longer.
func (t *Tally) add(n int, code mark.Code, day calendar.Date, session mark.Session) {
	class, known := mark.National.Class(code, day, session)
	if !known {
		return
	}
	t.Received += n
	switch {
	case class.Attended():
		t.Attended += n
	case class == mark.Authorised:
		t.Authorised += n
	case class == mark.Unauthorised:
		t.Unauthorised += n
	}
	if class.Possible() {
		t.Possible += n
	}
	switch code {
	case mark.Late:
		t.Late += n
	case mark.Unknown:
		t.Unknown += n
	}
}

// Count is the tally of days (R17 to R20), without what was expected.
func Count(days []Day) Tally {
	var t Tally
	for _, d := range days {
		for _, session := range mark.Sessions {
			if code := d.Code(session); code != "" {
				t.add(1, code, d.Day, session)
			}
		}
	}
	return t
}

// Between are the days from one to another, both included, of days in order.
func Between(days []Day, from, to calendar.Date) []Day {
	first, last := len(days), len(days)
	for i, d := range days {
		if first == len(days) && !d.Day.Before(from) {
			first = i
		}
		if d.Day.After(to) {
			last = i
			break
		}
	}
	return days[min(first, last):last]
}

// Stay is a time a child is on roll at a setting.
type Stay struct {
	ChildID   int64
	SettingID int64
	Starts    calendar.Date
	Ends      calendar.Date // the first day no longer there; zero: still on roll
}

// Expectation says how many sessions registers should hold, by each school's own calendar (R24).
type Expectation struct{ opened map[int64]*openDays }

// NewExpectation reads calendars once, for many questions.
func NewExpectation(calendars map[int64]*setting.Calendar) Expectation {
	e := Expectation{map[int64]*openDays{}}
	made := map[*setting.Calendar]*openDays{}
	for id, c := range calendars {
		if made[c] == nil {
			made[c] = newOpenDays(c)
		}
		e.opened[id] = made[c]
	}
	return e
}

// Sessions is how many sessions are expected of stays from one day to another, both included: two for
// each day the school is open by term dates that are known. At a child's two schools each has its own
// register, so both count.
func (e Expectation) Sessions(stays []Stay, from, to calendar.Date) int {
	sessions := 0
	for _, s := range stays {
		first, last := calendar.Latest(from, s.Starts), to
		if !s.Ends.IsZero() {
			last = calendar.Earliest(to, s.Ends.AddDays(-1))
		}
		if opened := e.opened[s.SettingID]; opened != nil && !first.After(last) {
			sessions += 2 * opened.between(first, last)
		}
	}
	return sessions
}

// Open says whether a setting is open to pupils on a day, as Keeping judges it.
func (e Expectation) Open(settingID int64, day calendar.Date) bool {
	opened := e.opened[settingID]
	return opened != nil && opened.on(day).open
}

// Expects says whether a register should hold a day: the setting is open by term dates that are known.
func (e Expectation) Expects(settingID int64, day calendar.Date) bool {
	opened := e.opened[settingID]
	return opened != nil && opened.days.IsSchoolDay(day)
}

// Stale says whether a session marked N on a day is to be asked after: its reason is still unknown when
// five school days have passed (R23). Due is the last of the five; zero where the calendar does not know.
func (e Expectation) Stale(settingID int64, marked, today calendar.Date) (due calendar.Date, stale bool) {
	opened := e.opened[settingID]
	if opened == nil {
		return calendar.Date{}, false
	}
	due, known := opened.days.Add(marked, 5)
	return due, known && today.After(due)
}
