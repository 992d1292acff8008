package rights_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// approved is a record whose time is over, approved to be deleted.
func (o *office) approved(name string) (path string) {
	o.t.Helper()
	path = o.old(name, "1951-03-04")
	if done := o.head.Post(path+"/proposal", webtest.With(o.head.Get(path).Form(path+"/proposal"), "reason", "The archive does not want it")); done.Status != 303 {
		o.t.Fatalf("%d %v", done.Status, done.Errors())
	}
	if done := o.deputy.Post(path+"/decision", webtest.With(o.deputy.Get(path).Form(path+"/decision"), "outcome", "approved", "words", "The insurers agree")); done.Status != 303 {
		o.t.Fatalf("%d %v", done.Status, done.Errors())
	}
	return path
}

func TestARecordIsDeletedAndACertificateStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if says := o.head.Get("/rights/deletions").Says(); !strings.Contains(says, "No record has been deleted") {
		t.Error(says)
	}
	early := o.old("Early", "1951-03-05")
	if page := o.head.Get(early + "/deletion"); page.Find(`form[action="/rights/deletions"]`).Length() != 0 || !strings.Contains(page.Says(), "It is not approved to be deleted") {
		t.Error(page.Says())
	}
	path := o.approved("Olive")
	if o.head.Get(path).Find(`a[href="`+path+`/deletion"]`).Length() != 1 {
		t.Error("nothing leads to the deletion")
	}
	page := o.deputy.Get(path + "/deletion")
	reference := o.Text(`select la_child_id from child where forename = 'Olive'`)
	for _, want := range []string{"This cannot be undone", "Time in care", "Who looked and who changed", "What stays", "So that it is this record and no other: " + reference} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the confirmation does not say %q", want)
		}
	}
	form := page.Form("/rights/deletions")
	for name, typed := range map[string]string{"nothing": "", "another": "LA1", "a null byte": "a\x00b", "10,000 characters": strings.Repeat("é", 10_000), "markup": "<b>" + reference + "</b>"} {
		bad := o.deputy.Post("/rights/deletions", webtest.With(form, "reference", typed, "key", ""))
		if bad.Status != 422 || len(bad.Errors()) != 1 || strings.Contains(bad.Says(), "Yesteryear") || name != "a null byte" && bad.Form("/rights/deletions").Get("reference") != typed {
			t.Errorf("%s: %d %v", name, bad.Status, bad.Errors())
		}
	}
	for name, pairs := range map[string][]string{"no child": {"child", ""}, "an odd child": {"child", "x"}, "nobody": {"child", "999999"}, "a huge number": {"child", "99999999999999999999"}} {
		if bad := o.deputy.Post("/rights/deletions", webtest.With(form, append(pairs, "reference", reference, "key", "")...)); bad.Status != 404 {
			t.Errorf("%s: %d", name, bad.Status)
		}
	}
	if old := o.deputy.Post("/rights/deletions", webtest.With(form, "reference", reference, "version", "1", "key", "")); old.Status != 409 || old.Form("/rights/deletions").Get("reference") != reference {
		t.Errorf("from an old page: %d", old.Status)
	}
	if other := o.deputy.Post("/rights/deletions", webtest.With(form, "reference", reference, "child", strings.Split(early, "/")[2], "key", "")); other.Status != 409 {
		t.Errorf("a child who is not approved: %d", other.Status)
	}
	if o.ID(`select count(*) from child where forename in ('Olive', 'Early')`) != 2 {
		t.Fatal("something went")
	}
	sent := webtest.With(form, "reference", " "+strings.ToLower(reference)+" ")
	done := o.deputy.Post("/rights/deletions", sent)
	again := o.deputy.Post("/rights/deletions", sent)
	if done.Status != 303 || again.Status != 303 || !strings.HasPrefix(done.Header.Get("Location"), "/rights/deletions/") || again.Header.Get("Location") != done.Header.Get("Location") {
		t.Fatalf("%d %s, again %d %s", done.Status, done.Header.Get("Location"), again.Status, again.Header.Get("Location"))
	}
	if page := o.head.Get(path); page.Status != 404 {
		t.Errorf("the record is there: %d", page.Status)
	}
	for _, address := range []string{"/rights/deletions", done.Header.Get("Location")} {
		says := o.head.Get(address).Says()
		for _, want := range []string{"Certificate", "Was in care: kept until the 75th birthday"} {
			if !strings.Contains(says, want) {
				t.Errorf("%s does not say %q", address, want)
			}
		}
		if strings.Contains(says, "Olive") || strings.Contains(says, "Yesteryear") || strings.Contains(says, reference) {
			t.Errorf("%s names the child", address)
		}
	}
	if says := o.head.Get(done.Header.Get("Location")).Says(); !strings.Contains(says, "The insurers agree") || !strings.Contains(says, "regulation 50") {
		t.Error(says)
	}
	if n := o.ID(`select count(*) from deletion`); n != 1 {
		t.Errorf("%d certificates", n)
	}
}

func TestDeletingIsForTheHeadAndTheDeputy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := o.approved("Olive")
	form := o.head.Get(path + "/deletion").Form("/rights/deletions")
	for _, who := range []*webtest.Visitor{o.lead, o.As(o.Person(access.DataOfficer, "Dot Data"))} {
		for _, address := range []string{"/rights/deletions", path + "/deletion"} {
			if page := who.Get(address); page.Status != 403 {
				t.Errorf("%s: %d", address, page.Status)
			}
		}
		if page := who.Post("/rights/deletions", form); page.Status != 403 {
			t.Errorf("%d", page.Status)
		}
	}
	if o.lead.Get("/rights").Find(`a[href="/rights/deletions"]`).Length() != 0 || o.head.Get("/rights").Find(`a[href="/rights/deletions"]`).Length() != 1 {
		t.Error("the way there is shown to others than who may go")
	}
	for _, address := range []string{"/rights/deletions/99", "/rights/deletions/x", "/rights/deletions/0"} {
		if page := o.head.Get(address); page.Status != 404 {
			t.Errorf("%s: %d", address, page.Status)
		}
	}
}
