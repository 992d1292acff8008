package printing

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// Service prints many plans. Everything needs access.SeePEP.
type Service struct {
	DB      *postgres.DB
	Printer pdf.Printer
	// Plans makes one document of plans, each a part of its own, as the actor may read them, and writes
	// the looks to the audit under the name of a screen. A plan that is not theirs to see fails it with
	// NotFound.
	Plans func(ctx context.Context, actor access.Actor, refs []pep.Ref, screen string) (pdf.Document, error)
}

// printJob makes the next file of a run.
type printJob struct {
	RunID int64 `json:"run_id"`
}

func (printJob) Kind() string { return "print_plans" }

// Start asks for a run of plans; choice says in words which they are. Conflict: the person has a run
// under way. Unavailable: no PDF files are made here. A plan of a child who is not theirs to see is
// left out when the files are made.
func (s *Service) Start(ctx context.Context, actor access.Actor, choice string, refs []pep.Ref) (id int64, err error) {
	if err := access.Check(actor, access.SeePEP, access.Facts{}); err != nil {
		return 0, err
	}
	switch {
	case len(refs) == 0:
		return 0, fault.Invalid("choice", "There is no plan to print. Choose others.")
	case len(refs) > MostPlans:
		return 0, fault.Invalid("choice", "That is more plans than can be printed in one go. Choose fewer with the filters.")
	case !s.Printer.Available():
		_, err := s.Printer.Print(ctx, pdf.Document{})
		return 0, err
	}
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		var err error
		if id, err = insertRun(ctx, tx, choice, refs); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{Subject: "print_run", SubjectID: id, Action: "asked", After: map[string]any{"plans": len(refs)}}); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, printJob{RunID: id})
	})
	if postgres.Constraint(err) == "print_run_one_at_a_time" {
		return 0, fault.Conflict("You have plans being printed already. Wait until they are done, or delete that print.")
	}
	return id, err
}

// Fetch is one file of a run. NotFound: the run is not the actor's, is forgotten, or has no such file.
// Forbidden: a child in the file is no longer theirs to see.
func (s *Service) Fetch(ctx context.Context, actor access.Actor, runID int64, number int) ([]byte, error) {
	if err := access.Check(actor, access.SeePEP, access.Facts{}); err != nil {
		return nil, err
	}
	type file struct {
		Content  []byte
		Children []int64
	}
	var run Run
	var found *file
	var batch postgres.Batch
	postgres.One(&batch, &run, runSQL+` and id = @run`, postgres.Args{"account": actor.ID, "run": runID})
	postgres.Maybe(&batch, &found, `select f.content, array_agg(p.child_id) as children
		from print_file f join print_run_plan p on p.run_id = f.run_id and p.file = f.number
		where f.run_id = @run and f.number = @number group by f.run_id, f.number`, postgres.Args{"run": runID, "number": number})
	if err := s.DB.View(ctx, actor, &batch); err != nil {
		return nil, err
	}
	switch {
	case found == nil && number > 0 && number <= run.Files:
		return nil, fault.Forbidden("A child in this file is no longer yours to see, so nobody can open it any more. Print the plans again: the file is made without that child.")
	case found == nil:
		return nil, fault.NotFound()
	}
	var looks postgres.Batch
	audit.LookMany(ctx, &looks, actor, found.Children, "printed PEPs downloaded")
	return found.Content, s.DB.View(ctx, actor, &looks)
}

// Delete forgets a run of the actor's own and all its files; one that is being made is broken off.
func (s *Service) Delete(ctx context.Context, actor access.Actor, runID int64) error {
	if err := access.Check(actor, access.SeePEP, access.Facts{}); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		gone, err := tx.Do(ctx, `delete from print_run where id = @run and account_id = @account`, postgres.Args{"run": runID, "account": actor.ID})
		if err != nil {
			return err
		}
		if gone == 0 {
			return fault.NotFound()
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "print_run", SubjectID: runID, Action: "deleted"})
	})
}
