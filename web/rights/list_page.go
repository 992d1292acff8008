package rights

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// hub leads to what there is of information rights.
func (p *Pages) hub(w http.ResponseWriter, r *http.Request) error {
	places := []ui.Task{
		{Text: "Requests to see a record", Href: listPath, Hint: "Who asked, by when they are answered, and how far each is"},
		{Text: "Register of processing", Href: "/rights/register", Hint: "What is kept, why, on what ground, who receives it and how long"},
		{Text: "Privacy notice for young people", Href: "/privacy/young-people", Hint: "What we keep and why, for the children themselves: to read, print and hand out"},
		{Text: "Privacy", Href: "/privacy", Hint: "What this service says about itself to everybody"},
	}
	if access.Can(kit.Actor(r), access.DecideRetention) {
		places = slices.Insert(places, 1, ui.Task{Text: "How long records are kept", Href: retentionPath, Hint: "Records whose time is over or soon will be, what stands against deleting them, and what was decided"},
			ui.Task{Text: "Records that were deleted", Href: deletionsPath, Hint: "A certificate of each: which rule, who proposed, who approved, how much went. Never a name"})
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Information rights", Back: "/admin"}, hubPage(places))
}

type listView struct {
	Today     calendar.Date
	UnderWay  []rights.Listed
	Over      []rights.Listed
	Waiting   int // that are overdue
	FirstRule string
}

// list is every request about a child the reader may see: those under way with the day they are due.
func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	view := listView{Today: p.Kit.Today()}
	var all []rights.Listed
	var batch postgres.Batch
	rights.QueueAll(&batch, &all)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	var children []int64
	for _, one := range all {
		children = append(children, one.ChildID)
		if !one.State.UnderWay() {
			view.Over = append(view.Over, one)
			continue
		}
		view.UnderWay = append(view.UnderWay, one)
		if one.Clock().Due().Before(view.Today) {
			view.Waiting++
		}
	}
	if err := p.Kit.Looked(r, "list of subject access requests", children); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Requests to see a record", Back: "/rights", Wide: true}, listPage(view))
}

func (v listView) lead() string {
	switch {
	case len(v.UnderWay) == 0:
		return "Nobody waits for an answer."
	case v.Waiting > 0:
		return ui.Plural(len(v.UnderWay), "request is", "requests are") + " under way, " + ui.Plural(v.Waiting, "of them late", "of them late") + "."
	}
	return ui.Plural(len(v.UnderWay), "request is", "requests are") + " under way, none of them late."
}

func (v listView) rows(list []rights.Listed) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range list {
		name := child.DisplayName(one.PreferredName, one.Forename, one.Surname, one.LAChildID)
		due := ui.Text(one.Clock().Due().Short())
		if one.State.UnderWay() {
			due = dueCell(one.Clock().Due(), v.Today)
		}
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: name, Href: requestPath(rights.Ref{ChildID: one.ChildID, ID: one.ID})}),
			ui.Text(rights.ChoiceText(rights.Askers, one.AskedBy)), ui.Text(one.ReceivedOn.Short()), due, ui.Tag(stateTag(one.State)),
		})
	}
	return rows
}

func stateTag(state rights.State) ui.TagProps {
	kinds := map[rights.State]ui.TagKind{rights.Open: ui.Blue, rights.Prepared: ui.Yellow, rights.Released: ui.Orange, rights.HandedOver: ui.Green, rights.Closed: ui.Grey}
	return ui.TagProps{Text: state.Name(), Kind: kinds[state]}
}

type ofChildView struct {
	Strip    ui.IdentityStripProps
	Path     string
	Today    calendar.Date
	Requests []rights.Request
}

// ofChild is the requests about one child.
func (p *Pages) ofChild(w http.ResponseWriter, r *http.Request) error {
	view := ofChildView{Path: ofChildPath(kit.ChildID(r)), Today: p.Kit.Today()}
	var batch postgres.Batch
	rights.QueueRequests(&batch, &view.Requests, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "subject access requests", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Requests to see this record", Back: view.Strip.Href}, ofChildPage(view))
}

func (v ofChildView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Requests {
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: rights.ChoiceText(rights.Askers, one.AskedBy) + ", " + one.ReceivedOn.Short(), Href: requestPath(rights.Ref{ChildID: one.ChildID, ID: one.ID})}),
			ui.Text(one.Clock().Due().Short()), ui.Tag(stateTag(one.State)),
		})
	}
	return rows
}
