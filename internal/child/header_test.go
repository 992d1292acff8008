package child_test

import (
	"fmt"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
)

// TestAGlimpseIsTheNameAndTheYear: the year in the database is the year of R1, on every side of 1 September.
func TestAGlimpseIsTheNameAndTheYear(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	guest := f.person(access.Colleague, "Bo Guest")
	for n, born := range []string{"2014-08-31", "2014-09-01", "2015-01-05", "2016-02-29", "2021-12-31", "2022-09-01", "2009-09-01"} {
		offset := n % 2
		id := f.number(`insert into child (la_child_id, forename, surname, preferred_name, upn, date_of_birth, year_offset, year_offset_reason, created_at, updated_at)
			values ($1, 'Alexandra', 'Moss', 'Lex', 'A123456789012', $2::text::date, $3, 'test', $4, $4) returning id`, fmt.Sprint("G", n), born, -offset, now)
		f.exec(`insert into care_period (child_id, period, source) values ($1, '[2025-09-01,)', 'test')`, id)
		plan := f.number(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) values ($1, 'termly', 'primary', 1, 2026, 'autumn', $2, $3) returning id`, id, guest.ID, now)
		f.exec(`insert into pep_section (pep_id, child_id, section) values ($1, $2, 'education')`, plan, id)
		f.exec(`insert into pep_invitation (pep_id, child_id, section, account_id, invited_by, invited_at, until) values ($1, $2, 'education', $3, $3, $4, '2027-09-10')`, plan, id, guest.ID, now)
		for _, day := range []string{"2026-11-23", "2027-08-31", "2027-09-01"} {
			then := calendar.MustParse(day)
			var glimpse, other *child.Glimpse
			var left string
			var batch postgres.Batch
			child.QueueGlimpse(&batch, &glimpse, id, plan, "education")
			child.QueueGlimpse(&batch, &other, id, plan, "attainment")
			postgres.Value(&batch, &left, `select current_setting('app.scope')`, nil)
			if err := f.db.At(then.Start).View(t.Context(), guest, &batch); err != nil {
				t.Fatal(err)
			}
			want := calendar.CurriculumYear(calendar.MustParse(born), then) - offset
			if glimpse == nil || glimpse.Year != want || glimpse.DisplayName() != "Lex Moss" {
				t.Errorf("born %s, on %s: %+v, want year %d", born, day, glimpse, want)
			}
			if other != nil || left != "related" {
				t.Errorf("another section shows %+v; the wall is left at %q", other, left)
			}
		}
	}
	if name := (child.Glimpse{}).DisplayName(); name != "A child whose name is not on record" {
		t.Errorf("without names: %q", name)
	}
}
