package quality_test

import (
	"os"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// house is a council with a school, its teacher, a child there and those who work with the child.
type house struct {
	*pgtest.Facts
	t       testing.TB
	db      *postgres.DB
	peps    *pep.Service
	service *quality.Service
	school  int64
	child   int64

	head, deputy, lead, advisor, cover, other access.Actor // other works with no child here
	teacher, worker                           access.Actor
}

func open(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, db: pgtest.Open(t)}
	h.Facts = pgtest.NewFacts(t, h.db)
	h.peps = &pep.Service{Forms: builtinForms(t), Authority: "332"}
	h.service = &quality.Service{PEPs: h.peps, Rubrics: builtin(t)}
	h.peps.Gate = h.service
	h.at("2026-11-23")
	h.head, h.deputy, h.lead = h.Person(access.Head, "Hal Head"), h.Person(access.Deputy, "Dee Deputy"), h.Person(access.LeadAdvisor, "Lea Lead")
	h.advisor, h.cover, h.other = h.Person(access.Advisor, "Ada Advisor"), h.Person(access.Advisor, "Cy Cover"), h.Person(access.Advisor, "Ola Other")
	h.worker = h.Person(access.SocialWorker, "Sam Worker")
	h.school = h.Setting("Elm Primary")
	h.teacher = h.Teacher("Tia Teacher", h.school)
	h.Term(2026, "autumn", "2026-09-01", "2026-12-18", "2026-12-04")
	h.Term(2026, "spring", "2027-01-04", "2027-03-25", "2027-03-12")
	h.child = h.pupil("Ari")
	// Nothing is drawn, so that a test says what is picked.
	h.rule(policy.PEPQualitySamplePercent, 0)
	h.rule(policy.PEPQualityNewAuthorPlans, 0)
	h.rule(policy.PEPQualitySecondPercent, 0)
	return h
}

// pupil is a child at the school with everyone around them.
func (h *house) pupil(name string) int64 {
	id := h.Child(name, "Test", "2016-05-14")
	h.OnRoll(id, h.school, "[2025-09-01,)")
	for part, who := range map[string]access.Actor{"advisor": h.advisor, "social_worker": h.worker} {
		h.Allocate(id, part, who, "[2026-01-01,)")
	}
	h.Allocate(id, "cover", h.cover, "[2026-01-01,2027-08-31)")
	return id
}

func (h *house) rule(key policy.Key, value any) {
	h.t.Helper()
	if err := policy.Set(h.t.Context(), h.db, access.System, key, value, day("2026-01-01"), "test"); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) at(iso string) {
	moment := day(iso).Start().Add(10 * time.Hour)
	h.db = h.db.At(func() time.Time { return moment })
	h.peps.DB, h.service.DB = h.db, h.db
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v %v", err, fault.Of(err))
	}
}

func (h *house) whole(ref pep.Ref) pep.Whole {
	h.t.Helper()
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, h.peps.Forms, ref)
	h.must(h.db.View(h.t.Context(), access.System, &batch))
	return whole()
}

func (h *house) version(ref pep.Ref) int { return h.whole(ref).Plan.Version }

// write is a plan that lacks nothing, ready to be submitted.
func (h *house) write(child int64, term, meeting, next string) pep.Ref {
	h.t.Helper()
	id, err := h.peps.Start(h.t.Context(), h.worker, pep.StartInput{ChildID: child, Kind: pep.Termly, AcademicYear: 2026, Term: term})
	h.must(err)
	ref := pep.Ref{ChildID: child, PEPID: id}
	ctx, whole := h.t.Context(), h.whole(ref)
	part := func(p pep.Part) int { return h.whole(ref).Part(p).Version }
	for _, section := range whole.Form.Sections {
		by := h.teacher
		if section.Owners[0] == forms.OwnedBySocialWorker {
			by = h.worker
		}
		h.must(h.peps.SaveSection(ctx, by, ref, pep.SectionInput{Section: section.Key, Version: part(pep.Part(section.Key)), Answers: formstest.Answers(section), Complete: true}))
	}
	h.must(h.peps.SaveVoice(ctx, h.teacher, ref, part(pep.PartVoice), pep.Voice{Words: "I like maths now", How: "in_person", On: day(meeting), With: "Tia Teacher"}))
	h.must(h.peps.SaveMeeting(ctx, h.worker, ref, part(pep.PartMeeting), pep.Meeting{On: day(meeting), Held: true, Next: day(next), Attendees: []pep.Attendee{
		{Name: "Tia Teacher", Part: "designated_teacher", Present: true}, {Name: "Pat Carer", Part: "carer", Present: true}, {Name: "Sam Worker", Part: "social_worker", Present: true}}}))
	if whole.Last != nil {
		var reviews []pep.Review
		for _, target := range whole.Last.Targets {
			reviews = append(reviews, pep.Review{TargetID: target.ID, Outcome: "met", Note: "Reads with joy"})
		}
		h.must(h.peps.ReviewTargets(ctx, h.teacher, ref, part(pep.PartReviews), reviews))
	}
	h.must(h.peps.SaveTargets(ctx, h.teacher, ref, part(pep.PartTargets), []pep.Target{
		{Area: "literacy", What: "Read a chapter book", Measure: "Finishes one", Baseline: "Picture books", Owner: "Tia Teacher", Resource: "Books", DueOn: day(next)},
		{Area: "numeracy", What: "Know the 6 times table", Measure: "20 of 24", Baseline: "9 of 24", Owner: "Pat Carer", Resource: "Cards", DueOn: day(next)}}))
	h.must(h.peps.SaveActions(ctx, h.worker, ref, part(pep.PartActions), []pep.Action{{What: "Library card", Owner: "Pat Carer", DueOn: day(next)}}))
	return ref
}

// submit hands a plan in, as the teacher unless somebody else is named.
func (h *house) submit(ref pep.Ref, by ...access.Actor) {
	h.t.Helper()
	who := append(by, h.teacher)[0]
	h.must(h.peps.Submit(h.t.Context(), who, ref, h.version(ref)))
}

// submitted is a plan handed in on Monday 23 November 2026.
func (h *house) submitted() pep.Ref {
	h.t.Helper()
	ref := h.write(h.child, calendar.Autumn, "2026-11-20", "2027-01-20")
	h.submit(ref)
	return ref
}

// sheet is the rubric laid out for a plan.
func (h *house) sheet(ref pep.Ref) quality.Sheet {
	h.t.Helper()
	var values policy.Values
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, h.peps.Forms, ref)
	handed := quality.QueueHandedIn(&batch, ref)
	policy.Queue(&batch, &values)
	h.must(h.db.View(h.t.Context(), access.System, &batch))
	rubric, _ := h.service.Rubrics.Pick(values.PEPQualityRubric())
	return rubric.Lay(handed().Known(whole(), calendar.EnglandWorkingDays(), pep.DeadlinesOf(values)))
}

// all gives every criterion the same grade, save those that are named.
func (h *house) all(ref pep.Ref, grade string, save map[string]string) quality.Grading {
	h.t.Helper()
	sheet := h.sheet(ref)
	in := quality.Grading{Version: h.version(ref), Rubric: sheet.Rubric.Name, RubricVersion: sheet.Rubric.Version, Given: map[string]quality.Given{}}
	for _, c := range sheet.Applying {
		one := quality.Given{Grade: grade, Note: "As seen in the plan."}
		if other := save[c.Key]; other != "" {
			one.Grade = other
		}
		in.Given[c.Key] = one
	}
	return in
}

// graded are the gradings of a plan as somebody sees them.
func (h *house) graded(who access.Actor, ref pep.Ref) []quality.Graded {
	h.t.Helper()
	var graded []quality.Graded
	var batch postgres.Batch
	quality.QueueGraded(&batch, &graded, ref)
	h.must(h.db.View(h.t.Context(), who, &batch))
	return graded
}

func (h *house) followUps(who access.Actor, ref pep.Ref) []quality.FollowUp {
	h.t.Helper()
	var list []quality.FollowUp
	var batch postgres.Batch
	quality.QueueFollowUps(&batch, &list, ref)
	h.must(h.db.View(h.t.Context(), who, &batch))
	return list
}
