package years

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// spendingView is what was spent from the retained share, and the form to add to it.
type spendingView struct {
	yearView
	Spent []year.Spent
	Back  *kit.Form // taking an entry back
}

func (p *Pages) spending(w http.ResponseWriter, r *http.Request) error {
	return p.showSpending(w, r, nil, nil)
}

func (p *Pages) saveSpending(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	spending := year.Spending{PurposeID: form.ID("purpose"), Amount: form.Money("amount", "The amount"), What: form.Required("what", "What the money was spent on", 500)}
	if spending.PurposeID == 0 {
		form.Problems.Add("purpose", "Choose the purpose it was spent on")
	}
	if err = form.Err(); err == nil {
		err = p.Years.Spend(r.Context(), kit.Actor(r), y.Stream, y.Year, spending)
	}
	switch {
	case form.Refuses(err):
		return p.showSpending(w, r, form, nil)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, y.Path()+"/spending", "The spending is entered.")
}

func (p *Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	transfer, err := kit.PathID(r, "transferID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	reason := form.Required(reasonField(transfer), "Why it is taken back", 500)
	if err = form.Err(); err == nil {
		err = p.Years.TakeBack(r.Context(), kit.Actor(r), y.Stream, y.Year, transfer, reason)
	}
	switch {
	case form.Refuses(err):
		form.Rename("reason", reasonField(transfer))
		return p.showSpending(w, r, nil, form)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, y.Path()+"/spending", "The entry is taken back.")
}

func (p *Pages) showSpending(w http.ResponseWriter, r *http.Request, form, back *kit.Form) error {
	view := spendingView{Back: back}
	var err error
	view.yearView, err = p.load(r, func(batch *postgres.Batch, v *yearView) { year.QueueSpent(batch, &view.Spent, v.Stream, v.Year) })
	if err != nil {
		return err
	}
	if view.Position.Version == 0 {
		return fault.NotFound()
	}
	if back != nil && !slices.ContainsFunc(view.Spent, func(one year.Spent) bool { return !one.Back && back.Error(reasonField(one.ID)) != "" }) {
		return fault.Conflict("This entry has been taken back already, or is not of this year. Nothing has been changed.")
	}
	view.Form = form
	if form == nil {
		view.Form = kit.NewForm(nil)
	}
	page := kit.Page{Title: "Spending of the retained share, " + view.title(), Trail: view.trail(), Form: view.Form, Wide: true}
	if back != nil {
		page.Form = back
	}
	return p.Kit.Show(w, r, page, spendingPage(view))
}

func (v spendingView) purposeOptions() []ui.Option {
	var options []ui.Option
	for _, purpose := range v.Purposes {
		options = append(options, ui.Option{Value: strconv.FormatInt(purpose.ID, 10), Text: fmt.Sprintf("%s (%s left)", purpose.Name, purpose.Left())})
	}
	return options
}

func (v spendingView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Spent {
		what := ui.Text(one.Reason)
		if one.Back {
			what = takenBack(one)
		} else if v.mayRetain() {
			what = spentCell(v, one)
		}
		rows = append(rows, []templ.Component{ui.Time(ui.TimeProps{Machine: one.MadeOn.String(), Text: one.MadeOn.Short()}), what, ui.Text(one.Amount.String()), ui.Text(one.MadeBy)})
	}
	return rows
}

// backForm is the form to take one entry back: the one that was sent, or a new one.
func (v spendingView) backForm(one year.Spent) *kit.Form {
	if v.Back != nil && v.Back.Error(reasonField(one.ID)) != "" {
		return v.Back
	}
	return kit.NewForm(nil)
}

// reasonField is the name of the box beside an entry: each has its own, so that a label finds its box.
func reasonField(transferID int64) string { return fmt.Sprintf("reason-%d", transferID) }

func (v spendingView) summary() []ui.FieldError {
	if v.Back != nil {
		return v.Back.Summary()
	}
	return v.Form.Summary()
}
