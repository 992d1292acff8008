package intake_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

func twoChildren() []intake.Upload {
	return []intake.Upload{header(maya, "C2,M,01/02/2012,WBRI,UN1,,\n"), episodes("C1,01/09/2025,S,C2,N1,U6,PR1,,,,,,", "C2,01/09/2025,S,C2,N1,U6,PR1,,,,,,")}
}

func (s *site) receive(actor access.Actor, kind intake.Kind, uploads ...intake.Upload) int64 {
	s.t.Helper()
	id, err := s.Receive(s.t.Context(), actor, kind, uploads)
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *site) check(id int64) {
	s.t.Helper()
	if err := s.Check(s.t.Context(), id); err != nil {
		s.t.Fatal(err)
	}
}

func TestFromUploadToReceipt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	id := s.receive(officer, intake.Return, twoChildren()...)
	s.wants("uploaded 2", `select state || ' ' || (select count(*) from import_part) from import where id = $1`, id)
	s.check(id)
	s.check(id) // a job done twice
	s.wants("previewed 2 0", `select state || ' ' || new_count || ' ' || (select count(*) from child) from import where id = $1`, id)
	s.wants("2", `select count(*) from import_item where import_id = $1 and action = 'new'`, id)
	if err := s.Confirm(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.wants("applied 2 0", `select state || ' ' || (select count(*) from child) || ' ' || (select count(*) from import_part) from import where id = $1`, id)
	s.wants("2", `select count(*) from import_item where import_id = $1 and child_id is not null`, id)
	s.wants("4", `select count(*) from audit_change where account_id = $1 and action in ('uploaded', 'confirmed', 'applied', 'added by import') and action <> 'added by import'
		or account_id = $1 and action = 'added by import' and child_id = (select min(id) from child)`, officer.ID)
	if err := s.Confirm(t.Context(), officer, id); !errors.Is(err, fault.KindConflict) {
		t.Errorf("confirmed twice: %v", err)
	}

	again := s.receive(officer, intake.Return, twoChildren()...)
	s.check(again)
	s.wants("0 2 true", `select new_count || ' ' || same_count || ' ' || (notice like '%was imported on 23 November 2026%') from import where id = $1`, again)
	if err := s.Discard(t.Context(), officer, again); err != nil {
		t.Fatal(err)
	}
	s.wants("discarded 0", `select state || ' ' || (select count(*) from import_part) from import where id = $1`, again)
}

func TestWhoMayImport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	id := s.receive(officer, intake.Return, twoChildren()...)
	s.check(id)
	for _, role := range []access.Role{access.LeadAdvisor, access.Advisor, access.SupportAdvisor, access.SocialWorker, access.ReviewingOfficer, access.School} {
		other := s.person(role, string(role)+"@x.test")
		_, received := s.Receive(t.Context(), other, intake.Return, twoChildren())
		_, looked := s.Preview(t.Context(), other, intake.Return, twoChildren())
		_, imported := s.Import(t.Context(), other, intake.Return, twoChildren())
		for what, err := range map[string]error{"receive": received, "preview": looked, "import": imported,
			"confirm": s.Confirm(t.Context(), other, id), "discard": s.Discard(t.Context(), other, id)} {
			hidden := role == access.School && errors.Is(err, fault.KindNotFound) // the file is no school's
			if !errors.Is(err, fault.KindForbidden) && !hidden {
				t.Errorf("%s may %s: %v", role, what, err)
			}
		}
	}
	// Whoever may no longer import when the work is done does not.
	if err := s.Confirm(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	s.exec(`update account set state = 'ended', ended_at = $2 where id = $1`, officer.ID, now)
	if err := s.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	s.wants("failed true 0", `select state || ' ' || (failure like '%may no longer%') || ' ' || (select count(*) from child) from import where id = $1`, id)
}

func TestRestrictedChildrenAreInNobodyElsesPreview(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, head := s.person(access.DataOfficer, "data@x.test"), s.person(access.Head, "head@x.test")
	child := s.child("C1", "Maya")
	s.exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, child)
	s.exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, child, head.ID)
	uploads := []intake.Upload{header("C1,M,06/05/2014,WBRI,nonsense,,\n", "C2,M,01/02/2012,WBRI,nonsense,,\n"),
		episodes("C1,01/09/2024,S,C2,N1,U6,PR1,,,,,,", "C2,01/09/2025,S,C2,N1,U6,PR1,,,,,,")}
	id := s.receive(officer, intake.Return, uploads...)
	s.check(id)
	for _, tt := range []struct {
		who            access.Actor
		items, problem int
	}{{officer, 1, 1}, {head, 2, 2}} {
		var items []intake.Item
		var problems []intake.Problem
		var batch postgres.Batch
		intake.QueueItems(&batch, &items, id, intake.ItemFilter{Limit: 10})
		intake.QueueProblems(&batch, &problems, id, intake.ProblemFilter{Limit: 10})
		if err := s.DB.View(t.Context(), tt.who, &batch); err != nil {
			t.Fatal(err)
		}
		if len(items) != tt.items || len(problems) != tt.problem {
			t.Errorf("%s sees %d lines and %d problems: %+v %+v", tt.who.Role, len(items), len(problems), items, problems)
		}
	}
}

// TestADifferentRecordThanThePreview applies to nothing when the record changed in between.
func TestADifferentRecordThanThePreview(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	id := s.receive(officer, intake.Return, twoChildren()...)
	s.check(id)
	s.child("C1", "Maya")
	if err := s.Confirm(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), id); !errors.Is(err, fault.KindConflict) || !strings.Contains(fault.Words(err), "changed since the preview") {
		t.Errorf("applied: %v", err)
	}
	s.wants("uploaded 1 2", `select state || ' ' || (select count(*) from child) || ' ' || (select count(*) from import_part) from import where id = $1`, id)
	s.check(id)
	s.wants("previewed 1 true", `select state || ' ' || new_count || ' ' || (notice like '%new preview%') from import where id = $1`, id)
}

// TestAnImportBrokenOffLeavesNothing stops the last statement of an import from working.
func TestAnImportBrokenOffLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	id := s.receive(officer, intake.Return, twoChildren()...)
	s.check(id)
	if err := s.Confirm(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	s.exec(`create function break_off() returns trigger language plpgsql as $$ begin
		if new.state = 'applied' then perform pg_sleep(30); end if; return new; end $$`)
	s.exec(`create trigger break_off before update on import for each row execute function break_off()`)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if err := s.Apply(ctx, id); err == nil {
		t.Fatal("it was applied")
	}
	s.wants("applying 0 0 2", `select state || ' ' || (select count(*) from child) || ' ' || (select count(*) from care_period) || ' ' || (select count(*) from import_part) from import where id = $1`, id)
	s.exec(`drop trigger break_off on import`)
	if err := s.Apply(t.Context(), id); err != nil { // the job comes again
		t.Fatal(err)
	}
	s.wants("applied 2", `select state || ' ' || (select count(*) from child) from import where id = $1`, id)
}

func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, deputy := s.person(access.DataOfficer, "data@x.test"), s.person(access.Deputy, "deputy@x.test")
	id := s.receive(officer, intake.Return, twoChildren()...)
	s.check(id)
	var confirming sync.WaitGroup
	results := make([]error, 2)
	for i, who := range []access.Actor{officer, deputy} {
		confirming.Go(func() { results[i] = s.Confirm(t.Context(), who, id) })
	}
	confirming.Wait()
	if (results[0] == nil) == (results[1] == nil) {
		t.Errorf("confirmed by %v and %v", results[0], results[1])
	}
	var applying sync.WaitGroup
	for range 2 {
		applying.Go(func() {
			if err := s.Apply(t.Context(), id); err != nil {
				t.Errorf("apply: %v", err)
			}
		})
	}
	applying.Wait()
	s.wants("applied 2 2", `select state || ' ' || (select count(*) from child) || ' ' || (select count(*) from care_period) from import where id = $1`, id)
	s.wants("1", `select count(*) from audit_change where action = 'applied'`)
}

func TestInTheBackground(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	queue := job.New(s.DB, slog.New(slog.DiscardHandler), 20*time.Millisecond)
	s.Work(queue)
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
	becomes := func(id int64, want string) {
		t.Helper()
		var got string
		for end := time.Now().Add(20 * time.Second); got != want && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if err := s.sql.QueryRow(t.Context(), `select state from import where id = $1`, id).Scan(&got); err != nil {
				t.Fatal(err)
			}
		}
		if got != want {
			t.Fatalf("import %d is %s; want %s", id, got, want)
		}
	}
	id := s.receive(officer, intake.Return, twoChildren()...)
	becomes(id, "previewed")
	if err := s.Confirm(t.Context(), officer, id); err != nil {
		t.Fatal(err)
	}
	becomes(id, "applied")
	damaged := s.receive(officer, intake.Return, header(maya), file("episodes.csv", "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC\n"))
	becomes(damaged, "failed")
	s.wants("true", `select failure like 'episodes.csv, line 1: This looks like the Episodes table%' from import where id = $1`, damaged)
}

func TestReceiveRefusesInWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	for _, tt := range []struct {
		kind    intake.Kind
		uploads []intake.Upload
		field   string
		words   string
	}{
		{"", twoChildren(), "kind", "Choose what kind"},
		{intake.Return, nil, "files", "Choose a file"},
		{intake.Return, []intake.Upload{file("x.csv", "")}, "files", "empty"},
		{intake.Register, twoChildren(), "files", "Send it under “Children looked after return"},
		{intake.RollFile, make([]intake.Upload, 21), "files", "at most 20"},
	} {
		_, err := s.Receive(t.Context(), officer, tt.kind, tt.uploads)
		if problems := fault.Of(err); len(problems) != 1 || problems[0].Field != tt.field || !strings.Contains(problems[0].Text, tt.words) {
			t.Errorf("%q: %v", tt.words, err)
		}
	}
	s.wants("0", `select count(*) from import`)
}

func TestForget(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.person(access.DataOfficer, "data@x.test")
	old, young := s.receive(officer, intake.Return, twoChildren()...), s.receive(officer, intake.Return, twoChildren()...)
	s.check(old)
	s.exec(`update import_file set expires_at = $2 where import_id = $1`, old, now)
	if err := s.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.wants("discarded 0 0", `select state || ' ' || (select count(*) from import_item where import_id = i.id) || ' ' || (select count(*) from import_part p join import_file f on f.id = p.file_id where f.import_id = i.id) from import i where id = $1`, old)
	s.wants("uploaded 2", `select state || ' ' || (select count(*) from import_part p join import_file f on f.id = p.file_id where f.import_id = i.id) from import i where id = $1`, young)
}

func TestNobodyReadsAFileBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	head := s.person(access.Head, "head@x.test")
	s.receive(head, intake.Return, twoChildren()...)
	for _, tt := range []struct {
		who  access.Actor
		want int
	}{{head, 0}, {access.System, 2}} {
		var n int
		var batch postgres.Batch
		postgres.Value(&batch, &n, `select count(*)::int from import_part`, nil)
		if err := s.DB.View(t.Context(), tt.who, &batch); err != nil || n != tt.want {
			t.Errorf("%s reads %d parts, %v; want %d", tt.who.Role, n, err, tt.want)
		}
	}
}
