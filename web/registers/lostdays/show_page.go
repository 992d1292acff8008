package lostdays

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/lost"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip     ui.IdentityStripProps
	Actor     access.Actor
	Child     string // the child's page
	Today     calendar.Date
	Period    period
	Sums      lost.Sums
	Months    []lost.Month
	Stretches []lost.Stretch
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	view := showView{Actor: kit.Actor(r), Child: childPath(kit.ChildID(r)), Today: p.Kit.Today()}
	view.Period = periodOf(r, view.Today)
	var facts lost.Facts
	var council setting.Calendar
	var batch postgres.Batch
	setting.QueueCalendar(&batch, &council, p.Kit.Site.AuthorityCode, 0)
	lost.Queue(&batch, &facts, kit.ChildID(r), view.Period.From, view.Period.To)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "days of education lost", &batch); err != nil {
		return err
	}
	counter := facts.Counter(council)
	for _, row := range facts.Rows {
		sessions := counter.Count(row, view.Period.From, view.Period.To)
		view.Sums, view.Months, view.Stretches = lost.SumOf(sessions), lost.MonthsOf(sessions, view.Period.From, view.Period.To), lost.StretchesOf(sessions)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Days of education lost", Back: view.Strip.Href, Wide: true}, showPage(view))
}

func (v showView) lead() string {
	if v.Sums.All == 0 {
		return "No day of education was lost in " + v.Period.label() + ", as far as is known."
	}
	return fmt.Sprintf("%s lost in %s, most of it to: %s.", v.Sums.All.Days(), v.Period.label(), lower(v.Sums.Main().Name()))
}

// yearLinks lead to the other academic years.
func (v showView) yearLinks() ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Academic years"}
	now := calendar.AcademicYear(v.Today)
	for year := now; year > now-years; year-- {
		href := v.Child + "/lost"
		if year != now {
			href += fmt.Sprintf("?year=%d", year)
		}
		props.Items = append(props.Items, ui.NavItem{Text: calendar.AcademicYearLabel(year), Href: href, Current: year == v.Period.Year})
	}
	return props
}

// causes are the causes with something lost, each with who mends it and where.
func (v showView) causes() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range lost.Causes {
		sessions := v.Sums.By[one.Cause]
		if sessions == 0 {
			continue
		}
		rows = append(rows, []templ.Component{ui.Text(one.Name), ui.Text(sessions.Days()), ui.Text(fmt.Sprint(int(sessions))), ui.Text(one.Owner), v.mend(one.Name, one.Path)})
	}
	return rows
}

func (v showView) mend(name, path string) templ.Component {
	return ui.Anchor(ui.Link{Text: "See and mend", Hidden: ": " + lower(name), Href: v.Child + path})
}

func (v showView) foot() []templ.Component {
	return []templ.Component{ui.Text("Together"), ui.Text(v.Sums.All.Days()), ui.Text(fmt.Sprint(int(v.Sums.All))), ui.Text(""), ui.Text("")}
}

// picture is the months, each made of its causes.
func (v showView) picture() chart.Chart {
	stacked := chart.Stacked{Of: "Month"}
	for _, one := range lost.Causes {
		if v.Sums.By[one.Cause] > 0 {
			stacked.Parts = append(stacked.Parts, one.Name)
		}
	}
	for _, month := range v.Months {
		item := chart.StackedItem{Label: fmt.Sprintf("%s %d", month.First.Month.String()[:3], month.First.Year)}
		for _, one := range lost.Causes {
			if v.Sums.By[one.Cause] > 0 {
				item.Points = append(item.Points, chart.Point{Value: float64(month.By[one.Cause]) / 2, Text: number(month.By[one.Cause])})
			}
		}
		stacked.Items = append(stacked.Items, item)
	}
	return stacked
}

// number is the days without the word: "2.5".
func number(s lost.Sessions) string {
	if s%2 == 0 {
		return fmt.Sprint(int(s / 2))
	}
	return fmt.Sprintf("%d.5", int(s/2))
}

func (v showView) stretches() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Stretches {
		until := one.To.Short()
		if one.To == v.Today {
			until = "today, and goes on"
		}
		how := "By the record"
		switch one.Estimated {
		case 0:
		case one.Sessions:
			how = "Estimated from hours a week"
		default:
			how = ui.Plural(int(one.Estimated), "session is", "sessions are") + " estimated from hours a week"
		}
		rows = append(rows, []templ.Component{ui.Time(ui.TimeProps{Machine: one.From.String(), Text: one.From.Short()}), ui.Text(until), ui.Text(one.Cause.Name()), ui.Text(one.Sessions.Days()), ui.Text(how)})
	}
	return rows
}
