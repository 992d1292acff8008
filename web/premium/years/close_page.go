package years

import (
	"net/http"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

func (p *Pages) closing(w http.ResponseWriter, r *http.Request) error {
	return p.showClosing(w, r, nil)
}

func (p *Pages) closeYear(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	if form.Value("sure") != "yes" {
		form.Problems.Add("sure", "Confirm that the statement is right and the year is to be locked")
		return p.showClosing(w, r, form)
	}
	if err := p.Years.Close(r.Context(), kit.Actor(r), y.Stream, y.Year, form.Version()); err != nil {
		return err
	}
	return p.Kit.Done(w, r, y.Path(), "The year is closed.")
}

func (p *Pages) showClosing(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view, err := p.load(r)
	if err != nil {
		return err
	}
	if view.Position.Version == 0 {
		return fault.NotFound()
	}
	if view.closed() {
		http.Redirect(w, r, view.Path(), http.StatusSeeOther)
		return nil
	}
	view.Form = form
	if form == nil {
		view.Form = kit.NewForm(nil)
		view.Form.SetVersion(view.Position.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Close " + view.title(), Trail: view.trail(), Form: view.Form}, closingPage(view))
}

// standsInTheWay says why the year cannot be closed today; empty when it can.
func (v yearView) standsInTheWay() string {
	if err := year.MayClose(v.Year, v.Today); err != nil {
		return fault.Words(err)
	}
	return ""
}

// willHappen is what closing does, to the penny.
func (v yearView) willHappen() []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "Income", Value: v.Position.Income.String()},
		{Key: "Paid, less what schools gave back", Value: (v.Position.Paid - v.Position.Recovered).String() + ", stays as it is"},
		{Key: "Committed, not paid", Value: v.Position.Committed.String() + ", stays: it was allocated in time"},
		{Key: "Retained and not spent", Value: v.Position.Retained.String() + ", goes back to be returned"},
		{Key: "Not allocated", Value: v.Position.Pool.String()},
		{Key: "Returned to the department", Value: (v.Position.Pool + v.Position.Retained).String() + ", entered in the ledger first"},
	}
}

func (p *Pages) journal(w http.ResponseWriter, r *http.Request) error {
	return p.showJournal(w, r, nil, false)
}

func (p *Pages) saveJournal(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var kinds []string
	for _, kind := range year.JournalKinds {
		kinds = append(kinds, string(kind))
	}
	journal := year.Journal{Kind: year.JournalKind(form.Choice("kind", "What the journal is for", kinds...)), Amount: form.Money("amount", "The amount"),
		Reason: form.Required("reason", "Why the journal is needed", 500)}
	if form.Value("request") != "" {
		journal.RequestID = int64(form.Number("request", "Number of the request", 1, 1<<31-1))
	}
	if err = form.Err(); err == nil {
		err = p.Years.Write(r.Context(), kit.Actor(r), y.Stream, y.Year, form.Version(), journal)
	}
	switch {
	case form.Refuses(err):
		return p.showJournal(w, r, form, false)
	case overtaken(err):
		return p.showJournal(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, y.Path()+"/ledger", "The journal is written.")
}

func (p *Pages) showJournal(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	view, err := p.load(r)
	if err != nil {
		return err
	}
	if !view.closed() {
		return fault.NotFound()
	}
	view.Form, view.Conflict = form, conflict
	if form == nil {
		view.Form = kit.NewForm(nil)
		view.Form.SetVersion(year.Journals(view.Months) + 1)
	}
	if conflict {
		view.Form.Overtaken(year.Journals(view.Months) + 1)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Journal, " + view.title(), Trail: view.trail(), Form: view.Form}, journalPage(view))
}

func journalChoices() []ui.Choice {
	var choices []ui.Choice
	for _, kind := range year.JournalKinds {
		choices = append(choices, ui.Choice{Value: string(kind), Text: kind.Name()})
	}
	return choices
}

func (v yearView) closedOn() string { return calendar.Of(*v.Position.ClosedAt).Words() }
