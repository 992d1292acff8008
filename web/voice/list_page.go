package voice

import (
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 25

// listView is the wishes of all the reader's children, and how they fare.
type listView struct {
	Today   calendar.Date
	Filters kit.Filters
	Rows    []voice.Listed
	Total   int
	Pages   ui.PaginationProps
	Working calendar.WorkingDays
	Days    int
	Source  string
	Figures voice.Figures
	Terms   []voice.TermFigures
}

// lateOnly is the filter that is not a state but a day: open, and past the days for an answer.
const lateOnly = "late"

func shownOptions() []ui.Option {
	return []ui.Option{{Value: lateOnly, Text: "Answer is late"}, {Value: string(voice.ShownPromised), Text: "Promised, not yet kept"},
		{Value: string(voice.ShownUntold), Text: "Answered, child not told"}, {Value: string(voice.ShownAll), Text: "All wishes"}}
}

// figureYears is how many school years before this one the figures look back.
const figureYears = 1

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	actor, query := kit.Actor(r), r.URL.Query()
	v := listView{Today: p.Kit.Today(), Filters: kit.FiltersOf("/wishes", query, "show")}
	var dates setting.Calendar
	var values policy.Values
	var timings []voice.Timing
	var rules postgres.Batch
	setting.QueueCalendar(&rules, &dates, p.Kit.Site.AuthorityCode, 0)
	policy.Queue(&rules, &values)
	voice.QueueTimings(&rules, &timings, calendar.AcademicYearRange(calendar.AcademicYear(v.Today)-figureYears).Start)
	if err := p.Kit.DB.View(r.Context(), actor, &rules); err != nil {
		return err
	}
	v.Working, v.Days, v.Source = dates.WorkingDays(), values.VoiceAnswerWorkingDays(), values.Source(policy.VoiceAnswerWorkingDays)
	var terms []calendar.Term
	for _, term := range dates.Terms() {
		terms = append(terms, term.Term)
	}
	v.Figures = voice.FiguresOf(timings, v.Working, v.Days, v.Today)
	v.Terms = voice.ByTerm(timings, terms, v.Working, v.Days, v.Today)

	page, _ := strconv.Atoi(query.Get("page"))
	page = max(page, 1)
	filter := voice.Filter{Shown: voice.Shown(v.Filters.Get("show")), Limit: pageSize, Offset: min(page-1, 100_000) * pageSize}
	if v.Filters.Get("show") == lateOnly {
		filter.Shown, filter.SaidBefore = voice.ShownOpen, voice.LateBefore(v.Working, v.Days, v.Today)
	}
	var batch postgres.Batch
	voice.QueueList(&batch, &v.Rows, &v.Total, filter)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	v.Pages = v.Filters.Pages("Pages of wishes", page, pageSize, v.Total)
	// Whoever is named on the page was looked at.
	ids := make([]int64, len(v.Rows))
	for n, row := range v.Rows {
		ids[n] = row.ChildID
	}
	if err := p.Kit.Looked(r, "list of wishes", ids); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Wishes", Wide: true}, listPage(v))
}

func name(row voice.Listed) string {
	return child.DisplayName(row.PreferredName, row.Forename, row.Surname, row.LAChildID)
}

func (v listView) lead() string {
	if v.Figures.Said == 0 {
		return "Nothing has been written down yet of what children asked for."
	}
	return fmt.Sprintf("What children asked for and nobody has answered, the longest waiting first. An answer is due %s after it was said (%s).",
		ui.Plural(v.Days, "working day", "working days"), v.Source)
}

// tiles are how long children wait, over the wishes of this school year and the one before.
func (v listView) tiles() []ui.Stat {
	f := v.Figures
	late := ui.Stat{Label: "Answer is late", Value: ui.Thousands(f.Late), Href: "/wishes?show=" + lateOnly, Kind: ui.Green}
	if f.Late > 0 {
		late.Kind = ui.Red
	}
	median := ui.Stat{Label: "Usual wait", Value: f.Median(), Detail: "working days, median"}
	return []ui.Stat{
		{Label: "Open", Value: ui.Thousands(f.Open), Detail: "of " + ui.Plural(f.Said, "wish", "wishes"), Href: "/wishes"}, late, median,
		{Label: "Answered in time", Value: f.Share(), Detail: fmt.Sprintf("%s of %s", ui.Thousands(f.InTime), ui.Thousands(f.Judged()))},
	}
}

// byTerm is the share answered in time, term by term.
func (v listView) byTerm() chart.Bars {
	bars := chart.Bars{Of: "Term", Measure: "Answered in time", Max: 100}
	for _, term := range v.Terms {
		percent, known := term.Percent()
		label := fmt.Sprintf("%s: %d of %d, median %s days", term.Term.Label(), term.InTime, term.Judged(), term.Median())
		point := chart.Point{Value: float64(percent), Text: term.Share(), None: !known}
		if !known {
			label, point.Text = term.Term.Label(), fmt.Sprintf("%s said, too early to judge", ui.Plural(term.Said, "wish", "wishes"))
		}
		bars.Items = append(bars.Items, chart.Item{Label: label, Point: point})
	}
	return bars
}

func (v listView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "show", Label: "Show", Options: shownOptions()})
}

// stands is how a wish stands, in a tag and a line below it.
func (v listView) stands(wish voice.Wish) (ui.TagProps, string) {
	late := wish.Late(v.Working, v.Days, v.Today)
	answer, answered := wish.Answer()
	switch {
	case wish.State == voice.Withdrawn:
		return ui.TagProps{Text: "Withdrawn", Kind: ui.Grey}, ""
	case !answered:
		tag := ui.TagProps{Text: "Open", Kind: ui.Yellow}
		if late {
			tag = ui.TagProps{Text: "Late", Kind: ui.Red}
		}
		return tag, "due " + wish.Due(v.Working, v.Days).Short()
	case answer.Kind == voice.WillHappen:
		tag := ui.TagProps{Text: "Promised"}
		if late {
			tag = ui.TagProps{Text: "Promise is late", Kind: ui.Red}
		}
		return tag, "for " + answer.HappensBy.Short() + toldNote(answer)
	}
	return ui.TagProps{Text: "Answered", Kind: ui.Green}, answer.On().Short() + toldNote(answer)
}

func toldNote(answer voice.Answer) string {
	if answer.Told() {
		return ""
	}
	return ", child not told yet"
}
