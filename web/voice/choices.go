package voice

import (
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/pep/voice"
	"virtualschool/web/ui"
)

// audienceChoices are the audiences that somebody of a role may choose: nobody hides words from
// themselves.
func audienceChoices(role access.Role) []ui.Choice {
	var choices []ui.Choice
	for _, audience := range voice.Audiences {
		if audience.HeardBy(role) {
			choices = append(choices, ui.Choice{Value: string(audience), Text: audience.Name()})
		}
	}
	return choices
}

// number is an id as it stands in an address or a form.
func number(n int64) string { return strconv.FormatInt(n, 10) }
