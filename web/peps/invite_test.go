package peps_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// bo opens the account that an invitation made, as choosing a password does.
func (h *house) bo(t *testing.T) *webtest.Visitor {
	t.Helper()
	h.Exec(`update account set state = 'active' where email = 'bo@elm.test'`)
	return h.As(access.Actor{ID: h.ID(`select id from account where email = 'bo@elm.test'`), Role: access.Colleague})
}

func TestAColleagueIsAskedAndAnswers(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	section := plan + "/sections/education"
	shown := h.teacher.Get(section)
	if shown.Find(`a[href="`+section+`/invite"]`).Length() != 1 || h.worker.Get(section).Find(`a[href="`+section+`/invite"]`).Length() != 0 {
		t.Error("those who write the section, and only they, are shown the way to ask")
	}
	ask := h.teacher.Get(section + "/invite")
	if form := ask.Form("/invite"); form.Get("until-day") != "7" || form.Get("until-month") != "12" {
		t.Errorf("ten working days from Monday 23 November: %v", form)
	}
	wrong := send(t, h.teacher, section+"/invite", join([]string{"name", "Bo Bell", "email", "bo at elm", "note", "How are <b>her</b> lessons?"}, webtest.Date("until", "31", "9", "2026"))...)
	if wrong.Status != 422 || len(wrong.Errors()) != 1 || wrong.Form("/invite").Get("note") != "How are <b>her</b> lessons?" {
		t.Errorf("%d %v", wrong.Status, wrong.Errors())
	}
	wrong = send(t, h.teacher, section+"/invite", "name", "Bo Bell", "email", "bo at elm")
	if wrong.Status != 422 || !strings.Contains(strings.Join(wrong.Errors(), ""), "email address") {
		t.Errorf("%d %v", wrong.Status, wrong.Errors())
	}
	done(t, send(t, h.teacher, section+"/invite", join([]string{"name", "Bo Bell", "email", "bo@elm.test", "note", "How are <b>her</b> lessons?"}, webtest.Date("until", "4", "12", "2026"))...))
	if listed := h.teacher.Get(section + "/invite"); !strings.Contains(listed.Says(), "Bo Bell") || !strings.Contains(listed.Says(), "Has not opened the account yet") {
		t.Errorf("listed: %s", listed.Says())
	}
	if page := h.teacher.Get(section); !strings.Contains(page.Says(), "Asked: Bo Bell, until Friday 4 December") {
		t.Errorf("the section says: %s", page.Says())
	}

	bo := h.bo(t)
	home := bo.Get("/")
	if !strings.Contains(home.Says(), "Write the section") || strings.Contains(home.Says(), "Maya") || home.Find(`main a[href="`+section+`"]`).Length() != 1 {
		t.Errorf("home: %s", home.Says())
	}
	page := bo.Get(section)
	for _, words := range []string{"Tia Teacher asks you to write this section", "Friday 4 December", "How are <b>her</b> lessons?", "Maya Okafor", "Year 5", "Elm Primary"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("the page lacks %q: %s", words, page.Says())
		}
	}
	if links := page.Find(`a[href^="/children"]`).Length(); links != 0 {
		t.Errorf("%d links that lead nowhere for a guest", links)
	}
	form := page.Form("/sections/education")
	saved := bo.Post(section, webtest.With(form, "complete", "no", "all-right-education", "yes"))
	if saved.Status != 303 || saved.Location != "/" {
		t.Errorf("saved: %d to %q %v", saved.Status, saved.Location, saved.Errors())
	}
	if page := h.teacher.Get(plan); !strings.Contains(page.Says(), "Saved by Bo Bell") {
		t.Errorf("the plan says: %s", page.Says())
	}

	// Both write: the second finds both texts.
	form = bo.Get(section).Form("/sections/education")
	answers(t, h.teacher, section)
	box := ""
	page.Find("main textarea").Each(func(_ int, field *selection) { box = field.AttrOr("name", "") })
	late := bo.Post(section, webtest.With(form, box, "As Bo saw it", "complete", "no"))
	if late.Status != 409 || !strings.Contains(late.Says(), "As Bo saw it") || !strings.Contains(late.Says(), "Tia Teacher saved this part") {
		t.Errorf("%d %s", late.Status, late.Says())
	}
	form = late.Form("/sections/education")
	again := bo.Post(section, webtest.With(form, "complete", "no"))
	if again.Status != 303 {
		t.Errorf("again: %d %v", again.Status, again.Errors())
	}

	// Withdrawn between reading and writing: it is not there.
	form = bo.Get(section).Form("/sections/education")
	list := h.teacher.Get(section + "/invite")
	done(t, h.teacher.Post(section+"/invite/withdraw", list.Form("/invite/withdraw")))
	if gone := bo.Post(section, webtest.With(form, "complete", "no")); gone.Status != 404 || strings.Contains(gone.Body, "Maya") {
		t.Errorf("withdrawn: %d", gone.Status)
	}
	if home := bo.Get("/"); !strings.Contains(home.Says(), "Nothing is asked of you") || home.Find(`main a[href="/children"]`).Length() != 0 {
		t.Errorf("home: %s", home.Says())
	}
	// The page's own form: sent once more it is answered as having been done.
	if twice := h.teacher.Post(section+"/invite/withdraw", list.Form("/invite/withdraw")); twice.Status != 303 {
		t.Errorf("twice: %d", twice.Status)
	}
}

// TestTheLastDayPasses between GET and POST.
func TestTheLastDayPasses(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	section := plan + "/sections/education"
	done(t, send(t, h.teacher, section+"/invite", join([]string{"name", "Bo Bell", "email", "bo@elm.test"}, webtest.Date("until", "23", "11", "2026"))...))
	bo := h.bo(t)
	form := bo.Get(section).Form("/sections/education")
	h.Exec(`update pep_invitation set invited_at = '2026-11-10', until = '2026-11-22'`)
	if late := bo.Post(section, webtest.With(form, "complete", "no")); late.Status != 404 {
		t.Errorf("the day after: %d", late.Status)
	}
	if home := h.teacher.Get("/"); !strings.Contains(home.Says(), "Bo Bell was asked, and it is not marked as complete") {
		t.Errorf("who asked is told: %s", home.Says())
	}
	if home := h.worker.Get("/"); strings.Contains(home.Says(), "Bo Bell") {
		t.Errorf("another is told: %s", home.Says())
	}
}

// TestASubmittedPlanAsksNobody: the page that was open says why, and keeps what was typed.
func TestASubmittedPlanAsksNobody(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	ask := h.teacher.Get(plan + "/sections/education/invite").Form("/invite")
	h.Exec(`update pep set state = 'submitted', submitted_at = $1, submitted_by = started_by`, webtest.Now)
	late := h.teacher.Post(plan+"/sections/education/invite", webtest.With(ask, "name", "Bo Bell", "email", "bo@elm.test"))
	if late.Status != 409 || late.Form("/invite").Get("email") != "bo@elm.test" || !strings.Contains(late.Says(), "cannot be written now") {
		t.Errorf("%d %s", late.Status, late.Says())
	}
	if page := h.teacher.Get(plan + "/sections/education/invite"); page.Status != 403 {
		t.Errorf("the page: %d", page.Status)
	}
}
