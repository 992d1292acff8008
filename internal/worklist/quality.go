package worklist

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
)

// signOff is the duty about a submitted plan: to grade it where it is picked for quality assurance, else
// to sign it off or return it. Whoever submitted it has somebody else to do it.
func (j *judge) signOff(d *Duty, c pep.FactsRow, which string, plan pep.PlanDates) {
	d.Kind, d.What, d.Owner = SignOffPEP, "Sign off or return "+which, access.Advisor
	d.Why = "Submitted " + plan.SubmittedOn.Words()
	if plan.State == pep.InQA {
		d.Why += ", now in quality assurance"
	}
	d.owners = []access.Role{access.Advisor}
	handed, known := j.handed[plan.ID]
	if pick := quality.Sample(handed.Handed, quality.SamplingOf(j.Values)); known && pick.Picked {
		d.Kind, d.What = GradePEP, "Grade "+which
		d.Why += "; " + pick.Because
		d.Href += "/quality"
		d.not = []int64{handed.SubmittedBy}
	}
	if c.AdvisorID == 0 || d.Kind == GradePEP && handed.SubmittedBy == c.AdvisorID {
		d.Owner, d.owners = access.LeadAdvisor, overseers
	}
}

// again is the duty to mark a plan a second time, for those who did neither submit nor grade it. It says
// nothing of the first grade.
func (j *judge) again(d Duty, one quality.Waiting) {
	d.Kind, d.What, d.Why = MarkAgain, "Mark the "+one.Term+" PEP a second time", "Without knowing the first grade"
	d.Since = calendar.Of(*one.PickedAt)
	d.Because = "A share of graded plans is marked by two people, to see how well grades can be relied on: " + one.PickedBecause + "."
	d.Href = fmt.Sprintf("/children/%d/peps/%d/quality/second", one.ChildID, one.PEPID)
	d.Owner, d.owners, d.not = access.LeadAdvisor, []access.Role{access.LeadAdvisor, access.Deputy, access.Advisor}, []int64{one.FirstMarker, one.SubmittedBy}
	j.add(d)
}
