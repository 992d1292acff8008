package premium

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
	"virtualschool/internal/money"
	"virtualschool/internal/pep/smart"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

type requestView struct {
	Strip     ui.IdentityStripProps
	Path      string
	Request   premium.Request
	Events    []premium.Event
	Items     []premium.Item
	ThisYear  []premium.Request // other requests for this child this financial year
	Money     moneyView
	Documents []document.Document
	Adding    *kit.Form // nil: may not add a document
	Withdraw  *kit.Form // nil: may not
	MayDecide bool
}

func (p *Pages) request(w http.ResponseWriter, r *http.Request) error {
	return p.showRequest(w, r, kit.NewForm(nil))
}

// addDocument keeps a file beside the request. One that is refused is told beside its field.
func (p *Pages) addDocument(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	name, content, err := kit.File(r, "file")
	if err == nil {
		err = p.Premium.AddDocument(r.Context(), kit.Actor(r), kit.ChildID(r), id, document.Upload{Name: name, Content: content})
	}
	if form.Refuses(err) {
		form.Renew()
		return p.showRequest(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, area.RequestPath(kit.ChildID(r), id), "The document is kept with the request.")
}

func (p *Pages) showRequest(w http.ResponseWriter, r *http.Request, adding *kit.Form) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	actor := kit.Actor(r)
	view := requestView{Path: area.RequestPath(kit.ChildID(r), id)}
	var batch postgres.Batch
	premium.QueueRequest(&batch, &view.Request, kit.ChildID(r), id)
	premium.QueueEvents(&batch, &view.Events, kit.ChildID(r), id)
	premium.QueueItems(&batch, &view.Items, kit.ChildID(r), id)
	document.QueueOf(&batch, &view.Documents, kit.ChildID(r), document.OfPremiumRequest, id)
	premium.QueueThisYear(&batch, &view.ThisYear, kit.ChildID(r), id, p.Kit.Today())
	money := p.queueMoney(r, &batch, id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium request", &batch); err != nil {
		return err
	}
	view.Money = money()
	view.MayDecide = access.Can(actor, access.DecidePremium) && view.Request.State == premium.Asked
	if access.Can(actor, access.AskPremium) && view.Request.State.Open() {
		view.Withdraw = kit.NewForm(nil)
	}
	if access.Can(actor, access.AskPremium) && view.Request.State != premium.Withdrawn {
		view.Adding = adding
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil Premium Plus request", Back: premiumPath(r), Form: adding}, requestPage(view))
}

func (v requestView) actions() []templ.Component {
	var list []templ.Component
	if v.MayDecide {
		list = append(list, ui.Button(ui.ButtonProps{Text: "Decide", Href: v.Path + "/decision"}))
	}
	if v.Withdraw != nil {
		text := "Change"
		if v.Request.State == premium.Draft {
			text = "Go on writing"
		}
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
	if !q.Ends.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Ends", Value: q.Ends.Words()})
	}
	if q.Group > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Who benefits", Value: benefits(q)})
	}
	if q.Exception != "" {
		rows = append(rows, ui.SummaryRow{Key: "Why pay what is not funded", Component: ui.Prose(q.Exception)})
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
	rows := []ui.SummaryRow{{Key: "Decided by", Value: decidedBy(q), Source: &ui.SourceProps{From: calendar.Moment(*q.DecidedAt)}}}
	if q.Approved > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Approved", Value: q.Approved.String(), Source: &ui.SourceProps{From: "Financial year " + calendar.FinancialYearLabel(q.FinancialYear)}})
	}
	if q.Reason != "" {
		rows = append(rows, ui.SummaryRow{Key: "Reason", Component: ui.Prose(q.Reason)})
	}
	return rows
}

// decidedBy is who decided, and in whose place.
func decidedBy(q premium.Request) string {
	if q.AwayName == "" {
		return q.DecidedByName
	}
	return q.DecidedByName + ", for " + q.AwayName + ", away until " + q.AwayUntil.Words()
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

// benefits says who benefits: this child, or a group by its number alone.
func benefits(q premium.Request) string {
	if q.Group == 0 {
		return "This child"
	}
	return fmt.Sprintf("A group of %d children, this child among them", q.Group)
}

func itemsLine(list []premium.Item) string {
	var lines []string
	for _, item := range list {
		lines = append(lines, fmt.Sprintf("%s, %d at %s", item.What, item.Quantity, item.Unit))
	}
	return strings.Join(lines, "; ")
}

// itemRows are what a request is made of.
func itemRows(list []premium.Item) [][]templ.Component {
	var rows [][]templ.Component
	for _, item := range list {
		rows = append(rows, []templ.Component{ui.TextOr(item.What, "Not said yet"), ui.Text(fmt.Sprint(item.Quantity)), ui.Text(item.Unit.String()), ui.Text(item.Cost().String())})
	}
	return rows
}

// alike are this year's requests that may be for the same need, told while the request is open.
func (v requestView) alike() []premium.Request {
	if !v.Request.State.Open() {
		return nil
	}
	return premium.Alike(v.Request.Wish(), v.ThisYear, smart.Similarity)
}

func documentLine(d document.Document) string {
	return fmt.Sprintf("%s, added by %s, %s", d.Size(), d.AddedByName, calendar.Moment(d.AddedAt))
}
