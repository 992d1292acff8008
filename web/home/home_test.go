package home_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// town has two advisors, a school and three children: Maya has no plan, Tom no school, Zoe is a stranger's.
type town struct {
	*webtest.Site
	ann, bob, head, worker, teacher access.Actor
	maya, tom, zoe                  int64
	oak                             int64
}

func build(t *testing.T) *town {
	t.Helper()
	w := &town{Site: webtest.New(t)}
	w.oak = w.Setting("Oak Primary School")
	w.ann, w.bob = w.Person(access.Advisor, "Ann Advisor"), w.Person(access.Advisor, "Bob Advisor")
	w.head, w.worker = w.Person(access.Head, "Hal Head"), w.Person(access.SocialWorker, "Sue Worker")
	w.teacher = w.Teacher("Tess Teacher", w.oak)
	w.maya, w.tom, w.zoe = w.Child("Maya", "Okafor", "2016-03-02"), w.Child("Tom", "Reid", "2012-03-02"), w.Child("Zoe", "Secret", "2012-03-02")
	w.OnRoll(w.maya, w.oak, "[2025-09-01,)")
	w.OnRoll(w.tom, w.oak, "[2025-09-01,2026-11-05)")
	for _, child := range []int64{w.maya, w.tom} {
		w.Allocate(child, "advisor", w.ann, "[2025-09-01,)")
		w.Allocate(child, "social_worker", w.worker, "[2025-09-01,)")
	}
	w.Allocate(w.zoe, "advisor", w.bob, "[2025-09-01,)")
	return w
}

func TestHomeSaysWhatNeedsWhom(t *testing.T) {
	t.Parallel()
	w := build(t)
	for _, c := range []struct {
		who    access.Actor
		says   []string
		hushes []string
	}{
		{w.ann, []string{"What needs you today", "Maya Okafor", "Tom Reid", "Start the first PEP", "Find a school place", "Your children", "working days late"}, []string{"Zoe Secret"}},
		{w.bob, []string{"Zoe Secret"}, []string{"Maya Okafor", "Tom Reid"}},
		{w.head, []string{"Maya Okafor", "Tom Reid", "Zoe Secret", "Children in care", "Requests waiting", "PEPs signed off this term"}, nil},
		{w.worker, []string{"Start the first PEP", "Maya Okafor"}, []string{"Zoe Secret", "Requests waiting"}},
		{w.teacher, []string{"Your children", "Maya Okafor"}, []string{"Tom Reid", "Zoe Secret", "Requests waiting"}},
	} {
		page := w.As(c.who).Get("/")
		if page.Status != 200 {
			t.Fatalf("%s: %d", c.who.Name, page.Status)
		}
		for _, words := range c.says {
			if !strings.Contains(page.Says(), words) {
				t.Errorf("%s does not read %q: %s", c.who.Name, words, page.Says())
			}
		}
		for _, words := range c.hushes {
			if strings.Contains(page.Body, words) {
				t.Errorf("%s reads %q", c.who.Name, words)
			}
		}
		if title := page.Find("title").Text(); strings.Contains(title, "Maya") {
			t.Errorf("a name in the title: %q", title)
		}
		if page.Find("h1").Length() != 1 {
			t.Errorf("%d h1", page.Find("h1").Length())
		}
	}
	if n := w.ID(`select count(*) from audit_look where account_id = $1 and screen = 'home'`, w.ann.ID); n != 2 {
		t.Errorf("%d looks for the two children whose names ann saw", n)
	}
}

func TestTheDataOfficersDay(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.Exec(`update setting set as_at = '2026-09-30'`)
	w.Exec(`update child set forename = null, surname = null where id = $1`, w.tom)
	officer := w.As(w.Person(access.DataOfficer, "Dan Officer"))
	page := officer.Get("/")
	for _, words := range []string{"Without a name", "Add the child's name", "Schools register", "30 Sep 2026", "54 days ago"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("nothing says %q: %s", words, page.Says())
		}
	}
	if cost := w.CostOf(officer, "/"); cost.Trips > 3 || len(cost.Own()) > 16 {
		t.Errorf("%d round trips, %d statements: the session's, the page's and the looks' trip, and sixteen statements, are enough", cost.Trips, len(cost.Own()))
	}
}

func TestEachDutyExplainsItselfAndLeadsSomewhere(t *testing.T) {
	t.Parallel()
	w := build(t)
	visitor := w.As(w.ann)
	page := visitor.Get("/")
	if why := page.Find(".vs-why").Text(); !strings.Contains(why, "Where this comes from: ") {
		t.Errorf("no source in %q", why)
	}
	if code := regexp.MustCompile(`\bR\d`).FindString(page.Find(".vs-why").Text()); code != "" {
		t.Errorf("%q is a number that nobody outside knows", code)
	}
	links := page.Find(".vs-duty__what a")
	if links.Length() == 0 {
		t.Fatal("no links")
	}
	for i := range links.Length() {
		href := links.Eq(i).AttrOr("href", "")
		if answer := visitor.Get(href); answer.Status != 200 {
			t.Errorf("%s leads to %d", href, answer.Status)
		}
	}
}

func TestOnesOwnComesBeforeWhatIsToChase(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.Exec(`insert into premium_year (financial_year) values (2026)`)
	w.Exec(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, starts_on, asked_by, asked_at)
		values ($1, $2, 2026, 'literacy', 'Reading', 'Reads', 40000, '2026-11-20', $3, '2026-11-12T10:00Z')`, w.maya, w.oak, w.teacher.ID)
	headings := func(page *webtest.Page) string {
		return strings.Join(page.Find("main .vs-section h2").Map(func(_ int, h *goquery.Selection) string { return h.Text() }), "; ")
	}
	for _, c := range []struct {
		who  access.Actor
		want string
		lead string
	}{
		{w.head, "Yours to do: this week (2); To chase: overdue, and waiting for others (", "Nothing of your own is overdue; 2 this week; 5 to chase."},
		{w.ann, "Yours to do: overdue (1); To chase: overdue, and waiting for others (2)", "1 overdue, 0 this week; 2 to chase."},
		{w.worker, "Yours to do: overdue (2); To chase: overdue, and waiting for others (1)", "2 overdue, 0 this week; 1 to chase."},
		{w.Person(access.DataOfficer, "Dan Officer"), "This week (", "Nothing is overdue; "},
	} {
		page := w.As(c.who).Get("/")
		if got := headings(page); !strings.HasPrefix(got, c.want) || !strings.Contains(page.Says(), c.lead) {
			t.Errorf("%s: %s: %s", c.who.Name, got, page.Says())
		}
	}
	page := w.As(w.head).Get("/")
	if first := page.Find(".vs-duty").First().Text(); !strings.Contains(first, "Decide on £400.00") {
		t.Errorf("the head begins with %q", first)
	}
	if page.Find(".vs-duty:contains('Decide on £400.00')").Length() != 1 {
		t.Error("a duty stands in two groups")
	}
}

func TestNobodysDayIsEmptyKindly(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.Exec(`insert into bank_holiday values ('2026-12-25', 'Christmas Day', 'test')`)
	fresh := w.As(w.Person(access.Advisor, "New Advisor")).Get("/")
	if !strings.Contains(fresh.Says(), "Nothing needs you today") || !strings.Contains(fresh.Says(), "No child is allocated to you yet") {
		t.Error(fresh.Says())
	}
	done := w.Teacher("Done Teacher", w.Setting("Elm School"))
	if page := w.As(done).Get("/"); !strings.Contains(page.Says(), "No child in care is on roll at your school") {
		t.Error(page.Says())
	}
}

func TestTheWholeListAndItsFilters(t *testing.T) {
	t.Parallel()
	w := build(t)
	for n := range 60 {
		child := w.Child(fmt.Sprint("Many", n), "Child", "2014-03-02")
		w.OnRoll(child, w.oak, "[2025-09-01,)")
		w.Allocate(child, "advisor", w.bob, "[2025-09-01,)")
	}
	head := w.As(w.head)
	home := head.Get("/")
	if link := home.Find(`a[href="/work?when=overdue&whose=others"]`); link.Length() != 1 || home.Find(".vs-duty").Length() > 25 {
		t.Errorf("%d duties on the home page, %d links to the rest", home.Find(".vs-duty").Length(), link.Length())
	}
	first := head.Get("/work")
	if first.Status != 200 || first.Find(".vs-duty").Length() != 50 {
		t.Fatalf("%d duties on the first page", first.Find(".vs-duty").Length())
	}
	if second := head.Get("/work?page=2"); second.Find(".vs-duty").Length() == 0 || second.Find(`a[rel="prev"]`).Length() != 1 {
		t.Error("the second page is empty, or leads nowhere back")
	}
	chased := head.Get("/work?whose=others").Find(".vs-results__count").Text()
	if !strings.HasSuffix(chased, " things to do") || head.Get("/work?whose=others&when=later").Find(".vs-duty").Length() != 0 || head.Get("/work?whose=mine&when=overdue").Find(".vs-duty").Length() != 0 {
		t.Errorf("to chase is what is overdue and waits for others, and there are %s", chased)
	}
	if page := head.Get("/work?kind=find_school"); page.Find(".vs-duty").Length() != 2 || strings.Contains(page.Says(), "Maya Okafor") {
		t.Errorf("%d without a school", page.Find(".vs-duty").Length())
	}
	if page := head.Get("/work?advisor=" + webtest.Number(w.ann.ID)); strings.Contains(page.Find(".vs-duties").Text(), "Zoe") {
		t.Error("another advisor's child")
	}
	for _, odd := range []string{"/work?page=-4", "/work?page=99999999999999999999", "/work?when=never&kind=%00&school=%FF", "/work?advisor=x"} {
		if page := head.Get(odd); page.Status != 200 {
			t.Errorf("%s: %d", odd, page.Status)
		}
	}
	if page := head.Get("/work?when=never"); !strings.Contains(page.Says(), "Nothing on your list fits") {
		t.Error(page.Says())
	}
}

// What is to be chased for many children stands by kind, names nobody and leads to the names; so do many requests.
func TestWhatIsManyStandsByKind(t *testing.T) {
	t.Parallel()
	w := build(t)
	w.Exec(`insert into premium_year (financial_year) values (2026)`)
	for n := range 14 {
		child := w.Child(fmt.Sprint("Many", n), "Child", "2014-03-02")
		w.OnRoll(child, w.oak, "[2025-09-01,)")
		w.Allocate(child, "advisor", w.bob, "[2025-09-01,)")
		if n < 4 {
			w.Exec(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, starts_on, asked_by, asked_at)
				values ($1, $2, 2026, 'literacy', 'Reading', 'Reads', 40000, '2026-11-20', $3, '2026-11-12T10:00Z')`, child, w.oak, w.teacher.ID)
		}
	}
	page := w.As(w.head).Get("/")
	for _, want := range []string{"4 childrenWaiting since Thursday 12 November, 11 days ago", "Waiting for the", "Oldest: "} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the head does not read %q: %s", want, page.Says())
		}
	}
	if strings.Contains(page.Says(), "Many1") {
		t.Error("one of many is named")
	}
	if n := page.Find(`.vs-duty a[href="/premium/requests"]`).Length(); n != 1 {
		t.Errorf("%d lines lead to the requests", n)
	}
	links := page.Find(`.vs-duty__what a[href*="&kind="]`)
	if links.Length() == 0 {
		t.Fatal("no line stands for a kind")
	}
	links.Each(func(_ int, link *goquery.Selection) {
		list := w.As(w.head).Get(link.AttrOr("href", ""))
		count, _, _ := strings.Cut(list.Find(".vs-results__count").Text(), " ")
		if line := link.Closest(".vs-duty").Find(".vs-duty__who").Text(); !strings.Contains(line, count+" ") {
			t.Errorf("%s says %q and leads to %s", link.Text(), line, count)
		}
	})
	if page := w.As(w.ann).Get("/"); strings.Contains(page.Says(), "Oldest: ") {
		t.Errorf("a few stand each on its own line: %s", page.Says())
	}
}

// Who is away, who stands in and who is neither each read on the home page what holds today.
func TestHomeSaysWhoStandsIn(t *testing.T) {
	t.Parallel()
	w := build(t)
	deputy := w.Person(access.Deputy, "Dee Deputy")
	people := account.Service{DB: w.DB}
	if err := people.NameStandIn(t.Context(), w.head, account.Absence{For: deputy.ID, By: w.ann.ID, Starts: w.DB.Today(), Until: w.DB.Today().AddDays(4), Reason: "Leave"}); err != nil {
		t.Fatal(err)
	}
	if err := people.NameStandIn(t.Context(), w.head, account.Absence{For: w.head.ID, By: w.bob.ID, Starts: w.DB.Today().AddDays(2), Until: w.DB.Today().AddDays(4), Reason: "Leave"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who   access.Actor
		words string
	}{
		{w.ann, "You decide about Pupil Premium Plus for Dee Deputy, who is away until Friday 27 November"},
		{deputy, "Ann Advisor decides about Pupil Premium Plus for you until Friday 27 November"},
		{w.head, "Ann Advisor decides about Pupil Premium Plus for Dee Deputy until Friday 27 November"},
		{w.bob, ""},
		{w.teacher, ""},
	} {
		says := w.As(c.who).Get("/").Says()
		if c.words == "" && strings.Contains(says, "about Pupil Premium Plus for") || !strings.Contains(says, c.words) || strings.Contains(says, "Bob Advisor decides") {
			t.Errorf("%s reads: %s", c.who.Name, says)
		}
	}
}
