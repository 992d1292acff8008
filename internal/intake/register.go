package intake

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/gias"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

// registerTaker takes in the register of schools and the links between them. Rows are staged in
// temporary tables and compared there, so that the whole country costs little memory.
type registerTaker struct {
	given []settingColumn // columns in which the file says something at all
}

// settingColumn is a column of table setting that the register fills.
type settingColumn struct {
	name, label string
	always      bool // every row has it
}

var settingColumns = []settingColumn{
	{"name", "Name", true}, {"status", "Status", true},
	{"authority_code", "Authority code", false}, {"authority_name", "Authority", false},
	{"establishment_number", "Establishment number", false}, {"ukprn", "UKPRN", false},
	{"type_code", "Type code", false}, {"type_name", "Type", false}, {"phase_code", "Phase code", false}, {"phase_name", "Phase", false},
	{"opened_on", "Opened", false}, {"closed_on", "Closed", false}, {"low_age", "Lowest age", false}, {"high_age", "Highest age", false},
	{"gender", "Gender", false}, {"sixth_form", "Sixth form", false}, {"nursery", "Nursery", false}, {"religious_character", "Religious character", false},
	{"street", "Street", false}, {"locality", "Locality", false}, {"town", "Town", false}, {"county", "County", false}, {"postcode", "Postcode", false},
	{"telephone", "Telephone", false}, {"website", "Website", false}, {"head_name", "Head", false}, {"head_title", "Head’s title", false},
	{"rating_scheme", "Rating scheme", false}, {"rating", "Rating", false}, {"rated_on", "Rated on", false},
	{"easting", "Easting", false}, {"northing", "Northing", false},
}

// names lists the columns after a table's alias: "s.name, s.status".
func names(alias string, columns []settingColumn) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = alias + c.name
	}
	return strings.Join(list, ", ")
}

// batchSize is how many rows go to the database at once.
const batchSize = 1000

func (r *registerTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	for _, statement := range []string{
		`create temp table staged_setting on commit drop as select urn, ` + names("", settingColumns) + `, as_at, ''::text as file, 0 as line from setting with no data`,
		`create temp table staged_link on commit drop as select urn, link_urn, link_name, link_type, established_on, as_at, ''::text as file, 0 as line from setting_link with no data`,
	} {
		if _, err := tx.Do(ctx, statement, nil); err != nil {
			return err
		}
	}
	seen := map[gias.Kind]string{}
	done := 0
	for _, file := range files {
		kind, err := registerKind(file)
		if err != nil {
			return err
		}
		if other, twice := seen[kind]; twice {
			return &table.FileError{File: file.Name, Rule: "file-twice", Text: fmt.Sprintf("The %s is already in this upload, in %s. Send one at a time.", kind, other)}
		}
		seen[kind] = file.Name
		if kind == gias.Links {
			err = stageLinks(ctx, tx, file, out, &done)
		} else {
			err = stageSettings(ctx, tx, file, out, &done)
		}
		if err != nil {
			return err
		}
	}
	for _, statement := range []string{`analyse staged_setting`, `analyse staged_link`} {
		if _, err := tx.Do(ctx, statement, nil); err != nil {
			return err
		}
	}
	if err := r.compareSettings(ctx, tx, out); err != nil {
		return err
	}
	if err := r.compareLinks(ctx, tx, out); err != nil {
		return err
	}
	return out.add(ctx, out.rejectRows(func(table.Problem) bool { return true }))
}

// registerKind tells the register from the links; anything else is left to the register's reader to refuse.
func registerKind(file *table.File) (gias.Kind, error) {
	if file.Kind == table.XML {
		return gias.Register, nil
	}
	rows, err := file.Rows(func(table.Problem) {})
	if err != nil {
		return "", err
	}
	defer rows.Close()
	if kind, known := gias.Recognise(rows.Header); known {
		return kind, nil
	}
	return gias.Register, nil
}

// stager sends rows to a temporary table in batches.
type stager struct {
	tx      *postgres.Tx
	table   string
	columns []string
	rows    [][]any
	out     *outcome
	done    *int
}

func (s *stager) add(ctx context.Context, row []any) error {
	s.rows = append(s.rows, row)
	if len(s.rows) < batchSize {
		return nil
	}
	return s.flush(ctx)
}

func (s *stager) flush(ctx context.Context) error {
	_, err := s.tx.CopyFrom(ctx, pgx.Identifier{s.table}, s.columns, pgx.CopyFromRows(s.rows))
	if err != nil {
		return fmt.Errorf("stage %s: %w", s.table, err)
	}
	*s.done += len(s.rows)
	s.out.progress(*s.done)
	s.rows = s.rows[:0]
	return nil
}

func stageSettings(ctx context.Context, tx *postgres.Tx, file *table.File, out *outcome, done *int) error {
	columns := append([]string{"urn", "file", "line"}, strings.Split(names("", settingColumns), ", ")...)
	to := &stager{tx: tx, table: "staged_setting", columns: columns, out: out, done: done}
	sum, err := gias.ReadSettings(file, func(s gias.Setting) error { return to.add(ctx, settingRow(file.Name, s)) }, out.problem)
	if err != nil {
		return err
	}
	if err := to.flush(ctx); err != nil {
		return err
	}
	out.asAt = calendar.Latest(out.asAt, sum.AsAt)
	_, err = tx.Do(ctx, `update staged_setting set as_at = @as_at`, postgres.Args{"as_at": sum.AsAt})
	return err
}

func settingRow(file string, s gias.Setting) []any {
	locality := s.Locality
	if s.Address3 != "" {
		locality = strings.TrimPrefix(locality+", "+s.Address3, ", ")
	}
	scheme := ""
	if s.Rating != "" {
		scheme = "Ofsted"
	}
	return []any{s.URN, plainText(file), s.Line,
		s.Name, string(s.Status), orNull(s.AuthorityCode), orNull(s.AuthorityName), orNull(s.EstablishmentNumber), orNull(s.UKPRN),
		numberOrNull(s.TypeCode, s.TypeName), orNull(s.TypeName), numberOrNull(s.PhaseCode, s.PhaseName), orNull(s.PhaseName),
		dayOrNull(s.Opened), dayOrNull(s.Closed), s.LowAge, s.HighAge, orNull(s.Gender), s.SixthForm, s.Nursery, orNull(s.ReligiousCharacter),
		orNull(s.Street), orNull(locality), orNull(s.Town), orNull(s.County), orNull(s.Postcode),
		orNull(s.Telephone), orNull(s.Website), orNull(s.HeadName), orNull(s.HeadJobTitle),
		orNull(scheme), orNull(s.Rating), dayOrNull(s.RatedOn), s.Easting, s.Northing}
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// numberOrNull is a code of the register; 0 means something only where the name is given too.
func numberOrNull(code int, name string) *int {
	if code == 0 && name == "" {
		return nil
	}
	return &code
}

func dayOrNull(day calendar.Date) any {
	if day.IsZero() {
		return nil
	}
	return day
}

func stageLinks(ctx context.Context, tx *postgres.Tx, file *table.File, out *outcome, done *int) error {
	to := &stager{tx: tx, table: "staged_link", columns: []string{"urn", "link_urn", "link_name", "link_type", "established_on", "file", "line"}, out: out, done: done}
	sum, err := gias.ReadLinks(file, func(l gias.Link) error {
		return to.add(ctx, []any{l.URN, l.LinkURN, l.LinkName, l.Type, dayOrNull(l.Established), plainText(file.Name), l.Line})
	}, out.problem)
	if err != nil {
		return err
	}
	if err := to.flush(ctx); err != nil {
		return err
	}
	out.asAt = calendar.Latest(out.asAt, sum.AsAt)
	_, err = tx.Do(ctx, `update staged_link set as_at = @as_at`, postgres.Args{"as_at": sum.AsAt})
	return err
}

// notOlder says that what the file says is not overtaken by a newer file; a file that does not say
// of which day it is never goes before one that does.
const notOlder = `(s.as_at is null or t.as_at >= s.as_at)`

func (r *registerTaker) compareSettings(ctx context.Context, tx *postgres.Tx, out *outcome) error {
	if err := r.findGiven(ctx, tx); err != nil {
		return err
	}
	var pairs []string
	for _, c := range r.given {
		pairs = append(pairs, fmt.Sprintf("('%s', s.%s::text, t.%s::text)", c.label, c.name, c.name))
	}
	made, err := tx.Do(ctx, `insert into staged_item (action, key, name, file, line, words)
		select 'new', t.urn::text, t.name, t.file, t.line, concat_ws(', ', t.type_name, t.town)
		from staged_setting t where not exists (select from setting s where s.urn = t.urn)`, nil)
	if err != nil {
		return err
	}
	changed, err := tx.Do(ctx, `insert into staged_item (action, key, name, file, line, changes)
		select 'changed', t.urn::text, t.name, t.file, t.line, d.changes
		from staged_setting t join setting s on s.urn = t.urn cross join lateral (
			select coalesce(jsonb_agg(jsonb_build_object('what', v.what, 'before', coalesce(v.before, ''), 'after', coalesce(v.after, ''))), '[]') as changes
			from (values `+strings.Join(pairs, ", ")+`) v(what, before, after) where v.before is distinct from v.after) d
		where `+r.differs()+` and `+notOlder, nil)
	if err != nil {
		return err
	}
	type sums struct{ All, Older int64 }
	sum, err := postgres.Get[sums](ctx, tx, `select count(*) as all, count(*) filter (where s.id is not null and not coalesce(`+notOlder+`, false)) as older
		from staged_setting t left join setting s on s.urn = t.urn`, nil)
	if err != nil {
		return err
	}
	return out.compared("settings", int(sum.All), int(made), int(changed), int(sum.Older))
}

// compared counts what a comparison came to.
func (o *outcome) compared(what string, all, made, changed, older int) error {
	o.count(ActionNew, made)
	o.count(ActionChanged, changed)
	o.counts.Same += all - made - changed
	if older > 0 {
		o.note("%d %s are known from a newer file than this one and stay as they are.", older, what)
	}
	return nil
}

// differs is the condition that a staged setting says something else than the one on record.
func (r *registerTaker) differs() string {
	return `((` + names("s.", r.given) + `) is distinct from (` + names("t.", r.given) + `) or s.source <> 'gias')`
}

// findGiven finds the columns in which the file says anything. One that is empty throughout is
// missing from this extract, which takes nothing away.
func (r *registerTaker) findGiven(ctx context.Context, tx *postgres.Tx) error {
	var counts []string
	for _, c := range settingColumns {
		counts = append(counts, "count("+c.name+") > 0")
	}
	has, err := postgres.GetValue[[]bool](ctx, tx, `select array[`+strings.Join(counts, ", ")+`] from staged_setting`, nil)
	if err != nil {
		return err
	}
	for i, c := range settingColumns {
		if c.always || has[i] {
			r.given = append(r.given, c)
		}
	}
	return nil
}

func (r *registerTaker) compareLinks(ctx context.Context, tx *postgres.Tx, out *outcome) error {
	const same = `s.urn = t.urn and s.link_urn = t.link_urn and s.link_type = t.link_type`
	made, err := tx.Do(ctx, `insert into staged_item (action, key, name, file, line, words)
		select 'new', t.urn::text, t.link_name, t.file, t.line, t.link_type || ': ' || t.link_urn
		from staged_link t where not exists (select from setting_link s where `+same+`)`, nil)
	if err != nil {
		return err
	}
	changed, err := tx.Do(ctx, `insert into staged_item (action, key, name, file, line, words, changes)
		select 'changed', t.urn::text, t.link_name, t.file, t.line, t.link_type || ': ' || t.link_urn, d.changes
		from staged_link t join setting_link s on `+same+` cross join lateral (
			select coalesce(jsonb_agg(jsonb_build_object('what', v.what, 'before', coalesce(v.before, ''), 'after', coalesce(v.after, ''))), '[]') as changes
			from (values ('Name', s.link_name, t.link_name), ('Since', s.established_on::text, t.established_on::text)) v(what, before, after)
			where v.before is distinct from v.after) d
		where (s.link_name, s.established_on) is distinct from (t.link_name, t.established_on) and `+notOlder, nil)
	if err != nil {
		return err
	}
	type sums struct{ All, Older int64 }
	sum, err := postgres.Get[sums](ctx, tx, `select count(*) as all, count(*) filter (where s.urn is not null and not coalesce(`+notOlder+`, false)) as older
		from staged_link t left join setting_link s on `+same, nil)
	if err != nil {
		return err
	}
	return out.compared("links", int(sum.All), int(made), int(changed), int(sum.Older))
}

// apply upserts by URN and never deletes: every place a child was ever at stays. A setting that was
// entered by hand and now is in the register becomes the register's.
func (r *registerTaker) apply(ctx context.Context, tx *postgres.Tx, _ access.Actor, _ int64) error {
	var set []string
	for _, c := range r.given {
		set = append(set, c.name+" = t."+c.name)
	}
	for _, statement := range []string{
		`insert into local_authority (code, name) select authority_code, max(authority_name) from staged_setting
			where authority_code ~ '^[0-9]{3}$' and authority_name is not null group by authority_code
			on conflict (code) do update set name = excluded.name where local_authority.name <> excluded.name`,
		`update setting s set ` + strings.Join(set, ", ") + `, source = 'gias', as_at = t.as_at, version = version + 1
			from staged_setting t where s.urn = t.urn and ` + r.differs() + ` and ` + notOlder,
		`update setting s set as_at = t.as_at from staged_setting t where s.urn = t.urn and t.as_at is not null and (s.as_at is null or t.as_at > s.as_at)`,
		`insert into setting (urn, ` + names("", settingColumns) + `, source, as_at)
			select urn, ` + names("", settingColumns) + `, 'gias', as_at from staged_setting t where not exists (select from setting s where s.urn = t.urn)`,
		`insert into setting_link (urn, link_urn, link_name, link_type, established_on, as_at)
			select urn, link_urn, link_name, link_type, established_on, as_at from staged_link
			on conflict (urn, link_urn, link_type) do update set link_name = excluded.link_name, established_on = excluded.established_on, as_at = excluded.as_at
			where (setting_link.as_at is null or excluded.as_at >= setting_link.as_at)
				and (setting_link.link_name, setting_link.established_on, setting_link.as_at) is distinct from (excluded.link_name, excluded.established_on, excluded.as_at)`,
	} {
		if _, err := tx.Do(ctx, statement, nil); err != nil {
			return err
		}
	}
	return nil
}
