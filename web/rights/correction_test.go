package rights_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestWhatTheySayStandsBesideTheRecord(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	worker := o.Person(access.SocialWorker, "Sam Worker")
	o.Allocate(o.child, "social_worker", worker, "[2026-01-01,)")
	visitor, path := o.As(worker), strings.TrimSuffix(o.path, "/subject-access")+"/corrections"
	if says := visitor.Get(path).Says(); !strings.Contains(says, "Nobody has said that anything is wrong") {
		t.Error(says)
	}
	said := func(pairs ...string) url.Values {
		form := webtest.With(visitor.Get(path+"/new").Form(path+"/new"), "kind", "correction", "about", "plans", "record_says", "Late on 2 November", "person_says", "I was at the <b>dentist</b>", "asked_by", "young_person", "asked_name", "Maya")
		return webtest.With(form, pairs...)
	}
	for name, pairs := range map[string][]string{
		"no kind": {"kind", ""}, "no part": {"about", "looks"}, "nothing of the record": {"record_says", ""}, "no words": {"person_says", " "},
		"10,000 characters": {"person_says", strings.Repeat("é", 10_000)}, "a null byte": {"asked_name", "a\x00b"}, "tomorrow": webtest.Date("asked", "24", "11", "2026"),
	} {
		typed := said(pairs...)
		if page := visitor.Post(path+"/new", typed); page.Status != 422 || len(page.Errors()) == 0 || page.Form(path+"/new").Get("asked-day") != typed.Get("asked-day") {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
	}
	if done := visitor.Post(path+"/new", said()); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	one := o.head.Get(path).Find(`main a[href*="/corrections/"]:not([href$="new"])`).AttrOr("href", "")
	if page := visitor.Get(one); page.Find("textarea").Length() != 0 || !strings.Contains(page.Says(), "I was at the <b>dentist</b>") {
		t.Error("a social worker is offered to decide")
	}
	stale := webtest.With(o.deputy.Get(one).Form(one+"/decision"), "outcome", "refused", "note", "My own note", "reasons", "r")
	if page := o.head.Post(one+"/decision", o.head.Get(one).Form(one+"/decision")); page.Status != 422 || len(page.Errors()) != 3 {
		t.Errorf("nothing decided: %d %v", page.Status, page.Errors())
	}
	if done := o.head.Post(one+"/decision", webtest.With(o.head.Get(one).Form(one+"/decision"), "outcome", "agreed", "note", "She was at the dentist", "reasons", "The letter was seen")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if page := o.deputy.Post(one+"/decision", stale); page.Status != 409 || !strings.Contains(page.Says(), "Somebody has dealt with this") {
		t.Errorf("too late: %d", page.Status)
	}
	if says := visitor.Get(strings.TrimSuffix(path, "/corrections")).Says(); !strings.Contains(says, "She was at the dentist") || !strings.Contains(says, "Decided by Hal Head") {
		t.Error(says)
	}
	plan := o.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) values ($1, 'termly', 'primary', 1, 2026, 'autumn', $2, $3) returning id`, o.child, worker.ID, webtest.Now)
	if says := visitor.Get(strings.TrimSuffix(path, "/corrections") + "/peps/" + webtest.Number(plan) + "/print").Says(); !strings.Contains(says, "She was at the dentist") {
		t.Error("the paper of a plan does not say it")
	}
	if other := o.As(o.Person(access.SocialWorker, "Olu Other")).Get(one); other.Status != 404 {
		t.Errorf("another social worker: %d", other.Status)
	}
}

func TestARestrictionHoldsUntilItIsLifted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := strings.TrimSuffix(o.path, "/subject-access") + "/corrections"
	id := o.ID(`insert into correction (child_id, kind, about, record_says, person_says, asked_by, asked_name, asked_on, recorded_by, recorded_at)
		values ($1, 'restriction', 'notes', '', 'Stop it', 'parent', 'P', '2026-11-20', 1, $2) returning id`, o.child, webtest.Now)
	one := path + "/" + webtest.Number(id)
	if says := o.head.Get(strings.TrimSuffix(path, "/corrections")).Says(); !strings.Contains(says, "Its use is stopped while it is looked into") {
		t.Error(says)
	}
	if done := o.head.Post(one+"/decision", webtest.With(o.head.Get(one).Form(one+"/decision"), "outcome", "agreed", "note", "Not used", "reasons", "r")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if page := o.head.Post(one+"/lifting", o.head.Get(one).Form(one+"/lifting")); page.Status != 422 {
		t.Errorf("lifted without a reason: %d", page.Status)
	}
	if done := o.head.Post(one+"/lifting", webtest.With(o.head.Get(one).Form(one+"/lifting"), "lifted_why", "It was looked into")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if says := o.head.Get(one).Says(); !strings.Contains(says, "Restriction lifted") {
		t.Error(says)
	}
}
