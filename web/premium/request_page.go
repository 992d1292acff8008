package premium

import (
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type requestView struct {
	Strip     ui.IdentityStripProps
	Path      string
	Request   premium.Request
	Events    []premium.Event
	Withdraw  *kit.Form // nil: may not
	MayDecide bool
}

func (p *Pages) request(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	actor := kit.Actor(r)
	view := requestView{Path: RequestPath(kit.ChildID(r), id)}
	var batch postgres.Batch
	premium.QueueRequest(&batch, &view.Request, kit.ChildID(r), id)
	premium.QueueEvents(&batch, &view.Events, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium request", &batch); err != nil {
		return err
	}
	view.MayDecide = access.Can(actor, access.DecidePremium) && view.Request.State == premium.Asked
	if access.Can(actor, access.AskPremium) && view.Request.State.Open() {
		view.Withdraw = kit.NewForm(nil)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil Premium Plus request", Back: premiumPath(r)}, requestPage(view))
}

func (v requestView) actions() []templ.Component {
	var list []templ.Component
	if v.MayDecide {
		list = append(list, ui.Button(ui.ButtonProps{Text: "Decide", Href: v.Path + "/decision"}))
	}
	if v.Withdraw != nil {
		text := "Change"
		if v.Request.State == premium.Returned {
			text = "Answer and ask again"
		}
		list = append(list, ui.Button(ui.ButtonProps{Text: text, Href: v.Path + "/change", Kind: ui.Secondary}))
	}
	return list
}

// WishRows are what is asked for.
func WishRows(q premium.Request) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Amount asked", Value: q.Amount.String()},
		{Key: "For", Value: q.Category.Name()},
		{Key: "Will pay for", Component: ui.Prose(q.Purpose)},
		{Key: "Will be different", Component: ui.Prose(q.Difference)},
		{Key: "Target", Component: targetCell(q)},
	}
	if !q.Starts.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Starts", Value: q.Starts.Words()})
	}
	school := ui.SummaryRow{Key: "School", Component: ui.TextOr(q.School, "No school place")}
	asked := ui.SummaryRow{Key: "Asked by", Value: q.AskedByName + ", " + q.AskedByRole.Name(), Source: &ui.SourceProps{From: calendar.Moment(q.AskedAt)}}
	return append(rows, school, asked)
}

// DecisionRows are what was decided; none while it waits.
func DecisionRows(q premium.Request) []ui.SummaryRow {
	if q.DecidedAt == nil {
		return nil
	}
	rows := []ui.SummaryRow{{Key: "Decided by", Value: q.DecidedByName, Source: &ui.SourceProps{From: calendar.Moment(*q.DecidedAt)}}}
	if q.Approved > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Approved", Value: q.Approved.String(), Source: &ui.SourceProps{From: "Financial year " + calendar.FinancialYearLabel(q.FinancialYear)}})
	}
	if q.Reason != "" {
		rows = append(rows, ui.SummaryRow{Key: "Reason", Component: ui.Prose(q.Reason)})
	}
	return rows
}

// EventItems are what happened to a request, newest first.
func EventItems(events []premium.Event) []ui.TimelineItem {
	var items []ui.TimelineItem
	for n := len(events) - 1; n >= 0; n-- {
		event := events[n]
		item := ui.TimelineItem{Title: event.Name() + amountAfter(event.Amount), When: calendar.Moment(event.At),
			Machine: event.At.Format("2006-01-02T15:04:05Z07:00"), By: event.AccountName}
		if event.Words != "" {
			item.Body = ui.Prose(event.Words)
		}
		items = append(items, item)
	}
	return items
}

func amountAfter(amount money.Pence) string {
	if amount == 0 {
		return ""
	}
	return ", " + amount.String()
}
