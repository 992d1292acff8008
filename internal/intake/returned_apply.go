package intake

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/postgres"
)

// planned are the temporary tables that carry the plans to the database.
const plannedSQL = `
create temp table planned_child (la_child_id text primary key, known boolean, changes boolean, date_of_birth date, sex text, ethnicity text, upn text, upn_quality text,
	unaccompanied boolean, unaccompanied_until date, left_on date, said_date_of_birth date, said_sex text, said_ethnicity text, said_upn text, child_id bigint) on commit drop;
create temp table planned_removal (kind text, id bigint) on commit drop;
create temp table planned_stay (kind text, la_child_id text, code text, provider text, in_authority boolean, end_code text, starts date, ends date) on commit drop;
create temp table planned_fact (kind text, la_child_id text, code text, on_day date, year int, score int) on commit drop;`

// apply carries out the plans with a fixed number of statements, whatever the number of children.
// The stays of a kind are removed before others are put in their place, so that none overlap.
func (r *returnTaker) apply(ctx context.Context, tx *postgres.Tx, by access.Actor, importID int64) error {
	if _, err := tx.Exec(ctx, plannedSQL); err != nil {
		return err
	}
	if err := r.stage(ctx, tx); err != nil {
		return err
	}
	of := postgres.Args{"import": importID, "by": by.ID, "request": audit.RequestID(ctx)}
	added, err := tx.Do(ctx, `insert into child (la_child_id, date_of_birth, sex, ethnicity, upn, upn_quality, unaccompanied, unaccompanied_until, source, created_at, updated_at)
		select la_child_id, date_of_birth, nullif(sex, ''), nullif(ethnicity, ''), nullif(upn, ''), upn_quality, unaccompanied, unaccompanied_until, '903', @now, @now
		from planned_child where not known on conflict (la_child_id) do nothing`, of)
	if err != nil {
		return err
	}
	wanted := int64(0)
	for _, p := range r.plans {
		if p.known == nil && p.applies() {
			wanted++
		}
	}
	if added != wanted {
		return errGone
	}
	for _, statement := range returnStatements {
		if _, err := tx.Do(ctx, statement, of); err != nil {
			return fmt.Errorf("apply the return: %w", err)
		}
	}
	return nil
}

var returnStatements = []string{
	`update planned_child p set child_id = c.id from child c where c.la_child_id = p.la_child_id`,
	`update child c set date_of_birth = p.date_of_birth, sex = nullif(p.sex, ''), ethnicity = nullif(p.ethnicity, ''), upn = nullif(p.upn, ''), upn_quality = p.upn_quality,
		unaccompanied = p.unaccompanied, unaccompanied_until = p.unaccompanied_until, updated_at = @now, version = version + 1
		from planned_child p where c.id = p.child_id and p.known and p.changes`,
	`insert into child_as_returned (child_id, date_of_birth, sex, ethnicity, upn, import_id)
		select child_id, said_date_of_birth, nullif(said_sex, ''), nullif(said_ethnicity, ''), nullif(said_upn, ''), @import from planned_child
		on conflict (child_id) do update set date_of_birth = excluded.date_of_birth, sex = excluded.sex, ethnicity = excluded.ethnicity, upn = excluded.upn, import_id = excluded.import_id
		where (child_as_returned.date_of_birth, child_as_returned.sex, child_as_returned.ethnicity, child_as_returned.upn)
			is distinct from (excluded.date_of_birth, excluded.sex, excluded.ethnicity, excluded.upn)`,
	`delete from care_period t using planned_removal p where p.kind = 'care' and t.id = p.id`,
	`delete from legal_status t using planned_removal p where p.kind = 'legal' and t.id = p.id`,
	`delete from placement t using planned_removal p where p.kind = 'placement' and t.id = p.id`,
	`delete from category_of_need t using planned_removal p where p.kind = 'need' and t.id = p.id`,
	`insert into care_period (child_id, period, end_code, source) select c.child_id, daterange(p.starts, p.ends), nullif(p.end_code, ''), '903'
		from planned_stay p join planned_child c using (la_child_id) where p.kind = 'care'`,
	`insert into legal_status (child_id, code, period, source) select c.child_id, p.code, daterange(p.starts, p.ends), '903'
		from planned_stay p join planned_child c using (la_child_id) where p.kind = 'legal'`,
	`insert into placement (child_id, code, provider_code, in_authority, period, source) select c.child_id, p.code, nullif(p.provider, ''), p.in_authority, daterange(p.starts, p.ends), '903'
		from planned_stay p join planned_child c using (la_child_id) where p.kind = 'placement'`,
	`insert into category_of_need (child_id, code, period, source) select c.child_id, p.code, daterange(p.starts, p.ends), '903'
		from planned_stay p join planned_child c using (la_child_id) where p.kind = 'need'`,
	// The end of care ends the work of those allocated, and what a person entered for the time in care.
	`update allocation a set period = daterange(lower(a.period), p.left_on) from planned_child p
		where a.child_id = p.child_id and lower(a.period) < p.left_on and (upper_inf(a.period) or upper(a.period) > p.left_on)`,
	`update legal_status a set period = daterange(lower(a.period), p.left_on) from planned_child p
		where a.child_id = p.child_id and a.source <> '903' and lower(a.period) < p.left_on and upper_inf(a.period)`,
	`update placement a set period = daterange(lower(a.period), p.left_on) from planned_child p
		where a.child_id = p.child_id and a.source <> '903' and lower(a.period) < p.left_on and upper_inf(a.period)`,
	`update category_of_need a set period = daterange(lower(a.period), p.left_on) from planned_child p
		where a.child_id = p.child_id and a.source <> '903' and lower(a.period) < p.left_on and upper_inf(a.period)`,
	`insert into care_review (child_id, held_on, participation_code, source) select c.child_id, p.on_day, p.code, '903'
		from planned_fact p join planned_child c using (la_child_id) where p.kind = 'review'
		on conflict (child_id, held_on) do update set participation_code = excluded.participation_code`,
	`insert into sdq_assessment (child_id, return_year, score, reason_code, source) select c.child_id, p.year, p.score, nullif(p.code, ''), '903'
		from planned_fact p join planned_child c using (la_child_id) where p.kind = 'sdq'
		on conflict (child_id, return_year) do update set score = excluded.score, reason_code = excluded.reason_code`,
	`insert into previous_permanence (child_id, code, ended_on, source) select c.child_id, p.code, p.on_day, '903'
		from planned_fact p join planned_child c using (la_child_id) where p.kind = 'permanence'
		on conflict (child_id) do update set code = excluded.code, ended_on = excluded.ended_on`,
	`update staged_item i set child_id = p.child_id from planned_child p where p.la_child_id = i.key and i.child_id is null`,
	auditItemsSQL,
}

// auditItemsSQL writes one line of audit for each child that an import changes, in the name of the
// person who confirmed it.
const auditItemsSQL = `insert into audit_change (at, account_id, child_id, subject, subject_id, action, before, after, request_id)
	select @now, @by, i.child_id, 'import', @import::bigint::text, case i.action when 'new' then 'added by import' else 'changed by import' end,
		(select jsonb_object_agg(e->>'what', e->>'before') from jsonb_array_elements(i.changes) e where e->>'before' <> ''),
		(select jsonb_object_agg(e->>'what', e->>'after') from jsonb_array_elements(i.changes) e), @request
	from staged_item i where i.child_id is not null and (i.action = 'new' or i.action in ('changed', 'conflict') and i.changes <> '[]')`

// applies says whether the plan does anything at all.
func (p *childPlan) applies() bool { return !p.outside && p.action != ActionRejected }

func (r *returnTaker) stage(ctx context.Context, tx *postgres.Tx) error {
	var children, removals, stays, facts [][]any
	for _, p := range r.plans {
		if !p.applies() {
			continue
		}
		a, c := p.after, p.given
		children = append(children, []any{c.ID, p.known != nil, p.identity, a.DateOfBirth, a.Sex, a.Ethnicity, a.UPN, a.UPNQuality,
			a.Unaccompanied, dayOrNull(a.UnaccompaniedUpTo), dayOrNull(p.left), c.DateOfBirth, c.Sex, c.Ethnicity, returnedUPN(c)})
		for _, revision := range p.revisions {
			for _, s := range revision.remove {
				removals = append(removals, []any{s.Kind, s.ID})
			}
			for _, s := range revision.insert {
				stays = append(stays, []any{s.Kind, c.ID, s.Code, s.Provider, s.InAuthority, s.EndCode, s.Start, dayOrNull(s.End)})
			}
		}
		for _, review := range p.reviews {
			facts = append(facts, []any{"review", c.ID, review.Code, review.Date, nil, nil})
		}
		if p.score != nil {
			var score any
			if p.score.Scored {
				score = p.score.Score
			}
			facts = append(facts, []any{"sdq", c.ID, p.score.Reason, nil, p.score.Year, score})
		}
		if p.previous != nil {
			facts = append(facts, []any{"permanence", c.ID, p.previous.Code, dayOrNull(p.previous.Date), nil, nil})
		}
	}
	for _, load := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"planned_child", []string{"la_child_id", "known", "changes", "date_of_birth", "sex", "ethnicity", "upn", "upn_quality", "unaccompanied", "unaccompanied_until",
			"left_on", "said_date_of_birth", "said_sex", "said_ethnicity", "said_upn"}, children},
		{"planned_removal", []string{"kind", "id"}, removals},
		{"planned_stay", []string{"kind", "la_child_id", "code", "provider", "in_authority", "end_code", "starts", "ends"}, stays},
		{"planned_fact", []string{"kind", "la_child_id", "code", "on_day", "year", "score"}, facts},
	} {
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{load.table}, load.columns, pgx.CopyFromRows(load.rows)); err != nil {
			return fmt.Errorf("stage %s: %w", load.table, err)
		}
		if _, err := tx.Exec(ctx, `analyse `+load.table); err != nil {
			return err
		}
	}
	return nil
}
