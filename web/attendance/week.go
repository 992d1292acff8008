package attendance

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/web/ui"
)

// weekRow is a day at a school, as the marks of a week are shown.
type weekRow struct {
	Day       calendar.Date
	SettingID int64
	School    string
	Marks     attendance.Day
}

// week is the chosen week's days at each school where the child was on roll or has a mark.
func (v showView) week() []weekRow {
	var rows []weekRow
	marks := attendance.Between(v.Days, v.Monday, v.Monday.AddDays(6))
	for day := v.Monday; !day.After(v.Monday.AddDays(6)); day = day.AddDays(1) {
		shown := map[int64]bool{}
		for _, d := range marks {
			if d.Day == day {
				rows = append(rows, weekRow{day, d.SettingID, v.School(d.SettingID), d})
				shown[d.SettingID] = true
			}
		}
		for _, s := range v.Stays {
			on := calendar.Range{Start: s.Starts, End: s.Ends}.Contains(day)
			if on && !shown[s.SettingID] && !day.After(v.Today) && v.child.Expectation.Expects(s.SettingID, day) {
				rows = append(rows, weekRow{Day: day, SettingID: s.SettingID, School: s.School})
				shown[s.SettingID] = true
			}
		}
	}
	return rows
}

// weekTable is the week's marks; a school or a source that is the same on every day is not said again each day.
func (v showView) weekTable(week []weekRow) ui.TableProps {
	table := ui.TableProps{Caption: "Marks of the week, morning and afternoon", HideCaption: true, Stack: true, RowHeaders: true, Columns: []ui.Column{{Text: "Day", NoWrap: true}}}
	schools, sources := v.several(week)
	if schools {
		table.Columns = append(table.Columns, ui.Column{Text: "School"})
	}
	table.Columns = append(table.Columns, ui.Column{Text: "Morning"}, ui.Column{Text: "Afternoon"})
	if sources {
		table.Columns = append(table.Columns, ui.Column{Text: "Where the marks are from"})
	}
	for _, one := range week {
		row := []templ.Component{ui.Time(ui.TimeProps{Machine: one.Day.String(), Text: fmt.Sprintf("%s %d %s", one.Day.Weekday(), one.Day.Day, one.Day.Month)})}
		if schools {
			row = append(row, ui.Text(one.School))
		}
		row = append(row, markCell(one.Marks.AM, one.Day, mark.AM), markCell(one.Marks.PM, one.Day, mark.PM))
		if sources {
			row = append(row, v.fromCell(one))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// several says whether a week has marks of more than one school, and of more than one delivery or none.
func (v showView) several(week []weekRow) (schools, sources bool) {
	for _, one := range week {
		schools = schools || one.SettingID != week[0].SettingID
		sources = sources || one.Marks.AMFrom != week[0].Marks.AMFrom || one.Marks.PMFrom != week[0].Marks.AMFrom || one.Marks.AMFrom == 0
	}
	return schools, sources
}

// origin is the week's one school and one source, where the table does not say them.
func (v showView) origin(week []weekRow) string {
	schools, sources := v.several(week)
	words := ""
	if !schools {
		words = week[0].School + "."
	}
	if !sources {
		from := v.delivered(week[0].Marks.AMFrom)
		words += " " + from.From + ", " + from.When + "."
	}
	return strings.TrimSpace(words)
}

// from is where the marks of a day are from: one delivery, or the morning's and the afternoon's.
func (v showView) from(row weekRow) []ui.SourceProps {
	am, pm := row.Marks.AMFrom, row.Marks.PMFrom
	switch {
	case am == 0 && pm == 0:
		return nil
	case am == pm || pm == 0:
		return []ui.SourceProps{v.delivered(am)}
	case am == 0:
		return []ui.SourceProps{v.delivered(pm)}
	}
	return []ui.SourceProps{v.delivered(am), v.delivered(pm)}
}

func (v showView) delivered(id int) ui.SourceProps {
	for _, d := range v.Deliveries {
		if d.ID == id {
			words := d.Source.Words()
			if d.Label != "" {
				words += " (" + d.Label + ")"
			}
			return ui.SourceProps{From: words + ", " + d.By, When: calendar.Moment(d.At)}
		}
	}
	return ui.SourceProps{From: "Not known"}
}

// correctionWords is what a mark was, and what put it right.
func (v showView) correctionWords(c attendance.Correction) string {
	half := "morning"
	if c.Session == mark.PM {
		half = "afternoon"
	}
	school := ""
	if len(v.Stays) > 1 {
		school = " at " + v.School(c.SettingID)
	}
	return fmt.Sprintf("%s, %s%s: was %s, became %s", c.Day.WordsWithDay(), half, school, codeWords(c.Was, c.Day), codeWords(c.Became, c.Day))
}

func codeWords(code mark.Code, day calendar.Date) string {
	return fmt.Sprintf("%s (%s)", code, mark.National.Name(code, day))
}

// keyHref is where the week's marks are typed.
func (v showView) keyHref(settingID int64) string {
	return fmt.Sprintf("%s?setting=%d&week=%s", registerPath, settingID, v.Monday)
}
