package premium

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/smart"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

type askView struct {
	Strip    ui.IdentityStripProps
	Form     *kit.Form
	Targets  []premium.TargetChoice
	Scheme   scheme.Scheme     // the paying policy of today
	ThisYear []premium.Request // other requests for this child this financial year
	Items    []premium.Item    // of the request being changed
	Saved    *premium.Request  // the request being changed; nil for a new one
	Events   []premium.Event
	Conflict bool
	Action   string
	Cancel   string
	Title    string
	Button   string
}

func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.showAsk(w, r, kit.NewForm(nil))
}

func (p *Pages) saveAsk(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	if addsRow(form) {
		return p.showAsk(w, r, form)
	}
	draft := form.Value("save") == "draft"
	wish := readWish(form, draft)
	err := form.Err()
	var id int64
	switch {
	case err != nil:
	case draft:
		id, err = p.Premium.Draft(r.Context(), kit.Actor(r), kit.ChildID(r), wish)
	default:
		id, err = p.Premium.Ask(r.Context(), kit.Actor(r), kit.ChildID(r), wish)
	}
	if form.Refuses(err) {
		return p.showAsk(w, r, form)
	}
	if err != nil {
		return err
	}
	if draft {
		return p.Kit.Done(w, r, area.RequestPath(kit.ChildID(r), id)+"/change", "The draft is kept. Nobody else sees it until you send it.")
	}
	return p.Kit.Done(w, r, area.RequestPath(kit.ChildID(r), id), "The request is sent.")
}

// addsRow makes room for one more item where that is what was asked for.
func addsRow(form *kit.Form) bool {
	if form.Value("add") == "" {
		return false
	}
	form.Set("rows", strconv.Itoa(rowsSent(form)+1))
	form.Renew()
	return true
}

func (p *Pages) showAsk(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := askView{Form: form, Action: premiumPath(r) + "/new", Cancel: premiumPath(r), Title: "Ask for Pupil Premium Plus", Button: "Send the request"}
	var batch postgres.Batch
	var values policy.Values
	policy.Queue(&batch, &values)
	premium.QueueTargets(&batch, &view.Targets, kit.ChildID(r))
	premium.QueueThisYear(&batch, &view.ThisYear, kit.ChildID(r), 0, p.Kit.Today())
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "premium request", &batch); err != nil {
		return err
	}
	view.Scheme, _ = p.Premium.Schemes.Scheme(values.PremiumScheme())
	return p.Kit.Show(w, r, kit.Page{Title: view.Title, Back: view.Cancel, Form: form}, askPage(view))
}

func (p *Pages) change(w http.ResponseWriter, r *http.Request) error {
	return p.showChange(w, r, nil, false)
}

func (p *Pages) saveChange(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	if err := p.ofChild(r, id); err != nil {
		return err
	}
	form := kit.FormOf(r)
	if addsRow(form) {
		return p.showChange(w, r, form, false)
	}
	draft := form.Value("save") == "draft"
	wish := readWish(form, draft)
	save, done, next := p.Premium.Change, "The request is changed and waits for a decision.", area.RequestPath(kit.ChildID(r), id)
	if draft {
		save, done, next = p.Premium.SaveDraft, "The draft is kept. Nobody else sees it until you send it.", next+"/change"
	}
	if err = form.Err(); err == nil {
		err = save(r.Context(), kit.Actor(r), id, form.Version(), wish)
	}
	switch {
	case form.Refuses(err):
		return p.showChange(w, r, form, false)
	case errors.Is(err, fault.KindConflict):
		return p.showChange(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, next, done)
}

// showChange shows the form: as the request stands at first, afterwards with what was typed.
func (p *Pages) showChange(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	view := askView{Form: form, Saved: &premium.Request{}, Conflict: conflict, Cancel: area.RequestPath(kit.ChildID(r), id),
		Action: area.RequestPath(kit.ChildID(r), id) + "/change", Title: "Change the request", Button: "Ask again"}
	var batch postgres.Batch
	var values policy.Values
	policy.Queue(&batch, &values)
	premium.QueueTargets(&batch, &view.Targets, kit.ChildID(r))
	premium.QueueRequest(&batch, view.Saved, kit.ChildID(r), id)
	premium.QueueItems(&batch, &view.Items, kit.ChildID(r), id)
	premium.QueueThisYear(&batch, &view.ThisYear, kit.ChildID(r), id, p.Kit.Today())
	premium.QueueEvents(&batch, &view.Events, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium request", &batch); err != nil {
		return err
	}
	view.Scheme, _ = p.Premium.Schemes.Scheme(values.PremiumScheme())
	if view.Saved.State == premium.Draft {
		view.Title, view.Button = "Draft of a request", "Send the request"
	}
	page := kit.Page{Title: view.Title, Back: view.Cancel}
	switch {
	case form == nil && !view.Saved.State.Open():
		return fault.Conflict("This request is closed, so it cannot be changed. Ask for what is needed in a new one.")
	case form == nil:
		view.Form = wishForm(*view.Saved, view.Items)
	case conflict:
		form.Overtaken(view.Saved.Version)
	}
	page.Form = view.Form
	return p.Kit.Show(w, r, page, askPage(view))
}

func (p *Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	if err := p.ofChild(r, id); err != nil {
		return err
	}
	if err := p.Premium.Withdraw(r.Context(), kit.Actor(r), id, kit.FormOf(r).Version()); err != nil {
		return err
	}
	return p.Kit.Done(w, r, area.RequestPath(kit.ChildID(r), id), "The request is withdrawn.")
}

// ofChild makes sure that the request in the address is about the child in the address.
func (p *Pages) ofChild(r *http.Request, requestID int64) error {
	var request premium.Request
	var batch postgres.Batch
	premium.QueueRequest(&batch, &request, kit.ChildID(r), requestID)
	return p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}

func (v askView) targetOptions() []ui.Option {
	var options []ui.Option
	for _, target := range v.Targets {
		options = append(options, ui.Option{Value: fmt.Sprint(target.ID), Text: target.What})
	}
	if v.Saved != nil && v.Saved.TargetID != 0 && !offered(v.Targets, v.Saved.TargetID) {
		options = append(options, ui.Option{Value: fmt.Sprint(v.Saved.TargetID), Text: v.Saved.Target + " (an earlier plan)"})
	}
	return options
}

func offered(targets []premium.TargetChoice, id int64) bool {
	for _, target := range targets {
		if target.ID == id {
			return true
		}
	}
	return false
}

// draft says whether what is written can still be kept unsent.
func (v askView) draft() bool { return v.Saved == nil || v.Saved.State == premium.Draft }

func (v askView) had() premium.Category {
	if v.Saved == nil {
		return ""
	}
	return v.Saved.Category
}

// wish is the request as the form has it now, as far as it can be read.
func (v askView) wish() premium.Wish {
	form := kit.NewForm(nil)
	for name, values := range v.Form.Fields() {
		form.Set(name, values...)
	}
	return readWish(form, true)
}

// alike are this year's requests that may be for the same need.
func (v askView) alike() []premium.Request {
	return premium.Alike(v.wish(), v.ThisYear, smart.Similarity)
}

// exceptional says whether to ask why something should be paid that the policy does not fund.
func (v askView) exceptional() bool {
	return v.Form.Value("exception") != "" || v.Form.Error("exception") != "" || len(v.wish().NotFunded(v.Scheme)) > 0
}

// comesTo is the sum of the items as typed; empty while there is none.
func (v askView) comesTo() string {
	if sum := premium.Cost(v.wish().Items); sum > 0 {
		return sum.String()
	}
	return ""
}

// likeLine is one of this year's requests in a line.
func likeLine(r premium.Request) string {
	return fmt.Sprintf("%s, %s, asked %s: %s", r.Category.Name(), r.Amount, calendar.Of(r.AskedAt).Words(), strings.ToLower(r.State.Name()))
}

// savedRows are the request as it stands now, to compare with what was typed.
func (v askView) savedRows() []ui.SummaryRow {
	s := v.Saved
	return []ui.SummaryRow{
		{Key: "State now", Value: s.State.Name()},
		{Key: "Target saved now", Value: s.Target},
		{Key: "For, saved now", Value: s.Category.Name()},
		{Key: "Will pay for, saved now", Component: ui.Prose(s.Purpose)},
		{Key: "Will be different, saved now", Component: ui.Prose(s.Difference)},
		{Key: "Amount saved now", Value: s.Amount.String()},
		{Key: "Items saved now", Value: itemsLine(v.Items)},
		{Key: "Start saved now", Value: s.Starts.Words()},
		{Key: "End saved now", Value: s.Ends.Words()},
		{Key: "Benefits, saved now", Value: benefits(*s)},
		{Key: "Why pay it, saved now", Component: ui.Prose(s.Exception)},
	}
}

// lastChange says who changed the request last, and when.
func (v askView) lastChange() string {
	if len(v.Events) == 0 {
		return "Someone else"
	}
	last := v.Events[len(v.Events)-1]
	return fmt.Sprintf("%s (%s, %s)", last.AccountName, last.Name(), calendar.Moment(last.At))
}

// question is what whoever returned the request wants to know.
func (v askView) question() string {
	if v.Saved == nil || v.Saved.State != premium.Returned {
		return ""
	}
	return v.Saved.Reason
}
