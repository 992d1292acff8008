package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

// mostProblems is how many findings are kept; beyond it the file is wrong in one way many times.
const mostProblems = 50_000

// outcome is what reading and comparing come to, within one transaction. Lines of the preview stand
// in the temporary table staged_item, problems in memory until they are wanted.
type outcome struct {
	tx       *postgres.Tx
	counts   Counts
	asAt     calendar.Date
	problems []table.Problem
	dropped  int // problems beyond mostProblems
	notices  []string
	unknown  []string    // identifiers of which the sender sees no record
	asked    []AskedCode // codes that somebody has to explain
	locking  bool        // what is compared is also to be changed, so it is held
	progress func(done int)
}

const stagedItemSQL = `create temp table staged_item (action text not null, key text not null, name text not null default '',
	file text not null default '', line int not null default 0, child_id bigint, words text not null default '', changes jsonb not null default '[]') on commit drop`

func newOutcome(ctx context.Context, tx *postgres.Tx, progress func(int)) (*outcome, error) {
	if _, err := tx.Do(ctx, stagedItemSQL, nil); err != nil {
		return nil, err
	}
	return &outcome{tx: tx, progress: progress}, nil
}

// problem takes note of a finding.
func (o *outcome) problem(p table.Problem) {
	if len(o.problems) >= mostProblems {
		o.dropped++
		return
	}
	o.problems = append(o.problems, p)
}

// note takes note of something about the import as a whole.
func (o *outcome) note(format string, args ...any) {
	o.notices = append(o.notices, fmt.Sprintf(format, args...))
}

// finished says how many findings there were beyond those kept.
func (o *outcome) finished() {
	if o.dropped > 0 {
		o.note("There are %d more problems than are listed here. Most are probably of one kind: put it right and send the file again.", o.dropped)
	}
}

// rejectRows makes a line of the preview of each row that a reader left out for an error.
func (o *outcome) rejectRows(within func(table.Problem) bool) []Item {
	type place struct {
		file string
		line int
	}
	seen := map[place]bool{}
	var items []Item
	for _, p := range o.problems {
		at := place{p.File, p.Line}
		if p.Severity != table.Error || p.Line == 0 || seen[at] || !within(p) {
			continue
		}
		seen[at] = true
		key := p.About
		if key == "" {
			key = fmt.Sprintf("line %d", p.Line)
		}
		items = append(items, Item{Action: ActionRejected, Key: key, File: p.File, Line: p.Line, Words: p.Text})
	}
	return items
}

// add puts lines into the preview and counts them.
func (o *outcome) add(ctx context.Context, items []Item) error {
	for _, item := range items {
		o.count(item.Action, 1)
	}
	return o.list(ctx, items)
}

// list puts lines into the preview that are counted some other way.
func (o *outcome) list(ctx context.Context, items []Item) error {
	_, err := o.tx.CopyFrom(ctx, pgx.Identifier{"staged_item"}, []string{"action", "key", "name", "file", "line", "child_id", "words", "changes"},
		pgx.CopyFromSlice(len(items), func(i int) ([]any, error) {
			item := items[i]
			var child *int64
			if item.ChildID != 0 {
				child = &item.ChildID
			}
			changes := item.Changes
			if changes == nil {
				changes = json.RawMessage(`[]`)
			}
			return []any{item.Action, plainText(item.Key), plainText(item.Name), plainText(item.File), item.Line, child, plainText(item.Words), changes}, nil
		}))
	if err != nil {
		return fmt.Errorf("stage the preview: %w", err)
	}
	return nil
}

func (o *outcome) count(action string, n int) {
	switch action {
	case ActionNew:
		o.counts.New += n
	case ActionChanged:
		o.counts.Changed += n
	case ActionConflict:
		o.counts.Conflict += n
	case ActionRejected:
		o.counts.Rejected += n
	}
}

// differences marshals changes for a line of the preview.
func differences(changes []Change) json.RawMessage {
	if len(changes) == 0 {
		return nil
	}
	text, err := json.Marshal(changes)
	if err != nil {
		return nil // strings always marshal
	}
	return text
}

// keep writes the preview and the problems under an import, in place of those before.
func (o *outcome) keep(ctx context.Context, importID int64) error {
	if err := o.withhold(ctx, importID); err != nil {
		return err
	}
	of := postgres.Args{"import": importID}
	for _, statement := range []string{
		`delete from import_item where import_id = @import`,
		`delete from import_problem where import_id = @import`,
		`delete from import_code where import_id = @import`,
		`create temp table staged_problem (place int, file text, line int, column_name text, value text, rule text, severity text, text text, about text) on commit drop`,
	} {
		if _, err := o.tx.Do(ctx, statement, of); err != nil {
			return err
		}
	}
	_, err := o.tx.CopyFrom(ctx, pgx.Identifier{"staged_problem"}, []string{"place", "file", "line", "column_name", "value", "rule", "severity", "text", "about"},
		pgx.CopyFromSlice(len(o.problems), func(i int) ([]any, error) {
			p := o.problems[i]
			return []any{i, plainText(p.File), p.Line, plainText(p.Column), plainText(p.Value), p.Rule, string(p.Severity), plainText(p.Text), plainText(p.About)}, nil
		}))
	if err != nil {
		return fmt.Errorf("stage the problems: %w", err)
	}
	for _, statement := range []string{
		// A rejected row may be about a child on record: then it stands behind the child's wall.
		`update staged_item i set child_id = c.id from child c where i.child_id is null and left(c.la_child_id, 40) = left(i.key, 40)
			and exists (select from import where id = @import and kind <> 'gias')`,
		`insert into import_item (import_id, action, key, name, file, line, child_id, words, changes)
			select @import, action, key, name, file, line, child_id, words, changes from staged_item order by file, line, key`,
		`insert into import_problem (import_id, file, line, column_name, value, rule, severity, text, about, child_id)
			select @import, p.file, p.line, p.column_name, p.value, p.rule, p.severity, p.text, p.about, c.id
			from staged_problem p left join (select left(la_child_id, 40) as about, max(id) as id from child group by 1) c
				on p.about <> '' and c.about = left(p.about, 40) and exists (select from import where id = @import and kind <> 'gias')
			order by p.place`,
	} {
		if _, err := o.tx.Do(ctx, statement, of); err != nil {
			return err
		}
	}
	return keepAsked(ctx, o.tx, importID, o.asked)
}

// plainText is text that the database can hold: no NUL, no broken letters.
func plainText(text string) string {
	clean := make([]rune, 0, len(text))
	for _, r := range text {
		if r == 0 {
			r = ' '
		}
		clean = append(clean, r)
	}
	return string(clean)
}
