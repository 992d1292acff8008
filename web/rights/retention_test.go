package rights_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// old is somebody whose record's time is over, and where how long it is kept is decided.
func (o *office) old(name, born string) (path string) {
	o.t.Helper()
	id := o.Child(name, "Yesteryear", born)
	o.Exec(`update care_period set period = '[1960-01-01,1969-01-01)', end_code = 'E8' where child_id = $1`, id)
	return "/children/" + webtest.Number(id) + "/retention"
}

func TestTwoPeopleDecideThatARecordGoes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if says := o.head.Get("/rights/retention").Says(); !strings.Contains(says, "No record’s time is over, and none will be within a year") {
		t.Error(says)
	}
	path := o.old("Olive", "1951-03-04")
	o.old("Soon", "1952-03-04")
	list := o.head.Get("/rights/retention")
	for _, want := range []string{"The time of 1 record is over", "Olive Yesteryear", "Soon Yesteryear", "kept until the 75th birthday", "To decide", "What stays is a certificate without a name"} {
		if !strings.Contains(list.Says(), want) {
			t.Errorf("the list does not say %q", want)
		}
	}
	if n := o.ID(`select count(*) from audit_look where screen = 'list of records whose time is over'`); n != 2 {
		t.Errorf("%d looks are written down", n)
	}
	page := o.head.Get(path)
	if page.Find(`form[action$="/decision"]`).Length() != 0 || !strings.Contains(page.Says(), "regulation 50") {
		t.Error(page.Says())
	}
	if bad := o.head.Post(path+"/proposal", page.Form(path+"/proposal")); bad.Status != 422 || len(bad.Errors()) != 1 {
		t.Errorf("without a reason: %d %v", bad.Status, bad.Errors())
	}
	proposal := webtest.With(page.Form(path+"/proposal"), "reason", "The archive does not want it")
	if done := o.head.Post(path+"/proposal", proposal); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if page := o.head.Get(path); page.Find(`form[action$="/decision"]`).Length() != 0 || !strings.Contains(page.Says(), "You proposed this, so somebody else decides") {
		t.Error("who proposed is offered to decide")
	}
	decision := o.deputy.Get(path).Form(path + "/decision")
	if mine := o.head.Post(path+"/decision", webtest.With(decision, "outcome", "approved")); mine.Status != 403 {
		t.Errorf("who proposed decides: %d", mine.Status)
	}
	if bad := o.deputy.Post(path+"/decision", webtest.With(decision, "outcome", "refused")); bad.Status != 422 || bad.Form("/decision").Get("outcome") != "refused" {
		t.Errorf("refused without words: %d %v", bad.Status, bad.Errors())
	}
	if done := o.deputy.Post(path+"/decision", webtest.With(o.deputy.Get(path).Form(path+"/decision"), "outcome", "approved")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if says := o.head.Get("/rights/retention").Says(); !strings.Contains(says, "Approved") {
		t.Error(says)
	}
	if late := o.deputy.Post(path+"/decision", webtest.With(decision, "outcome", "refused", "words", "My own <b>words</b>", "key", "018f3b1e-0000-7000-8000-000000000001")); late.Status != 409 || !strings.Contains(late.Says(), "My own <b>words</b>") {
		t.Errorf("too late: %d", late.Status)
	}
	if done := o.head.Post(path+"/withdrawal", webtest.With(o.head.Get(path).Form(path+"/withdrawal"), "words", "A daughter wrote")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if says := o.head.Get(path).Says(); !strings.Contains(says, "A daughter wrote") || !strings.Contains(says, "Propose to delete it") {
		t.Error(says)
	}
}

func TestARecordIsHeld(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.old("Olive", "1951-03-04")
	held := func(pairs ...string) url.Values {
		form := webtest.With(o.head.Get(path).Form(path+"/hold"), "kind", "claim", "hold_reason", "Solicitors <b>wrote</b>")
		return webtest.With(webtest.With(form, webtest.Date("until", "1", "3", "2028")...), pairs...)
	}
	for name, pairs := range map[string][]string{
		"no kind": {"kind", ""}, "an odd kind": {"kind", "cat"}, "no words": {"hold_reason", " "}, "a null byte": {"hold_reason", "a\x00b"}, "10,000 characters": {"hold_reason", strings.Repeat("é", 10_000)},
		"yesterday": webtest.Date("until", "1", "1", "2020"), "31 September": webtest.Date("until", "31", "9", "2027"), "for ever": webtest.Date("until", "1", "1", "2199"),
	} {
		typed := held(pairs...)
		if page := o.head.Post(path+"/hold", typed); page.Status != 422 || len(page.Errors()) == 0 || page.Form(path+"/hold").Get("until-day") != typed.Get("until-day") {
			t.Errorf("%s: %d %v", name, page.Status, page.Errors())
		}
	}
	if done := o.head.Post(path+"/hold", held()); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	page := o.deputy.Get(path)
	if page.Find(`form[action$="/proposal"]`).Length() != 0 || !strings.Contains(page.Says(), "Solicitors <b>wrote</b>") {
		t.Error("what is held is offered to be deleted")
	}
	if says := o.head.Get("/rights/retention").Says(); !strings.Contains(says, "Held until 1 Mar 2028") {
		t.Error(says)
	}
	ending := page.Form(path + "/hold/end")
	if bad := o.deputy.Post(path+"/hold/end", ending); bad.Status != 422 || len(bad.Errors()) != 2 {
		t.Errorf("nothing chosen: %d %v", bad.Status, bad.Errors())
	}
	hold := page.Find(`input[name=hold]`).AttrOr("value", "")
	if done := o.deputy.Post(path+"/hold/end", webtest.With(ending, "hold", hold, "ended_why", "It is settled")); done.Status != 303 {
		t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if says := o.deputy.Get(path).Says(); !strings.Contains(says, "It is settled") || !strings.Contains(says, "Propose to delete it") {
		t.Error(says)
	}
}

func TestHowLongIsForTheHeadAndTheDeputy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.old("Olive", "1951-03-04")
	for _, address := range []string{"/rights/retention", path} {
		if page := o.lead.Get(address); page.Status != 403 {
			t.Errorf("%s by a lead advisor: %d", address, page.Status)
		}
	}
	if o.lead.Get("/rights").Find(`a[href="/rights/retention"]`).Length() != 0 || o.head.Get("/rights").Find(`a[href="/rights/retention"]`).Length() != 1 {
		t.Error("the way there is shown to others than who may go")
	}
	o.Exec(`insert into restriction (child_id, reason, period) select child_id, 'protection', '[2026-01-01,)' from care_period where lower(period) = '1960-01-01'`)
	if page := o.head.Get(path); page.Status != 404 {
		t.Errorf("a record restricted to others: %d", page.Status)
	}
	if says := o.head.Get("/rights/retention").Says(); strings.Contains(says, "Yesteryear") {
		t.Error("the list names a child whose record is restricted to others")
	}
	if page := o.As(o.Person(access.SocialWorker, "Sam Worker")).Get("/rights/retention"); page.Status != 403 {
		t.Errorf("a social worker: %d", page.Status)
	}
}
