package attendance

import (
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/change"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/web/chart"
	"virtualschool/web/ui"
)

// period is a line of the figures. Reported are the possible sessions of half terms that came without marks.
type period struct {
	attendance.Period
	Reported int
	Part     bool // of the line above
}

// known says how much of the period is known (R24).
func (p period) known() string {
	switch {
	case p.Reported == 0:
		return p.Coverage()
	case p.Received == 0:
		return fmt.Sprintf("%d possible sessions, as reported", p.Reported)
	}
	return fmt.Sprintf("%s, and %d possible as reported", p.Coverage(), p.Reported)
}

// fromRecords is the period from one day to another of the half terms whose figures are kept: those made from
// marks and those only reported.
func (v showView) fromRecords(label string, from, to calendar.Date, takes func(attendance.Record) bool) period {
	p := period{Period: attendance.Period{Label: label, From: from, To: to}}
	for _, record := range v.Records {
		if !takes(record) {
			continue
		}
		p.Tally = p.Plus(attendance.Tally{Figures: record.Figures(), Received: record.Received, Unknown: record.Unknown})
		if !record.FromMarks {
			p.Reported += record.Possible
		}
	}
	// Nobody waits for the marks of what was reported.
	p.Expected = max(p.Received, v.child.Expectation.Sessions(v.child.Stays, from, calendar.Earliest(to, v.Today))-p.Reported)
	return p
}

func (v showView) year(academicYear int, label string) period {
	days := calendar.AcademicYearRange(academicYear)
	return v.fromRecords(label, days.Start, days.LastDay(), func(r attendance.Record) bool { return r.AcademicYear == academicYear })
}

// periods are the lines of the figures: the year, its terms and their halves, then what looks across them.
func (v showView) periods() []period {
	list := []period{v.year(v.Year, "Academic year "+v.label())}
	halfTerms := v.child.HalfTermsOf(v.terms, v.Year)
	for _, term := range v.terms {
		if term.AcademicYear != v.Year || term.Starts.After(v.Today) {
			continue
		}
		halves := attendance.HalvesOf(term.Name)
		list = append(list, v.fromRecords(term.Label(), term.Starts, term.Ends, func(r attendance.Record) bool { return r.AcademicYear == v.Year && slices.Contains(halves, r.HalfTerm) }))
		for _, half := range halfTerms {
			if term.Contains(half.From) {
				line := v.fromRecords(half.Label, half.From, half.To, func(r attendance.Record) bool { return r.AcademicYear == v.Year && r.HalfTerm.Name() == half.Label })
				line.Part = true
				list = append(list, line)
			}
		}
	}
	if v.current() {
		list = append(list, period{Period: v.child.Rolling()})
		if since := v.InCareSince(); v.SeesCare && !since.IsZero() && since.Before(calendar.AcademicYearRange(v.Year).Start) {
			list = append(list, period{Period: v.child.Since("Since coming into care, "+since.Words(), since)})
		}
	}
	if last := v.year(v.Year-1, "Academic year "+calendar.AcademicYearLabel(v.Year-1)); last.Possible > 0 {
		list = append(list, last)
	}
	return list
}

var periodColumns = []ui.Column{{Text: "Time"}, {Text: "Attendance", Numeric: true}, {Text: "Possible sessions", Numeric: true}, {Text: "Authorised absence", Numeric: true},
	{Text: "Unauthorised absence", Numeric: true}, {Text: "No reason yet", Numeric: true}, {Text: "Late", Numeric: true}, {Text: "How much is known"}}

func (v showView) periodRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, p := range v.periods() {
		name := ui.Text(p.Label)
		if p.Part {
			name = part(p.Label)
		}
		rows = append(rows, []templ.Component{name, ui.Text(p.Rate()), ui.Text(fmt.Sprint(p.Possible)), ui.Text(counted(p.Authorised, p.Possible)), ui.Text(counted(p.Unauthorised, p.Possible)),
			ui.Text(fmt.Sprint(p.Unknown)), ui.Text(fmt.Sprint(p.Late)), ui.Text(p.known())})
	}
	return rows
}

// counted is sessions with their share: "8 (6.2%)".
func counted(sessions, possible int) string {
	if sessions == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%s)", sessions, attendance.Share(sessions, possible))
}

func (v showView) tiles() []ui.Stat {
	year := v.year(v.Year, "")
	attended := ui.Stat{Label: "Attendance " + v.label(), Value: year.Rate(), Detail: "of " + ui.Plural(year.Possible, "possible session", "possible sessions")}
	if year.Flag(v.Values.AttendanceMinimumSessions()) != attendance.NoFlag {
		attended.Kind = ui.Red
	}
	missed := ui.Stat{Label: "Missed", Value: ui.Plural(year.Absent(), "session", "sessions"), Detail: fmt.Sprintf("%d authorised, %d unauthorised", year.Authorised, year.Unauthorised)}
	tiles := []ui.Stat{attended, missed}
	if v.current() && v.marked() {
		rolling := v.child.Rolling()
		tiles = append(tiles, ui.Stat{Label: "Last six weeks", Value: rolling.Rate(), Detail: "of " + ui.Plural(rolling.Possible, "possible session", "possible sessions")})
	}
	if year.Received > 0 {
		without := ui.Stat{Label: "Without a mark", Value: ui.Plural(year.Missing(), "session", "sessions"), Detail: year.Coverage() + "; counted as nothing else"}
		if year.Missing() > 0 {
			without.Kind = ui.Orange
		}
		tiles = append(tiles, without)
	}
	return tiles
}

// concernView is a word of concern with what it means; a meaning alone says why there is no word.
type concernView struct {
	Flag    attendance.Flag
	Meaning string
}

func (v showView) concern() concernView {
	minimum := v.Values.AttendanceMinimumSessions()
	f := v.year(v.Year, "").Figures
	switch flag := f.Flag(minimum); {
	case flag == attendance.Persistent:
		return concernView{flag, fmt.Sprintf("%d of %d possible sessions were missed. A tenth or more is what the Department for Education counts as persistent absence.", f.Absent(), f.Possible)}
	case flag == attendance.Severe:
		return concernView{flag, fmt.Sprintf("%d of %d possible sessions were missed. Half or more is what the Department for Education counts as severe absence.", f.Absent(), f.Possible)}
	case f.Possible < minimum:
		return concernView{"", fmt.Sprintf("There are fewer than %d possible sessions, so nothing is said about persistent absence (%s).", minimum, v.Values.Source(policy.AttendanceMinimumSessions))}
	}
	return concernView{}
}

// course is the child's own weeks of this year and the one before, from the care that goes on where that began later.
func (v showView) course() change.Chart {
	from := calendar.AcademicYearRange(v.Year - 1).Start
	if v.current() {
		from = calendar.Latest(from, v.InCareSince())
	}
	var weeks []change.Week
	for _, week := range v.child.Weeks(from, calendar.Earliest(v.Today, calendar.AcademicYearRange(v.Year).LastDay())) {
		weeks = append(weeks, change.Week{Monday: week.From, Possible: week.Possible, Attended: week.Attended})
	}
	return change.Draw(weeks)
}

// recentWeeks is how long a signal is told of at the top: older ones stay in the picture.
const recentWeeks = 6

// signal is what is said about change, and whether it is a signal of late.
func (v showView) signal(c change.Chart) (words string, now bool) {
	latest, now := c.Latest(recentWeeks)
	switch {
	case now:
		return c.Explain(latest), true
	case c.Base == 0:
		return "", false
	case len(c.Signals) > 0:
		return "No sign of a change in the last " + fmt.Sprint(recentWeeks) + " weeks. The last one: " + c.Explain(c.Signals[len(c.Signals)-1]), false
	}
	return "No sign of a change: every week is within what is usual for this child.", false
}

func (v showView) courseFigure(c change.Chart) chart.FigureProps {
	control := chart.Control{Of: "Week of", Measure: "Attendance", Unit: "%", Max: 100, Signals: map[int]bool{}, Mean: c.Mean, Lower: c.Lower}
	for i, week := range c.Weeks {
		control.Labels = append(control.Labels, strings.TrimSuffix(week.Monday.Short(), fmt.Sprintf(" %d", week.Monday.Year)))
		control.Points = append(control.Points, chart.Point{Value: 100 * float64(week.Attended) / float64(week.Possible), Text: fmt.Sprintf("%d of %d", week.Attended, week.Possible)})
		for _, signal := range c.Signals {
			if signal.Week.Monday == week.Monday {
				control.Signals[i] = true
			}
		}
	}
	return chart.FigureProps{ID: "course", Title: "Attendance week by week, " + calendar.AcademicYearLabel(v.Year-1) + " and " + v.label(), Note: c.Basis() + " Weeks with fewer than four possible sessions are left out.", Chart: control}
}
