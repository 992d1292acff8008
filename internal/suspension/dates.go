package suspension

import "virtualschool/internal/calendar"

// BoardBy is the last day for the board to meet after notice (R28); false when it has no deadline or
// the school's calendar does not reach that far.
func BoardBy(board Board, notice calendar.Date, days calendar.SchoolDays) (calendar.Date, bool) {
	switch board {
	case BoardMustMeet:
		return days.Add(notice, mustMeetSchoolDays)
	case BoardIfAsked:
		return days.Add(notice, ifAskedSchoolDays)
	}
	return calendar.Date{}, false
}

// Notice is the day from which the governing board's days are counted: when it was told, as far as
// that is known, else the first day.
func (e Event) Notice() calendar.Date {
	if e.BoardToldOn.IsZero() {
		return e.StartsOn
	}
	return e.BoardToldOn
}

// BeforeExam says whether the board should meet before the given deadline, because the exam that the
// child would miss comes sooner (R28): it takes reasonable steps to. The day is that of the exam.
func (e Event) BeforeExam(by calendar.Date) bool {
	return e.stands() && e.Exam != NoExam && !e.ExamOn.IsZero() && (by.IsZero() || e.ExamOn.Before(by))
}

// The independent review's days (School Discipline Regulations 2012): parents apply within these school
// days of the board's letter, and the panel meets within these of their application.
const reviewSchoolDays = 15

// ReviewBy is the last day of the steps of an independent review: for parents to apply after the board's
// letter, or for the panel to meet after they applied. False when the calendar does not reach that far.
func ReviewBy(from calendar.Date, days calendar.SchoolDays) (calendar.Date, bool) {
	return days.Add(from, reviewSchoolDays)
}

// firstDay is the first school day of an event. False when the school's calendar does not reach.
func (e Event) firstDay(days calendar.SchoolDays) (calendar.Date, bool) {
	if days.IsSchoolDay(e.StartsOn) {
		return e.StartsOn, true
	}
	return days.Add(e.StartsOn, 1)
}

// begins is the day from which an event's days are counted: its first school day, as far as that is known.
func (e Event) begins(days calendar.SchoolDays) calendar.Date {
	if first, known := e.firstDay(days); known {
		return first
	}
	return e.StartsOn
}

// Within is how much of what an event counts (R25) falls in a stretch of days, for one that runs over the end of a
// term or a year. Lunchtimes, and what the school's calendar does not reach, fall where the event begins.
func (e Event) Within(stretch calendar.Range, days calendar.SchoolDays) HalfDays {
	return e.countedBefore(stretch.End, days) - e.countedBefore(stretch.Start, days)
}

func (e Event) countedBefore(end calendar.Date, days calendar.SchoolDays) HalfDays {
	first, counted := e.begins(days), e.Counted()
	if !first.Before(end) {
		return 0
	}
	if e.Kind == Lunchtime || !days.Covers(first) {
		return counted
	}
	var passed HalfDays
	if e.Afternoon {
		passed = -1
	}
	for day := first; day.Before(end) && passed < counted; day = day.AddDays(1) {
		if !days.Covers(day) {
			return counted
		}
		if days.IsSchoolDay(day) {
			passed += 2
		}
	}
	return min(passed, counted)
}

// follows says whether a suspension goes on where another at the same school ends, with no time at school between.
func (e Event) follows(before Event, days calendar.SchoolDays) bool {
	if before.Kind != Suspension || before.SettingID != e.SettingID || before.ID == e.ID {
		return false
	}
	back, afternoon, known := Back(before, days)
	return known && back == e.begins(days) && afternoon == e.Afternoon
}

// SixthDay is the day from which the child must have suitable full-time education elsewhere
// (Education Act 1996 s.19, Education and Inspections Act 2006 s.100; R29): the sixth school day of
// an event longer than five. For children in care the aim is the first. Suspensions of all the child's that
// follow one another without a day at school between are one stretch: their days are counted together, and
// where the sixth has passed before the event begins, education is due from its first day. False when it is
// not that long, has ended, or the school's calendar does not reach.
func SixthDay(event Event, all []Event, days calendar.SchoolDays) (calendar.Date, bool) {
	if event.Kind == Lunchtime || !event.stands() {
		return calendar.Date{}, false
	}
	first, known := event.firstDay(days)
	if !known {
		return calendar.Date{}, false
	}
	start, length := first, event.Sessions
	if event.Kind == Suspension {
		for at, again := event, true; again; {
			again = false
			for _, before := range all {
				if before.StartsOn.Before(at.StartsOn) && at.follows(before, days) {
					at, again = before, true
					start, length = before.begins(days), length+before.Sessions
					break
				}
			}
		}
		if length <= 2*sixthDay {
			return calendar.Date{}, false
		}
	}
	sixth, known := days.Add(start, sixthDay)
	return calendar.Latest(sixth, first), known
}

// Back is when the child is back at school: the day, and whether only after lunch. False for lunchtimes, a
// permanent exclusion, an event that has ended early, or when the school's calendar does not reach.
func Back(event Event, days calendar.SchoolDays) (on calendar.Date, afternoon, known bool) {
	if event.Kind != Suspension || !event.stands() {
		return calendar.Date{}, false, false
	}
	first, known := event.firstDay(days)
	if !known {
		return calendar.Date{}, false, false
	}
	half := event.Sessions // since the morning of the first day
	if event.Afternoon {
		half++
	}
	on, known = days.Add(first, half/2)
	return on, half%2 == 1, known
}

// NoticeLate says whether somebody who had to be told without delay was told more than one school day
// after the decision (R30). A day that is not known is not judged.
func NoticeLate(decided, told calendar.Date, days calendar.SchoolDays) bool {
	if decided.IsZero() || told.IsZero() {
		return false
	}
	between, _ := days.Between(decided, told) // short of the calendar's end it is more, never fewer
	return between > 1
}
