package pep

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// QueueWhole queues a plan with all its parts. A plan that is not this child's, or not the actor's
// to see, fails the batch with NotFound. The function it returns makes the plan once the batch has run.
func QueueWhole(batch *postgres.Batch, set forms.Set, ref Ref) func() Whole {
	var row wholeRow
	postgres.One(batch, &row, wholeSQL, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	return func() Whole { return row.whole(set) }
}

// Summary is a plan in a list of a child's plans.
type Summary struct {
	ID            int64
	Kind          Kind
	AcademicYear  int
	Term          string
	State         State
	Setting       string
	MeetingOn     calendar.Date
	MeetingHeld   bool
	NextMeetingOn calendar.Date
	StartedOn     calendar.Date
	SignedOffOn   calendar.Date
	SignedOffBy   string
	Targets       int
	Edition       int
	ReplacedBy    int64 // the plan at the new school, when this one was left behind
	CancelReason  string
}

// Past says whether the plan is history: replaced by another, or cancelled.
func (s Summary) Past() bool { return s.State == Superseded || s.State == Cancelled }

// TermLabel is "Autumn 2026/27".
func (s Summary) TermLabel() string {
	return calendar.Term{AcademicYear: s.AcademicYear, Name: s.Term}.Label()
}

const summarySQL = `select p.id, p.kind, p.academic_year, p.term, p.state, coalesce(s.name, '') as setting, p.meeting_on, p.meeting_held,
	p.next_meeting_on, (p.started_at at time zone 'Europe/London')::date as started_on,
	(p.signed_off_at at time zone 'Europe/London')::date as signed_off_on, coalesce(a.name, '') as signed_off_by,
	(select count(*) from pep_target t where t.pep_id = p.id)::int as targets,
	p.edition, coalesce(p.replaced_by, 0) as replaced_by, coalesce(p.cancel_reason, '') as cancel_reason
	from pep p left join setting s on s.id = p.setting_id left join account a on a.id = p.signed_off_by`

// QueueOfChild queues a child's plans, newest first.
func QueueOfChild(batch *postgres.Batch, into *[]Summary, childID int64) {
	postgres.Many(batch, into, summarySQL+` where p.child_id = @child order by p.started_at desc, p.id desc`, postgres.Args{"child": childID})
}

// Current is what a child's own page shows of plans.
type Current struct {
	Latest *Summary  // the newest plan that was not cancelled; nil: none
	From   *LastPlan // the newest signed-off plan, whose targets are the open ones; nil: none
}

// QueueCurrent queues the newest plan of a child and the targets now worked on.
func QueueCurrent(batch *postgres.Batch, into *Current, childID int64) {
	args := postgres.Args{"child": childID}
	postgres.Maybe(batch, &into.Latest, summarySQL+` where p.child_id = @child and p.state <> 'cancelled' order by p.started_at desc, p.id desc limit 1`, args)
	postgres.Maybe(batch, &into.From, `select p.id, p.academic_year, p.term, p.meeting_on,
			(select array_agg(`+targetRow+` order by t.position) from pep_target t where t.pep_id = p.id) as targets
		from pep p where p.child_id = @child and p.state in ('signed_off', 'superseded') order by p.meeting_on desc, p.id desc limit 1`, args)
}

// FactsRow is what deadlines need to know of a child, with what a list shows.
type FactsRow struct {
	ChildID                                     int64
	Forename, Surname, PreferredName, LAChildID string
	DateOfBirth                                 calendar.Date
	YearOffset                                  int
	InCareSince                                 calendar.Date
	ShortBreaks                                 bool
	SettingID                                   int64
	School                                      string
	SchoolSince                                 calendar.Date
	ChangedSchool                               bool
	AdvisorID                                   int64
	Advisor                                     string
	SocialWorker                                string
	Pauses                                      []Pause
	Plans                                       []PlanDates
}

// Facts is the row as the rules take it.
func (r FactsRow) Facts() Facts {
	return Facts{DateOfBirth: r.DateOfBirth, YearOffset: r.YearOffset, InCareSince: r.InCareSince, ShortBreaks: r.ShortBreaks,
		SchoolSince: r.SchoolSince, SettingID: r.SettingID, ChangedSchool: r.ChangedSchool, Pauses: r.Pauses, Plans: r.Plans}
}

const factsSQL = `select c.id as child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
	coalesce(c.preferred_name, '') as preferred_name, c.la_child_id, c.date_of_birth, c.year_offset,
	lower(cp.period) as in_care_since, coalesce(ls.code in ('V3', 'V4'), false) as short_breaks,
	coalesce(r.setting_id, 0) as setting_id, coalesce(s.name, '') as school, lower(r.period) as school_since,
	coalesce(lower(r.period) > lower(cp.period) and not exists (select from roll o
		where o.child_id = c.id and o.setting_id = r.setting_id and upper(o.period) = lower(r.period)), false) as changed_school,
	coalesce(a.account_id, 0) as advisor_id, coalesce(adv.name, '') as advisor, coalesce(sw.name, '') as social_worker,
	(select array_agg((lower(q.period), upper(q.period) - 1, q.reason) order by q.period)
		from pep_pause q where q.child_id = c.id and upper(q.period) > lower(cp.period)) as pauses,
	-- The fields of PlanDates in their order: an array of rows is read far faster than JSON.
	(select array_agg((p.id, p.kind, p.academic_year, p.term, p.state, (p.started_at at time zone 'Europe/London')::date, p.meeting_on, p.meeting_held,
			(p.submitted_at at time zone 'Europe/London')::date, (p.signed_off_at at time zone 'Europe/London')::date,
			p.edition, case when p.edition > 1 then (p.started_at at time zone 'Europe/London')::date end,
			coalesce(p.setting_id, 0), p.version) order by p.started_at desc, p.id desc)
		from pep p where p.child_id = c.id and p.state <> 'cancelled'
			and (p.started_at at time zone 'Europe/London')::date >= lower(cp.period)) as plans
	from child c
	join care_period cp on cp.child_id = c.id and cp.period @> @today::date and ` + postgres.PlaceTold + `
	left join legal_status ls on ls.child_id = c.id and ls.period @> @today::date
	left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> @today::date
	left join setting s on s.id = r.setting_id
	left join allocation a on a.child_id = c.id and a.part = 'advisor' and a.period @> @today::date
	left join account adv on adv.id = a.account_id
	left join allocation w on w.child_id = c.id and w.part = 'social_worker' and w.period @> @today::date
	left join account sw on sw.id = w.account_id`

// QueueFacts queues what the deadlines of every child in care whom the actor may see are reckoned from.
func QueueFacts(batch *postgres.Batch, into *[]FactsRow) {
	postgres.Many(batch, into, factsSQL+` order by c.surname, c.forename, c.id`, nil)
}

// QueueFactsOf queues it for one child; nil when the child is not in care today.
func QueueFactsOf(batch *postgres.Batch, into **FactsRow, childID int64) {
	postgres.Maybe(batch, into, factsSQL+` where c.id = @child`, postgres.Args{"child": childID})
}

func loadFacts(ctx context.Context, tx *postgres.Tx, childID int64) ([]FactsRow, error) {
	return postgres.List[FactsRow](ctx, tx, factsSQL+` where c.id = @child`, postgres.Args{"child": childID})
}

// CalendarOf is a council's calendar as the deadlines take it.
func CalendarOf(dates setting.Calendar) Calendar {
	cal := Calendar{Working: dates.WorkingDays()}
	for _, term := range dates.Terms() {
		cal.Terms = append(cal.Terms, Term{Term: term.Term, CutOff: term.CutOff})
	}
	return cal
}
