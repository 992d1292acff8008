package worklist

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
)

// peps are the duties about a child's plans: the rules' own (package pep), planned meetings, and parts
// that wait to be written.
func (j *judge) peps(base Duty, c pep.FactsRow, p place, parts []openParts) {
	facts := c.Facts()
	plans := map[int64]pep.PlanDates{}
	for _, plan := range c.Plans {
		plans[plan.ID] = plan
	}
	due := map[int64]pep.Explanation{}
	for _, asked := range pep.Duties(facts, j.plans, j.deadlines, j.Today) {
		d := base
		d.Rule, d.Due, d.Words = asked.Due.Rule, asked.Due.Due, asked.Due.Words(j.Today)
		d.Because = j.because(asked.Due.Rule)
		d.Href = childPage(c.ChildID, "/peps")
		if asked.Task == pep.TaskStart {
			d.Href += "/new"
		}
		if asked.PlanID != 0 {
			d.Href = fmt.Sprintf("/children/%d/peps/%d", c.ChildID, asked.PlanID)
			due[asked.PlanID] = asked.Due
		}
		j.pepDuty(d, c, asked, plans[asked.PlanID])
	}
	if _, writing := facts.OpenPlan(); !writing && !p.NextMeeting.Before(j.Today) && j.soon(p.NextMeeting) && facts.InScope(j.deadlines, j.Today) {
		d := base
		d.Kind, d.Due, d.Href = Meeting, p.NextMeeting, childPage(c.ChildID, "/peps")
		d.What, d.Words = "Prepare the next PEP meeting", "on "+j.day(p.NextMeeting)+", as agreed at the last one"
		d.Because = "The last PEP meeting agreed this day."
		d.Owner, d.owners = access.School, []access.Role{access.School, access.SocialWorker, access.Advisor, access.SupportAdvisor}
		j.add(d)
	}
	for _, open := range parts {
		if _, known := plans[open.PEPID]; known {
			j.parts(base, c, open, due[open.PEPID])
		}
	}
}

var (
	withPlans   = []access.Role{access.Advisor, access.SupportAdvisor}
	meetingRole = []access.Role{access.School, access.SocialWorker, access.Advisor, access.SupportAdvisor}
)

// pepDuty gives one of the plan rules' tasks its words and its owner.
func (j *judge) pepDuty(d Duty, c pep.FactsRow, asked pep.Duty, plan pep.PlanDates) {
	school := access.School
	if c.SettingID == 0 {
		school = access.SocialWorker // without a school place the social worker writes what the school would
	}
	which := j.which(asked, plan)
	d.Owner = asked.Owner(c.SettingID != 0)
	switch asked.Task {
	case pep.TaskStart:
		d.Kind, d.What = StartPEP, "Start "+which
		d.owners = slices.Concat([]access.Role{d.Owner}, withPlans)
		if asked.Kind == pep.Emergency {
			d.owners = meetingRole
		}
	case pep.TaskMeet:
		d.Kind, d.What, d.owners = HoldMeeting, "Hold the meeting for "+which, meetingRole
		switch {
		case plan.MeetingOn.IsZero():
			d.Why = "No day is set yet"
		case plan.MeetingOn.Before(j.Today):
			d.Why = "Planned for " + plan.MeetingOn.Words() + ", not recorded as held"
		case j.soon(plan.MeetingOn) && !d.Due.Before(j.Today):
			d.Kind, d.What = Meeting, "Hold the meeting for "+which
			d.Words = "planned for " + j.day(plan.MeetingOn) + "; " + d.Words
			d.Due = plan.MeetingOn
		default:
			d.Why = "Planned for " + plan.MeetingOn.WordsWithDay()
		}
	case pep.TaskFinish:
		d.Kind, d.What = FinishPEP, "Write up and submit "+which
		d.owners = slices.Concat([]access.Role{school}, withPlans)
	case pep.TaskCorrect:
		d.Kind, d.What = CorrectPEP, "Correct "+which+" and submit it again"
		d.Why = "Returned by the Virtual School"
		d.owners = slices.Concat([]access.Role{school}, withPlans)
	case pep.TaskSignOff:
		j.signOff(&d, c, which, plan)
	}
	if pause, paused := pep.PauseOn(c.Pauses, j.Today); paused {
		d.Why = strings.TrimSuffix("Deadlines are paused, "+pause.Words(j.Today)+". "+d.Why, ". ")
	}
	j.add(d)
}

// which plan a task is about, in words: "the first PEP", "the autumn PEP".
func (j *judge) which(asked pep.Duty, plan pep.PlanDates) string {
	switch asked.Kind {
	case pep.Initial:
		return "the first PEP"
	case pep.Emergency:
		if asked.Due.Rule == "R14" {
			return "a PEP for the new school"
		}
		return "the emergency PEP"
	case pep.Transition:
		return "the transition PEP"
	case pep.Closing:
		return "the closing PEP"
	}
	name := plan.Term
	if name == "" {
		for _, term := range j.plans.Terms {
			// A plan started late is this term's, not that of the term in which it was due.
			if !term.Starts.After(calendar.Latest(asked.Due.Due, j.Today)) {
				name = term.Name
			}
		}
	}
	if name == "" {
		return "the termly PEP"
	}
	return "the " + name + " PEP"
}

// soon says whether a day lies in the coming working days.
func (j *judge) soon(day calendar.Date) bool {
	return !day.IsZero() && !day.After(j.working.Add(j.Today, meetingDays))
}

// writers are the roles whose part of a plan is told apart: the advisors write any.
var writers = []access.Role{access.SocialWorker, access.School}

type formKey struct {
	name      string
	version   int
	hasSchool bool
}

// titled is a section of a form, with whether each of the writers writes it.
type titled struct {
	key, title string
	by         [2]bool
}

// sections are a form's, made once for all the plans on it.
func (j *judge) sections(key formKey) []titled {
	if made, found := j.forms[key]; found {
		return made
	}
	form, _ := j.Forms.Form(key.name, key.version)
	var made []titled
	for _, section := range form.Sections {
		one := titled{key: section.Key, title: section.Title}
		roles := section.Roles(key.hasSchool)
		for i, role := range writers {
			one.by[i] = slices.Contains(roles, role)
		}
		made = append(made, one)
	}
	j.forms[key] = made
	return made
}

// parts are the parts of a plan that wait for the social worker or the school.
func (j *judge) parts(base Duty, c pep.FactsRow, open openParts, due pep.Explanation) {
	var titles [2][]string
	for _, section := range j.sections(formKey{open.Form, open.FormVersion, open.HasSchool}) {
		if !slices.Contains(open.Parts, section.key) {
			continue
		}
		for i := range writers {
			if section.by[i] {
				titles[i] = append(titles[i], section.title)
			}
		}
	}
	for i, role := range writers {
		if len(titles[i]) == 0 {
			continue
		}
		d := base
		d.Rule, d.Kind, d.Owner, d.owners = due.Rule, WritePEP, role, writers[i:i+1]
		d.What, d.Why = "Write your part of the PEP", strings.Join(titles[i], ", ")
		d.Href = fmt.Sprintf("/children/%d/peps/%d/mine", c.ChildID, open.PEPID)
		d.Due, d.Words, d.Because = due.Due, due.Words(j.Today), j.because(due.Rule)
		if !open.MeetingOn.IsZero() && !open.MeetingOn.Before(j.Today) {
			d.Due, d.Words = open.MeetingOn, "due "+j.day(open.MeetingOn)+": the day of the meeting"
		}
		j.add(d)
	}
}

// because says which rule asks and where its number comes from, worked out once for each rule.
func (j *judge) because(rule string) string {
	words, found := j.reasons[rule]
	if !found {
		words = j.reason(rule)
		j.reasons[rule] = words
	}
	return words
}

func (j *judge) reason(rule string) string {
	source := func(words string, key policy.Key) string {
		return words + ". Where this comes from: " + strings.TrimSuffix(j.Values.Source(key), ".") + "."
	}
	switch rule {
	case "R6":
		return source(fmt.Sprintf("The social worker starts the first PEP within %s of the child coming into care, also when there is no school place", count(j.deadlines.InitiateDays, "working day")), policy.PEPInitiateWorkingDays)
	case "R7":
		return source(fmt.Sprintf("The first PEP is ready for the first care review, within %s of coming into care", count(j.deadlines.CompleteDays, "working day")), policy.PEPCompleteWorkingDays)
	case "R9":
		return source(fmt.Sprintf("The PEP is reviewed every school term, by the council's last day for it, and no more than %s after the last meeting", count(j.deadlines.GapMonths, "month")), policy.PEPGapMonths)
	case "R11":
		return source(fmt.Sprintf("The PEP is complete %s after its meeting", count(j.deadlines.SignOffDays, "working day")), policy.PEPSignOffWorkingDays)
	case "R14":
		return source(fmt.Sprintf("A change of school is followed by a PEP within %s", count(j.deadlines.SchoolChangeDays, "working day")), policy.PEPSchoolChangeWorkingDays)
	}
	return ""
}
