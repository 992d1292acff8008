package suspension

import (
	"cmp"
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Signs are facts of a child's record that often come before an exclusion.
type Signs struct {
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string `db:"la_child_id"`
	School        string
	AdvisorID     int64
	Lately        int // suspensions in the last 12 weeks
	Events        int // in this academic year
	Used          int // half-days, in this academic year
	LastEvent     int64
	Excluded      bool
	JoinedOn      calendar.Date // the present school, when there was one before
	MovedOn       calendar.Date // the present placement, when there was one before
	WorkerSince   calendar.Date // the present social worker, when there was one before
	Difficulties  int           // the last strengths and difficulties score; -1: none
	DifficultyOf  int           // the return year it is of
	SEN           string
	Need          string
	Possible      int // sessions this academic year, as reported
	Unauthorised  int
	Missed        int
}

// Sign names a kind of reason.
type Sign string

// Reason is one thing that adds to a child's points: what, how much, and the page of the child where it is
// recorded and put right.
type Reason struct {
	Sign      Sign
	Fact      string // what it stands on: the same as long as nothing new is known
	Words     string
	Points    int
	Page      string
	Challenge *Challenge // somebody says that it is not so; nil: nobody
}

// Weights of the signs. They order a list and predict nothing; the page shows each of them.
const (
	pointsEach, pointsMost = 3, 9
	lateWeeks              = 12
	moveDays, settleDays   = 365, 183
	highSDQ, raisedSDQ     = 17, 14
	socialEmotional        = "SEMH"
)

// ReasonsOf are the reasons that a child's signs give, the weightiest first. There is no other score than
// their sum (PointsOf), and none that is not shown.
func ReasonsOf(s Signs, today calendar.Date) []Reason {
	var reasons []Reason
	add := func(points int, sign Sign, fact any, page, format string, words ...any) {
		reasons = append(reasons, Reason{Sign: sign, Fact: fmt.Sprint(fact), Words: fmt.Sprintf(format, words...), Points: points, Page: page})
	}
	last := fmt.Sprintf("event %d", s.LastEvent)
	if s.Lately > 0 {
		add(min(s.Lately*pointsEach, pointsMost), "lately", last, "/suspensions", "Suspended %s in the last %d weeks", times(s.Lately), lateWeeks)
	}
	if s.Events > 1 {
		add(2, "year", last, "/suspensions", "Suspended %s this academic year", times(s.Events))
	}
	if left := yearLimit - HalfDays(s.Used); left <= warnFrom {
		add(4, "left", last, "/suspensions", "%s left of 45", left.Days())
	}
	if s.Excluded {
		add(5, "excluded", last, "/suspensions", "Permanently excluded this academic year")
	}
	within := func(day calendar.Date, days int) bool { return !day.IsZero() && !day.Before(today.AddDays(-days)) }
	if within(s.JoinedOn, moveDays) {
		add(2, "school", s.JoinedOn, "/school", "Changed school in the last year, on %s", s.JoinedOn.Words())
	}
	if within(s.MovedOn, settleDays) {
		add(2, "placement", s.MovedOn, "", "Moved placement in the last six months, on %s", s.MovedOn.Words())
	}
	if within(s.WorkerSince, settleDays) {
		add(1, "worker", s.WorkerSince, "/people", "Another social worker since %s", s.WorkerSince.Words())
	}
	score := fmt.Sprintf("%d in %d", s.Difficulties, s.DifficultyOf)
	switch {
	case s.Difficulties >= highSDQ:
		add(2, "difficulties", score, "", "Strengths and difficulties score %s: high", score)
	case s.Difficulties >= raisedSDQ:
		add(1, "difficulties", score, "", "Strengths and difficulties score %s: slightly raised", score)
	}
	if s.SEN != "" && s.SEN != "N" && s.Need == socialEmotional {
		add(2, "need", s.SEN+" "+s.Need, "", "SEN support or a plan for social, emotional and mental health")
	}
	// A share of sessions changes with every mark: another fact is another whole step of it.
	year := calendar.AcademicYear(today)
	if s.Possible > 0 {
		if steps := 20 * s.Unauthorised / s.Possible; steps > 0 {
			add(2, "unauthorised", fmt.Sprintf("%d%% in %d", 5*steps, year), "/attendance", "%.1f%% of sessions missed without leave this academic year", 100*float64(s.Unauthorised)/float64(s.Possible))
		}
		if steps := 10 * s.Missed / s.Possible; steps > 0 {
			add(1, "missed", fmt.Sprintf("%d%% in %d", 10*steps, year), "/attendance", "%.1f%% of sessions missed this academic year", 100*float64(s.Missed)/float64(s.Possible))
		}
	}
	slices.SortStableFunc(reasons, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return reasons
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// PointsOf is the sum of the reasons that nobody challenges.
func PointsOf(reasons []Reason) (sum int) {
	for _, one := range reasons {
		if one.Challenge == nil {
			sum += one.Points
		}
	}
	return sum
}

// QueueSigns queues the signs of all children in care whom the actor may see, who are on a school's roll or
// were suspended this academic year.
func QueueSigns(batch *postgres.Batch, into *[]Signs, today calendar.Date) {
	// Behind the wall the planner expects one row of every table; joining by hash is many times faster here.
	batch.Exec(`select set_config('enable_nestloop', 'off', true)`, nil)
	defer batch.Exec(`select set_config('enable_nestloop', 'on', true)`, nil)
	sql, args := signsSQL(today, 0)
	postgres.Many(batch, into, sql, args)
}

// QueueSignsOf queues the signs of one such child: none, or one.
func QueueSignsOf(batch *postgres.Batch, into *[]Signs, today calendar.Date, childID int64) {
	sql, args := signsSQL(today, childID)
	postgres.Many(batch, into, sql, args)
}

// signsSQL is of all children, or of one.
func signsSQL(today calendar.Date, childID int64) (string, postgres.Args) {
	year, of := calendar.AcademicYear(today), ``
	if childID != 0 {
		of = `c.id = @child and `
	}
	return `select c.id as child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
			c.la_child_id, coalesce(s.name, '') as school, coalesce(l.account_id, 0) as advisor_id,
			coalesce(e.lately, 0) as lately, coalesce(e.events, 0) as events, coalesce(e.used, 0) as used, coalesce(e.last_event, 0) as last_event, coalesce(e.excluded, false) as excluded,
			case when r.moved then r.since end as joined_on, case when p.moved then p.since end as moved_on, case when w.moved then w.since end as worker_since,
			coalesce(d.score, -1) as difficulties, coalesce(d.return_year, 0) as difficulty_of, coalesce(n.status, '') as sen, coalesce(n.primary_need, '') as need,
			coalesce(a.possible, 0) as possible, coalesce(a.unauthorised, 0) as unauthorised, coalesce(a.missed, 0) as missed
		from child c
		join care_period cp on cp.child_id = c.id and cp.period @> @today::date
		left join (select child_id, (count(*) filter (where starts_on > @today::date - @lately::int and state <> 'cancelled'))::int as lately, (count(*) filter (where starts_on >= @from and state <> 'cancelled'))::int as events,
				(sum(case when state <> 'stands' then served when kind = 'permanent_exclusion' then 0 else sessions end) filter (where starts_on >= @from))::int as used,
				bool_or(starts_on >= @from and kind = 'permanent_exclusion' and state = 'stands') as excluded, max(id) filter (where state <> 'cancelled') as last_event
			from suspension where starts_on > least(@from::date - 1, @today::date - @lately::int) group by child_id) e on e.child_id = c.id
		left join (select child_id, max(setting_id) filter (where period @> @today::date) as setting_id, max(lower(period)) filter (where period @> @today::date) as since, count(*) > 1 as moved
			from roll where kind = 'main' and lower(period) <= @today::date group by child_id) r on r.child_id = c.id
		left join setting s on s.id = r.setting_id
		left join (select child_id, max(lower(period)) filter (where period @> @today::date) as since, count(*) > 1 as moved from placement where lower(period) <= @today::date group by child_id) p on p.child_id = c.id
		left join (select child_id, max(lower(period)) filter (where period @> @today::date) as since, count(*) > 1 as moved from allocation
			where part = 'social_worker' and lower(period) <= @today::date group by child_id) w on w.child_id = c.id
		left join (select distinct on (child_id) child_id, score, return_year from sdq_assessment where score is not null order by child_id, return_year desc) d on d.child_id = c.id
		left join sen_status n on n.child_id = c.id and n.period @> @today::date
		left join allocation l on l.child_id = c.id and l.part = 'advisor' and l.period @> @today::date
		left join (select child_id, sum(possible)::int as possible, sum(unauthorised)::int as unauthorised, sum(authorised + unauthorised)::int as missed
			from attendance_half_term where academic_year = @year group by child_id) a on a.child_id = c.id
		where ` + of + `(r.setting_id is not null or e.events > 0) order by c.sort_name, c.id`,
		postgres.Args{"from": calendar.AcademicYearRange(year).Start, "year": year, "lately": 7 * lateWeeks, "child": childID}
}
