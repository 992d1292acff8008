package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/web/webtest"
)

// fullestPlan gives a child a plan with everything a plan can hold: every question answered, the most
// targets, actions and people, the last plan's targets reviewed, and a long history.
func fullestPlan(t testing.TB, site *webtest.Site, child, by int64) int64 {
	t.Helper()
	set, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	form, _ := set.Form("secondary", 1)
	var last int64
	for _, plan := range []struct{ term, day string }{{"spring", "2026-02-10"}, {"autumn", "2026-11-10"}} {
		last = site.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, next_meeting_on,
				voice_words, voice_how, voice_on, voice_with, started_by, started_at)
			values ($1, 'transition', $2, $3, 2026, $4, 'draft', $5::date, true, $5::date + 90, $6, 'in_person', $5::date, 'Tia Teacher', $7, $5::date - 20) returning id`,
			child, form.Name, form.Version, plan.term, plan.day, strings.Repeat("I like science and want to be a vet. ", 60), by)
		site.Exec(`insert into pep_target (pep_id, child_id, position, area, what, measure, baseline, owner, resource, due_on)
			select $1::bigint, $2, n, 'literacy', repeat('Read a chapter book aloud each week. ', 8), 'Two bands up by Easter', 'Band 4 in September', 'Mrs Reid', 'Paired reading twice a week', date '2027-02-01'
			from generate_series(1, $3::int) n`, last, child, pep.MostTargets)
		site.Exec(`insert into pep_action (pep_id, child_id, position, what, owner, due_on) select $1::bigint, $2, n, 'Ring the library about the reading group and tell the carer', 'Ann Advisor', date '2026-12-04' from generate_series(1, $3::int) n`, last, child, pep.MostActions)
		if plan.term == "spring" {
			site.Exec(`update pep set state = 'signed_off', submitted_by = $2, submitted_at = meeting_on + 2, signed_off_by = $2, signed_off_at = meeting_on + 4 where id = $1`, last, by)
		}
	}
	type row struct {
		Section  string       `json:"section"`
		Question string       `json:"question"`
		Value    forms.Answer `json:"value"`
	}
	var rows []row
	for _, section := range form.Sections {
		for question, answer := range formstest.Answers(section) {
			if answer.Text != "" && strings.HasPrefix(answer.Text, "About ") {
				answer.Text = strings.Repeat(answer.Text+", and how it has gone since. ", 30)
			}
			rows = append(rows, row{section.Key, question, answer})
		}
	}
	answers, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	site.Exec(`insert into pep_section (pep_id, child_id, section, state, completed_by, completed_at, saved_by, saved_at)
		select distinct $1::bigint, $2::bigint, x.section, 'complete', $4::bigint, timestamptz '2026-11-11', $4::bigint, timestamptz '2026-11-11'
		from (select section from jsonb_to_recordset($3::jsonb) r (section text) union select unnest(array['voice', 'meeting', 'reviews', 'targets', 'actions'])) x`, last, child, string(answers), by)
	site.Exec(`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at)
		select $1::bigint, $2, x.section, x.question, x.value, $4::bigint, timestamptz '2026-11-11' from jsonb_to_recordset($3::jsonb) x (section text, question text, value jsonb)`, last, child, string(answers), by)
	for _, sql := range []string{
		`insert into pep_attendee (pep_id, child_id, position, name, part, present) select id, child_id, n, 'Person Number ' || n, 'other', n % 4 > 0 from pep, generate_series(1, 30) n where id = $1`,
		`insert into pep_target_review (pep_id, child_id, target_id, outcome, note, reviewed_by, reviewed_at)
			select $1, child_id, id, 'partly', repeat('Reads more at home now. ', 10), 1, timestamptz '2026-11-11' from pep_target t where pep_id <> $1 and child_id = (select child_id from pep where id = $1)
				and pep_id = (select max(id) from pep p where p.child_id = t.child_id and p.id < $1)`,
		`insert into pep_event (pep_id, child_id, event, words, account_id, at) select id, child_id, 'meeting_set', 'Moved by a day', 1, started_at + n * interval '1 hour' from pep, generate_series(1, 20) n where id = $1`,
	} {
		site.Exec(sql, last)
	}
	return last
}
