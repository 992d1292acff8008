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

// Reason is one thing that adds to a child's points: what, how much, and the page of the child where it is
// recorded and put right.
type Reason struct {
	Words  string
	Points int
	Page   string
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
	add := func(points int, page, format string, words ...any) {
		reasons = append(reasons, Reason{fmt.Sprintf(format, words...), points, page})
	}
	if s.Lately > 0 {
		add(min(s.Lately*pointsEach, pointsMost), "/suspensions", "Suspended %s in the last %d weeks", times(s.Lately), lateWeeks)
	}
	if s.Events > 1 {
		add(2, "/suspensions", "Suspended %s this academic year", times(s.Events))
	}
	if left := yearLimit - HalfDays(s.Used); left <= warnFrom {
		add(4, "/suspensions", "%s left of 45", left.Days())
	}
	if s.Excluded {
		add(5, "/suspensions", "Permanently excluded this academic year")
	}
	within := func(day calendar.Date, days int) bool { return !day.IsZero() && !day.Before(today.AddDays(-days)) }
	if within(s.JoinedOn, moveDays) {
		add(2, "/school", "Changed school in the last year, on %s", s.JoinedOn.Words())
	}
	if within(s.MovedOn, settleDays) {
		add(2, "", "Moved placement in the last six months, on %s", s.MovedOn.Words())
	}
	if within(s.WorkerSince, settleDays) {
		add(1, "/people", "Another social worker since %s", s.WorkerSince.Words())
	}
	switch {
	case s.Difficulties >= highSDQ:
		add(2, "", "Strengths and difficulties score %d in %d: high", s.Difficulties, s.DifficultyOf)
	case s.Difficulties >= raisedSDQ:
		add(1, "", "Strengths and difficulties score %d in %d: slightly raised", s.Difficulties, s.DifficultyOf)
	}
	if s.SEN != "" && s.SEN != "N" && s.Need == socialEmotional {
		add(2, "", "SEN support or a plan for social, emotional and mental health")
	}
	if s.Possible > 0 {
		if 20*s.Unauthorised >= s.Possible {
			add(2, "/attendance", "%.1f%% of sessions missed without leave this academic year", 100*float64(s.Unauthorised)/float64(s.Possible))
		}
		if 10*s.Missed >= s.Possible {
			add(1, "/attendance", "%.1f%% of sessions missed this academic year", 100*float64(s.Missed)/float64(s.Possible))
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

// PointsOf is the sum of reasons.
func PointsOf(reasons []Reason) (sum int) {
	for _, one := range reasons {
		sum += one.Points
	}
	return sum
}

// QueueSigns queues the signs of all children in care whom the actor may see, who are on a school's roll or
// were suspended this academic year.
func QueueSigns(batch *postgres.Batch, into *[]Signs, today calendar.Date) {
	year := calendar.AcademicYear(today)
	// Behind the wall the planner expects one row of every table; joining by hash is many times faster here.
	batch.Exec(`select set_config('enable_nestloop', 'off', true)`, nil)
	defer batch.Exec(`select set_config('enable_nestloop', 'on', true)`, nil)
	postgres.Many(batch, into, `select c.id as child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name,
			c.la_child_id, coalesce(s.name, '') as school, coalesce(l.account_id, 0) as advisor_id,
			coalesce(e.lately, 0) as lately, coalesce(e.events, 0) as events, coalesce(e.used, 0) as used, coalesce(e.excluded, false) as excluded,
			case when r.moved then r.since end as joined_on, case when p.moved then p.since end as moved_on, case when w.moved then w.since end as worker_since,
			coalesce(d.score, -1) as difficulties, coalesce(d.return_year, 0) as difficulty_of, coalesce(n.status, '') as sen, coalesce(n.primary_need, '') as need,
			coalesce(a.possible, 0) as possible, coalesce(a.unauthorised, 0) as unauthorised, coalesce(a.missed, 0) as missed
		from child c
		join care_period cp on cp.child_id = c.id and cp.period @> @today::date
		left join (select child_id, (count(*) filter (where starts_on > @today::date - @lately::int and state <> 'cancelled'))::int as lately, (count(*) filter (where state <> 'cancelled'))::int as events,
				sum(case when state <> 'stands' then served when kind = 'permanent_exclusion' then 0 else sessions end)::int as used,
				bool_or(kind = 'permanent_exclusion' and state = 'stands') as excluded
			from suspension where starts_on >= @from group by child_id) e on e.child_id = c.id
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
		where r.setting_id is not null or e.events > 0 order by c.sort_name, c.id`,
		postgres.Args{"from": calendar.AcademicYearRange(year).Start, "year": year, "lately": 7 * lateWeeks})
}
