package deciding

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/worth"
	"virtualschool/web/kit"
	requests "virtualschool/web/premium"
	"virtualschool/web/ui"
)

// decisionView is the whole picture on one page.
type decisionView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Action   string
	Today    calendar.Date
	Request  premium.Request
	Events   []premium.Event
	All      []premium.Request // everything asked for this child, newest first
	Year     ledger.Position
	Around   premium.Circumstances
	Values   policy.Values
	Actor    access.Actor
	Alike    worth.Comparison
	Conflict bool
}

func (p *Pages) decision(w http.ResponseWriter, r *http.Request) error {
	return p.showDecision(w, r, nil, 0)
}

func (p *Pages) saveDecision(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	if err := p.ofChild(r, id); err != nil {
		return err
	}
	form := kit.FormOf(r)
	decision := readDecision(form)
	if err = form.Err(); err == nil {
		err = p.Premium.Decide(r.Context(), kit.Actor(r), id, form.Version(), decision)
	}
	switch {
	case form.Refuses(err):
		return p.showDecision(w, r, form, 0)
	case errors.Is(err, fault.KindConflict):
		return p.showDecision(w, r, form, http.StatusConflict)
	case errors.Is(err, fault.KindForbidden):
		form.Problems.Add("outcome", fault.Words(err))
		return p.showDecision(w, r, form, http.StatusForbidden)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, "/premium/requests", doneWords[decision.Outcome])
}

var doneWords = map[premium.State]string{
	premium.Approved:     "Approved. The money is committed.",
	premium.PartApproved: "Part approved. The money is committed.",
	premium.Returned:     "Returned with your question.",
	premium.Refused:      "Refused. The reason is on the request.",
}

func (p *Pages) showDecision(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	view := decisionView{Form: form, Action: requests.RequestPath(kit.ChildID(r), id) + "/decision", Today: p.Kit.Today(), Actor: kit.Actor(r), Conflict: status == http.StatusConflict}
	var batch postgres.Batch
	premium.QueueRequest(&batch, &view.Request, kit.ChildID(r), id)
	premium.QueueEvents(&batch, &view.Events, kit.ChildID(r), id)
	premium.QueueRequests(&batch, &view.All, kit.ChildID(r))
	ledger.QueuePosition(&batch, &view.Year, ledger.LookedAfter, calendar.FinancialYear(view.Today))
	premium.QueueCircumstances(&batch, &view.Around, kit.ChildID(r), id)
	policy.Queue(&batch, &view.Values)
	worth.QueueForRequest(&batch, &view.Alike, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium decision", &batch); err != nil {
		return err
	}
	if view.Form == nil {
		view.Form = kit.NewForm(nil)
		view.Form.SetVersion(view.Request.Version)
	}
	if view.Conflict {
		view.Form.Overtaken(view.Request.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Decide a Pupil Premium Plus request", Back: "/premium/requests", Wide: true, Form: view.Form, Status: status}, decisionPage(view))
}

// refusal is why this person may not decide at all; empty when they may.
func (v decisionView) refusal() string {
	facts := access.Facts{AskedBy: v.Request.AskedBy}
	for _, event := range v.Events {
		if (event.Event == "asked" || event.Event == "changed") && event.AccountID == v.Actor.ID {
			facts.AskedBy = v.Actor.ID
		}
	}
	if err := access.Check(v.Actor, access.DecidePremium, facts); err != nil {
		return fault.Words(err)
	}
	return ""
}

// mayApprove says whether this person may approve the whole of it: the head may, a deputy within the limit.
func (v decisionView) mayApprove() bool {
	limit := v.Values.PremiumDeputyLimit()
	return v.Actor.Role != access.Deputy || limit == 0 || v.Request.Amount+v.Around.DeputyGranted <= limit
}

func (v decisionView) choices() []ui.Choice {
	var list []ui.Choice
	if v.mayApprove() {
		list = append(list, ui.Choice{Value: string(premium.Approved), Text: "Approve " + v.Request.Amount.String()})
	}
	return append(list,
		ui.Choice{Value: string(premium.PartApproved), Text: "Approve part of it", Conditional: partField(v)},
		ui.Choice{Value: string(premium.Returned), Text: "Return with a question", Hint: "It comes back when it has been answered."},
		ui.Choice{Value: string(premium.Refused), Text: "Refuse"},
	)
}

func (v decisionView) checks() []premium.Check {
	return premium.Checks(v.Request, v.Around, v.Year, v.Values, v.Today)
}

// before is what was asked for this child before, newest first.
func (v decisionView) before() []premium.Request {
	var list []premium.Request
	for _, request := range v.All {
		if request.ID != v.Request.ID && request.State != premium.Withdrawn {
			list = append(list, request)
		}
	}
	return list
}

func (v decisionView) beforeRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, request := range v.before() {
		asked := calendar.Of(request.AskedAt)
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: request.Category.Name(), Hidden: "asked " + asked.Words(), Href: requests.RequestPath(request.ChildID, request.ID)}),
			ui.Text(asked.Short()), ui.Text(request.Amount.String()), requests.ApprovedCell(request), ui.Tag(requests.StateTag(request.State)), ui.Text(requests.OutcomeWords(request)),
		})
	}
	return rows
}

// yearFacts are what the year has left, and would have.
func (v decisionView) yearFacts() []ui.Fact {
	facts := []ui.Fact{
		{Term: "Left to allocate", Value: v.Year.Pool.String()},
		{Term: "Waiting in all", Value: v.Year.AskedSum.String()},
		{Term: "Committed", Value: v.Year.Committed.String()},
		{Term: "Paid", Value: v.Year.Paid.String()},
	}
	if v.Year.Pool >= v.Request.Amount {
		facts = append(facts, ui.Fact{Term: "Left after approving this", Value: (v.Year.Pool - v.Request.Amount).String()})
	}
	return facts
}
