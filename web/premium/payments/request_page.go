package payments

import (
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// requestView is the money of one request for those who pay: nothing of the plan stands on it.
type requestView struct {
	Strip      ui.IdentityStripProps
	Path       string // of the request
	Request    payment.Request
	Lines      []payment.Line
	Evidence   []payment.Evidence
	Terms      payment.Terms
	Today      calendar.Date
	Forms      map[string]*kit.Form // one for each thing that can be done
	Sent       *kit.Form            // the one that was sent and is shown again; nil: none
	Preview    *preview
	MayGive    bool // record evidence
	Recoveries backs
}

// preview is what a correction would do, before it is done.
type preview struct {
	Kind   payment.Correction
	Amount money.Pence
	Reason string
}

// The forms of the page beside those of corrections.
const (
	evidenceDay = "evidence-day"
	takeBack    = "take-back"
	recoveries  = "recoveries"
)

func (p *Pages) request(w http.ResponseWriter, r *http.Request) error {
	return p.showRequest(w, r, "", nil, nil)
}

// showRequest shows the page; sent is the form for one of the things that can be done, shown again.
func (p *Pages) showRequest(w http.ResponseWriter, r *http.Request, what string, sent *kit.Form, shown *preview) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	view := requestView{Path: area.RequestPath(kit.ChildID(r), id), Today: p.Kit.Today(), Sent: sent, Preview: shown, Forms: map[string]*kit.Form{}}
	var values policy.Values
	var batch postgres.Batch
	policy.Queue(&batch, &values)
	payment.QueueRequest(&batch, &view.Request, kit.ChildID(r), id)
	payment.QueueLinesOfRequest(&batch, &view.Lines, kit.ChildID(r), id)
	payment.QueueEvidence(&batch, &view.Evidence, kit.ChildID(r), id)
	view.Recoveries.Path, view.Recoveries.Head = view.Path+"/"+recoveries, kit.Actor(r).Role == access.Head
	payment.QueueRecoveries(&batch, &view.Recoveries.List, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium payments", &batch); err != nil {
		return err
	}
	view.Terms = payment.RulesOf(p.Payments.Schemes, values).Terms(view.Request.Standing)
	for _, one := range []string{string(payment.Releasing), string(payment.Recovering), evidenceDay, takeBack} {
		view.Forms[one] = kit.NewForm(nil)
	}
	view.Forms[string(payment.Releasing)].Set("release-amount", payment.Releasing.Most(view.Request.Standing).Plain())
	if sent != nil {
		view.Forms[what] = sent
	}
	view.Recoveries.Sent = view.Forms[recoveries]
	if view.gone(what) {
		return done()
	}
	back := home
	if view.MayGive = access.Can(kit.Actor(r), access.GiveEvidence); access.Can(kit.Actor(r), access.SeePremium) {
		back = view.Path
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Pupil premium request: payments", Form: sent, Back: back}, requestPage(view))
}

// gone says that the form for one of the things that can be done is on the page no more.
func (v requestView) gone(what string) bool {
	switch what {
	case "", evidenceDay:
		return false
	case takeBack:
		return len(v.standing()) == 0
	case recoveries:
		return v.Recoveries.gone()
	}
	return payment.Correction(what).Most(v.Request.Standing) == 0
}

func (p *Pages) release(w http.ResponseWriter, r *http.Request) error {
	return p.correct(w, r, payment.Releasing)
}

func (p *Pages) recover(w http.ResponseWriter, r *http.Request) error {
	return p.correct(w, r, payment.Recovering)
}

// correct shows what a correction would do, and does it once that was confirmed.
func (p *Pages) correct(w http.ResponseWriter, r *http.Request, kind payment.Correction) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	would := preview{Kind: kind, Amount: form.Money(string(kind)+"-amount", "Amount"), Reason: form.Required(string(kind)+"-reason", "Reason", 4000)}
	var request payment.Request
	var batch postgres.Batch
	payment.QueueRequest(&batch, &request, kit.ChildID(r), id)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	err = form.Err()
	if err == nil {
		err = kind.Check(request.Standing, would.Amount, would.Reason)
	}
	confirmed := form.Value("step") == "confirm"
	if err == nil && confirmed && kind == payment.Releasing {
		err = p.Payments.Release(r.Context(), kit.Actor(r), id, would.Amount, would.Reason)
	} else if err == nil && confirmed {
		err = p.Payments.Recover(r.Context(), kit.Actor(r), id, would.Amount, would.Reason)
	}
	switch {
	case form.Refuses(err):
		form.Rename("amount", string(kind)+"-amount")
		form.Rename("reason", string(kind)+"-reason")
		return p.showRequest(w, r, string(kind), form, nil)
	case err != nil:
		return err
	case !confirmed:
		return p.showRequest(w, r, string(kind), form, &would)
	}
	message := "Released. The money can be allocated again."
	if kind == payment.Recovering {
		message = "Recorded as given back. The money can be allocated again."
	}
	return p.Kit.Done(w, r, paymentsPath(kit.ChildID(r), id), message)
}

func (p *Pages) evidenceDay(w http.ResponseWriter, r *http.Request) error {
	id, err := p.ofChild(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	due, reason := form.Date("due", "Day"), form.Required("day-reason", "Why it is due on another day", 4000)
	err = form.Err()
	if err == nil {
		err = p.Payments.AskForEvidence(r.Context(), kit.Actor(r), id, due, reason)
	}
	if form.Refuses(err) {
		form.Rename("reason", "day-reason")
		return p.showRequest(w, r, evidenceDay, form, nil)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, paymentsPath(kit.ChildID(r), id), "Evidence is asked for by that day.")
}

func (p *Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	id, err := p.ofChild(r)
	if err != nil {
		return err
	}
	evidence, err := kit.PathID(r, "evidenceID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	reason := form.Required("back-reason", "Why it is taken back", 4000)
	err = form.Err()
	if err == nil {
		err = p.Payments.TakeBackEvidence(r.Context(), kit.Actor(r), id, evidence, reason)
	}
	if form.Refuses(err) {
		form.Rename("reason", "back-reason")
		return p.showRequest(w, r, takeBack, form, nil)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, paymentsPath(kit.ChildID(r), id), "The evidence is taken back. It stays on record with the reason.")
}

// ofChild is the request in the address, which must be about the child in the address.
func (p *Pages) ofChild(r *http.Request) (int64, error) {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return 0, err
	}
	var request payment.Request
	var batch postgres.Batch
	payment.QueueRequest(&batch, &request, kit.ChildID(r), id)
	return id, p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}

func (v requestView) facts() []ui.SummaryRow {
	q := v.Request
	rows := []ui.SummaryRow{
		{Key: "For", Value: q.Category.Name()},
		{Key: "School", Component: ui.TextOr(q.School, "No school: bought by the Virtual School")},
		{Key: "Grant and year", Value: bookName(q.Stream, q.FinancialYear)},
	}
	if q.Committed == 0 {
		return append(rows, ui.SummaryRow{Key: "Approved", Component: ui.TextOr("", "Nothing is approved")})
	}
	rows = append(rows, ui.SummaryRow{Key: "Approved", Value: q.Committed.String(), Source: &ui.SourceProps{From: q.DecidedByName, When: q.DecidedOn.Words()}},
		ui.SummaryRow{Key: "Paid", Value: q.Paid.String()})
	for _, one := range []struct {
		key    string
		amount money.Pence
	}{{"On its way", q.InPayment}, {"Released", q.Released}, {"Given back by the school", q.Recovered}} {
		if one.amount > 0 {
			rows = append(rows, ui.SummaryRow{Key: one.key, Value: one.amount.String()})
		}
	}
	rows = append(rows, ui.SummaryRow{Key: "Left to pay", Value: q.Left().String()})
	return append(rows, EvidenceRow(q.Standing, v.Terms, v.Today))
}

// EvidenceRow is how the evidence for a request stands, for the request's own page too.
func EvidenceRow(s payment.Standing, terms payment.Terms, today calendar.Date) ui.SummaryRow {
	row := ui.SummaryRow{Key: "Evidence", Value: s.Evidenced.String() + " shown"}
	due, rule := s.Due(terms)
	switch {
	case !due.IsZero():
		shown := s.Evidenced.String() + " shown; the rest"
		if s.Evidenced == 0 {
			shown = "Nothing is shown yet; it"
		}
		words := shown + " is due " + due.WordsNear(today) + ", " + due.Relative(today)
		if due.Before(today) {
			words = shown + " was due " + due.WordsNear(today)
		}
		row.Component, row.Source = evidenceDue(words, due.Before(today)), &ui.SourceProps{From: rule}
	case s.Evidenced == 0:
		row.Component = ui.TextOr("", "None is due")
	}
	return row
}

func (v requestView) lineRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, line := range v.Lines {
		rows = append(rows, []templ.Component{ui.Text(line.Reference), ui.Anchor(ui.Link{Text: line.RunReference, Hidden: "payment run", Href: runPath(line.RunID)}),
			ui.Text(line.Amount.String()), ui.TextOr(line.EvidenceDue.Short(), "None due"), lineStateCell(line), lineAction(line)})
	}
	return rows
}

// EvidenceRows is a table of evidence, for the request's own page too.
func EvidenceRows(list []payment.Evidence) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range list {
		sum := ui.Text(one.Amount.String())
		if one.Amount == 0 {
			sum = ui.TextOr("", "No sum")
		}
		rows = append(rows, []templ.Component{evidenceKind(one), ui.Text(one.DatedOn.Words()), sum, ui.TextOr(one.Note, "No note"), ui.Text(one.RecordedByName + ", " + calendar.Of(one.RecordedAt).Short())})
	}
	return rows
}

// EvidenceColumns head that table.
var EvidenceColumns = []ui.Column{{Text: "Evidence"}, {Text: "Dated"}, {Text: "Shows", Numeric: true}, {Text: "Note"}, {Text: "Recorded by"}}

// standing evidence is what can still be taken back.
func (v requestView) standing() (list []payment.Evidence) {
	for _, one := range v.Evidence {
		if one.TakenBack == "" {
			list = append(list, one)
		}
	}
	return list
}

// after is how the request would stand after a correction.
func (v requestView) after() []ui.SummaryRow {
	q, would := v.Request, v.Preview
	rows := []ui.SummaryRow{{Key: "Goes to the pool", Value: would.Amount.String()}}
	if would.Kind == payment.Recovering {
		rows = append(rows, ui.SummaryRow{Key: "Given back by the school, so far", Value: q.Recovered.String()}, ui.SummaryRow{Key: "Given back, after this", Value: (q.Recovered + would.Amount).String()})
	} else {
		rows = append(rows, ui.SummaryRow{Key: "Left to pay now", Value: q.Left().String()}, ui.SummaryRow{Key: "Left to pay, after this", Value: (q.Left() - would.Amount).String()})
	}
	return append(rows, ui.SummaryRow{Key: "Reason", Component: ui.Prose(would.Reason)})
}

// giving leads to where evidence is recorded, for those who may.
func (v requestView) giving() []ui.Link {
	if !v.MayGive {
		return nil
	}
	return []ui.Link{{Text: "Record evidence", Href: v.Path + "/evidence"}}
}
