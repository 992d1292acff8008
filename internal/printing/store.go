package printing

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

const runSQL = `select id, choice, state, total, printed, files, coalesce(failure, '') as failure, asked_at, finished_at, expires_at
	from print_run where account_id = @account and expires_at > @now`

// QueueRuns queues an actor's own runs, newest first.
func QueueRuns(batch *postgres.Batch, into *[]Run, actor access.Actor) {
	postgres.Many(batch, into, runSQL+` order by asked_at desc, id desc`, postgres.Args{"account": actor.ID})
}

// QueueRun queues one run of the actor's own and those of its files that can be fetched. A run that is
// not theirs, or is forgotten, fails the batch with NotFound.
func QueueRun(batch *postgres.Batch, into *Run, files *[]File, actor access.Actor, runID int64) {
	postgres.One(batch, into, runSQL+` and id = @run`, postgres.Args{"account": actor.ID, "run": runID})
	postgres.Many(batch, files, `select number, plans, length(content) as bytes from print_file where run_id = @run order by number`, postgres.Args{"run": runID})
}

func insertRun(ctx context.Context, tx *postgres.Tx, choice string, refs []pep.Ref) (int64, error) {
	id, err := postgres.GetValue[int64](ctx, tx, `insert into print_run (account_id, role, choice, total, asked_at, expires_at)
		values (@account, @role, @choice, @total, @now, @now::timestamptz + @kept::interval) returning id`,
		postgres.Args{"account": tx.Actor.ID, "role": tx.Actor.Role, "choice": choice, "total": len(refs), "kept": Kept})
	if err != nil {
		return 0, err
	}
	children, plans := make([]int64, len(refs)), make([]int64, len(refs))
	for n, ref := range refs {
		children[n], plans[n] = ref.ChildID, ref.PEPID
	}
	_, err = tx.Do(ctx, `insert into print_run_plan (run_id, position, child_id, pep_id)
		select @run, n, child, plan from unnest(@children::bigint[], @plans::bigint[]) with ordinality as t (child, plan, n)`,
		postgres.Args{"run": id, "children": children, "plans": plans})
	return id, err
}

// order is a run as the queue takes it up, with the person who asked as they are now.
type order struct {
	ID       int64
	State    State
	Files    int
	Attempts int
	Account  int64
	Name     string
	Email    string
	Role     access.Role
	Same     bool // the account is active and has the role in which the run was asked for
}

func (o order) person() access.Actor {
	return access.Actor{ID: o.Account, Name: o.Name, Email: o.Email, Role: o.Role}
}

// takeUp counts an attempt at the next file of a run; nil when there is nothing to do any more.
func takeUp(ctx context.Context, tx *postgres.Tx, runID int64) (*order, error) {
	found, err := postgres.List[order](ctx, tx, `update print_run r set state = 'printing', attempts = attempts + 1 from account a
		where r.id = @run and r.state in ('waiting', 'printing') and r.expires_at > @now and a.id = r.account_id
		returning r.id, r.state, r.files, r.attempts, a.id as account, a.name, a.email, a.role, a.state = 'active' and a.role = r.role as same`,
		postgres.Args{"run": runID})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

func queueNext(batch *postgres.Batch, into *[]planRow, runID int64) {
	postgres.Many(batch, into, `select position, child_id, pep_id from print_run_plan where run_id = @run and file is null order by position limit @most`,
		postgres.Args{"run": runID, "most": PlansInFile})
}

// keepFile writes a file, and says whether plans are left for another. Conflict: another worker was quicker.
func keepFile(ctx context.Context, tx *postgres.Tx, of *order, plans []planRow, content []byte) (more bool, err error) {
	positions := make([]int, len(plans))
	for n, plan := range plans {
		positions[n] = plan.Position
	}
	args := postgres.Args{"run": of.ID, "files": of.Files, "number": of.Files + 1, "plans": len(plans), "positions": positions, "content": content}
	if err := tx.DoOne(ctx, `update print_run set files = @number, printed = printed + @plans, attempts = 0
		where id = @run and state = 'printing' and files = @files`, args); err != nil {
		return false, err
	}
	if _, err := tx.Do(ctx, `update print_run_plan set file = @number where run_id = @run and position = any(@positions)`, args); err != nil {
		return false, err
	}
	if _, err := tx.Do(ctx, `insert into print_file (run_id, number, plans, content, made_at) values (@run, @number, @plans, @content, @now)`, args); err != nil {
		return false, err
	}
	return postgres.GetValue[bool](ctx, tx, `select exists (select from print_run_plan where run_id = @run and file is null)`, args)
}

func finish(ctx context.Context, tx *postgres.Tx, runID int64) error {
	_, err := tx.Do(ctx, `update print_run set state = 'done', finished_at = @now where id = @run and state = 'printing'`, postgres.Args{"run": runID})
	return err
}

func giveUp(ctx context.Context, tx *postgres.Tx, runID int64, words string) error {
	_, err := tx.Do(ctx, `update print_run set state = 'failed', failure = @words, finished_at = @now where id = @run and state in ('waiting', 'printing')`,
		postgres.Args{"run": runID, "words": words})
	return err
}
