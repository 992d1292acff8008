package years

import (
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// statementView is a year as it is stated to the chief finance officer.
type statementView struct {
	yearView
	Statement year.Statement
	Authority string
	PrintedAt time.Time
	File      string // the address of the PDF, empty where none are made
}

func (p *Pages) state(r *http.Request) (statementView, error) {
	view, err := p.load(r)
	if err == nil && view.Position.Version == 0 {
		err = fault.NotFound()
	}
	v := statementView{yearView: view, Statement: year.State(view.Position, view.Months), Authority: p.Kit.Site.Authority, PrintedAt: p.Kit.DB.Now()}
	if p.Kit.PDF.Available() {
		v.File = view.Path() + "/statement.pdf"
	}
	return v, err
}

// statement is the year's statement and certificate as a page to be printed.
func (p *Pages) statement(w http.ResponseWriter, r *http.Request) error {
	v, err := p.state(r)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Statement, " + v.title(), Back: v.Path(), Print: true}, statementPage(v))
}

// statementPDF is the same as a file.
func (p *Pages) statementPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := p.state(r)
	if err != nil {
		return err
	}
	return p.Kit.SendPDF(w, r, v.Path()+"/statement", "Statement, "+v.title(), fmt.Sprintf("statement-%s-%s.pdf", v.Stream, v.label()), v.sheet())
}

func (v statementView) sheet() kit.Sheet {
	return kit.Sheet{Foot: v.title() + " · " + v.standsAs() + " · Printed " + calendar.Of(v.PrintedAt).Short() + " by " + v.Actor.Name, Content: statementPaper(v)}
}

// standsAs says whether the statement is the last word.
func (v statementView) standsAs() string {
	switch {
	case v.closed():
		return "Closed by " + v.Position.ClosedByName + " on " + v.closedOn()
	case v.over():
		return "Draft: the year is not closed"
	}
	return "Draft: the year runs until " + calendar.FinancialYearRange(v.Year).LastDay().Words()
}

func (v statementView) accountRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, account := range v.Statement.Accounts {
		rows = append(rows, []templ.Component{ui.Text(statementNames[account.Kind]), ui.Text("£0.00"), ui.Text(account.AtEnd().String()), ui.Text(account.After.String()), ui.Text(account.Now.String())})
	}
	return rows
}

func (v statementView) accountFoot() []templ.Component {
	var end, after money.Pence
	for _, account := range v.Statement.Accounts {
		end += account.AtEnd()
		after += account.After
	}
	return []templ.Component{ui.Text("All accounts together"), ui.Text("£0.00"), ui.Text(end.String()), ui.Text(after.String()), ui.Text(v.Statement.Total().String())}
}

var statementNames = map[string]string{"grant": "Grant received from the department", "pool": "Not allocated", "retained": "Retained, not spent", "committed": "Committed, not paid",
	"paid": "Paid", "recovered": "Given back by schools", "returned": "Returned to the department"}

// flowRows are the entries by what they did.
func (v statementView) flowRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, flow := range v.Statement.Flows {
		words := statementNames[flow.From] + " to " + lower(statementNames[flow.To])
		if flow.Journals > 0 {
			words += fmt.Sprintf(" (of these %s)", ui.Plural(flow.Journals, "journal", "journals"))
		}
		rows = append(rows, []templ.Component{ui.Text(words), ui.Text(ui.Thousands(flow.Entries)), ui.Text(flow.Sum.String())})
	}
	return rows
}

// spendRows say what the grant was used for, and end in the income.
func (v statementView) useRows() [][]templ.Component {
	row := func(name string, amount money.Pence) []templ.Component {
		return []templ.Component{ui.Text(name), ui.Text(amount.String())}
	}
	rows := [][]templ.Component{row("Paid to schools and providers on requests", v.Statement.PaidOnRequests), row("Given back by schools", -v.Position.Recovered)}
	for _, purpose := range v.Purposes {
		if purpose.Spent > 0 {
			rows = append(rows, row("Retained share: "+purpose.Name, purpose.Spent))
		}
	}
	if other := v.Statement.SpentOfRetained - v.spentByPurpose(); other != 0 {
		rows = append(rows, row("Retained share, no purpose named", other))
	}
	return append(rows, row("Committed, not paid", v.Position.Committed), row("Retained, not spent", v.Position.Retained), row("Not allocated", v.Position.Pool))
}

func (v statementView) spentByPurpose() money.Pence {
	var sum money.Pence
	for _, purpose := range v.Purposes {
		sum += purpose.Spent
	}
	return sum
}

// proof are the lines that show the statement adds up.
func (v statementView) proof() []ui.SummaryRow {
	p := v.Position
	right := p.Retained + p.Pool + p.Committed + p.Paid - p.Recovered
	rows := []ui.SummaryRow{
		{Key: "Income less returns", Value: p.Income.String()},
		{Key: "Retained + not allocated + committed + paid − given back", Value: right.String()},
		{Key: "Difference", Value: (p.Income - right).String()},
		{Key: "Balances against the sum of their entries", Value: v.Statement.Off.String() + " apart"},
	}
	if len(v.Entries) > 0 {
		last := v.Entries[len(v.Entries)-1]
		given := p.Income + p.Returned
		rows = append(rows, ui.SummaryRow{Key: "Grant received against the " + lower(last.Stage.Name()) + " figures (" + last.Basis(v.Stream) + ")",
			Value: fmt.Sprintf("%s received, %s told, %s apart", given, last.Amount, given-last.Amount)})
	}
	return rows
}

// certified is what the chief finance officer puts their name to.
func (v statementView) certified() string {
	grant := v.Stream.Name()
	if v.Stream == ledger.LookedAfter {
		grant += " for children in care"
	}
	return fmt.Sprintf("I certify that %s received %s of %s for the financial year %s, that %s of it was spent on the purposes of the grant and in accordance with its conditions, that %s was allocated to schools in time and is not yet paid, and that %s was or is to be returned to the Department for Education.",
		v.Authority, v.Position.Income+v.Position.Returned, grant, v.label(), v.Position.Paid-v.Position.Recovered, v.Position.Committed, v.Position.Returned+v.toReturn())
}

// toReturn is what closing will still return.
func (v statementView) toReturn() money.Pence {
	if v.closed() {
		return 0
	}
	return v.Position.Pool + v.Position.Retained
}

func lower(words string) string {
	if words == "" {
		return ""
	}
	return string(words[0]|0x20) + words[1:]
}
