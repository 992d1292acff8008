package peps_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestACaseloadIsPrinted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.begin(t)
	second := h.Child("Leo", "Zephyr", "2016-05-05")
	h.OnRoll(second, h.ID(`select id from setting where name = 'Elm Primary'`), "[2025-09-01,)")
	h.Prints()
	list := h.teacher.Get("/peps")
	if link := list.Find(`a[href="/peps/prints/new"]`); strings.TrimSpace(link.Text()) != "Print these plans" {
		t.Error("the list does not lead to printing")
	}
	page := h.teacher.Get("/peps/prints/new")
	if says := page.Says(); !strings.Contains(says, "My caseload: 1 plan") || !strings.Contains(says, "1 child on the list has no plan yet") {
		t.Error(says)
	}
	form := page.Form("/peps/prints/new")
	started := h.teacher.Post("/peps/prints/new", form)
	if started.Status != 303 || !strings.HasPrefix(started.Location, "/peps/prints/") {
		t.Fatalf("%d to %s", started.Status, started.Location)
	}
	if again := h.teacher.Post("/peps/prints/new", form); again.Status != 303 || again.Location != started.Location {
		t.Errorf("sent twice: %d to %s", again.Status, again.Location)
	}
	anew := h.teacher.Get("/peps/prints/new").Form("/peps/prints/new")
	if busy := h.teacher.Post("/peps/prints/new", anew); busy.Status != 409 || !strings.Contains(busy.Says(), "being printed already") {
		t.Errorf("while one is under way: %d", busy.Status)
	}
	waiting := h.teacher.Get(started.Location)
	if waiting.Header.Get("Refresh") == "" || waiting.Find("progress").Length() != 1 || !strings.Contains(waiting.Says(), "0 of 1 plan printed") {
		t.Errorf("waiting: %s", waiting.Says())
	}
	run := h.ID(`select id from print_run`)
	if err := h.Options.Services.Printing.PrintNext(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	done := h.teacher.Get(started.Location)
	if done.Header.Get("Refresh") != "" || !strings.Contains(done.Says(), "1 plan printed") {
		t.Errorf("done: %s", done.Says())
	}
	file := h.teacher.Get(done.Find(`a[href$=".pdf"]`).AttrOr("href", ""))
	if file.Status != 200 || !strings.HasPrefix(file.Body, "%PDF-") || !strings.Contains(file.Body, "/Outlines") || strings.Contains(file.Header.Get("Content-Disposition"), "Maya") {
		t.Errorf("file: %d %s", file.Status, file.Header.Get("Content-Disposition"))
	}
	if screens := h.Text(`select string_agg(screen, ', ' order by at, id) from audit_look where child_id = $1 and screen like '%rinted%'`, h.child); screens != "PEP printed, printed PEPs downloaded" {
		t.Errorf("looks: %s", screens)
	}
	for who, visitor := range map[string]*webtest.Visitor{"colleague": h.colleague, "advisor": h.advisor, "worker": h.worker} {
		if other := visitor.Get(started.Location); other.Status != 404 {
			t.Errorf("%s opens somebody else's run: %d", who, other.Status)
		}
		if other := visitor.Get(started.Location + "/1.pdf"); other.Status != 404 {
			t.Errorf("%s fetches somebody else's file: %d", who, other.Status)
		}
	}
	h.Exec(`update roll set period = '[2025-09-01,2026-11-20)' where child_id = $1`, h.child)
	if gone := h.teacher.Get(started.Location); gone.Find(`a[href$=".pdf"]`).Length() != 0 || !strings.Contains(gone.Says(), "no longer yours to see") {
		t.Errorf("the child has left: %s", gone.Says())
	}
	if gone := h.teacher.Get(started.Location + "/1.pdf"); gone.Status != 403 {
		t.Errorf("the child has left: %d", gone.Status)
	}
	if mine := h.teacher.Get("/peps/prints").Says(); !strings.Contains(mine, "My caseload") || !strings.Contains(mine, "Ready") {
		t.Error(mine)
	}
	deleted := h.teacher.Post(started.Location+"/delete", h.teacher.Get(started.Location).Form("/delete"))
	if deleted.Status != 303 || h.teacher.Get(started.Location).Status != 404 {
		t.Errorf("deleted: %d", deleted.Status)
	}
}

func TestTheListAsItWasNarrowedIsPrinted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.begin(t)
	h.Prints()
	head := h.As(h.Person(access.Head, "Hal Head"))
	if page := head.Get("/peps/prints/new"); page.Find("input[type=radio]").Length() != 1 || !strings.Contains(page.Says(), "Everybody I work with: 1 plan") {
		t.Errorf("a head has no caseload: %s", page.Says())
	}
	page := head.Get("/peps/prints/new?state=in_progress&overdue=")
	if says := page.Says(); !strings.Contains(says, "The list as I narrowed it: 1 plan") || !strings.Contains(says, "State: In progress") {
		t.Fatal(says)
	}
	if started := head.Post("/peps/prints/new", page.Form("/peps/prints/new")); started.Status != 303 || h.Text(`select choice from print_run`) != "State: In progress" {
		t.Errorf("%d", started.Status)
	}
	if none := head.Get("/peps/prints/new?state=submitted"); !strings.Contains(none.Says(), "No plan to print") || none.Find("form[action$=new]").Length() != 0 {
		t.Error(none.Says())
	}
	if odd := h.advisor.Post("/peps/prints/new", url.Values{"which": {"all"}, "filters": {"%zz"}}); odd.Status != 422 {
		t.Errorf("no such choice: %d", odd.Status)
	}
}

func TestManyPlansWhereNoPDFIsMade(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.begin(t)
	for _, path := range []string{"/peps/prints", "/peps/prints/new"} {
		if page := h.worker.Get(path); page.Status != 200 || !strings.Contains(page.Says(), "printed one by one") {
			t.Errorf("%s: %d %s", path, page.Status, page.Says())
		}
	}
	if asked := h.worker.Post("/peps/prints/new", url.Values{"which": {"caseload"}}); asked.Status != 409 || !strings.Contains(asked.Says(), "cannot make PDF files") {
		t.Errorf("asked all the same: %d", asked.Status)
	}
}
