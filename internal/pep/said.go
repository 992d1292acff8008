package pep

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

// carriedFrom begins the source of an answer of the last plan that was said to hold still; the term follows.
const carriedFrom = "carried from "

// SaidBefore is an answer of the last plan.
type SaidBefore struct {
	Question     string
	Value        forms.Answer
	By           string
	On           calendar.Date
	AcademicYear int
	Term         string
}

// TermLabel is "Autumn 2026/27".
func (s SaidBefore) TermLabel() string {
	return calendar.Term{AcademicYear: s.AcademicYear, Name: s.Term}.Label()
}

// Said is what the last signed-off plan of this time in care answered, by question: whatever form it
// had, the same key is the same question.
type Said map[string]SaidBefore

// Fits gives last time's answer to a question as it is asked now; false when there is none, or it
// could not be given to the question any more.
func (s Said) Fits(q forms.Question) (SaidBefore, bool) {
	before, there := s[q.Key]
	return before, there && !before.Value.Empty() && before.Value.NoLonger == "" && q.CheckAnswer(before.Value) == "" && q.Words(before.Value) != ""
}

const saidSQL = `select x.question, x.value, a.name as by, (x.answered_at at time zone 'Europe/London')::date as on, last.academic_year, last.term
	from (select q.id, q.academic_year, q.term from pep p join pep q on q.child_id = p.child_id and q.id <> p.id
			and q.started_at <= p.started_at and q.state in ('signed_off', 'superseded')
			and (q.started_at at time zone 'Europe/London')::date >= (select max(lower(c.period)) from care_period c
				where c.child_id = p.child_id and lower(c.period) <= (p.started_at at time zone 'Europe/London')::date)
		where p.id = @pep and p.child_id = @child order by q.meeting_on desc, q.id desc limit 1) last
	join pep_answer x on x.pep_id = last.id
	join account a on a.id = x.answered_by`

// QueueSaid queues what the last plan answered. The function it returns gives it once the batch has run.
func QueueSaid(batch *postgres.Batch, ref Ref) func() Said {
	var rows []SaidBefore
	postgres.Many(batch, &rows, saidSQL, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	return func() Said { return saidOf(rows) }
}

func loadSaid(ctx context.Context, tx *postgres.Tx, ref Ref) (Said, error) {
	rows, err := postgres.List[SaidBefore](ctx, tx, saidSQL, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	return saidOf(rows), err
}

func saidOf(rows []SaidBefore) Said {
	said := Said{}
	for _, row := range rows {
		said[row.Question] = row
	}
	return said
}
