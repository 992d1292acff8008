package attendance

import (
	"virtualschool/internal/attendance/census"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Counted is a term of which census totals are held.
type Counted struct {
	AcademicYear int
	Term         string
	Children     int // of those the actor may see
}

// Label is "Autumn 2025/26".
func (c Counted) Label() string {
	return calendar.Term{AcademicYear: c.AcademicYear, Name: c.Term}.Label()
}

// Day is a day in the middle of the term, by which codes are read.
func (c Counted) Day() calendar.Date {
	switch c.Term {
	case calendar.Autumn:
		return calendar.New(c.AcademicYear, 11, 15)
	case calendar.Spring:
		return calendar.New(c.AcademicYear+1, 2, 1)
	}
	return calendar.New(c.AcademicYear+1, 6, 1)
}

// QueueCounted queues the terms of which census totals are held, the latest first.
func QueueCounted(batch *postgres.Batch, into *[]Counted) {
	postgres.Many(batch, into, `select academic_year, term, count(distinct child_id)::int as children from attendance_census group by 1, 2
		order by academic_year desc, array_position(array['autumn', 'spring', 'summer'], term) desc`, nil)
}

// CensusLine is a child's term at a school: what the school counted for the census, and what is marked.
type CensusLine struct {
	Named
	SettingID int64
	School    string
	Possible  int
	Codes     map[mark.Code]int
	Held      map[mark.Code]int
}

// Census are the census's totals.
func (l CensusLine) Census() census.Totals {
	return census.Totals{Possible: l.Possible, Codes: l.Codes}
}

// Marks are the totals of what is marked; a day of the term says what codes count as.
func (l CensusLine) Marks(day calendar.Date) census.Totals {
	totals := census.Totals{Codes: l.Held}
	for code, n := range l.Held {
		session := mark.AM
		if code == `\` {
			session = mark.PM
		}
		if class, known := mark.National.Class(code, day, session); known && class.Possible() {
			totals.Possible += n
		}
	}
	return totals
}

// QueueCensus queues the census totals of a term beside the marks of its half terms, by school and name.
func QueueCensus(batch *postgres.Batch, into *[]CensusLine, academicYear int, term string) {
	var halves []string
	for _, half := range HalfTerms {
		if half.term == term {
			halves = append(halves, string(half.HalfTerm))
		}
	}
	year := calendar.AcademicYearRange(academicYear)
	postgres.Many(batch, into, `select `+namedSQL+`, t.setting_id, s.name as school, t.possible, t.codes, coalesce(h.codes, '{}') as held
		from attendance_census t join child c on c.id = t.child_id join setting s on s.id = t.setting_id
		cross join lateral (select jsonb_object_agg(m.code, m.n) as codes from (
			select v.code, count(*) as n from attendance_day d cross join lateral (values (d.am), (d.pm)) v(code)
			where d.child_id = t.child_id and d.setting_id = t.setting_id and d.day between @from and @to and d.half_term = any(@halves) and v.code is not null group by v.code) m) h
		where t.academic_year = @year and t.term = @term order by s.name, s.id, c.sort_name, c.id`,
		postgres.Args{"year": academicYear, "term": term, "from": year.Start, "to": year.LastDay(), "halves": halves})
}
