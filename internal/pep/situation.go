package pep

import (
	"context"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

// situationRow is what the choice of a form asks of the record, beside what deadlines ask.
type situationRow struct {
	OnRoll                   bool
	TypeCode                 int
	TypeName                 string
	SEN                      string
	Unaccompanied, LivesAway bool
	LastForm                 string
	LastCircumstances        []forms.Circumstance
}

const situationSQL = `select r.id is not null as on_roll, coalesce(s.type_code, 0) as type_code, coalesce(s.type_name, '') as type_name,
	coalesce(n.status, '') as sen, c.unaccompanied and coalesce(c.unaccompanied_until > @today::date, true) as unaccompanied,
	coalesce(not pl.in_authority, false) as lives_away, coalesce(last.form, '') as last_form, coalesce(last.circumstances, '{}') as last_circumstances
	from child c
	left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> @today::date
	left join setting s on s.id = r.setting_id
	left join sen_status n on n.child_id = c.id and n.period @> @today::date
	left join placement pl on pl.child_id = c.id and pl.period @> @today::date
	left join lateral (select p.form, p.circumstances from pep p where p.child_id = c.id and p.state <> 'cancelled'
		order by p.started_at desc, p.id desc limit 1) last on true
	where c.id = @child`

// QueueLearner queues what a form is chosen by. The function it returns makes it, for one kind of
// plan, once the batch has run.
func QueueLearner(batch *postgres.Batch, childID int64) func(kind Kind, of Facts, today calendar.Date) forms.Learner {
	var row situationRow
	postgres.One(batch, &row, situationSQL, postgres.Args{"child": childID})
	return func(kind Kind, of Facts, today calendar.Date) forms.Learner { return row.learner(kind, of, today) }
}

func loadLearner(ctx context.Context, tx *postgres.Tx, childID int64, kind Kind, of Facts) (forms.Learner, error) {
	row, err := postgres.Get[situationRow](ctx, tx, situationSQL, postgres.Args{"child": childID})
	return row.learner(kind, of, tx.Today), err
}

func (row situationRow) learner(kind Kind, of Facts, today calendar.Date) forms.Learner {
	circumstances := []forms.Circumstance{forms.Place(row.OnRoll, row.TypeCode, row.TypeName)}
	for circumstance, holds := range map[forms.Circumstance]bool{
		forms.SENSupport: row.SEN == "K", forms.EHCPlan: row.SEN == "E", forms.Unaccompanied: row.Unaccompanied, forms.LivesAway: row.LivesAway,
	} {
		if holds {
			circumstances = append(circumstances, circumstance)
		}
	}
	slices.Sort(circumstances[1:])
	return forms.Learner{
		Situation: forms.Situation{Kind: string(kind), Year: calendar.CurriculumYear(of.DateOfBirth, today) + of.YearOffset, Circumstances: circumstances},
		School:    row.TypeName,
		Last:      forms.LastForm{Name: row.LastForm, Place: forms.PlaceIn(row.LastCircumstances)},
	}
}
