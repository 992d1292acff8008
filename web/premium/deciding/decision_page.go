package deciding

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/worth"
	"virtualschool/web/kit"
	requests "virtualschool/web/premium"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// decisionView is the whole picture on one page.
type decisionView struct {
	Strip     ui.IdentityStripProps
	Form      *kit.Form
	Path      string // of the request
	Filters   kit.Filters
	Today     calendar.Date
	Request   premium.Request
	Items     []premium.Item
	Documents []document.Document
	Events    []premium.Event
	All       []premium.Request // everything asked for this child, newest first
	There     premium.SpentThere
	Year      ledger.Pressed
	Around    premium.Circumstances
	Weighing  premium.Weighing
	Next      premium.Next
	Values    policy.Values
	Actor     access.Actor
	Alike     worth.Comparison
	Conflict  bool
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
	return p.goOn(w, r, id, decision)
}

// goOn leads to the next request that waits, in the queue as it was narrowed, and says what was done
// without saying about whom.
func (p *Pages) goOn(w http.ResponseWriter, r *http.Request, id int64, decision premium.Decision) error {
	filters := filtersOf(r.URL.Query())
	var next premium.Next
	var batch postgres.Batch
	premium.QueueNext(&batch, &next, readFilter(filters, ""), kit.Actor(r).ID, id)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	done := doneWords[decision.Outcome]
	if next.State == premium.Asked || next.State == premium.AtPanel && decision.Outcome != premium.AtPanel {
		done = "Your approval is kept. A second person decides."
	}
	if next.ID == 0 {
		return p.Kit.Done(w, r, filters.Href(), done+" Nothing else waits for you here.")
	}
	return p.Kit.Done(w, r, decisionHref(next.ChildID, next.ID, filters),
		fmt.Sprintf("%s Next: %s, %s. %s left.", done, next.Amount, next.Category.Name(), ui.Plural(next.Waiting, "request", "requests")))
}

// ofChild makes sure that the request in the address is about the child in the address.
func (p *Pages) ofChild(r *http.Request, requestID int64) error {
	var request premium.Request
	var batch postgres.Batch
	premium.QueueRequest(&batch, &request, kit.ChildID(r), requestID)
	return p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}

// decisionHref is the page on which a request is decided, as one of a queue that was narrowed.
func decisionHref(childID, requestID int64, filters kit.Filters) string {
	href := area.RequestPath(childID, requestID) + "/decision"
	if query := filters.Encode(); query != "" {
		href += "?" + query
	}
	return href
}

var doneWords = map[premium.State]string{
	premium.Approved:     "Approved. The money is committed.",
	premium.PartApproved: "Part approved. The money is committed.",
	premium.Returned:     "Returned with your question.",
	premium.Refused:      "Refused. The reason is on the request.",
	premium.AtPanel:      "Sent to the next panel.",
}

func (p *Pages) showDecision(w http.ResponseWriter, r *http.Request, form *kit.Form, status int) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	view := decisionView{Form: form, Path: area.RequestPath(kit.ChildID(r), id), Filters: filtersOf(r.URL.Query()), Today: p.Kit.Today(), Actor: kit.Actor(r),
		Conflict: status == http.StatusConflict}
	var weighings []premium.Weighing
	var batch postgres.Batch
	premium.QueueCircumstances(&batch, &view.Around, kit.ChildID(r), id) // first: a request that is not the child's is not found
	premium.QueueItems(&batch, &view.Items, kit.ChildID(r), id)
	document.QueueOf(&batch, &view.Documents, kit.ChildID(r), document.OfPremiumRequest, id)
	premium.QueueEvents(&batch, &view.Events, kit.ChildID(r), id)
	premium.QueueRequests(&batch, &view.All, kit.ChildID(r))
	premium.QueueSpentThere(&batch, &view.There, kit.ChildID(r), id)
	ledger.QueuePressed(&batch, &view.Year, id, calendar.FinancialYear(view.Today))
	premium.QueueWeighing(&batch, &weighings, view.Actor.ID, id)
	premium.QueueNext(&batch, &view.Next, readFilter(view.Filters, ""), view.Actor.ID, id)
	policy.Queue(&batch, &view.Values)
	worth.QueueForRequest(&batch, &view.Alike, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium decision", &batch); err != nil {
		return err
	}
	at := slices.IndexFunc(view.All, func(one premium.Request) bool { return one.ID == id })
	if at < 0 || len(weighings) == 0 {
		return fault.NotFound()
	}
	view.Request = view.All[at]
	view.Weighing = weighings[0]
	if view.Form == nil {
		view.Form = kit.NewForm(nil)
		view.Form.SetVersion(view.Request.Version)
	}
	if view.Conflict {
		view.Form.Overtaken(view.Request.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Decide a Pupil Premium Plus request", Back: view.Filters.Href(), Wide: true, Form: view.Form, Status: status}, decisionPage(view))
}

// waits says whether the request can come to a decision now.
func (v decisionView) waits() bool {
	return v.Request.State == premium.Asked || v.Request.State == premium.AtPanel
}

// refusal is why this person may not decide at all; empty when they may.
func (v decisionView) refusal() string {
	if err := v.Weighing.MayDecide(); err != nil {
		return fault.Words(err)
	}
	return ""
}

// key is one single-key shortcut of the page: what it does, and to which element.
type key struct{ Letter, Does, Target string }

// choice is one outcome that can be chosen, with its key.
type choice struct {
	ui.Choice
	key
}

// outcomes are what this person may choose for this request.
func (v decisionView) outcomes() (list []choice) {
	add := func(letter, does string, c ui.Choice) {
		list = append(list, choice{c, key{Letter: letter, Does: does}})
	}
	step, err := v.Weighing.Approve(v.Request.Amount, v.Values)
	switch {
	case err != nil: // looks says why
	case step == premium.FirstStep:
		add("a", "approve", ui.Choice{Value: string(premium.Approved), Text: "Approve " + v.Request.Amount.String(), Hint: "The first of two approvals: a second person decides."})
	default:
		add("a", "approve", ui.Choice{Value: string(premium.Approved), Text: "Approve " + v.Request.Amount.String()})
	}
	if _, err := v.Weighing.Approve(1, v.Values); err == nil {
		add("p", "part", ui.Choice{Value: string(premium.PartApproved), Text: "Approve part of it", Conditional: partField(v)})
	}
	add("r", "return", ui.Choice{Value: string(premium.Returned), Text: "Return with a question", Hint: "It comes back when it has been answered."})
	add("f", "refuse", ui.Choice{Value: string(premium.Refused), Text: "Refuse"})
	if v.Request.State == premium.Asked || v.Weighing.PanelHeld {
		add("b", "panel", ui.Choice{Value: string(premium.AtPanel), Text: "Send to the next panel"})
	}
	return list
}

func radios(list []choice) []ui.Choice {
	var items []ui.Choice
	for _, one := range list {
		items = append(items, one.Choice)
	}
	return items
}

// keys are the page's shortcuts, in the order they are shown.
func (v decisionView) keys() []ui.Shortcut {
	var list []ui.Shortcut
	outcomes := v.outcomes()
	for n, one := range outcomes {
		target := "outcome"
		if n > 0 {
			target = fmt.Sprintf("outcome-%d", n+1)
		}
		then := ""
		if one.Value == string(premium.PartApproved) {
			then = "amount"
		}
		list = append(list, ui.Shortcut{Key: one.Letter, Does: one.Does, Target: target, Then: then})
	}
	list = append(list, ui.Shortcut{Key: "w", Does: "words", Target: "sentence"})
	if v.Next.ID != 0 {
		list = append(list, ui.Shortcut{Key: "n", Does: "next", Target: "next-request"})
	}
	return append(list, ui.Shortcut{Key: "q", Does: "queue", Target: "queue"})
}

// sentences are the ready sentences as a list to choose from, each with the outcome it is for.
func sentences() []ui.Option {
	var options []ui.Option
	for _, one := range premium.Sentences {
		options = append(options, ui.Option{Value: one.Key, Text: sentenceFor[one.Outcome] + ": " + one.Words})
	}
	return options
}

var sentenceFor = map[premium.State]string{premium.PartApproved: "Part", premium.Returned: "Question", premium.Refused: "Refusal"}

func (v decisionView) checks() []premium.Check {
	return premium.Checks(v.Request, v.Around, v.Weighing, v.Year.Position, v.Values, v.Today)
}

// sortedChecks are the checks with those that do not pass first.
func (v decisionView) sortedChecks() []premium.Check {
	list := v.checks()
	slices.SortStableFunc(list, func(a, b premium.Check) int {
		switch {
		case a.Passed == b.Passed:
			return 0
		case b.Passed:
			return -1
		}
		return 1
	})
	return list
}

// looks says beside the choice why the whole may not be approved, and what else asks for a second look.
func (v decisionView) looks() string {
	var words []string
	if _, err := v.Weighing.Approve(v.Request.Amount, v.Values); err != nil {
		words = append(words, fault.Words(err))
	}
	for _, check := range v.checks() {
		if !check.Passed && !slices.Contains(words, check.Words) {
			words = append(words, check.Words)
		}
	}
	if len(words) == 0 {
		return "Every check passes. The year has " + v.Year.Pool.String() + " left."
	}
	return "To look at: " + strings.Join(words, " ")
}

// before is what was asked for this child before, newest first.
func (v decisionView) before() []premium.Request {
	var list []premium.Request
	for _, request := range v.All {
		if request.ID != v.Request.ID && request.State != premium.Withdrawn && request.State != premium.Draft {
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
			ui.Anchor(ui.Link{Text: request.Category.Name(), Hidden: "asked " + asked.Words(), Href: area.RequestPath(request.ChildID, request.ID)}),
			ui.Text(asked.Short()), ui.Text(request.Amount.String()), requests.ApprovedCell(request), ui.Tag(requests.StateTag(request.State)), ui.Text(requests.OutcomeWords(request)),
		})
	}
	return rows
}

// yearFacts are what the grant's year has left, and would have after all that waits.
func (v decisionView) yearFacts() []ui.Fact {
	facts := []ui.Fact{{Term: "Left to allocate", Value: v.Year.Pool.String()}}
	if v.Year.Pool >= v.Request.Amount {
		facts = append(facts, ui.Fact{Term: "Left after approving this", Value: (v.Year.Pool - v.Request.Amount).String()})
	}
	facts = append(facts, ui.Fact{Term: "Waiting in all", Value: v.Year.AskedSum.String() + " in " + ui.Plural(v.Year.AskedCount, "request", "requests")})
	if v.Year.Pool >= v.Year.AskedSum {
		facts = append(facts, ui.Fact{Term: "Left if all of it is approved", Value: (v.Year.Pool - v.Year.AskedSum).String()})
	} else {
		facts = append(facts, ui.Fact{Term: "Short if all of it is approved", Value: (v.Year.AskedSum - v.Year.Pool).String()})
	}
	return facts
}

// thereWords say what the school has been given for the category and what came of it. Of fewer than
// fewestChildren nothing is said: it would be about them and not about what helps.
func thereWords(there premium.SpentThere) string {
	switch {
	case there.Requests == 0:
		return "Nothing has been approved for this at this school before."
	case there.Children < fewestChildren:
		return "Approved for fewer than 5 children at this school, so what came of it is not summed up."
	}
	reviewed := there.Met + there.Partly + there.NotMet
	words := fmt.Sprintf("%s for %s at this school, %s in all. ", ui.Plural(there.Requests, "approval", "approvals"), ui.Plural(there.Children, "child", "children"), there.Approved)
	if reviewed == 0 {
		return words + "None of their targets has been reviewed yet."
	}
	return words + fmt.Sprintf("Of %s: %d met, %d partly met, %d not met.", ui.Plural(reviewed, "reviewed target", "reviewed targets"), there.Met, there.Partly, there.NotMet)
}

const fewestChildren = 5
