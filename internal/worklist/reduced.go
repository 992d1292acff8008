package worklist

import (
	"fmt"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/policy"
	"virtualschool/internal/timetable"
)

// reduced is the review of a reduced timetable (R31): the school holds it, and the advisor asks after it
// when it is late, or when something is wrong with the timetable itself.
func (j *judge) reduced(one timetable.Listed) {
	weeks := j.Values.TimetableReviewWeeks()
	due, faults := one.ReviewBy(weeks), one.Faults(weeks, j.Today)
	if !j.soon(due) {
		return
	}
	d := Duty{Rule: "R31", Kind: ReviewReduced, ChildID: one.ChildID, Child: one.Child(), School: one.School, What: "Review the reduced timetable", Due: due,
		Why: fmt.Sprintf("%s of %s a week since %s", one.Hours.Plain(), one.FullHours, j.shortDay(one.StartsOn)), Words: "due " + j.day(due),
		Href:    childPage(one.ChildID, fmt.Sprintf("/timetables/%d/review", one.ID)),
		Because: fmt.Sprintf("A reduced timetable is for the shortest time and is looked at again within %s. Where this comes from: %s.", count(weeks, "week"), strings.TrimSuffix(j.Values.Source(policy.TimetableReviewWeeks), ".")),
		Owner:   access.School, owners: []access.Role{access.School}}
	if len(faults) > 0 {
		d.Why += ". " + faults[0]
	}
	if due.Before(j.Today) {
		d.owners = append(d.owners, access.Advisor)
	}
	j.add(d)
}
