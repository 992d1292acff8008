package access

// When says on which requests of an action a fresh proof is asked.
type When int

const (
	Never    When = iota
	OnChange      // sending its forms; looking at them is not asked
	Always        // opening its pages and downloads too
)

// fresh are the actions for which a person must have shown who they are within account.FreshFor: at
// sign-in or when asked again. What is named here cannot be done from a screen somebody left open. The
// router asks, on every route of the action.
var fresh = map[Action]When{
	ChangeFactors:    Always,
	RestrictChild:    Always,
	BreakGlass:       Always,
	ReviewBreakGlass: OnChange,

	ExportChildren:    Always,
	ExportPEPs:        Always,
	ExportRegisters:   Always,
	ExportSuspensions: Always,
	ExportAudit:       Always,

	ReleaseSubjectAccess: OnChange,
	FetchSubjectAccess:   Always,
	DecideRetention:      OnChange,
	DeleteRecord:         OnChange,

	DecidePremium: OnChange,
	LimitPremium:  OnChange,
	NameStandIn:   OnChange,
	SetPremium:    OnChange,
	ClosePremium:  OnChange,
	PayPremium:    OnChange,

	ManageAccounts: OnChange,
	SetPolicy:      OnChange,
}

// NeedsFresh says when an action asks for a fresh proof.
func NeedsFresh(action Action) When { return fresh[action] }
