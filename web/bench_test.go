package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// BenchmarkPages measures the caseload, the child's page and the fullest plan against the limit, side by side and in
// turn, at 1 and 16 connections, with 2,000 children in care: requests a second, the share of the
// limit (design bar: 0.5), and what row-level security costs (bar: a quarter). The limit is a bare
// handler: net/http, a pool, one session look-up, one prepared batch of the page's own queries past
// every policy, and the page's bytes written straight out.
func BenchmarkPages(b *testing.B) {
	site := webtest.New(b)
	advisor := crowd(site, 2000)
	child := site.ID(`select min(child_id) from allocation where account_id = $1`, advisor.ID)
	plan := fullestPlan(b, site, child, advisor.ID)
	busyLedger(site, 50_000)
	openRequests(site)
	head := site.As(site.Person(access.Head, "Hal Head"))
	for _, page := range []struct {
		name, path string
		visitor    *webtest.Visitor
	}{
		{"caseload", "/children", site.As(advisor)},
		{"child", fmt.Sprintf("/children/%d", child), site.As(advisor)},
		{"plan", fmt.Sprintf("/children/%d/peps/%d", child, plan), site.As(advisor)},
		{"year", "/premium/years/looked-after/2026", head},
		{"reports", "/premium/reports", head},
		{"impact", "/premium/impact", head},
		{"queue", "/premium/requests", head},
	} {
		walled := page.visitor
		sample := walled.Get(page.path)
		if sample.Status != http.StatusOK {
			b.Fatalf("%s: %d", page.path, sample.Status)
		}
		queries := site.CostOf(walled, page.path).Own()
		theirs := site.Text(`select array_agg(child_id)::text from allocation where account_id = $1`, advisor.ID)
		limit := httptest.NewServer(bare(b, site.AdminURL(), theirs, queries, sample.Body))
		for _, connections := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", page.name, connections), func(b *testing.B) {
				client := walled.Client()
				client.Transport = &http.Transport{MaxIdleConnsPerHost: connections}
				load(client, site.HTTP.URL+page.path, connections, time.Second)
				var ours, bare, open []float64
				for range 5 {
					bare = append(bare, load(http.DefaultClient, limit.URL, connections, time.Second))
					ours = append(ours, load(client, site.HTTP.URL+page.path, connections, time.Second))
					site.Walls(false)
					load(client, site.HTTP.URL+page.path, connections, 200*time.Millisecond)
					open = append(open, load(client, site.HTTP.URL+page.path, connections, time.Second))
					site.Walls(true)
					load(client, site.HTTP.URL+page.path, connections, 200*time.Millisecond)
				}
				b.ReportMetric(median(ours), "page/s")
				b.ReportMetric(median(bare), "limit/s")
				b.ReportMetric(median(ours)/median(bare), "of-limit")
				b.ReportMetric(100*(1-median(ours)/median(open)), "%-for-policies")
				b.ReportMetric(float64(len(queries)), "queries")
				b.ReportMetric(float64(len(sample.Body)), "bytes")
				b.ReportMetric(0, "ns/op")
			})
		}
		limit.Close()
	}
}

// The list writes its audit in the statement that reads it. The limit program writes none: there the
// part is a select that nobody reads, which the database leaves out.
var listAudit = regexp.MustCompile(`insert into audit_look \([^)]*\)\s*select (\$\d+), (\$\d+), id, (\$\d+), (\$\d+)`)

func withoutAudit(sql string) string {
	return listAudit.ReplaceAllString(sql, "select ${1}::timestamptz, ${2}::bigint, id, ${3}::text, ${4}::text")
}

// bare is the limit program. No policy holds its login, so it is told once a connection whose
// children the queries begin from.
func bare(b *testing.B, url, theirs string, queries []webtest.Query, body string) http.Handler {
	settings, err := pgxpool.ParseConfig(url)
	if err != nil {
		b.Fatal(err)
	}
	settings.MaxConns = 4
	settings.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `select set_config('app.children', $1, false), set_config('plan_cache_mode', 'force_generic_plan', false)`, theirs)
		return err
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), settings)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var data []byte
		if err := pool.QueryRow(r.Context(), `select data from session limit 1`).Scan(&data); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		batch := &pgx.Batch{}
		for _, query := range queries {
			batch.Queue(withoutAudit(query.SQL), query.Args...).Query(func(rows pgx.Rows) error {
				for rows.Next() {
					rows.RawValues()
				}
				return rows.Err()
			})
		}
		if err := pool.SendBatch(r.Context(), batch).Close(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		io.WriteString(w, body)
	})
}

// load asks for an address over so many connections for a while, and says how often a second it was answered.
func load(client *http.Client, url string, connections int, span time.Duration) float64 {
	var answered atomic.Int64
	var wait sync.WaitGroup
	started := time.Now()
	for range connections {
		wait.Go(func() {
			for time.Since(started) < span {
				answer, err := client.Get(url)
				if err != nil {
					panic(err)
				}
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if answer.StatusCode != http.StatusOK {
					panic(answer.Status)
				}
				answered.Add(1)
			}
		})
	}
	wait.Wait()
	return float64(answered.Load()) / time.Since(started).Seconds()
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// crowd fills the site with children in care, each with a school, people, plans, notes and figures;
// 25 of them are the advisor's.
func crowd(site *webtest.Site, children int) access.Actor {
	advisor := site.Person(access.Advisor, "Ann Advisor")
	site.Exec(`insert into account (email, name, role, state, created_at)
		select 'advisor' || n || '@example.test', 'Advisor Number ' || n, 'advisor', 'active', $1 from generate_series(1, $2::int / 25) n`, webtest.Now, children)
	site.Exec(`insert into setting (urn, name, authority_code, town, source) select 110000 + n, 'Primary School Number ' || n, '332', 'Dudley', 'gias' from generate_series(1, 100) n`)
	site.Exec(`insert into child (la_child_id, forename, surname, date_of_birth, sex, upn, upn_quality, created_at, updated_at)
		select 'C' || n, (array['Maya', 'Tom', 'Amira', 'Kofi', 'Zoë', 'Ela'])[1 + n % 6], (array['Okafor', 'Nowak', 'Smith-Jones', 'Begum', 'Reid'])[1 + n % 5] || n,
			date '2009-09-01' + (n * 37) % 4200, 'F', 'B80120000' || lpad((n % 10000)::text, 4, '0'), 'wrong_letter', $2, $2 from generate_series(1, $1::int) n`, children, webtest.Now)
	for _, table := range []string{
		`insert into care_period (child_id, period, source) select id, daterange((date '2025-09-01' - (id % 400)::int), null), '903' from child`,
		`insert into legal_status (child_id, code, period, source) select id, 'C2', daterange((date '2025-09-01' - (id % 400)::int), null), '903' from child`,
		`insert into placement (child_id, code, in_authority, period, source) select id, 'U6', id % 4 > 0, daterange((date '2025-09-01' - (id % 400)::int), null), '903' from child`,
		`insert into roll (child_id, setting_id, kind, period, source) select id, (select min(id) from setting where urn > 110000) + id % 100, 'main', '[2025-09-01,)', 'entered' from child`,
		`insert into sen_status (child_id, status, period, source) select id, (array['N', 'K', 'E'])[1 + id % 3], '[2025-09-01,)', 'entered' from child`,
		`insert into allocation (child_id, account_id, part, period, source) select c.id, (select min(id) from account where email like 'advisor%@example.test') + (row_number() over (order by c.id) - 1) / 25, 'advisor', '[2025-09-01,)', 'entered' from child c`,
		`insert into note (child_id, on_day, kind, words, written_by, written_at) select c.id, date '2026-11-01' - n * 20, 'call', 'Rang the school; all is well, reading group goes on.', 1, timestamptz '2026-11-01' - make_interval(days => n * 20) from child c, generate_series(1, 6) n`,
		`insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, source, as_at, recorded_by, recorded_at)
			select r.child_id, r.setting_id, y, h, 70, 66, 3, 1, 'school', '2026-10-23', 1, '2026-10-23' from roll r, (values (2025, 'A1'), (2025, 'A2'), (2025, 'Sp1'), (2025, 'Sp2'), (2025, 'Su1'), (2025, 'Su2'), (2026, 'A1')) t(y, h)`,
		`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at)
			select child_id, setting_id, 'suspension', '2026-10-05', 2, '{DB}', 1, '2026-10-05' from roll where child_id % 9 = 0`,
		`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, voice_words, started_by, started_at, submitted_by, submitted_at, signed_off_by, signed_off_at)
			select c.id, 'termly', 'primary', 1, t.y, t.term, 'draft', t.day, true, 'I like science and want to be a vet.', 1, t.day - 10, 1, t.day + 2, 1, t.day + 4
			from child c, (values (2025, 'autumn', date '2025-11-10'), (2025, 'spring', date '2026-02-10'), (2025, 'summer', date '2026-06-10')) t(y, term, day)`,
		`insert into pep_target (pep_id, child_id, position, area, what, measure, due_on) select p.id, p.child_id, n, 'literacy', 'Read a chapter book aloud each week', 'Two bands up', p.meeting_on + 90 from pep p, generate_series(1, 3) n`,
		`insert into pep_event (pep_id, child_id, event, account_id, at) select p.id, p.child_id, e, 1, p.started_at from pep p, unnest(array['started', 'meeting_held', 'submitted', 'signed_off']) e`,
		`update pep set state = 'signed_off'`,
		`analyze`,
	} {
		site.Exec(table)
	}
	advisor.ID = site.ID(`select account_id from allocation order by child_id limit 1`)
	return advisor
}
