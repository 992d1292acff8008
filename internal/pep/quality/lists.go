package quality

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// Named is how lists call a child and say where they learn.
type Named struct {
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string
	School        string
}

const namedSQL = `p.child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
	c.la_child_id, coalesce(s.name, '') as school`

// ToGrade is a submitted plan that waits to be graded or signed off.
type ToGrade struct {
	Handed
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string
	School        string
	Kind          pep.Kind
	State         pep.State
	SubmittedBy   int64
	AuthorName    string
	MeetingOn     calendar.Date
	SubmittedAt   time.Time // last
	ReaderName    string    // who took it in; empty: nobody yet
	AdvisorID     int64
	Advisor       string
}

// TermLabel is "Autumn 2026/27".
func (g ToGrade) TermLabel() string {
	return calendar.Term{AcademicYear: g.AcademicYear, Name: g.Term}.Label()
}

const toGradeSQL = `select ` + namedSQL + `, p.id as pep_id, h.submission, h.first_submitted, h.author, h.author_nth, h.came_back, h.school_first,
		p.kind, p.academic_year, p.term, p.state, p.submitted_by, b.name as author_name, p.meeting_on, p.submitted_at,
		case when p.state = 'in_qa' then coalesce(q.name, '') else '' end as reader_name, coalesce(al.account_id, 0) as advisor_id, coalesce(ad.name, '') as advisor
	from pep_sampling(array(select o.id from pep o where o.state in ('submitted', 'in_qa'))) h
	join pep p on p.id = h.pep_id
	join child c on c.id = p.child_id
	join account b on b.id = p.submitted_by
	left join account q on q.id = p.qa_by
	left join setting s on s.id = p.setting_id
	left join allocation al on al.child_id = p.child_id and al.part = 'advisor' and al.period @> @today::date
	left join account ad on ad.id = al.account_id
	order by p.submitted_at, p.id`

// QueueToGrade queues every submitted plan the actor may see, the longest waiting first.
func QueueToGrade(batch *postgres.Batch, into *[]ToGrade) {
	postgres.Many(batch, into, toGradeSQL, nil)
}

// ToSecond is a plan that waits to be marked a second time.
type ToSecond struct {
	Named
	PEPID         int64
	AcademicYear  int
	Term          string
	FirstMarker   int64
	SubmittedBy   int64
	PickedBecause string
	PickedAt      time.Time
}

// TermLabel is "Autumn 2026/27".
func (s ToSecond) TermLabel() string {
	return calendar.Term{AcademicYear: s.AcademicYear, Name: s.Term}.Label()
}

// QueueToSecond queues every plan that waits for a second marking, the longest waiting first.
func QueueToSecond(batch *postgres.Batch, into *[]ToSecond) {
	postgres.Many(batch, into, `select `+namedSQL+`, p.id as pep_id, p.academic_year, p.term, m.first_marker, p.submitted_by, m.picked_because, m.picked_at
		from pep_second_marking m join pep p on p.id = m.pep_id join child c on c.id = p.child_id left join setting s on s.id = p.setting_id
		where m.state = 'waiting' order by m.picked_at, m.grading_id`, nil)
}

// QueuePairs queues every plan that two people have marked, newest first.
func QueuePairs(batch *postgres.Batch, into *[]Pair) {
	postgres.Many(batch, into, `select p.id as pep_id, `+namedSQL+`, p.academic_year, p.term, f.rubric, f.rubric_version, f.grade as first, g.grade as second,
			fa.name as first_marker, ga.name as second_marker, f.marked_by as first_id, g.marked_by as second_id, g.marked_at,
			coalesce(m.settled_grade, '') as settled, coalesce(m.settled_words, '') as settled_words, coalesce(sa.name, '') as settled_by
		from pep_second_marking m
		join pep_grading f on f.id = m.grading_id join account fa on fa.id = f.marked_by
		join pep_grading g on g.id = m.second_id join account ga on ga.id = g.marked_by
		join pep p on p.id = m.pep_id join child c on c.id = p.child_id left join setting s on s.id = p.setting_id
		left join account sa on sa.id = m.settled_by
		where m.state = 'given' order by g.marked_at desc, g.id desc`, nil)
}

// QueueCourses queues how the plans of the academic years from one on went: those that were submitted.
func QueueCourses(batch *postgres.Batch, into *[]Course, fromYear int) {
	postgres.Many(batch, into, `with happened as (
			select e.pep_id, min(e.at) filter (where e.event = 'submitted') as submitted,
				min(e.at) filter (where e.event in ('in_qa', 'returned', 'signed_off')) as first_read,
				min(e.at) filter (where e.event = 'signed_off') as signed_off,
				count(*) filter (where e.event = 'returned')::int as returns
			from pep_event e group by e.pep_id having bool_or(e.event = 'submitted')),
		graded as (select distinct on (g.pep_id) g.pep_id, g.rubric, g.rubric_version, coalesce(m.settled_grade, g.grade) as grade
			from pep_grading g left join pep_second_marking m on m.grading_id = g.id
			where g.round = 'first' order by g.pep_id, g.submission desc)
		select p.id as pep_id, p.child_id, p.academic_year, p.term, coalesce(p.setting_id, 0) as setting_id, coalesce(s.name, '') as school,
			coalesce(al.account_id, 0) as advisor_id, coalesce(ad.name, '') as advisor,
			(h.submitted at time zone 'Europe/London')::date as submitted, (h.first_read at time zone 'Europe/London')::date as first_read,
			(h.signed_off at time zone 'Europe/London')::date as signed_off, h.returns,
			coalesce(g.rubric, '') as rubric, coalesce(g.rubric_version, 0) as rubric_version, coalesce(g.grade, '') as grade
		from pep p join happened h on h.pep_id = p.id left join graded g on g.pep_id = p.id
		left join setting s on s.id = p.setting_id
		left join allocation al on al.child_id = p.child_id and al.part = 'advisor' and al.period @> @today::date
		left join account ad on ad.id = al.account_id
		where p.academic_year >= @year`, postgres.Args{"year": fromYear})
}

// PlanGrade is the grade that counts of a plan, for lists of plans.
type PlanGrade struct {
	PEPID         int64
	Rubric        string
	RubricVersion int
	Grade         string // what two markers agreed on where they differed; empty while it is hidden
	Effect        Effect
	Waiting       bool // for a second marking, before which the reader is not told the grade
}

// QueueGrades queues how the plans were graded of those the actor may see, in one statement. A plan
// without a grade is not among them. A grade that waits for a second marking is hidden from every
// educator but its marker.
func QueueGrades(batch *postgres.Batch, into *[]PlanGrade, plans []int64) {
	postgres.Many(batch, into, `select distinct on (pep_id) pep_id, rubric, rubric_version, grade, effect, waiting from (
			select g.pep_id, g.submission, g.rubric, g.rubric_version, coalesce(m.settled_grade, g.grade) as grade, g.effect, false as waiting
			from pep_grading g left join pep_second_marking m on m.grading_id = g.id
			where g.round = 'first' and g.pep_id = any (@plans)
			union all
			select m.pep_id, m.submission, m.rubric, m.rubric_version, '', '', true from pep_second_marking m
			where m.state = 'waiting' and m.pep_id = any (@plans)) x
		order by pep_id, submission desc, waiting`, postgres.Args{"plans": plans})
}

// Name is a plan's grade on screen; the key of a rubric that is no longer there.
func (s Set) Name(g PlanGrade) Grade {
	if rubric, kept := s.Rubric(g.Rubric, g.RubricVersion); kept {
		return rubric.Grade(g.Grade)
	}
	return Grade{Key: g.Grade, Name: g.Grade, Colour: "grey"}
}

// Waiting is a plan that waits for a marker: the first, or (Again) a second.
type Waiting struct {
	Handed
	SubmittedBy   int64
	Again         bool
	FirstMarker   int64
	PickedBecause string
	PickedAt      *time.Time
}

// QueueWaiting queues what waits for a marker, of one child or of all for 0, in one statement.
func QueueWaiting(batch *postgres.Batch, into *[]Waiting, childID int64) {
	postgres.Many(batch, into, `select p.id as pep_id, p.child_id, p.academic_year, p.term, h.submission, h.first_submitted, h.author, h.author_nth, h.came_back, h.school_first,
			p.submitted_by, false as again, 0::bigint as first_marker, '' as picked_because, null::timestamptz as picked_at
		from pep_sampling(array(select o.id from pep o where o.state in ('submitted', 'in_qa') and (@child::bigint = 0 or o.child_id = @child))) h
		join pep p on p.id = h.pep_id
		union all
		select p.id, p.child_id, p.academic_year, p.term, m.submission, p.started_at, 0, 0, false, false, p.submitted_by, true, m.first_marker, m.picked_because, m.picked_at
		from pep_second_marking m join pep p on p.id = m.pep_id
		where m.state = 'waiting' and (@child::bigint = 0 or m.child_id = @child)`, postgres.Args{"child": childID})
}
