package schoolplace

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Kept is a search as it is kept.
type Kept struct {
	Search
	ID         int64
	OpenedOn   calendar.Date
	RecordedBy string
	RecordedAt *time.Time
	Version    int
}

// Row is a child in care who is on no main roll today, as the query gives it.
type Row struct {
	Kept
	ChildID       int64
	LAChildID     string
	Forename      string
	Surname       string
	PreferredName string
	DateOfBirth   calendar.Date
	YearOffset    int
	InCareSince   calendar.Date
	LastEnded     calendar.Date // of the last main roll; zero: none is on record
	LastSchool    string
	LastBecause   string
	StartsOn      calendar.Date // of a roll that is to begin
	StartsAt      string
	Advisor       string
}

func (r Row) person() Person {
	p := Person{DateOfBirth: r.DateOfBirth, YearOffset: r.YearOffset, Care: []calendar.Range{{Start: r.InCareSince}}}
	if !r.LastEnded.IsZero() {
		p.Rolls = []calendar.Range{{End: r.LastEnded}}
	}
	if !r.StartsOn.IsZero() {
		p.Rolls = append(p.Rolls, calendar.Range{Start: r.StartsOn})
	}
	return p
}

const searchColumns = `coalesce(f.id, 0) as id, f.opened_on, coalesce(f.reason, '') as reason, coalesce(f.emergency, false) as emergency, coalesce(f.note, '') as note,
	coalesce(f.next_task, '') as next_task, f.next_on, coalesce(f.next_by, '') as next_by, coalesce(a.name, '') as recorded_by, f.recorded_at, coalesce(f.version, 0) as version`

const rowSQL = `select ` + searchColumns + `, c.id as child_id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
		coalesce(c.preferred_name, '') as preferred_name, c.date_of_birth, c.year_offset, lower(p.period) as in_care_since,
		upper(e.period) as last_ended, coalesce(e.name, '') as last_school, coalesce(e.end_reason, '') as last_because,
		lower(n.period) as starts_on, coalesce(n.name, '') as starts_at, coalesce(v.name, '') as advisor
	from child c
	join care_period p on p.child_id = c.id and p.period @> @today::date
	left join (select distinct on (r.child_id) r.child_id, r.period, r.end_reason, s.name from roll r join setting s on s.id = r.setting_id
		where r.kind = 'main' and upper(r.period) <= @today::date and (@child::bigint = 0 or r.child_id = @child) order by r.child_id, upper(r.period) desc) e on e.child_id = c.id
	left join (select distinct on (r.child_id) r.child_id, r.period, s.name from roll r join setting s on s.id = r.setting_id
		where r.kind = 'main' and lower(r.period) > @today::date and (@child::bigint = 0 or r.child_id = @child) order by r.child_id, lower(r.period)) n on n.child_id = c.id
	left join (select distinct on (child_id) * from place_search order by child_id, opened_on desc) f on f.child_id = c.id
	left join account a on a.id = f.recorded_by
	left join allocation l on l.child_id = c.id and l.part = 'advisor' and l.period @> @today::date
	left join account v on v.id = l.account_id
	where (@child::bigint = 0 or c.id = @child) and ` + postgres.PlaceTold + `
		and not exists (select from roll r where r.child_id = c.id and r.kind = 'main' and r.period @> @today::date)
	order by upper(e.period), c.sort_name, c.id`

// QueueRows queues the children in care without a main roll today whom the actor may see, or only one. Who
// of them is without a place, StandingOf says. Whoever shows them writes the looks.
func QueueRows(batch *postgres.Batch, into *[]Row, childID int64) {
	postgres.Many(batch, into, rowSQL, postgres.Args{"child": childID})
}

// Taken is a step as it is kept.
type Taken struct {
	Step
	ID         int64
	ChildID    int64
	RecordedBy string
	RecordedAt time.Time
	Version    int
}

const stepSQL = `select t.id, t.child_id, t.kind, t.taken_on, t.school, t.words, t.mistaken, a.name as recorded_by, t.recorded_at, t.version
	from place_step t join account a on a.id = t.recorded_by `

// QueueSteps queues the steps of a child, or of all children without a main roll today when childID is 0, the latest first.
func QueueSteps(batch *postgres.Batch, into *[]Taken, childID int64) {
	postgres.Many(batch, into, stepSQL+`where t.child_id = @child or @child::bigint = 0 and not exists (select from roll r where r.child_id = t.child_id and r.kind = 'main' and r.period @> @today::date)
		order by t.taken_on desc, t.id desc`, postgres.Args{"child": childID})
}

// QueueStep queues one step of a child. One that is not there fails the batch with NotFound.
func QueueStep(batch *postgres.Batch, into *Taken, childID, id int64) {
	postgres.One(batch, into, stepSQL+`where t.id = @id and t.child_id = @child`, postgres.Args{"id": id, "child": childID})
}

// Stays are a child's times in care and on a main roll, for Gaps.
type Stays struct {
	ChildID     int64
	DateOfBirth calendar.Date
	YearOffset  int
	Care        []stay
	Rolls       []stay
}

type stay struct{ Start, End calendar.Date }

// Person is what Gaps takes.
func (s Stays) Person() Person {
	p := Person{DateOfBirth: s.DateOfBirth, YearOffset: s.YearOffset}
	for _, one := range s.Care {
		p.Care = append(p.Care, calendar.Range(one))
	}
	for _, one := range s.Rolls {
		p.Rolls = append(p.Rolls, calendar.Range(one))
	}
	return p
}

// QueueStays queues the times in care and on a main roll of children who had no such roll on some day between
// two days, both included, while they were in care; of one child, or of all whom the actor may see when childID is 0.
func QueueStays(batch *postgres.Batch, into *[]Stays, childID int64, from, to calendar.Date) {
	postgres.Many(batch, into, `with r as (select child_id, array_agg((lower(period), upper(period)) order by lower(period)) as rolls, bool_or(period @> daterange(@from, @to, '[]')) as throughout
			from roll where kind = 'main' and (@child::bigint = 0 or child_id = @child) group by child_id)
		select c.id as child_id, c.date_of_birth, c.year_offset, p.care, r.rolls
		from child c
		join (select child_id, array_agg((lower(period), upper(period)) order by lower(period)) as care from care_period
			where period && daterange(@from, @to, '[]') and (@child::bigint = 0 or child_id = @child) group by child_id) p on p.child_id = c.id
		left join r on r.child_id = c.id
		where not coalesce(r.throughout, false) and `+postgres.PlaceTold+` order by c.id`, postgres.Args{"child": childID, "from": from, "to": to})
}
