package premium_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
)

func TestMain(m *testing.M) {
	if told, worker := os.LookupEnv(workerEnvironment); worker {
		os.Exit(work(told)) // a process of faults_test.go
	}
	os.Exit(pgtest.Main(m))
}

// today is in the financial year 2026-27 and the academic year 2026/27.
var today = calendar.MustParse("2026-11-23")

// world is a small authority: one child in care at one school, and the people around them.
type world struct {
	*pgtest.Facts
	t         *testing.T
	db        *postgres.DB
	service   *premium.Service
	child     int64
	other     int64 // in care, at another school, nobody's here but the team's
	school    int64
	target    int64
	head      access.Actor
	deputy    access.Actor
	deputy2   access.Actor
	advisor   access.Actor
	teacher   access.Actor
	worker    access.Actor // social worker
	stranger  access.Actor // teacher at the other school
	otherRoom int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return today.Start().Add(12 * time.Hour) })
	w := &world{t: t, db: db, Facts: pgtest.NewFacts(t, db)}
	w.service = &premium.Service{DB: w.db}
	w.school = w.ID(`insert into setting (urn, name, source) values (100001, 'Ash Primary', 'gias') returning id`)
	w.otherRoom = w.ID(`insert into setting (urn, name, source) values (100002, 'Birch High', 'gias') returning id`)
	w.child = w.newChild("C1", w.school)
	w.other = w.newChild("C2", w.otherRoom)
	w.head = w.person(access.Head, 0)
	w.deputy, w.deputy2 = w.person(access.Deputy, 0), w.person(access.Deputy, 0)
	w.advisor = w.person(access.Advisor, 0)
	w.allocate(w.advisor, "advisor")
	w.worker = w.person(access.SocialWorker, 0)
	w.allocate(w.worker, "social_worker")
	w.teacher = w.person(access.School, w.school)
	w.stranger = w.person(access.School, w.otherRoom)
	pep := w.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2026, 'autumn', $2, '2026-10-01') returning id`, w.child, w.advisor.ID)
	w.target = w.ID(`insert into pep_target (pep_id, child_id, position, area, what) values ($1, $2, 1, 'literacy', 'Read a chapter a week') returning id`, pep, w.child)
	return w
}

func (w *world) newChild(identifier string, school int64) int64 {
	w.t.Helper()
	id := w.ID(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at)
		values ($1, 'Test', 'Child', '2016-03-04', now(), now()) returning id`, identifier)
	w.Exec(`insert into care_period (child_id, period, source) values ($1, '[2024-01-10,)', 'test')`, id)
	if school != 0 {
		w.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2024-09-01,)', 'test')`, id, school)
	}
	return id
}

func (w *world) person(role access.Role, school int64) access.Actor {
	w.t.Helper()
	actor := access.Actor{Role: role, Name: role.Name()}
	actor.ID = w.ID(`insert into account (email, name, role, state, created_at)
		values ('p' || (select count(*) from account) || '@people.test', $1, $2, 'active', '2026-01-01') returning id`, actor.Name, string(role))
	if school != 0 {
		w.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2024-01-01,)')`, actor.ID, school)
	}
	return actor
}

func (w *world) allocate(actor access.Actor, part string) {
	w.t.Helper()
	w.Exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, $3, '[2024-01-10,)', 'test')`, w.child, actor.ID, part)
}

func (w *world) setYear(children int, retained money.Pence) {
	w.t.Helper()
	years := year.Service{DB: w.db}
	if err := years.EnterIncome(w.t.Context(), w.head, ledger.LookedAfter, 2026, w.position().Version,
		year.Entry{Stage: year.Provisional, Rate: money.Pounds(100), Source: "test", Children: children}); err != nil {
		w.t.Fatal(err)
	}
	if err := years.PlanRetained(w.t.Context(), w.head, ledger.LookedAfter, 2026, w.position().Version, []year.Line{{Name: "Tuition for all", Planned: retained}}); err != nil {
		w.t.Fatal(err)
	}
}

func wish(pounds int64) premium.Wish {
	return premium.Wish{Category: "literacy", Purpose: "A tutor", Difference: "Reads more", Amount: money.Pounds(pounds)}
}

func (w *world) ask(pounds int64) int64 {
	w.t.Helper()
	id, err := w.service.Ask(w.t.Context(), w.teacher, w.child, wish(pounds))
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) request(id int64) (found premium.Request) {
	w.t.Helper()
	var batch postgres.Batch
	premium.QueueRequest(&batch, &found, w.child, id)
	w.view(&batch)
	return found
}

func (w *world) position() (found ledger.Position) {
	w.t.Helper()
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &found, ledger.LookedAfter, 2026)
	w.view(&batch)
	if !found.Balanced() {
		w.t.Fatalf("the year does not add up: %+v", found)
	}
	return found
}

func (w *world) view(batch *postgres.Batch) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), access.System, batch); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	return int(w.ID(fmt.Sprintf("select count(*) from (%s) counted", sql), args...))
}
