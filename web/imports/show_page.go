package imports

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// pageSize is how many lines, and how many problems, one page shows.
const pageSize = 50

// refreshSeconds is how soon a page about running work loads itself again.
const refreshSeconds = "3"

type showView struct {
	Home         string
	Asked        []intake.AskedCode // codes that somebody has to explain
	Import       intake.Import
	Items        []intake.Item
	Tally        intake.ItemTally
	Problems     []intake.Problem
	ProblemTally intake.ProblemTally
	Show         string // the action whose lines are listed; empty: all
	Severity     string // whose problems are listed; empty: all
	Page         int    // of lines, from 1
	ProblemPage  int
	ConfirmKey   string
	DiscardKey   string
	Form         *kit.Form // what the columns hold, where that is asked
}

var (
	actions    = []string{intake.ActionNew, intake.ActionChanged, intake.ActionConflict, intake.ActionRejected}
	severities = []string{"error", "warning", "info"}
)

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.showImport(w, r, kit.NewForm(nil))
}

// showImport shows an import; form is what was said of its columns.
func (p *Pages) showImport(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	importID, err := kit.PathID(r, "importID")
	if err != nil {
		return err
	}
	query := r.URL.Query()
	view := showView{Home: under(r), Show: oneOf(query.Get("show"), actions), Severity: oneOf(query.Get("severity"), severities),
		Page: pageNumber(query.Get("page")), ProblemPage: pageNumber(query.Get("problems")), ConfirmKey: kit.NewKey(), DiscardKey: kit.NewKey(), Form: form}
	lines := intake.ItemFilter{Action: view.Show, Offset: (view.Page - 1) * pageSize, Limit: pageSize}
	problems := intake.ProblemFilter{Severity: view.Severity, Offset: (view.ProblemPage - 1) * pageSize, Limit: pageSize}
	var batch postgres.Batch
	intake.QueueImport(&batch, &view.Import, importID)
	intake.QueueItems(&batch, &view.Items, importID, lines)
	intake.QueueItemTally(&batch, &view.Tally, importID)
	intake.QueueProblems(&batch, &view.Problems, importID, problems)
	intake.QueueProblemTally(&batch, &view.ProblemTally, importID)
	intake.QueueAskedCodes(&batch, &view.Asked, importID)
	intake.QueueLooks(&batch, importID, lines, problems, kit.Actor(r).ID, audit.RequestID(r.Context()))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if view.Import.State.Running() {
		w.Header().Set("Refresh", refreshSeconds)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Import: " + view.Import.Kind.Name(), Wide: true, Form: form,
		Trail: []ui.Link{{Text: listView{Home: view.Home}.title(), Href: view.Home}}}, showPage(view))
}

func oneOf(text string, offered []string) string {
	for _, one := range offered {
		if text == one {
			return one
		}
	}
	return ""
}

func pageNumber(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 100_000 {
		return 1
	}
	return number
}

// columns says what the columns of a file hold.
func (p *Pages) columns(w http.ResponseWriter, r *http.Request) error {
	importID, err := kit.PathID(r, "importID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var said sheet.Columns
	for _, role := range sheet.Roles {
		role.Set(&said, form.Text(role.Name, role.Label, 200))
	}
	if err = form.Err(); err == nil {
		err = p.Intake.SayColumns(r.Context(), kit.Actor(r), importID, said)
	}
	if form.Refuses(err) {
		form.Rename("columns", sheet.Roles[0].Name)
		return p.showImport(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, fmt.Sprintf("%s/%d", under(r), importID), "Remembered. The file is being checked again.")
}

// confirm says that the import may go in.
func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	importID, err := kit.PathID(r, "importID")
	if err != nil {
		return err
	}
	if err := p.Intake.Confirm(r.Context(), kit.Actor(r), importID); err != nil {
		return err
	}
	return p.Kit.Done(w, r, fmt.Sprintf("%s/%d", under(r), importID), "Confirmed. It is being applied, wholly or not at all.")
}

// discard throws the import away.
func (p *Pages) discard(w http.ResponseWriter, r *http.Request) error {
	importID, err := kit.PathID(r, "importID")
	if err != nil {
		return err
	}
	if err := p.Intake.Discard(r.Context(), kit.Actor(r), importID); err != nil {
		return err
	}
	return p.Kit.Done(w, r, under(r), "Discarded. Nothing was changed, and the file is deleted.")
}

// mostExported is above the most problems that are kept of one import.
const mostExported = 100_000

// problems sends every problem as a file to work through. Children it names are audited as looked at.
func (p *Pages) problems(w http.ResponseWriter, r *http.Request) error {
	importID, err := kit.PathID(r, "importID")
	if err != nil {
		return err
	}
	var one intake.Import
	var problems []intake.Problem
	var batch postgres.Batch
	intake.QueueImport(&batch, &one, importID)
	intake.QueueProblems(&batch, &problems, importID, intake.ProblemFilter{Limit: mostExported})
	intake.QueueProblemLooks(&batch, importID, kit.Actor(r).ID, audit.RequestID(r.Context()))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if one.State.Running() {
		return fault.Conflict("The file is still being checked. Come back in a moment.")
	}
	rows := [][]string{{"File", "Line", "Column", "Value", "How bad", "What is wrong and what happens", "About", "Check"}}
	for _, problem := range problems {
		line := ""
		if problem.Line > 0 {
			line = strconv.Itoa(problem.Line)
		}
		rows = append(rows, []string{problem.File, line, problem.Column, problem.Value, severityName(problem.Severity), problem.Text, problem.About, problem.Rule})
	}
	return p.Kit.SendCSV(w, r, fmt.Sprintf("import-%d-problems", importID), rows)
}

func severityName(severity string) string {
	switch severity {
	case "error":
		return "Left out"
	case "warning":
		return "To check"
	}
	return "For information"
}

func severityTag(severity string) ui.TagProps {
	kind := map[string]ui.TagKind{"error": ui.Red, "warning": ui.Orange}[severity]
	if severity == "info" {
		kind = ui.Grey
	}
	return ui.TagProps{Text: severityName(severity), Kind: kind}
}

func actionName(action string) string {
	switch action {
	case intake.ActionNew:
		return "New"
	case intake.ActionChanged:
		return "Changed"
	case intake.ActionConflict:
		return "Conflict"
	}
	return "Rejected"
}

func actionTag(action string) ui.TagProps {
	kind := map[string]ui.TagKind{intake.ActionNew: ui.Green, intake.ActionConflict: ui.Orange, intake.ActionRejected: ui.Red}[action]
	return ui.TagProps{Text: actionName(action), Kind: kind}
}

// lead answers the page's question in one sentence.
func (v showView) lead() string {
	i := v.Import
	switch i.State {
	case intake.Uploaded:
		return "The file has arrived and will be checked in a moment."
	case intake.Checking:
		return "The file is being checked. You may close this page: it goes on without you."
	case intake.Applying:
		return "The import is being applied, wholly or not at all. You may close this page: it goes on without you."
	case intake.Previewed:
		if i.Blocked() {
			return "This is what the file says. Nothing has changed, and nothing can until its wrong lines are put right."
		}
		if !v.brings() {
			return "Everything that can be used in this file is on record already."
		}
		return "This is what would change. Nothing has changed yet."
	case intake.Asking:
		return "The file needs an answer before it can be checked. Nothing has changed."
	case intake.Applied:
		return "Applied on " + calendar.Moment(*i.AppliedAt) + ", confirmed by " + i.AppliedBy + "."
	case intake.Discarded:
		return "Discarded. Nothing was changed."
	}
	return "The file cannot be used. Nothing was changed."
}

// brings says whether confirming would do anything.
func (v showView) brings() bool {
	return !v.Import.Blocked() && v.Import.New+v.Import.Changed+v.Import.Conflict > 0
}

// counted says whether the figures mean something yet.
func (v showView) counted() bool {
	return v.Import.State == intake.Previewed || v.Import.State == intake.Applying || v.Import.State == intake.Applied
}

// progress is how far the work has come, in words.
func (v showView) progress() string {
	i := v.Import
	switch {
	case i.Done == 0:
		return "Not begun yet"
	case i.Total > i.Done:
		return fmt.Sprintf("%s of about %s rows read", ui.Thousands(i.Done), ui.Thousands(i.Total))
	}
	return ui.Thousands(i.Done) + " rows read"
}

// hidden is how many lines are about children of whom the person may not know.
func (v showView) hidden() int {
	i := v.Import
	if i.Kind.OfMarks() {
		return 0 // counted in marks; its sender reaches only children they may see, whom another may not: those are not listed
	}
	return i.New + i.Changed + i.Conflict + i.Rejected - v.Tally.New - v.Tally.Changed - v.Tally.Conflict - v.Tally.Rejected
}

// subject is what the figures count.
func (v showView) subject() string {
	switch v.Import.Kind {
	case intake.Return, intake.Census:
		return "children"
	case intake.RollFile:
		return "rows"
	case intake.Marks, intake.Collected:
		return "marks"
	}
	return "schools and links"
}

func (v showView) tiles() []ui.Stat {
	i := v.Import
	return []ui.Stat{
		{Label: "New", Value: ui.Thousands(i.New), Detail: v.subject(), Href: v.href("show", intake.ActionNew, "lines")},
		{Label: "Changed", Value: ui.Thousands(i.Changed), Detail: v.subject(), Href: v.href("show", intake.ActionChanged, "lines")},
		{Label: "Same", Value: ui.Thousands(i.Same), Detail: "nothing to do", Kind: ui.Grey},
		{Label: "Conflict", Value: ui.Thousands(i.Conflict), Detail: "for a person to settle", Href: v.href("show", intake.ActionConflict, "lines"), Kind: kindIf(i.Conflict, ui.Orange)},
		{Label: "Rejected", Value: ui.Thousands(i.Rejected), Detail: "left out", Href: v.href("show", intake.ActionRejected, "lines"), Kind: kindIf(i.Rejected, ui.Red)},
	}
}

func kindIf(n int, kind ui.TagKind) ui.TagKind {
	if n == 0 {
		return ui.Grey
	}
	return kind
}

func (v showView) path() string { return fmt.Sprintf("%s/%d", v.Home, v.Import.ID) }

// href is this page with one thing changed, at an anchor. Choosing other lines begins at their first page.
func (v showView) href(name, value, anchor string) string {
	query := url.Values{}
	set := func(key, is string, unless string) {
		if is != unless {
			query.Set(key, is)
		}
	}
	set("show", v.Show, "")
	set("severity", v.Severity, "")
	set("page", strconv.Itoa(v.Page), "1")
	set("problems", strconv.Itoa(v.ProblemPage), "1")
	switch name {
	case "show":
		query.Del("page")
	case "severity":
		query.Del("problems")
	}
	query.Del(name)
	if value != "" && value != "1" {
		query.Set(name, value)
	}
	address := v.path()
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address + "#" + anchor
}

func (v showView) itemTabs() []ui.NavItem {
	t := v.Tally
	counts := map[string]int{"": t.New + t.Changed + t.Conflict + t.Rejected, intake.ActionNew: t.New, intake.ActionChanged: t.Changed, intake.ActionConflict: t.Conflict, intake.ActionRejected: t.Rejected}
	tabs := []ui.NavItem{{Text: "All", Href: v.href("show", "", "lines"), Current: v.Show == "", Count: counts[""]}}
	for _, action := range actions {
		tabs = append(tabs, ui.NavItem{Text: actionName(action), Href: v.href("show", action, "lines"), Current: v.Show == action, Count: counts[action]})
	}
	return tabs
}

func (v showView) problemTabs() []ui.NavItem {
	t := v.ProblemTally
	counts := map[string]int{"error": t.Errors, "warning": t.Warnings, "info": t.Infos}
	tabs := []ui.NavItem{{Text: "All", Href: v.href("severity", "", "problems"), Current: v.Severity == "", Count: t.Errors + t.Warnings + t.Infos}}
	for _, severity := range severities {
		tabs = append(tabs, ui.NavItem{Text: severityName(severity), Href: v.href("severity", severity, "problems"), Current: v.Severity == severity, Count: counts[severity]})
	}
	return tabs
}

// pages are the links to either side of a page of a list.
func (v showView) pages(name, anchor string, page, shown int, tabs []ui.NavItem) ui.PaginationProps {
	total := 0
	for _, tab := range tabs {
		if tab.Current {
			total = tab.Count
		}
	}
	props := ui.PaginationProps{Label: "Pages of " + anchor}
	if shown > 0 {
		first := (page-1)*pageSize + 1
		props.Summary = fmt.Sprintf("Showing %s to %s of %s", ui.Thousands(first), ui.Thousands(first+shown-1), ui.Thousands(total))
	}
	if page > 1 {
		props.Previous = v.href(name, strconv.Itoa(page-1), anchor)
	}
	if page*pageSize < total {
		props.Next = v.href(name, strconv.Itoa(page+1), anchor)
	}
	return props
}

// told are the changes of a line, each in words.
func told(item intake.Item) []string {
	var words []string
	if item.Words != "" {
		words = append(words, item.Words)
	}
	for _, change := range item.Differences() {
		switch {
		case change.Before == "":
			words = append(words, change.What+": "+change.After)
		case change.After == "":
			words = append(words, change.What+": "+change.Before+" goes")
		default:
			words = append(words, change.What+": "+change.Before+" → "+change.After)
		}
	}
	return words
}
