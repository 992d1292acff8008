package sso

import "slices"

// What the values of the claim amr are (RFC 8176, section 2): something one knows, has or is.
var (
	knows = []string{"pwd", "pin", "kba"}
	has   = []string{"hwk", "swk", "otp", "sms", "tel", "sc"}
	is    = []string{"fpt", "face", "iris", "retina", "vbm"}
)

// usedSecondFactor says whether the provider tells that two different kinds of proof were asked: by the
// claim amr (mfa, or two kinds of method) or by a class of the claim acr that the council named.
func (p Provider) usedSecondFactor(amr []string, acr string) bool {
	if p.AlwaysSecondFactor || acr != "" && slices.Contains(p.SecondFactorClasses, acr) || slices.Contains(amr, "mfa") {
		return true
	}
	kinds := 0
	for _, kind := range [][]string{knows, has, is} {
		if slices.ContainsFunc(amr, func(method string) bool { return slices.Contains(kind, method) }) {
			kinds++
		}
	}
	return kinds >= 2
}
