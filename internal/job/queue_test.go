package job_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const poll = 20 * time.Millisecond

type count struct {
	Number int `json:"number"`
}

func (count) Kind() string { return "count" }

var silent = slog.New(slog.DiscardHandler)

func start(t *testing.T, q *job.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("did not happen: %s", what)
		}
	}
}

func enqueue(t *testing.T, db *postgres.DB, args job.Args, end error) {
	t.Helper()
	err := db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		if err := job.Enqueue(ctx, tx, args); err != nil {
			return err
		}
		return end
	})
	if !errors.Is(err, end) {
		t.Fatal(err)
	}
}

func TestAJobIsDoneWhenItsTransactionCommitsAndNotOtherwise(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	q := job.New(db, silent, poll)
	var done, wrong atomic.Int64
	job.Register(q, time.Second, func(_ context.Context, args count) error {
		if args.Number != 1 {
			wrong.Add(1)
		}
		done.Add(1)
		return nil
	})
	enqueue(t, db, count{Number: 2}, errors.New("changed my mind"))
	enqueue(t, db, count{Number: 1}, nil)
	start(t, q)
	eventually(t, "the job is done", func() bool { return done.Load() == 1 })
	var waiting int
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), `select count(*) from river_job where kind = 'count' and state <> 'completed' and finalized_at is null`).Scan(&waiting); err != nil {
		t.Fatal(err)
	}
	if wrong.Load() != 0 || waiting > 1 {
		t.Errorf("%d jobs were done that nobody asked for, %d wait", wrong.Load(), waiting)
	}
}

func TestAFailedJobComesAgainAndIsLoggedWithoutItsArguments(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	var logged lockedBuffer
	q := job.New(db, slog.New(slog.NewTextHandler(&logged, nil)), poll)
	var tries atomic.Int64
	job.Register(q, time.Second, func(context.Context, count) error {
		if tries.Add(1) == 1 {
			return errors.New("the mast has fallen")
		}
		return nil
	})
	enqueue(t, db, count{Number: 77031}, nil)
	start(t, q)
	eventually(t, "the job is tried twice", func() bool { return tries.Load() == 2 })
	if said := logged.String(); !strings.Contains(said, "the mast has fallen") || !strings.Contains(said, "kind=count") || strings.Contains(said, "77031") {
		t.Errorf("logged: %s", said)
	}
}

func TestHouseKeeping(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	arrange := pgtest.Arrange(t, db)
	_, err := arrange.Exec(t.Context(), `insert into form_submission (account_id, key, content_hash, at) values
		(1, gen_random_uuid(), '', $1), (1, gen_random_uuid(), '', $2)`, db.Now().AddDate(0, 0, -31), db.Now().AddDate(0, 0, -29))
	if err != nil {
		t.Fatal(err)
	}
	q := job.New(db, silent, poll)
	q.KeepHouse()
	var rounds atomic.Int64
	q.Every(time.Second, "count rounds", func(context.Context) error { rounds.Add(1); return nil })
	start(t, q)
	eventually(t, "one old form is forgotten and the audit was looked after", func() bool {
		var forms, done int
		if err := arrange.QueryRow(t.Context(), `select (select count(*) from form_submission), (select count(*) from river_job where kind = 'chore' and state = 'completed' and args->>'name' = 'seal the audit')`).Scan(&forms, &done); err != nil {
			t.Fatal(err)
		}
		return forms == 1 && done == 1
	})
	eventually(t, "a chore comes round again", func() bool { return rounds.Load() >= 2 })
}

func TestStoppingAQueueThatNeverStarted(t *testing.T) {
	t.Parallel()
	if err := job.New(pgtest.Open(t), silent, poll).Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStopBreaksOffWhatTakesTooLong(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	q := job.New(db, silent, poll)
	began := make(chan struct{})
	job.Register(q, time.Minute, func(ctx context.Context, _ count) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	})
	enqueue(t, db, count{}, nil)
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-began
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	from := time.Now()
	_ = q.Stop(ctx)
	if took := time.Since(from); took > 5*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

// lockedBuffer is a log that several write to.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
