package paper_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// house is a child with a plan that is begun, and the people around her.
type house struct {
	*webtest.Site
	tia, sam                         access.Actor
	teacher, worker, elsewhere, data *webtest.Visitor
	ref                              pep.Ref
	plan                             string
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: webtest.New(t)}
	school := h.Setting("Elm Primary")
	child := h.Child("Maya", "Okafor", "2017-03-02")
	h.OnRoll(child, school, "[2025-09-01,)")
	h.tia, h.sam = h.Teacher("Tia Teacher", school), h.Person(access.SocialWorker, "Sam Worker")
	h.Allocate(child, "social_worker", h.sam, "[2026-01-01,)")
	h.teacher, h.worker = h.As(h.tia), h.As(h.sam)
	h.elsewhere, h.data = h.As(h.Teacher("Olga Other", h.Setting("Oak Primary"))), h.As(h.Person(access.DataOfficer, "Dan Data"))
	id, err := h.peps().Start(t.Context(), h.tia, pep.StartInput{ChildID: child, Kind: pep.Initial, AcademicYear: 2026, Term: calendar.Autumn})
	if err != nil {
		t.Fatal(err)
	}
	h.ref = pep.Ref{ChildID: child, PEPID: id}
	h.plan = "/children/" + webtest.Number(child) + "/peps/" + webtest.Number(id)
	return h
}

func (h *house) peps() *pep.Service { return h.Options.Services.PEPs }

// fill writes all the parts of the plan, and one of its sections.
func (h *house) fill(t *testing.T) {
	t.Helper()
	ctx, day := t.Context(), calendar.MustParse
	var batch postgres.Batch
	queued := pep.QueueWhole(&batch, h.peps().Forms, h.ref)
	if err := h.DB.View(ctx, access.System, &batch); err != nil {
		t.Fatal(err)
	}
	whole := queued()
	version := func(part pep.Part) int { return whole.Part(part).Version }
	section, _ := whole.Form.Section("education")
	for _, err := range []error{
		h.peps().SaveSection(ctx, h.tia, h.ref, pep.SectionInput{Section: section.Key, Version: version(pep.Part(section.Key)), Answers: formstest.Answers(section), Complete: true}),
		h.peps().SaveVoice(ctx, h.sam, h.ref, version(pep.PartVoice), pep.Voice{Words: "I like maths <b>now</b>", How: "in_person", On: day("2026-11-20"), With: "Sam Worker"}),
		h.peps().SaveMeeting(ctx, h.tia, h.ref, version(pep.PartMeeting), pep.Meeting{On: day("2026-11-20"), Held: true, Next: day("2027-03-01"), Attendees: []pep.Attendee{{Name: "Maya", Part: "young_person", Present: true}}}),
		h.peps().SaveTargets(ctx, h.tia, h.ref, version(pep.PartTargets), []pep.Target{{Area: "literacy", What: "Read a chapter book", Measure: "One finished", Owner: "Tia Teacher", DueOn: day("2027-03-01")}}),
		h.peps().SaveActions(ctx, h.sam, h.ref, version(pep.PartActions), []pep.Action{{What: "Library card", Owner: "Pat Carer", DueOn: day("2026-12-01")}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPlanIsPrinted(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.plan
	h.fill(t)
	h.Prints()
	h.Exec(`update pep_answer set value = jsonb_set(value, '{text}', '"Reads well. [[Her brother helps.]] Good."') where question = (select min(question) from pep_answer where jsonb_typeof(value->'text') = 'string' and value->>'text' like '% %')`)
	wish := func(words, audience string) int64 {
		return h.ID(`insert into wish (child_id, pep_id, words, said_on, audience, recorded_by, recorded_at) select child_id, id, $1, '2026-11-20', $2, 1, $3 from pep returning id`, words, audience, webtest.Now)
	}
	wish("A guitar lesson", "everyone")
	wish("A room of my own", "social_work")
	page := h.worker.Get(plan + "/print")
	says := page.Says()
	for _, want := range []string{"Maya Okafor", "Draft: not signed off", "I like maths <b>now</b>", "Read a chapter book", "Library card", "Completed by Tia Teacher", "Not written yet", "Started"} {
		if !strings.Contains(says, want) {
			t.Errorf("the page for printing does not say %q", want)
		}
	}
	if !strings.Contains(says, "Reads well. Her brother helps. Good.") || strings.Contains(says, "[[") {
		t.Error("what is marked as about somebody else is printed with its brackets, or not at all")
	}
	if !strings.Contains(says, "A guitar lesson") || !strings.Contains(says, "No answer yet") || strings.Contains(says, "A room of my own") {
		t.Error("what the child asked for, and wants few to know")
	}
	if title := page.Find("title").Text(); strings.Contains(title, "Maya") || page.Find("h1").Length() != 1 || page.Find(`a[href="`+plan+`.pdf"]`).Length() != 1 {
		t.Errorf("title %q, %d h1", title, page.Find("h1").Length())
	}
	looks := h.ID(`select count(*) from audit_look where screen = 'PEP printed'`)
	file := h.worker.Get(plan + ".pdf")
	if file.Status != 200 || file.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(file.Body, "%PDF-") {
		t.Fatalf("%d %s", file.Status, file.Header.Get("Content-Type"))
	}
	if name := file.Header.Get("Content-Disposition"); name != `attachment; filename="personal-education-plan-autumn-2026.pdf"` {
		t.Error(name)
	}
	if strings.Contains(file.Header.Get("Content-Disposition"), "Maya") || !bytes.Contains([]byte(file.Body), []byte("/StructTreeRoot")) || webtest.PagesOf(file.Body) < 2 {
		t.Errorf("%d pages", webtest.PagesOf(file.Body))
	}
	if more := h.ID(`select count(*) from audit_look where screen = 'PEP printed'`); more != looks+1 {
		t.Errorf("%d looks for one file", more-looks)
	}
	if other := h.elsewhere.Get(plan + ".pdf"); other.Status != 404 {
		t.Errorf("somebody else's file: %d", other.Status)
	}
	if role := h.data.Get(plan + ".pdf"); role.Status != 403 {
		t.Errorf("a role without plans: %d", role.Status)
	}
	if odd := h.worker.Get(plan + "x.pdf"); odd.Status != 404 {
		t.Errorf("no number: %d", odd.Status)
	}
}

func TestTheChildsOwnPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.plan
	if early := h.teacher.Get(plan + "/child").Says(); !strings.Contains(early, "It is not finished yet") || !strings.Contains(early, "Nobody has written down yet what you think") {
		t.Error(early)
	}
	h.fill(t)
	page := h.teacher.Get(plan + "/child")
	says := page.Says()
	for _, want := range []string{"Maya’s plan", "I like maths <b>now</b>", "Read a chapter book", "How we will know: One finished. Tia Teacher will help you.", "Pat CarerLibrary card1 December 2026", "Monday 1 March 2027"} {
		if !strings.Contains(says, want) {
			t.Errorf("the child's page does not say %q: %s", want, says)
		}
	}
	if strings.Contains(page.Find("title").Text(), "Maya") {
		t.Error("the title names the child")
	}
	if strings.Contains(says, "Legal status") || strings.Contains(says, "Social worker") {
		t.Error("the child's page says what adults keep of them")
	}
	h.Prints()
	// As full as a plan gets.
	h.Exec(`update pep set voice_words = repeat('I would like more time with my friends. ', 60)`)
	h.Exec(`insert into pep_target (pep_id, child_id, position, area, what, measure, owner, due_on) select p.id, p.child_id, 10 + n, 'numeracy', 'Uses the four operations with fractions and decimals in class', 'Nine of ten questions right in three lessons running', 'Tia Teacher', '2027-03-01' from pep p, generate_series(1, 3) n`)
	h.Exec(`insert into pep_action (pep_id, child_id, position, what, owner, due_on) select p.id, p.child_id, 10 + n, 'Talk with the school about a quieter place for homework club', 'Education advisor', '2026-12-01' from pep p, generate_series(1, 14) n`)
	file := h.teacher.Get(plan + "/child.pdf")
	if file.Status != 200 || webtest.PagesOf(file.Body) != 1 {
		t.Errorf("%d, %d pages", file.Status, webtest.PagesOf(file.Body))
	}
	if full := h.teacher.Get(plan + "/child").Says(); !strings.Contains(full, "There is more of what you said in your whole plan") || !strings.Contains(full, "There is more in your whole plan") {
		t.Error("what was cut is not said")
	}
}

func TestWhereNoPDFIsMade(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.plan
	for _, path := range []string{"/print", "/child"} {
		page := h.worker.Get(plan + path)
		if !strings.Contains(page.Says(), "press Ctrl and P") || page.Find(`a[href$=".pdf"]`).Length() != 0 {
			t.Errorf("%s: %s", path, page.Says())
		}
	}
	for file, instead := range map[string]string{".pdf": "/print", "/child.pdf": "/child"} {
		if answer := h.worker.Get(plan + file); answer.Status != 303 || answer.Location != plan+instead {
			t.Errorf("%s: %d to %s", file, answer.Status, answer.Location)
		}
		if told := h.worker.Get(plan + instead); !strings.Contains(told.Find(".govuk-notification-banner").Text(), "cannot make PDF files") {
			t.Errorf("%s: nobody is told why", instead)
		}
	}
}
