package payments

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// backs is money that went back, with a way to take each entry back that was a mistake.
type backs struct {
	List  []payment.Back
	Path  string    // under which an entry is taken back, by its number
	Sent  *kit.Form // the form that was sent and is shown again; nil: none
	Books bool      // of more than one grant and year: each is named
	Head  bool      // the reader may still enter something in a closed year
}

// may says whether the reader can take an entry back.
func (b backs) may(one payment.Back) bool { return one.TakenBack == "" && (b.Head || !one.Closed) }

func (b backs) columns() []ui.Column {
	columns := []ui.Column{{Text: "Day", NoWrap: true}, {Text: "Amount", Numeric: true}, {Text: "Reason"}, {Text: "Entered by"}}
	if b.Books {
		columns = append([]ui.Column{{Text: "Grant and year"}}, columns...)
	}
	return columns
}

func (b backs) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range b.List {
		row := []templ.Component{ui.Text(one.MadeOn.Short()), ui.Text(one.Amount.String()), backCell(b, one), ui.Text(one.MadeByName)}
		if b.Books {
			row = append([]templ.Component{ui.Text(bookName(one.Stream, one.FinancialYear))}, row...)
		}
		rows = append(rows, row)
	}
	return rows
}

// form is the one for an entry: the one that was sent, or a new one.
func (b backs) form(one payment.Back) *kit.Form {
	if b.Sent != nil && b.Sent.Error(whyField(one.ID)) != "" {
		return b.Sent
	}
	return kit.NewForm(nil)
}

// gone says that the entry whose form was sent stands no more, or is not of this list.
func (b backs) gone() bool {
	return b.Sent != nil && !slices.ContainsFunc(b.List, func(one payment.Back) bool { return one.TakenBack == "" && b.Sent.Error(whyField(one.ID)) != "" })
}

// whyField is the name of the box beside an entry: each has its own, so that a label finds its box.
func whyField(transferID int64) string { return fmt.Sprintf("why-%d", transferID) }

func (p *Pages) takeBackRecovery(w http.ResponseWriter, r *http.Request) error {
	id, err := p.ofChild(r)
	if err != nil {
		return err
	}
	form, refused, err := p.takeBackEntry(r, func(transferID int64, reason string) error {
		return p.Payments.TakeBackRecovery(r.Context(), kit.Actor(r), id, transferID, reason)
	})
	switch {
	case refused:
		return p.showRequest(w, r, recoveries, form, nil)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, paymentsPath(kit.ChildID(r), id), "Taken back: the school has not given this back after all.")
}

func (p *Pages) takeBackReturn(w http.ResponseWriter, r *http.Request) error {
	form, refused, err := p.takeBackEntry(r, func(transferID int64, reason string) error {
		return p.Payments.TakeBackReturn(r.Context(), kit.Actor(r), transferID, reason)
	})
	switch {
	case refused:
		return p.showGiveBack(w, r, kit.NewForm(nil), nil, form)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, "/premium/return", "Taken back: the money can be allocated again.")
}

// takeBackEntry reads why the entry in the address is taken back and has it done; refused when the form
// must be shown again.
func (p *Pages) takeBackEntry(r *http.Request, do func(transferID int64, reason string) error) (form *kit.Form, refused bool, err error) {
	transfer, err := kit.PathID(r, "transferID")
	if err != nil {
		return nil, false, err
	}
	form = kit.FormOf(r)
	reason := form.Required(whyField(transfer), "Why it is taken back", 4000)
	if err = form.Err(); err == nil {
		err = do(transfer, reason)
	}
	refused = form.Refuses(err)
	form.Rename("reason", whyField(transfer))
	return form, refused, err
}
