package quality

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// Graded is a grading as it is read. A second marking that is waited for hides the first from every
// educator but its marker: then it is not among those read.
type Graded struct {
	ID            int64
	Submission    int
	Round         string
	Rubric        string
	RubricVersion int
	Grade         string
	Effect        Effect
	Because       string
	MarkedBy      string
	MarkedByID    int64
	MarkedAt      time.Time
	Marks         []Mark
}

// First says whether this is the grade that counted, and not a second marking.
func (g Graded) First() bool { return g.Round == "first" }

const gradedSQL = `select g.id, g.submission, g.round, g.rubric, g.rubric_version, g.grade, g.effect, g.because, a.name as marked_by, g.marked_by as marked_by_id, g.marked_at,
		(select coalesce(jsonb_agg(jsonb_build_object('criterion', m.criterion, 'grade', m.grade, 'note', m.note, 'fact', m.fact_grade, 'because', m.fact_because)), '[]')
			from pep_grading_mark m where m.grading_id = g.id) as marks
	from pep_grading g join account a on a.id = g.marked_by`

// QueueGraded queues the gradings of a plan, newest first.
func QueueGraded(batch *postgres.Batch, into *[]Graded, ref pep.Ref) {
	postgres.Many(batch, into, gradedSQL+` where g.pep_id = @pep and g.child_id = @child order by g.submission desc, g.round desc`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}

// SecondMarking is a second marking of a plan and how it stands.
type SecondMarking struct {
	GradingID     int64
	PEPID         int64
	ChildID       int64
	FirstMarker   int64
	State         string // waiting, given, set_aside
	PickedBecause string
	PickedAt      time.Time
	SettledGrade  string
	SettledWords  string
	SettledBy     string
	SettledAt     *time.Time
	Rubric        string // by which it was graded first, and is to be the second time
	RubricVersion int
}

// Waiting says whether nobody has marked the plan a second time yet.
func (m SecondMarking) Waiting() bool { return m.State == "waiting" }

const secondSQL = `select m.grading_id, m.pep_id, m.child_id, m.first_marker, m.state, m.picked_because, m.picked_at, coalesce(m.settled_grade, '') as settled_grade,
		coalesce(m.settled_words, '') as settled_words, coalesce(a.name, '') as settled_by, m.settled_at, m.rubric, m.rubric_version
	from pep_second_marking m left join account a on a.id = m.settled_by`

// QueueSecond queues the second marking of a plan; nil: it was not picked.
func QueueSecond(batch *postgres.Batch, into **SecondMarking, ref pep.Ref) {
	postgres.Maybe(batch, into, secondSQL+` where m.pep_id = @pep and m.child_id = @child order by m.grading_id desc limit 1`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}

// FollowUp is what an accepted plan left to be better next time.
type FollowUp struct {
	ID           int64      `json:"id"`
	PEPID        int64      `json:"pep_id"` // the plan it comes from
	AcademicYear int        `json:"academic_year"`
	Term         string     `json:"term"`
	Title        string     `json:"title"`
	Part         pep.Part   `json:"part"`
	Note         string     `json:"note"`
	From         string     `json:"from"` // who graded
	DealtIn      int64      `json:"dealt_in"`
	DealtWords   string     `json:"dealt_words"`
	DealtBy      string     `json:"dealt_by"`
	DealtAt      *time.Time `json:"dealt_at"`
}

// TermLabel is the term of the plan it comes from: "Autumn 2026/27".
func (f FollowUp) TermLabel() string {
	return calendar.Term{AcademicYear: f.AcademicYear, Name: f.Term}.Label()
}

// Open says whether nobody has said yet what was done about it.
func (f FollowUp) Open() bool { return f.DealtAt == nil }

const followUpsSQL = `select f.id, g.pep_id, q.academic_year, q.term, f.title, f.part, f.note, b.name as from, coalesce(f.dealt_in, 0) as dealt_in,
		coalesce(f.dealt_words, '') as dealt_words, coalesce(d.name, '') as dealt_by, f.dealt_at
	from pep_follow_up f
	join pep_grading g on g.id = f.grading_id
	join pep q on q.id = g.pep_id
	join account b on b.id = g.marked_by
	left join account d on d.id = f.dealt_by
	join pep p on p.id = @pep and p.child_id = @child
	where f.child_id = p.child_id and (f.dealt_in is null or f.dealt_in = p.id) and q.id <> p.id and q.started_at <= p.started_at`

// QueueFollowUps queues what stands in a plan: follow-ups of the child's plans before it that are
// open, or were dealt with in it.
func QueueFollowUps(batch *postgres.Batch, into *[]FollowUp, ref pep.Ref) {
	postgres.Many(batch, into, followUpsSQL+` order by f.id`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}

// Latest is the grade that counts of a plan, for a page about the plan. ID is 0 while it has none, or
// none that the reader may see yet.
type Latest struct {
	Handed        // of a plan that waits; else zero
	ID            int64
	Rubric        string
	RubricVersion int
	Grade         string
	Effect        Effect
	Because       string
	MarkedBy      string
	MarkedAt      *time.Time
	Settled       string // the grade two markers who differed agreed on
	Waiting       bool   // for a second marking
	FollowUps     []FollowUp
}

// QueueLatest queues the grade that counts, with what stands in the plan (QueueFollowUps): one
// statement for every page about a plan.
func QueueLatest(batch *postgres.Batch, into *Latest, ref pep.Ref) {
	postgres.One(batch, into, `select coalesce(g.id, 0) as id, coalesce(g.rubric, '') as rubric, coalesce(g.rubric_version, 0) as rubric_version, coalesce(g.grade, '') as grade,
			coalesce(g.effect, '') as effect, coalesce(g.because, '') as because, coalesce(a.name, '') as marked_by, g.marked_at,
			coalesce(m.settled_grade, '') as settled, coalesce(m.state = 'waiting', false) as waiting,
			p.id as pep_id, p.child_id, p.academic_year, p.term, coalesce(h.submission, 0) as submission, coalesce(h.first_submitted, p.started_at) as first_submitted,
			coalesce(h.author, 0) as author, coalesce(h.author_nth, 0) as author_nth, coalesce(h.came_back, false) as came_back, coalesce(h.school_first, false) as school_first,
			(select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]') from (`+followUpsSQL+`) x) as follow_ups
		from pep p
		left join pep_sampling(array(select o.id from pep o where o.id = @pep and o.state in ('submitted', 'in_qa'))) h on true
		left join lateral (select * from pep_grading g where g.pep_id = p.id and g.round = 'first' order by g.submission desc limit 1) g on true
		left join account a on a.id = g.marked_by
		left join lateral (select * from pep_second_marking m where m.pep_id = p.id order by m.submission desc limit 1) m on true
		where p.id = @pep and p.child_id = @child`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
}
