package attendance

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const todayPath = "/attendance"

// How far back the page looks for reasons that are still to be found and for clashes, and how many lines of
// each it shows.
const (
	askedBack = 42
	mostLines = 50
)

// todayView is a day: who is not in school, and of whom nothing is heard.
type todayView struct {
	Actor     access.Actor
	Today     calendar.Date
	Day       calendar.Date // the day shown: today or, when every school is shut, the last day one was open
	Before    calendar.Date
	After     calendar.Date // zero: there is none yet
	Filters   kit.Filters
	Absent    []absence
	Unheard   []unheard
	Reasons   []reason
	Clashes   []attendance.Clash
	In        int // children
	Silent    int // children of whom nothing is heard
	Shut      int // children whose school was shut
	Elsewhere int // children of whom nothing was expected
	child.Choices
}

// absence is a child who is not in.
type absence struct {
	attendance.Today
	Code    mark.Code
	Session mark.Session
}

// unheard is a school that has said nothing of some children.
type unheard struct {
	SettingID int64
	School    string
	Children  []attendance.Named
}

// reason is a child's days marked N at a school, from the first on.
type reason struct {
	attendance.Unexplained
	Days []calendar.Date
	Due  calendar.Date // the last of the five school days after the first; zero: not known
	Late bool
}

// absentOn is the days in words: "9, 10 and 13 November".
func (r reason) absentOn() string {
	words := ""
	for i, day := range r.Days {
		last := i == len(r.Days)-1
		switch {
		case i == 0:
		case last:
			words += " and "
		default:
			words += ", "
		}
		words += strconv.Itoa(day.Day)
		if last || r.Days[i+1].Month != day.Month {
			words += " " + day.Month.String()
		}
	}
	return words
}

// today is the page of a day.
func (p *Pages) today(w http.ResponseWriter, r *http.Request) error {
	actor := kit.Actor(r)
	v := todayView{Actor: actor, Today: p.Kit.Today(), Filters: kit.FiltersOf(todayPath, r.URL.Query(), "day", "advisor", "school")}
	asked, err := calendar.Parse(v.Filters.Get("day"))
	if err != nil || asked.After(v.Today) || calendar.AcademicYear(asked) < attendance.OldestYear {
		asked = v.Today
	}
	rules, err := p.Rules(r.Context())
	if err != nil {
		return err
	}
	v.choose(asked, rules.Calendar.SchoolDays())
	var all []attendance.Today
	var unexplained []attendance.Unexplained
	var calendars setting.Calendars
	var batch postgres.Batch
	attendance.QueueToday(&batch, &all, actor, v.Day)
	attendance.QueueUnexplained(&batch, &unexplained, v.Today.AddDays(-askedBack))
	if access.Can(actor, access.MakeCalls) {
		attendance.QueueClashes(&batch, &v.Clashes, v.Today.AddDays(-askedBack))
	}
	setting.QueueAllCalendars(&batch, &calendars)
	child.QueueChoices(&batch, &v.Choices, actor)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	expected := attendance.NewExpectation(calendars.BySetting())
	shown := v.sort(all, expected)
	v.explain(unexplained, shown, expected)
	v.Clashes = slices.DeleteFunc(v.Clashes, func(c attendance.Clash) bool { return !shown[c.ID] })
	if err := p.Kit.Looked(r, "attendance of the day", v.named()); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Attendance", Wide: true}, todayPage(v))
}

// choose is the day shown: the one asked for, or the last day on which the council's schools were open.
func (v *todayView) choose(asked calendar.Date, days calendar.SchoolDays) {
	v.Day = asked
	if v.Filters.Get("day") == "" && !days.IsSchoolDay(asked) {
		v.Day = cmp.Or(openDay(days, asked, -1), asked)
	}
	v.Before = cmp.Or(openDay(days, v.Day, -1), v.Day.AddDays(-1))
	if after := openDay(days, v.Day, 1); !after.IsZero() && !after.After(v.Today) {
		v.After = after
	}
}

// openDay is the nearest school day before or after a day; zero where term dates are not known.
func openDay(days calendar.SchoolDays, day calendar.Date, step int) calendar.Date {
	for range 70 { // more than the longest holiday
		if day = day.AddDays(step); days.IsSchoolDay(day) {
			return day
		}
	}
	return calendar.Date{}
}

// over says whether the day shown is past.
func (v todayView) over() bool { return v.Day.Before(v.Today) }

// sort puts the children of the day where they are. It returns whose pages the filters take.
func (v *todayView) sort(all []attendance.Today, expected attendance.Expectation) map[int64]bool {
	advisor, school := child.ParseID(v.Filters.Get("advisor")), child.ParseID(v.Filters.Get("school"))
	shown := map[int64]bool{}
	at := map[int64]attendance.Whereabouts{} // the best that is known of a child with two schools
	for _, one := range all {
		if advisor != 0 && one.AdvisorID != advisor || school != 0 && one.SettingID != school {
			continue
		}
		shown[one.ID] = true
		standing, code, session := one.Whereabouts(v.Day, v.over(), expected)
		if before, twice := at[one.ID]; !twice || standing < before {
			at[one.ID] = standing
		}
		switch standing {
		case attendance.NotIn:
			v.Absent = append(v.Absent, absence{one, code, session})
		case attendance.NotHeard:
			if n := len(v.Unheard); n == 0 || v.Unheard[n-1].SettingID != one.SettingID {
				v.Unheard = append(v.Unheard, unheard{SettingID: one.SettingID, School: one.School})
			}
			last := &v.Unheard[len(v.Unheard)-1]
			last.Children = append(last.Children, one.Named)
		}
	}
	for _, standing := range at {
		switch standing {
		case attendance.InSchool:
			v.In++
		case attendance.NotHeard:
			v.Silent++
		case attendance.SchoolShut:
			v.Shut++
		case attendance.NotExpected:
			v.Elsewhere++
		}
	}
	slices.SortStableFunc(v.Absent, func(a, b absence) int { return cmp.Compare(a.urgency(v.Day), b.urgency(v.Day)) })
	return shown
}

// urgency puts the absences that somebody should ask about first.
func (a absence) urgency(day calendar.Date) int {
	class, _ := mark.National.Class(a.Code, day, a.Session)
	switch {
	case a.Code == mark.Unknown:
		return 0
	case class == mark.Unauthorised:
		return 1
	case a.Code == mark.Suspended:
		return 2
	}
	return 3
}

// explain keeps the reasons still to be found of the children shown, a line for each child and school, and says by when (R23).
func (v *todayView) explain(all []attendance.Unexplained, shown map[int64]bool, expected attendance.Expectation) {
	for _, one := range all {
		if !shown[one.ID] || one.Day == v.Today {
			continue
		}
		if i := slices.IndexFunc(v.Reasons, func(r reason) bool { return r.ID == one.ID && r.SettingID == one.SettingID }); i >= 0 {
			if r := &v.Reasons[i]; r.Days[len(r.Days)-1] != one.Day {
				r.Days = append(r.Days, one.Day)
			}
			continue
		}
		due, late := expected.Stale(one.SettingID, one.Day, v.Today)
		v.Reasons = append(v.Reasons, reason{one, []calendar.Date{one.Day}, due, late})
	}
}

// named are the children whose names the page shows.
func (v todayView) named() (ids []int64) {
	for _, one := range v.Absent {
		ids = append(ids, one.ID)
	}
	for _, school := range v.Unheard {
		for _, one := range school.Children {
			ids = append(ids, one.ID)
		}
	}
	for _, one := range v.Reasons[:min(mostLines, len(v.Reasons))] {
		ids = append(ids, one.ID)
	}
	for _, one := range v.Clashes[:min(mostLines, len(v.Clashes))] {
		ids = append(ids, one.ID)
	}
	return ids
}

func (v todayView) tiles() []ui.Stat {
	known := v.In + len(v.Absent)
	in := ui.Stat{Label: "In school", Value: ui.Thousands(v.In), Detail: fmt.Sprintf("of %s who are marked", ui.Plural(known, "child", "children"))}
	away := ui.Stat{Label: "Not in school", Value: ui.Thousands(len(v.Absent)), Detail: "with the reason the school gives", Href: "#away"}
	if len(v.Absent) > 0 {
		away.Kind = ui.Red
	}
	silent := ui.Stat{Label: "Not heard from", Value: ui.Thousands(v.Silent), Detail: "at " + ui.Plural(len(v.Unheard), "school", "schools"), Href: "#unheard"}
	if v.Silent > 0 {
		silent.Kind = ui.Orange
	}
	late := 0
	for _, one := range v.Reasons {
		if one.Late {
			late++
		}
	}
	reasons := ui.Stat{Label: "Reason still to be found", Value: ui.Thousands(len(v.Reasons)), Detail: fmt.Sprintf("children; of %d for more than five school days", late), Href: "#reasons"}
	if late > 0 {
		reasons.Kind = ui.Orange
	}
	return []ui.Stat{in, away, silent, reasons}
}

// lead says which day it is, and why it is not today.
func (v todayView) lead() string {
	switch {
	case v.Day == v.Today:
		return "Who is not in school now, and of whom nothing is heard yet."
	case v.Filters.Get("day") == "":
		return "The schools are shut today. This is the last school day."
	}
	return "Who was not in school, and of whom nothing was heard."
}

func (v todayView) href(day calendar.Date) string {
	if day == v.Today {
		return v.Filters.With("day", "")
	}
	return v.Filters.With("day", day.String())
}

// area are the pages about the attendance of many.
func area(actor access.Actor, current string) ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Attendance"}
	for _, place := range []struct {
		text, href string
		action     access.Action
	}{{"Today", todayPath, access.SeeAttendance}, {"Figures", cohortPath, access.CompareAttendance}, {"Phone round", callsPath, access.MakeCalls}, {"Register of the week", registerPath, access.RecordAttendance}} {
		if access.Can(actor, place.action) && (place.href != registerPath || !access.Can(actor, access.MakeCalls)) {
			props.Items = append(props.Items, ui.NavItem{Text: place.text, Href: place.href, Current: place.href == current})
		}
	}
	return props
}

// registerHref is where a school's marks of the day are typed.
func (v todayView) registerHref(settingID int64) string {
	return registerPath + "?" + url.Values{"setting": {fmt.Sprint(settingID)}, "week": {v.Day.Monday().String()}}.Encode()
}
