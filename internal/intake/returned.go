package intake

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake/ssda903"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// returnTaker takes in the children looked after return.
type returnTaker struct {
	plans []*childPlan
}

func (r *returnTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	given, err := ssda903.Read(files, tx.Today)
	if err != nil {
		return err
	}
	if err := damaged(given); err != nil {
		return err
	}
	out.progress(len(given.Children))
	for _, p := range given.Problems {
		out.problem(p)
	}
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return err
	}
	ids := make([]string, len(given.Children))
	for i, c := range given.Children {
		ids[i] = c.ID
	}
	known, err := loadRecords(ctx, tx, ids, out.locking)
	if err != nil {
		return err
	}
	outside := 0
	for _, c := range given.Children {
		p := plan(c, known[c.ID], values.AuthorityPostcodeDistricts())
		r.plans = append(r.plans, p)
		if p.outside {
			outside++
			out.problem(table.Problem{File: c.File, Line: c.Line, About: table.Short(c.ID), Column: "CHILD", Value: table.Short(c.ID), Rule: "no-care", Severity: table.Info,
				Text: "The child has no time in care in these files, or short breaks only (V3, V4). No record is made."})
		}
	}
	if outside > 0 {
		out.note("%d children of the Header have no time in care in these files, or short breaks only. No record is made of them; they are counted as the same.", outside)
	}
	if err := r.tooOld(ctx, tx, given, out); err != nil {
		return err
	}
	return r.show(ctx, given, out)
}

// damaged refuses an upload of which a table of the return is damaged: what is missing could be
// anything. A file that is no table of the return is only passed over.
func damaged(given *ssda903.Return) error {
	refused := map[string]string{}
	for _, f := range given.Files {
		if f.State == ssda903.StateRefused {
			refused[f.Name] = f.Text
		}
	}
	for _, p := range given.Problems {
		if text, ok := refused[p.File]; ok && p.Text == text && p.Rule != "not-903" {
			return &table.FileError{File: p.File, Line: p.Line, Rule: p.Rule, Text: p.Text}
		}
	}
	return nil
}

// tooOld notes it when a return is older than one that was applied: its last day is before that one's.
func (r *returnTaker) tooOld(ctx context.Context, tx *postgres.Tx, given *ssda903.Return, out *outcome) error {
	for _, c := range given.Children {
		for _, e := range c.Episodes {
			for _, day := range []calendar.Date{e.Start, e.End} {
				if !day.After(tx.Today) {
					out.asAt = calendar.Latest(out.asAt, day)
				}
			}
		}
	}
	newest, err := postgres.GetValue[calendar.Date](ctx, tx, `select max(as_at) from import where kind = '903' and state = 'applied'`, nil)
	if err != nil {
		return err
	}
	if !out.asAt.IsZero() && out.asAt.Before(newest) {
		out.note("This return is older than one already imported: it knows of nothing after %s, and that one reaches to %s. Confirming it takes newer facts back.", out.asAt.Words(), newest.Words())
	}
	return nil
}

// show makes the lines of the preview.
func (r *returnTaker) show(ctx context.Context, given *ssda903.Return, out *outcome) error {
	var items []Item
	for _, p := range r.plans {
		if p.action == "" {
			out.counts.Same++
			continue
		}
		item := Item{Action: p.action, Key: p.given.ID, File: p.given.File, Line: p.given.Line, Words: p.words()}
		if p.known != nil {
			item.ChildID = p.known.ID
		}
		if p.action != ActionRejected {
			item.Changes = differences(p.changes)
		}
		items = append(items, item)
	}
	header := ""
	for _, f := range given.Files {
		if f.Kind == ssda903.HeaderTable {
			header = f.Name
		}
	}
	// A row of the Header that could not be read is a child that nobody can name.
	nameless := out.rejectRows(func(p table.Problem) bool { return p.File == header && (p.Rule == "ragged" || p.Rule == "no-child") })
	return out.add(ctx, append(items, nameless...))
}

// loadRecords reads the children of a return who are on record, with all that it could change, in
// one query for each table. locking holds them to the end of the transaction.
func loadRecords(ctx context.Context, tx *postgres.Tx, ids []string, locking bool) (map[string]*record, error) {
	of := postgres.Args{"ids": ids}
	lock := ""
	if locking {
		lock = ` order by c.id for update of c`
	}
	rows, err := postgres.List[record](ctx, tx, `select c.id, c.la_child_id, c.date_of_birth, coalesce(c.sex, '') as sex, coalesce(c.ethnicity, '') as ethnicity,
			coalesce(c.upn, '') as upn, c.upn_quality, c.unaccompanied, c.unaccompanied_until as unaccompanied_up_to, c.source, c.sealed_on is not null as sealed,
			r.date_of_birth as said_date_of_birth, coalesce(r.sex, '') as said_sex, coalesce(r.ethnicity, '') as said_ethnicity, coalesce(r.upn, '') as said_upn
		from child c left join child_as_returned r on r.child_id = c.id where c.la_child_id = any(@ids)`+lock, of)
	if err != nil {
		return nil, err
	}
	known, byID := map[string]*record{}, map[int64]*record{}
	numbers := make([]int64, len(rows))
	for i := range rows {
		c := &rows[i]
		c.stays, c.reviews, c.scores = map[string][]stay{}, map[calendar.Date]dated{}, map[int]score{}
		known[c.LAChildID], byID[c.ID], numbers[i] = c, c, c.ID
	}
	of = postgres.Args{"children": numbers}
	stays, err := postgres.List[stay](ctx, tx, `
		select id, child_id, 'care' as kind, '' as code, '' as provider, coalesce(end_code, '') as end_code, null::boolean as in_authority,
			lower(period) as start, upper(period) as end, source from care_period where child_id = any(@children)
		union all select id, child_id, 'legal', code, '', '', null, lower(period), upper(period), source from legal_status where child_id = any(@children)
		union all select id, child_id, 'need', code, '', '', null, lower(period), upper(period), source from category_of_need where child_id = any(@children)
		union all select id, child_id, 'placement', code, coalesce(provider_code, ''), '', in_authority, lower(period), upper(period), source
			from placement where child_id = any(@children)
		order by 2, 3, 8`, of)
	if err != nil {
		return nil, err
	}
	for _, s := range stays {
		c := byID[s.ChildID]
		c.stays[s.Kind] = append(c.stays[s.Kind], s)
	}
	return known, loadMore(ctx, tx, byID, of)
}

func loadMore(ctx context.Context, tx *postgres.Tx, byID map[int64]*record, of postgres.Args) error {
	type held struct {
		ChildID int64
		On      calendar.Date
		Year    int
		Code    string
		Source  string
	}
	reviews, err := postgres.List[held](ctx, tx, `select child_id, held_on as on, 0 as year, participation_code as code, source from care_review where child_id = any(@children)`, of)
	if err != nil {
		return err
	}
	for _, r := range reviews {
		byID[r.ChildID].reviews[r.On] = dated{r.Code, r.Source}
	}
	scores, err := postgres.List[held](ctx, tx, `select child_id, null::date as on, return_year as year, coalesce(score::text, reason_code) as code, source
		from sdq_assessment where child_id = any(@children)`, of)
	if err != nil {
		return err
	}
	for _, s := range scores {
		byID[s.ChildID].scores[s.Year] = score{s.Code, s.Source}
	}
	previous, err := postgres.List[held](ctx, tx, `select child_id, ended_on as on, 0 as year, code, source from previous_permanence where child_id = any(@children)`, of)
	if err != nil {
		return err
	}
	for _, p := range previous {
		byID[p.ChildID].permanence = &permanence{p.Code, p.On, p.Source}
	}
	return nil
}

// errGone is for a child who came on record, or went behind another's change, between two statements.
var errGone = fault.Conflict("A child of the return was changed at the same moment. Nothing was applied. Try again.")
