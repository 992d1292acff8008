package caseload

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/printing"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const printsPath = "/peps/prints"

func printPath(runID int64) string { return fmt.Sprintf("%s/%d", printsPath, runID) }

// printsView is a person's own runs.
type printsView struct {
	Runs      []printing.Run
	Forms     []forms.Form // the newest of each
	Available bool
}

func (p *Pages) prints(w http.ResponseWriter, r *http.Request) error {
	v := printsView{Forms: p.PEPs.Forms.Newest(), Available: p.Kit.PDF.Available()}
	var batch postgres.Batch
	printing.QueueRuns(&batch, &v.Runs, kit.Actor(r))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Printed plans", Trail: []ui.Link{{Text: "PEPs", Href: "/peps"}}}, printsPage(v))
}

// The ways to choose which plans are printed.
const (
	byCaseload = "caseload"
	byList     = "list"
)

// chooseView is which plans can be printed, with how many there are.
type chooseView struct {
	Form           *kit.Form
	Filters        kit.Filters
	Words          string // what the list was narrowed to; empty: everything
	Caseload, List []pep.Ref
	Without        int // children on the list who have no plan to print
	Trouble        string
}

// choose reads the plans of the person's caseload and of the list as its filters stand.
func (p *Pages) choose(ctx context.Context, actor access.Actor, query url.Values) (chooseView, error) {
	list, err := p.find(ctx, actor, query)
	if err != nil {
		return chooseView{}, err
	}
	everything, err := p.find(ctx, actor, url.Values{})
	if err != nil {
		return chooseView{}, err
	}
	v := chooseView{Filters: list.Filters, List: list.plansOf(list.All), Words: list.narrowing()}
	v.Without = len(list.All) - len(v.List)
	var own []row
	for _, one := range everything.All {
		if !actor.WholeCohort() || one.AdvisorID == actor.ID {
			own = append(own, one)
		}
	}
	v.Caseload = everything.plansOf(own)
	return v, nil
}

// plansOf are the plans of those children who have one, by name: the plan the list shows, or where that
// shows what is still to come and no term was asked for, the newest.
func (v listView) plansOf(rows []row) []pep.Ref {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.Surname, b.Surname), cmp.Compare(a.Forename, b.Forename), cmp.Compare(a.ChildID, b.ChildID))
	})
	var refs []pep.Ref
	for _, one := range rows {
		plan := one.Plan
		if plan.ID == 0 && v.Filters.Get("term") == "" && len(one.Plans) > 0 {
			plan = one.Plans[0]
		}
		if plan.ID != 0 {
			refs = append(refs, pep.Ref{ChildID: one.ChildID, PEPID: plan.ID})
		}
	}
	return refs
}

// narrowing is the filters of the list in words, or nothing.
func (v listView) narrowing() string {
	var words []string
	for _, filter := range v.selected() {
		words = append(words, filter.Name+": "+filter.Text)
	}
	return strings.Join(words, ", ")
}

// choices are what the form offers. Where the list is the caseload, there is one.
func (v chooseView) choices() []ui.Choice {
	var choices []ui.Choice
	if len(v.Caseload) > 0 {
		choices = append(choices, ui.Choice{Value: byCaseload, Text: "My caseload: " + planCount(len(v.Caseload))})
	}
	if len(v.List) > 0 && (v.Words != "" || len(v.List) != len(v.Caseload)) {
		choice := ui.Choice{Value: byList, Text: "Everybody I work with: " + planCount(len(v.List))}
		if v.Words != "" {
			choice.Text, choice.Hint = "The list as I narrowed it: "+planCount(len(v.List)), v.Words
		}
		choices = append(choices, choice)
	}
	return choices
}

func planCount(n int) string { return ui.Plural(n, "plan", "plans") }

func (p *Pages) newPrint(w http.ResponseWriter, r *http.Request) error {
	return p.showNewPrint(w, r, r.URL.Query(), nil, "")
}

func (p *Pages) showNewPrint(w http.ResponseWriter, r *http.Request, query url.Values, form *kit.Form, trouble string) error {
	v, err := p.choose(r.Context(), kit.Actor(r), query)
	if err != nil {
		return err
	}
	v.Form, v.Trouble = form, trouble
	if form == nil {
		which := byCaseload
		if v.Words != "" || len(v.Caseload) == 0 {
			which = byList
		}
		v.Form = kit.NewForm(map[string]string{"which": which, "filters": v.Filters.Encode()})
	}
	page := kit.Page{Title: "Print plans", Form: v.Form, Trail: []ui.Link{{Text: "PEPs", Href: v.Filters.Href()}}}
	if trouble != "" {
		page.Status = http.StatusConflict
	}
	return p.Kit.Show(w, r, page, newPrintPage(v, p.Kit.PDF.Available()))
}

func (p *Pages) startPrint(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	query, err := url.ParseQuery(form.Value("filters"))
	if err != nil {
		query = url.Values{}
	}
	which := form.Choice("which", "Which plans to print", byCaseload, byList)
	if form.Err() != nil {
		return p.showNewPrint(w, r, query, form, "")
	}
	v, err := p.choose(r.Context(), kit.Actor(r), query)
	if err != nil {
		return err
	}
	refs, words := v.Caseload, "My caseload"
	if which == byList {
		refs, words = v.List, cmp.Or(v.Words, "Everybody I work with")
	}
	id, err := p.Prints.Start(r.Context(), kit.Actor(r), words, refs)
	switch kind, _ := fault.KindOf(err); {
	case err == nil:
		return p.Kit.Done(w, r, printPath(id), "The plans are being printed. You can leave this page and come back.")
	case kind == fault.KindConflict || kind == fault.KindUnavailable:
		form.Renew()
		return p.showNewPrint(w, r, query, form, fault.Words(err))
	case form.Refuses(err):
		return p.showNewPrint(w, r, query, form, "")
	}
	return err
}

// printView is one run with the files that can be fetched.
type printView struct {
	Run   printing.Run
	Files []printing.File
	Today calendar.Date
	Form  *kit.Form
}

// printRefresh is how soon, in seconds, the page of a run under way loads itself again.
const printRefresh = "3"

func (p *Pages) printRun(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "runID")
	if err != nil {
		return err
	}
	v := printView{Today: p.Kit.Today(), Form: kit.NewForm(nil)}
	var batch postgres.Batch
	printing.QueueRun(&batch, &v.Run, &v.Files, kit.Actor(r), id)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if v.Run.State.UnderWay() {
		w.Header().Set("Refresh", printRefresh)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Printed plans", Trail: []ui.Link{{Text: "PEPs", Href: "/peps"}, {Text: "Printed plans", Href: printsPath}}}, printRunPage(v))
}

func (p *Pages) printFile(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "runID")
	if err != nil {
		return err
	}
	number, err := kit.PathID(r, "file")
	if err != nil {
		return err
	}
	content, err := p.Prints.Fetch(r.Context(), kit.Actor(r), id, int(number))
	if err != nil {
		return err
	}
	return p.Kit.Send(w, r, "application/pdf", "plans-"+strconv.FormatInt(id, 10)+"-"+strconv.FormatInt(number, 10)+".pdf", content)
}

func (p *Pages) deletePrint(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "runID")
	if err != nil {
		return err
	}
	if err := p.Prints.Delete(r.Context(), kit.Actor(r), id); err != nil {
		return err
	}
	return p.Kit.Done(w, r, printsPath, "The printed plans are deleted.")
}

// withheld are the files that were made and cannot be fetched any more.
func (v printView) withheld() int { return v.Run.Files - len(v.Files) }

func runTag(state printing.State) ui.TagProps {
	return map[printing.State]ui.TagProps{
		printing.Waiting:  {Text: "Waiting", Kind: ui.Grey},
		printing.Printing: {Text: "Being printed", Kind: ui.Blue},
		printing.Done:     {Text: "Ready", Kind: ui.Green},
		printing.Failed:   {Text: "Failed", Kind: ui.Red},
	}[state]
}

// size is a number of bytes as people say it.
func size(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d kB", max(bytes>>10, 1))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}

// printTheseLink leads from the list to printing what is on it.
func printTheseLink(filters kit.Filters) ui.Link {
	link := ui.Link{Text: "Print these plans", Href: printsPath + "/new"}
	if query := filters.Encode(); query != "" {
		link.Href += "?" + query
	}
	return link
}
