package deciding

import (
	"fmt"
	"unicode/utf8"

	"virtualschool/internal/premium"
	"virtualschool/web/kit"
)

// readDecision reads what was decided: the amount only where part is approved, and the reason from a
// ready sentence, typed words, or both.
func readDecision(form *kit.Form) premium.Decision {
	decision := premium.Decision{
		Outcome: premium.State(form.Choice("outcome", "A decision", string(premium.Approved), string(premium.PartApproved), string(premium.Returned), string(premium.Refused), string(premium.AtPanel))),
		Reason:  premium.Sentenced(form.OptionalChoice("sentence", "A ready sentence", sentenceKeys()...), form.Text("reason", "Reason", premium.TextLimit)),
	}
	if utf8.RuneCountInString(decision.Reason) > premium.TextLimit && !form.Problems.Has("reason") {
		form.Problems.Add("reason", fmt.Sprintf("With the ready sentence, the reason must be %d characters or fewer", premium.TextLimit))
	}
	if decision.Outcome == premium.PartApproved {
		decision.Amount = form.Money("amount", "Amount approved")
	}
	return decision
}

func sentenceKeys() []string {
	var keys []string
	for _, one := range premium.Sentences {
		keys = append(keys, one.Key)
	}
	return keys
}
