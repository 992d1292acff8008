package peps_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/web/webtest"
)

// lastTerm gives the child a signed-off plan of the summer, with an answer to every question of the form.
func (h *house) lastTerm() {
	h.before()
	last := h.ID(`select id from pep where term = 'summer'`)
	h.Exec(`alter table pep_answer disable trigger stays_signed; alter table pep_section disable trigger stays_signed`)
	form, _ := h.Options.Services.PEPs.Forms.Form("primary", 1)
	for _, section := range form.Sections {
		h.Exec(`insert into pep_section (pep_id, child_id, section) values ($1, $2, $3)`, last, h.child, section.Key)
		for question, answer := range formstest.Answers(section) {
			h.Exec(`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at) values ($1, $2, $3, $4, $5, 1, '2026-07-15')`,
				last, h.child, section.Key, question, answer)
		}
	}
	h.Exec(`alter table pep_answer enable trigger stays_signed; alter table pep_section enable trigger stays_signed`)
}

// A designated teacher for whose pupil nothing has changed finishes every section in a few touches.
func TestYourPartIsOnePageAndOneSave(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.record()
	h.lastTerm()
	plan := h.begin(t)
	if home := h.teacher.Get("/"); home.Find(`a[href="`+plan+`/mine"]`).Length() == 0 {
		t.Errorf("home does not lead there: %s", home.Says())
	}
	page := h.teacher.Get(plan + "/mine")
	form := page.Form("/mine")
	var touched, mine []string
	page.Find(`[name^="version-"]`).Each(func(_ int, s *selection) {
		section := strings.TrimPrefix(s.AttrOr("name", ""), "version-")
		mine = append(mine, section)
		for _, field := range []string{"all-right-" + section, "all-still-" + section} {
			if page.Find(`[name="`+field+`"]`).Length() > 0 {
				touched = append(touched, field, "yes")
			}
		}
	})
	page.Find(".vs-facts-known").Each(func(_ int, facts *selection) { // a fact that stands alone has its own three answers
		if facts.Find(`[name^="all-right-"]`).Length() == 0 {
			touched = append(touched, facts.Find(`input[type=radio][name$="-fact"]`).First().AttrOr("name", ""), "right")
		}
	})
	if fields := len(touched) / 2; fields > 15 || len(mine) < 5 {
		t.Errorf("%d fields touched for %d sections", fields, len(mine))
	}
	if page.Find(`[name="version-care"]`).Length() != 0 || page.Find(`a[href="`+plan+`/voice"]`).Length() != 1 {
		t.Error("the page has what is not the school's, or lacks the way to the child's words")
	}
	done(t, h.teacher.Post(plan+"/mine", webtest.With(form, append(touched, "complete", "yes")...)))
	if n := h.ID(`select count(*) from pep_section where section = any($1) and state = 'complete'`, mine); n != int64(len(mine)) {
		t.Errorf("%d sections complete", n)
	}
	if after := h.teacher.Get(plan + "/mine"); !strings.Contains(after.Says(), "No section of this plan waits for you.") {
		t.Error(after.Says())
	}
	if cost := h.CostOf(h.teacher, plan+"/mine"); cost.Trips > 2 || len(cost.Own()) > 9 {
		t.Errorf("%d trips, %d statements", cost.Trips, len(cost.Own()))
	}
}

func TestYourPartCollidesSectionBySection(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	form := h.teacher.Get(plan + "/mine").Form("/mine")
	kept := h.teacher.Post(plan+"/mine/draft", typing(form, "1", "behaviour", "Kind", "strengths", "Reads"))
	if kept.Status != 200 || h.ID(`select count(*) from pep_draft`) != 2 {
		t.Fatalf("%d, %d drafts", kept.Status, h.ID(`select count(*) from pep_draft`))
	}
	if alone := h.teacher.Get(plan + "/sections/education"); alone.Form("/education").Get("behaviour") != "Kind" {
		t.Error("the section's own page does not show the words")
	}
	again := h.teacher.Get(plan + "/mine")
	form = again.Form("/mine")
	if form.Get("behaviour") != "Kind" || form.Get("strengths") != "Reads" || !strings.Contains(again.Says(), "Your unsaved words of 23 November 2026 at 10am") {
		t.Errorf("shown again: %s", again.Says())
	}
	done(t, send(t, h.advisor, plan+"/sections/education", "behaviour", "Quiet lately", "complete", "no"))
	refused := h.teacher.Post(plan+"/mine", webtest.With(form, "attendance", "lots", "attendance-fact", "change", "complete", "no"))
	if refused.Status != 422 || h.ID(`select count(*) from pep_answer where question = 'strengths'`) != 0 {
		t.Errorf("one section cannot be saved: %d %v", refused.Status, refused.Errors())
	}
	both := h.teacher.Post(plan+"/mine", webtest.With(refused.Form("/mine"), "attendance", "93", "complete", "no"))
	if both.Status != 409 || !strings.Contains(both.Find("table").Text(), "Quiet lately") || both.Form("/mine").Get("version-education") != "2" || both.Form("/mine").Get("strengths") != "Reads" {
		t.Fatalf("both texts: %d %s", both.Status, both.Says())
	}
	done(t, h.teacher.Post(plan+"/mine", webtest.With(both.Form("/mine"), "behaviour", "Kind. Quiet lately")))
	if got := h.Text(`select string_agg(value->>'text', ' + ' order by question) from pep_answer where question in ('behaviour', 'strengths')`); got != "Kind. Quiet lately + Reads" {
		t.Errorf("saved: %s", got)
	}
	if n := h.ID(`select count(*) from pep_draft`); n != 0 {
		t.Errorf("%d drafts are left", n)
	}
	if answer := h.worker.Post(plan+"/mine", url.Values{"version-education": {"3"}, "behaviour": {"x"}}); answer.Status != 403 {
		t.Errorf("somebody else's section: %d", answer.Status)
	}
	if answer := h.elsewhere.Get(plan + "/mine"); answer.Status != 404 {
		t.Errorf("another school: %d", answer.Status)
	}
}

func TestThePlanSaysWhoseTurnItIs(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	says := h.advisor.Get(plan).Find(".govuk-task-list").Text()
	for _, words := range []string{"Col League (school) or Tia Teacher (school), since 23 November 2026", "Sam Worker (social worker), since 23 November 2026"} {
		if !strings.Contains(strings.Join(strings.Fields(says), " "), words) {
			t.Errorf("the plan does not say %q: %s", words, strings.Join(strings.Fields(says), " "))
		}
	}
}
