package premium

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/payment"
	"virtualschool/web/kit"
	"virtualschool/web/premium/payments"
	"virtualschool/web/ui"
)

// moneyView is what became of the money of an approved request, and what was shown for it.
type moneyView struct {
	Request  payment.Request
	Evidence []payment.Evidence
	Rules    payment.Rules
	Today    calendar.Date
	MayGive  bool // record evidence
	MayPay   bool
}

// queueMoney queues it with the request's page; the function it returns gives it once the batch has run.
func (p *Pages) queueMoney(r *http.Request, batch *postgres.Batch, requestID int64) func() moneyView {
	actor := kit.Actor(r)
	view := moneyView{Today: p.Kit.Today(), MayGive: access.Can(actor, access.GiveEvidence), MayPay: access.Can(actor, access.PayPremium)}
	var values policy.Values
	policy.Queue(batch, &values)
	payment.QueueRequest(batch, &view.Request, kit.ChildID(r), requestID)
	payment.QueueEvidence(batch, &view.Evidence, kit.ChildID(r), requestID)
	return func() moneyView {
		view.Rules = payment.RulesOf(p.Premium.Schemes, values)
		return view
	}
}

func (v moneyView) rows() []ui.SummaryRow {
	s := v.Request.Standing
	rows := []ui.SummaryRow{{Key: "Paid", Value: s.Paid.String()}}
	if s.InPayment > 0 {
		rows = append(rows, ui.SummaryRow{Key: "On its way", Value: s.InPayment.String()})
	}
	if s.Released > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Released", Value: s.Released.String(), Source: &ui.SourceProps{From: "Will not be spent"}})
	}
	if s.Recovered > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Given back by the school", Value: s.Recovered.String()})
	}
	return append(rows, payments.EvidenceRow(s, v.Rules.Terms(s), v.Today))
}

func (v moneyView) links(path string) []ui.Link {
	var links []ui.Link
	if v.MayGive {
		links = append(links, ui.Link{Text: "Record evidence", Href: path + "/evidence"})
	}
	if v.MayPay {
		links = append(links, ui.Link{Text: "Payments", Href: path + "/payments"})
	}
	return links
}

// owed is evidence that is due for a request of the child's.
type owed struct {
	payment.Owed
	Due     calendar.Date
	Overdue bool
}

// queueOwed queues the evidence due for the child; the function it returns gives it once the batch has run.
func (p *Pages) queueOwed(r *http.Request, batch *postgres.Batch) func() []owed {
	var values policy.Values
	var all []payment.Owed
	policy.Queue(batch, &values)
	payment.QueueOwed(batch, &all, kit.ChildID(r))
	return func() (list []owed) {
		rules := payment.RulesOf(p.Premium.Schemes, values)
		for _, one := range all {
			if due, _ := one.Due(rules.Terms(one.Standing)); !due.IsZero() {
				list = append(list, owed{one, due, due.Before(p.Kit.Today())})
			}
		}
		return list
	}
}

// words say when the evidence is due.
func (o owed) words(today calendar.Date) string {
	if o.Overdue {
		return o.Category.Name() + ": evidence was due " + o.Due.WordsNear(today)
	}
	return o.Category.Name() + ": evidence is due " + o.Due.WordsNear(today) + ", " + o.Due.Relative(today)
}
