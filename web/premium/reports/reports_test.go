package reports_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/premiumtest"
	"virtualschool/web/webtest"
)

var update = flag.Bool("update", false, "write the golden file anew")

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// report is the table of the report itself, as its caption begins; others are of the chart and the ledger.
const report = "table:has(caption:contains('By '))"

// place is a site with two schools' children, one of whom is the advisor's.
type place struct {
	*webtest.Site
	book                *premiumtest.Book
	ash                 int64
	head, advisor, lead *webtest.Visitor
	ann                 access.Actor
	maya                int64
}

func newPlace(t *testing.T) *place {
	t.Helper()
	p := &place{Site: webtest.New(t)}
	p.ash = p.Setting(`=HYPERLINK("http://example.test")`)
	head, lead := p.Person(access.Head, "Hal Head"), p.Person(access.LeadAdvisor, "Lea Lead")
	p.ann = p.Person(access.Advisor, "Ann Advisor")
	p.head, p.lead, p.advisor = p.As(head), p.As(lead), p.As(p.ann)
	p.maya = p.Child("Maya", "Okafor", "2016-03-04")
	p.Allocate(p.maya, "advisor", p.ann, "[2025-09-01,)")
	p.book = &premiumtest.Book{T: t, DB: p.DB, Stream: ledger.LookedAfter, Year: 2026, Asker: lead, Decider: head}
	return p
}

func (p *place) spend() {
	p.book.Open(money.Pounds(20_000), money.Pounds(1000))
	request := p.book.Grant(premiumtest.Wish{Child: p.maya, Setting: p.ash, Category: "literacy", Amount: money.Pounds(1300)})
	p.book.Pay(request, p.maya, 1234_56)
	p.book.Recover(request, p.maya, 34_56)
	birch := p.Setting("Birch Primary")
	for n := range 6 {
		child := p.Child(fmt.Sprint("Tom", n), "Reid", "2016-03-04")
		p.book.Grant(premiumtest.Wish{Child: child, Setting: birch, Amount: money.Pounds(100)})
	}
	other := p.Child("Zoë", "Nowak", "2016-03-04")
	p.book.Ask(premiumtest.Wish{Child: other, Setting: p.Setting("Cedar Primary"), Amount: money.Pounds(40)})
	p.book.Move(ledger.Entry{From: "retained", To: "paid", Amount: money.Pounds(200)})
}

func TestReportsSayWhatTheLedgerSays(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	if says := p.head.Get("/premium/reports").Says(); !strings.Contains(says, "Nothing was asked for") {
		t.Errorf("before anything: %s", says)
	}
	p.spend()
	page := p.head.Get("/premium/reports")
	for _, want := range []string{"Pupil Premium Plus, 2026-27", "£1,940.00", "8 requests for 8 children", "£1,234.56", "£34.56 of it recovered", "Birch Primary", "Spent from the retained share£0.00£200.00", "In the ledger£665.44£1,434.56£34.56"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the report does not say %q: %s", want, page.Says())
		}
	}
	if strings.Contains(page.Says(), "may not see") {
		t.Error("nothing is hidden, and the page says so")
	}
	p.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, p.maya)
	if says := p.head.Get("/premium/reports").Says(); !strings.Contains(says, "About records you may not see£65.44£1,234.56£34.56") || !strings.Contains(says, "In the ledger£665.44£1,434.56") {
		t.Errorf("with a restricted record: %s", says)
	}
}

func TestReportsAreToldApartAndSorted(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.spend()
	for by, want := range map[string]string{"category": "Mentoring", "advisor": "Ann Advisor", "child": "Maya Okafor", "year": "2026-27", "grant": "Pupil Premium Plus", "nonsense": "Birch Primary"} {
		page := p.lead.Get("/premium/reports?by=" + by)
		if page.Status != 200 || !strings.Contains(page.Find(report).Text(), want) {
			t.Errorf("by %s: %d, no %q in %s", by, page.Status, want, page.Find(report).Text())
		}
	}
	first := func(query string) string {
		return p.head.Get("/premium/reports?" + query).Find(report + " tbody th").First().Text()
	}
	for query, want := range map[string]string{"sort=-children": "Birch Primary", "sort=-paid": "=HYPERLINK", "sort=-name": "Cedar Primary", "sort=paid": "Birch Primary", "by=child&sort=-approved": "Maya Okafor"} {
		if got := first(query); !strings.Contains(got, want) {
			t.Errorf("%s begins with %q, want %q", query, strings.TrimSpace(got), want)
		}
	}
	if says := p.head.Get("/premium/reports?year=2025").Says(); !strings.Contains(says, "Nothing was asked for") {
		t.Errorf("another year: %s", says)
	}
	if says := p.head.Get("/premium/reports?grant=post_16&year=all").Says(); !strings.Contains(says, "Nothing was asked for") || !strings.Contains(says, "Post-16 Pupil Premium Plus, all years") {
		t.Errorf("another grant: %s", says)
	}
	if page := p.head.Get("/premium/reports?by=grant"); page.Find("tfoot").Length() != 0 {
		t.Error("money of several grants is added up")
	}
	if href := p.head.Get("/premium/reports?by=child").Find(report+" tbody th a").First().AttrOr("href", ""); href != fmt.Sprintf("/children/%d/premium", p.maya) {
		t.Errorf("a child's line leads to %s", href)
	}
}

func TestAdvisorsSeeTheirOwnChildrens(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.spend()
	page := p.advisor.Get("/premium/reports?by=child")
	if says := page.Says(); !strings.Contains(says, "Maya Okafor") || strings.Contains(says, "Reid") || strings.Contains(says, "In the ledger") || !strings.Contains(says, "Of the children you work with.") {
		t.Errorf("the advisor's report: %s", says)
	}
	if file := p.advisor.Get("/premium/reports.csv?by=child"); file.Status != 200 || !strings.Contains(file.Body, "Okafor") || strings.Contains(file.Body, "Reid") {
		t.Errorf("the advisor's file: %s", file.Body)
	}
	for _, role := range []access.Role{access.SocialWorker, access.ReviewingOfficer, access.Colleague} {
		if page := p.As(p.Person(role, "Person "+string(role))).Get("/premium/reports.xlsx"); page.Status != 403 {
			t.Errorf("%s: %d", role, page.Status)
		}
	}
	if page := p.As(p.Teacher("Tia Teacher", p.ash)).Get("/premium/reports"); page.Status != 403 {
		t.Errorf("a teacher: %d", page.Status)
	}
}

// Whoever is named in a report is looked at, on screen and in the file.
func TestLooksAreKept(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.spend()
	looks := func(screen string) int64 {
		return p.ID(`select count(*) from audit_look where screen = $1`, screen)
	}
	p.head.Get("/premium/reports")
	p.head.Get("/premium/reports.csv")
	if looks("premium report")+looks("premium report downloaded") != 0 {
		t.Error("a report that names no child is a look at some")
	}
	p.head.Get("/premium/reports?by=child")
	p.advisor.Get("/premium/reports.xlsx?by=child")
	if screen, file := looks("premium report"), looks("premium report downloaded"); screen != 8 || file != 1 {
		t.Errorf("%d looks on screen and %d in the file, want 8 and 1", screen, file)
	}
}

func TestFileLooksAsItDid(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.spend()
	answer := p.head.Get("/premium/reports.csv?sort=-children")
	if got := answer.Header.Get("Content-Disposition"); got != `attachment; filename="premium-by-school-looked-after-2026-27.csv"` {
		t.Errorf("the file is called %s", got)
	}
	if *update {
		if err := os.WriteFile("testdata/by-school.csv", []byte(strings.ReplaceAll(answer.Body, "\r\n", "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/by-school.csv")
	if err != nil {
		t.Fatalf("%v (go test ./web/premium/reports -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), strings.ReplaceAll(answer.Body, "\r\n", "\n")); diff != "" {
		t.Errorf("the file has changed (-was +is):\n%s", diff)
	}
}

func TestExcelSaysTheSame(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.spend()
	answer := p.head.Get("/premium/reports.xlsx?by=child&sort=-paid")
	book, err := excelize.OpenReader(bytes.NewReader([]byte(answer.Body)))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"903 identifier", "Child", "Requests", "Asked", "Waiting", "Approved", "Not needed", "To be paid", "Paid", "Recovered"}; !cmp.Equal(want, rows[0]) {
		t.Errorf("headings %q", rows[0])
	}
	if want := []string{"LA1001", "Maya Okafor", "1", "1,300.00", "0.00", "1,300.00", "0.00", "65.44", "1,234.56", "34.56"}; !cmp.Equal(want, rows[1]) {
		t.Errorf("the first line %q", rows[1])
	}
	if len(rows) != 10 || rows[9][0] != "All" || rows[9][8] != "1,234.56" {
		t.Errorf("%d lines, the last %q", len(rows), rows[len(rows)-1])
	}
}

func TestLongReportsComeInPages(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.book.Open(money.Pounds(20_000), 0)
	for n := range 60 {
		p.book.Ask(premiumtest.Wish{Child: p.maya, Setting: p.Setting(fmt.Sprintf("School %02d", n)), Amount: money.Pounds(10)})
	}
	first, second := p.head.Get("/premium/reports"), p.head.Get("/premium/reports?page=2")
	if rows := first.Find(report).Find("tbody tr").Length(); rows != 50 || !strings.Contains(first.Says(), "60 schools") {
		t.Errorf("%d lines on the first page", rows)
	}
	if rows := second.Find(report).Find("tbody tr").Length(); rows != 10 {
		t.Errorf("%d lines on the second page", rows)
	}
	if foot := second.Find("tfoot").First().Text(); !strings.Contains(foot, "£600.00") {
		t.Errorf("the second page's total: %s", foot)
	}
	if page := p.head.Get("/premium/reports?page=99"); page.Status != 200 {
		t.Errorf("a page past the end: %d", page.Status)
	}
}
