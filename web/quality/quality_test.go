package quality_test

import (
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// house is a child with a submitted plan, and those who grade it.
type house struct {
	*webtest.Site
	t                            testing.TB
	child                        int64
	advisor, lead, teacher, head access.Actor
	plan                         string
	ref                          pep.Ref
}

func open(t *testing.T, by access.Role) *house {
	t.Helper()
	h := &house{Site: webtest.New(t), t: t}
	school := h.Setting("Elm Primary")
	h.advisor, h.lead, h.head = h.Person(access.Advisor, "Ada Advisor"), h.Person(access.LeadAdvisor, "Lea Lead"), h.Person(access.Head, "Hal Head")
	h.teacher = h.Teacher("Tia Teacher", school)
	h.child = h.Child("Maya", "Okafor", "2017-03-02")
	h.OnRoll(h.child, school, "[2025-09-01,)")
	h.Allocate(h.child, "advisor", h.advisor, "[2026-01-01,)")
	who := h.teacher
	if by == access.Advisor {
		who = h.advisor
	}
	h.ref = h.written(calendar.Autumn, "2026-11-20", "2027-03-01")
	h.must(h.peps().Submit(t.Context(), who, h.ref, h.whole(h.ref).Plan.Version))
	h.plan = "/children/" + webtest.Number(h.child) + "/peps/" + webtest.Number(h.ref.PEPID)
	return h
}

func (h *house) peps() *pep.Service { return h.Options.Services.PEPs }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v %v", err, fault.Of(err))
	}
}

func (h *house) whole(ref pep.Ref) pep.Whole {
	h.t.Helper()
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, h.peps().Forms, ref)
	h.must(h.DB.View(h.t.Context(), access.System, &batch))
	return whole()
}

// written is a plan that lacks nothing.
func (h *house) written(term, meeting, next string) pep.Ref {
	h.t.Helper()
	s, ctx := h.peps(), h.t.Context()
	id, err := s.Start(ctx, h.advisor, pep.StartInput{ChildID: h.child, Kind: pep.Termly, AcademicYear: 2026, Term: term})
	h.must(err)
	ref := pep.Ref{ChildID: h.child, PEPID: id}
	day := calendar.MustParse
	part := func(p pep.Part) int { return h.whole(ref).Part(p).Version }
	whole := h.whole(ref)
	for _, section := range whole.Form.Sections {
		h.must(s.SaveSection(ctx, h.advisor, ref, pep.SectionInput{Section: section.Key, Version: part(pep.Part(section.Key)), Answers: formstest.Answers(section), Complete: true}))
	}
	h.must(s.SaveVoice(ctx, h.advisor, ref, part(pep.PartVoice), pep.Voice{Words: "I like <b>maths</b> now", How: "in_person", On: day(meeting), With: "Tia Teacher"}))
	h.must(s.SaveMeeting(ctx, h.advisor, ref, part(pep.PartMeeting), pep.Meeting{On: day(meeting), Held: true, Next: day(next), Attendees: []pep.Attendee{{Name: "Tia Teacher", Part: "designated_teacher", Present: true}}}))
	if whole.Last != nil {
		h.must(s.ReviewTargets(ctx, h.advisor, ref, part(pep.PartReviews), []pep.Review{{TargetID: whole.Last.Targets[0].ID, Outcome: "met"}}))
	}
	h.must(s.SaveTargets(ctx, h.advisor, ref, part(pep.PartTargets), []pep.Target{{Area: "literacy", What: "Read a chapter book", Measure: "One finished", Baseline: "Picture books", Owner: "Tia Teacher", Resource: "Books", DueOn: day(next)}}))
	h.must(s.SaveActions(ctx, h.advisor, ref, part(pep.PartActions), []pep.Action{{What: "Library card", Owner: "Pat Carer", DueOn: day(next)}}))
	return ref
}

// sheet is the form of a plan's rubric with everything marked the same, where that differs from the facts
// with a note.
func sheet(t *testing.T, page *webtest.Page, path, grade string) url.Values {
	t.Helper()
	form := page.Form(path)
	if len(form["criterion"]) < 10 {
		t.Fatalf("%d: a rubric of %d criteria: %s", page.Status, len(form["criterion"]), page.Says())
	}
	for _, key := range form["criterion"] {
		form.Set("grade-"+key, grade)
		form.Set("note-"+key, "Seen in the plan")
	}
	return form
}

func TestAPlanIsGradedWithoutScripts(t *testing.T) {
	t.Parallel()
	h := open(t, access.School)
	advisor := h.As(h.advisor)
	plan := advisor.Get(h.plan)
	if !strings.Contains(plan.Says(), "Grade the plan") || strings.Contains(plan.Says(), "Sign off without a grade") {
		t.Errorf("the plan does not lead to its rubric: %s", plan.Says())
	}
	if begun := advisor.Post(h.plan+"/quality/begin", plan.Form("/quality/begin")); begun.Status != 303 || begun.Location != h.plan+"/quality" || h.whole(h.ref).Plan.State != pep.InQA {
		t.Fatalf("begun: %d %s", begun.Status, begun.Location)
	}
	page := advisor.Get(h.plan + "/quality")
	for _, words := range []string{"Grade the plan", "Picked for quality assurance: new author: the 1st plan", "I like <b>maths</b> now", "Look at: The child’s own words",
		"Green by the facts: Own words, in person, with Tia Teacher.", "Amber by the facts: A target for literacy, none for numeracy.", "Not gradable yet", "Left out, as it does not apply"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("not on the page: %s", words)
		}
	}
	if chosen := page.Find(`input[name=grade-voice][checked]`).AttrOr("value", ""); chosen != "green" || page.Find(`input[name=grade-heard][checked]`).Length() != 0 {
		t.Errorf("voice is marked %q before anybody marked", chosen)
	}
	form := sheet(t, page, "/quality", "green")
	form.Set("grade-heard", "red")
	form.Set("note-heard", "Nothing follows from what Maya said.")
	worked := advisor.Post(h.plan+"/quality", webtest.With(form, "act", "work_out"))
	if worked.Status != 200 || !strings.Contains(worked.Says(), "Red: 1 criterion is red (The plan answers the child)") || !strings.Contains(worked.Says(), "Record Red and return the plan") ||
		strings.TrimSpace(worked.Find("#reason").Text()) != "The plan answers the child: Nothing follows from what Maya said." {
		t.Errorf("worked out: %d %s, reason %q", worked.Status, worked.Says(), worked.Find("#reason").Text())
	}
	again := worked.Form("/quality")
	again.Set("grade-heard", "green") // and now the grade is another than the one that was shown
	if refused := advisor.Post(h.plan+"/quality", webtest.With(again, "act", "record")); refused.Status != 422 || !strings.Contains(strings.Join(refused.Errors(), ""), "Look at it, then record it") ||
		strings.TrimSpace(refused.Find("#note-heard").Text()) != "Nothing follows from what Maya said." {
		t.Errorf("recorded unseen: %d %v", refused.Status, refused.Errors())
	}
	if refused := advisor.Post(h.plan+"/quality", webtest.With(again, "act", "record", "shown", "green", "grade-ambition", "")); refused.Status != 422 || len(refused.Errors()) != 1 {
		t.Errorf("with a criterion unmarked: %d %v", refused.Status, refused.Errors())
	}
	final := worked.Form("/quality")
	final.Set("reason", "Maya asked for a quiet place: say where.")
	if done := advisor.Post(h.plan+"/quality", webtest.With(final, "act", "record")); done.Status != 303 || done.Location != h.plan {
		t.Fatalf("recorded: %d %v", done.Status, done.Errors())
	}
	if kept := h.whole(h.ref).Plan; kept.State != pep.Returned || kept.ReturnReason != "Maya asked for a quiet place: say where." {
		t.Errorf("%s: %q", kept.State, kept.ReturnReason)
	}
	read := advisor.Get(h.plan + "/quality")
	if !strings.Contains(read.Says(), "Graded by Ada Advisor") || !strings.Contains(read.Says(), "Nothing follows from what Maya said.") || read.Find("input[type=radio]").Length() != 0 {
		t.Errorf("how it was graded: %s", read.Says())
	}
	if page := h.As(h.teacher).Get(h.plan); !strings.Contains(page.Says(), "Returned to be corrected: Maya asked for a quiet place") || !strings.Contains(page.Says(), "1 criterion is red") {
		t.Errorf("the school reads: %s", page.Says())
	}
}

func TestTheScriptAsksTheSameRules(t *testing.T) {
	t.Parallel()
	h := open(t, access.School)
	advisor := h.As(h.advisor)
	form := sheet(t, advisor.Get(h.plan+"/quality"), "/quality", "amber")
	answer := advisor.Post("/quality/preview", form)
	if answer.Status != 200 || !strings.Contains(answer.Body, "100% of the weight is amber or worse") || answer.Find("#shown").AttrOr("value", "") != "amber" || answer.Find("html title").Length() != 0 {
		t.Errorf("%d %s", answer.Status, answer.Body)
	}
	form.Set("rubric", "nobodys")
	if answer := advisor.Post("/quality/preview", form); answer.Status != 404 {
		t.Errorf("a rubric that is not there: %d", answer.Status)
	}
	if looks := h.Text(`select count(*)::text from audit_look where screen = 'PEP quality'`); looks != "1" {
		t.Errorf("%s looks for one page: working out a grade is none", looks)
	}
}

func TestNobodyGradesTheirOwnPlan(t *testing.T) {
	t.Parallel()
	h := open(t, access.Advisor)
	advisor := h.As(h.advisor)
	page := advisor.Get(h.plan + "/quality")
	if page.Status != 200 || !strings.Contains(page.Says(), "You submitted this plan, so someone else grades it.") || page.Find("input[type=radio]").Length() != 0 {
		t.Errorf("%d %s", page.Status, page.Says())
	}
	form := sheet(t, h.As(h.lead).Get(h.plan+"/quality"), "/quality", "green")
	if refused := advisor.Post(h.plan+"/quality", webtest.With(form, "act", "record", "shown", "green")); refused.Status != 403 {
		t.Errorf("their own: %d", refused.Status)
	}
	if queue := advisor.Get("/quality"); !strings.Contains(queue.Says(), "You submitted it, so someone else grades it") {
		t.Errorf("the list says: %s", queue.Says())
	}
}

func TestWhoIsLateKeepsTheirMarks(t *testing.T) {
	t.Parallel()
	h := open(t, access.School)
	form := sheet(t, h.As(h.advisor).Get(h.plan+"/quality"), "/quality", "green")
	mine := sheet(t, h.As(h.lead).Get(h.plan+"/quality"), "/quality", "amber")
	if first := h.As(h.advisor).Post(h.plan+"/quality", webtest.With(form, "act", "record", "shown", "green")); first.Status != 303 {
		t.Fatalf("first: %d %v", first.Status, first.Errors())
	}
	late := h.As(h.lead).Post(h.plan+"/quality", webtest.With(mine, "act", "record", "shown", "amber", "note-heard", "My own words about it"))
	if late.Status != 409 || !strings.Contains(late.Says(), "Not recorded.") || !strings.Contains(late.Find("#note-heard").Text(), "My own words about it") {
		t.Errorf("late: %d %s", late.Status, late.Says())
	}
}

func TestTheSecondMarkerSeesNoGradeOnAnyPage(t *testing.T) {
	t.Parallel()
	h := open(t, access.School)
	h.must(policy.Set(t.Context(), h.DB, access.System, policy.PEPQualitySecondPercent, 100, calendar.MustParse("2026-01-01"), "test"))
	const secret = "A word that only the first marker knows"
	form := sheet(t, h.As(h.advisor).Get(h.plan+"/quality"), "/quality", "amber")
	if done := h.As(h.advisor).Post(h.plan+"/quality", webtest.With(form, "act", "record", "shown", "amber", "note-heard", secret)); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	lead := h.As(h.lead)
	child := "/children/" + webtest.Number(h.child)
	for _, path := range []string{h.plan, h.plan + "/quality", h.plan + "/quality/second", h.plan + "/print", child, child + "/peps", child + "/access", "/quality", "/quality/grades", "/quality/agreement", "/quality/waiting", "/peps", "/"} {
		page := lead.Get(path)
		if page.Status != 200 || strings.Contains(page.Body, secret) || strings.Contains(page.Says(), "100% of the weight") || strings.Contains(page.Says(), "Graded by") {
			t.Errorf("%s: %d gives the first grade away", path, page.Status)
		}
	}
	if queue := lead.Get("/quality"); !strings.Contains(queue.Says(), "To be marked a second time") {
		t.Errorf("the queue: %s", queue.Says())
	}
	if refused := h.As(h.advisor).Get(h.plan + "/quality/second"); refused.Find("input[type=radio]").Length() != 0 {
		t.Error("the first marker is asked a second time")
	}
	marks := sheet(t, lead.Get(h.plan+"/quality/second"), "/second", "green")
	if done := lead.Post(h.plan+"/quality/second", webtest.With(marks, "act", "record", "shown", "green")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	both := lead.Get(h.plan + "/quality")
	if !strings.Contains(both.Says(), "The two markers differ: Amber by Ada Advisor, Green by Lea Lead.") || !strings.Contains(both.Says(), secret) || !strings.Contains(both.Says(), "Marked a second time by Lea Lead") {
		t.Errorf("after both: %s", both.Says())
	}
	if refused := lead.Post(h.plan+"/quality/settle", webtest.With(both.Form("/settle"), "words", "We talked")); refused.Status != 422 || !strings.Contains(refused.Find("#words").Text(), "We talked") {
		t.Errorf("agreed on no grade: %d", refused.Status)
	}
	if done := lead.Post(h.plan+"/quality/settle", webtest.With(both.Form("/settle"), "grade", "green", "words", "We talked")); done.Status != 303 {
		t.Errorf("agreed: %d %v", done.Status, done.Errors())
	}
	for path, words := range map[string]string{"/quality/agreement": "1 plan marked by two people, 0 with the same grade: 0%.", "/quality/grades": "Autumn 2026/27", "/quality/waiting": "Half of the plans were signed off within 0 working days"} {
		if page := lead.Get(path); !strings.Contains(page.Says(), words) {
			t.Errorf("%s does not say %q: %s", path, words, page.Says())
		}
	}
	if page := h.As(h.teacher).Get("/quality"); page.Status != 403 {
		t.Errorf("a school: %d", page.Status)
	}
}

func TestWhatWasNotedIsDealtWithInTheNextPlan(t *testing.T) {
	t.Parallel()
	h := open(t, access.School)
	form := sheet(t, h.As(h.advisor).Get(h.plan+"/quality"), "/quality", "green")
	if done := h.As(h.advisor).Post(h.plan+"/quality", webtest.With(form, "act", "record", "shown", "green", "grade-heard", "amber", "note-heard", "Say what came of it")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	moment := time.Date(2027, 1, 20, 10, 0, 0, 0, time.UTC)
	later := h.DB.At(func() time.Time { return moment })
	plans := *h.peps()
	plans.DB = later
	id, err := plans.Start(t.Context(), h.advisor, pep.StartInput{ChildID: h.child, Kind: pep.Termly, AcademicYear: 2026, Term: calendar.Spring})
	h.must(err)
	next := "/children/" + webtest.Number(h.child) + "/peps/" + webtest.Number(id)
	teacher := h.As(h.teacher)
	for _, path := range []string{next, next + "/voice", next + "/quality/follow-ups"} {
		if page := teacher.Get(path); page.Status != 200 || !strings.Contains(page.Says(), "Say what came of it") {
			t.Errorf("%s: %d %s", path, page.Status, page.Says())
		}
	}
	if page := teacher.Get(next + "/targets"); strings.Contains(page.Says(), "Say what came of it") {
		t.Error("a note stands beside a part that it does not concern")
	}
	empty := teacher.Get(next + "/quality/follow-ups").Form("/follow-ups")
	if refused := teacher.Post(next+"/quality/follow-ups", empty); refused.Status != 422 {
		t.Errorf("nothing said: %d", refused.Status)
	}
	for name := range empty {
		if strings.HasPrefix(name, "words-") {
			long := teacher.Post(next+"/quality/follow-ups", webtest.With(empty, name, strings.Repeat("x", quality.NoteMax+1)))
			if long.Status != 422 || len(long.Find("textarea").Text()) < quality.NoteMax {
				t.Errorf("too long: %d", long.Status)
			}
			if done := teacher.Post(next+"/quality/follow-ups", webtest.With(empty, name, "A corner in the library")); done.Status != 303 {
				t.Errorf("%d %v", done.Status, done.Errors())
			}
		}
	}
	if page := teacher.Get(next); !strings.Contains(page.Says(), "Dealt with by Tia Teacher: A corner in the library") || !strings.Contains(page.Says(), "Everything from last time is dealt with.") {
		t.Errorf("%s", page.Says())
	}
}

func TestWhatThePagesCost(t *testing.T) {
	t.Parallel()
	h := open(t, access.School)
	for path, most := range map[string]int{h.plan + "/quality": 8, "/quality": 5, "/quality/grades": 3, "/quality/agreement": 1, "/quality/waiting": 3} {
		cost := h.CostOf(h.As(h.advisor), path)
		if own := cost.Own(); len(own) > most {
			t.Errorf("%s: %d trips, %d statements of its own", path, cost.Trips, len(own))
		}
	}
}
