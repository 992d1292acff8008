package forecast_test

import (
	"os"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium/forecast"
	"virtualschool/internal/premium/ledger"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var today = calendar.MustParse("2027-01-18")

func TestWhatTheForecastReads(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t).At(today.Start)
	f := pgtest.NewFacts(t, db)
	f.Exec(`insert into setting (urn, name, source) values (100001, 'Ash Primary', 'gias')`)
	f.Exec(`insert into premium_year (financial_year) values (2026)`)
	by := f.ID(`insert into account (email, name, role, state, created_at) values ('d@people.test', 'Dee', 'deputy', 'active', '2026-01-01') returning id`)
	born := map[string]string{"baby": "2023-05-01", "reception": "2022-08-31", "too young": "2022-09-01", "year 11": "2010-09-01", "year 12": "2010-08-31"}
	ids := map[string]int64{}
	for name, on := range born {
		ids[name] = f.ID(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at) values ($1, $1, 'Child', $2::text::date, now(), now()) returning id`, name, on)
	}
	f.Exec(`insert into care_period (child_id, period, source) values ($1, '[2026-10-01,)', 'test'), ($2, '[2020-01-01,2026-12-01)', 'test'), ($3, '[2020-01-01,)', 'test'), ($4, '[2020-01-01,)', 'test')`,
		ids["reception"], ids["year 11"], ids["baby"], ids["year 12"])
	f.Exec(`insert into premium_request (child_id, setting_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at)
		values ($1, 1, 2026, 'literacy', 'a', 'b', 30000, $2, '2026-12-01'), ($1, null, 2026, 'exams', 'a', 'b', 5000, $2, '2026-12-01')`, ids["reception"], by)

	for stream, want := range map[ledger.Stream]forecast.Cohort{
		ledger.LookedAfter: {Children: 1, Joined: 1, Left: 1},
		ledger.EarlyYears:  {Children: 1},
		ledger.Post16:      {Children: 1},
	} {
		var got forecast.Cohort
		var batch postgres.Batch
		forecast.QueueCohort(&batch, &got, stream, today)
		view(t, db, &batch)
		if got != want {
			t.Errorf("%s: %+v; want %+v", stream, got, want)
		}
	}
	var requests forecast.Requests
	var schools, categories []forecast.Place
	var delay forecast.Delay
	var unpaid []forecast.Batch
	var batch postgres.Batch
	forecast.QueueRequests(&batch, &requests, ledger.LookedAfter, 2026)
	forecast.QueueAtRisk(&batch, &schools, &categories, ledger.LookedAfter, 2026)
	forecast.QueueDelay(&batch, &delay, ledger.LookedAfter)
	forecast.QueueUnpaid(&batch, &unpaid, ledger.LookedAfter, 2026)
	view(t, db, &batch)
	if requests.Open != 2 || requests.OpenSum != money.Pounds(350) || requests.Unpaid != 0 || delay.Payments != 0 || len(unpaid) != 0 {
		t.Errorf("%+v %+v %+v", requests, delay, unpaid)
	}
	if len(schools) != 2 || schools[0].Name != "Ash Primary" || schools[0].Asked != money.Pounds(300) || schools[1].Name != "No school place" || len(categories) != 2 || categories[1].Asked != money.Pounds(50) {
		t.Errorf("%+v %+v", schools, categories)
	}
}

func view(t *testing.T, db *postgres.DB, batch *postgres.Batch) {
	t.Helper()
	if err := db.View(t.Context(), access.System, batch); err != nil {
		t.Fatal(err)
	}
}
