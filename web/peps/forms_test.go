package peps_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestTheFormsCanBeLookedAt(t *testing.T) {
	t.Parallel()
	h := open(t)
	list := h.teacher.Get("/peps/forms")
	if rows := list.Find("main tbody tr").Length(); list.Status != 200 || rows != 8 {
		t.Fatalf("%d: %d forms", list.Status, rows)
	}
	list.Find("main tbody a").Each(func(_ int, link *selection) {
		page := h.officer.Get(link.AttrOr("href", ""))
		if page.Status != 200 || !strings.HasSuffix(page.Find("h1").Text(), strings.TrimSpace(link.Text())) || page.Find("main form").Length() != 0 {
			t.Errorf("%s: %d %q", link.Text(), page.Status, page.Find("h1").Text())
		}
		for _, words := range []string{"Home and care", "Social worker", "Has to be answered.", "Asked by law: leisure interests", "Asked for: closing plans"} {
			if !strings.Contains(page.Says(), words) {
				t.Errorf("%s does not say %q", link.Text(), words)
			}
		}
	})
	for path, status := range map[string]int{"/peps/forms/primary?version=1": 200, "/peps/forms/primary?version=2": 404, "/peps/forms/primary?version=x": 404, "/peps/forms/nonsense": 404} {
		if page := h.teacher.Get(path); page.Status != status {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
	if page := h.data.Get("/peps/forms"); page.Status != 403 {
		t.Errorf("a data officer: %d", page.Status)
	}
}

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
