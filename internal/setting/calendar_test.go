package setting_test

import (
	"context"
	"os"
	"slices"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/setting"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func term(year int, name, starts, ends string) setting.Term {
	return setting.Term{Term: calendar.Term{AcademicYear: year, Name: name, Starts: day(starts), Ends: day(ends)}}
}

func TestOwnTermsComeBeforeTheAuthoritys(t *testing.T) {
	t.Parallel()
	own := term(2026, calendar.Autumn, "2026-09-07", "2026-12-11")
	own.Own = true
	authority := term(2026, calendar.Autumn, "2026-09-02", "2026-12-18")
	authority.CutOff = day("2026-11-27")
	spring := term(2026, calendar.Spring, "2027-01-05", "2027-03-25")
	for name, terms := range map[string][]setting.Term{
		"own first": {own, authority, spring},
		"own last":  {spring, authority, own},
	} {
		c := setting.NewCalendar(terms, nil, nil)
		kept := c.Terms()
		if len(kept) != 2 || !kept[0].Own || kept[0].Starts != day("2026-09-07") || kept[1].Name != calendar.Spring {
			t.Fatalf("%s: %+v", name, kept)
		}
		if got := kept[0].LastDayForPEP(); got != day("2026-11-27") {
			t.Errorf("%s: the cut-off is %s; want the authority's", name, got)
		}
		if got := kept[1].LastDayForPEP(); got != day("2027-03-25") {
			t.Errorf("%s: with no cut-off it is %s; want the last day of term", name, got)
		}
	}
	c := setting.NewCalendar([]setting.Term{authority, spring}, nil, nil)
	if latest, ok := c.LatestTerm(day("2026-12-25")); !ok || latest.Name != calendar.Autumn {
		t.Errorf("at Christmas the latest term is %v", latest)
	}
}

func TestCountingOfDays(t *testing.T) {
	t.Parallel()
	year := []setting.Term{term(2026, calendar.Autumn, "2026-09-02", "2026-12-18"), term(2026, calendar.Spring, "2027-01-05", "2027-03-25"), term(2026, calendar.Summer, "2027-04-12", "2027-07-20")}
	c := setting.NewCalendar(year, []calendar.Date{day("2026-11-23")}, []calendar.Holiday{{Date: day("2026-11-24"), Name: "A day of celebration"}})
	// R6: in care on Monday 14 December 2026, to be started by Wednesday 30 December.
	if got := c.WorkingDays().Add(day("2026-12-14"), 10); got != day("2026-12-30") {
		t.Errorf("ten working days over Christmas end on %s", got)
	}
	if c.WorkingDays().IsWorkingDay(day("2026-11-24")) {
		t.Error("a published holiday is a working day")
	}
	plain := setting.NewCalendar(year, nil, nil)
	if !plain.WorkingDays().IsWorkingDay(day("2026-11-24")) {
		t.Error("one council's published list counts for another calendar")
	}
	school := c.SchoolDays()
	for on, want := range map[string]bool{"2026-11-20": true, "2026-11-23": false, "2026-11-24": false, "2026-11-25": true, "2026-12-21": false, "2027-05-03": false} {
		if school.IsSchoolDay(day(on)) != want {
			t.Errorf("%s: school day is %v", on, !want)
		}
	}
	if _, known := (setting.Calendar{}).SchoolDays().Between(day("2026-11-02"), day("2026-11-09")); known {
		t.Error("a calendar without terms counted school days")
	}
	var nothing setting.Calendar
	if got := nothing.WorkingDays().Add(day("2026-12-24"), 1); got != day("2026-12-29") {
		t.Errorf("computed holidays: the working day after Christmas Eve is %s", got)
	}
}

func TestCalendarOfASettingAndOfAnAuthority(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	arrange := pgtest.Arrange(t, db)
	var school int64
	if err := arrange.QueryRow(t.Context(), `insert into setting (urn, name, authority_code, source) values (100001, 'Oak', '332', 'gias') returning id`).Scan(&school); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`insert into term (authority_code, academic_year, name, starts, ends, pep_cut_off, source) values ('332', 2026, 'autumn', '2026-09-02', '2026-12-18', '2026-11-27', 'council')`,
		`insert into term (authority_code, academic_year, name, starts, ends, source) values ('301', 2026, 'autumn', '2026-09-01', '2026-12-17', 'another council')`,
		`insert into closed_day (authority_code, day, reason) values ('332', '2026-11-02', 'training')`,
		`insert into bank_holiday values ('2026-12-25', 'Christmas Day', 'gov.uk')`,
	} {
		if _, err := arrange.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := arrange.Exec(t.Context(), `insert into term (setting_id, academic_year, name, starts, ends, source) values ($1, 2026, 'autumn', '2026-09-07', '2026-12-11', 'school')`, school); err != nil {
		t.Fatal(err)
	}
	var ofSchool, ofAuthority, unnamed, loaded setting.Calendar
	var batch postgres.Batch
	setting.QueueCalendar(&batch, &ofSchool, "332", school)
	setting.QueueCalendar(&batch, &ofAuthority, "332", 0)
	setting.QueueCalendar(&batch, &unnamed, "", school)
	if batch.Len() != 3 {
		t.Errorf("%d statements for three calendars", batch.Len())
	}
	if err := db.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	if err := db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		loaded, err = setting.LoadCalendar(ctx, tx, "", school)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]setting.Calendar{"school": ofSchool, "no authority named": unnamed, "loaded": loaded} {
		if terms := c.Terms(); len(terms) != 1 || terms[0].Ends != day("2026-12-11") || terms[0].LastDayForPEP() != day("2026-11-27") || terms[0].Source != "school" {
			t.Errorf("%s: %+v", name, terms)
		}
		if c.SchoolDays().IsSchoolDay(day("2026-11-02")) {
			t.Errorf("%s: open on the authority's training day", name)
		}
	}
	if terms := ofAuthority.Terms(); len(terms) != 1 || terms[0].Own || terms[0].Ends != day("2026-12-18") {
		t.Errorf("authority: %+v", terms)
	}
	if holidays := ofAuthority.Holidays(); len(holidays) != 1 || holidays[0].Name != "Christmas Day" {
		t.Errorf("holidays: %v", holidays)
	}
}

func TestCalendarsOfManySettingsAreThoseOfEach(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	facts := pgtest.NewFacts(t, db)
	facts.Term(2026, "autumn", "2026-09-02", "2026-12-18", "2026-12-04")
	facts.Term(2026, "spring", "2027-01-04", "2027-03-25", "2027-03-12")
	facts.Exec(`insert into closed_day (authority_code, day, reason) values ('332', '2026-10-05', 'Snow')`)
	facts.Exec(`insert into bank_holiday values ('2026-09-14', 'A day of celebration', 'test')`)
	plain, other, own := facts.Setting("Ash"), facts.Setting("Birch"), facts.Setting("Cedar")
	far := facts.ID(`insert into setting (urn, name, source) values (199999, 'Far away', 'gias') returning id`)
	facts.Exec(`insert into term (setting_id, academic_year, name, starts, ends, source) values ($1, 2026, 'autumn', '2026-09-07', '2026-12-11', 'test')`, own)
	facts.Exec(`insert into closed_day (setting_id, day, reason) values ($1, '2026-10-06', 'Training day')`, own)
	err := db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		all, err := setting.LoadCalendars(ctx, tx, []int64{plain, other, own, far, 99999})
		if err != nil {
			return err
		}
		if len(all) != 4 || all[plain] != all[other] || all[plain] == all[own] {
			t.Errorf("%d calendars; want one shared, one its own and one empty", len(all))
		}
		for _, id := range []int64{plain, own, far} {
			one, err := setting.LoadCalendar(ctx, tx, "", id)
			if err != nil {
				return err
			}
			from, to := day("2026-08-24"), day("2027-04-05")
			if got, want := all[id].SchoolDays().Days(from, to), one.SchoolDays().Days(from, to); !slices.Equal(got, want) || (id != far) != (len(got) > 0) {
				t.Errorf("setting %d: %d school days; want %d", id, len(got), len(want))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	facts.OnRoll(facts.Child("Maya", "Okafor", "2016-03-04"), own, "[2026-09-01,)")
	var rolled setting.Calendars
	var batch postgres.Batch
	setting.QueueAllCalendars(&batch, &rolled)
	if err := db.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	if all := rolled.BySetting(); len(all) != 1 || all[own] == nil {
		t.Errorf("%d calendars of settings with a roll; want one", len(all))
	}
}
