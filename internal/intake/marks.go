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
	before  int // rows of the files before this one
	given   int
	wrong   int // marks and rows that are refused
	blanks  int
}

func (m *marksTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	m.out = out
	known, err := remembered(ctx, tx, m.places.home)
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
	m.keeping, err = attendance.Open(ctx, tx, attendance.Delivery{Source: m.source, Label: cut(strings.Join(names, ", "), 200), SettingID: m.places.home})
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
	out.asked = m.places.local.unsaid()
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
	plan.Local = m.places.localCode
	m.file = file
	m.out.note("%s: %s.", file.Name, plan.Words())
	reading := readPieces(plan, file, &m.places)
	defer reading.stop()
	for p := range reading.pieces {
		if err := m.keep(ctx, p); err != nil {
			return err
		}
	}
	if reading.err != nil {
		return reading.err
	}
	m.blanks += reading.sum.Blanks
	m.before += reading.sum.Rows
	return nil
}

// keep sends a piece to be kept, and says what of it is wrong: what the reading found, and of what is
// refused where it stands.
func (m *marksTaker) keep(ctx context.Context, p *piece) error {
	for _, f := range p.found {
		if err := m.wrongly(f); err != nil {
			return err
		}
	}
	already := len(m.keeping.Result().Refused)
	if err := m.keeping.Add(ctx, p.marks); err != nil {
		return err
	}
	refused := slices.SortedFunc(slices.Values(m.keeping.Result().Refused[already:]), func(a, b attendance.Refusal) int { return a.Index - b.Index })
	for _, r := range refused {
		i := r.Index - m.given
		at := p.from[i]
		if err := m.wrongly(finding{counts: true, Problem: table.Problem{File: m.file.Name, Line: at.line, Column: at.column, Value: string(p.marks[i].Code), About: at.laID,
			Rule: string(r.Rule), Severity: table.Error, Text: r.Text + whole(r.Text)}}); err != nil {
			return err
		}
	}
	m.given += len(p.marks)
	m.out.progress(m.before + p.rows)
	return nil
}

// wrongly takes note of what is wrong. So many marks may be wrong that nobody can look at them all.
func (m *marksTaker) wrongly(f finding) error {
	m.out.problem(f.Problem)
	if !f.counts {
		return nil
	}
	if m.wrong++; m.wrong > mostProblems {
		return &table.FileError{File: m.file.Name, Rule: "too-many-wrong", Text: fmt.Sprintf(
			"More than %d marks are wrong (the last: line %d, %s). The file is probably wrong in one way throughout. Nothing of it is used.", mostProblems, f.Line, f.Text)}
	}
	return nil
}

// whole ends a sentence that has no end.
func whole(text string) string {
	if strings.HasSuffix(text, ".") {
		return ""
	}
	return "."
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
	portions := m.keeping.Portions()
	if len(portions) == 0 {
		return nil, nil
	}
	children, settings := make([]int64, len(portions)), make([]int64, len(portions))
	for i, s := range portions {
		children[i], settings[i] = s.ChildID, s.SettingID
	}
	type line struct {
		N            int
		LAID, School string
		Changes      json.RawMessage
	}
	found, err := postgres.List[line](ctx, tx, `with corrected as (
			select child_id, setting_id::bigint,
				jsonb_agg(jsonb_build_object('what', session || ' ' || to_char(day, 'FMDD FMMonth YYYY'), 'before', was, 'after', became) order by day, session) filter (where n <= 20) as changes
			from (select c.*, row_number() over (partition by child_id, setting_id order by day, session) as n from attendance_correction c where became_from = @delivery and became <> was) c
			group by child_id, setting_id)
		select k.n::int - 1 as n, c.la_child_id as la_id, s.name as school, coalesce(o.changes, '[]') as changes
		from unnest(@children::bigint[], @settings::bigint[]) with ordinality k(child_id, setting_id, n)
		join child c on c.id = k.child_id join setting s on s.id = k.setting_id left join corrected o using (child_id, setting_id)
		order by c.la_child_id, k.n`, postgres.Args{"delivery": delivery, "children": children, "settings": settings})
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(found))
	for i, f := range found {
		kept := portions[f.N]
		items[i] = Item{Action: ActionNew, Key: f.LAID, Name: f.School, ChildID: kept.ChildID, Changes: f.Changes,
			Words: fmt.Sprintf("%d marks, from %s to %s", kept.Kept, kept.First.Words(), kept.Last.Words())}
		if kept.Corrected > 0 {
			items[i].Action = ActionChanged
			items[i].Words += fmt.Sprintf("; %d put right", kept.Corrected)
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
		if err := remember(ctx, tx, m.places.home, fingerprint, m.named); err != nil {
			return err
		}
	}
	return nil
}
