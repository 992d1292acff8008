package pep

import "virtualschool/internal/calendar"

// roomToMove is how many working days before the last possible day a next meeting is suggested, so
// that a day somebody cannot come does not make it late.
const roomToMove = 10

// NextMeeting suggests when to meet after a meeting held on a day: some days before the rules would
// ask for it at the latest, which is explained. False when the rules ask for none.
func (f Facts) NextMeeting(held calendar.Date, cal Calendar, d Deadlines) (calendar.Date, Explanation, bool) {
	now, _ := cal.TermAt(held)
	then := f
	then.Plans = append([]PlanDates{{Kind: Termly, AcademicYear: now.AcademicYear, Term: now.Name, MeetingOn: held, Held: true}}, f.Plans...)
	due, _, asked := then.Meeting(cal, d, held)
	if !asked || !due.Due.After(held) {
		return calendar.Date{}, Explanation{}, false
	}
	on := cal.Working.Add(due.Due, -roomToMove)
	if earliest := cal.Working.Add(held, roomToMove); on.Before(earliest) {
		on = due.Due
	}
	return on, due, true
}
