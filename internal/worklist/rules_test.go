package worklist

import (
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/setting"
)

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func rulesOn(t *testing.T, today string) Rules {
	t.Helper()
	forms, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	term := func(name, starts, ends, cutOff string) setting.Term {
		return setting.Term{Term: calendar.Term{AcademicYear: 2026, Name: name, Starts: day(starts), Ends: day(ends)}, CutOff: day(cutOff)}
	}
	return Rules{Today: day(today), Forms: forms, Calendar: setting.NewCalendar([]setting.Term{
		term("autumn", "2026-09-02", "2026-12-18", "2026-12-04"), term("spring", "2027-01-05", "2027-03-25", "2027-03-12"), term("summer", "2027-04-12", "2027-07-20", "2027-07-02"),
	}, nil, []calendar.Holiday{{Date: day("2026-12-25"), Name: "Christmas Day"}})}
}

var (
	teacher = access.Actor{ID: 21, Role: access.School}
	worker  = access.Actor{ID: 22, Role: access.SocialWorker}
	advisor = access.Actor{ID: 23, Role: access.Advisor}
	head    = access.Actor{ID: 24, Role: access.Head}
	deputy  = access.Actor{ID: 25, Role: access.Deputy}
	lead    = access.Actor{ID: 26, Role: access.LeadAdvisor}
	officer = access.Actor{ID: 27, Role: access.DataOfficer}
	support = access.Actor{ID: 28, Role: access.SupportAdvisor}
	iro     = access.Actor{ID: 29, Role: access.ReviewingOfficer}
	people  = []access.Actor{head, deputy, lead, advisor, support, officer, worker, iro, teacher}
)

// maya is in Year 6, at Oak since last year, with an advisor, a UPN and last term's plan signed off.
func maya() (pep.FactsRow, place) {
	return pep.FactsRow{ChildID: 7, Forename: "Maya", Surname: "Okafor", LAChildID: "L7", DateOfBirth: day("2016-01-05"),
			InCareSince: day("2025-03-03"), SettingID: 4, School: "Oak", SchoolSince: day("2025-09-01"), AdvisorID: 23, Advisor: "Ann",
			Plans: []pep.PlanDates{{ID: 70, Kind: pep.Termly, AcademicYear: 2026, Term: "autumn", State: pep.SignedOff, StartedOn: day("2026-09-20"), MeetingOn: day("2026-10-05"), Held: true}}},
		place{ChildID: 7, UPNQuality: "valid", Named: true, SchoolStatus: "open"}
}

func facts(c pep.FactsRow, p place, parts ...openParts) Facts {
	return Facts{Children: []pep.FactsRow{c}, places: []place{p}, parts: parts}
}

// saw is which roles see a duty of a kind.
func saw(f Facts, rules Rules, kind Kind) string {
	var roles []string
	for _, person := range people {
		if Count(Duties(f, rules, person), kind) > 0 {
			roles = append(roles, string(person.Role))
		}
	}
	return strings.Join(roles, " ")
}

func only(t *testing.T, f Facts, rules Rules, actor access.Actor, kind Kind) Duty {
	t.Helper()
	for _, d := range Duties(f, rules, actor) {
		if d.Kind == kind {
			return d
		}
	}
	t.Fatalf("no %s for %s: %+v", kind, actor.Role, Duties(f, rules, actor))
	return Duty{}
}

func TestNothingIsAskedWhereAllIsDone(t *testing.T) {
	t.Parallel()
	c, p := maya()
	for _, person := range people {
		for _, d := range Duties(facts(c, p), rulesOn(t, "2026-10-12"), person) {
			if d.When(day("2026-10-12")) != Later {
				t.Errorf("%s: %s, %s", person.Role, d.What, d.Words)
			}
		}
	}
}

func TestTheFirstPlan(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.InCareSince, c.Plans = day("2026-12-14"), nil
	rules := rulesOn(t, "2026-12-16")
	d := only(t, facts(c, p), rules, worker, StartPEP)
	// R6: in care Monday 14 December 2026, so by Wednesday 30 December 2026.
	if d.Rule != "R6" || d.Due != day("2026-12-30") || d.Late() || d.What != "Start the first PEP" || d.Href != "/children/7/peps/new" {
		t.Errorf("%+v", d)
	}
	if d.Words != "due Wednesday 30 December: in care since 14 December, 10 working days" {
		t.Error(d.Words)
	}
	if !strings.Contains(d.Because, "within 10 working days") || !strings.Contains(d.Because, "Where this comes from: ") || d.Why != "" {
		t.Errorf("%q %q", d.Because, d.Why)
	}
	if why := only(t, facts(c, p), rules, advisor, StartPEP).Why; why != "Waits for the social worker" {
		t.Errorf("the advisor reads %q", why)
	}
	if got := saw(facts(c, p), rules, StartPEP); got != "advisor support_advisor social_worker" {
		t.Errorf("in time it is seen by %s", got)
	}
	late := rulesOn(t, "2027-01-06")
	if href := only(t, facts(c, p), late, iro, StartPEP).Href; href != "/children/7/peps" {
		t.Errorf("a reviewing officer starts no plan, but is led to %s", href)
	}
	if got := saw(facts(c, p), late, StartPEP); got != "head deputy lead_advisor advisor support_advisor social_worker reviewing_officer" {
		t.Errorf("late it is seen by %s", got)
	}
	if d := only(t, facts(c, p), late, head, StartPEP); !d.Late() || d.Overdue != 4 || d.When(late.Today) != Overdue {
		t.Errorf("%d working days late; want 4 (31 December, 4, 5, 6 January)", d.Overdue)
	}
}

func TestTheTermlyReview(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.Plans[0].Term, c.Plans[0].AcademicYear, c.Plans[0].MeetingOn = "summer", 2025, day("2026-07-01")
	for today, want := range map[string]struct {
		due  string
		late bool
		who  string
	}{
		"2026-10-12": {"2026-11-01", false, "advisor support_advisor school"}, // R9: four months after 1 July come before the cut-off
		"2026-11-30": {"2026-11-01", true, "head deputy lead_advisor advisor support_advisor reviewing_officer school"},
	} {
		rules := rulesOn(t, today)
		d := only(t, facts(c, p), rules, teacher, StartPEP)
		if d.Rule != "R9" || d.Due != day(want.due) || d.Late() != want.late || d.What != "Start the autumn PEP" {
			t.Errorf("%s: %+v", today, d)
		}
		if got := saw(facts(c, p), rules, StartPEP); got != want.who {
			t.Errorf("%s: seen by %s; want %s", today, got, want.who)
		}
	}
}

func TestAPlanStartedLateIsThisTerms(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.Plans[0].Term, c.Plans[0].AcademicYear, c.Plans[0].MeetingOn = "spring", 2025, day("2026-03-13")
	if d := only(t, facts(c, p), rulesOn(t, "2026-11-23"), teacher, StartPEP); d.What != "Start the autumn PEP" || !d.Late() {
		t.Errorf("%+v", d)
	}
}

func TestAPlanOnItsWay(t *testing.T) {
	t.Parallel()
	today := "2026-11-23"
	for name, c := range map[string]struct {
		plan  pep.PlanDates
		kind  Kind
		who   string
		due   string
		what  string
		owner access.Role
	}{
		"no day yet":     {pep.PlanDates{State: pep.Draft}, HoldMeeting, "advisor support_advisor social_worker school", "2026-12-04", "Hold the meeting for the autumn PEP", access.School},
		"planned soon":   {pep.PlanDates{State: pep.Draft, MeetingOn: day("2026-12-01")}, Meeting, "advisor support_advisor social_worker school", "2026-12-01", "Hold the meeting for the autumn PEP", access.School},
		"day went by":    {pep.PlanDates{State: pep.Draft, MeetingOn: day("2026-11-16")}, HoldMeeting, "advisor support_advisor social_worker school", "2026-12-04", "Hold the meeting for the autumn PEP", access.School},
		"held":           {pep.PlanDates{State: pep.Draft, MeetingOn: day("2026-11-19"), Held: true}, FinishPEP, "advisor support_advisor school", "2026-11-26", "Write up and submit the autumn PEP", access.School},
		"held long ago":  {pep.PlanDates{State: pep.Draft, MeetingOn: day("2026-11-09"), Held: true}, FinishPEP, "head deputy lead_advisor advisor support_advisor reviewing_officer school", "2026-11-16", "Write up and submit the autumn PEP", access.School},
		"submitted":      {pep.PlanDates{State: pep.Submitted, MeetingOn: day("2026-11-19"), Held: true, SubmittedOn: day("2026-11-20")}, SignOffPEP, "advisor", "2026-11-26", "Sign off or return the autumn PEP", access.Advisor},
		"submitted late": {pep.PlanDates{State: pep.Submitted, MeetingOn: day("2026-11-09"), Held: true, SubmittedOn: day("2026-11-20")}, SignOffPEP, "head deputy lead_advisor advisor", "2026-11-16", "Sign off or return the autumn PEP", access.Advisor},
		"returned":       {pep.PlanDates{State: pep.Returned, MeetingOn: day("2026-11-19"), Held: true}, CorrectPEP, "advisor support_advisor school", "2026-11-26", "Correct the autumn PEP and submit it again", access.School},
	} {
		child, p := maya()
		child.Plans[0].Term, child.Plans[0].AcademicYear, child.Plans[0].MeetingOn = "summer", 2025, day("2026-08-20")
		c.plan.ID, c.plan.Kind, c.plan.Term, c.plan.AcademicYear, c.plan.StartedOn = 71, pep.Termly, "autumn", 2026, day("2026-11-01")
		child.Plans = append([]pep.PlanDates{c.plan}, child.Plans...)
		rules := rulesOn(t, today)
		if got := saw(facts(child, p), rules, c.kind); got != c.who {
			t.Errorf("%s: seen by %q; want %q", name, got, c.who)
			continue
		}
		d := only(t, facts(child, p), rules, advisor, c.kind)
		if d.Due != day(c.due) || d.What != c.what || d.Owner != c.owner || d.Href != "/children/7/peps/71" {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestWhatIsOverdueAndWaitsForOthersIsToChase(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.Plans[0].Term, c.Plans[0].AcademicYear, c.Plans[0].MeetingOn = "summer", 2025, day("2026-07-01")
	chase := func(d Duty) string {
		var roles []string
		for _, person := range people {
			if d.ToChase(person) {
				roles = append(roles, string(person.Role))
			}
		}
		return strings.Join(roles, " ")
	}
	if got := chase(only(t, facts(c, p), rulesOn(t, "2026-10-12"), advisor, StartPEP)); got != "" {
		t.Errorf("not overdue, and chased by %s", got)
	}
	late := only(t, facts(c, p), rulesOn(t, "2026-11-30"), advisor, StartPEP)
	if got := chase(late); got != "head deputy lead_advisor advisor support_advisor data_officer social_worker reviewing_officer" {
		t.Errorf("the school's, chased by %s", got)
	}
	c.AdvisorID = 0
	c.Plans[0].State, c.Plans[0].MeetingOn, c.Plans[0].SubmittedOn = pep.Submitted, day("2026-10-08"), day("2026-10-09")
	if d := only(t, facts(c, p), rulesOn(t, "2026-11-30"), head, SignOffPEP); !d.Late() || d.ToChase(head) || d.ToChase(lead) || d.Why != "Submitted 9 October 2026" {
		t.Errorf("without an advisor there is nobody to chase: %+v", d)
	}
}

func TestWithoutAnAdvisorTheLeadersSignOff(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.AdvisorID = 0
	c.Plans[0].State, c.Plans[0].MeetingOn, c.Plans[0].SubmittedOn = pep.Submitted, day("2026-10-08"), day("2026-10-09")
	rules := rulesOn(t, "2026-10-12")
	if got := saw(facts(c, p), rules, SignOffPEP); got != "head deputy lead_advisor" {
		t.Errorf("seen by %s", got)
	}
	if got := saw(facts(c, p), rules, NameAdvisor); got != "head deputy lead_advisor data_officer" {
		t.Errorf("R49 is seen by %s", got)
	}
	if d := only(t, facts(c, p), rules, lead, NameAdvisor); d.Rule != "R49" || d.Href != "/children/7/people" || d.When(rules.Today) != ThisWeek {
		t.Errorf("%+v", d)
	}
}

func TestPartsWaitForWhoWritesThem(t *testing.T) {
	t.Parallel()
	rules := rulesOn(t, "2026-11-23")
	form, known := rules.Forms.NewestOf("primary")
	if !known {
		t.Fatal("no form for primary schools")
	}
	var sections []string
	for _, section := range form.Sections {
		sections = append(sections, section.Key)
	}
	c, p := maya()
	c.Plans = []pep.PlanDates{{ID: 71, Kind: pep.Termly, AcademicYear: 2026, Term: "autumn", State: pep.Draft, StartedOn: day("2026-11-02"), MeetingOn: day("2026-11-30")},
		{ID: 70, Kind: pep.Termly, AcademicYear: 2025, Term: "summer", State: pep.SignedOff, MeetingOn: day("2026-08-20"), Held: true}}
	open := openParts{PEPID: 71, ChildID: 7, Form: form.Name, FormVersion: form.Version, HasSchool: true, MeetingOn: day("2026-11-30"), Parts: append(sections, "voice", "meeting")}
	if got := saw(facts(c, p, open), rules, WritePEP); got != "social_worker school" {
		t.Fatalf("seen by %s", got)
	}
	theirs, schools := only(t, facts(c, p, open), rules, worker, WritePEP), only(t, facts(c, p, open), rules, teacher, WritePEP)
	if theirs.Why == schools.Why || theirs.Due != day("2026-11-30") || !strings.Contains(theirs.Words, "the day of the meeting") {
		t.Errorf("social worker %q, school %q, %s", theirs.Why, schools.Why, theirs.Words)
	}
	late := c
	late.Plans = slices.Clone(c.Plans)
	late.Plans[1].MeetingOn = day("2026-05-04") // four months later is long past, but the meeting is to come
	if d := only(t, facts(late, p, open), rules, teacher, WritePEP); d.Late() || d.Due != day("2026-11-30") {
		t.Errorf("a part is late before its meeting: %+v", d)
	}
	open.MeetingOn = calendar.Date{}
	if got := saw(facts(late, p, open), rules, WritePEP); got != "social_worker school" {
		t.Errorf("a late part is written by who writes it, not seen by %s", got)
	}
	open.MeetingOn, open.Parts = day("2026-11-30"), []string{"voice", "meeting"}
	if got := saw(facts(c, p, open), rules, WritePEP); got != "" {
		t.Errorf("with every section complete it still waits for %s", got)
	}
	open.HasSchool, open.Parts = false, sections
	if waits := only(t, facts(c, p, open), rules, worker, WritePEP); len(waits.Why) <= len(theirs.Why) {
		t.Errorf("without a school the social worker writes more than %q, not %q", theirs.Why, waits.Why)
	}
}

func TestTheClockOfAChildWithoutASchool(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.SettingID, c.School, c.SchoolSince = 0, "", calendar.Date{}
	p.SchoolStatus, p.LastRollEnded = "", day("2026-11-05")
	rules := rulesOn(t, "2026-11-23")
	d := only(t, facts(c, p), rules, advisor, FindSchool)
	if d.Rule != "R16" || d.Due != day("2026-11-19") || !d.Late() || d.Why != "No school place for 12 school days" || d.Href != "/children/7/school-place" {
		t.Errorf("%+v", d)
	}
	p.Task = &placeTask{day("2026-11-06"), "Ring admissions", day("2026-11-20"), "support_advisor"}
	asked := ofKind(Duties(facts(c, p), rules, access.Actor{ID: 9, Role: access.SupportAdvisor}), FindSchool)
	if len(asked) != 2 || !strings.Contains(asked[0].Why, "Next, by 20 November: Ring admissions") || asked[1].What != "Next step to a school place: Ring admissions" || asked[1].Due != day("2026-11-20") {
		t.Errorf("with a task: %+v", asked)
	}
	if d := only(t, facts(c, p), rules, worker, FindSchool); d.What != "Find a school place" {
		t.Errorf("the task is another's: %+v", d)
	}
	p.Task.NextBy = "admissions" // not ours: the advisor asks after it
	if theirs := ofKind(Duties(facts(c, p), rules, advisor), FindSchool); len(theirs) != 2 || theirs[1].Why != "The council’s admissions team" {
		t.Errorf("with a task of others: %+v", theirs)
	}
	p.Task.OpenedOn = day("2026-09-01") // of an earlier search
	if d := only(t, facts(c, p), rules, advisor, FindSchool); d.Why != "No school place for 12 school days" {
		t.Errorf("with an old task: %+v", d)
	}
	p.Task = nil
	if got := saw(facts(c, p), rules, FindSchool); got != "head deputy lead_advisor advisor support_advisor social_worker reviewing_officer" {
		t.Errorf("late it is seen by %s", got)
	}
	p.LastRollEnded = calendar.Date{} // never on a roll: since coming into care
	c.InCareSince = day("2026-11-16")
	if d := only(t, facts(c, p), rules, advisor, FindSchool); d.Due != day("2026-11-30") || d.Late() {
		t.Errorf("%+v", d)
	}
	c.InCareSince = day("2025-03-03") // before the term dates that are entered
	if d := only(t, facts(c, p), rules, head, FindSchool); d.Due != day("2026-09-16") || !d.Late() || !strings.Contains(d.Words, "at the latest") {
		t.Errorf("%+v", d)
	}
	c.InCareSince = day("2026-11-16")
	rules.Calendar = setting.Calendar{}
	if d := only(t, facts(c, p), rules, advisor, FindSchool); !d.Due.IsZero() || !strings.Contains(d.Words, "term dates") {
		t.Errorf("without term dates a day was made up: %+v", d)
	}
	for name, change := range map[string]func(*pep.FactsRow, *place){
		"three years old":            func(c *pep.FactsRow, _ *place) { c.DateOfBirth = day("2023-06-01") },
		"seventeen, never on a roll": func(c *pep.FactsRow, _ *place) { c.DateOfBirth = day("2009-10-01") },
	} {
		young, at := c, p
		change(&young, &at)
		if got := saw(facts(young, at), rulesOn(t, "2026-11-23"), FindSchool); got != "" {
			t.Errorf("%s: seen by %s", name, got)
		}
	}
}

func TestWhatTheRecordLacks(t *testing.T) {
	t.Parallel()
	c, p := maya()
	c.Forename, c.Surname, p.Named, p.UPNQuality = "", "", false, "none"
	rules := rulesOn(t, "2026-10-12")
	if got := saw(facts(c, p), rules, MissingName) + "|" + saw(facts(c, p), rules, MissingUPN); got != "data_officer|data_officer" {
		t.Error(got)
	}
	if d := only(t, facts(c, p), rules, officer, MissingName); d.Child != "Child L7" {
		t.Errorf("shown as %q", d.Child)
	}
	for quality, want := range map[string]Kind{"wrong_letter": CorrectUPN, "wrong_shape": CorrectUPN, "unknown_code": CorrectUPN} {
		p.UPNQuality = quality
		if d := only(t, facts(c, p), rules, officer, want); d.Why == "" {
			t.Errorf("%s: %+v", quality, d)
		}
	}
	c.DateOfBirth, p.UPNQuality = day("2023-06-01"), "none"
	if got := saw(facts(c, p), rules, MissingUPN); got != "" {
		t.Error("a child of three has no UPN yet")
	}
}

func TestASchoolThatCloses(t *testing.T) {
	t.Parallel()
	c, p := maya()
	p.SchoolStatus = "closing"
	if got := saw(facts(c, p), rulesOn(t, "2026-10-12"), SchoolCloses); got != "lead_advisor advisor support_advisor data_officer" {
		t.Error(got)
	}
	if d := only(t, facts(c, p), rulesOn(t, "2026-10-12"), advisor, SchoolCloses); d.Href != "/schools/4" || d.Why != "Oak" {
		t.Errorf("%+v", d)
	}
}

func TestRequestsForMoney(t *testing.T) {
	t.Parallel()
	rules := rulesOn(t, "2026-10-12")
	ask := request{ID: 3, ChildID: 7, Forename: "Maya", State: "asked", Category: "literacy", Amount: money.Pounds(450), AskedBy: teacher.ID, AskedByName: "Ms T", AskedAt: time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)}
	see := func(r request, kind Kind) string { return saw(Facts{requests: []request{r}}, rules, kind) }
	if got := see(ask, DecideRequest); got != "head deputy" {
		t.Errorf("seen by %s", got)
	}
	own := ask
	own.AskedBy = deputy.ID
	if got := see(own, DecideRequest); got != "head" {
		t.Errorf("the deputy's own is decided by %s", got)
	}
	large := ask
	large.Amount = money.Pounds(1501)
	if got := see(large, DecideRequest); got != "head" {
		t.Errorf("more than a deputy may approve is seen by %s", got)
	}
	back := ask
	back.State, back.Reason = "returned", "Which  programme?"
	if got := see(back, ReturnedAsk); got != "school" {
		t.Errorf("a returned one is seen by %s", got)
	}
	if d := only(t, Facts{requests: []request{back}}, rules, teacher, ReturnedAsk); d.Why != "“Which programme?”" || d.Href != "/children/7/premium/3/change" {
		t.Errorf("%+v", d)
	}
}

func TestWithoutACalendarTheHeadIsTold(t *testing.T) {
	t.Parallel()
	rules := rulesOn(t, "2026-10-12")
	if got := saw(Facts{}, rules, MissingTerms) + saw(Facts{}, rules, MissingHoliday); got != "" {
		t.Errorf("all is entered, but asked of %s", got)
	}
	rules.Calendar = setting.Calendar{}
	if got := saw(Facts{}, rules, MissingTerms) + "|" + saw(Facts{}, rules, MissingHoliday); got != "head deputy|head deputy" {
		t.Error(got)
	}
}
