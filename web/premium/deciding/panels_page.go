package deciding

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	requests "virtualschool/web/premium"
	"virtualschool/web/ui"
)

type panelsView struct {
	Form   *kit.Form
	Actor  access.Actor
	Today  calendar.Date
	Panels []premium.Panel
	Values policy.Values
}

func (p *Pages) panels(w http.ResponseWriter, r *http.Request) error {
	return p.showPanels(w, r, kit.NewForm(nil))
}

func (p *Pages) planPanel(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	meeting := premium.Meeting{Day: form.Date("day", "Day of the panel"), Members: form.Text("members", "Members", premium.MembersLimit)}
	err := form.Err()
	var id int64
	if err == nil {
		id, err = p.Premium.PlanPanel(r.Context(), kit.Actor(r), meeting)
	}
	if form.Refuses(err) {
		return p.showPanels(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, panelPath(id), "The panel is planned. Requests sent to the next panel go to the first that is to come.")
}

func (p *Pages) showPanels(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := panelsView{Form: form, Actor: kit.Actor(r), Today: p.Kit.Today()}
	var batch postgres.Batch
	premium.QueuePanels(&batch, &view.Panels)
	policy.Queue(&batch, &view.Values)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Panels", Wide: true, Form: form}, panelsPage(view))
}

func (v panelsView) lead() string {
	if panel := v.Values.PremiumPanel(); panel > 0 {
		return "A request above " + panel.String() + " is approved only after a panel has looked at it."
	}
	return "The council has set no sum above which a panel must look first. Any request can be sent to one."
}

func (v panelsView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, panel := range v.Panels {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: panel.Day.Words(), Hidden: "panel", Href: panelPath(panel.ID)}), ui.Tag(panelTag(panel, v.Today)),
			ui.TextOr(strings.ReplaceAll(panel.Members, "\n", "; "), "Not named yet"), ui.Text(ui.Thousands(panel.Requests)), ui.Text(panel.Asked.String()), ui.Text(ui.Thousands(panel.Waiting))})
	}
	return rows
}

func panelTag(panel premium.Panel, today calendar.Date) ui.TagProps {
	switch {
	case panel.HeldAt != nil:
		return ui.TagProps{Text: "Held", Kind: ui.Green}
	case panel.Day.Before(today):
		return ui.TagProps{Text: "Minutes missing", Kind: ui.Orange}
	}
	return ui.TagProps{Text: "To come", Kind: ui.Grey}
}

type panelView struct {
	Form     *kit.Form
	Today    calendar.Date
	Panel    premium.Panel
	Rows     []premium.Waiting
	Actor    access.Actor
	Conflict bool
}

func (p *Pages) panel(w http.ResponseWriter, r *http.Request) error {
	return p.showPanel(w, r, nil, 0)
}

// holdPanel writes down that the panel met.
func (p *Pages) holdPanel(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "panelID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	meeting := premium.Meeting{Members: form.Text("members", "Members", premium.MembersLimit), Minutes: form.Text("minutes", "Minutes", premium.MinutesLimit)}
	if err = form.Err(); err == nil {
		err = p.Premium.HoldPanel(r.Context(), kit.Actor(r), id, form.Version(), meeting)
	}
	switch {
	case form.Refuses(err):
		return p.showPanel(w, r, form, 0)
	case errors.Is(err, fault.KindConflict):
		return p.showPanel(w, r, form, http.StatusConflict)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, panelPath(id), "The panel is held. Its requests can be decided now.")
}

func (p *Pages) showPanel(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	id, err := kit.PathID(r, "panelID")
	if err != nil {
		return err
	}
	view := panelView{Form: form, Today: p.Kit.Today(), Actor: kit.Actor(r), Conflict: status == http.StatusConflict}
	var batch postgres.Batch
	premium.QueuePanel(&batch, &view.Panel, id)
	premium.QueueAtPanel(&batch, &view.Rows, id, view.Actor.ID, audit.RequestID(r.Context()))
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	if view.Form == nil {
		view.Form = kit.NewForm(map[string]string{"members": view.Panel.Members})
		view.Form.SetVersion(view.Panel.Version)
	}
	if view.Conflict {
		view.Form.Overtaken(view.Panel.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Panel", Back: "/premium/panels", Wide: true, Form: view.Form, Status: status}, panelPage(view))
}

func (v panelView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, row := range v.Rows {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: rowName(row), Hidden: "decide on " + row.Amount.String(), Href: decisionHref(row.ChildID, row.ID, filtersOf(nil))}),
			ui.TextOr(row.School, "No school place"), forCell(row), ui.Text(row.Amount.String()), ui.Tag(requests.StateTag(row.State)), ui.Text(approvedWords(row))})
	}
	return rows
}

func approvedWords(row premium.Waiting) string {
	if row.Approved == 0 {
		return "None"
	}
	return row.Approved.String()
}

func panelPath(id int64) string { return fmt.Sprintf("/premium/panels/%d", id) }
