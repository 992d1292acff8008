package worklist_test

import (
	"errors"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/worklist"
)

// post is a child's plan half written by a teacher and a social worker, with what each left open, over the
// real services.
type post struct {
	*house
	plans                           *pep.Service
	people                          *account.Service
	children                        *child.Service
	deputy, teacher, worker, guest  access.Actor
	oak, elm, child, request, asked int64
	ref                             pep.Ref
}

func inPost(t *testing.T) *post {
	h := build(t)
	builtin, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	p := &post{house: h, plans: &pep.Service{DB: h.db, Forms: builtin, Authority: "332"}, people: &account.Service{DB: h.db}, children: &child.Service{DB: h.db}}
	p.oak, p.elm = h.Setting("Oak"), h.Setting("Elm")
	p.deputy, p.teacher, p.worker, p.guest = h.Person(access.Deputy, "Dee Deputy"), h.Teacher("Tia Teacher", p.oak), h.Person(access.SocialWorker, "Sam Worker"), h.Person(access.Colleague, "Bo Bell")
	p.child = h.Child("Maya", "Okafor", "2017-03-02")
	h.OnRoll(p.child, p.oak, "[2025-09-01,)")
	h.Allocate(p.child, "social_worker", p.worker, "[2026-01-01,)")
	id, err := p.plans.Start(t.Context(), p.teacher, pep.StartInput{ChildID: p.child, Kind: pep.Termly, AcademicYear: 2026, Term: calendar.Autumn})
	if err != nil {
		t.Fatal(err)
	}
	p.ref = pep.Ref{ChildID: p.child, PEPID: id}
	p.must(p.write(p.teacher, "attainment"))
	p.must(p.write(p.worker, "care"))
	if p.asked, err = p.plans.Invite(t.Context(), p.teacher, p.ref, pep.InviteInput{Section: "education", Email: p.guest.Email, Name: p.guest.Name, Until: calendar.MustParse("2026-11-27")}); err != nil {
		t.Fatal(err, fault.Of(err))
	}
	requests := &premium.Service{DB: h.db}
	p.request, err = requests.Ask(t.Context(), p.teacher, p.child, premium.Wish{Category: "literacy", Purpose: "Books", Difference: "Reads more", Amount: money.Pounds(450)})
	p.must(err)
	p.must(requests.Decide(t.Context(), p.deputy, p.request, 1, premium.Decision{Outcome: premium.Returned, Reason: "Which books?"}))
	return p
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err, fault.Of(err))
	}
}

func (p *post) whole() pep.Whole {
	p.t.Helper()
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, p.plans.Forms, p.ref)
	p.must(p.db.View(p.t.Context(), access.System, &batch))
	return whole()
}

func (p *post) write(who access.Actor, section string) error {
	whole := p.whole()
	found, _ := whole.Form.Section(section)
	return p.plans.SaveSection(p.t.Context(), who, p.ref, pep.SectionInput{Section: section, Version: whole.Part(pep.Part(section)).Version, Answers: formstest.Answers(found)})
}

// duties are the person's own about the child, by what they begin with.
func (p *post) duties(who access.Actor) string {
	p.t.Helper()
	facts, rules := p.read(who, 0)
	var list []string
	for _, d := range worklist.Duties(facts, rules, who) {
		if d.ChildID == p.child || d.ChildID == 0 {
			list = append(list, d.What+" ("+d.Why+")")
		}
	}
	return strings.Join(list, "\n")
}

// stays checks that what was written is there, by whom it was written, and goes on from its version.
func (p *post) stays() {
	p.t.Helper()
	whole := p.whole()
	for section, by := range map[pep.Part]string{"attainment": "Tia Teacher", "care": "Sam Worker"} {
		if part := whole.Part(section); part.SavedBy != by || part.Version != 2 {
			p.t.Errorf("%s: saved by %q, version %d", section, part.SavedBy, part.Version)
		}
	}
	if answers := whole.AnswersIn("attainment"); len(answers) == 0 {
		p.t.Error("the answers are gone")
	}
	for _, answer := range whole.Answers {
		if answer.Section == "attainment" && answer.AnsweredBy != "Tia Teacher" {
			p.t.Errorf("answered by %q", answer.AnsweredBy)
		}
	}
	if len(whole.Events) == 0 || whole.Events[0].By != "Tia Teacher" {
		p.t.Errorf("events: %+v", whole.Events)
	}
}

// TestANewTeacherLosesNothing: the old one's account ends, the new one's begins.
func TestANewTeacherLosesNothing(t *testing.T) {
	t.Parallel()
	p := inPost(t)
	ctx := t.Context()
	before := p.duties(p.teacher)
	if !strings.Contains(before, "Answer the question on your request") || !strings.Contains(before, "Write your part of the PEP") {
		t.Fatalf("the teacher's: %s", before)
	}
	_, err := p.plans.KeepDraft(ctx, p.teacher, p.ref, pep.DraftInput{Part: "support", Page: "page", Turn: 1, BaseVersion: 1, Fields: map[string][]string{"needs": {"Half a sentence"}}})
	p.must(err)
	id, err := p.people.Establish(ctx, p.deputy, account.NewAccount{Email: "nia@oak.test", Name: "Nia New", Role: access.School,
		Settings: []account.NewMembership{{SettingID: p.oak, Post: account.DesignatedTeacher, From: calendar.MustParse("2026-11-23")}}}, "")
	p.must(err)
	successor := access.Actor{ID: id, Name: "Nia New", Role: access.School}
	p.must(p.people.End(ctx, p.deputy, p.teacher.ID))
	if err := p.write(p.teacher, "support"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("the old teacher still writes: %v", err)
	}
	p.stays()
	after := p.duties(successor)
	for _, words := range []string{"Write your part of the PEP", "Answer the question on the request for £450.00", "Tia Teacher, who no longer works with the child"} {
		if !strings.Contains(after, words) {
			t.Errorf("the new teacher's list lacks %q: %s", words, after)
		}
	}
	p.must(p.plans.TakeDraft(ctx, successor, p.ref, "support", p.teacher.ID))
	p.must(p.write(successor, "support"))
	if err := p.write(p.guest, "education"); err != nil {
		t.Errorf("the colleague whom the old teacher asked: %v %v", err, fault.Of(err))
	}
	if asked := p.duties(p.guest); !strings.Contains(asked, "Asked by Tia Teacher, Oak") {
		t.Errorf("the colleague's list: %s", asked)
	}
	p.must(p.plans.Withdraw(ctx, successor, p.ref, "education", p.asked))
}

// TestANewSocialWorkerLosesNothing: the allocation passes on.
func TestANewSocialWorkerLosesNothing(t *testing.T) {
	t.Parallel()
	p := inPost(t)
	ctx := t.Context()
	successor := p.Person(access.SocialWorker, "Wyn Worker")
	if !strings.Contains(p.duties(p.worker), "Write your part of the PEP") || p.duties(successor) != "" {
		t.Fatalf("before: %q and %q", p.duties(p.worker), p.duties(successor))
	}
	id, err := p.plans.Invite(ctx, p.worker, p.ref, pep.InviteInput{Section: "wellbeing", Email: "nurse@health.test", Name: "Nell Nurse", Until: calendar.MustParse("2026-11-27")})
	p.must(err)
	p.must(p.children.Allocate(ctx, p.deputy, p.child, child.Allocation{Part: "social_worker", AccountID: successor.ID, From: calendar.MustParse("2026-11-23")}))
	p.stays()
	if err := p.write(p.worker, "wellbeing"); !errors.Is(err, fault.KindNotFound) || p.duties(p.worker) != "" {
		t.Errorf("the old worker still writes: %v, %q", err, p.duties(p.worker))
	}
	if after := p.duties(successor); !strings.Contains(after, "Write your part of the PEP") {
		t.Errorf("the new worker's list: %s", after)
	}
	p.Exec(`update account set state = 'active' where email = 'nurse@health.test'`)
	nurse := access.Actor{ID: p.ID(`select id from account where email = 'nurse@health.test'`), Role: access.Colleague}
	if asked := p.duties(nurse); !strings.Contains(asked, "Asked by Sam Worker") {
		t.Errorf("the nurse's list: %s", asked)
	}
	p.must(p.write(nurse, "wellbeing"))
	p.Exec(`update pep_invitation set invited_at = '2026-11-16', until = '2026-11-20' where id = $1`, id)
	if after := p.duties(successor); !strings.Contains(after, "Nell Nurse was asked, and it is not marked as complete") {
		t.Errorf("what the old worker asked comes back to the new one: %s", after)
	}
	p.must(p.plans.Withdraw(ctx, successor, p.ref, "wellbeing", id))
}

// TestANewSchoolTakesThePlanOn: what was written comes with the child, what the old school asked ends.
func TestANewSchoolTakesThePlanOn(t *testing.T) {
	t.Parallel()
	p := inPost(t)
	ctx := t.Context()
	successor := p.Teacher("Elsa Elm", p.elm)
	p.must(p.children.ChangeSchool(ctx, p.deputy, p.child, child.Move{SettingID: p.elm, Kind: "main", From: calendar.MustParse("2026-11-23"), Reason: "Moved to live nearer"}))
	p.stays()
	for name, err := range map[string]error{"the old teacher": p.write(p.teacher, "support"), "whom the old school asked": p.write(p.guest, "education")} {
		if !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s still writes: %v", name, err)
		}
	}
	if p.duties(p.guest) != "" || strings.Contains(p.duties(p.teacher), "request") {
		t.Errorf("duties stay behind: %q and %q", p.duties(p.guest), p.duties(p.teacher))
	}
	after := p.duties(successor)
	for _, words := range []string{"Write your part of the PEP", "Answer the question on the request for £450.00"} {
		if !strings.Contains(after, words) {
			t.Errorf("the new school's list lacks %q: %s", words, after)
		}
	}
	p.must(p.write(successor, "support"))
	if part := p.whole().Part("support"); part.SavedBy != "Elsa Elm" {
		t.Errorf("saved by %q", part.SavedBy)
	}
	_, err := p.plans.Invite(ctx, successor, p.ref, pep.InviteInput{Section: "support", Email: "new@elm.test", Name: "New", Until: calendar.MustParse("2026-11-27")})
	p.must(err)
}
