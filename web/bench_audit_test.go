package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/web/webtest"
)

// BenchmarkAudit measures the pages of the audit with a year of a million rows, most of them looks, over
// 500 children and 40 people. Bar: a page of one child within 200 ms.
func BenchmarkAudit(b *testing.B) {
	site := webtest.New(b)
	child, person := million(site)
	head := site.As(site.Person(access.Head, "Hal Head"))
	for _, page := range []struct{ name, path string }{
		{"child-changes", fmt.Sprintf("/children/%d/history", child)},
		{"child-looks", fmt.Sprintf("/children/%d/history?log=looks", child)},
		{"person-changes", fmt.Sprintf("/audit/people/%d", person)},
		{"person-looks", fmt.Sprintf("/audit/people/%d?log=looks", person)},
		{"everybody-changes", "/audit"},
		{"everybody-looks", "/audit?log=looks"},
		{"one-screen", "/audit?log=looks&screen=document"},
	} {
		if answer := head.Get(page.path); answer.Status != http.StatusOK || answer.Find("tbody tr").Length() != 50 {
			b.Fatalf("%s: %d with %d lines", page.path, answer.Status, answer.Find("tbody tr").Length())
		}
		b.Run(page.name, func(b *testing.B) {
			var slowest time.Duration
			for b.Loop() {
				started := time.Now()
				head.Get(page.path)
				slowest = max(slowest, time.Since(started))
			}
			b.ReportMetric(float64(slowest.Milliseconds()), "ms-slowest")
		})
	}
}

// BenchmarkCheck seals a year of a million rows and follows the chain over them, as doctor does. Bar: 60 s.
func BenchmarkCheck(b *testing.B) {
	site := webtest.New(b)
	million(site)
	for range 2 { // rows of transactions that still ran are left to the second
		if err := audit.Seal(b.Context(), site.DB); err != nil {
			b.Fatal(err)
		}
	}
	if sealed := site.ID(`select coalesce(sum(row_count), 0)::bigint from audit_seal`); sealed < 1_000_000 {
		b.Fatalf("%d rows are sealed", sealed)
	}
	for b.Loop() {
		if broken, err := audit.Check(b.Context(), site.DB); err != nil || len(broken) > 0 {
			b.Fatal(broken, err)
		}
	}
}

// million fills both logs with a year: 900,000 looks, a fifth of them lists of 25, and 100,000 changes.
func million(site *webtest.Site) (child, person int64) {
	site.Exec(`insert into account (email, name, role, state, created_at) select 'p' || n || '@example.test', 'Person Number ' || n, 'advisor', 'active', $1 from generate_series(1, 40) n`, webtest.Now)
	site.Exec(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at) select 'M' || n, 'Child', 'Number' || n, '2014-01-05', $1, $1 from generate_series(1, 500) n`, webtest.Now)
	child, person = site.ID(`select min(id) from child`), site.ID(`select min(id) from account where email like 'p%@example.test'`)
	for month := range 14 {
		site.Exec(`select audit_month(($1::timestamptz - make_interval(months => $2))::date)`, webtest.Now, month)
	}
	site.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select $1::timestamptz - n * interval '45 seconds', $3 + n % 40, $2 + (n::bigint * 7919) % 500, (array['child', 'timeline', 'plan', 'access', 'school'])[1 + n % 5], md5(n::text)
		from generate_series(1, 700000) n`, webtest.Now, child, person)
	site.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select $1::timestamptz - n * interval '1 hour', $3 + n % 40, $2 + (n * 31 + k) % 500, 'list', md5('l' || n) from generate_series(1, 8000) n, generate_series(1, 25) k`, webtest.Now, child, person)
	site.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select $1::timestamptz - n * interval '1 day' / 3, $3 + n % 40, $2 + n % 500, 'document', md5('d' || n) from generate_series(1, 1000) n`, webtest.Now, child, person)
	site.Exec(`insert into audit_change (at, account_id, child_id, subject, subject_id, action, before, after, request_id)
		select $1::timestamptz - n * interval '5 minutes', $3 + n % 40, $2 + (n::bigint * 7919) % 500, 'child', n, 'edited', '{"Surname": "Ash", "PreferredName": ""}', '{"Surname": "Oak", "PreferredName": "Ann"}', md5('c' || n)
		from generate_series(1, 100000) n`, webtest.Now, child, person)
	site.Exec(`analyze`)
	return child, person
}
