package quality

import (
	"context"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// HandedIn is how a plan was submitted, with what rules ask of the child.
type HandedIn struct {
	Handed
	SubmittedBy int64 // last
	DateOfBirth calendar.Date
	YearOffset  int
}

type handedRow struct {
	PEPID          int64
	ChildID        int64
	AcademicYear   int
	Term           string
	Submission     int
	FirstSubmitted time.Time
	Author         int64
	AuthorNth      int
	CameBack       bool
	SchoolFirst    bool
	SubmittedBy    int64
	DateOfBirth    calendar.Date
	YearOffset     int
}

func (r handedRow) handedIn() HandedIn {
	return HandedIn{Handed: Handed{PEPID: r.PEPID, ChildID: r.ChildID, AcademicYear: r.AcademicYear, Term: r.Term, Submission: r.Submission, FirstSubmitted: r.FirstSubmitted, Author: r.Author, AuthorNth: r.AuthorNth,
		CameBack: r.CameBack, SchoolFirst: r.SchoolFirst}, SubmittedBy: r.SubmittedBy, DateOfBirth: r.DateOfBirth, YearOffset: r.YearOffset}
}

const handedSQL = `select p.id as pep_id, p.child_id, p.academic_year, p.term, coalesce(s.submission, 0) as submission, coalesce(s.first_submitted, p.started_at) as first_submitted, coalesce(s.author, 0) as author,
	coalesce(s.author_nth, 0) as author_nth, coalesce(s.came_back, false) as came_back, coalesce(s.school_first, false) as school_first,
	coalesce(p.submitted_by, 0) as submitted_by, c.date_of_birth, c.year_offset
	from pep p join child c on c.id = p.child_id left join pep_sampling(array[@pep::bigint]) s on s.pep_id = p.id
	where p.id = @pep`

func loadHandedIn(ctx context.Context, tx *postgres.Tx, pepID int64) (HandedIn, error) {
	row, err := postgres.Get[handedRow](ctx, tx, handedSQL, postgres.Args{"pep": pepID})
	return row.handedIn(), err
}

// QueueHandedIn queues how a plan was submitted.
func QueueHandedIn(batch *postgres.Batch, ref pep.Ref) func() HandedIn {
	var row handedRow
	postgres.One(batch, &row, handedSQL+` and p.child_id = @child`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	return func() HandedIn { return row.handedIn() }
}

func insertGrading(ctx context.Context, tx *postgres.Tx, ref pep.Ref, submission int, round string, rubric Rubric, result Result, marks []Mark) (int64, error) {
	id, err := postgres.GetValue[int64](ctx, tx, `insert into pep_grading (pep_id, child_id, submission, round, rubric, rubric_version, grade, effect, because, marked_by, marked_at)
		values (@pep, @child, @submission, @round, @rubric, @version, @grade, @effect, @because, @by, @now) returning id`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "submission": submission, "round": round, "rubric": rubric.Name, "version": rubric.Version,
			"grade": result.Grade, "effect": rubric.Grade(result.Grade).Does, "because": result.Sentence(), "by": tx.Actor.ID})
	if err != nil {
		return 0, err
	}
	_, err = tx.Do(ctx, `insert into pep_grading_mark (grading_id, child_id, criterion, grade, note, fact_grade, fact_because)
		select @grading, @child, x->>'criterion', x->>'grade', x->>'note', x->>'fact', x->>'because' from jsonb_array_elements(@marks::jsonb) x where x->>'grade' <> ''`,
		postgres.Args{"grading": id, "child": ref.ChildID, "marks": marks})
	return id, err
}

// followUp is what an accepted plan is to do better next time.
type followUp struct {
	Criterion string `json:"criterion"`
	Title     string `json:"title"`
	Part      string `json:"part"`
	Note      string `json:"note"`
}

func insertFollowUps(ctx context.Context, tx *postgres.Tx, ref pep.Ref, grading int64, list []followUp) error {
	if len(list) == 0 {
		return nil
	}
	_, err := tx.Do(ctx, `insert into pep_follow_up (grading_id, child_id, criterion, title, part, note)
		select @grading, @child, x->>'criterion', x->>'title', x->>'part', x->>'note' from jsonb_array_elements(@list::jsonb) x`,
		postgres.Args{"grading": grading, "child": ref.ChildID, "list": list})
	return err
}

func insertSecondMarking(ctx context.Context, tx *postgres.Tx, ref pep.Ref, grading int64, submission int, rubric Rubric, pick Pick) error {
	_, err := tx.Do(ctx, `insert into pep_second_marking (grading_id, pep_id, child_id, first_marker, submission, rubric, rubric_version, picked_because, picked_at)
		values (@grading, @pep, @child, @by, @submission, @rubric, @version, @because, @now)`,
		postgres.Args{"grading": grading, "pep": ref.PEPID, "child": ref.ChildID, "by": tx.Actor.ID, "submission": submission,
			"rubric": rubric.Name, "version": rubric.Version, "because": pick.Because})
	return err
}

// writeDealtWith marks a follow-up of an earlier plan of the child.
func writeDealtWith(ctx context.Context, tx *postgres.Tx, ref pep.Ref, id int64, words string) error {
	return tx.DoOne(ctx, `update pep_follow_up f set dealt_in = @pep, dealt_words = @words, dealt_by = @by, dealt_at = @now
		from pep_grading g where g.id = f.grading_id and f.id = @id and f.child_id = @child and f.dealt_in is null and g.pep_id <> @pep`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "id": id, "words": words, "by": tx.Actor.ID})
}

// waiting is a second marking that is to be given, without anything of the first grade.
type waiting struct {
	GradingID     int64
	FirstMarker   int64
	Submission    int
	Rubric        string
	RubricVersion int
}

func lockWaiting(ctx context.Context, tx *postgres.Tx, ref pep.Ref) (waiting, error) {
	found, err := postgres.List[waiting](ctx, tx, `select grading_id, first_marker, submission, rubric, rubric_version from pep_second_marking
		where pep_id = @pep and child_id = @child and state = 'waiting' for update`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	if err == nil && len(found) == 0 {
		err = fault.Conflict("This plan is not waiting to be marked a second time.")
	}
	if err != nil {
		return waiting{}, err
	}
	return found[0], nil
}

func writeGiven(ctx context.Context, tx *postgres.Tx, first, second int64) error {
	return tx.DoOne(ctx, `update pep_second_marking set state = 'given', second_id = @second where grading_id = @first and state = 'waiting'`,
		postgres.Args{"first": first, "second": second})
}

func loadSecond(ctx context.Context, tx *postgres.Tx, ref pep.Ref) (SecondMarking, error) {
	return postgres.Get[SecondMarking](ctx, tx, secondSQL+` where m.pep_id = @pep and m.child_id = @child order by m.grading_id desc limit 1`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}

func writeSettled(ctx context.Context, tx *postgres.Tx, grading int64, state, grade, words string) error {
	return tx.DoOne(ctx, `update pep_second_marking set state = @state, settled_grade = nullif(@grade, ''), settled_words = @words, settled_by = @by, settled_at = @now
		where grading_id = @grading and settled_at is null`, postgres.Args{"grading": grading, "state": state, "grade": grade, "words": words, "by": tx.Actor.ID})
}
