package calendars

import (
	"fmt"
	"net/http"
	"net/url"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const home = "/admin/calendars"

// year is one academic year of the list.
type year struct {
	Number int
	Own    []setting.KeptTerm // the authority's, of which a term may be missing
	Others []setting.KeptTerm // settings that keep their own
}

type listView struct {
	Today    calendar.Date
	Years    []year
	Calendar setting.Calendar
	Closed   []setting.ClosedDay
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	view := listView{Today: p.Kit.Today()}
	var terms []setting.KeptTerm
	var batch postgres.Batch
	setting.QueueKeptTerms(&batch, &terms, p.Kit.Site.AuthorityCode)
	setting.QueueCalendar(&batch, &view.Calendar, p.Kit.Site.AuthorityCode, 0)
	setting.QueueClosedDays(&batch, &view.Closed, p.Kit.Site.AuthorityCode)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	view.Years = years(terms, view.Today)
	return p.Kit.Show(w, r, kit.Page{Title: "Calendars", Wide: true}, listPage(view))
}

// years puts the terms under their years, newest first; this year and the next are always there.
func years(terms []setting.KeptTerm, today calendar.Date) []year {
	present := calendar.AcademicYear(today)
	byYear := map[int]*year{present: {Number: present}, present + 1: {Number: present + 1}}
	low, high := present, present+1
	for _, t := range terms {
		y := byYear[t.AcademicYear]
		if y == nil {
			y = &year{Number: t.AcademicYear}
			byYear[t.AcademicYear] = y
		}
		low, high = min(low, t.AcademicYear), max(high, t.AcademicYear)
		if t.SettingID == 0 {
			y.Own = append(y.Own, t)
		} else {
			y.Others = append(y.Others, t)
		}
	}
	var list []year
	for n := high; n >= low; n-- {
		if y := byYear[n]; y != nil {
			list = append(list, *y)
		}
	}
	return list
}

// missing are the terms of the year that the authority has not entered.
func (y year) missing() []string {
	var names []string
	for _, name := range termNames {
		found := false
		for _, t := range y.Own {
			found = found || t.Name == name
		}
		if !found {
			names = append(names, name)
		}
	}
	return names
}

var termNames = []string{calendar.Autumn, calendar.Spring, calendar.Summer}

// termHref is the form for one term.
func termHref(academicYear int, name string, settingID int64) string {
	query := url.Values{"year": {fmt.Sprint(academicYear)}, "term": {name}}
	if settingID != 0 {
		query.Set("setting", fmt.Sprint(settingID))
	}
	return home + "/term?" + query.Encode()
}

func days(from, to calendar.Date) string {
	if from.IsZero() {
		return ""
	}
	return from.Short() + " to " + to.Short()
}

// cutOff is the last day for reviews, in words that say when none was set.
func cutOff(t setting.KeptTerm) string {
	if t.CutOff.IsZero() {
		return t.Ends.Short() + " (last day of term)"
	}
	return t.CutOff.Short()
}

// holidays are the bank holidays of the years around today, published ones first to be believed.
func (v listView) holidays() []calendar.Holiday {
	all := calendar.WithPublished(calendar.EnglandBankHolidays(v.Today.Year-1, v.Today.Year+2), v.Calendar.Holidays())
	var list []calendar.Holiday
	for _, h := range all {
		if h.Date.Year >= v.Today.Year-1 && h.Date.Year <= v.Today.Year+2 {
			list = append(list, h)
		}
	}
	return list
}

// published says whether a bank holiday comes from the list that was loaded.
func (v listView) published(day calendar.Date) bool {
	for _, h := range v.Calendar.Holidays() {
		if h.Date == day {
			return true
		}
	}
	return false
}

var trail = []ui.Link{{Text: "Calendars", Href: home}}
