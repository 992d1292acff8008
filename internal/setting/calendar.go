package setting

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Term is a term as one place keeps it, with the last day for its PEP reviews.
type Term struct {
	calendar.Term
	CutOff calendar.Date // zero: none set, so the last day of term
	Own    bool          // the setting's own dates, not its authority's
	Source string
}

// Calendar is the days of one place: an authority, or a setting in it. The zero
// Calendar knows no term and only computed bank holidays.
type Calendar struct{ rows []calendarRow }

type calendarRow struct {
	Kind         string // term, closed, holiday
	Own          bool
	AcademicYear int
	Name         string // the term, why it is closed, or the holiday
	Starts       calendar.Date
	Ends         calendar.Date
	HalfTermFrom calendar.Date
	HalfTermTo   calendar.Date
	CutOff       calendar.Date
	Source       string
}

const calendarSQL = `with place as (select coalesce(nullif(@authority::text, ''), (select authority_code from setting where id = @setting)) as authority)
	select 'term' as kind, setting_id is not null as own, academic_year, name, starts, ends, half_term_from, half_term_to, pep_cut_off as cut_off, source
	from term where setting_id = @setting or (setting_id is null and authority_code = (select authority from place))
	union all
	select 'closed', setting_id is not null, 0, reason, day, day, null, null, null, ''
	from closed_day where setting_id = @setting or (setting_id is null and authority_code = (select authority from place))
	union all
	select 'holiday', false, 0, title, day, day, null, null, null, source from bank_holiday
	order by starts`

func calendarArgs(authorityCode string, settingID int64) postgres.Args {
	return postgres.Args{"authority": authorityCode, "setting": settingID}
}

// QueueCalendar queues the calendar of a setting, or of an authority when settingID is 0. An empty
// authorityCode stands for the setting's own authority. It is one statement.
func QueueCalendar(batch *postgres.Batch, into *Calendar, authorityCode string, settingID int64) {
	postgres.Many(batch, &into.rows, calendarSQL, calendarArgs(authorityCode, settingID))
}

// QueueCalendarOf is QueueCalendar for the setting that a query gives, so that a page which names something
// at a setting needs no second round trip. The query is the program's own, never anything typed.
func QueueCalendarOf(batch *postgres.Batch, into *Calendar, authorityCode, settingSQL string, args postgres.Args) {
	all := postgres.Args{"authority": authorityCode}
	for name, value := range args {
		all[name] = value
	}
	postgres.Many(batch, &into.rows, strings.ReplaceAll(calendarSQL, "@setting", "("+settingSQL+")"), all)
}

// LoadCalendar is QueueCalendar inside a transaction.
func LoadCalendar(ctx context.Context, tx *postgres.Tx, authorityCode string, settingID int64) (Calendar, error) {
	rows, err := postgres.List[calendarRow](ctx, tx, calendarSQL, calendarArgs(authorityCode, settingID))
	return Calendar{rows: rows}, err
}

// NewCalendar makes a calendar from values, for tests of rules and for the seed.
func NewCalendar(terms []Term, closed []calendar.Date, holidays []calendar.Holiday) Calendar {
	var c Calendar
	for _, t := range terms {
		c.rows = append(c.rows, calendarRow{Kind: "term", Own: t.Own, AcademicYear: t.AcademicYear, Name: t.Name, Starts: t.Starts, Ends: t.Ends,
			HalfTermFrom: t.HalfTermFrom, HalfTermTo: t.HalfTermTo, CutOff: t.CutOff, Source: t.Source})
	}
	for _, day := range closed {
		c.rows = append(c.rows, calendarRow{Kind: "closed", Starts: day, Ends: day})
	}
	for _, h := range holidays {
		c.rows = append(c.rows, calendarRow{Kind: "holiday", Name: h.Name, Starts: h.Date, Ends: h.Date})
	}
	return c
}

// Terms are the terms this place keeps, in order: the setting's own where it has them, else the
// authority's. A setting's own term without a cut-off has its authority's, since the cut-off is the
// Virtual School's.
func (c Calendar) Terms() []Term {
	type key struct {
		year int
		name string
	}
	kept := map[key]Term{}
	var cutOffs = map[key]calendar.Date{}
	for _, row := range c.rows {
		if row.Kind != "term" {
			continue
		}
		k := key{row.AcademicYear, row.Name}
		if !row.Own {
			cutOffs[k] = row.CutOff
		}
		if before, found := kept[k]; found && before.Own {
			continue
		}
		kept[k] = Term{Term: calendar.Term{AcademicYear: row.AcademicYear, Name: row.Name, Starts: row.Starts, Ends: row.Ends,
			HalfTermFrom: row.HalfTermFrom, HalfTermTo: row.HalfTermTo}, CutOff: row.CutOff, Own: row.Own, Source: row.Source}
	}
	terms := make([]Term, 0, len(kept))
	for k, t := range kept {
		if t.CutOff.IsZero() {
			t.CutOff = cutOffs[k]
		}
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.Name, b.Name))
	})
	return terms
}

// TermDates are Terms as rules take them, without what only the Virtual School keeps of a term.
func (c Calendar) TermDates() []calendar.Term {
	kept := c.Terms()
	terms := make([]calendar.Term, len(kept))
	for i, t := range kept {
		terms[i] = t.Term
	}
	return terms
}

// LatestTerm is the term that contains a day or, in the holidays, the one that ended last.
func (c Calendar) LatestTerm(day calendar.Date) (Term, bool) {
	var latest Term
	for _, t := range c.Terms() {
		if !t.Starts.After(day) {
			latest = t
		}
	}
	return latest, !latest.Starts.IsZero()
}

// LastDayForPEP is the last day for a term's PEP review (R9): the cut-off set for it, or its last day.
func (t Term) LastDayForPEP() calendar.Date {
	if t.CutOff.IsZero() {
		return t.Ends
	}
	return t.CutOff
}

// Holidays are the bank holidays loaded from the published list, in order.
func (c Calendar) Holidays() []calendar.Holiday {
	var holidays []calendar.Holiday
	for _, row := range c.rows {
		if row.Kind == "holiday" {
			holidays = append(holidays, calendar.Holiday{Date: row.Starts, Name: row.Name})
		}
	}
	slices.SortFunc(holidays, func(a, b calendar.Holiday) int { return a.Date.Compare(b.Date) })
	return holidays
}

// england keeps the last counting made: the computed part covers a hundred years and the published
// list changes once or twice in one.
var england atomic.Pointer[counting]

type counting struct {
	published []calendar.Holiday
	all       []calendar.Holiday
	days      calendar.WorkingDays
}

func (c Calendar) counting() *counting {
	published := c.Holidays()
	if last := england.Load(); last != nil && slices.Equal(last.published, published) {
		return last
	}
	all := calendar.WithPublished(calendar.EnglandBankHolidays(1990, 2100), published)
	made := &counting{published: published, all: all, days: calendar.NewWorkingDays(all)}
	england.Store(made)
	return made
}

// WorkingDays counts Monday to Friday around the bank holidays of England, published and computed.
func (c Calendar) WorkingDays() calendar.WorkingDays { return c.counting().days }

// SchoolDays counts the days on which this place is open to pupils.
func (c Calendar) SchoolDays() calendar.SchoolDays {
	terms := c.TermDates()
	var closed []calendar.Date
	var known []calendar.Holiday
	for _, row := range c.rows {
		if row.Kind == "closed" {
			closed = append(closed, row.Starts)
		}
	}
	// Only the years there are terms for: a hundred years of holidays would cost more than the counting.
	if len(terms) > 0 {
		first, last := terms[0].Starts, terms[len(terms)-1].Ends
		for _, h := range c.counting().all {
			if !h.Date.Before(first) && !h.Date.After(last) {
				known = append(known, h)
			}
		}
	}
	return calendar.NewSchoolDays(terms, closed, known)
}
