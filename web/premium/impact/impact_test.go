package impact_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/premiumtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

type place struct {
	*webtest.Site
	book         *premiumtest.Book
	head, deputy *webtest.Visitor
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	head := p.Person(access.Head, "Hal Head")
	p.head, p.deputy = p.As(head), p.As(p.Person(access.Deputy, "Dee Deputy"))
	p.book = &premiumtest.Book{T: t, DB: p.DB, Stream: ledger.LookedAfter, Year: 2026, Asker: p.Person(access.LeadAdvisor, "Lea Lead"), Decider: head}
	return p
}

// fund gives £100 for a target of each of so many children, and says how all of them went; empty: not yet.
func (p *place) fund(children int, category, area, outcome string) {
	for range children {
		child := p.Child("Tom", "Reid", "2017-03-04")
		plan := p.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
			values ($1, 'termly', 'primary', 1, 2025, 'summer', 1, $2) returning id`, child, webtest.Now)
		target := p.ID(`insert into pep_target (pep_id, child_id, position, area, what) values ($1, $2, 1, $3, 'Read') returning id`, plan, child, area)
		p.book.Grant(premiumtest.Wish{Child: child, Target: target, Category: category, Amount: money.Pounds(100)})
		if outcome != "" {
			p.Exec(`insert into pep_target_review (pep_id, child_id, target_id, outcome, reviewed_by, reviewed_at) values ($1, $2, $3, $4, 1, $5)`, plan, child, target, outcome, webtest.Now)
		}
	}
}

func TestWhatTheMoneyBought(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if says := p.head.Get("/premium/impact").Says(); !strings.Contains(says, "Nothing to look back on yet") {
		t.Errorf("before anything: %s", says)
	}
	p.book.Open(money.Pounds(20_000), 0)
	p.fund(6, "one_to_one_tuition", "literacy", "met")
	p.fund(4, "one_to_one_tuition", "literacy", "not_met")
	p.fund(5, "one_to_one_tuition", "numeracy", "")
	page := p.head.Get("/premium/impact")
	for _, want := range []string{"60% of the targets that were reviewed were met (likely 31% to 83%)", "One target met cost £167 (likely £120 to £320)",
		"67%", "10 of 15; of the others nothing is known", "One-to-one tuition", "£1,500.00", "Not reviewed yet"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	if says := p.head.Get("/premium/impact?by=area").Says(); !strings.Contains(says, "Literacy") || !strings.Contains(says, "None reviewed") {
		t.Errorf("by area: %s", says)
	}
	for query, want := range map[string]string{"phase=secondary": "No targets here", "lives=out": "No targets here", "category=literacy": "No targets here", "year=2025": "No targets here", "grant=post_16": "No targets here",
		"phase=primary&lives=in&category=one_to_one_tuition&year=2026&by=phase": "60% of the targets", "by=sen": "No special educational need", "by=lives&phase=x&year=y": "In the authority"} {
		if says := p.head.Get("/premium/impact?" + query).Says(); !strings.Contains(says, want) {
			t.Errorf("%s does not say %q: %s", query, want, says)
		}
	}
}

func TestFewChildrenAreNotShown(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.book.Open(money.Pounds(20_000), 0)
	p.fund(4, "mentoring", "literacy", "met")
	if says := p.head.Get("/premium/impact").Says(); !strings.Contains(says, "Too few children to show") || strings.Contains(says, "£400") {
		t.Errorf("four children: %s", says)
	}
	p.fund(7, "one_to_one_tuition", "literacy", "met")
	p.fund(9, "small_group", "literacy", "met")
	page := p.head.Get("/premium/impact")
	rows := map[string]string{}
	for _, row := range page.Find("main table").Last().Find("tbody tr").EachIter() {
		rows[strings.TrimSpace(row.Find("th").Text())] = row.Find("td").Text()
	}
	if !strings.Contains(rows["Mentoring"], "Not shown") || !strings.Contains(rows["One-to-one tuition"], "Not shown") || !strings.Contains(rows["Small-group teaching"], "£900.00") {
		t.Errorf("rows %q", rows)
	}
	if strings.Contains(page.Body, "£400") || strings.Contains(page.Body, "£700") {
		t.Error("the page gives away what it does not show")
	}
}

func TestWhatHelpedIsBesideADecision(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.book.Open(money.Pounds(20_000), 0)
	child := p.Child("Maya", "Okafor", "2017-03-04")
	plan := p.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2026, 'autumn', 1, $2) returning id`, child, webtest.Now)
	target := p.ID(`insert into pep_target (pep_id, child_id, position, area, what) values ($1, $2, 1, 'literacy', 'Read') returning id`, plan, child)
	request := p.book.Ask(premiumtest.Wish{Child: child, Target: target, Amount: money.Pounds(100)})
	path := fmt.Sprintf("/children/%d/premium/%d/decision", child, request)
	p.fund(4, "small_group", "literacy", "met")
	if says := p.deputy.Get(path).Says(); !strings.Contains(says, "What helped children like this hereNot known yet: there are not 5 other children in primary") {
		t.Errorf("with four like her: %s", says)
	}
	p.fund(1, "small_group", "literacy", "met")
	p.fund(5, "one_to_one_tuition", "literacy", "partly")
	p.fund(9, "one_to_one_tuition", "numeracy", "met")
	says := p.deputy.Get(path).Says()
	for _, want := range []string{"Targets for literacy of other children in primary with the same SEN status", "Small-group teaching100% (5 of 5) 57% to 100%", "One-to-one tuition0% (0 of 5)"} {
		if !strings.Contains(says, want) {
			t.Errorf("the page does not say %q: %s", want, says)
		}
	}
}
