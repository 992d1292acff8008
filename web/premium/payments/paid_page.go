package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

type paidView struct {
	Nav   ui.SubNavigationProps
	Form  *kit.Form
	Files []payment.PaidFile
}

func (p *Pages) paid(w http.ResponseWriter, r *http.Request) error {
	return p.showPaid(w, r, kit.NewForm(nil))
}

func (p *Pages) showPaid(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := paidView{Nav: area.Navigation(kit.Actor(r), home), Form: form}
	var batch postgres.Batch
	payment.QueuePaidFiles(&batch, &view.Files, 25)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Confirm what finance paid", Form: form, Trail: []ui.Link{{Text: "Payments", Href: home}}}, paidPage(view))
}

func (p *Pages) receive(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	name, content, err := kit.File(r, "file")
	var id int64
	if err == nil {
		id, err = p.Payments.ReceivePaid(once(r.Context(), form.Key, content), kit.Actor(r), name, content)
	}
	if form.Refuses(err) {
		return p.showPaid(w, r, form)
	}
	if err != nil {
		return err
	}
	p.Kit.Tell(r.Context(), "The file is checked. Nothing is paid before you confirm it.")
	return p.Kit.Done(w, r, paidPath(id), "")
}

func paidPath(id int64) string { return fmt.Sprintf("%s/%d", paidHome, id) }

// once makes the same file from the same form count once, and another file from it another act.
func once(ctx context.Context, key string, content []byte) context.Context {
	sum := sha256.Sum256(append([]byte(key), content...))
	text := hex.EncodeToString(sum[:16])
	uuid := text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
	return postgres.WithSubmission(ctx, &postgres.Submission{Key: uuid, Content: sum[:]})
}

func (p *Pages) template(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.SendCSV(w, r, "paid-template.csv", [][]string{payment.PaidTemplate()})
}

type paidFileView struct {
	File       payment.PaidFile
	ConfirmKey string
	DiscardKey string
}

func (p *Pages) paidFile(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "fileID")
	if err != nil {
		return err
	}
	view := paidFileView{ConfirmKey: kit.NewKey(), DiscardKey: kit.NewKey()}
	var batch postgres.Batch
	payment.QueuePaidFile(&batch, &view.File, id)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Payments from finance", Wide: true, Trail: []ui.Link{{Text: "Payments", Href: home}, {Text: "Confirm what finance paid", Href: paidHome}}}, paidFilePage(view))
}

func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "fileID")
	if err != nil {
		return err
	}
	if err := p.Payments.ConfirmPaid(r.Context(), kit.Actor(r), id); err != nil {
		return err
	}
	return p.Kit.Done(w, r, paidPath(id), "Confirmed. The payments are in the ledger.")
}

func (p *Pages) discard(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "fileID")
	if err != nil {
		return err
	}
	if err := p.Payments.DiscardPaid(r.Context(), kit.Actor(r), id); err != nil {
		return err
	}
	return p.Kit.Done(w, r, paidHome, "The file is put away. Nothing was paid.")
}

func fileTag(file payment.PaidFile) ui.TagProps {
	switch file.State {
	case "confirmed":
		return ui.TagProps{Text: "Confirmed", Kind: ui.Green}
	case "discarded":
		return ui.TagProps{Text: "Put away", Kind: ui.Grey}
	}
	return ui.TagProps{Text: "Checked, not confirmed", Kind: ui.Yellow}
}

func fileRows(files []payment.PaidFile) [][]templ.Component {
	var rows [][]templ.Component
	for _, file := range files {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: file.Name, Hidden: calendar.Moment(file.SentAt), Href: paidPath(file.ID)}),
			ui.Text(calendar.Moment(file.SentAt) + ", " + file.SentByName), ui.Tag(fileTag(file))})
	}
	return rows
}

func (v paidFileView) lead() string {
	rows, sum := v.File.New()
	known := len(v.File.Rows) - rows
	switch {
	case v.File.State == "confirmed":
		return ui.Plural(rows, "payment", "payments") + " confirmed by " + v.File.ClosedBy + ", " + calendar.Moment(*v.File.ClosedAt) + "."
	case v.File.State == "discarded":
		return "Put away by " + v.File.ClosedBy + ". Nothing was paid."
	case v.File.Wrong():
		return "The file has problems, so none of it can be confirmed. Nothing has changed."
	case rows == 0:
		return "All of it is on record already. There is nothing to confirm."
	case known > 0:
		return sum.String() + " in " + ui.Plural(rows, "payment", "payments") + " would be entered as paid; " + fmt.Sprint(known) + " on record already. Nothing has changed yet."
	}
	return sum.String() + " in " + ui.Plural(rows, "payment", "payments") + " would be entered as paid. Nothing has changed yet."
}

func (v paidFileView) rows() [][]templ.Component {
	wrong := map[int]bool{}
	for _, problem := range v.File.Problems {
		wrong[problem.Line] = wrong[problem.Line] || problem.Severity == table.Error
	}
	var rows [][]templ.Component
	for _, row := range v.File.Rows {
		what := ui.TagProps{Text: "Pays", Kind: ui.Green}
		switch {
		case v.File.State == "discarded", v.File.Wrong() && !wrong[row.Line]:
			what = ui.TagProps{Text: "Nothing", Kind: ui.Grey}
		case wrong[row.Line]:
			what = ui.TagProps{Text: "Has a problem", Kind: ui.Red}
		case row.Known:
			what = ui.TagProps{Text: "On record", Kind: ui.Grey}
		case v.File.State == "confirmed":
			what.Text = "Paid"
		}
		rows = append(rows, []templ.Component{ui.Text(row.Reference), ui.Text(row.PaidOn.Words()), ui.Text(row.Amount.String()), ui.Text(row.PaymentReference), ui.Tag(what), ui.Text(fmt.Sprint(row.Line))})
	}
	return rows
}

func (v paidFileView) problemRows() [][]templ.Component {
	var rows [][]templ.Component
	for _, problem := range v.File.Problems {
		line := "The whole file"
		if problem.Line > 0 {
			line = fmt.Sprintf("Row %d", problem.Line)
		}
		rows = append(rows, []templ.Component{ui.Text(line), ui.TextOr(problem.Column, "The whole row"), ui.TextOr(problem.Value, "Nothing"), ui.Text(problem.Text), ui.TextOr(problem.About, "None")})
	}
	return rows
}
