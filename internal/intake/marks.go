package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

// marksTaker takes in attendance marks. It keeps them as they are read, in pieces, and a preview goes
// back to where it began; so the preview and what is applied cannot differ in how they judge a mark.
type marksTaker struct {
	source  attendance.Source
	named   sheet.Columns // said by whoever runs the import; before what is remembered
	prints  []string      // fingerprints of the headings of which something was named
	places  places
	out     *outcome
	keeping *attendance.Keeping
	file    *table.File
	piece   []attendance.Mark
	from    []origin // of each mark of the piece
	before  int      // rows of the files before this one
	given   int
	wrong   int // marks and rows that are refused
	blanks  int
	days    calendar.Range // those of the marks
}

// origin is where a mark stands.
type origin struct {
	line   int
	column string
	laID   string
}

// pieceOfMarks is how many marks go to the database at once.
const pieceOfMarks = 50_000

func (m *marksTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	m.out = out
	known, err := remembered(ctx, tx)
	if err != nil {
		return err
	}
	said := func(fingerprint string) sheet.Columns {
		if m.named == (sheet.Columns{}) {
			return known(fingerprint)
		}
		m.prints = append(m.prints, fingerprint)
		return m.named
	}
	if err := m.places.load(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `savepoint marks`); err != nil {
		return err
	}
	var names []string
	for _, file := range files {
		names = append(names, file.Name)
	}
	m.keeping, err = attendance.Open(ctx, tx, attendance.Delivery{Source: m.source, Label: cut(strings.Join(names, ", "), 200)})
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := m.readFile(ctx, file, said); err != nil {
			return err
		}
	}
	result, err := m.keeping.Close(ctx)
	if err != nil {
		return err
	}
	items, err := m.lines(ctx, tx, int32(result.DeliveryID))
	if err != nil {
		return err
	}
	if !out.locking {
		if _, err := tx.Exec(ctx, `rollback to savepoint marks`); err != nil {
			return err
		}
	}
	out.counts = Counts{New: result.New, Changed: result.Corrected, Same: result.Same, Conflict: result.Stood, Rejected: m.wrong}
	m.notes(result)
	return out.list(ctx, append(items, out.rejectRows(func(table.Problem) bool { return true })...))
}

func (m *marksTaker) notes(result attendance.Result) {
	if m.blanks > 0 {
		m.out.note("%d sessions have no mark in the file. They are missing, not absent.", m.blanks)
	}
	if result.Stood > 0 {
		m.out.note("%d marks differ from those of a better source, which stand.", result.Stood)
	}
	if result.Ignored > 0 {
		m.out.note("%d marks say nothing of a child (a school closed as planned, a place not yet taken up) and are passed over.", result.Ignored)
	}
}

func (m *marksTaker) readFile(ctx context.Context, file *table.File, said func(string) sheet.Columns) error {
	if file.Kind == table.XML {
		return &table.FileError{File: file.Name, Rule: "not-marks", Text: "This is an XML document. Marks are read from a CSV: export the register as CSV."}
	}
	plan, err := sheet.Sniff(file, said)
	if err != nil {
		return err
	}
	m.file = file
	m.out.note("%s: %s.", file.Name, plan.Words())
	wrongRow := 0
	sum, err := plan.Read(file, func(s sheet.Mark) error { return m.take(ctx, s) }, func(p table.Problem) {
		if p.Severity == table.Error && p.Line != wrongRow {
			m.wrong++
			wrongRow = p.Line
		}
		p.About = m.places.about(p.About)
		m.out.problem(p)
	})
	if err != nil {
		return err
	}
	m.blanks += sum.Blanks
	err = m.flush(ctx, sum.Rows)
	m.before += sum.Rows
	return err
}

// take finds out whose a mark is and where, and keeps it with its piece.
func (m *marksTaker) take(ctx context.Context, s sheet.Mark) error {
	at, refused := m.places.find(s)
	if refused != nil {
		return m.refuse(table.Problem{Line: s.Line, Column: refused.column, About: table.Short(m.places.about(firstOf(s.ChildID, s.UPN))), Rule: refused.rule, Text: refused.text})
	}
	m.piece = append(m.piece, attendance.Mark{ChildID: at.childID, SettingID: at.settingID, Day: s.Day, Session: s.Session, Code: s.Code})
	m.from = append(m.from, origin{s.Line, s.Column, at.laID})
	if len(m.piece) < pieceOfMarks {
		return nil
	}
	return m.flush(ctx, s.Line)
}

func (m *marksTaker) refuse(p table.Problem) error {
	p.File, p.Severity = m.file.Name, table.Error
	m.out.problem(p)
	if m.wrong++; m.wrong > mostProblems {
		return &table.FileError{File: m.file.Name, Rule: "too-many-wrong", Text: fmt.Sprintf(
			"More than %d marks are wrong (the last: line %d, %s). The file is probably wrong in one way throughout. Nothing of it is used.", mostProblems, p.Line, p.Text)}
	}
	return nil
}

// flush sends a piece to be kept, and says of what is refused where it stands.
func (m *marksTaker) flush(ctx context.Context, row int) error {
	already := len(m.keeping.Result().Refused)
	if err := m.keeping.Add(ctx, m.piece); err != nil {
		return err
	}
	for _, day := range m.piece {
		m.days.Start, m.days.End = earliest(m.days.Start, day.Day), calendar.Latest(m.days.End, day.Day)
	}
	refused := slices.SortedFunc(slices.Values(m.keeping.Result().Refused[already:]), func(a, b attendance.Refusal) int { return a.Index - b.Index })
	for _, r := range refused {
		i := r.Index - m.given
		if err := m.refuse(table.Problem{Line: m.from[i].line, Column: m.from[i].column, Value: string(m.piece[i].Code), About: m.from[i].laID, Rule: string(r.Rule), Text: r.Text + whole(r.Text)}); err != nil {
			return err
		}
	}
	m.given += len(m.piece)
	m.piece, m.from = m.piece[:0], m.from[:0]
	m.out.progress(m.before + row)
	return nil
}

// whole ends a sentence that has no end.
func whole(text string) string {
	if strings.HasSuffix(text, ".") {
		return ""
	}
	return "."
}

func earliest(a, b calendar.Date) calendar.Date {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// lines are what the delivery did, child by child and setting by setting, with the first corrections.
func (m *marksTaker) lines(ctx context.Context, tx *postgres.Tx, delivery int32) ([]Item, error) {
	if m.given == 0 {
		return nil, nil
	}
	type line struct {
		ChildID      int64
		LAID, School string
		First, Last  calendar.Date
		Kept         int
		Corrected    int
		Changes      json.RawMessage
	}
	found, err := postgres.List[line](ctx, tx, `with kept as (
			select child_id, setting_id, min(day) as first, max(day) as last, count(*) filter (where am_from = @delivery) + count(*) filter (where pm_from = @delivery) as kept
			from attendance_day where day between @first and @last and (am_from = @delivery or pm_from = @delivery) group by child_id, setting_id),
		corrected as (
			select child_id, setting_id, count(*) as corrected,
				jsonb_agg(jsonb_build_object('what', session || ' ' || to_char(day, 'FMDD FMMonth YYYY'), 'before', was, 'after', became) order by day, session) filter (where n <= 20) as changes
			from (select c.*, row_number() over (partition by child_id, setting_id order by day, session) as n from attendance_correction c where became_from = @delivery and became <> was) c
			group by child_id, setting_id)
		select k.child_id, c.la_child_id as la_id, s.name as school, k.first, k.last, k.kept::int, coalesce(o.corrected, 0)::int as corrected, coalesce(o.changes, '[]') as changes
		from kept k join child c on c.id = k.child_id join setting s on s.id = k.setting_id left join corrected o on o.child_id = k.child_id and o.setting_id = k.setting_id
		order by c.la_child_id, k.first`, postgres.Args{"delivery": delivery, "first": m.days.Start, "last": m.days.End})
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(found))
	for i, f := range found {
		items[i] = Item{Action: ActionNew, Key: f.LAID, Name: f.School, ChildID: f.ChildID, Changes: f.Changes,
			Words: fmt.Sprintf("%d marks, from %s to %s", f.Kept, f.First.Words(), f.Last.Words())}
		if f.Corrected > 0 {
			items[i].Action = ActionChanged
			items[i].Words += fmt.Sprintf("; %d put right", f.Corrected)
		}
	}
	return items, nil
}

// apply sees that all of it may go in: the marks were kept as they were read. What was named is remembered.
func (m *marksTaker) apply(ctx context.Context, tx *postgres.Tx, _ access.Actor, importID int64) error {
	if m.wrong > 0 {
		return errBlocked
	}
	if err := tx.DoOne(ctx, `update import set delivery_id = @delivery where id = @import`, postgres.Args{"import": importID, "delivery": m.keeping.Result().DeliveryID}); err != nil {
		return err
	}
	for _, fingerprint := range m.prints {
		if err := remember(ctx, tx, fingerprint, m.named); err != nil {
			return err
		}
	}
	return nil
}
