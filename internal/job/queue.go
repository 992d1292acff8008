package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"virtualschool/internal/postgres"
)

// Args are what a job needs to know. Kind names the sort of job and never changes, because jobs
// outlive the program that queued them; the fields are kept as JSON and must name no person.
type Args interface{ Kind() string }

// Queue does the jobs. Register and Every come before Start.
type Queue struct {
	db      *postgres.DB
	log     *slog.Logger
	poll    time.Duration
	workers *river.Workers
	chores  map[string]func(context.Context) error
	every   []*river.PeriodicJob
	client  *river.Client[pgx.Tx]
}

// atOnce is how many jobs are done side by side: few, so that pages come first.
const atOnce = 4

// choreLimit is how long one round of a chore may take: long enough for what gathered while no server ran.
const choreLimit = 10 * time.Minute

// New makes a queue that looks for work every poll (1 s when 0). It asks and never listens, so a
// transaction pooler may stand between it and the database.
func New(db *postgres.DB, log *slog.Logger, poll time.Duration) *Queue {
	if poll == 0 {
		poll = time.Second
	}
	q := &Queue{db: db, log: log, poll: poll, workers: river.NewWorkers(), chores: map[string]func(context.Context) error{}}
	Register(q, choreLimit, q.doChore)
	return q
}

// worker does one kind of job.
type worker[T Args] struct {
	river.WorkerDefaults[T]
	limit time.Duration
	work  func(context.Context, T) error
}

func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error { return w.work(ctx, job.Args) }
func (w *worker[T]) Timeout(*river.Job[T]) time.Duration               { return w.limit }

// Register says who does the jobs with arguments T, and for how long one may take. Work may be
// done twice, when the server stops at the wrong moment, and must bear it. An error means again
// later, and its text is kept: it must name no person either.
func Register[T Args](q *Queue, limit time.Duration, work func(context.Context, T) error) {
	river.AddWorker(q.workers, &worker[T]{limit: limit, work: work})
}

// chore is work that comes round.
type chore struct {
	Name string `json:"name"`
}

func (chore) Kind() string { return "chore" }

// Every does work at start and then each period, on one of the servers that share the database.
// A failed round is not repeated: the next one comes.
func (q *Queue) Every(period time.Duration, name string, work func(context.Context) error) {
	q.chores[name] = work
	q.every = append(q.every, river.NewPeriodicJob(river.PeriodicInterval(period), func() (river.JobArgs, *river.InsertOpts) {
		return chore{Name: name}, &river.InsertOpts{MaxAttempts: 1}
	}, &river.PeriodicJobOpts{RunOnStart: true}))
}

func (q *Queue) doChore(ctx context.Context, due chore) error {
	work, known := q.chores[due.Name]
	if !known {
		return fmt.Errorf("no work is known by the name %q", due.Name)
	}
	return work(ctx)
}

// Start begins to do jobs and returns at once. ctx bounds the start only; end with Stop.
func (q *Queue) Start(ctx context.Context) error {
	client, err := river.NewClient(riverpgxv5.New(q.db.Pool()), &river.Config{
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: atOnce}},
		Workers:                     q.workers,
		PeriodicJobs:                q.every,
		PollOnly:                    true,
		FetchPollInterval:           q.poll,
		FetchCooldown:               min(q.poll, river.FetchCooldownDefault),
		CompletedJobRetentionPeriod: time.Hour,
		ErrorHandler:                failures{q.log},
		Logger:                      slog.New(quiet{q.log.Handler()}),
	})
	if err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	q.client = client
	return nil
}

// Stop takes no new jobs and waits for those being done until ctx ends; then it breaks them off,
// and they are done again at the next start.
func (q *Queue) Stop(ctx context.Context) error {
	if q.client == nil {
		return nil
	}
	err := q.client.Stop(ctx)
	if ctx.Err() == nil {
		return err
	}
	breakOff, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	return errors.Join(err, q.client.StopAndCancel(breakOff))
}

// inserter puts jobs into other people's transactions, and needs no connection of its own.
var inserter = func() *river.Client[pgx.Tx] {
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic("job: " + err.Error())
	}
	return client
}()

// Enqueue puts a job in the queue when the transaction commits, and not otherwise.
func Enqueue(ctx context.Context, tx *postgres.Tx, args Args) error {
	if _, err := inserter.InsertTx(ctx, tx.Tx, args, nil); err != nil {
		return fmt.Errorf("queue %s: %w", args.Kind(), err)
	}
	return nil
}
