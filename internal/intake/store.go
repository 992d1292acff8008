package intake

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

const importColumns = `i.id, i.kind, i.state, coalesce((select string_agg(f.name, ', ' order by f.id) from import_file f where f.import_id = i.id), '') as files,
	u.name as uploaded_by, i.uploaded_at, i.as_at, i.notice, i.new_count as new, i.changed_count as changed, i.same_count as same,
	i.conflict_count as conflict, i.rejected_count as rejected, i.done, i.total, coalesce(i.failure, '') as failure,
	coalesce(a.name, '') as applied_by, i.applied_at, i.question, i.headings, coalesce(i.setting_id, 0) as setting_id, coalesce(h.name, '') as school,
	coalesce(i.delivery_id, 0)::bigint as delivery_id, exists (select from attendance_delivery d where d.id = i.delivery_id and d.taken_back_at is not null) as taken_back
	from import i join account u on u.id = i.uploaded_by left join account a on a.id = i.applied_by
	left join setting h on h.id = i.setting_id`

// QueueImports queues the imports, latest first: a page of them after an import; 0: the first page.
func QueueImports(batch *postgres.Batch, into *[]Import, before int64, limit int) {
	postgres.Many(batch, into, `select `+importColumns+` where @before::bigint = 0 or i.id < @before order by i.id desc limit @limit`,
		postgres.Args{"before": before, "limit": limit})
}

// School is one whose file may come.
type School struct {
	ID   int64
	Name string
}

// QueueSchools queues the schools whose file the actor may send: their own people theirs, others any with a
// child in care on roll.
func QueueSchools(batch *postgres.Batch, into *[]School, actor access.Actor) {
	postgres.Many(batch, into, `select id, name from setting where id in (
			select setting_id from account_setting where @school and account_id = @actor and period @> @today::date
			union all
			select r.setting_id from roll r join care_period c on c.child_id = r.child_id and c.period @> @today::date where not @school and r.period @> @today::date)
		order by name, id`, postgres.Args{"school": actor.Role == access.School, "actor": actor.ID})
}

// QueueImport queues one import. One that is not there fails the batch with NotFound.
func QueueImport(batch *postgres.Batch, into *Import, importID int64) {
	postgres.One(batch, into, `select `+importColumns+` where i.id = @import`, postgres.Args{"import": importID})
}

// ItemFilter narrows the lines of a preview.
type ItemFilter struct {
	Action string // empty: all
	Offset int
	Limit  int
}

// QueueItems queues lines of a preview that the actor may see, in the order of the files.
func QueueItems(batch *postgres.Batch, into *[]Item, importID int64, filter ItemFilter) {
	postgres.Many(batch, into, `select id, action, key, name, file, line, coalesce(child_id, 0) as child_id, words, changes from import_item
		where import_id = @import and (@action = '' or action = @action) order by id offset @offset limit @limit`,
		postgres.Args{"import": importID, "action": filter.Action, "offset": filter.Offset, "limit": filter.Limit})
}

// ItemTally is how many lines of a preview the actor may see of each action.
type ItemTally struct{ New, Changed, Conflict, Rejected int }

// QueueItemTally queues the tally of lines.
func QueueItemTally(batch *postgres.Batch, into *ItemTally, importID int64) {
	postgres.One(batch, into, `select count(*) filter (where action = 'new') as new, count(*) filter (where action = 'changed') as changed,
		count(*) filter (where action = 'conflict') as conflict, count(*) filter (where action = 'rejected') as rejected
		from import_item where import_id = @import`, postgres.Args{"import": importID})
}

// ProblemFilter narrows the problems of an import.
type ProblemFilter struct {
	Severity string // empty: all
	Offset   int
	Limit    int
}

// QueueProblems queues problems that the actor may see, in the order of the files and their lines.
func QueueProblems(batch *postgres.Batch, into *[]Problem, importID int64, filter ProblemFilter) {
	postgres.Many(batch, into, `select id, file, line, column_name as column, value, rule, severity, text, about, coalesce(child_id, 0) as child_id from import_problem
		where import_id = @import and (@severity = '' or severity = @severity) order by id offset @offset limit @limit`,
		postgres.Args{"import": importID, "severity": filter.Severity, "offset": filter.Offset, "limit": filter.Limit})
}

// ProblemTally is how many problems of an import the actor may see of each severity.
type ProblemTally struct{ Errors, Warnings, Infos int }

// QueueProblemTally queues the tally of problems.
func QueueProblemTally(batch *postgres.Batch, into *ProblemTally, importID int64) {
	postgres.One(batch, into, `select count(*) filter (where severity = 'error') as errors, count(*) filter (where severity = 'warning') as warnings,
		count(*) filter (where severity = 'info') as infos from import_problem where import_id = @import`, postgres.Args{"import": importID})
}

// Place is where the problem stands, for a person: "episodes.csv, line 12".
func (p Problem) Place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s, line %d", p.File, p.Line)
}

// QueueLooks queues the record that the actor was shown the children whom a page's lines and problems are about.
func QueueLooks(batch *postgres.Batch, importID int64, items ItemFilter, problems ProblemFilter, actorID int64, requestID string) {
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select @now::timestamptz, @actor::bigint, child_id, 'import', @request::text from (
			(select child_id from import_item where import_id = @import and (@action = '' or action = @action) order by id offset @offset limit @limit)
			union (select child_id from import_problem where import_id = @import and (@severity = '' or severity = @severity) order by id offset @from limit @most)) shown
		where child_id is not null`,
		postgres.Args{"import": importID, "action": items.Action, "offset": items.Offset, "limit": items.Limit,
			"severity": problems.Severity, "from": problems.Offset, "most": problems.Limit, "actor": actorID, "request": requestID})
}

// QueueProblemLooks queues the record that the actor was sent the problems of an import.
func QueueProblemLooks(batch *postgres.Batch, importID, actorID int64, requestID string) {
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select distinct @now::timestamptz, @actor::bigint, child_id, 'import problems', @request::text from import_problem
		where import_id = @import and child_id is not null`, postgres.Args{"import": importID, "actor": actorID, "request": requestID})
}
