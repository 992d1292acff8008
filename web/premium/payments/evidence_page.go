package payments

import (
	"net/http"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

type evidenceView struct {
	Strip    ui.IdentityStripProps
	Path     string // of the request
	Form     *kit.Form
	Request  payment.Request
	Evidence []payment.Evidence
	Terms    payment.Terms
	Today    calendar.Date
}

func (p *Pages) evidence(w http.ResponseWriter, r *http.Request) error {
	return p.showEvidence(w, r, kit.NewForm(nil))
}

func (p *Pages) showEvidence(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	id, err := kit.PathID(r, "requestID")
	if err != nil {
		return err
	}
	view := evidenceView{Path: area.RequestPath(kit.ChildID(r), id), Form: form, Today: p.Kit.Today()}
	var values policy.Values
	var batch postgres.Batch
	policy.Queue(&batch, &values)
	payment.QueueRequest(&batch, &view.Request, kit.ChildID(r), id)
	payment.QueueEvidence(&batch, &view.Evidence, kit.ChildID(r), id)
	if view.Strip, err = p.Kit.ViewChild(r, "premium evidence", &batch); err != nil {
		return err
	}
	view.Terms = payment.RulesOf(p.Payments.Schemes, values).Terms(view.Request.Standing)
	return p.Kit.Show(w, r, kit.Page{Title: "Evidence of what was bought", Form: form, Back: view.Path}, evidencePage(view))
}

func (p *Pages) saveEvidence(w http.ResponseWriter, r *http.Request) error {
	id, err := p.ofChild(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	proof := payment.Proof{Kind: payment.EvidenceKind(form.Choice("kind", "What it is", evidenceKinds()...)), DatedOn: form.Date("dated", "Date on the evidence"),
		Note: form.Text("note", "Note", 4000)}
	proof.Amount = evidenceSum(form, proof.Kind)
	if proof.File.Name, proof.File.Content, err = kit.OptionalFile(r, "file"); err != nil {
		return err
	}
	err = form.Err()
	if err == nil {
		err = p.Payments.GiveEvidence(r.Context(), kit.Actor(r), id, proof)
	}
	if form.Refuses(err) {
		if proof.File.Name != "" && !form.Problems.Has("file") {
			form.Problems.Add("file", "Choose the file again: a page cannot keep it when something else must be put right")
		}
		return p.showEvidence(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, area.RequestPath(kit.ChildID(r), id), "The evidence is recorded.")
}

// evidenceSum is what the evidence shows was spent. A report may show no sum.
func evidenceSum(form *kit.Form, kind payment.EvidenceKind) money.Pence {
	if kind == "report" && form.Value("amount") == "" {
		return 0
	}
	return form.Money("amount", "Amount it shows")
}

func evidenceKinds() (kinds []string) {
	for _, one := range payment.EvidenceKinds {
		kinds = append(kinds, string(one.Kind))
	}
	return kinds
}

func evidenceChoices() (choices []ui.Choice) {
	for _, one := range payment.EvidenceKinds {
		choices = append(choices, ui.Choice{Value: string(one.Kind), Text: one.Name})
	}
	return choices
}

// facts are what the evidence is for. What is left to pay is the Virtual School's business.
func (v evidenceView) facts() []ui.SummaryRow {
	return []ui.SummaryRow{
		{Key: "For", Value: v.Request.Category.Name()},
		{Key: "Approved", Value: v.Request.Committed.String(), Source: &ui.SourceProps{From: v.Request.DecidedOn.Words()}},
		{Key: "Paid", Value: v.Request.Paid.String()},
		EvidenceRow(v.Request.Standing, v.Terms, v.Today),
	}
}
