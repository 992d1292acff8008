package worklist

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/scheme"
	"virtualschool/internal/setting"
)

// Rules are what duties are worked out with.
type Rules struct {
	Today    calendar.Date
	Calendar setting.Calendar // the council's own
	Values   policy.Values
	Forms    forms.Set
	Schemes  scheme.Set // paying schemes, by which evidence is due
}

// meetingDays is how many working days ahead a planned meeting is shown.
const meetingDays = 10

// judge holds what every rule needs, made once for all children.
type judge struct {
	Rules
	working   calendar.WorkingDays
	school    calendar.SchoolDays
	plans     pep.Calendar
	deadlines pep.Deadlines
	late      map[calendar.Date]int // working days since, kept because many share a day
	forms     map[formKey][]titled
	reasons   map[string]string
	handed    map[int64]quality.Waiting   // by plan
	seconds   map[int64][]quality.Waiting // by child
	duties    []Duty
}

func newJudge(rules Rules) *judge {
	j := &judge{Rules: rules, working: rules.Calendar.WorkingDays(), school: rules.Calendar.SchoolDays(), deadlines: pep.DeadlinesOf(rules.Values),
		late: map[calendar.Date]int{}, forms: map[formKey][]titled{}, reasons: map[string]string{}, handed: map[int64]quality.Waiting{}, seconds: map[int64][]quality.Waiting{}}
	j.plans.Working = j.working
	for _, term := range rules.Calendar.Terms() {
		j.plans.Terms = append(j.plans.Terms, pep.Term{Term: term.Term, CutOff: term.CutOff})
	}
	return j
}

// Duties are what needs the actor, the longest overdue first.
func Duties(facts Facts, rules Rules, actor access.Actor) []Duty {
	var mine []Duty
	for _, d := range All(facts, rules) {
		if d.Concerns(actor) {
			d.Why, d.Href = d.whyFor(actor), d.hrefFor(actor)
			mine = append(mine, d)
		}
	}
	return mine
}

// All are the duties of everyone, sorted. Duties narrows them to one person.
func All(facts Facts, rules Rules) []Duty {
	j := newJudge(rules)
	places := make(map[int64]place, len(facts.places))
	for _, p := range facts.places {
		places[p.ChildID] = p
	}
	parts := make(map[int64][]openParts, len(facts.parts))
	for _, p := range facts.parts {
		parts[p.ChildID] = append(parts[p.ChildID], p)
	}
	for _, one := range facts.marking {
		if one.Again {
			j.seconds[one.ChildID] = append(j.seconds[one.ChildID], one)
		} else {
			j.handed[one.PEPID] = one
		}
	}
	for _, c := range facts.children() {
		j.child(c, places[c.ChildID], parts[c.ChildID])
	}
	for _, r := range facts.requests {
		j.request(r)
	}
	for _, one := range facts.owed {
		j.evidence(one)
	}
	j.suspensions(facts.suspended)
	for _, one := range facts.reduced {
		j.reduced(one)
	}
	for _, one := range facts.provided {
		j.checkProvision(one)
	}
	j.invitations(facts)
	if facts.one == nil {
		j.missingMarks(facts)
		j.calendar()
	}
	sortDuties(j.duties)
	return j.duties
}

// whyFor adds whom a duty waits for, for those who only look after it.
func (d Duty) whyFor(actor access.Actor) string {
	whom := d.WaitsFor(actor)
	switch {
	case whom == "":
		return d.Why
	case d.Why == "":
		return "Waits for " + whom
	}
	return d.Why + ", waits for " + whom
}

// WaitsFor is whom a duty waits for when that is not the actor, "the school"; empty when it is.
func (d Duty) WaitsFor(actor access.Actor) string {
	if d.Owner == actor.Role || d.person != 0 {
		return ""
	}
	return map[access.Role]string{access.School: "the school", access.SocialWorker: "the social worker", access.Advisor: "the advisor"}[d.Owner]
}

// hrefFor is the page where it is done, or for those who do not do it the page that shows how it stands.
func (d Duty) hrefFor(actor access.Actor) string {
	switch {
	case d.Kind == StartPEP && !access.Can(actor, access.StartPEP):
		return childPage(d.ChildID, "/peps")
	case d.Kind == WritePEP && d.Owner != actor.Role:
		return strings.TrimSuffix(d.Href, "/mine")
	case d.Kind == ReviewReduced && !access.Can(actor, access.RecordTimetable):
		return childPage(d.ChildID, "/timetables")
	case d.Kind == CheckProvision && !access.Can(actor, access.RecordProvision):
		return childPage(d.ChildID, "/provision")
	}
	return d.Href
}

func (j *judge) child(c pep.FactsRow, p place, parts []openParts) {
	base := Duty{ChildID: c.ChildID, Child: child.DisplayName(c.PreferredName, c.Forename, c.Surname, c.LAChildID), School: c.School, Advisor: c.AdvisorID}
	j.peps(base, c, p, parts)
	j.wishes(base, c, p)
	for _, one := range j.seconds[c.ChildID] {
		j.again(base, one)
	}
	j.schoolPlace(base, c, p)
	if p.SchoolStatus == string(setting.Closing) || p.SchoolStatus == string(setting.Closed) {
		j.closing(base, c, p)
	}
	if c.AdvisorID == 0 {
		d := base
		d.Rule, d.Kind, d.What, d.Href = "R49", NameAdvisor, "Name an education advisor", childPage(c.ChildID, "/people")
		d.Because = "Every child in care has a named education advisor in the Virtual School."
		d.Owner, d.owners = access.LeadAdvisor, []access.Role{access.LeadAdvisor, access.Head, access.Deputy, access.DataOfficer}
		j.add(d)
	}
	j.record(base, c, p)
}

// add keeps a duty, working out how late it is.
func (j *judge) add(d Duty) {
	if !d.Due.IsZero() && d.Due.Before(j.Today) {
		days, counted := j.late[d.Due]
		if !counted {
			days = j.working.Between(d.Due, j.Today)
			j.late[d.Due] = days
		}
		d.late, d.Overdue = true, days
	}
	j.duties = append(j.duties, d)
}

// closing is the task that a register file leaves: the register says that the school closes.
func (j *judge) closing(base Duty, c pep.FactsRow, p place) {
	d := base
	d.Kind, d.What, d.Why = SchoolCloses, "Plan a move: the school is to close", c.School
	if p.SchoolStatus == string(setting.Closed) {
		d.What = "Change the school: this one has closed"
	}
	d.Href = fmt.Sprintf("/schools/%d", c.SettingID)
	d.Because = "The national register of schools says so. It may name more than one successor, so no child is moved without a person."
	d.Owner, d.owners = access.Advisor, []access.Role{access.Advisor, access.SupportAdvisor, access.LeadAdvisor, access.DataOfficer}
	j.add(d)
}

// record is what the record of a child lacks.
func (j *judge) record(base Duty, c pep.FactsRow, p place) {
	d := base
	d.Href, d.Owner, d.owners = childPage(c.ChildID, "/edit"), access.DataOfficer, []access.Role{access.DataOfficer}
	if !p.Named {
		named := d
		named.Kind, named.What = MissingName, "Add the child's name"
		named.Because = "The children looked after return has no names: without one, nobody finds this child by name."
		j.add(named)
	}
	year := calendar.CurriculumYear(c.DateOfBirth, j.Today) + c.YearOffset
	switch {
	case p.UPNQuality == "none" && year >= 0 && year <= 11:
		d.Kind, d.What = MissingUPN, "Find the unique pupil number (UPN)"
		d.Because = "A UPN is given at the first school in England. Without it attainment and attendance cannot be matched to this child."
	case p.UPNQuality == "wrong_letter" || p.UPNQuality == "wrong_shape" || p.UPNQuality == "unknown_code":
		d.Kind, d.What = CorrectUPN, "Correct the unique pupil number (UPN)"
		d.Why = map[string]string{"wrong_letter": "Its letter does not fit its numbers", "wrong_shape": "It is not a letter and 12 numbers",
			"unknown_code": "A reason code stands in its place that the return does not know"}[p.UPNQuality]
		d.Because = "The first letter of a UPN is worked out from its numbers, so a slip of the finger shows."
	default:
		return
	}
	j.add(d)
}

// request is a request for money that waits for a decision, or for its asker.
func (j *judge) request(r request) {
	d := Duty{ChildID: r.ChildID, Child: child.DisplayName(r.PreferredName, r.Forename, r.Surname, r.LAChildID), School: r.School,
		Href: fmt.Sprintf("/children/%d/premium/%d", r.ChildID, r.ID)}
	asked := calendar.Of(r.AskedAt)
	switch r.State {
	case "asked":
		d.Href += "/decision"
		d.Kind, d.What = DecideRequest, "Decide on "+r.Amount.String()+" of Pupil Premium Plus"
		d.Since = asked
		d.Why = fmt.Sprintf("%s, asked by %s", r.Category.Name(), r.AskedByName)
		d.Because = "The Virtual School Head manages Pupil Premium Plus (conditions of grant). Nobody decides on what they asked for themselves."
		d.Owner, d.owners, d.not = access.Deputy, []access.Role{access.Deputy, access.Head}, []int64{r.AskedBy}
		if limit := j.Values.PremiumDeputyLimit(); limit > 0 && r.Amount > limit {
			d.Rule, d.Owner, d.owners = "R36", access.Head, []access.Role{access.Head}
			d.Because += " More than " + limit.String() + " is for the Head."
		}
	default:
		d.Href += "/change"
		d.Kind, d.What, d.Why = ReturnedAsk, "Answer the question on your request for "+r.Amount.String(), "“"+clip(r.Reason, 120)+"”"
		d.Because = "The request was returned with a question. Change it or withdraw it."
		d.person = r.AskedBy
		if r.AskerLeft { // whoever has the post now answers
			d.What, d.person, d.Owner = "Answer the question on the request for "+r.Amount.String(), 0, access.Advisor
			d.Why += ", to " + r.AskedByName + ", who no longer works with the child"
			if r.AskedByRole == access.School {
				d.Owner = access.School
			}
			d.owners = []access.Role{d.Owner}
		}
	}
	j.add(d)
}

// calendar is what the calendar lacks to work out other duties.
func (j *judge) calendar() {
	leaders := []access.Role{access.Head, access.Deputy}
	now, next := j.plans.TermAt(j.Today)
	if now.Starts.IsZero() || now.Ends.Before(j.Today) && next.Starts.IsZero() {
		j.add(Duty{Kind: MissingTerms, What: "Enter the term dates", Href: "/admin/calendars", Owner: access.Head, owners: leaders,
			Why: "Termly reviews are due by dates in the term", Because: "A PEP is reviewed every term. Without term dates no review becomes due."})
	}
	if holidays := j.Calendar.Holidays(); !slices.ContainsFunc(holidays, func(h calendar.Holiday) bool { return h.Date.Year >= j.Today.Year }) {
		j.add(Duty{Kind: MissingHoliday, What: "Load the bank holidays of this year", Href: "/admin/calendars", Owner: access.Head, owners: leaders,
			Why: "They are computed until then", Because: "Working days are counted around bank holidays. A special bank holiday is known only from the published list."})
	}
}

func childPage(childID int64, page string) string {
	return fmt.Sprintf("/children/%d%s", childID, page)
}

// day is "Wednesday 14 October", with the year when it is not this one.
func (j *judge) day(d calendar.Date) string { return d.Weekday().String() + " " + j.shortDay(d) }

func (j *judge) shortDay(d calendar.Date) string {
	if d.Year == j.Today.Year {
		return fmt.Sprintf("%d %s", d.Day, d.Month)
	}
	return d.Words()
}

func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

func clip(text string, most int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return strings.TrimSpace(string(runes[:most])) + "…"
}

// Plans are the council's calendar and deadlines as the rules of plans take them.
type Plans struct {
	Calendar  pep.Calendar
	Deadlines pep.Deadlines
}

// PlanRules gives what package pep reckons with, for pages that show how a plan stands.
func PlanRules(rules Rules) Plans {
	j := newJudge(rules)
	return Plans{Calendar: j.plans, Deadlines: j.deadlines}
}
