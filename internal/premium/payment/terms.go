package payment

import (
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/scheme"
)

// Terms are what a paying scheme says of evidence.
type Terms struct {
	Needed  bool // evidence is asked for at all
	First   bool // arrears: money follows evidence; else evidence follows the money
	DueDays int  // from the approval (arrears) or from the day of the payment run (advance)
}

// TermsOf are a scheme's terms. Money paid in arrears waits for evidence, whatever else the scheme says.
func TermsOf(s scheme.Scheme) Terms {
	first := s.Pays == scheme.InArrears
	return Terms{Needed: first || s.Evidence.Invoice || s.Evidence.DueDays > 0, First: first, DueDays: s.Evidence.DueDays}
}

// Rules are the council's paying schemes, by which a request finds its terms.
type Rules struct {
	schemes scheme.Set
	holds   string // the scheme that holds today
}

// RulesOf are the rules by a council's schemes and values.
func RulesOf(schemes scheme.Set, values policy.Values) Rules {
	return Rules{schemes, values.PremiumScheme()}
}

// Terms are those of the scheme under which a request was asked, or of the one that holds today where the
// request was asked under none or the scheme is no longer there.
func (r Rules) Terms(s Standing) Terms {
	if under, there := r.schemes.Version(s.Scheme, s.SchemeVersion); there {
		return TermsOf(under)
	}
	holds, _ := r.schemes.Scheme(r.holds)
	return TermsOf(holds)
}

// Standing is how the money of an approved request stands, and what was shown for it.
type Standing struct {
	Committed money.Pence
	Released  money.Pence // given back to the pool
	Paid      money.Pence // less what bounced
	Recovered money.Pence // given back by the school
	InPayment money.Pence // in runs that finance has not answered yet
	Evidenced money.Pence // what the evidence shows was spent
	DecidedOn calendar.Date
	AskedFor  calendar.Date // the day evidence was asked for by; zero: as the terms say
	LineDue   calendar.Date // when the first payment not yet shown for is due to be; zero: none is
	// Scheme and SchemeVersion are what it was asked under; empty: before that was kept.
	Scheme        string
	SchemeVersion int
}

// Left is what is committed and neither paid, released nor on its way.
func (s Standing) Left() money.Pence { return s.Committed - s.Released - s.Paid - s.InPayment }

// Payable is what may be paid now: all that is left, or under arrears no more than was shown for.
func (s Standing) Payable(terms Terms) money.Pence {
	if terms.Needed && terms.First {
		return max(0, min(s.Left(), s.Evidenced-s.Paid-s.InPayment))
	}
	return s.Left()
}

// WaitsForEvidence says whether money is left that evidence would free.
func (s Standing) WaitsForEvidence(terms Terms) bool { return s.Payable(terms) < s.Left() }

// Missing is what was paid, and not given back, that nothing was shown for.
func (s Standing) Missing() money.Pence { return max(0, s.Paid-s.Recovered-s.Evidenced) }

// Due is the day by which evidence is due, and by which rule. The zero day: none is due.
func (s Standing) Due(terms Terms) (calendar.Date, string) {
	var due calendar.Date
	var rule string
	if terms.Needed && terms.First && s.Left() > 0 && s.WaitsForEvidence(terms) {
		due = s.DecidedOn.AddDays(terms.DueDays)
		rule = fmt.Sprintf("%d days from the approval on %s; it is paid once there is evidence", terms.DueDays, s.DecidedOn.Words())
	}
	if s.Missing() > 0 && !s.LineDue.IsZero() && (due.IsZero() || s.LineDue.Before(due)) {
		due, rule = s.LineDue, "as the remittance said"
	}
	if due.IsZero() {
		return due, ""
	}
	if !s.AskedFor.IsZero() {
		return s.AskedFor, "the day it was asked for by"
	}
	return due, rule
}
