package children_test

import (
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestListShowsWhomTheReaderWorksWith(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	advisor, head := site.Person(access.Advisor, "Ann Advisor"), site.Person(access.Head, "Hal Head")
	mine := site.Child("Maya", "Okafor", "2015-03-02")
	site.Child("Tom", "Other", "2014-01-02")
	site.Allocate(mine, "advisor", advisor, "[2026-01-01,)")

	page := site.As(advisor).Get("/children")
	if page.Status != 200 || !strings.Contains(page.Says(), "Maya Okafor") || strings.Contains(page.Says(), "Tom Other") {
		t.Fatalf("the advisor's list: %d %s", page.Status, page.Says())
	}
	page = site.As(head).Get("/children")
	if !strings.Contains(page.Says(), "Maya Okafor") || !strings.Contains(page.Says(), "Tom Other") {
		t.Fatalf("the head's list: %s", page.Says())
	}
}

func TestSearchForgivesSpellingAndKeepsNamesOutOfTheAddress(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	site.Child("Zoë", "Nowak-Okafor", "2015-03-02")
	site.Child("Tom", "Other", "2014-01-02")
	for _, typed := range []string{"zoe", "Nowak Okafor", "Novak", "okafor zoe", "LA1001"} {
		form := head.Get("/children").Form("/children/search")
		answer := head.Post("/children/search", webtest.With(form, "q", typed))
		if answer.Status != 303 || strings.Contains(strings.ToLower(answer.Location), "nowak") {
			t.Fatalf("%q: %d to %s", typed, answer.Status, answer.Location)
		}
		found := head.Get(answer.Location)
		if !strings.Contains(found.Says(), "Nowak-Okafor") || strings.Contains(found.Says(), "Tom Other") {
			t.Errorf("%q found: %s", typed, found.Says())
		}
	}
}

func TestNotYoursIsNotThere(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	advisor := site.As(site.Person(access.Advisor, "Ann Advisor"))
	other := site.Child("Tom", "Other", "2014-01-02")
	hidden := advisor.Get("/children/" + webtest.Number(other))
	missing := advisor.Get("/children/999999")
	if hidden.Status != 404 || hidden.Body != missing.Body {
		t.Fatalf("hidden %d, missing %d, same bytes %t", hidden.Status, missing.Status, hidden.Body == missing.Body)
	}
}

func TestChangingSchoolEndsTheFormerSchoolsSight(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	before, after := site.Setting("Old Hall Primary"), site.Setting("New Meadow School")
	was, is := site.As(site.Teacher("Olive Old", before)), site.As(site.Teacher("Nina New", after))
	maya := site.Child("Maya", "Okafor", "2015-03-02")
	site.OnRoll(maya, before, "[2025-09-01,)")
	path := "/children/" + webtest.Number(maya)
	if was.Get(path).Status != 200 || is.Get(path).Status != 404 {
		t.Fatal("before the move the old school sees the child and the new one does not")
	}
	form := head.Get(path + "/school?school=Meadow").Form("/school")
	answer := head.Post(path+"/school", webtest.With(form, append(webtest.Date("from", "23", "11", "2026"), "setting", webtest.Number(after))...))
	if answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if was.Get(path).Status != 404 || is.Get(path).Status != 200 {
		t.Error("after the move the new school sees the child and the old one does not")
	}
}

func TestEditKeepsWhatWasTypedAndShowsBothAfterAConflict(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	one, two := site.As(site.Person(access.Head, "Hal Head")), site.As(site.Person(access.Deputy, "Dee Deputy"))
	maya := site.Child("Maya", "Okafor", "2015-03-02")
	path := "/children/" + webtest.Number(maya) + "/edit"
	first, second := one.Get(path).Form("/edit"), two.Get(path).Form("/edit")

	wrong := one.Post(path, webtest.With(first, webtest.Date("date_of_birth", "31", "9", "2015")...))
	if wrong.Status != 422 || len(wrong.Errors()) != 1 || wrong.Form("/edit").Get("date_of_birth-day") != "31" {
		t.Fatalf("31 September: %d %v", wrong.Status, wrong.Errors())
	}
	if answer := one.Post(path, webtest.With(first, "surname", "Okafor-Reid")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	conflict := two.Post(path, webtest.With(second, "surname", "Okafor-Brown"))
	if conflict.Status != 409 || conflict.Form("/edit").Get("surname") != "Okafor-Brown" || !strings.Contains(conflict.Says(), "Okafor-Reid") {
		t.Fatalf("conflict: %d %s", conflict.Status, conflict.Says())
	}
	if answer := two.Post(path, conflict.Form("/edit")); answer.Status != 303 {
		t.Fatalf("after comparing: %d %v", answer.Status, answer.Errors())
	}
	found := one.Get("/children?q=Reid")
	if found = one.Get(found.Location); !strings.Contains(found.Says(), "Okafor-Brown") {
		t.Error("the former name no longer finds the child")
	}
}

func TestANoteSentTwiceIsWrittenOnce(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	maya := site.Child("Maya", "Okafor", "2015-03-02")
	path := "/children/" + webtest.Number(maya)
	form := webtest.With(head.Get(path+"/notes/new").Form("/notes"), "kind", "call", "words", "Rang the school.\n<script>alert(1)</script>")
	for range 2 {
		if answer := head.Post(path+"/notes", form); answer.Status != 303 {
			t.Fatalf("%d %v", answer.Status, answer.Errors())
		}
	}
	if n := site.ID(`select count(*) from note where child_id = $1`, maya); n != 1 {
		t.Errorf("%d notes", n)
	}
	changed := head.Post(path+"/notes", webtest.With(form, "words", "Something else"))
	if changed.Status != 409 {
		t.Errorf("the same form with other words: %d", changed.Status)
	}
}

func TestNobodyIsOverdueBeforeTheAgeOfPlans(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	site.Child("Bea", "Tiny", "2025-05-01")
	site.Child("Maya", "Okafor", "2015-03-02")
	page := site.As(site.Person(access.Head, "Hal Head")).Get("/children?pep=overdue")
	if says := page.Says(); !strings.Contains(says, "Maya Okafor") || strings.Contains(says, "Bea Tiny") {
		t.Errorf("overdue: %s", says)
	}
}

func TestDaysOfAPauseDoNotMakeAChildOverdue(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	fresh, met := site.Child("Fresh", "Start", "2015-03-02"), site.Child("Met", "Before", "2015-04-02")
	site.Exec(`update care_period set period = '[2026-10-20,)' where child_id = $1`, fresh) // the first plan was due on 17 November
	site.Exec(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2025, 'summer', 'draft', '2026-07-20', true, 1, '2026-07-01')`, met) // the next meeting, on 20 November
	late := func() (names string) {
		says := head.Get("/children?pep=overdue").Says()
		for _, name := range []string{"Fresh Start", "Met Before"} {
			if strings.Contains(says, name) {
				names += name + " "
			}
		}
		return names
	}
	if got := late(); got != "Fresh Start Met Before " {
		t.Fatalf("overdue without a pause: %q", got)
	}
	site.Exec(`insert into pep_pause (child_id, period, reason, set_by, set_at) select id, '[2026-09-01,2026-09-03)', 'court', 1, '2026-09-01' from child where id = $1`, met)
	if got := late(); got != "Fresh Start Met Before " {
		t.Errorf("two days put nothing off to today: %q", got)
	}
	site.Exec(`insert into pep_pause (child_id, period, reason, set_by, set_at) select id, '[2026-11-02,2026-11-16)', 'hospital', 1, '2026-11-02' from child`)
	if got := late(); got != "" {
		t.Errorf("overdue in spite of a pause: %q", got)
	}
}

func TestANoteIsReadWithoutBrackets(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	path := "/children/" + webtest.Number(site.Child("Maya", "Okafor", "2015-03-02"))
	form := webtest.With(head.Get(path+"/notes/new").Form("/notes"), "kind", "call", "words", "Rang. [[Her brother answered.]] All well.")
	if answer := head.Post(path+"/notes", webtest.With(form, "kind", "")); answer.Status != 422 || answer.Find("textarea[name=words]").Text() != "Rang. [[Her brother answered.]] All well." {
		t.Errorf("%d: the box keeps the brackets", answer.Status)
	}
	if answer := head.Post(path+"/notes", form); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	for _, page := range []string{path, path + "/timeline"} {
		shown := head.Get(page)
		if strings.Contains(shown.Body, "[[") || !strings.HasSuffix(strings.TrimSpace(shown.Find(".vs-passage").First().Text()), "(end of what is marked)") {
			t.Errorf("%s: %q", page, shown.Find(".vs-passage").Text())
		}
	}
}
