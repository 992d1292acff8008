package worklist

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/premium/payment"
)

// evidence is what a school is to show of money it was approved: due by the paying scheme the request was
// asked under, or on the day it was asked for by. The school records it and the advisor asks after it.
func (j *judge) evidence(owed payment.Owed) {
	terms := payment.RulesOf(j.Schemes, j.Values).Terms(owed.Standing)
	due, rule := owed.Due(terms)
	if due.IsZero() || !j.soon(due) {
		return
	}
	d := Duty{Kind: SendEvidence, ChildID: owed.ChildID, Child: child.DisplayName(owed.PreferredName, owed.Forename, owed.Surname, owed.LAChildID), School: owed.School,
		What: "Show what Pupil Premium Plus bought", Due: due, Words: fmt.Sprintf("due %s: %s", j.day(due), rule),
		Href:    childPage(owed.ChildID, fmt.Sprintf("/premium/%d/evidence", owed.RequestID)),
		Because: "Money is given for what the plan says, and the Virtual School Head answers for its use (conditions of grant).",
		Owner:   access.School, owners: []access.Role{access.School}}
	d.Why = fmt.Sprintf("%s, %s paid and not shown for", owed.Category.Name(), owed.Missing())
	if owed.Missing() == 0 {
		d.Why = fmt.Sprintf("%s, %s waits to be paid", owed.Category.Name(), owed.Left()-owed.Payable(terms))
	}
	if owed.School == "" {
		d.Owner = access.Advisor
	}
	if due.Before(j.Today) || d.Owner == access.Advisor {
		d.owners = append(d.owners, access.Advisor)
	}
	j.add(d)
}
