package release

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// Term names a term.
type Term struct {
	AcademicYear int
	Name         string
}

// Found is what a run is worked out from, as the database has it.
type Found struct {
	calendar setting.Calendar
	policies policy.Values
	children []childRow
	care     []careRow
	stays    []stayRow
}

type childRow struct {
	ChildID       int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	SignedOff     bool
	SubmittedBy   int64
	Grade         string
	Returned      bool
}

type careRow struct {
	ChildID int64
	Starts  calendar.Date
	Ends    calendar.Date
}

type stayRow struct {
	ChildID     int64
	SettingID   int64
	School      string
	Independent bool
	Starts      calendar.Date
	Ends        calendar.Date
	Released    money.Pence // 0: not yet
}

// A plan that a later one has superseded was signed off. Type codes 10 and 11 are the register's
// independent schools.
const (
	termSQL = `with t as (select daterange(starts, ends, '[]') as days from term
		where authority_code = @authority and setting_id is null and academic_year = @year and name = @term) `
	childrenSQL = termSQL + `select c.id as child_id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
			c.date_of_birth, c.year_offset, coalesce(p.state in ('signed_off', 'superseded'), false) as signed_off, coalesce(p.submitted_by, 0) as submitted_by,
			coalesce(g.grade, '') as grade, coalesce(g.effect = 'return', false) as returned
		from child c
		left join lateral (select id, state, coalesce(submitted_by, case when signed_off_at is not null then signed_off_by end) as submitted_by from pep
			where child_id = c.id and academic_year = @year and term = @term and submitted_at is not null and state <> 'cancelled'
			order by state in ('signed_off', 'superseded') desc, signed_off_at desc nulls last, id desc limit 1) p on true
		left join lateral (select grade, effect from pep_grading where pep_id = p.id and round = 'first' order by submission desc limit 1) g on true
		where exists (select from care_period r where r.child_id = c.id and r.period && (select days from t)) and ` + postgres.PlaceTold + `
		order by c.sort_name, c.id`
	careSQL  = termSQL + `select child_id, lower(period) as starts, upper(period) as ends from care_period where period && (select days from t) order by child_id, starts`
	staysSQL = termSQL + `select r.child_id, r.setting_id, s.name as school, coalesce(s.type_code in (10, 11), false) as independent, lower(r.period) as starts, upper(r.period) as ends,
			coalesce((select approved_pence from premium_request q where q.child_id = r.child_id and q.setting_id = r.setting_id
				and q.release_year = @year and q.release_term = @term), 0)::bigint as released
		from roll r join setting s on s.id = r.setting_id
		where r.kind = 'main' and r.period && (select days from t) order by r.child_id, starts`
)

func args(authority string, term Term) postgres.Args {
	return postgres.Args{"authority": authority, "year": term.AcademicYear, "term": term.Name}
}

// Queue queues what a run for a term is worked out from, and writes that the actor looked at the children.
func Queue(batch *postgres.Batch, into *Found, authority string, term Term, actorID int64, requestID string) {
	QueueTerms(batch, into, authority)
	postgres.Many(batch, &into.children, childrenSQL, args(authority, term))
	postgres.Many(batch, &into.care, careSQL, args(authority, term))
	postgres.Many(batch, &into.stays, staysSQL, args(authority, term))
	looked := args(authority, term)
	looked["actor"], looked["web_request"] = actorID, requestID
	batch.Exec(termSQL+`insert into audit_look (at, account_id, child_id, screen, request_id)
		select @now, @actor, child_id, 'premium releases', @web_request from care_period where period && (select days from t) group by child_id`, looked)
}

// QueueTerms queues only the terms and the paying policy, to find which term to begin with.
func QueueTerms(batch *postgres.Batch, into *Found, authority string) {
	setting.QueueCalendar(batch, &into.calendar, authority, 0)
	policy.Queue(batch, &into.policies)
}

func load(ctx context.Context, tx *postgres.Tx, authority string, term Term) (found Found, err error) {
	if found.calendar, err = setting.LoadCalendar(ctx, tx, authority, 0); err != nil {
		return found, err
	}
	if found.policies, err = policy.Load(ctx, tx); err != nil {
		return found, err
	}
	if found.children, err = postgres.List[childRow](ctx, tx, childrenSQL, args(authority, term)); err != nil {
		return found, err
	}
	if found.care, err = postgres.List[careRow](ctx, tx, careSQL, args(authority, term)); err != nil {
		return found, err
	}
	found.stays, err = postgres.List[stayRow](ctx, tx, staysSQL, args(authority, term))
	return found, err
}
