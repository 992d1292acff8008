package peps_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestTheStartPageSuggestsAFormAndSaysWhy(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.teacher.Get(h.path + "/new")
	if says := page.Says(); !strings.Contains(says, "“Primary school” is the form that fits.") || !strings.Contains(says, "The child is in Year 5.") {
		t.Errorf("at a primary school: %s", says)
	}
	plan := h.begin(t)
	if first := h.teacher.Get(plan); !strings.Contains(first.Says(), "Primary school") || strings.Contains(first.Says(), "Closing summary") || strings.Contains(first.Says(), "next school") {
		t.Errorf("a first plan in Year 5: %s", first.Says())
	}
	// A child without a school place, whose plan arranges education otherwise.
	child := h.Child("Noor", "Ahmed", "2013-03-02")
	worker := h.Person(access.SocialWorker, "Wes Worker")
	h.Allocate(child, "social_worker", worker, "[2026-01-01,)")
	h.Exec(`insert into sen_status (child_id, status, period, source) values ($1, 'E', '[2026-01-01,)', 'test')`, child)
	wes, path := h.As(worker), "/children/"+webtest.Number(child)+"/peps"
	page = wes.Get(path + "/new")
	form := page.Form("/peps/new")
	if form.Get("form") != "not_on_roll" || !strings.Contains(page.Says(), "The child is without a school place.") || !strings.Contains(page.Says(), "Education otherwise than at school") {
		t.Errorf("without a school place: %v %s", form, page.Says())
	}
	if refused := wes.Post(path+"/new", webtest.With(form, "form", "post_16")); refused.Status != 422 || !strings.Contains(strings.Join(refused.Errors(), " "), "forms that fit") {
		t.Errorf("a form that does not fit: %d %v", refused.Status, refused.Errors())
	}
	began := wes.Post(path+"/new", webtest.With(form, "form", "eotas", "kind", "transition"))
	done(t, began)
	if says := wes.Get(began.Location).Says(); !strings.Contains(says, "The way ahead") {
		t.Errorf("the plan: %s", says)
	}
	// The next plan is suggested on the same form, because the child still learns where they did.
	if page = wes.Get(path + "/new"); page.Form("/peps/new").Get("form") != "eotas" || !strings.Contains(page.Says(), "The last plan was written on this form") {
		t.Errorf("the next plan: %v %s", page.Form("/peps/new"), page.Says())
	}
}
