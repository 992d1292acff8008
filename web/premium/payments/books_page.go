package payments

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

type booksView struct {
	Nav   ui.SubNavigationProps
	Found payment.Reconciliation
}

func (p *Pages) reconciliation(w http.ResponseWriter, r *http.Request) error {
	view := booksView{Nav: area.Navigation(kit.Actor(r), home)}
	var err error
	if view.Found, err = p.Payments.Reconcile(r.Context(), kit.Actor(r)); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Reconciliation", Wide: true, Trail: []ui.Link{{Text: "Payments", Href: home}}}, booksPage(view))
}

func (v booksView) lead() string {
	if n := len(v.Found.Differences); n > 0 {
		return ui.Plural(n, "sum differs", "sums differ") + ". Each is named below."
	}
	return "Ledger, requests, payments and files for finance agree to the penny."
}

func (v booksView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, s := range v.Found.Sums {
		rows = append(rows, []templ.Component{ui.Text(bookName(s.Stream, s.FinancialYear)), pair(s.LedgerCommit, s.RequestCommit), pair(s.LedgerPaid, s.RequestPaid), ui.Text(s.LinePaid.String()),
			ui.Text(s.OnTheWay.String()), ui.Text(s.Undone.String()), ui.Text(s.RunSum.String()), exported(s)})
	}
	return rows
}

// pair is one sum where two places agree, and both where they do not.
func pair(one, other money.Pence) templ.Component {
	if one == other {
		return ui.Text(one.String())
	}
	return ui.Text(one.String() + " / " + other.String())
}

func exported(s payment.Sums) templ.Component {
	if s.ExportSum < s.RunSum {
		return ui.Text(s.ExportSum.String() + ", not all downloaded")
	}
	return ui.Text(s.ExportSum.String())
}

func (v booksView) differences() [][]templ.Component {
	var rows [][]templ.Component
	for _, d := range v.Found.Differences {
		where := ui.Text(d.Where())
		if d.RequestID != 0 {
			where = ui.Anchor(ui.Link{Text: d.Where(), Href: paymentsPath(d.ChildID, d.RequestID)})
		}
		rows = append(rows, []templ.Component{where, ui.Text(d.Words()), ui.Text((d.One - d.Other).String())})
	}
	return rows
}

type returnView struct {
	Nav     ui.SubNavigationProps
	Form    *kit.Form
	Stream  ledger.Stream
	Year    int
	Books   []ledger.Position
	Preview *preview
	Returns backs
}

// sent is the form whose problems are told at the top.
func (v returnView) sent() *kit.Form {
	if v.Returns.Sent != nil {
		return v.Returns.Sent
	}
	return v.Form
}

func (p *Pages) giveBack(w http.ResponseWriter, r *http.Request) error {
	return p.showGiveBack(w, r, kit.NewForm(map[string]string{"book": r.URL.Query().Get("book")}), nil, nil)
}

// showGiveBack shows the page; taken is the form by which an earlier return is taken back, shown again.
func (p *Pages) showGiveBack(w http.ResponseWriter, r *http.Request, form *kit.Form, shown *preview, taken *kit.Form) error {
	view := returnView{Nav: area.Navigation(kit.Actor(r), ""), Form: form, Preview: shown, Returns: backs{Path: "/premium/return", Sent: taken, Books: true, Head: kit.Actor(r).Role == access.Head}}
	view.Stream, view.Year = p.book(form.Value("book"))
	var err error
	if view.Books, err = p.positions(r, &view.Returns.List); err != nil {
		return err
	}
	if view.Returns.gone() {
		return done()
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Return money to the department", Form: view.sent(), Back: "/premium/years"}, returnPage(view))
}

// positions are the grants' years that have money left, this year's and the last, and what was returned
// out of those.
func (p *Pages) positions(r *http.Request, returns *[]payment.Back) ([]ledger.Position, error) {
	_, year := p.book("")
	all := make([]ledger.Position, 0, 2*len(ledger.Streams))
	var batch postgres.Batch
	payment.QueueReturns(&batch, returns, year-1)
	for _, financialYear := range []int{year - 1, year} {
		for _, stream := range ledger.Streams {
			all = append(all, ledger.Position{})
			ledger.QueuePosition(&batch, &all[len(all)-1], stream, financialYear)
		}
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return nil, err
	}
	var left []ledger.Position
	for _, one := range all {
		if one.Pool > 0 {
			left = append(left, one)
		}
	}
	return left, nil
}

func (v returnView) options() (options []ui.Option) {
	for _, one := range v.Books {
		options = append(options, ui.Option{Value: bookKey(one.Stream, one.FinancialYear), Text: fmt.Sprintf("%s: %s left", bookName(one.Stream, one.FinancialYear), one.Pool)})
	}
	return options
}

// pool is what the chosen grant and year has left.
func (v returnView) pool() money.Pence { return poolOf(v.Books, v.Stream, v.Year) }

func poolOf(books []ledger.Position, stream ledger.Stream, year int) money.Pence {
	for _, one := range books {
		if one.Stream == stream && one.FinancialYear == year {
			return one.Pool
		}
	}
	return 0
}

func (p *Pages) saveGiveBack(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	var returns []payment.Back
	books, err := p.positions(r, &returns)
	if err != nil {
		return err
	}
	var offered []string
	for _, one := range books {
		offered = append(offered, bookKey(one.Stream, one.FinancialYear))
	}
	stream, year := p.book(form.Choice("book", "Grant and year", offered...))
	would := preview{Amount: form.Money("amount", "Amount"), Reason: form.Required("reason", "Reason", 4000)}
	err = form.Err()
	if err == nil {
		err = payment.CheckReturn(poolOf(books, stream, year), would.Amount, would.Reason)
	}
	confirmed := form.Value("step") == "confirm"
	if err == nil && confirmed {
		err = p.Payments.Return(r.Context(), kit.Actor(r), stream, year, would.Amount, would.Reason)
	}
	switch {
	case form.Refuses(err):
		return p.showGiveBack(w, r, form, nil, nil)
	case err != nil:
		return err
	case !confirmed:
		return p.showGiveBack(w, r, form, &would, nil)
	}
	return p.Kit.Done(w, r, "/premium/years", "The return to the department is in the ledger.")
}
