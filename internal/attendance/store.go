package attendance

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Record is a half term's figures as they are kept.
type Record struct {
	ID           int64
	SettingID    int64
	School       string
	AcademicYear int
	HalfTerm     HalfTerm
	Possible     int
	Attended     int
	Authorised   int
	Unauthorised int
	Late         int
	Source       string
	AsAt         calendar.Date
	RecordedBy   string
	RecordedAt   time.Time
	FromMarks    bool // made from the register's marks, not reported
	Received     int  // sessions with a mark of any kind; nought for reported figures
	Unknown      int  // of those unauthorised: no reason established yet
	Version      int
}

// Figures are the record's counts.
func (r Record) Figures() Figures {
	return Figures{r.Possible, r.Attended, r.Authorised, r.Unauthorised, r.Late}
}

// Entry is the record as it could be entered again.
func (r Record) Entry() Entry {
	return Entry{SettingID: r.SettingID, AcademicYear: r.AcademicYear, HalfTerm: r.HalfTerm, Figures: r.Figures(), Source: r.Source, AsAt: r.AsAt}
}

const recordSQL = `select h.id, h.setting_id, s.name as school, h.academic_year, h.half_term, h.possible, h.attended, h.authorised, h.unauthorised,
		h.late, h.source, h.as_at, a.name as recorded_by, h.recorded_at, h.from_marks, h.received, h.unknown, h.version
	from attendance_half_term h join setting s on s.id = h.setting_id join account a on a.id = h.recorded_by `

const halfOrder = `array_position(array['A1', 'A2', 'Sp1', 'Sp2', 'Su1', 'Su2'], h.half_term)`

// QueueRecords queues a child's figures of an academic year and the year before, latest half term first.
func QueueRecords(batch *postgres.Batch, into *[]Record, childID int64, academicYear int) {
	postgres.Many(batch, into, recordSQL+`where h.child_id = @child and h.academic_year between @year - 1 and @year
		order by h.academic_year desc, `+halfOrder+` desc, s.name`, postgres.Args{"child": childID, "year": academicYear})
}

// QueueRecord queues one half term's figures at one school; none leaves *into nil.
func QueueRecord(batch *postgres.Batch, into **Record, childID, settingID int64, academicYear int, half HalfTerm) {
	postgres.Maybe(batch, into, recordSQL+`where h.child_id = @child and h.setting_id = @setting and h.academic_year = @year and h.half_term = @half`,
		postgres.Args{"child": childID, "setting": settingID, "year": academicYear, "half": half})
}

// Summary is a child's academic year so far, over all schools: for the child's page and for what a
// plan is filled in with beforehand.
type Summary struct {
	AcademicYear int
	Possible     int
	Attended     int
	Authorised   int
	Unauthorised int
	Late         int
	Halves       []HalfTerm    // recorded, in order
	AsAt         calendar.Date // of the latest figures; zero: none are recorded
	Sources      []string
}

// Figures are the year's counts.
func (s Summary) Figures() Figures {
	return Figures{s.Possible, s.Attended, s.Authorised, s.Unauthorised, s.Late}
}

// Recorded says whether there is anything to show.
func (s Summary) Recorded() bool { return len(s.Halves) > 0 }

// QueueSummary queues a child's academic year so far. A year without figures is all zero.
func QueueSummary(batch *postgres.Batch, into *Summary, childID int64, academicYear int) {
	postgres.One(batch, into, `select @year::int as academic_year, coalesce(sum(possible), 0)::int as possible, coalesce(sum(attended), 0)::int as attended,
			coalesce(sum(authorised), 0)::int as authorised, coalesce(sum(unauthorised), 0)::int as unauthorised, coalesce(sum(late), 0)::int as late,
			array(select distinct h.half_term from attendance_half_term h where h.child_id = @child and h.academic_year = @year order by h.half_term) as halves,
			max(as_at) as as_at, coalesce(array_agg(distinct source) filter (where source is not null), '{}') as sources
		from attendance_half_term where child_id = @child and academic_year = @year`, postgres.Args{"child": childID, "year": academicYear})
}

// School is a setting where the child was on roll.
type School struct {
	ID   int64
	Name string
}

// QueueSchools queues the schools where the child was on roll in an academic year, for a form; for a
// school's own people, of those only theirs.
func QueueSchools(batch *postgres.Batch, into *[]School, childID int64, academicYear int, onlyOf int64) {
	year := calendar.AcademicYearRange(academicYear)
	postgres.Many(batch, into, `select s.id, s.name from setting s
		where exists (select from roll r where r.setting_id = s.id and r.child_id = @child and r.period && daterange(@from, @to))
			and (@account::bigint = 0 or exists (select from account_setting t where t.setting_id = s.id and t.account_id = @account and t.period @> @today::date))
		order by s.name`, postgres.Args{"child": childID, "from": year.Start, "to": year.End, "account": onlyOf})
}
