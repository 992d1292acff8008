package worklist

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/provision"
)

// checkProvision is the next look at the quality of alternative provision: before it begins and every half
// term, by whoever arranged it. The advisor asks after it when it is late.
func (j *judge) checkProvision(one provision.Listed) {
	due := one.CheckBy()
	if !j.soon(due) {
		return
	}
	d := Duty{Kind: CheckProvision, ChildID: one.ChildID, Child: one.Child(), School: one.School, What: "Check the quality of alternative provision", Due: due,
		Why: fmt.Sprintf("%s, %s a week", clip(one.Place, 60), one.Hours), Words: "due " + j.day(due) + ": before it begins, and seven weeks after the last check",
		Href:    childPage(one.ChildID, fmt.Sprintf("/provision/%d/check", one.ID)),
		Because: "Whoever arranges provision answers for its quality and sees it every half term (Arranging alternative provision, statutory guidance).",
		Owner:   access.Advisor, owners: []access.Role{access.Advisor}}
	if faults := one.Faults(j.Today); len(faults) > 0 {
		d.Why += ". " + faults[0]
	}
	if one.ArrangedBy == provision.BySchool {
		d.Owner, d.owners = access.School, []access.Role{access.School}
		if due.Before(j.Today) {
			d.owners = append(d.owners, access.Advisor)
		}
	}
	j.add(d)
}
