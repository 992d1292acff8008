package worklist

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/schoolplace"
)

// schoolPlace is the clock of a child without a school place (R16), and the next task of the search.
func (j *judge) schoolPlace(base Duty, c pep.FactsRow, p place) {
	if c.SettingID != 0 {
		return
	}
	person := schoolplace.Person{DateOfBirth: c.DateOfBirth, YearOffset: c.YearOffset, Care: []calendar.Range{{Start: c.InCareSince}}}
	if !p.LastRollEnded.IsZero() {
		person.Rolls = []calendar.Range{{End: p.LastRollEnded}}
	}
	since, without := schoolplace.Since(person, j.Today)
	if !without {
		return
	}
	d := base
	d.Rule, d.Kind, d.What, d.Href = "R16", FindSchool, "Find a school place", childPage(c.ChildID, "/school-place")
	d.Owner, d.owners = access.Advisor, []access.Role{access.Advisor, access.SupportAdvisor, access.SocialWorker, access.LeadAdvisor}
	d.Because = fmt.Sprintf("A child in care without a school place is without education. The Virtual School looks again after %d school days; more than %d breaks the duty after an emergency placement.",
		schoolplace.AlertDays, schoolplace.LimitDays)
	d.Why = "No school place since " + since.Words()
	switch due, exact := schoolplace.DueBy(since, schoolplace.AlertDays, j.school, j.Calendar.TermDates()); {
	case exact:
		d.Words = fmt.Sprintf("due %s: no school place since %s, %d school days", j.day(due), j.shortDay(since), schoolplace.AlertDays)
		d.Due = due
		if out, counted := j.school.Between(since, j.Today); counted && out > 0 {
			d.Why = fmt.Sprintf("No school place for %s", count(out, "school day"))
		}
	case !due.IsZero():
		d.Words = fmt.Sprintf("due by %s at the latest: no school place since %s, and the term dates of that time are not entered", j.day(due), j.shortDay(since))
		d.Due = due
	default:
		d.Words = "no day can be worked out: the council's term dates do not reach this far"
	}
	task := p.Task
	if task != nil && task.OpenedOn.Before(since) { // of an earlier search
		task = nil
	}
	if task != nil {
		d.Why += ". Next, by " + j.shortDay(task.NextOn) + ": " + clip(task.NextTask, 60)
	}
	j.add(d)
	if task != nil && j.soon(task.NextOn) {
		j.nextTask(base, *task)
	}
}

// nextTask is the step somebody of ours said they would take. What others were to do, the advisor asks after.
func (j *judge) nextTask(base Duty, task placeTask) {
	d := base
	d.Rule, d.Kind, d.What, d.Due, d.Href = "R16", FindSchool, "Next step to a school place: "+clip(task.NextTask, 60), task.NextOn, childPage(base.ChildID, "/school-place")
	d.Why, d.Words = task.NextBy.Name(), fmt.Sprintf("due %s: the day that was set", j.day(task.NextOn))
	d.Because = "Each search for a school place has a next task, somebody who does it, and a day."
	d.Owner = access.Advisor
	switch role := access.Role(task.NextBy); role {
	case access.SupportAdvisor, access.SocialWorker:
		d.Owner = role
	}
	d.owners = []access.Role{d.Owner}
	j.add(d)
}
