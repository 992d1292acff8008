package lostdays

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/lost"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/registers/area"
	"virtualschool/web/ui"
)

// line is a child who lost something.
type line struct {
	lost.Row
	lost.Sums
	Last calendar.Date // the last day of which something was lost
}

type registerView struct {
	Actor    access.Actor
	Today    calendar.Date
	Period   period
	Filters  kit.Filters
	Lines    []line
	Page     int
	Children int       // who lost something, however the list is filtered
	Sums     lost.Sums // of all of them
}

// pageSize is how many children a page of the list has.
const pageSize = 50

func (p *Pages) register(w http.ResponseWriter, r *http.Request) error {
	view, err := p.read(r)
	if err != nil {
		return err
	}
	if err := p.Kit.Looked(r, "days of education lost, all children", ids(view.shown())); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Days of education lost", Wide: true}, registerPage(view))
}

func ids(lines []line) []int64 {
	var list []int64
	for _, one := range lines {
		list = append(list, one.ChildID)
	}
	return list
}

// read counts for every child, and keeps those whom the address asks for, whoever lost most first.
func (p *Pages) read(r *http.Request) (registerView, error) {
	v := registerView{Actor: kit.Actor(r), Today: p.Kit.Today(), Filters: kit.FiltersOf(registerPath, r.URL.Query(), "cause", "going", "year", "page")}
	v.Period, v.Page = periodOf(r, v.Today), 1
	var facts lost.Facts
	var council setting.Calendar
	var batch postgres.Batch
	setting.QueueCalendar(&batch, &council, p.Kit.Site.AuthorityCode, 0)
	lost.Queue(&batch, &facts, 0, v.Period.From, v.Period.To)
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return v, err
	}
	counter := facts.Counter(council)
	v.Sums.By = map[lost.Cause]lost.Sessions{}
	cause := lost.Cause(v.Filters.Get("cause"))
	for _, row := range facts.Rows {
		gone := counter.Count(row, v.Period.From, v.Period.To)
		if len(gone) == 0 {
			continue
		}
		one := line{Row: row, Sums: lost.SumOf(gone), Last: gone[len(gone)-1].Day}
		v.Children++
		v.Sums.All += one.All
		for cause, sessions := range one.By {
			v.Sums.By[cause] += sessions
		}
		if cause.Name() != "" && one.By[cause] == 0 || v.Filters.Get("going") != "" && one.Last.Before(v.Today.AddDays(-goingDays)) {
			continue
		}
		v.Lines = append(v.Lines, one)
	}
	slices.SortStableFunc(v.Lines, func(a, b line) int {
		if cause.Name() != "" {
			return cmp.Compare(b.By[cause], a.By[cause])
		}
		return cmp.Compare(b.All, a.All)
	})
	if page, err := strconv.Atoi(v.Filters.Get("page")); err == nil && page > 1 && (page-1)*pageSize < len(v.Lines) {
		v.Page = page
	}
	return v, nil
}

// goingDays is how lately something was lost that still goes on: over a weekend and a holiday.
const goingDays = 7

// shown are the lines of the page asked for.
func (v registerView) shown() []line {
	first := (v.Page - 1) * pageSize
	return v.Lines[first:min(len(v.Lines), first+pageSize)]
}

func (p *Pages) download(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		view, err := p.read(r)
		if err != nil {
			return err
		}
		if err := p.Kit.Looked(r, "days of education lost downloaded", ids(view.Lines)); err != nil {
			return err
		}
		return p.Kit.SendTable(w, r, format, "days-of-education-lost", view.file())
	}
}

func (v registerView) file() export.Table {
	table := export.Table{Name: "Days lost " + strings.ReplaceAll(v.Period.label(), "/", "-"), Heads: []string{"903 identifier", "Child", "School", "Advisor", "Sessions lost", "Days lost"}}
	for _, one := range lost.Causes {
		table.Heads = append(table.Heads, one.Name+", sessions")
	}
	table.Heads = append(table.Heads, "Of all, estimated", "Last on")
	for _, one := range v.Lines {
		cells := []export.Cell{export.Text(one.LAChildID), export.Text(one.Child()), export.Text(one.School), export.Text(one.Advisor), export.Number(int(one.All)), export.Text(number(one.All))}
		for _, cause := range lost.Causes {
			cells = append(cells, export.Number(int(one.By[cause.Cause])))
		}
		table.Add(append(cells, export.Number(int(one.Estimated)), export.Day(one.Last))...)
	}
	return table
}

func (v registerView) lead() string {
	if v.Children == 0 {
		return "No child lost a day of education in " + v.Period.label() + ", as far as is known."
	}
	return fmt.Sprintf("%s of education lost by %s in %s.", v.Sums.All.Days(), ui.Plural(v.Children, "child", "children"), v.Period.label())
}

func (v registerView) results() ui.ResultsProps {
	props := ui.ResultsProps{Text: ui.Plural(len(v.Lines), "child", "children")}
	if len(v.Lines) > 0 {
		props.Actions = area.Downloads(v.Actor, registerPath, v.Filters)
	}
	return props
}

func causeOptions() []ui.Option {
	var options []ui.Option
	for _, one := range lost.Causes {
		options = append(options, ui.Option{Value: string(one.Cause), Text: one.Name})
	}
	return options
}

func goingOptions() []ui.Option {
	return []ui.Option{{Value: "yes", Text: "Something lost in the last seven days"}}
}

func (v registerView) yearOptions() []ui.Option {
	var options []ui.Option
	for year := calendar.AcademicYear(v.Today); year > calendar.AcademicYear(v.Today)-years; year-- {
		options = append(options, ui.Option{Value: fmt.Sprint(year), Text: calendar.AcademicYearLabel(year)})
	}
	return options
}

func (v registerView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "cause", Label: "Cause", Options: causeOptions()}, kit.Filter{Name: "going", Label: "Show", Options: goingOptions()})
}

// picture is what all children lost, by cause.
func (v registerView) picture() chart.Chart {
	bars := chart.Bars{Of: "Cause", Measure: "Days lost"}
	for _, one := range lost.Causes {
		sessions := v.Sums.By[one.Cause]
		bars.Items = append(bars.Items, chart.Item{Label: one.Name, Point: chart.Point{Value: float64(sessions) / 2, Text: number(sessions)}})
	}
	return bars
}

func (v registerView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.shown() {
		rows = append(rows, []templ.Component{childCell(v, one), schoolCell(one), ui.Text(number(one.All)), ui.Text(one.took()), ui.Time(ui.TimeProps{Machine: one.Last.String(), Text: one.Last.Short()})})
	}
	return rows
}

// took is what took the days: "No school place 45.5, weak provision 2.5".
func (l line) took() string {
	var parts []string
	for _, cause := range lost.Causes {
		if sessions := l.By[cause.Cause]; sessions > 0 {
			name := cause.Name
			if len(parts) > 0 {
				name = lower(name)
			}
			parts = append(parts, name+" "+number(sessions))
		}
	}
	return strings.Join(parts, ", ")
}

// href is a child's own page of the same year.
func (v registerView) href(one line) string {
	path := childPath(one.ChildID) + "/lost"
	if v.Period.Year != calendar.AcademicYear(v.Today) {
		path += fmt.Sprintf("?year=%d", v.Period.Year)
	}
	return path
}

func lower(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToLower(words[:1]) + words[1:]
}
