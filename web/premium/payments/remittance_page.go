package payments

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

const remittancesShown = 25

type remittancesView struct {
	Nav  ui.SubNavigationProps
	All  []payment.Remittance
	Next string
}

func (p *Pages) remittances(w http.ResponseWriter, r *http.Request) error {
	actor := kit.Actor(r)
	view := remittancesView{Nav: area.Navigation(actor, home)}
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	var batch postgres.Batch
	payment.QueueRemittances(&batch, &view.All, actor.ID, payer(r), before, remittancesShown+1)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	if len(view.All) > remittancesShown {
		view.All = view.All[:remittancesShown]
		view.Next = fmt.Sprintf("%s?before=%d", remittances, view.All[remittancesShown-1].ID)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Remittances", Wide: true}, remittancesPage(view))
}

func remittanceRows(all []payment.Remittance) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range all {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: one.RunReference, Hidden: "to " + one.Payee, Href: remittancePath(one.ID)}), ui.Text(one.Payee),
			ui.Text(bookName(one.Stream, one.FinancialYear)), ui.Text(one.SentOn.Short()), ui.Text(ui.Thousands(one.Lines)), ui.Text(one.Sum.String())})
	}
	return rows
}

type remittanceView struct {
	Remittance payment.Remittance
	Lines      []payment.Line
	Authority  string
	File       string // the address of its PDF; empty where none are made
	Payer      bool
}

// read reads a remittance. The children whose initials it shows are looked at, in the audit.
func (p *Pages) read(r *http.Request, screen string) (remittanceView, error) {
	id, err := kit.PathID(r, "remittanceID")
	if err != nil {
		return remittanceView{}, err
	}
	actor := kit.Actor(r)
	view := remittanceView{Authority: p.Kit.Site.Authority, Payer: payer(r)}
	var batch postgres.Batch
	payment.QueueRemittance(&batch, &view.Remittance, id, actor.ID, view.Payer)
	payment.QueueLinesOfRemittance(&batch, &view.Lines, id)
	payment.QueueRemittanceLook(r.Context(), &batch, id, actor.ID, screen)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return remittanceView{}, err
	}
	if p.Kit.PDF.Available() {
		view.File = remittancePath(id) + "/remittance.pdf"
	}
	return view, nil
}

func (p *Pages) remittance(w http.ResponseWriter, r *http.Request) error {
	view, err := p.read(r, "premium remittance")
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Remittance " + view.Remittance.RunReference, Back: remittances, Print: true}, remittancePage(view))
}

func (p *Pages) remittancePDF(w http.ResponseWriter, r *http.Request) error {
	view, err := p.read(r, "premium remittance downloaded")
	if err != nil {
		return err
	}
	if p.Kit.PDF.Available() {
		if err := p.Payments.RemittanceTaken(r.Context(), kit.Actor(r), view.Remittance); err != nil {
			return err
		}
	}
	foot := "Remittance " + view.Remittance.RunReference + " · " + view.Remittance.Payee + " · Printed " + p.Kit.Today().Short() + " by " + kit.Actor(r).Name
	return p.Kit.SendPDF(w, r, remittancePath(view.Remittance.ID), "Remittance "+view.Remittance.RunReference, "remittance-"+view.Remittance.RunReference+".pdf",
		kit.Sheet{Foot: foot, Content: remittancePaper(view)})
}

func (v remittanceView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, line := range v.Lines {
		rows = append(rows, []templ.Component{ui.Text(line.Initials()), ui.Text(line.For()), ui.Text(line.Reference), ui.TextOr(line.EvidenceDue.Words(), v.noEvidence()), ui.Text(v.amount(line))})
	}
	return rows
}

func (v remittanceView) noEvidence() string { return "Nothing more is due" }

// amount says of a payment that did not arrive, or came back, that it did not.
func (v remittanceView) amount(line payment.Line) string {
	if line.State == payment.NotPaid || line.State == payment.Bounced {
		return line.Amount.String() + " (" + line.State.Name() + ")"
	}
	return line.Amount.String()
}

// elsewhere is what the remittance holds for children the reader does not work with any more.
func (v remittanceView) elsewhere() (lines int, sum money.Pence) {
	lines, sum = v.Remittance.Lines, v.Remittance.Sum
	for _, line := range v.Lines {
		lines, sum = lines-1, sum-line.Amount
	}
	return lines, sum
}

func (v remittanceView) foot() []templ.Component {
	return []templ.Component{ui.Text("Total"), ui.Text(""), ui.Text(""), ui.Text(""), ui.Text(v.Remittance.Sum.String())}
}

func (v remittanceView) facts() []ui.Fact {
	one := v.Remittance
	facts := []ui.Fact{{Term: "To", Value: one.Payee}}
	if one.URN > 0 {
		facts = append(facts, ui.Fact{Term: "URN", Value: fmt.Sprint(one.URN)})
	}
	sent := "Not sent yet"
	if !one.SentOn.IsZero() {
		sent = one.SentOn.Words()
	}
	facts = append(facts, ui.Fact{Term: "From", Value: v.Authority}, ui.Fact{Term: "Grant", Value: one.Stream.Name()},
		ui.Fact{Term: "Financial year", Value: calendar.FinancialYearLabel(one.FinancialYear)}, ui.Fact{Term: "Sent for payment", Value: sent},
		ui.Fact{Term: "Total", Value: one.Sum.String()})
	if one.Contact != "" {
		facts = append(facts, ui.Fact{Term: "Questions to", Value: one.Contact + ", " + one.ContactEmail})
	}
	return facts
}
