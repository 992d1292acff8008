package lost

import (
	"slices"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/hours"
)

// Record is what lost sessions are counted from.
type Record struct {
	Open       func(calendar.Date) bool // the child's school, or without one the council's schools, are open
	Marks      map[Slot]mark.Code       // the register's; of two schools the one that has the child
	Gaps       []calendar.Range         // without a school place
	Out        []Out
	Timetables []Timetable
	Provisions []Provision
}

// Out is a suspension or a permanent exclusion.
type Out struct {
	From      calendar.Date
	Afternoon bool          // from the first afternoon
	Sessions  int           // so many; 0: until Until
	Until     calendar.Date // the first day no longer out; zero: not known
	Taught    calendar.Date // full-time education elsewhere from this day; zero: none
}

// Timetable is a time of reduced hours.
type Timetable struct {
	calendar.Range
	Hours, Full hours.Weekly
}

// Provision is a time of education elsewhere than at the school, as it was found.
type Provision struct {
	calendar.Range
	Hours hours.Weekly
	Weak  bool
}

// fullWeek is the hours that ten sessions stand for where nothing says how long a school's week is.
const fullWeek = 25 * hours.Hour

// Count is the sessions lost from one day to another, both included, in order.
func Count(r Record, from, to calendar.Date) []Session {
	out := r.outSlots(to)
	var all []Session
	for monday := from.Monday(); !monday.After(to); monday = monday.AddDays(7) {
		w := week{record: &r}
		for day := monday; day.Before(monday.AddDays(7)); day = day.AddDays(1) {
			if day.Before(from) || day.After(to) {
				continue
			}
			for _, session := range mark.Sessions {
				if code := r.Marks[Slot{day, session}]; code != "" || r.Open(day) {
					w.slots = append(w.slots, slot{Slot: Slot{day, session}, code: code})
				}
			}
		}
		w.place()
		w.suspended(out)
		w.reduced()
		w.unexplained()
		w.weak()
		for _, s := range w.slots {
			if s.cause != "" {
				all = append(all, Session{s.Slot, s.cause, s.estimated})
			}
		}
	}
	return all
}

// slot is a session of a week and what has been found out about it.
type slot struct {
	Slot
	code      mark.Code
	cause     Cause
	estimated bool
	taught    bool // provision covered it
}

// attended says whether the register has the child in school or at approved education elsewhere.
func (s slot) attended() bool {
	class, known := mark.National.Class(s.code, s.Day, s.Session)
	return known && class.Attended()
}

func (s slot) free() bool { return s.cause == "" && !s.taught && !s.attended() }

type week struct {
	record *Record
	slots  []slot
}

// share is how many of a week's sessions some hours of a full week are, halves up.
func share(of int, part, full hours.Weekly) int {
	return min(of, (of*int(part)*2+int(full))/(int(full)*2))
}

// place is the sessions on no roll. Provision covers as many of them as its hours, mornings first.
func (w *week) place() {
	var gap []int
	for i, s := range w.slots {
		if s.free() && slices.ContainsFunc(w.record.Gaps, func(g calendar.Range) bool { return g.Contains(s.Day) }) {
			gap = append(gap, i)
		}
	}
	for _, p := range w.record.Provisions {
		covered := w.mornings(gap, func(s slot) bool { return s.free() && p.Contains(s.Day) })
		for _, i := range covered[:share(len(covered), p.Hours, fullWeek)] {
			w.slots[i].taught, w.slots[i].estimated = true, true
			if p.Weak {
				w.slots[i].cause = Weak
			}
		}
	}
	for _, i := range gap {
		if w.slots[i].free() {
			w.slots[i].cause = NoPlace
		}
	}
}

// mornings are those of some slots that match, mornings before afternoons.
func (w *week) mornings(some []int, match func(slot) bool) []int {
	var found []int
	for _, session := range mark.Sessions {
		for _, i := range some {
			if w.slots[i].Session == session && match(w.slots[i]) {
				found = append(found, i)
			}
		}
	}
	return found
}

func (w *week) every() []int {
	all := make([]int, len(w.slots))
	for i := range all {
		all[i] = i
	}
	return all
}

// suspended is the sessions out of school, and those that the register says are (E).
func (w *week) suspended(out map[Slot]bool) {
	for i, s := range w.slots {
		if s.free() && (s.code == "E" || s.code == "" && out[s.Slot]) {
			w.slots[i].cause = Suspended
		}
	}
}

// reduced is the sessions that the register says are not on the timetable (C2), and so many more, where it
// says nothing, as the hours that are not offered: afternoons first.
func (w *week) reduced() {
	for i, s := range w.slots {
		if s.free() && s.code == "C2" {
			w.slots[i].cause = Reduced
		}
	}
	for _, t := range w.record.Timetables {
		within, marked := 0, 0
		for _, s := range w.slots {
			if !t.Contains(s.Day) || s.taught || s.cause == NoPlace || s.cause == Suspended {
				continue
			}
			within++
			if s.cause == Reduced {
				marked++
			}
		}
		left := within - share(within, t.Hours, t.Full) - marked
		unsaid := w.mornings(w.every(), func(s slot) bool { return s.free() && s.code == "" && t.Contains(s.Day) })
		slices.Reverse(unsaid)
		for _, i := range unsaid[:max(0, min(left, len(unsaid)))] {
			w.slots[i].cause, w.slots[i].estimated = Reduced, true
		}
	}
}

// unexplained is the absences without a reason (N, O).
func (w *week) unexplained() {
	for i, s := range w.slots {
		if s.free() && (s.code == "N" || s.code == "O") {
			w.slots[i].cause = Unexplained
		}
	}
}

// weak is the sessions of provision that was found wanting, of a child who has a school: those that the
// register has at education elsewhere, then those it says nothing of.
func (w *week) weak() {
	for _, p := range w.record.Provisions {
		if !p.Weak {
			continue
		}
		at := w.mornings(w.every(), func(s slot) bool {
			return s.cause == "" && !s.taught && p.Contains(s.Day) && (s.code == "B" || s.code == "K")
		})
		marked := len(at)
		at = append(at, w.mornings(w.every(), func(s slot) bool { return s.free() && s.code == "" && p.Contains(s.Day) })...)
		days := w.mornings(w.every(), func(s slot) bool { return p.Contains(s.Day) && !s.taught && s.cause != NoPlace })
		for n, i := range at[:min(len(at), share(len(days), p.Hours, fullWeek))] {
			w.slots[i].cause, w.slots[i].estimated = Weak, n >= marked
		}
	}
}

// outSlots are the sessions of all times out of school, up to a day.
func (r *Record) outSlots(to calendar.Date) map[Slot]bool {
	slots := map[Slot]bool{}
	for _, out := range r.Out {
		left := out.Sessions
		for day := out.From; !day.After(to) && (out.Sessions == 0 || left > 0); day = day.AddDays(1) {
			if !out.Until.IsZero() && !day.Before(out.Until) {
				break
			}
			if !r.Open(day) {
				continue
			}
			for _, session := range mark.Sessions {
				if day == out.From && out.Afternoon && session == mark.AM || out.Sessions > 0 && left == 0 {
					continue
				}
				left--
				if out.Taught.IsZero() || day.Before(out.Taught) {
					slots[Slot{day, session}] = true
				}
			}
		}
	}
	return slots
}
