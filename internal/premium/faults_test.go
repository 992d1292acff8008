package premium_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
)

// The faults: 4 processes of 8 workers each move money; processes are killed and connections cut while they do.
const (
	processes         = 4
	workersEach       = 8
	transfersWanted   = 1000
	workerEnvironment = "PREMIUM_FAULT_WORKER"
)

// job is what a worker process is told.
type job struct {
	URL    string
	Child  int64
	People []access.Actor // head, deputy, deputy, advisor, teacher
	Seed   uint64
}

// work is a process that moves money until it is killed. It says on its output, a line each, which
// decisions it was told are done.
func work(told string) int {
	var j job
	if err := json.Unmarshal([]byte(told), &j); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx := context.Background()
	db, err := postgres.Open(ctx, j.URL+"&pool_max_conns=8")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	db = db.At(func() time.Time { return today.Start().Add(12 * time.Hour) })
	service := &premium.Service{DB: db}
	var said sync.Mutex
	var wait sync.WaitGroup
	for n := range workersEach {
		random := rand.New(rand.NewPCG(j.Seed, uint64(n)))
		wait.Go(func() {
			for {
				if done, err := faultStep(ctx, service, j, random); err == nil && done != "" {
					said.Lock()
					fmt.Println(done)
					said.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return 0
}

// faultStep does one thing at random; what it gives is a decision that was acknowledged.
func faultStep(ctx context.Context, service *premium.Service, j job, random *rand.Rand) (string, error) {
	person := j.People[random.IntN(len(j.People))]
	if random.IntN(4) == 0 {
		_, err := service.Ask(ctx, person, j.Child, wish(int64(1+random.IntN(40))))
		return "", err
	}
	var batch postgres.Batch
	var open, granted []struct {
		ID             int64
		Version        int
		Approved, Paid money.Pence
	}
	rows := `select id, version, coalesce(approved_pence, 0) as approved, paid_pence as paid from premium_request where `
	postgres.Many(&batch, &open, rows+`state = 'asked' order by id desc limit 6`, nil)
	postgres.Many(&batch, &granted, rows+`committed_pence > 0 order by id desc limit 20`, nil)
	if err := service.DB.View(ctx, access.System, &batch); err != nil {
		return "", err
	}
	if len(open) > 0 && random.IntN(2) == 0 {
		one := open[random.IntN(len(open))]
		decision := premium.Decision{Outcome: premium.Approved}
		if random.IntN(5) == 0 {
			decision = premium.Decision{Outcome: premium.Refused, Reason: "r"}
		}
		if err := service.Decide(ctx, person, one.ID, one.Version, decision); err != nil {
			return "", err
		}
		return fmt.Sprintf("%d %s", one.ID, decision.Outcome), nil
	}
	if len(granted) == 0 {
		return "", nil
	}
	one := granted[random.IntN(len(granted))]
	part := func(of money.Pence) money.Pence { return money.Pence(1 + random.Int64N(int64(max(of, 1)))) }
	return "", service.DB.Change(ctx, j.People[0], func(ctx context.Context, tx *postgres.Tx) error {
		e := ledger.Entry{Stream: ledger.LookedAfter, Year: 2026, Request: one.ID, Child: j.Child, Reason: "test", Key: ledger.Key("%d %d", random.Uint64(), random.Uint64())}
		switch random.IntN(6) {
		case 0, 1, 2:
			e.From, e.To, e.Amount = "committed", "paid", part(one.Approved)
		case 3:
			e.From, e.To, e.Amount = "committed", "pool", part(one.Approved)
		case 4:
			e.From, e.To, e.Amount = "recovered", "pool", part(one.Paid)
		case 5:
			e.Request, e.Child = 0, 0
			e.From, e.To, e.Amount = "pool", "retained", part(500)
		}
		return ledger.Move(ctx, tx, e)
	})
}

// heard are the acknowledged decisions, by request.
type heard struct {
	sync.Mutex
	decisions map[string][]string
}

// TestFaultsLoseNothing: a thousand transfers by 32 workers at once, whose connections are cut and
// whose processes are killed mid-way, end with a sum of nought, no pool below it, no request decided
// twice, and every decision that somebody was told of.
func TestFaultsLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setYear(300, money.Pounds(1000))
	url, _, _ := strings.Cut(w.db.Pool().Config().ConnString(), "&pool_max_conns")
	told := &heard{decisions: map[string][]string{}}
	stop := make(chan struct{})
	var stopped atomic.Bool
	var kills, cuts atomic.Int64
	var wait sync.WaitGroup
	for n := range processes {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(n)))
			for round := uint64(0); !stopped.Load(); round++ {
				j := job{URL: url, Child: w.child, People: []access.Actor{w.head, w.deputy, w.deputy2, w.advisor, w.teacher}, Seed: uint64(n)<<32 | round}
				if err := runUntilKilled(t.Context(), j, told, stop, time.Duration(800+random.IntN(1500))*time.Millisecond); err != nil {
					t.Error(err)
					return
				}
				kills.Add(1)
			}
		})
	}
	admin := pgtest.Arrange(t, w.db)
	var transfers int
	for begun := time.Now(); time.Since(begun) < 2*time.Minute; time.Sleep(60 * time.Millisecond) {
		var cut int64
		err := admin.QueryRow(t.Context(), `select (select count(*) from premium_transfer), (select count(*) from (
			select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
				and application_name <> 'test' and usename = 'virtualschool' and state = 'active' order by random() limit 1) cut)`).Scan(&transfers, &cut)
		if err != nil {
			t.Fatal(err)
		}
		cuts.Add(cut)
		if transfers >= transfersWanted {
			break
		}
	}
	stopped.Store(true)
	close(stop)
	wait.Wait()
	if transfers < transfersWanted || kills.Load() < processes || cuts.Load() < 10 {
		t.Fatalf("%d transfers, %d processes killed, %d connections cut: too little to show anything", transfers, kills.Load(), cuts.Load())
	}
	w.whole()
	w.remembers(told)
	t.Logf("%d transfers, %d processes killed, %d connections cut, %d decisions acknowledged", transfers, kills.Load(), cuts.Load(), len(told.decisions))
}

// runUntilKilled starts a process of workers and ends it without warning.
func runUntilKilled(ctx context.Context, j job, told *heard, stop <-chan struct{}, life time.Duration) error {
	words, err := json.Marshal(j)
	if err != nil {
		return err
	}
	process := exec.CommandContext(ctx, os.Args[0])
	process.Env = append(os.Environ(), workerEnvironment+"="+string(words))
	process.Stderr = os.Stderr
	lines, err := process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := process.Start(); err != nil {
		return err
	}
	go func() {
		select {
		case <-stop:
		case <-time.After(life):
		}
		_ = process.Process.Kill()
	}()
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		request, outcome, whole := strings.Cut(scanner.Text(), " ")
		if !whole || outcome != "approved" && outcome != "refused" {
			continue // killed while it spoke
		}
		told.Lock()
		told.decisions[request] = append(told.decisions[request], outcome)
		told.Unlock()
	}
	if process.Wait() == nil {
		return fmt.Errorf("a worker process ended by itself")
	}
	return nil
}

// whole asks of the database what no fault may have broken.
func (w *world) whole() {
	w.t.Helper()
	got := w.position() // fails the test when it does not add up
	if got.Pool < 0 || got.Committed < 0 || got.Retained < 0 {
		w.t.Errorf("below nought: %+v", got)
	}
	if sum := w.ID(`select sum(balance_pence)::bigint from premium_account`); sum != 0 {
		w.t.Errorf("the accounts together hold %d pence", sum)
	}
	for what, sql := range map[string]string{
		"balances that are not the sum of their transfers": `select from premium_account a where balance_pence <> coalesce((
			select sum(case when t.to_account = a.id then t.amount_pence else -t.amount_pence end) from premium_transfer t where a.id in (t.from_account, t.to_account)), 0)`,
		"requests decided twice": `select request_id from premium_event where event in ('approved', 'part_approved', 'refused') group by request_id having count(*) > 1`,
		"decisions half done":    `select from premium_request r where (r.state = 'approved') <> (r.committed_pence = r.amount_pence) or not exists (select from premium_event e where e.request_id = r.id and e.event = r.state)`,
		"requests whose sums are not their transfers": `select from premium_request r join lateral (select
				coalesce(sum(amount_pence) filter (where kind = 'commit'), 0) as committed, coalesce(sum(amount_pence) filter (where kind = 'release'), 0) as released,
				coalesce(sum(amount_pence) filter (where kind = 'pay'), 0) as paid, coalesce(sum(amount_pence) filter (where kind = 'recover'), 0) as recovered
			from premium_transfer t where t.request_id = r.id) t on true
			where (r.committed_pence, r.released_pence, r.paid_pence, r.recovered_pence) <> (t.committed, t.released, t.paid, t.recovered)`,
		"changes without their audit": `select from premium_request r where r.state in ('approved', 'refused') and not exists (
			select from audit_change a where a.subject = 'premium request' and a.subject_id = r.id::text and a.action = r.state)`,
	} {
		if n := w.count(sql); n != 0 {
			w.t.Errorf("%d %s", n, what)
		}
	}
}

// remembers finds every acknowledged decision in the database, once.
func (w *world) remembers(told *heard) {
	w.t.Helper()
	if len(told.decisions) < 20 {
		w.t.Errorf("only %d decisions were acknowledged", len(told.decisions))
	}
	for request, outcomes := range told.decisions {
		if len(outcomes) != 1 {
			w.t.Errorf("request %s was decided %d times: %v", request, len(outcomes), outcomes)
		}
		if n := w.count(`select from premium_request where id = $1::text::bigint and state = $2`, request, outcomes[0]); n != 1 {
			w.t.Errorf("request %s: somebody was told %s, and it is not there", request, outcomes[0])
		}
	}
}
