package worklist

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/suspension"
)

// suspensions are what waits after a school suspended a child: that those who were told read it, full-time
// education by the sixth school day (R29), the governing board's meeting (R28), and the plan's review.
func (j *judge) suspensions(waiting []suspension.Waiting) {
	events := map[int64][]suspension.Event{}
	for _, one := range waiting {
		events[one.ChildID] = append(events[one.ChildID], one.Event)
	}
	terms := j.Calendar.TermDates()
	for _, one := range waiting {
		base := Duty{ChildID: one.ChildID, Child: child.DisplayName(one.PreferredName, one.Forename, one.Surname, one.LAChildID), School: one.School, Advisor: one.AdvisorID,
			Why: suspendedWords(one.Event), Href: childPage(one.ChildID, fmt.Sprintf("/suspensions/%d", one.ID))}
		for _, part := range one.Unread {
			j.readSuspension(base, one, suspension.Part(part))
		}
		if one.State != suspension.Stands {
			continue
		}
		if sixth, owed := suspension.SixthDay(one.Event, events[one.ChildID], j.school); owed && one.FullTimeFrom.IsZero() {
			j.lessons(base, one, sixth)
		}
		file := suspension.File{Event: one.Event, All: events[one.ChildID]}
		if _, board, known := file.Term(terms, j.school); known && one.BoardDecided.IsZero() && (board == suspension.BoardMustMeet || board == suspension.BoardIfAsked && !one.AskedOn.IsZero()) {
			j.board(base, one, board)
		}
		if one.PlanReviewedOn.IsZero() && one.Kind != suspension.Lunchtime {
			j.reviewAfter(base, one)
		}
	}
}

// reviewDays is how many working days the advisor has to set the day on which the plan is looked at again.
const reviewDays = 5

// reviewAfter asks after the plan's review: for its day, once the advisor has read of the suspension, and for the
// review when that day comes.
func (j *judge) reviewAfter(base Duty, one suspension.Waiting) {
	d := base
	d.Kind, d.Because = ReviewPEP, "A suspension is a sign that the plan needs another look."
	switch {
	case !one.PEPReviewOn.IsZero():
		d.What, d.Due = "Review the education plan after the suspension", one.PEPReviewOn
		d.Words = fmt.Sprintf("due %s: the day the Virtual School set", j.day(d.Due))
		d.Owner, d.owners = access.Advisor, []access.Role{access.Advisor, access.School}
	case one.ToldAt != nil && !slices.Contains(one.Unread, string(suspension.PartAdvisor)):
		told := calendar.Of(*one.ToldAt)
		d.What, d.Due = "Set the day the education plan is reviewed", j.working.Add(told, reviewDays)
		d.Words = fmt.Sprintf("due %s: told on %s, five working days", j.day(d.Due), j.shortDay(told))
		d.Owner, d.owners = access.Advisor, []access.Role{access.Advisor}
	default:
		return // the advisor is asked for the day when reading of it
	}
	j.addSoon(d)
}

func suspendedWords(e suspension.Event) string {
	words := e.Kind.Name()
	if e.Kind == suspension.Suspension {
		words += " of " + e.Counted().Days()
	}
	return words + " from " + e.StartsOn.Words()
}

func (j *judge) readSuspension(base Duty, one suspension.Waiting, part suspension.Part) {
	d := base
	d.Kind, d.What = ReadSuspension, "Read about the "+strings.ToLower(one.Kind.Name())
	d.Because = "The school tells the Virtual School and the social worker of every suspension without delay, so that they can help at once."
	if one.About == suspension.AboutEnding {
		d.What, d.Because = "Read why the "+strings.ToLower(one.Kind.Name())+" was cancelled", "Whoever was told of a suspension is told why it was cancelled."
	}
	told := calendar.Of(*one.ToldAt)
	d.Due = j.working.Add(told, 1)
	d.Words = fmt.Sprintf("due %s: told on %s, one working day", j.day(d.Due), j.shortDay(told))
	switch part {
	case suspension.PartSocialWorker:
		d.What += " and tell the reviewing officer"
		d.Owner, d.owners = access.SocialWorker, []access.Role{access.SocialWorker}
	case suspension.PartAdvisor:
		d.Owner, d.owners = access.Advisor, []access.Role{access.Advisor}
	default:
		d.Owner, d.owners = access.Head, []access.Role{access.Head, access.Deputy}
	}
	j.add(d)
}

func (j *judge) lessons(base Duty, one suspension.Waiting, sixth calendar.Date) {
	d := base
	d.Rule, d.Kind, d.What, d.Due = "R29", ArrangeLessons, "Arrange full-time education while out of school", sixth
	d.Words = fmt.Sprintf("due %s: the sixth school day", j.day(sixth))
	d.Because = "From the sixth school day full-time education elsewhere is owed: by the school for a suspension, by the council for a permanent exclusion. For a child in care the aim is the first day."
	d.Owner = access.School
	if one.Kind == suspension.Exclusion {
		d.Owner = access.Advisor
	}
	d.owners = []access.Role{access.School, access.Advisor}
	j.add(d)
}

func (j *judge) board(base Duty, one suspension.Waiting, board suspension.Board) {
	due, known := suspension.BoardBy(board, one.Notice(), j.school)
	if one.BeforeExam(due) {
		due, known = one.ExamOn, true
	}
	if !known {
		return
	}
	d := base
	d.Rule, d.Kind, d.What, d.Due = "R28", BoardMeets, "Governing board considers reinstatement", due
	d.Words = fmt.Sprintf("due %s: counted in school days from %s", j.day(due), j.shortDay(one.Notice()))
	if one.BeforeExam(due.AddDays(1)) && due == one.ExamOn {
		d.Words = fmt.Sprintf("due %s: the day of the examination or test that would be missed", j.day(due))
	}
	if !one.BoardMeetsOn.IsZero() {
		d.Why += ", meets on " + one.BoardMeetsOn.Words()
	}
	d.Because = "The Virtual School and the social worker are invited and may make representations. " + board.Words()
	d.Owner, d.owners = access.School, []access.Role{access.School, access.Advisor, access.SocialWorker}
	j.add(d)
}
