package peps

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/ics"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
)

// meetingFile sends the days of a plan for a calendar program: its meeting and the next one. The file names
// nobody; whom it is about is behind its link, after signing in.
func (p *Pages) meetingFile(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r, "PEP meeting for a calendar", nil)
	if err != nil {
		return err
	}
	plan, version := v.Whole.Plan, v.Whole.Part(pep.PartMeeting).Version
	var events []ics.Event
	for _, one := range []pep.PlannedMeeting{{PEPID: plan.ID, ChildID: plan.ChildID, On: plan.MeetingOn, Version: version},
		{PEPID: plan.ID, ChildID: plan.ChildID, On: plan.NextMeetingOn, Next: true, Version: version}} {
		if !one.On.IsZero() {
			events = append(events, p.meetingEvent(one))
		}
	}
	if len(events) == 0 {
		return fault.New(fault.KindNotFound, "No meeting is planned yet. Once its day is in the plan, it can be put into a calendar.")
	}
	return p.Kit.Send(w, r, ics.MediaType, "pep-meeting.ics", ics.Write(p.Kit.DB.Now(), events))
}

// myDates sends what is to come for everybody the reader works with: planned meetings, and for those who
// do not see the whole cohort the days by which something is due.
func (p *Pages) myDates(w http.ResponseWriter, r *http.Request) error {
	actor, today := kit.Actor(r), p.Kit.Today()
	var meetings []pep.PlannedMeeting
	var facts []pep.FactsRow
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	pep.QueuePlannedMeetings(&batch, &meetings)
	if !actor.WholeCohort() {
		pep.QueueFacts(&batch, &facts)
		setting.QueueCalendar(&batch, &dates, p.PEPs.Authority, 0)
		policy.Queue(&batch, &values)
	}
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	var events []ics.Event
	for _, meeting := range meetings {
		events = append(events, p.meetingEvent(meeting))
	}
	cal, deadlines := pep.CalendarOf(dates), pep.DeadlinesOf(values)
	for _, child := range facts {
		for _, duty := range pep.Duties(child.Facts(), cal, deadlines, today) {
			if words, mine := deadlineWords[duty.Task]; mine && !duty.Due.Due.Before(today) {
				events = append(events, p.deadlineEvent(child.ChildID, duty, words, today))
			}
		}
	}
	slices.SortStableFunc(events, func(a, b ics.Event) int { return a.Day.Compare(b.Day) })
	return p.Kit.Send(w, r, ics.MediaType, "pep-dates.ics", ics.Write(p.Kit.DB.Now(), events))
}

func (p *Pages) meetingEvent(m pep.PlannedMeeting) ics.Event {
	which := "meeting"
	if m.Next {
		which = "next-meeting"
	}
	return p.event(fmt.Sprintf("pep-%d-%s", m.PEPID, which), m.Version, m.On, "PEP meeting", planPath(pep.Ref{ChildID: m.ChildID, PEPID: m.PEPID}))
}

// deadlineWords are the tasks that have their place in a calendar.
var deadlineWords = map[pep.Task]string{pep.TaskStart: "Last day to start a PEP", pep.TaskMeet: "Last day for a PEP meeting", pep.TaskFinish: "Last day to submit a PEP",
	pep.TaskCorrect: "Last day to correct a PEP", pep.TaskSignOff: "Last day to sign off a PEP"}

// deadlineEvent is worked out anew each day, so the day it was worked out on says which is the newer.
func (p *Pages) deadlineEvent(childID int64, duty pep.Duty, words string, today calendar.Date) ics.Event {
	path, of := childPath(childID)+"/peps", fmt.Sprintf("child-%d-%s", childID, duty.Kind)
	if duty.PlanID != 0 {
		path, of = planPath(pep.Ref{ChildID: childID, PEPID: duty.PlanID}), fmt.Sprintf("pep-%d", duty.PlanID)
	}
	return p.event(fmt.Sprintf("%s-%s", of, duty.Task), today.Sub(calendar.New(2020, 1, 1)), duty.Due.Due, words, path)
}

func (p *Pages) event(name string, sequence int, day calendar.Date, summary, path string) ics.Event {
	host := "virtualschool"
	if site, err := url.Parse(p.Kit.Site.BaseURL); err == nil && site.Hostname() != "" {
		host = site.Hostname()
	}
	link := p.Kit.Site.BaseURL + path
	return ics.Event{UID: name + "@" + host, Sequence: sequence, Day: day, Summary: summary, Details: "Sign in to the Virtual School to see more: " + link, URL: link}
}
