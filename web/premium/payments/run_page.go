package payments

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type runView struct {
	Path        string
	Run         payment.Run
	Remittances []payment.Remittance
	Lines       []payment.Line
	Aside       *kit.Form
	SendKey     string
}

func (p *Pages) run(w http.ResponseWriter, r *http.Request) error {
	return p.showRun(w, r, kit.NewForm(nil))
}

func (p *Pages) showRun(w http.ResponseWriter, r *http.Request, aside *kit.Form) error {
	id, err := kit.PathID(r, "paymentRunID")
	if err != nil {
		return err
	}
	view := runView{Path: runPath(id), Aside: aside, SendKey: kit.NewKey()}
	var batch postgres.Batch
	payment.QueueRun(&batch, &view.Run, id)
	payment.QueueRemittancesOfRun(&batch, &view.Remittances, id)
	payment.QueueLinesOfRun(&batch, &view.Lines, id)
	payment.QueueRunLook(r.Context(), &batch, id, kit.Actor(r).ID)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if aside.Err() != nil && view.Run.State != payment.Made {
		return done()
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Payment run " + view.Run.Reference, Form: aside, Wide: true, Trail: []ui.Link{{Text: "Payments", Href: home}}}, runPage(view))
}

// finance is the run as a file. Making it is written down, so it is posted for; its form has no key, for a
// file may be fetched again from the same page.
func (p *Pages) finance(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "paymentRunID")
	if err != nil {
		return err
	}
	reference, rows, err := p.Payments.Export(r.Context(), kit.Actor(r), id)
	if err != nil {
		return err
	}
	return p.Kit.SendCSV(w, r, "payment-run-"+reference+".csv", rows)
}

func (p *Pages) send(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "paymentRunID")
	if err != nil {
		return err
	}
	if err := p.Payments.Send(r.Context(), kit.Actor(r), id); err != nil {
		return err
	}
	return p.Kit.Done(w, r, runPath(id), "The run is with finance. The schools' designated teachers can see their remittances.")
}

func (p *Pages) setAside(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "paymentRunID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	reason := form.Required("reason", "Why it is set aside", 4000)
	err = form.Err()
	if err == nil {
		err = p.Payments.SetAside(r.Context(), kit.Actor(r), id, reason)
	}
	if form.Refuses(err) {
		return p.showRun(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, runPath(id), "The run is set aside. What was in it can be paid in another.")
}

func (v runView) lead() string {
	return fmt.Sprintf("%s to %s: %s.", v.Run.Sum, ui.Plural(len(v.Remittances), "school", "schools"), ui.Plural(v.Run.Lines, "payment", "payments"))
}

func (v runView) facts() []ui.SummaryRow {
	run := v.Run
	rows := []ui.SummaryRow{
		{Key: "State", Component: ui.Tag(stateTag(run.State))},
		{Key: "Grant and year", Value: bookName(run.Stream, run.FinancialYear)},
		{Key: "Made by", Value: run.MadeByName, Source: &ui.SourceProps{From: calendar.Moment(run.MadeAt)}},
	}
	if run.SentAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Sent to finance by", Value: run.SentByName, Source: &ui.SourceProps{From: calendar.Moment(*run.SentAt)}})
	}
	if run.SetAsideAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Set aside by", Value: run.SetAsideByName, Source: &ui.SourceProps{From: calendar.Moment(*run.SetAsideAt)}},
			ui.SummaryRow{Key: "Why", Component: ui.Prose(run.SetAsideReason)})
	}
	files := "Not downloaded yet"
	if run.Exports > 0 {
		files = "Downloaded " + ui.Plural(run.Exports, "time", "times")
	}
	return append(rows, ui.SummaryRow{Key: "File for finance", Value: files})
}

// hidden is how many lines are about records the reader may not see.
func (v runView) hidden() int { return v.Run.Lines - len(v.Lines) }

func (v runView) schoolRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Remittances {
		name := ui.Text(one.Payee)
		if one.SettingID != 0 {
			name = ui.Anchor(ui.Link{Text: one.Payee, Hidden: "remittance", Href: remittancePath(one.ID)})
		}
		rows = append(rows, []templ.Component{name, ui.TextOr(urn(one.URN), "None"), ui.Text(ui.Thousands(one.Lines)), ui.Text(one.Sum.String())})
	}
	return rows
}

func (v runView) schoolFoot() []templ.Component {
	return []templ.Component{ui.Text("Whole run"), ui.Text(""), ui.Text(ui.Thousands(v.Run.Lines)), ui.Text(v.Run.Sum.String())}
}

func urn(number int) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprint(number)
}

func (v runView) lineRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, line := range v.Lines {
		rows = append(rows, []templ.Component{lineReferenceCell(line), lineForCell(line), ui.Text(line.Amount.String()), ui.TextOr(line.EvidenceDue.Short(), "None due"), lineStateCell(line), lineAction(line)})
	}
	return rows
}

type lineView struct {
	Form *kit.Form
	Line payment.Line
}

func (p *Pages) line(w http.ResponseWriter, r *http.Request) error {
	return p.showLine(w, r, kit.NewForm(nil))
}

func (p *Pages) showLine(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	id, err := kit.PathID(r, "lineID")
	if err != nil {
		return err
	}
	view := lineView{Form: form}
	var batch postgres.Batch
	payment.QueueLine(&batch, &view.Line, id)
	payment.QueueLineLook(r.Context(), &batch, id, kit.Actor(r).ID)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if form.Err() != nil && !view.undoable() {
		return done()
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Payment " + view.Line.Reference, Form: form, Back: runPath(view.Line.RunID)}, linePage(view))
}

func (p *Pages) undo(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "lineID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	reason := form.Required("reason", "What happened", 4000)
	err = form.Err()
	if err == nil {
		err = p.Payments.Undo(r.Context(), kit.Actor(r), id, reason)
	}
	if form.Refuses(err) {
		return p.showLine(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, fmt.Sprintf("%s/lines/%d", home, id), "Recorded. The money can be paid again in another run.")
}

// undoable says whether a line can still turn out not to be paid.
func (v lineView) undoable() bool {
	return v.Line.State == payment.Paid || v.Line.State == payment.Open && v.Line.RunState == payment.Sent
}

func (v lineView) facts() []ui.SummaryRow {
	line := v.Line
	rows := []ui.SummaryRow{
		{Key: "State", Component: ui.Tag(lineTag(line))},
		{Key: "Amount", Value: line.Amount.String()},
		{Key: "Run", Component: ui.Anchor(ui.Link{Text: line.RunReference, Href: runPath(line.RunID)})},
		{Key: "Request", Component: ui.Anchor(ui.Link{Text: line.Category.Name(), Href: paymentsPath(line.ChildID, line.RequestID)}), Source: &ui.SourceProps{From: "Child " + line.LAChildID}},
	}
	if !line.PaidOn.IsZero() {
		rows = append(rows, ui.SummaryRow{Key: "Paid on", Value: line.PaidOn.Words(), Source: &ui.SourceProps{From: line.PaymentReference}})
	}
	if line.UndoneAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "What happened", Component: ui.Prose(line.UndoneReason), Source: &ui.SourceProps{From: line.UndoneByName + ", " + calendar.Moment(*line.UndoneAt)}})
	}
	return rows
}

// payer says whether the reader may see every remittance.
func payer(r *http.Request) bool { return access.Can(kit.Actor(r), access.PayPremium) }
