package peps_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// sign puts a whole plan through to sign-off, past the pages that other tests walk.
func (h *house) sign(plan string) {
	id := plan[strings.LastIndex(plan, "/")+1:]
	h.Exec(`update pep set state = 'submitted', submitted_at = '2026-11-20', submitted_by = started_by, meeting_on = '2026-11-18', meeting_held = true, voice_words = 'I like maths', voice_how = 'in_person', voice_on = '2026-11-18' where id = $1::text::bigint`, id)
	h.Exec(`update pep set state = 'signed_off', signed_off_at = '2026-11-21', signed_off_by = started_by where id = $1::text::bigint`, id)
}

func TestQualityAssuranceOnThePages(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	h.Exec(`update pep set state = 'submitted', submitted_at = '2026-11-20', submitted_by = started_by, meeting_on = '2026-11-18', meeting_held = true`)
	done(t, send(t, h.advisor, plan+"/in-qa"))
	for _, who := range []*webtest.Visitor{h.teacher, h.advisor} {
		if page := who.Get(plan); !strings.Contains(page.Says(), "In quality assurance") || !strings.Contains(page.Says(), "Ada Advisor has been reading it since Monday 23 November") {
			t.Errorf("the plan says: %s", page.Says())
		}
	}
	if again := send(t, h.advisor, plan+"/in-qa"); again.Status != 409 {
		t.Errorf("taken in twice: %d", again.Status)
	}
	done(t, send(t, h.advisor, plan+"/sign-off"))
}

func TestAPlanIsReopenedAsANewEdition(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	h.sign(plan)
	if page := h.teacher.Get(plan); strings.Contains(page.Says(), "Reopen") {
		t.Error("a school is offered to reopen")
	}
	if wrong := send(t, h.advisor, plan+"/reopen", "reason", " "); wrong.Status != 422 || len(wrong.Errors()) != 1 {
		t.Errorf("without a reason: %d %v", wrong.Status, wrong.Errors())
	}
	begun := send(t, h.advisor, plan+"/reopen", "reason", "The attendance was last year’s")
	done(t, begun)
	if begun.Location == plan {
		t.Fatal("it does not lead to the new edition")
	}
	next := h.advisor.Get(begun.Location).Says()
	for _, words := range []string{"edition 2", "Why edition 2 was begun: The attendance was last year’s", "Edition 1, as it was signed off", "I like maths", "reopened 23 November, 5 working days"} {
		if !strings.Contains(next, words) {
			t.Errorf("the new edition lacks %q: %s", words, next)
		}
	}
	if old := h.teacher.Get(plan).Says(); !strings.Contains(old, "holds until the new edition is signed off") || !strings.Contains(old, "Edition 2, begun from this one") {
		t.Errorf("the old edition: %s", old)
	}
	if list := h.teacher.Get(h.path).Says(); !strings.Contains(list, "edition 2") {
		t.Errorf("the child's plans: %s", list)
	}
}

func TestDeadlinesArePausedAndExplained(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`update care_period set period = '[2026-11-09,)'`)
	h.begin(t)
	pause := h.path + "/pauses/new"
	if wrong := send(t, h.advisor, pause, "reason", "other", "last_day-day", "31", "last_day-month", "11", "last_day-year", "2026"); wrong.Status != 422 || wrong.Form("/pauses/new").Get("last_day-day") != "31" {
		t.Errorf("31 November: %d %v", wrong.Status, wrong.Errors())
	}
	done(t, send(t, h.advisor, pause, join(webtest.Date("from", "16", "11", "2026"), webtest.Date("last_day", "27", "11", "2026"), []string{"reason", "hospital", "words", "A planned operation"})...))
	list := h.teacher.Get(h.path)
	if !strings.Contains(list.Says(), "Deadlines are paused, 16 to 27 November, in hospital") || !strings.Contains(list.Says(), "A planned operation") || strings.Contains(list.Says(), "Change its end") {
		t.Errorf("a school reads: %s", list.Says())
	}
	due := h.officer.Get(h.path + "/due").Says()
	for _, words := range []string{"R7: The first plan is ready", "reg. 33(1)", "Monday 21 December 2026, in 28 days", "Monday 9 November", "No bank holiday fell", "Paused 16 to 27 November, in hospital: 10 working days added", "as long as the council sets no other"} {
		if !strings.Contains(due, words) {
			t.Errorf("the explanation lacks %q: %s", words, due)
		}
	}
	if links := h.officer.Get(h.path + "/due").Find(`a[href^="/admin/rules/"]`).Length(); links != 0 {
		t.Error("a reviewing officer is led to the settings")
	}
	if links := h.As(h.Person(access.Deputy, "Dee Deputy")).Get(h.path + "/due").Find(`a[href="/admin/rules/pep.complete_working_days"]`).Length(); links != 1 {
		t.Error("a deputy is not led to the settings")
	}
	end := h.advisor.Get(h.path).Find(`a[href*="/pauses/"]`).Last().AttrOr("href", "")
	stale := h.advisor.Get(end).Form(end)
	done(t, h.advisor.Post(end, webtest.With(stale, webtest.Date("last_day", "20", "11", "2026")...)))
	if page := h.teacher.Get(h.path).Says(); strings.Contains(page, "Deadlines are paused") || !strings.Contains(page, "16 Nov 2026 to 20 Nov 2026") || !strings.Contains(page, "end changed by Ada Advisor") {
		t.Errorf("ended early: %s", page)
	}
	late := h.advisor.Post(end, webtest.With(stale, append(webtest.Date("last_day", "25", "11", "2026"), "key", "")...))
	if late.Status != 409 || late.Form(end).Get("last_day-day") != "25" || !strings.Contains(late.Says(), "20 November") {
		t.Errorf("a stale page: %d %s", late.Status, late.Says())
	}
	if got := h.teacher.Post(pause, url.Values{}).Status; got != 403 {
		t.Errorf("a school pauses: %d", got)
	}
	if got := h.advisor.Get(h.path + "/pauses/999999").Status; got != 404 {
		t.Errorf("a pause that is not there: %d", got)
	}
}

func TestAPlanLeftAtTheOldSchoolGoesOutOfTheWay(t *testing.T) {
	t.Parallel()
	h := open(t)
	old := h.begin(t)
	h.Exec(`update pep set started_at = '2026-11-02'`)
	next := h.Setting("New Academy")
	h.Exec(`update roll set period = '[2025-09-01,2026-11-16)' where child_id = $1`, h.child)
	h.OnRoll(h.child, next, "[2026-11-16,)")
	teacher := h.As(h.Teacher("Nia New", next))
	start := teacher.Get(h.path + "/new")
	if !strings.Contains(start.Says(), "This plan replaces the") || !strings.Contains(start.Says(), "at Elm Primary") {
		t.Fatalf("not offered: %s", start.Says())
	}
	answer := teacher.Post(h.path+"/new", start.Form("/peps/new"))
	done(t, answer)
	if page := teacher.Get(answer.Location); page.Find(`a[href="`+old+`"]`).Length() != 1 || !strings.Contains(page.Says(), "What was written at the school before") {
		t.Errorf("the new plan: %s", page.Says())
	}
	list := teacher.Get(h.path)
	if list.Find("details table tbody tr").Length() != 1 || !strings.Contains(list.Find("details").Text(), "By the plan at the new school") {
		t.Errorf("the child's plans: %s", list.Says())
	}
	if page := teacher.Get(old); !strings.Contains(page.Says(), "The child changed school") || !strings.Contains(page.Says(), "The plan at the new school") {
		t.Errorf("the old plan: %s", page.Says())
	}
}
