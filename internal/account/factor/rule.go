package factor

import (
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/policy"
)

// Has is which factors a person has.
type Has struct {
	Passkeys int
	App      bool
	Codes    int // recovery codes not yet used
}

// Any says whether there is one beside the recovery codes, which are no factor by themselves.
func (h Has) Any() bool { return h.Passkeys > 0 || h.App }

// Step is what somebody still has to do who has passed the first factor.
type Step string

const (
	Finished     Step = ""
	Give         Step = "give"           // give the second factor they have
	SetUp        Step = "set up"         // set one up: their role needs one and they have none
	SetUpPasskey Step = "set up passkey" // their role needs a passkey
)

// Next is the next step. A second factor that somebody has is asked of them whatever their role. Whose
// organisation's single sign-on asked for one has given it, and needs no passkey here.
func Next(values policy.Values, role access.Role, has Has, given account.Second) Step {
	passkey := slices.Contains(values.PasskeyRoles(), role)
	switch {
	case given == account.NoSecond && has.Any():
		return Give
	case given == account.WithTheProvider:
		return Finished
	case passkey && has.Passkeys == 0:
		return SetUpPasskey
	case given == account.NoSecond && slices.Contains(values.SecondFactorRoles(), role):
		return SetUp
	}
	return Finished
}
