package premium

import (
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

type childView struct {
	Strip    ui.IdentityStripProps
	Path     string
	Requests []premium.Request
	Years    []premium.ChildYear
	MayAsk   bool
	Owed     []owed
	Today    calendar.Date
}

func (p *Pages) child(w http.ResponseWriter, r *http.Request) error {
	view := childView{Path: premiumPath(r), Today: p.Kit.Today(), MayAsk: access.Can(kit.Actor(r), access.AskPremium)}
	var batch postgres.Batch
	premium.QueueRequests(&batch, &view.Requests, kit.ChildID(r))
	premium.QueueChildYears(&batch, &view.Years, kit.ChildID(r))
	evidence := p.queueOwed(r, &batch)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "premium", &batch); err != nil {
		return err
	}
	view.Owed = evidence()
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil Premium Plus", Back: view.Strip.Href, Wide: true}, childPage(view))
}

func (v childView) actions() []templ.Component {
	if !v.MayAsk {
		return nil
	}
	return []templ.Component{ui.Button(ui.ButtonProps{Text: "Ask for Pupil Premium Plus", Href: v.Path + "/new"})}
}

func (v childView) yearRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, year := range v.Years {
		rows = append(rows, []templ.Component{ui.Text(calendar.FinancialYearLabel(year.FinancialYear)), ui.Text(ui.Plural(year.Requests, "request", "requests")),
			ui.Text(year.Asked.String()), ui.Text(year.Approved.String()), ui.Text(year.Paid.String())})
	}
	return rows
}

func (v childView) requestRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, request := range v.Requests {
		asked := calendar.Of(request.AskedAt)
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: request.Category.Name(), Hidden: "asked " + asked.Words(), Href: area.RequestPath(request.ChildID, request.ID)}),
			ui.Time(ui.TimeProps{Machine: asked.String(), Text: asked.Short()}), ui.TextOr(request.School, "No school"),
			ui.Text(request.Amount.String()), ApprovedCell(request), ui.Tag(StateTag(request.State)), ui.Text(OutcomeWords(request)),
		})
	}
	return rows
}

// ApprovedCell is what was approved of a request, in a table.
func ApprovedCell(request premium.Request) templ.Component {
	if request.Approved == 0 {
		return ui.TextOr("", "None")
	}
	return ui.Text(request.Approved.String())
}
