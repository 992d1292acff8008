package premium

import (
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/ledger"
)

// Decision is what a decider says. Outcome is Approved, PartApproved, Returned, Refused or AtPanel;
// Amount is for PartApproved alone; all but Approved and AtPanel give a reason.
type Decision struct {
	Outcome State
	Amount  money.Pence
	Reason  string
	standIn int64 // in whose place, as the database knows it
}

// granted is how much of what was asked the decision gives: nothing for a part that is no part, which
// is a slip for problems to tell and no matter of anyone's limit.
func (d Decision) granted(asked money.Pence) money.Pence {
	switch d.Outcome {
	case Approved:
		return asked
	case PartApproved:
		if d.partOf(asked) {
			return d.Amount
		}
	}
	return 0
}

func (d Decision) partOf(asked money.Pence) bool { return d.Amount > 0 && d.Amount < asked }

// problems are about the fields outcome, amount and reason.
func (d Decision) problems(asked money.Pence) error {
	var p fault.Problems
	switch d.Outcome {
	case Approved, Returned, Refused, AtPanel:
	case PartApproved:
		if !d.partOf(asked) {
			p.Addf("amount", "Amount approved must be more than £0.00 and less than the %s asked for", asked)
		}
	default:
		p.Add("outcome", "Choose a decision")
	}
	switch reason := strings.TrimSpace(d.Reason); {
	case utf8.RuneCountInString(reason) > TextLimit:
		p.Addf("reason", "Use %d characters or fewer", TextLimit)
	case reason == "" && d.Outcome == PartApproved:
		p.Add("reason", "Enter why only part is approved")
	case reason == "" && d.Outcome == Returned:
		p.Add("reason", "Enter what you need to know")
	case reason == "" && d.Outcome == Refused:
		p.Add("reason", "Enter why it is refused")
	}
	return p.Err()
}

// SplitDays is how far back approvals for the same child, school and category count together against
// a limit: one need cut into several requests does not raise it. Migration 000022 says the same.
const SplitDays = 30

// Check is one rule looked at before a decision. A check that does not pass warns; only the limits,
// the year's money and one's own request refuse.
type Check struct {
	Passed bool
	Words  string
	Rule   string // where the rule comes from
}

// Circumstances are what the checks look at beside the request.
type Circumstances struct {
	InCare       bool
	OnRoll       bool // at the school that would spend the money, today
	SameThisYear int  // other requests of this category for this child, open or granted
}

// Checks are the rules for the page on which a request is decided, for the person who weighs it.
func Checks(request Request, around Circumstances, weighing Weighing, year ledger.Position, values policy.Values, today calendar.Date) []Check {
	list := []Check{
		{around.InCare, choose(around.InCare, "The child is in care today.", "The child is not in care today."), "Children Act 1989 s.22(3A)"},
		{around.OnRoll, choose(around.OnRoll, "The child is on roll at the school that would spend it.", "The child is not on roll today at a school that would spend it."), "The money follows the child's school"},
		{request.TargetID != 0, choose(request.TargetID != 0, "It is for a target in the Personal Education Plan.", "It is not tied to a target in the Personal Education Plan."), "Conditions of grant: as described in the PEP"},
		{around.SameThisYear == 0, choose(around.SameThisYear == 0, "Nothing else of this kind is asked or approved for this child this year.", "There is another request of this kind for this child this year: check that it is not the same one."), "Local check for duplicates"},
		{year.Pool >= request.Amount, choose(year.Pool >= request.Amount, "The year has "+year.Pool.String()+" left.", overspent(year.Pool, request.Amount)), "The year is never overspent"},
	}
	list = append(list, weighing.checks(request.Amount, values)...)
	ends := calendar.FinancialYearRange(calendar.FinancialYear(today)).LastDay()
	if request.Starts.After(ends) {
		list = append(list, Check{false, "It starts after " + ends.Words() + ", when this financial year's money must have been allocated.", "Conditions of grant: recovered if not allocated by 31 March"})
	}
	return list
}

// checks are those of the limits that are set: of the person, of two approvers, of the panel.
func (w Weighing) checks(amount money.Pence, values policy.Values) []Check {
	var list []Check
	need := w.GrantedBefore + amount
	if panel := values.PremiumPanel(); panel > 0 && (need > panel || w.PanelID != 0) {
		held := "The panel of " + w.PanelDay.Words() + " has looked at it."
		list = append(list, Check{w.PanelHeld, choose(w.PanelHeld, held, w.panelFirst(amount, panel)), "Panel: " + values.Source(policy.PremiumPanel)})
	}
	if two := values.PremiumTwoApprovers(); two > 0 && need > two {
		first := w.FirstName + " approved " + w.FirstAmount.String() + ". A second approval decides."
		list = append(list, Check{w.FirstAmount > 0, choose(w.FirstAmount > 0, first, w.countedTogether(amount)+"Above "+two.String()+" two people approve. The first approval is kept for the second."), "Two approvers: " + values.Source(policy.PremiumTwoApprovers)})
		return list
	}
	limit, limited := w.Limit(values)
	if !limited {
		return list
	}
	rule := "Limit of the deputy: " + values.Source(policy.PremiumDeputyLimit)
	if w.OwnLimit != nil {
		rule = "Limit of their own, set by the Virtual School Head"
	}
	if err := w.withinLimit(amount, limit, limited); err != nil {
		return append(list, Check{false, fault.Words(err), rule})
	}
	return append(list, Check{true, "It is within the " + limit.String() + " you may approve.", rule})
}

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func overspent(left, asked money.Pence) string {
	return "The year has " + left.String() + " left; this asks for " + asked.String() + "."
}

func splitWords(before, amount, limit money.Pence) string {
	return "With the " + before.String() + " approved within this limit for the same purpose in the last 30 days, this makes " +
		(before + amount).String() + ", more than the " + limit.String() + " you may approve. Someone with a higher limit must decide."
}
