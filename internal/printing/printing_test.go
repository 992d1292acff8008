package printing_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/printing"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// press stands for the Chromium outside: its files are the feet of the pages, one line a plan.
type press struct{ fails error }

func (p *press) Available() bool { return true }

func (p *press) Print(_ context.Context, document pdf.Document) ([]byte, error) {
	var lines []string
	for _, part := range document.Parts {
		lines = append(lines, part.Foot)
	}
	return []byte(strings.Join(lines, "\n")), p.fails
}

// house is a social worker with children who have plans.
type house struct {
	*pgtest.Facts
	t        *testing.T
	db       *postgres.DB
	clock    atomic.Pointer[time.Time]
	press    *press
	printing *printing.Service
	worker   access.Actor
	refs     []pep.Ref
}

func open(t *testing.T, children int) *house {
	t.Helper()
	h := &house{t: t, press: &press{}}
	h.clock.Store(&now)
	h.db = pgtest.Open(t).At(func() time.Time { return *h.clock.Load() })
	h.Facts = pgtest.NewFacts(t, h.db)
	h.printing = &printing.Service{DB: h.db, Printer: h.press, Plans: h.plans}
	h.worker = h.Person(access.SocialWorker, "Sam Worker")
	for n := range children {
		child := h.Child(fmt.Sprintf("Child%02d", n), "Print", "2015-03-02")
		h.Allocate(child, "social_worker", h.worker, "[2026-01-01,)")
		h.refs = append(h.refs, pep.Ref{ChildID: child, PEPID: h.plan(child)})
	}
	return h
}

func (h *house) plan(child int64) int64 {
	return h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at) values ($1, 'termly', 'primary', 1, 2026, 'autumn', 1, $2) returning id`, child, now)
}

// plans is a document of plans as the actor may read them.
func (h *house) plans(ctx context.Context, actor access.Actor, refs []pep.Ref, screen string) (pdf.Document, error) {
	var document pdf.Document
	names := make([]string, len(refs))
	children := make([]int64, len(refs))
	var batch postgres.Batch
	for n, ref := range refs {
		children[n] = ref.ChildID
		postgres.Value(&batch, &names[n], `select c.forename from pep p join child c on c.id = p.child_id where p.id = @pep and c.id = @child`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	}
	audit.LookMany(ctx, &batch, actor, children, screen)
	err := h.db.View(ctx, actor, &batch)
	for _, name := range names {
		document.Parts = append(document.Parts, pdf.Part{Foot: name})
	}
	return document, err
}

func (h *house) start(who access.Actor) int64 {
	h.t.Helper()
	id, err := h.printing.Start(h.t.Context(), who, "My caseload", h.refs)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

// print makes all files of a run, as the queue would.
func (h *house) print(run int64) {
	h.t.Helper()
	for h.run(h.worker, run).State.UnderWay() {
		if err := h.printing.PrintNext(h.t.Context(), run); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) run(who access.Actor, id int64) printing.Run {
	h.t.Helper()
	run, _ := h.files(who, id)
	return run
}

func (h *house) files(who access.Actor, id int64) (run printing.Run, files []printing.File) {
	h.t.Helper()
	var batch postgres.Batch
	printing.QueueRun(&batch, &run, &files, who, id)
	if err := h.db.View(h.t.Context(), who, &batch); err != nil {
		h.t.Fatal(err)
	}
	return run, files
}

func (h *house) looks(screen string) int64 {
	return h.ID(`select count(*) from audit_look where account_id = $1 and screen = $2`, h.worker.ID, screen)
}

func TestACaseloadIsPrintedInFilesOfTwenty(t *testing.T) {
	t.Parallel()
	h := open(t, 45)
	run := h.start(h.worker)
	if waiting := h.run(h.worker, run); waiting.State != printing.Waiting || waiting.Total != 45 || waiting.Choice != "My caseload" {
		t.Fatalf("%+v", waiting)
	}
	if err := h.printing.PrintNext(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if half := h.run(h.worker, run); half.State != printing.Printing || half.Printed != 20 || half.Files != 1 {
		t.Fatalf("after the first file: %+v", half)
	}
	h.print(run)
	done, files := h.files(h.worker, run)
	if done.State != printing.Done || done.Printed != 45 || done.LeftOut() != 0 || done.FinishedAt == nil || len(files) != 3 || files[2].Plans != 5 {
		t.Fatalf("%+v %+v", done, files)
	}
	if made := h.looks("PEP printed"); made != 45 {
		t.Errorf("%d looks when made", made)
	}
	content, err := h.printing.Fetch(t.Context(), h.worker, run, 3)
	if err != nil || string(content) != "Child40\nChild41\nChild42\nChild43\nChild44" {
		t.Errorf("%q %v", content, err)
	}
	if fetched := h.looks("printed PEPs downloaded"); fetched != 5 {
		t.Errorf("%d looks when fetched", fetched)
	}
	if err := h.printing.PrintNext(t.Context(), run); err != nil || h.run(h.worker, run).Files != 3 {
		t.Errorf("a job done twice: %v", err)
	}
	if _, err := h.printing.Fetch(t.Context(), h.worker, run, 4); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a file there is not: %v", err)
	}
}

func TestARunIsOnesOwn(t *testing.T) {
	t.Parallel()
	h := open(t, 2)
	run := h.start(h.worker)
	h.print(run)
	head, other := h.Person(access.Head, "Hal Head"), h.Person(access.SocialWorker, "Olga Other")
	for _, ref := range h.refs {
		h.Allocate(ref.ChildID, "cover", other, "[2026-01-01,2027-01-01)")
	}
	for _, who := range []access.Actor{head, other} {
		if _, err := h.printing.Fetch(t.Context(), who, run, 1); !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s fetches: %v", who.Name, err)
		}
		if err := h.printing.Delete(t.Context(), who, run); !errors.Is(err, fault.KindNotFound) {
			t.Errorf("%s deletes: %v", who.Name, err)
		}
		var runs []printing.Run
		var rows, files int64
		var batch postgres.Batch
		printing.QueueRuns(&batch, &runs, who)
		// The policies by themselves.
		postgres.Value(&batch, &rows, `select (select count(*) from print_run) + (select count(*) from print_run_plan)`, nil)
		postgres.Value(&batch, &files, `select count(*) from print_file`, nil)
		if err := h.db.View(t.Context(), who, &batch); err != nil || len(runs) != 0 || rows != 0 || files != 0 {
			t.Errorf("%s sees %d runs, %d rows, %d files: %v", who.Name, len(runs), rows, files, err)
		}
	}
	data := h.Person(access.DataOfficer, "Dan Data")
	if _, err := h.printing.Start(t.Context(), data, "All", h.refs); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a role that reads no plans: %v", err)
	}
}

// A child who leaves the caseload takes along every file they are in, and is in none that is made later.
func TestAChildWhoLeavesTheCaseload(t *testing.T) {
	t.Parallel()
	h := open(t, 23)
	run := h.start(h.worker)
	if err := h.printing.PrintNext(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	leaves := func(n int) {
		h.Exec(`update allocation set period = '[2026-01-01,2026-11-23)' where child_id = $1`, h.refs[n].ChildID)
	}
	leaves(22)
	h.print(run)
	done, files := h.files(h.worker, run)
	if done.State != printing.Done || done.Printed != 22 || done.LeftOut() != 1 || len(files) != 2 || files[1].Plans != 2 {
		t.Fatalf("one left between asking and printing: %+v %+v", done, files)
	}
	leaves(3)
	if _, err := h.printing.Fetch(t.Context(), h.worker, run, 1); !errors.Is(err, fault.KindForbidden) || !strings.Contains(fault.Words(err), "Print the plans again") {
		t.Errorf("one left between printing and fetching: %v", err)
	}
	if _, err := h.printing.Fetch(t.Context(), h.worker, run, 2); err != nil {
		t.Errorf("the other file: %v", err)
	}
	if h.looks("printed PEPs downloaded") != 2 {
		t.Error("a file that was refused is noted as looked at")
	}
	h.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'test', '[2026-01-01,)')`, h.refs[21].ChildID, h.worker.ID)
	if _, err := h.printing.Fetch(t.Context(), h.worker, run, 2); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a block set since: %v", err)
	}
	if err := h.printing.Delete(t.Context(), h.worker, run); err != nil {
		t.Fatal(err)
	}
	if left := h.ID(`select (select count(*) from print_run) + (select count(*) from print_run_plan) + (select count(*) from print_file)`); left != 0 {
		t.Errorf("%d rows are left of a deleted run", left)
	}
}

func TestTheRoleIsAskedAgain(t *testing.T) {
	t.Parallel()
	h := open(t, 2)
	run := h.start(h.worker)
	h.Exec(`update account set role = 'reviewing_officer' where id = $1`, h.worker.ID)
	if err := h.printing.PrintNext(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if state := h.Text(`select state || ': ' || failure from print_run where id = $1`, run); !strings.HasPrefix(state, "failed: Your role has changed") {
		t.Error(state)
	}
	h.Exec(`update account set role = 'social_worker' where id = $1`, h.worker.ID)
	again := h.start(h.worker)
	h.print(again)
	h.Exec(`update account set role = 'reviewing_officer' where id = $1`, h.worker.ID)
	changed := h.worker
	changed.Role = access.ReviewingOfficer
	if _, err := h.printing.Fetch(t.Context(), changed, again, 1); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("in another role: %v", err)
	}
	h.Exec(`update account set role = 'social_worker', state = 'ended', ended_at = $2 where id = $1`, h.worker.ID, now)
	if _, err := h.printing.Fetch(t.Context(), h.worker, again, 1); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("with an ended account: %v", err)
	}
}

func TestAskingTwiceMakesOneRun(t *testing.T) {
	t.Parallel()
	h := open(t, 2)
	results := make(chan error, 5)
	for range cap(results) {
		go func() {
			_, err := h.printing.Start(t.Context(), h.worker, "My caseload", h.refs)
			results <- err
		}()
	}
	begun := 0
	for range cap(results) {
		switch err := <-results; {
		case err == nil:
			begun++
		case !errors.Is(err, fault.KindConflict):
			t.Error(err)
		}
	}
	if jobs := h.ID(`select count(*) from river_job where kind = 'print_plans'`); begun != 1 || jobs != 1 {
		t.Errorf("%d runs, %d jobs", begun, jobs)
	}
}

func TestTwoWorkersMakeEachFileOnce(t *testing.T) {
	t.Parallel()
	h := open(t, 41)
	run := h.start(h.worker)
	results := make(chan error, 6)
	for range cap(results) {
		go func() { results <- h.printing.PrintNext(t.Context(), run) }()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	h.print(run)
	_, files := h.files(h.worker, run)
	total := 0
	for _, file := range files {
		total += file.Plans
	}
	if len(files) != 3 || total != 41 {
		t.Errorf("%+v", files)
	}
}

func TestWhatFails(t *testing.T) {
	t.Parallel()
	h := open(t, 1)
	for name, refs := range map[string][]pep.Ref{"none": nil, "too many": slices.Repeat(h.refs, printing.MostPlans+1)} {
		if _, err := h.printing.Start(t.Context(), h.worker, "My caseload", refs); fault.Of(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	nowhere := &printing.Service{DB: h.db, Printer: pdf.None, Plans: h.plans}
	if _, err := nowhere.Start(t.Context(), h.worker, "My caseload", h.refs); !errors.Is(err, fault.KindUnavailable) || !strings.Contains(fault.Words(err), "from your browser") {
		t.Errorf("without a Chromium: %v", err)
	}
	run := h.start(h.worker)
	h.press.fails = fault.New(fault.KindUnavailable, "It broke.")
	for n := range 3 {
		if err := h.printing.PrintNext(t.Context(), run); err == nil {
			t.Errorf("attempt %d failed in silence", n+1)
		}
	}
	if failed := h.run(h.worker, run); failed.State != printing.Failed || !strings.Contains(failed.Failure, "Delete this print and try again") {
		t.Errorf("%+v", failed)
	}
	h.press.fails = nil
	if err := h.printing.PrintNext(t.Context(), run); err != nil || h.run(h.worker, run).Files != 0 {
		t.Errorf("a run that was given up goes on: %v", err)
	}
	again := h.start(h.worker) // one that failed stands in nobody's way
	h.Exec(`update allocation set period = '[2026-01-01,2026-11-23)'`)
	if err := h.printing.PrintNext(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if empty := h.run(h.worker, again); empty.State != printing.Failed || !strings.Contains(empty.Failure, "None of these plans") {
		t.Errorf("%+v", empty)
	}
}

func TestARunIsForgottenAfterADay(t *testing.T) {
	t.Parallel()
	h := open(t, 1)
	run := h.start(h.worker)
	h.print(run)
	later := now.Add(printing.Kept - time.Minute)
	h.clock.Store(&later)
	if err := h.printing.Forget(t.Context()); err != nil || h.ID(`select count(*) from print_file`) != 1 {
		t.Errorf("forgotten too early: %v", err)
	}
	over := now.Add(printing.Kept)
	h.clock.Store(&over)
	if _, err := h.printing.Fetch(t.Context(), h.worker, run, 1); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("after a day: %v", err)
	}
	if err := h.printing.Forget(t.Context()); err != nil || h.ID(`select count(*) from print_run`)+h.ID(`select count(*) from print_file`) != 0 {
		t.Errorf("kept: %v", err)
	}
}

func TestTheQueuePrints(t *testing.T) {
	t.Parallel()
	h := open(t, 25)
	queue := job.New(h.db, slog.New(slog.DiscardHandler), 20*time.Millisecond)
	h.printing.Work(queue)
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := queue.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	run := h.start(h.worker)
	for end := time.Now().Add(30 * time.Second); h.run(h.worker, run).State != printing.Done; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%+v", h.run(h.worker, run))
		}
	}
	if _, files := h.files(h.worker, run); len(files) != 2 {
		t.Errorf("%d files", len(files))
	}
}
