package suspension_test

import (
	"errors"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/suspension"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// world is one child in care who moved from Ash to Birch in November, and people around the child.
type world struct {
	t       *testing.T
	sql     *pgx.Conn
	service *suspension.Service
	child   int64
	ash     int64
	birch   int64
	head    access.Actor
	teacher access.Actor // at Birch
	former  access.Actor // at Ash
	worker  access.Actor
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db := pgtest.Open(t)
	w := &world{t: t, sql: pgtest.Arrange(t, db)}
	w.service = &suspension.Service{DB: db.At(func() time.Time { return calendar.MustParse("2026-11-23").Start().Add(12 * time.Hour) })}
	w.ash = w.id(`insert into setting (urn, name, source) values (100001, 'Ash Primary', 'gias') returning id`)
	w.birch = w.id(`insert into setting (urn, name, source) values (100002, 'Birch Primary', 'gias') returning id`)
	w.child = w.id(`insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('C1', '2016-03-04', now(), now()) returning id`)
	w.id(`insert into care_period (child_id, period, source) values ($1, '[2024-01-10,)', 'test') returning id`, w.child)
	w.id(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2024-09-01,2026-11-02)', 'test') returning id`, w.child, w.ash)
	w.id(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2026-11-02,)', 'test') returning id`, w.child, w.birch)
	w.head, w.teacher, w.former, w.worker = w.person(access.Head, 0), w.person(access.School, w.birch), w.person(access.School, w.ash), w.person(access.SocialWorker, 0)
	w.id(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, 'social_worker', '[2024-01-10,)', 'test') returning id`, w.child, w.worker.ID)
	return w
}

func (w *world) id(sql string, args ...any) (id int64) {
	w.t.Helper()
	if err := w.sql.QueryRow(w.t.Context(), sql, args...).Scan(&id); err != nil {
		w.t.Fatalf("%v in %s", err, sql)
	}
	return id
}

func (w *world) person(role access.Role, school int64) access.Actor {
	w.t.Helper()
	id := w.id(`insert into account (email, name, role, state, created_at)
		values ('p' || (select count(*) from account) || '@people.test', $1, $1, 'active', '2026-01-01') returning id`, string(role))
	if school != 0 {
		w.id(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2024-01-01,)') returning id`, id, school)
	}
	return access.Actor{ID: id, Role: role}
}

func (w *world) events(as access.Actor) (all, year []suspension.Event) {
	w.t.Helper()
	var batch postgres.Batch
	suspension.QueueEvents(&batch, &all, w.child)
	suspension.QueueYear(&batch, &year, w.child, 2026)
	if err := w.service.DB.View(w.t.Context(), as, &batch); err != nil {
		w.t.Fatal(err)
	}
	return all, year
}

func entry(setting int64, starts string) suspension.Entry {
	return suspension.Entry{SettingID: setting, Kind: suspension.Suspension, StartsOn: calendar.MustParse(starts), Sessions: 4, Reasons: []string{"DB", "VA"}, Note: "Work sent home"}
}

func TestRecordAndCorrect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, one := range []suspension.Entry{entry(w.ash, "2026-03-02"), entry(w.ash, "2026-09-14")} {
		if _, err := w.service.Record(t.Context(), w.head, w.child, one); err != nil {
			t.Fatal(err)
		}
	}
	id, err := w.service.Record(t.Context(), w.teacher, w.child, entry(w.birch, "2026-11-16"))
	if err != nil {
		t.Fatal(err)
	}
	longer := entry(w.birch, "2026-11-16")
	longer.Sessions, longer.Reasons = 6, []string{"VA"}
	if err := w.service.Correct(t.Context(), w.teacher, w.child, id, 1, longer); err != nil {
		t.Fatal(err)
	}
	all, year := w.events(w.teacher)
	if len(all) != 3 || len(year) != 2 || all[0].ID != id || all[0].Sessions != 6 || all[0].Version != 2 || !slices.Equal(all[0].Reasons, []string{"VA"}) || all[0].School != "Birch Primary" {
		t.Errorf("events %+v", all)
	}
	if position := suspension.PositionOf(all, 2026); position.Used != 10 || position.Events != 2 {
		t.Errorf("position %+v", position)
	}
	if changes := w.id(`select count(*) from audit_change where child_id = $1 and subject = 'suspension'`, w.child); changes != 4 {
		t.Errorf("%d changes in the audit; want 4", changes)
	}
	var one suspension.Event
	var schools, own []suspension.School
	var batch postgres.Batch
	suspension.QueueEvent(&batch, &one, w.child, id)
	suspension.QueueSchools(&batch, &schools, w.child, 0)
	suspension.QueueSchools(&batch, &own, w.child, w.teacher.ID)
	if err := w.service.DB.View(t.Context(), w.teacher, &batch); err != nil {
		t.Fatal(err)
	}
	if one.Entry().Sessions != 6 || len(schools) != 2 || schools[0].ID != w.birch || len(own) != 1 || own[0].ID != w.birch {
		t.Errorf("one %+v, schools %v, own %v", one, schools, own)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	there, err := w.service.Record(t.Context(), w.head, w.child, entry(w.birch, "2026-11-16"))
	if err != nil {
		t.Fatal(err)
	}
	atAsh, err := w.service.Record(t.Context(), w.head, w.child, entry(w.ash, "2026-09-16"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor access.Actor
		child int64
		entry suspension.Entry
		kind  fault.Kind
	}{
		"the former school": {w.former, w.child, entry(w.ash, "2026-09-14"), fault.KindNotFound},
		"by another school": {w.teacher, w.child, entry(w.ash, "2026-09-14"), fault.KindForbidden},
		"the social worker": {w.worker, w.child, entry(w.birch, "2026-11-09"), fault.KindForbidden},
		"no such child":     {w.head, 99999, entry(w.birch, "2026-11-09"), fault.KindNotFound},
		"before joining":    {w.head, w.child, entry(w.birch, "2026-11-01"), fault.KindInvalid},
		"after leaving":     {w.head, w.child, entry(w.ash, "2026-11-02"), fault.KindInvalid},
		"recorded already":  {w.head, w.child, entry(w.birch, "2026-11-16"), fault.KindInvalid},
		"nobody":            {access.Actor{}, w.child, entry(w.birch, "2026-11-09"), fault.KindNotFound},
	} {
		if _, err := w.service.Record(t.Context(), c.actor, c.child, c.entry); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v; want %v", name, err, c.kind)
		}
	}
	second, err := w.service.Record(t.Context(), w.head, w.child, entry(w.birch, "2026-11-09"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		actor   access.Actor
		id      int64
		version int
		entry   suspension.Entry
		kind    fault.Kind
	}{
		"from an old page":      {w.head, there, 9, entry(w.birch, "2026-11-17"), fault.KindConflict},
		"onto another's day":    {w.head, second, 1, entry(w.birch, "2026-11-16"), fault.KindInvalid},
		"another school's":      {w.teacher, atAsh, 1, entry(w.birch, "2026-11-17"), fault.KindForbidden},
		"one that is not there": {w.head, 99999, 1, entry(w.birch, "2026-11-17"), fault.KindNotFound},
		"with nothing said":     {w.head, there, 1, suspension.Entry{SettingID: w.birch}, fault.KindInvalid},
	} {
		if err := w.service.Correct(t.Context(), c.actor, w.child, c.id, c.version, c.entry); !errors.Is(err, c.kind) {
			t.Errorf("correcting %s: %v; want %v", name, err, c.kind)
		}
	}
	if all, _ := w.events(w.former); len(all) != 0 {
		t.Errorf("the former school sees %d events", len(all))
	}
}

func TestTwoCorrectionsAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, err := w.service.Record(t.Context(), w.head, w.child, entry(w.birch, "2026-11-16"))
	if err != nil {
		t.Fatal(err)
	}
	var won atomic.Int64
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			changed := entry(w.birch, "2026-11-16")
			changed.Sessions = n + 5
			err := w.service.Correct(t.Context(), w.head, w.child, id, 1, changed)
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fault.KindConflict) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if all, _ := w.events(w.head); won.Load() != 1 || all[0].Version != 2 {
		t.Errorf("%d won; %+v", won.Load(), all)
	}
}
