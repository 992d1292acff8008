package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

// rollTaker takes in names, schools and people. The file is its sender's own entry: it works on the
// records the sender may see, and what it says goes before what is there.
type rollTaker struct {
	directory directory
}

func (r *rollTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	for _, action := range []access.Action{access.EditChild, access.ChangeRoll, access.ChangeAllocation} {
		if err := access.Check(tx.Actor, action, access.Facts{}); err != nil {
			return err
		}
	}
	var rows []row
	for _, file := range files {
		if file.Kind == table.XML {
			return &table.FileError{File: file.Name, Rule: "not-roll", Text: "This is an XML document. A roll file is a CSV: download the template and fill it in."}
		}
		_, err := rollfile.Read(file, tx.Today, func(e rollfile.Entry) error {
			rows = append(rows, row{e, file.Name})
			return nil
		}, out.problem)
		if err != nil {
			return err
		}
	}
	out.progress(len(rows))
	if err := r.load(ctx, tx, rows, out.locking); err != nil {
		return err
	}
	inOrder(rows)
	var items []Item
	for _, one := range rows {
		changes, refused := r.directory.take(one.Entry)
		switch {
		case refused != nil:
			if refused.rule == "no-such-child" {
				out.unknown = append(out.unknown, one.ChildID)
			}
			out.problem(table.Problem{File: one.file, Line: one.Line, About: table.Short(one.ChildID), Column: refused.column, Rule: refused.rule,
				Severity: table.Error, Text: refused.text + " The row is left out."})
		case len(changes) == 0:
			out.counts.Same++
		default:
			items = append(items, Item{Action: ActionChanged, Key: one.ChildID, File: one.file, Line: one.Line,
				ChildID: r.directory.pupils[one.ChildID].ID, Changes: differences(changes)})
		}
	}
	return out.add(ctx, append(items, out.rejectRows(func(table.Problem) bool { return true })...))
}

// load looks up everything the rows name, in one query for each table.
func (r *rollTaker) load(ctx context.Context, tx *postgres.Tx, rows []row, locking bool) error {
	d := directory{today: tx.Today, pupils: map[string]*pupil{}, schools: map[int]school{}, colleagues: map[string]colleague{}}
	var ids, emails []string
	var urns []int
	for _, one := range rows {
		ids, urns = append(ids, one.ChildID), append(urns, one.SettingURN)
		emails = append(emails, one.AdvisorEmail, one.SocialWorkerEmail, one.ReviewingOfficerEmail)
	}
	lock := ""
	if locking {
		lock = ` order by id for update`
	}
	of := postgres.Args{"ids": ids, "urns": urns, "emails": emails}
	pupils, err := postgres.List[pupil](ctx, tx, `select id, la_child_id, coalesce(forename, '') as forename, coalesce(surname, '') as surname,
		coalesce(preferred_name, '') as preferred_name, former_names, coalesce(upn, '') as upn, upn_quality from child where la_child_id = any(@ids) and sealed_on is null`+lock, of)
	if err != nil {
		return err
	}
	byID := map[int64]*pupil{}
	numbers := make([]int64, len(pupils))
	for i := range pupils {
		p := &pupils[i]
		d.pupils[p.LAChildID], byID[p.ID], numbers[i] = p, p, p.ID
	}
	of["children"] = numbers
	rolls, err := postgres.List[enrolment](ctx, tx, `select r.id, r.child_id, r.setting_id, s.name as school, r.kind, lower(r.period) as start, upper(r.period) as end
		from roll r join setting s on s.id = r.setting_id where r.child_id = any(@children) order by r.child_id, r.period`, of)
	if err != nil {
		return err
	}
	for _, e := range rolls {
		e.was = e.End
		byID[e.ChildID].rolls = append(byID[e.ChildID].rolls, e)
	}
	workers, err := postgres.List[worker](ctx, tx, `select a.id, a.child_id, a.account_id, p.name, a.part, lower(a.period) as start, upper(a.period) as end
		from allocation a join account p on p.id = a.account_id
		where a.child_id = any(@children) and a.part in ('advisor', 'social_worker', 'reviewing_officer') order by a.child_id, a.part, a.period`, of)
	if err != nil {
		return err
	}
	for _, w := range workers {
		byID[w.ChildID].workers = append(byID[w.ChildID].workers, w)
	}
	schools, err := postgres.List[school](ctx, tx, `select id, urn, name, status from setting where urn = any(@urns)`, of)
	if err != nil {
		return err
	}
	for _, s := range schools {
		d.schools[s.URN] = s
	}
	colleagues, err := postgres.List[colleague](ctx, tx, `select id, email, name, role from account where email = any(@emails) and state <> 'ended'`, of)
	if err != nil {
		return err
	}
	for _, c := range colleagues {
		d.colleagues[c.Email] = c
	}
	r.directory = d
	return nil
}

const plannedRollSQL = `
create temp table planned_name (child_id bigint, forename text, surname text, preferred_name text, former_names text[], upn text, upn_quality text) on commit drop;
create temp table planned_roll (id bigint, child_id bigint, setting_id bigint, kind text, starts date, ends date, longer boolean) on commit drop;
create temp table planned_worker (id bigint, child_id bigint, account_id bigint, part text, starts date, ends date) on commit drop;`

// apply writes how the rows leave each child. Rolls are shortened before others grow into their room.
func (r *rollTaker) apply(ctx context.Context, tx *postgres.Tx, by access.Actor, importID int64) error {
	if _, err := tx.Exec(ctx, plannedRollSQL); err != nil {
		return err
	}
	if err := r.stage(ctx, tx); err != nil {
		return err
	}
	of := postgres.Args{"import": importID, "by": by.ID, "request": audit.RequestID(ctx)}
	for _, statement := range []string{
		`update child c set forename = nullif(p.forename, ''), surname = nullif(p.surname, ''), preferred_name = nullif(p.preferred_name, ''), former_names = p.former_names,
			upn = nullif(p.upn, ''), upn_quality = p.upn_quality, updated_at = @now, version = version + 1 from planned_name p where c.id = p.child_id`,
		`update roll r set period = daterange(p.starts, p.ends) from planned_roll p where r.id = p.id and not p.longer`,
		`update roll r set period = daterange(p.starts, p.ends) from planned_roll p where r.id = p.id and p.longer`,
		`insert into roll (child_id, setting_id, kind, period, source) select child_id, setting_id, kind, daterange(starts, ends), 'entered' from planned_roll where id is null`,
		`update allocation a set account_id = p.account_id, period = daterange(p.starts, p.ends) from planned_worker p where a.id = p.id`,
		`insert into allocation (child_id, account_id, part, period, source) select child_id, account_id, part, daterange(starts, ends), 'entered' from planned_worker where id is null`,
		auditItemsSQL,
	} {
		_, err := tx.Do(ctx, statement, of)
		if postgres.Constraint(err) != "" {
			return errors.Join(fault.Conflict("The rows of the file contradict each other about one child. Send each child’s rows on their own to find which."), err)
		}
		if err != nil {
			return fmt.Errorf("apply the roll file: %w", err)
		}
	}
	return nil
}

func (r *rollTaker) stage(ctx context.Context, tx *postgres.Tx) error {
	number := func(id int64) *int64 {
		if id == 0 {
			return nil
		}
		return &id
	}
	var named, rolls, workers [][]any
	for _, p := range r.directory.pupils {
		if p.named {
			named = append(named, []any{p.ID, p.Forename, p.Surname, p.PreferredName, p.FormerNames, p.UPN, p.UPNQuality})
		}
		for _, e := range p.rolls {
			if e.ID == 0 || e.changed {
				rolls = append(rolls, []any{number(e.ID), p.ID, e.SettingID, e.Kind, e.Start, dayOrNull(e.End), longer(e.was, e.End)})
			}
		}
		for _, w := range p.workers {
			if w.ID == 0 || w.changed {
				workers = append(workers, []any{number(w.ID), p.ID, w.AccountID, w.Part, w.Start, dayOrNull(w.End)})
			}
		}
	}
	for _, load := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"planned_name", []string{"child_id", "forename", "surname", "preferred_name", "former_names", "upn", "upn_quality"}, named},
		{"planned_roll", []string{"id", "child_id", "setting_id", "kind", "starts", "ends", "longer"}, rolls},
		{"planned_worker", []string{"id", "child_id", "account_id", "part", "starts", "ends"}, workers},
	} {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{load.table}, load.columns, pgx.CopyFromRows(load.rows)); err != nil {
			return fmt.Errorf("stage %s: %w", load.table, err)
		}
	}
	return nil
}

// longer says whether a run of days grows when its end moves.
func longer(was, is calendar.Date) bool {
	return is.IsZero() && !was.IsZero() || !was.IsZero() && is.After(was)
}
