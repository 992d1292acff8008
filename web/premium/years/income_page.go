package years

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/fault"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

func (p *Pages) income(w http.ResponseWriter, r *http.Request) error {
	return p.showIncome(w, r, nil, false)
}

func (p *Pages) saveIncome(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	entry := readEntry(form, y.Stream)
	if err = form.Err(); err == nil {
		err = p.Years.EnterIncome(r.Context(), kit.Actor(r), y.Stream, y.Year, form.Version(), entry)
	}
	switch {
	case form.Refuses(err):
		return p.showIncome(w, r, form, false)
	case overtaken(err):
		return p.showIncome(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, y.Path(), "The income is entered.")
}

// overtaken says that somebody else saved the year meanwhile: the page shows both.
func overtaken(err error) bool {
	return errors.Is(err, fault.KindConflict) && fault.Words(err) == fault.Words(fault.Conflict(""))
}

func readEntry(form *kit.Form, stream ledger.Stream) year.Entry {
	entry := year.Entry{Stage: year.Stage(form.Choice("stage", "Provisional or final", string(year.Provisional), string(year.Final)))}
	if stream == ledger.Post16 {
		entry.Sum = form.Money("sum", "The sum of the grant")
	} else {
		entry.Children = form.Number("children", "Children counted", 0, year.MostChildren)
		if stream == ledger.EarlyYears {
			entry.Hours = form.Number("hours", "Funded hours", 0, year.MostChildren*year.MostHours)
		}
		entry.Rate = form.Money("rate", rateLabel(stream))
	}
	entry.Source = form.Required("source", "Where the figures were published", 500)
	return entry
}

func (p *Pages) showIncome(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	view, err := p.load(r)
	if err != nil {
		return err
	}
	view.Form, view.Conflict = form, conflict
	if form == nil {
		view.Form = incomeForm(view)
	}
	if conflict {
		view.Form.Overtaken(view.Position.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Income, " + view.title(), Trail: view.trail(), Form: view.Form}, incomePage(view))
}

// incomeForm is a form prefilled with the last entry, or with the rate the department published.
func incomeForm(v yearView) *kit.Form {
	form := kit.NewForm(nil)
	form.SetVersion(v.Position.Version)
	if len(v.Entries) == 0 {
		if rate, known := year.Published(v.Stream, v.Year); known {
			form.Set("rate", rate.Amount.Plain())
			form.Set("source", rate.Source)
		}
		return form
	}
	last := v.Entries[len(v.Entries)-1]
	form.Set("stage", string(last.Stage))
	form.Set("children", strconv.Itoa(last.Children))
	form.Set("hours", strconv.Itoa(last.Hours))
	form.Set("rate", last.Rate.Plain())
	form.Set("sum", last.Sum.Plain())
	form.Set("source", last.Source)
	return form
}

// stages are the choices; once the final figures are in, only corrections of them are taken.
func (v yearView) stages() []ui.Choice {
	choices := []ui.Choice{{Value: string(year.Provisional), Text: "Provisional", Hint: "On last year’s return, until December"},
		{Value: string(year.Final), Text: "Final", Hint: "On the new return, or a correction of it"}}
	if _, final := year.Latest(v.Entries, year.Final); final {
		return choices[1:]
	}
	return choices
}

// rateHint says what is known of the rate, and that it is asked for where nothing is.
func (v yearView) rateHint() string {
	if rate, known := year.Published(v.Stream, v.Year); known {
		return fmt.Sprintf("The department published %s for %s", rate.Amount, v.label())
	}
	return fmt.Sprintf("The rate for %s is not known here: enter it as the department published it", v.label())
}

func (v yearView) savedIncome() []ui.SummaryRow {
	if len(v.Entries) == 0 {
		return nil
	}
	last := v.Entries[len(v.Entries)-1]
	return []ui.SummaryRow{{Key: "Saved now", Value: last.Stage.Name() + ": " + last.Basis(v.Stream)}, {Key: "Income saved now", Value: last.Amount.String()},
		{Key: "Source saved now", Value: last.Source}, {Key: "Saved by", Value: last.EnteredBy}}
}
