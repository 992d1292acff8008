package deciding

import (
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
)

// readDecision reads what was decided; the amount only where part is approved.
func readDecision(form *kit.Form) premium.Decision {
	decision := premium.Decision{
		Outcome: premium.State(form.Choice("outcome", "A decision", string(premium.Approved), string(premium.PartApproved), string(premium.Returned), string(premium.Refused))),
		Reason:  form.Text("reason", "Reason", premium.TextLimit),
	}
	if decision.Outcome == premium.PartApproved {
		decision.Amount = form.Money("amount", "Amount approved")
	}
	return decision
}
