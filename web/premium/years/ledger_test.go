package years_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// The ledger is narrowed by what was done and when, and what is downloaded is what is shown, whole.
func TestTheLedgerIsNarrowedAndDownloaded(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	says(t, p.head.Get(looked+"/ledger"), "No money has moved in this year.", "0 transfers, £0.00")
	p.enter(t, p.head, "provisional", "10")
	done(t, send(p.head, looked+"/retained", looked+"/retained", "name-0", "Tuition", "amount-0", "1000.00"))
	for range 6 {
		done(t, send(p.deputy, looked+"/spending", looked+"/spending", "purpose", "1", "amount", "1.50", "what", "=Invoice"))
	}
	page := p.head.Get(looked)
	if rows := page.Find("#ledger tbody tr").Length(); rows != 5 {
		t.Errorf("%d lines on the year's page", rows)
	}
	if href := page.Find("#ledger .vs-section__actions a").First(); href.AttrOr("href", "") != looked+"/ledger" || !strings.Contains(href.Text(), "See all 8 transfers") {
		t.Errorf("the way to the ledger is %q", href.Text())
	}
	for query, want := range map[string]struct {
		rows  int
		words string
	}{
		"":                           {8, "8 transfers, £21,009.00"},
		"?kind=spend":                {6, "6 transfers, £9.00"},
		"?kind=income&month=2026-11": {1, "1 transfer, £20,000.00"},
		"?kind=income&month=2026-10": {0, "No transfer is like that"},
		"?kind=journal":              {0, "0 transfers, £0.00"},
		"?kind=x&month=x&page=x":     {8, "8 transfers, £21,009.00"},
		"?page=2":                    {0, "Nothing more that you may see."},
	} {
		page := p.head.Get(looked + "/ledger" + query)
		says(t, page, want.words)
		if rows := page.Find("main tbody tr").Length(); rows != want.rows || page.Status != 200 {
			t.Errorf("%s: %d with %d lines", query, page.Status, rows)
		}
	}
	file := p.head.Get(looked + "/ledger.csv?kind=spend").Body
	if lines := strings.Split(strings.TrimSpace(file), "\n"); len(lines) != 7 || !strings.Contains(lines[1], "Spending of the retained share,Retained,Paid,1.50,Tuition: =Invoice,,,Dee Deputy") {
		t.Errorf("the file: %s", file)
	}
	if book := p.head.Get(looked + "/ledger.xlsx"); book.Status != 200 || !strings.HasPrefix(book.Body, "PK") || !strings.Contains(book.Header.Get("Content-Disposition"), "ledger-looked-after-2026-27.xlsx") {
		t.Errorf("the book: %d %v", book.Status, book.Header)
	}
}

// Who may not see a child sees neither the entry nor less than the whole sum, and the file says what it lacks.
func TestARestrictedRecordIsInTheSumsAndNotInTheLines(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.enter(t, p.head, "provisional", "10")
	child := p.Child("Ada", "Hidden", "2016-03-04")
	p.Exec(`set session_replication_role = replica`)
	p.Exec(`insert into premium_transfer (stream, financial_year, from_account, to_account, kind, amount_pence, child_id, reason, idempotency_key, made_by, made_at, made_on)
		select 'looked_after', 2026, f.id, o.id, 'commit', 5000, $1, 'Approved', gen_random_uuid(), 1, now(), date '2026-11-02'
		from premium_account f, premium_account o where f.kind = 'pool' and o.kind = 'committed' and f.stream = 'looked_after' and o.stream = 'looked_after' and f.financial_year = 2026 and o.financial_year = 2026`, child)
	p.Exec(`insert into premium_month values ('looked_after', 2026, '2026-11-01', 'pool', 'committed', false, 1, 5000)`)
	p.Exec(`set session_replication_role = default`)
	lead := p.As(p.Person(access.LeadAdvisor, "Lea Lead"))
	if rows := lead.Get(looked + "/ledger?kind=commit").Find("main tbody tr").Length(); rows != 1 {
		t.Errorf("%d lines of a child they see", rows)
	}
	p.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, child)
	page := lead.Get(looked + "/ledger?kind=commit")
	says(t, page, "1 transfer, £50.00", "Nothing more that you may see.")
	if file := lead.Get(looked + "/ledger.csv?kind=commit").Body; !strings.Contains(file, "1 transfer about records you may not see,,,50.00") {
		t.Errorf("the file: %s", file)
	}
}
