package suspensions

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/export"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 50

// shownYears is how many academic years the list goes back.
const shownYears = 5

var filterNames = []string{"year", "kind", "state", "reason", "school", "advisor", "needs"}

// listed is one line of the list.
type listed struct {
	suspension.Waiting
	Needs []suspension.Need
}

func (l listed) name() string {
	return child.DisplayName(l.PreferredName, l.Forename, l.Surname, l.LAChildID)
}

func (l listed) href() string {
	return fmt.Sprintf("/children/%d/suspensions/%d", l.ChildID, l.ID)
}

type listView struct {
	Actor   access.Actor
	Today   calendar.Date
	Year    int
	Filters kit.Filters
	All     []listed // of every page
	Rows    []listed
	Totals  suspension.Totals // of all that the filters found
	Pages   ui.PaginationProps
	child.Choices
}

// find reads a year's events and keeps those the filters take.
func (p *Pages) find(ctx context.Context, actor access.Actor, query url.Values) (listView, error) {
	v := listView{Actor: actor, Today: p.Kit.Today(), Filters: kit.FiltersOf("/suspensions", query, filterNames...)}
	v.Year = calendar.AcademicYear(v.Today)
	if year, err := strconv.Atoi(v.Filters.Get("year")); err == nil && year <= v.Year && year > v.Year-shownYears {
		v.Year = year
	}
	var events []suspension.Waiting
	var dates setting.Calendar
	var batch postgres.Batch
	suspension.QueueYearOf(&batch, &events, v.Year)
	setting.QueueCalendar(&batch, &dates, p.Kit.Site.AuthorityCode, 0)
	child.QueueChoices(&batch, &v.Choices, actor)
	if err := p.Kit.DB.View(ctx, actor, &batch); err != nil {
		return v, err
	}
	of := map[int64][]suspension.Event{}
	for _, one := range events {
		of[one.ChildID] = append(of[one.ChildID], one.Event)
	}
	filter := suspension.Filter{Kind: suspension.Kind(v.Filters.Get("kind")), State: suspension.State(v.Filters.Get("state")), Reason: v.Filters.Get("reason"),
		SettingID: child.ParseID(v.Filters.Get("school")), AdvisorID: child.ParseID(v.Filters.Get("advisor")), Needs: suspension.Need(v.Filters.Get("needs"))}
	terms, days := dates.TermDates(), dates.SchoolDays()
	var found []suspension.Waiting
	for _, one := range events {
		if needs := suspension.NeedsOf(one, of[one.ChildID], terms, days); filter.Takes(one, needs) {
			v.All, found = append(v.All, listed{one, needs}), append(found, one)
		}
	}
	v.Totals = suspension.TotalsOf(found, days)
	return v, nil
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	v, err := p.find(r.Context(), kit.Actor(r), r.URL.Query())
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = min(max(page, 1), max((len(v.All)+pageSize-1)/pageSize, 1))
	v.Rows = v.All[(page-1)*pageSize : min(page*pageSize, len(v.All))]
	v.Pages = v.Filters.Pages("Pages of suspensions", page, pageSize, len(v.All))
	if err := p.Kit.Looked(r, "list of suspensions", idsOf(v.Rows)); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Suspensions", Wide: true}, listPage(v))
}

func idsOf(rows []listed) (ids []int64) {
	for _, row := range rows {
		if !slices.Contains(ids, row.ChildID) {
			ids = append(ids, row.ChildID)
		}
	}
	return ids
}

// download sends the list as it is filtered, whole. Every child in it is audited as looked at.
func (p *Pages) download(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.find(r.Context(), kit.Actor(r), r.URL.Query())
		if err != nil {
			return err
		}
		if err := p.Kit.Looked(r, "list of suspensions downloaded", idsOf(v.All)); err != nil {
			return err
		}
		return p.Kit.SendTable(w, r, format, "suspensions-"+calendar.AcademicYearLabel(v.Year), v.file())
	}
}

func (v listView) file() export.Table {
	table := export.Table{Name: "Suspensions", Heads: []string{"903 identifier", "Name", "School", "What", "First day", "Half-days", "Days counted", "Reason codes", "Decided", "Virtual School told", "State", "Ended",
		"Full-time education from", "Board meets", "Board decided", "Return meeting", "PEP review", "To note"}}
	for _, one := range v.All {
		var needs []string
		for _, need := range one.Needs {
			needs = append(needs, need.Name())
		}
		table.Add(export.Text(one.LAChildID), export.Text(one.name()), export.Text(one.School), export.Text(one.Kind.Name()), export.Day(one.StartsOn), export.Number(one.Sessions),
			export.Text(one.Counted().Days()), export.Text(strings.Join(one.Reasons, " ")), export.Day(one.DecidedOn), export.Day(one.ToldUsOn), export.Text(one.State.Name()), export.Day(one.EndedOn),
			export.Day(one.FullTimeFrom), export.Day(one.BoardMeetsOn), export.Day(one.BoardDecided), export.Day(one.ReturnMeetingOn), export.Day(one.PEPReviewOn), export.Text(strings.Join(needs, "; ")))
	}
	return table
}

func (v listView) tiles() []ui.Stat {
	t := v.Totals
	late := ui.Stat{Label: "Told late", Value: ui.Thousands(t.Late), Detail: "more than one school day after the decision", Href: v.Filters.With("needs", string(suspension.ToldLate))}
	if t.Late > 0 {
		late.Kind = ui.Orange
	}
	excluded := ui.Stat{Label: "Permanently excluded", Value: ui.Thousands(t.Excluded), Detail: "and not reinstated", Href: v.Filters.With("kind", string(suspension.Exclusion))}
	if t.Excluded > 0 {
		excluded.Kind = ui.Red
	}
	return []ui.Stat{
		{Label: "Suspensions and exclusions " + calendar.AcademicYearLabel(v.Year), Value: ui.Thousands(t.Events), Detail: t.Days.Days() + " of education"},
		{Label: "Children", Value: ui.Thousands(t.Children), Detail: ui.Thousands(t.Repeat) + " of them twice or more"},
		excluded, late,
	}
}

func (v listView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Rows {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: one.name(), Hidden: one.StartsOn.Words(), Href: one.href()}), ui.Text(one.School),
			ui.Time(ui.TimeProps{Machine: one.StartsOn.String(), Text: one.StartsOn.Short()}), whatCell(one.Event, ""), ui.Text(shortLength(one.Event)), ui.Text(reasonNames(one.Reasons)), needTags(one.Needs)})
	}
	return rows
}

// tagFor is a need in the two words that a tag has room for.
func tagFor(need suspension.Need) ui.TagProps {
	texts := map[suspension.Need]string{suspension.NeedsReading: "Not read", suspension.ToldLate: "Told late", suspension.NeedsLessons: "Day 6", suspension.NeedsBoard: "Board to meet", suspension.NoMeeting: "No return", suspension.NoReview: "No review"}
	kinds := map[suspension.Need]ui.TagKind{suspension.NeedsReading: ui.Yellow, suspension.ToldLate: ui.Orange, suspension.NeedsLessons: ui.Red, suspension.NeedsBoard: ui.Purple, suspension.NoMeeting: ui.Grey, suspension.NoReview: ui.Grey}
	return ui.TagProps{Text: texts[need], Kind: kinds[need]}
}

func (v listView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(kit.Filter{Name: "year", Label: "Year", Options: v.years()}, kit.Filter{Name: "kind", Label: "What", Options: kindOptions()},
		kit.Filter{Name: "state", Label: "State", Options: stateOptions()}, kit.Filter{Name: "reason", Label: "Reason", Options: reasonOptions()},
		kit.Filter{Name: "school", Label: "School", Options: choiceOptions(v.Schools)}, kit.Filter{Name: "advisor", Label: "Advisor", Options: choiceOptions(v.Advisors)},
		kit.Filter{Name: "needs", Label: "To note", Options: needOptions()})
}

func (v listView) years() (options []ui.Option) {
	for year := calendar.AcademicYear(v.Today); len(options) < shownYears; year-- {
		options = append(options, ui.Option{Value: strconv.Itoa(year), Text: calendar.AcademicYearLabel(year)})
	}
	return options
}

func kindOptions() (options []ui.Option) {
	for _, one := range suspension.Kinds {
		options = append(options, ui.Option{Value: string(one.Kind), Text: one.Name})
	}
	return options
}

func stateOptions() (options []ui.Option) {
	for _, one := range []suspension.State{suspension.Stands, suspension.Cancelled, suspension.Reinstated} {
		options = append(options, ui.Option{Value: string(one), Text: one.Name()})
	}
	return options
}

func reasonOptions() (options []ui.Option) {
	for _, one := range suspension.Reasons {
		options = append(options, ui.Option{Value: one.Code, Text: one.Name})
	}
	return options
}

func needOptions() (options []ui.Option) {
	for _, one := range suspension.Needs {
		options = append(options, ui.Option{Value: string(one.Need), Text: one.Name})
	}
	return options
}

func choiceOptions(choices []child.Choice) (options []ui.Option) {
	for _, one := range choices {
		options = append(options, ui.Option{Value: strconv.FormatInt(one.ID, 10), Text: one.Name})
	}
	return options
}

// downloads are the list as files, for those who may take it away.
func (v listView) downloads() []ui.Link {
	if !access.Can(v.Actor, access.ExportSuspensions) || len(v.All) == 0 {
		return nil
	}
	var links []ui.Link
	for _, one := range []struct{ ending, text string }{{"xlsx", "Download (Excel)"}, {"csv", "Download (CSV)"}} {
		href := "/suspensions." + one.ending
		if query := v.Filters.Encode(); query != "" {
			href += "?" + query
		}
		links = append(links, ui.Link{Text: one.text, Href: href})
	}
	return links
}

func (v listView) actions() []templ.Component {
	if !access.Can(v.Actor, access.SeeExclusionRisk) {
		return nil
	}
	return []templ.Component{ui.Anchor(ui.Link{Text: "Signs of risk", Href: "/suspensions/risk"})}
}
