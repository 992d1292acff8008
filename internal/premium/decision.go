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

// Decision is what a decider says. Outcome is Approved, PartApproved, Returned or Refused; Amount is
// for PartApproved alone; all but Approved give a reason.
type Decision struct {
	Outcome State
	Amount  money.Pence
	Reason  string
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
	case Approved, Returned, Refused:
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

// SplitDays is how far back a deputy's approvals for the same child, school and category count
// together against the limit: one need cut into several requests does not raise it.
const SplitDays = 30

// Check is one rule looked at before a decision. A check that does not pass warns; only the limit,
// the year's money and one's own request refuse.
type Check struct {
	Passed bool
	Words  string
	Rule   string // where the rule comes from
}

// Circumstances are what the checks look at beside the request.
type Circumstances struct {
	InCare        bool
	OnRoll        bool        // at the school that would spend the money, today
	SameThisYear  int         // other requests of this category for this child, open or granted
	DeputyGranted money.Pence // what deputies gave for the same child, school and category in SplitDays
}

// Checks are the rules for the page on which a request is decided.
func Checks(request Request, around Circumstances, year ledger.Position, values policy.Values, today calendar.Date) []Check {
	limit := values.PremiumDeputyLimit()
	list := []Check{
		{around.InCare, choose(around.InCare, "The child is in care today.", "The child is not in care today."), "Children Act 1989 s.22(3A)"},
		{around.OnRoll, choose(around.OnRoll, "The child is on roll at the school that would spend it.", "The child is not on roll today at a school that would spend it."), "The money follows the child's school"},
		{request.TargetID != 0, choose(request.TargetID != 0, "It is for a target in the Personal Education Plan.", "It is not tied to a target in the Personal Education Plan."), "Conditions of grant: as described in the PEP"},
		{around.SameThisYear == 0, choose(around.SameThisYear == 0, "Nothing else of this kind is asked or approved for this child this year.", "There is another request of this kind for this child this year: check that it is not the same one."), "Local check for duplicates"},
		{year.Pool >= request.Amount, choose(year.Pool >= request.Amount, "The year has "+year.Pool.String()+" left.", overspent(year.Pool, request.Amount)), "The year is never overspent"},
	}
	if limit > 0 {
		within := request.Amount+around.DeputyGranted <= limit
		words := "It is within the " + limit.String() + " a deputy may approve."
		switch {
		case request.Amount > limit:
			words = "It is more than the " + limit.String() + " a deputy may approve: the Virtual School Head must decide."
		case !within:
			words = splitWords(around.DeputyGranted, request.Amount, limit)
		}
		list = append(list, Check{within, words, "Limit of the deputy: " + values.Source(policy.PremiumDeputyLimit)})
	}
	ends := calendar.FinancialYearRange(calendar.FinancialYear(today)).LastDay()
	if request.Starts.After(ends) {
		list = append(list, Check{false, "It starts after " + ends.Words() + ", when this financial year's money must have been allocated.", "Conditions of grant: recovered if not allocated by 31 March"})
	}
	return list
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
	return "With the " + before.String() + " deputies approved for the same purpose in the last 30 days, this makes " +
		(before + amount).String() + ", more than the " + limit.String() + " a deputy may approve. The Virtual School Head must decide."
}
