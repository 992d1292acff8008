package attendance

import (
	"cmp"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Member is a child at a setting in a stretch of an academic year: the grain of the cohort's figures.
type Member struct {
	ChildID     int64
	SettingID   int64
	School      string
	Phase       string
	Placement   string // the code of where the child lives, as returned; empty: none on record
	InAuthority *bool  // whether that is in the authority
	Live        bool   // in care today; of a year that is over, on its last day
	Twelve      bool   // in care without a gap from 1 April to 31 March, so far (R41)
	Reported    bool   // some of it reported, not made from marks
	Possible, Attended, Authorised, Unauthorised, Late,
	Received, Unknown int
	Expected int // nought until Expect has filled it in
}

// Tally is the member's counts.
func (m Member) Tally() Tally {
	return Tally{Figures{m.Possible, m.Attended, m.Authorised, m.Unauthorised, m.Late}, m.Received, m.Unknown, m.Expected}
}

// QueueCohort queues the figures of all children whom the actor may see, for an academic year or, when any
// are given, some half terms of it: also of those on roll of whom nothing is known. It reads kept figures,
// not marks.
func QueueCohort(batch *postgres.Batch, into *[]Member, academicYear int, today calendar.Date, halves ...HalfTerm) {
	args := cohortArgs(academicYear, today)
	args["halves"] = halves
	postgres.Many(batch, into, `with f as (
			select child_id, setting_id, sum(possible)::int as possible, sum(attended)::int as attended, sum(authorised)::int as authorised, sum(unauthorised)::int as unauthorised,
				sum(late)::int as late, sum(received)::int as received, sum(unknown)::int as unknown, not bool_and(from_marks) as reported
			from attendance_half_term where academic_year = @year and (cardinality(@halves::text[]) is null or cardinality(@halves::text[]) = 0 or half_term = any(@halves::text[]))
			group by child_id, setting_id),
		m as (select child_id, setting_id from f union select child_id, setting_id from roll where period && daterange(@starts, @ends, '[]'))
		select m.child_id, m.setting_id, coalesce(f.possible, 0) as possible, coalesce(f.attended, 0) as attended, coalesce(f.authorised, 0) as authorised, coalesce(f.unauthorised, 0) as unauthorised,
			coalesce(f.late, 0) as late, coalesce(f.received, 0) as received, coalesce(f.unknown, 0) as unknown, coalesce(f.reported, false) as reported, 0 as expected, s.name as school, coalesce(s.phase_name, '') as phase, coalesce(p.code, '') as placement, p.in_authority,
			coalesce(k.live, false) as live, coalesce(k.twelve, false) as twelve
		from m left join f using (child_id, setting_id) join setting s on s.id = m.setting_id
		left join (select child_id, code, in_authority from placement where period @> @on::date) p on p.child_id = m.child_id
		left join (select child_id, bool_or(period @> @on::date) as live, bool_or(period @> daterange(@since, @until, '[]')) as twelve from care_period group by child_id) k on k.child_id = m.child_id
		order by m.child_id, m.setting_id`, args)
}

// cohortArgs are the day a year is looked at and the twelve months of its return, as far as they have come.
func cohortArgs(academicYear int, today calendar.Date) postgres.Args {
	march := calendar.New(academicYear+1, 3, 31)
	year := calendar.AcademicYearRange(academicYear)
	return postgres.Args{"year": academicYear, "starts": year.Start, "ends": calendar.Earliest(today, year.LastDay()), "on": calendar.Earliest(today, year.LastDay()),
		"since": calendar.New(academicYear, 4, 1), "until": calendar.Earliest(today, march)}
}

// QueueStays queues the times on roll that touch some days, of all children whom the actor may see, or of
// one when childID is not 0.
func QueueStays(batch *postgres.Batch, into *[]Stay, childID int64, from, to calendar.Date) {
	postgres.Many(batch, into, `select child_id, setting_id, lower(period) as starts, upper(period) as ends from roll
		where period && daterange(@from, @to, '[]') and (@child::bigint = 0 or child_id = @child) order by child_id, lower(period), setting_id`,
		postgres.Args{"child": childID, "from": from, "to": to})
}

// Expect fills in what was expected of each member in some days (R24).
func Expect(members []Member, stays []Stay, e Expectation, from, to calendar.Date) {
	expected := map[place]int{}
	for _, s := range stays {
		expected[place{s.ChildID, s.SettingID}] += e.Sessions([]Stay{s}, from, to)
	}
	for i := range members {
		members[i].Expected = expected[place{members[i].ChildID, members[i].SettingID}]
	}
}

// Group is some children's figures together.
type Group struct {
	Name       string
	Children   int
	Persistent int // missed a tenth or more (R21), the severe among them
	Severe     int // missed half or more (R22)
	Judged     int // with enough possible sessions to say so
	Reported   int // of whom some figures came without marks
	Tally
}

// GroupBy puts members together by a name, such as their school's; a member without one is left out. A
// child at two settings of a group is one child of it, judged by both together, from minimum possible
// sessions on (policy.AttendanceMinimumSessions). Groups are in order of their names.
func GroupBy(members []Member, minimum int, name func(Member) string) []Group {
	type key struct {
		name    string
		childID int64
	}
	children := map[key]Tally{}
	reported := map[key]bool{}
	for _, m := range members {
		if of := name(m); of != "" {
			k := key{of, m.ChildID}
			children[k] = children[k].Plus(m.Tally())
			reported[k] = reported[k] || m.Reported
		}
	}
	groups := map[string]*Group{}
	for k, t := range children {
		g := groups[k.name]
		if g == nil {
			g = &Group{Name: k.name}
			groups[k.name] = g
		}
		g.Children++
		if reported[k] {
			g.Reported++
		}
		g.Tally = g.Plus(t)
		if t.Possible > 0 && t.Possible >= minimum {
			g.Judged++
		}
		switch t.Flag(minimum) {
		case Severe:
			g.Severe++
			g.Persistent++
		case Persistent:
			g.Persistent++
		}
	}
	list := make([]Group, 0, len(groups))
	for _, g := range groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// TermFigures are a child's figures of a term, over all schools.
type TermFigures struct {
	ChildID int64
	Term    string // autumn, spring, summer
	Possible, Attended, Authorised, Unauthorised, Late,
	Received, Unknown int
}

// Tally is the term's counts.
func (f TermFigures) Tally() Tally {
	return Tally{Figures: Figures{f.Possible, f.Attended, f.Authorised, f.Unauthorised, f.Late}, Received: f.Received, Unknown: f.Unknown}
}

// QueueTermly queues the termly figures of every child whom the actor may see, by child and in the order
// of the year.
func QueueTermly(batch *postgres.Batch, into *[]TermFigures, academicYear int) {
	postgres.Many(batch, into, `select child_id, case left(half_term, 1) when 'A' then 'autumn' else case left(half_term, 2) when 'Sp' then 'spring' else 'summer' end end as term,
			sum(possible)::int as possible, sum(attended)::int as attended, sum(authorised)::int as authorised, sum(unauthorised)::int as unauthorised, sum(late)::int as late,
			sum(received)::int as received, sum(unknown)::int as unknown
		from attendance_half_term where academic_year = @year group by 1, 2 order by 1, 2`, postgres.Args{"year": academicYear})
}

// Absentee is a child who missed a tenth or more of an academic year so far (R21).
type Absentee struct {
	Named
	School   string // of the latest figures
	Possible int
	Absent   int
	Unknown  int
	Severe   bool // half or more (R22)
}

// QueueAbsentees queues the children in care who missed a tenth or more of their possible sessions, from
// minimum possible sessions on (policy.AttendanceMinimumSessions), whoever missed the largest share first.
func QueueAbsentees(batch *postgres.Batch, into *[]Absentee, academicYear, minimum int) {
	// The latest figures' school goes through the sums as one number with their day before it; who is in care is asked as one list.
	postgres.Many(batch, into, `select `+namedSQL+`, s.name as school, f.possible, f.absent, f.unknown, f.absent * 2 >= f.possible as severe
		from (
			select child_id, sum(possible)::int as possible, sum(authorised + unauthorised)::int as absent, sum(unknown)::int as unknown,
				max((as_at - date '2000-01-01')::bigint << 32 | setting_id) & 4294967295 as setting_id
			from attendance_half_term where academic_year = @year group by child_id
			having sum(possible) > 0 and sum(possible) >= @minimum and sum(authorised + unauthorised) * 10 >= sum(possible)) f
		join child c on c.id = f.child_id
		join setting s on s.id = f.setting_id
		where (f.child_id in (select child_id from care_period where period @> @today::date)) is true
		order by f.absent::float / f.possible desc, c.sort_name, c.id`, postgres.Args{"year": academicYear, "minimum": minimum})
}
