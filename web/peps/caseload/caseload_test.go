package caseload_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// town is Maya, whose plan is begun, and Late, who has none, with the people around them.
type town struct {
	*webtest.Site
	maya, late                           int64
	ada, bob                             access.Actor
	head, advisor, teacher, worker, data *webtest.Visitor
}

func open(t *testing.T) *town {
	t.Helper()
	h := &town{Site: webtest.New(t)}
	school := h.Setting("Elm Primary")
	h.maya, h.late = h.Child("Maya", "Okafor", "2017-03-02"), h.Child("Late", "Lomas", "2014-05-01")
	h.OnRoll(h.maya, school, "[2025-09-01,)")
	h.ada, h.bob = h.Person(access.Advisor, "Ada Advisor"), h.Person(access.Advisor, "Bob Other")
	worker := h.Person(access.SocialWorker, "Sam Worker")
	h.Allocate(h.maya, "advisor", h.ada, "[2026-01-01,)")
	h.Allocate(h.late, "advisor", h.bob, "[2026-01-01,)")
	h.Allocate(h.maya, "social_worker", worker, "[2026-01-01,)")
	h.Allocate(h.late, "social_worker", worker, "[2026-01-01,)")
	h.Exec(`update care_period set period = case child_id when $1 then daterange('2026-10-01', null) else daterange('2026-11-09', null) end`, h.late)
	h.head, h.advisor, h.worker = h.As(h.Person(access.Head, "Hal Head")), h.As(h.ada), h.As(worker)
	h.teacher, h.data = h.As(h.Teacher("Tia Teacher", school)), h.As(h.Person(access.DataOfficer, "Dan Data"))
	path := "/children/" + webtest.Number(h.maya) + "/peps/new"
	if begun := h.teacher.Post(path, h.teacher.Get(path).Form("/peps/new")); begun.Status != 303 {
		t.Fatalf("start: %d %v", begun.Status, begun.Errors())
	}
	return h
}

// picked is the address of a page about these children.
func picked(page string, children ...int64) string {
	query := url.Values{}
	for _, id := range children {
		query.Add("child", webtest.Number(id))
	}
	return page + "?" + query.Encode()
}

func TestTheListOfPlans(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`insert into pep_pause (child_id, period, reason, set_by, set_at) values ($1, '[2026-11-20,2026-12-01)', 'hospital', 1, '2026-11-20')`, h.maya)
	all := h.head.Get("/peps")
	if rows := all.Find("main tbody tr"); rows.Length() != 2 || !strings.Contains(rows.First().Text(), "Late Lomas") || !strings.Contains(rows.First().Text(), "Overdue") {
		t.Errorf("the longest overdue is not first: %s", all.Says())
	}
	for query, want := range map[string]string{
		"?due=overdue": "Late Lomas", "?due=week": "", "?due=term": "Maya Okafor", "?due=fortnight": "", "?state=in_progress": "Maya Okafor", "?state=due": "Late Lomas",
		"?term=2026-autumn&state=in_progress": "Maya Okafor", "?term=2026-autumn&signed=yes": "", "?school=none": "Late Lomas", "?advisor=none": "", "?kind=initial&state=due": "Late Lomas",
		"?paused=yes": "Maya Okafor", "?paused=no": "Late Lomas", "?advisor=" + webtest.Number(h.ada.ID): "Maya Okafor", "?year=8": "Late Lomas", "?sen=E": "", "?area=out": "",
	} {
		page := h.head.Get("/peps" + query)
		rows := page.Find("main tbody tr")
		if want == "" && rows.Length() != 0 || want != "" && (rows.Length() != 1 || !strings.Contains(rows.Text(), want)) {
			t.Errorf("%s shows: %s", query, rows.Text())
		}
		if csv := h.head.Get("/peps.csv" + query); strings.Count(csv.Body, "\n") != 1+rows.Length() {
			t.Errorf("%s downloads %s", query, csv.Body)
		}
	}
	if names := h.head.Get("/peps?sort=school").Find("main tbody tr").Last().Text(); !strings.Contains(names, "Maya") || !strings.Contains(names, "Paused") || !strings.Contains(names, "until 30 Nov 2026") {
		t.Errorf("by school the last is %s", names)
	}
	row := all.Find("main tbody tr").First().Text()
	if !strings.Contains(all.Find("main thead").Text(), "Advisor") || !strings.Contains(row, "Bob Other") || !strings.Contains(row, "29 Oct 2026") || !strings.Contains(row, "First PEP, 25 days ago") {
		t.Errorf("a head reads %q", row)
	}
	if mine := h.advisor.Get("/peps"); strings.Contains(mine.Find("main thead").Text(), "Advisor") || mine.Find(`select[name="advisor"]`).Length() != 0 {
		t.Errorf("an advisor reads whose caseload their own is: %s", mine.Says())
	}
	if mine := h.teacher.Get("/peps"); !strings.Contains(mine.Says(), "Maya Okafor") || strings.Contains(mine.Says(), "Lomas") || mine.Find(`input[name="child"]`).Length() != 0 {
		t.Errorf("a school's list: %s", mine.Says())
	}
	for path, who := range map[string]*webtest.Visitor{"/peps": h.data, "/peps.csv": h.worker, "/peps/remind": h.teacher, "/peps/completion": h.worker, "/peps/reassign": h.advisor} {
		if got := who.Get(path).Status; got != 403 {
			t.Errorf("%s: %d", path, got)
		}
	}
	for screen, least := range map[string]int64{"list of PEPs": 3, "list of PEPs downloaded": 3} {
		if looks := h.ID(`select count(*) from audit_look where child_id = $1 and screen = $2`, h.late, screen); looks < least {
			t.Errorf("%d looks at the child named: %s", looks, screen)
		}
	}
}

func TestPeopleAreRemindedOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	mails := func() int64 { return h.ID(`select count(*) from river_job where kind = 'notice'`) }
	page := h.head.Get("/peps/remind?all=yes")
	// The first plan is the social worker's to start and to convene: both children wait for one person.
	if rows := page.Find("main tbody tr"); rows.Length() != 1 || !strings.Contains(rows.Text(), "Sam Worker") || !strings.Contains(rows.Text(), "Late Lomas") || !strings.Contains(rows.Text(), "Maya Okafor") || mails() != 0 {
		t.Fatalf("the preview: %s, %d sent", page.Says(), mails())
	}
	form := page.Form("/peps/remind")
	sent := h.head.Post("/peps/remind", form)
	if flash := h.head.Get("/peps"); !strings.Contains(flash.Text(), "1 person was written to about 2 plans.") {
		t.Errorf("told: %s", flash.Says())
	}
	again := h.head.Post("/peps/remind", form)
	if sent.Status != 303 || again.Status != 303 || mails() != 1 {
		t.Fatalf("sent %d, again %d: %d mails", sent.Status, again.Status, mails())
	}
	words := h.Text(`select args::text from river_job where kind = 'notice'`)
	if !strings.Contains(words, "2 Personal Education Plans wait for you") || strings.Contains(words, "Maya") || strings.Contains(words, "Lomas") {
		t.Errorf("the mail: %s", words)
	}
	if n := h.ID(`select count(*) from pep_event where event = 'reminded' and words = 'Sam Worker'`); n != 1 {
		t.Errorf("%d plans say so; one is still to be begun", n)
	}
	if n := h.ID(`select count(*) from pep_reminder`); n != 2 {
		t.Errorf("%d reminders kept", n)
	}
	later := h.head.Get(picked("/peps/remind", h.maya, h.late))
	if !strings.Contains(later.Says(), "Reminded on 23 November 2026") || later.Find("main form").Length() != 0 {
		t.Errorf("the next day: %s", later.Says())
	}
	insisting := h.head.Get(picked("/peps/remind", h.maya) + "&again=yes")
	if done := h.head.Post("/peps/remind", insisting.Form("/peps/remind")); done.Status != 303 || mails() != 2 {
		t.Errorf("again all the same: %d, %d mails", done.Status, mails())
	}
	// Nobody reaches past their own children, and nothing is sent for nobody.
	others := h.advisor.Get(picked("/peps/remind", h.late))
	if strings.Contains(others.Says(), "Lomas") || others.Find("main form").Length() != 0 {
		t.Errorf("another advisor's child: %s", others.Says())
	}
	if forced := h.advisor.Post("/peps/remind", url.Values{"child": {webtest.Number(h.late)}, "again": {"yes"}}); forced.Status != 303 || mails() != 2 {
		t.Errorf("forced: %d, %d mails", forced.Status, mails())
	}
	if empty := h.head.Post("/peps/remind", url.Values{}); empty.Status != 422 {
		t.Errorf("with no child: %d", empty.Status)
	}
	if none := h.head.Get("/peps/remind"); none.Status != 200 || !strings.Contains(none.Says(), "No child was chosen") {
		t.Errorf("with no child: %s", none.Says())
	}
}

func TestChildrenAreGivenAnotherAdvisorTogether(t *testing.T) {
	t.Parallel()
	h := open(t)
	of := func(child int64) string {
		return h.Text(`select a.name from allocation x join account a on a.id = x.account_id where x.child_id = $1 and x.part = 'advisor' and x.period @> date '2026-11-23'`, child)
	}
	choice := h.head.Get(picked("/peps/reassign", h.maya, h.late))
	form := choice.Form("/peps/reassign")
	if unchosen := h.head.Post("/peps/reassign", form); unchosen.Status != 422 || len(unchosen.Errors()) != 1 {
		t.Errorf("nobody chosen: %d %v", unchosen.Status, unchosen.Errors())
	}
	preview := h.head.Post("/peps/reassign", webtest.With(form, "account", webtest.Number(h.ada.ID)))
	if preview.Status != 200 || !strings.Contains(preview.Says(), "Moves to Ada Advisor") || !strings.Contains(preview.Says(), "Stays: This person already does this") {
		t.Fatalf("%d %s", preview.Status, preview.Says())
	}
	if of(h.late) != "Bob Other" {
		t.Fatal("the preview moved a child")
	}
	confirm := preview.Form("/peps/reassign")
	if got := confirm["child"]; len(got) != 1 || got[0] != webtest.Number(h.late) {
		t.Fatalf("confirmed are %v", got)
	}
	// One who cannot be moved keeps all from moving.
	both := webtest.With(confirm)
	both["child"] = []string{webtest.Number(h.late), webtest.Number(h.maya)}
	if stuck := h.head.Post("/peps/reassign", both); stuck.Status != 409 || of(h.late) != "Bob Other" || !strings.Contains(stuck.Says(), "nothing was changed") {
		t.Errorf("%d: %s has %s", stuck.Status, stuck.Says(), of(h.late))
	}
	if done := h.head.Post("/peps/reassign", preview.Form("/peps/reassign")); done.Status != 303 || of(h.late) != "Ada Advisor" || of(h.maya) != "Ada Advisor" {
		t.Errorf("%d: %s", done.Status, of(h.late))
	}
	if wrong := h.head.Post("/peps/reassign", webtest.With(form, "account", "999999")); wrong.Status != 422 {
		t.Errorf("nobody there is: %d", wrong.Status)
	}
	if refused := h.advisor.Post("/peps/reassign", form); refused.Status != 403 {
		t.Errorf("an advisor: %d", refused.Status)
	}
}

func TestHowManyAreSignedOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	signed := h.Child("Sara", "Signed", "2015-01-09")
	h.Allocate(signed, "advisor", h.ada, "[2026-01-01,)")
	plan := h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, started_by, started_at, submitted_at, signed_off_by, signed_off_at)
		values ($1, 'termly', 'primary', 1, 2026, 'autumn', 'draft', '2026-11-10', true, 1, '2026-11-01', '2026-11-12', 1, '2026-11-13') returning id`, signed)
	h.Exec(`update pep set state = 'signed_off' where id = $1`, plan)
	page := h.head.Get("/peps/completion?by=advisor")
	text := page.Says()
	if !strings.Contains(text, "Autumn 2026/27: 33%, 1 of 3") {
		t.Errorf("of all: %s", text)
	}
	row := page.Find("main tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return strings.Contains(s.Text(), "Ada Advisor") && s.Find("a").Length() == 2
	})
	if row.Length() != 1 || !strings.Contains(row.Text(), "50%") || !strings.Contains(row.Text(), "Few") {
		t.Fatalf("by advisor: %s", text)
	}
	for n, want := range []string{"Sara Signed", "Maya Okafor"} {
		if list := h.head.Get(row.Find("a").Eq(n).AttrOr("href", "")).Find("main tbody tr"); list.Length() != 1 || !strings.Contains(list.Text(), want) {
			t.Errorf("behind the figure: %s", list.Text())
		}
	}
	for _, by := range []string{"school", "year", "sen", "area", "placement", "nonsense"} {
		if got := h.head.Get("/peps/completion?term=2026-autumn&by=" + by); got.Status != 200 || !strings.Contains(got.Find("tfoot").Text(), "33%") {
			t.Errorf("by %s: %d %s", by, got.Status, got.Says())
		}
	}
	if officer := h.data.Get("/peps/completion"); officer.Status != 200 || officer.Find(`main a[href^="/peps?"]`).Length() != 0 {
		t.Errorf("a data officer is led to lists: %d", officer.Status)
	}
	if mine := h.advisor.Get("/peps/completion"); !strings.Contains(mine.Says(), "50%, 1 of 2") {
		t.Errorf("an advisor's own: %s", mine.Says())
	}
}
