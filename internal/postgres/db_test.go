package postgres_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestViewReadsWhatItWasAsked(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC) // the night the clocks go on
	db := pgtest.Open(t).At(func() time.Time { return moment })
	type person struct {
		Name string
		Role string
	}
	var one person
	var maybe, none *person
	var many []person
	var number int
	var today string
	var batch postgres.Batch
	postgres.One(&batch, &one, `select name, role from account where id = @id`, postgres.Args{"id": 1})
	postgres.Maybe(&batch, &maybe, `select name, role from account where id = 1`, nil)
	postgres.Maybe(&batch, &none, `select name, role from account where id = 2`, nil)
	postgres.Many(&batch, &many, `select name, role from account`, nil)
	postgres.Value(&batch, &number, `select count(*) from account`, nil)
	postgres.Value(&batch, &today, `select @today::date::text`, nil)
	if err := db.View(context.Background(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	if one.Role != "service" || maybe == nil || *maybe != one || none != nil || len(many) != 1 || number != 1 || today != "2026-03-29" {
		t.Errorf("%+v %v %v %v %d %s", one, maybe, none, many, number, today)
	}
	var missing postgres.Batch
	postgres.One(&missing, &one, `select name, role from account where id = 2`, nil)
	if err := db.View(context.Background(), access.System, &missing); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a row that is not there: %v", err)
	}
}

// TestChangeIsWholeOrNothing shows these requirements.
//
// ASVS 5.0: 2.3.3, 16.5.3
func TestChangeIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), context.Background()
	stop := errors.New("stop")
	err := db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `insert into local_authority (code, name) values ('332', 'Dudley')`, nil); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	panicked := func() (broke any) {
		defer func() { broke = recover() }()
		_ = db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
			if _, err := tx.Do(ctx, `insert into local_authority (code, name) values ('332', 'Dudley')`, nil); err != nil {
				return err
			}
			panic("broke")
		})
		return nil
	}()
	var count int
	var batch postgres.Batch
	postgres.Value(&batch, &count, `select count(*) from local_authority`, nil)
	if err := db.View(ctx, access.System, &batch); err != nil || count != 0 || panicked != "broke" {
		t.Errorf("%v, %d rows left, panic %v", err, count, panicked)
	}
}

func TestATransactionBrokenOffIsTriedAgain(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.Open(t), context.Background()
	for _, code := range []string{"331", "332"} {
		if err := db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, `insert into local_authority (code, name) values (@code, 'x')`, postgres.Args{"code": code})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	// Two that take the same two rows in opposite orders: the database ends one, which then succeeds.
	first, tries := make(chan struct{}, 2), atomic.Int32{}
	crossing := func(from, to string) error {
		return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
			update := func(code string) error {
				return tx.DoOne(ctx, `update local_authority set name = name || '.' where code = @code`, postgres.Args{"code": code})
			}
			if err := update(from); err != nil {
				return err
			}
			if tries.Add(1) <= 2 {
				first <- struct{}{}
				for len(first) < 2 {
					time.Sleep(time.Millisecond)
				}
			}
			return update(to)
		})
	}
	other := make(chan error, 1)
	go func() { other <- crossing("332", "331") }()
	if err := errors.Join(crossing("331", "332"), <-other); err != nil {
		t.Fatal(err)
	}
	if tries.Load() < 3 {
		t.Errorf("%d tries: the two never met", tries.Load())
	}
}

func TestAGuardedWriteThatFindsNothingIsAConflict(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	err := db.Change(context.Background(), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		return tx.DoOne(ctx, `update local_authority set name = 'x' where code = '999'`, nil)
	})
	if !errors.Is(err, fault.KindConflict) {
		t.Error(err)
	}
}

// TestALoginThatPoliciesDoNotHoldIsRefused shows these requirements.
//
// ASVS 5.0: 13.2.2
func TestALoginThatPoliciesDoNotHoldIsRefused(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	if mighty, err := postgres.Open(context.Background(), pgtest.AdminURL(t, db)); err == nil {
		mighty.Close()
		t.Error("a superuser was let in")
	}
}
