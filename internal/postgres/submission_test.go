package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// TestAFormCountsOnceThoughItsFirstAttemptIsBrokenOff: a transaction that is tried again, or fails, has
// not done the form's work, and the one that does it must still remember the form.
func TestAFormCountsOnceThoughItsFirstAttemptIsBrokenOff(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	sql := pgtest.Arrange(t, db)
	actor := access.Actor{Name: "Ann", Role: access.Head}
	if err := sql.QueryRow(t.Context(), `insert into account (email, name, role, state, created_at) values ('ann@form.test', 'Ann', 'head', 'active', $1) returning id`,
		time.Now()).Scan(&actor.ID); err != nil {
		t.Fatal(err)
	}
	attempts := 0
	send := func(ctx context.Context, failing ...error) error {
		return db.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
			if len(failing) > 0 {
				err := failing[0]
				failing = failing[1:]
				return err
			}
			attempts++
			_, err := tx.Do(ctx, `insert into setting (name, source) values ('Once', 'local')`, nil)
			return err
		})
	}
	form := func() context.Context {
		return postgres.WithSubmission(t.Context(), &postgres.Submission{Key: "0b7f3c3e-0000-4000-8000-000000000001", Content: []byte("as typed")})
	}

	broken := &pgconn.PgError{Code: "40P01", Message: "deadlock detected"}
	first := form()
	if err := send(first, broken); err != nil {
		t.Fatal(err)
	}
	if err := db.Landed(first, actor, "/done"); err != nil {
		t.Fatal(err)
	}
	var again *postgres.Repeated
	if err := send(form()); !errors.As(err, &again) || again.Location != "/done" || attempts != 1 {
		t.Errorf("sent again: %v, work done %d times; want it told as sent before, and done once", err, attempts)
	}

	// One request whose first change failed and whose second one worked.
	other := postgres.WithSubmission(t.Context(), &postgres.Submission{Key: "0b7f3c3e-0000-4000-8000-000000000002", Content: []byte("as typed")})
	refused := errors.New("refused")
	if err := send(other, refused); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if err := send(other); err != nil {
		t.Fatal(err)
	}
	var kept int
	if err := sql.QueryRow(t.Context(), `select count(*) from form_submission`).Scan(&kept); err != nil || kept != 2 {
		t.Errorf("%d forms are remembered, %v; want 2", kept, err)
	}
}
