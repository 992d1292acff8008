package setting

import (
	"context"
	"strings"

	"virtualschool/internal/postgres"
)

// LoadCalendars is LoadCalendar for many settings in one statement, by the setting's number. Settings
// that keep no dates of their own share their authority's calendar. A setting that is not there is left out.
func LoadCalendars(ctx context.Context, tx *postgres.Tx, settingIDs []int64) (map[int64]*Calendar, error) {
	rows, err := postgres.List[placedRow](ctx, tx, calendarsSQL, postgres.Args{"settings": settingIDs})
	return calendars(rows), err
}

// QueueCalendars is LoadCalendars for a page. It is one statement; read the calendars when View has returned.
func QueueCalendars(batch *postgres.Batch, into *Calendars, settingIDs []int64) {
	postgres.Many(batch, &into.rows, calendarsSQL, postgres.Args{"settings": settingIDs})
}

// QueueAllCalendars is QueueCalendars for every setting where a child has been on roll.
func QueueAllCalendars(batch *postgres.Batch, into *Calendars) {
	QueueCalendars(batch, into, nil)
}

// QueueCalendarsOf is QueueCalendars for the settings that a query gives, so that a page about a child needs
// no second round trip. The query is the program's own, never anything typed.
func QueueCalendarsOf(batch *postgres.Batch, into *Calendars, settingsSQL string, args postgres.Args) {
	postgres.Many(batch, &into.rows, strings.Replace(calendarsSQL, listedSQL, "id in ("+settingsSQL+")", 1), args)
}

// Calendars are the calendars of many settings.
type Calendars struct{ rows []placedRow }

// BySetting are the calendars by the setting's number.
func (c Calendars) BySetting() map[int64]*Calendar { return calendars(c.rows) }

// placedRow is a row of a calendar with whose it is: a setting's, an authority's, or everybody's.
type placedRow struct {
	Place     int64
	Authority string
	calendarRow
}

const listedSQL = `id = any(@settings) or (@settings::bigint[] is null and id in (select setting_id from roll))`

const calendarsSQL = `with place as (select id, coalesce(authority_code, '') as authority from setting where ` + listedSQL + `)
	select 'place' as kind, id as place, authority, true as own, 0 as academic_year, '' as name, null::date as starts, null::date as ends,
		null::date as half_term_from, null::date as half_term_to, null::date as cut_off, '' as source from place
	union all
	select 'term', coalesce(setting_id, 0), coalesce(authority_code, ''), setting_id is not null, academic_year, name, starts, ends, half_term_from, half_term_to, pep_cut_off, source
	from term where setting_id in (select id from place) or (setting_id is null and authority_code in (select authority from place))
	union all
	select 'closed', coalesce(setting_id, 0), coalesce(authority_code, ''), setting_id is not null, 0, reason, day, day, null, null, null, ''
	from closed_day where setting_id in (select id from place) or (setting_id is null and authority_code in (select authority from place))
	union all
	select 'holiday', 0, '', false, 0, title, day, day, null, null, null, source from bank_holiday
	order by starts`

func calendars(rows []placedRow) map[int64]*Calendar {
	own := map[int64][]calendarRow{}
	shared := map[string][]calendarRow{}
	var all []calendarRow
	for _, row := range rows {
		switch {
		case row.Kind == "place":
		case row.Kind == "holiday":
			all = append(all, row.calendarRow)
		case row.Own:
			own[row.Place] = append(own[row.Place], row.calendarRow)
		default:
			shared[row.Authority] = append(shared[row.Authority], row.calendarRow)
		}
	}
	byAuthority := map[string]*Calendar{}
	found := map[int64]*Calendar{}
	for _, row := range rows {
		if row.Kind != "place" {
			continue
		}
		if len(own[row.Place]) > 0 {
			c := &Calendar{}
			c.rows = append(append(append(c.rows, own[row.Place]...), shared[row.Authority]...), all...)
			found[row.Place] = c
			continue
		}
		if byAuthority[row.Authority] == nil {
			c := &Calendar{}
			c.rows = append(append(c.rows, shared[row.Authority]...), all...)
			byAuthority[row.Authority] = c
		}
		found[row.Place] = byAuthority[row.Authority]
	}
	return found
}
