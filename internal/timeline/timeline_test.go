package timeline_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/timeline"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

type house struct {
	*pgtest.Facts
	t     *testing.T
	db    *postgres.DB
	child int64
	by    int64
}

// build gives one child one of everything that can happen.
func build(t *testing.T) *house {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) })
	h := &house{t: t, db: db, Facts: pgtest.NewFacts(t, db)}
	h.by = h.ID(`insert into account (email, name, role, state, created_at) values ('ann@timeline.test', 'Ann Advisor', 'advisor', 'active', '2026-01-01') returning id`)
	oak := h.ID(`insert into setting (urn, name, source) values (100001, 'Oak', 'gias') returning id`)
	h.child = h.ID(`insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('T1', '2014-01-05', '2026-01-01', '2026-01-01') returning id`)
	h.Exec(`insert into care_period (child_id, period, end_code, source) values ($1, '[2020-01-06,2020-06-01)', 'E4A', '903'), ($1, '[2024-03-04,)', null, '903')`, h.child)
	h.Exec(`insert into legal_status (child_id, code, period, source) values ($1, 'C2', '[2024-03-04,)', '903')`, h.child)
	h.Exec(`insert into placement (child_id, code, in_authority, period, source) values ($1, 'U6', false, '[2024-03-04,)', '903')`, h.child)
	h.Exec(`insert into care_review (child_id, held_on, participation_code, source) values ($1, '2024-03-25', 'PN1', '903')`, h.child)
	h.Exec(`insert into roll (child_id, setting_id, kind, period, end_reason, source) values ($1, $2, 'main', '[2024-09-02,2026-07-20)', 'moved house', 'entered')`, h.child, oak)
	h.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'dual', '[2026-09-02,)', 'roll')`, h.child, oak)
	h.Exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'advisor', '[2024-03-04,)', 'test')`, h.child, h.by)
	plan := h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) values ($1, 'termly', 'primary', 1, 2026, 'autumn', $2, '2026-10-01') returning id`, h.child, h.by)
	h.Exec(`insert into pep_event (pep_id, child_id, event, words, account_id, at) values ($1, $2, 'started', '', $3, '2026-10-01 09:00Z'), ($1, $2, 'returned', 'Targets need a measure', $3, '2026-10-20 13:30Z')`, plan, h.child, h.by)
	h.Exec(`insert into premium_year (financial_year) values (2026)`)
	ask := h.ID(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		values ($1, $2, 2026, 'literacy', 'Books', 'Reads', 45000, $3, '2026-10-10') returning id`, h.child, oak, h.by)
	h.Exec(`insert into premium_event (request_id, child_id, event, amount_pence, account_id, at) values ($1, $2, 'asked', 45000, $3, '2026-10-10')`, ask, h.child, h.by)
	h.Exec(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at) values ($1, $2, 'suspension', '2026-09-21', 3, '{DB,VA}', $3, '2026-09-22')`, h.child, oak, h.by)
	h.Exec(`insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, source, as_at, recorded_by, recorded_at)
		values ($1, $2, 2026, 'A1', 70, 66, 2, 2, 'School register', '2026-10-23', $3, '2026-10-26')`, h.child, oak, h.by)
	h.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '2026-11-02', 'success', 'Won the reading prize', $2, '2026-11-03')`, h.child, h.by)
	return h
}

func TestAMeetingSaysItsDayOnceAndWhatWasReplacedIsLeftOut(t *testing.T) {
	t.Parallel()
	h := build(t)
	plan := h.ID(`select id from pep`)
	h.Exec(`insert into pep_event (pep_id, child_id, event, words, account_id, at) values ($1, $2, 'meeting_set', '16 November 2026', $3, '2026-11-05 09:00Z'),
		($1, $2, 'meeting_held', '16 November 2026', $3, '2026-11-16 15:00Z'), ($1, $2, 'meeting_held', '13 November 2026', $3, '2026-11-17 15:00Z'), ($1, $2, 'superseded', '', $3, '2026-11-18 09:00Z')`, plan, h.child, h.by)
	var got []string
	for _, item := range h.read(h.ann(), timeline.For(h.ann())).Items() {
		if item.Kind == "pep" && item.Day.Month == time.November {
			got = append(got, item.Title+": "+item.Words)
		}
	}
	want := []string{"Autumn 2026/27 PEP meeting held: 13 November 2026", "Autumn 2026/27 PEP meeting held: ", "Autumn 2026/27 PEP meeting planned: 16 November 2026"}
	if !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
}

func (h *house) read(actor access.Actor, o timeline.Options) timeline.Timeline {
	h.t.Helper()
	var batch postgres.Batch
	var happened timeline.Timeline
	timeline.Queue(&batch, &happened, h.child, o)
	if batch.Len() != 1 {
		h.t.Errorf("%d statements; want 1", batch.Len())
	}
	if err := h.db.View(h.t.Context(), actor, &batch); err != nil {
		h.t.Fatal(err)
	}
	return happened
}

func (h *house) ann() access.Actor {
	return access.Actor{ID: h.by, Name: "Ann Advisor", Role: access.Advisor}
}

func titles(items []timeline.Item) []string {
	var list []string
	for _, item := range items {
		list = append(list, item.Title)
	}
	return list
}

func TestEverythingThatHappened(t *testing.T) {
	t.Parallel()
	h := build(t)
	items := h.read(h.ann(), timeline.For(h.ann())).Items()
	want := []string{
		"Success",
		"Attendance recorded: Autumn, first half, 2026/27",
		"Autumn 2026/27 PEP returned to be corrected",
		"Asked: Literacy, £450.00",
		"Autumn 2026/27 PEP started",
		"Suspension of 1.5 days from Oak",
		"Started at Oak as a second school",
		"Left Oak",
		"Started at Oak",
		"Care review held",
	}
	got := titles(items)
	if len(got) != 15 || !slices.Equal(got[:10], want) {
		t.Fatalf("%d items:\n%s", len(got), strings.Join(got, "\n"))
	}
	for _, title := range []string{"Came into care", "Left care"} {
		if !slices.Contains(got, title) {
			t.Errorf("nothing says %q", title)
		}
	}
	for _, item := range items {
		if item.When == "" || item.Machine() == "" || item.Title == "" {
			t.Errorf("%+v", item)
		}
	}
	returned := items[2]
	if returned.Words != "Targets need a measure" || returned.When != "20 October 2026 at 2:30pm" || returned.By != "Ann Advisor" || !strings.Contains(returned.Href, "/peps/") {
		t.Errorf("%+v", returned)
	}
	if items[1].Words != "94.3% at Oak: 66 of 70 sessions" || items[1].Source != "School register" {
		t.Errorf("%+v", items[1])
	}
	if !strings.Contains(items[5].Words, "Persistent or general disruptive behaviour") || items[7].Words != "moved house" || items[6].Source != "Roll file" || items[9].Source != "903 return" {
		t.Errorf("%+v", items[5:10])
	}
}

func TestOnlyWhatTheReaderMaySee(t *testing.T) {
	t.Parallel()
	h := build(t)
	for role, c := range map[access.Role]struct {
		count  int
		hidden []string
	}{
		access.Advisor:          {15, nil},
		access.School:           {11, []string{"Success", "Legal status", "Moved to", "Care review"}},
		access.ReviewingOfficer: {14, []string{"Asked"}},
		access.DataOfficer:      {11, []string{"Success", "PEP", "Asked"}},
		access.SupportAdvisor:   {12, []string{"Legal status", "Moved to", "Care review"}},
	} {
		got := titles(h.read(h.ann(), timeline.For(access.Actor{ID: 1, Role: role})).Items())
		if len(got) != c.count {
			t.Errorf("%s: %d items; want %d: %v", role, len(got), c.count, got)
		}
		for _, title := range got {
			for _, word := range c.hidden {
				if strings.Contains(title, word) {
					t.Errorf("%s reads %q", role, title)
				}
			}
		}
	}
	for _, item := range h.read(h.ann(), timeline.For(access.Actor{ID: 1, Role: access.School})).Items() {
		if item.Title == "Left care" && item.Words != "" {
			t.Errorf("a school reads why care ended: %q", item.Words)
		}
	}
	stranger := access.Actor{Role: access.Advisor, ID: h.ID(`insert into account (email, name, role, state, created_at) values ('bob@timeline.test', 'Bob', 'advisor', 'active', '2026-01-01') returning id`)}
	if items := h.read(stranger, timeline.For(stranger)).Items(); len(items) != 0 {
		t.Errorf("a stranger reads %v", titles(items))
	}
}

func TestPagesMissAndRepeatNothing(t *testing.T) {
	t.Parallel()
	h := build(t)
	h.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) select $1, '2026-10-26', 'call', n::text, $2, '2026-10-27' from generate_series(1, 20) n`, h.child, h.by)
	all := timeline.For(h.ann())
	all.Limit = 100
	whole := h.read(h.ann(), all)
	if whole.More() || !whole.Next().IsZero() || len(whole.Items()) != 35 {
		t.Fatalf("%d items", len(whole.Items()))
	}
	var paged []timeline.Item
	o := timeline.For(h.ann())
	o.Limit = 4
	for range 20 {
		page := h.read(h.ann(), o)
		paged = append(paged, page.Items()...)
		if !page.More() {
			break
		}
		o.Before = timeline.ParseCursor(page.Next().String())
	}
	same := slices.EqualFunc(whole.Items(), paged, func(a, b timeline.Item) bool { return a.Title == b.Title && a.Words == b.Words })
	if !same {
		t.Errorf("whole %v\npaged %v", titles(whole.Items()), titles(paged))
	}
	for _, text := range []string{"", "x", "12", "-", "9223372036854775807-a", "1-a\x00", "1-\xff", "1-note' or true", "1-" + strings.Repeat("a", 50)} {
		if !timeline.ParseCursor(text).IsZero() {
			t.Errorf("%q is a cursor", text)
		}
	}
}

func TestTimesWithLessThanFullTimeEducation(t *testing.T) {
	t.Parallel()
	h := build(t)
	oak := h.ID(`select id from setting`)
	reduced := h.ID(`insert into reduced_timetable (child_id, setting_id, starts_on, ended_on, outcome, hours, full_hours, reason, recorded_by, recorded_at)
		values ($1, $2, '2026-11-04', '2026-11-18', 'full_time', 900, 1500, 'anxiety', $3, '2026-11-04') returning id`, h.child, oak, h.by)
	h.Exec(`insert into reduced_timetable_review (timetable_id, child_id, held_on, outcome, was_hours, hours, words, recorded_by, recorded_at) values
		($1, $2, '2026-11-11', null, 750, 900, 'Going well', $3, '2026-11-11'), ($1, $2, '2026-11-18', 'full_time', 900, 900, 'In all lessons', $3, '2026-11-18')`, reduced, h.child, h.by)
	farm := h.ID(`insert into provision (child_id, place, registration, arranged_by, starts_on, ended_on, hours, recorded_by, recorded_at) values ($1, 'Farm', 'registered', 'council', '2026-11-05', '2026-11-20', 600, $2, '2026-11-05') returning id`, h.child, h.by)
	h.Exec(`insert into provision_check (provision_id, child_id, checked_on, checked_by, safe, finding, words, recorded_by, recorded_at) values ($1, $2, '2026-11-12', 'Vi Visitor', true, 'weak', 'Nothing taught', $3, '2026-11-12')`, farm, h.child, h.by)
	h.Exec(`insert into place_step (child_id, kind, taken_on, school, words, mistaken, recorded_by, recorded_at) values ($1, 'refused', '2026-11-13', 'Elm High', 'Full', false, $2, '2026-11-13'),
		($1, 'asked', '2026-11-10', 'Oak', '', true, $2, '2026-11-10')`, h.child, h.by)
	want := []string{"Alternative provision ended at Farm", "Reduced timetable reviewed: back to full time", "Place refused: Elm High", "Alternative provision checked, Farm: not good enough",
		"Reduced timetable reviewed: goes on with 15 of 25 hours", "Alternative provision began at Farm, 10 hours a week", "Reduced timetable at Oak: 12.5 of 25 hours a week"}
	if got := titles(h.read(h.ann(), timeline.For(h.ann())).Items())[:len(want)]; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	without := timeline.For(h.ann())
	without.Places = false
	if got := titles(h.read(h.ann(), without).Items()); slices.Contains(got, "Place refused: Elm High") {
		t.Error("who may not see the search for a place reads its steps")
	}
}
