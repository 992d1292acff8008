package payments

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Payments *payment.Service
}

const (
	home        = "/premium/payments"
	paidHome    = home + "/paid"
	remittances = "/premium/remittances"
	reconciled  = "/premium/reconciliation"
)

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/premium/payments", access.PayPremium, p.payable)
	rt.Post("/premium/payments", access.PayPremium, p.make)
	rt.Get("/premium/payments/paid", access.PayPremium, p.paid)
	rt.Upload("/premium/payments/paid", access.PayPremium, payment.PaidLimit, p.receive)
	rt.Get("/premium/payments/paid/template.csv", access.PayPremium, p.template)
	rt.Get("/premium/payments/paid/{fileID}", access.PayPremium, p.paidFile)
	rt.Post("/premium/payments/paid/{fileID}/confirm", access.PayPremium, p.confirm)
	rt.Post("/premium/payments/paid/{fileID}/discard", access.PayPremium, p.discard)
	rt.Get("/premium/payments/lines/{lineID}", access.PayPremium, p.line)
	rt.Post("/premium/payments/lines/{lineID}", access.PayPremium, p.undo)
	rt.Get("/premium/payments/{paymentRunID}", access.PayPremium, p.run)
	rt.Post("/premium/payments/{paymentRunID}/finance.csv", access.PayPremium, p.finance)
	rt.Post("/premium/payments/{paymentRunID}/send", access.PayPremium, p.send)
	rt.Post("/premium/payments/{paymentRunID}/set-aside", access.PayPremium, p.setAside)
	rt.Get("/premium/remittances", access.SeeRemittances, p.remittances)
	rt.Get("/premium/remittances/{remittanceID}", access.SeeRemittances, p.remittance)
	rt.Get("/premium/remittances/{remittanceID}/remittance.pdf", access.SeeRemittances, p.remittancePDF)
	rt.Get("/premium/reconciliation", access.Reconcile, p.reconciliation)
	rt.Get("/premium/return", access.SetPremium, p.giveBack)
	rt.Post("/premium/return", access.SetPremium, p.saveGiveBack)
	rt.Post("/premium/return/{transferID}/take-back", access.SetPremium, p.takeBackReturn)
	rt.ChildGet("/children/{childID}/premium/{requestID}/payments", access.PayPremium, p.request)
	rt.ChildPost("/children/{childID}/premium/{requestID}/release", access.PayPremium, p.release)
	rt.ChildPost("/children/{childID}/premium/{requestID}/recover", access.PayPremium, p.recover)
	rt.ChildPost("/children/{childID}/premium/{requestID}/recoveries/{transferID}/take-back", access.PayPremium, p.takeBackRecovery)
	rt.ChildPost("/children/{childID}/premium/{requestID}/evidence-day", access.PayPremium, p.evidenceDay)
	rt.ChildGet("/children/{childID}/premium/{requestID}/evidence", access.GiveEvidence, p.evidence)
	rt.ChildUpload("/children/{childID}/premium/{requestID}/evidence", access.GiveEvidence, document.MostBytes, p.saveEvidence)
	rt.ChildPost("/children/{childID}/premium/{requestID}/evidence/{evidenceID}/take-back", access.PayPremium, p.takeBack)
}

// done refuses a form that is sent again: what it was about has been done, and the page has no such form
// any more that could come back with what was typed.
func done() error {
	return fault.Conflict("This has been done already, by you or by somebody else. Nothing has been changed: look at the page as it is now.")
}

func runPath(id int64) string { return fmt.Sprintf("%s/%d", home, id) }

func remittancePath(id int64) string { return fmt.Sprintf("%s/%d", remittances, id) }

func paymentsPath(childID, requestID int64) string {
	return area.RequestPath(childID, requestID) + "/payments"
}

func stateTag(state payment.State) ui.TagProps {
	kind := map[payment.State]ui.TagKind{payment.Made: ui.Yellow, payment.Sent: ui.Green}[state]
	if kind == "" {
		kind = ui.Grey
	}
	return ui.TagProps{Text: state.Name(), Kind: kind}
}

func lineTag(line payment.Line) ui.TagProps {
	if line.RunState == payment.SetAside {
		return ui.TagProps{Text: "Set aside", Kind: ui.Grey}
	}
	kind := map[payment.LineState]ui.TagKind{payment.Open: ui.Yellow, payment.Paid: ui.Green, payment.Bounced: ui.Red}[line.State]
	if kind == "" {
		kind = ui.Grey
	}
	return ui.TagProps{Text: line.State.Name(), Kind: kind}
}
