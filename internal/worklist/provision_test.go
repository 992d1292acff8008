package worklist

import (
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/provision"
)

func TestWhoeverArrangedProvisionChecksIt(t *testing.T) {
	t.Parallel()
	teacher, advisor := access.Actor{ID: 5, Role: access.School}, access.Actor{ID: 6, Role: access.Advisor}
	one := provision.Listed{Provision: provision.Provision{ID: 3, ChildID: 7, CheckedOn: day("2026-09-03"),
		Entry: provision.Entry{Place: "Farm school", ArrangedBy: provision.BySchool, StartsOn: day("2026-09-07"), Hours: 600}}, Forename: "Maya"}
	councils := one
	councils.ArrangedBy = "council"
	for name, c := range map[string]struct {
		of              provision.Listed
		today           string
		school, advisor bool
	}{
		"long before":                {one, "2026-09-14", false, false},
		"seven weeks after the last": {one, "2026-10-22", true, false},
		"when it is late":            {one, "2026-10-23", true, true},
		"what the council arranged":  {councils, "2026-10-22", false, true},
	} {
		facts, rules := Facts{provided: []provision.Listed{c.of}}, rulesOn(t, c.today)
		told := ofKind(Duties(facts, rules, teacher), CheckProvision)
		if (len(told) > 0) != c.school || len(told) > 0 && (told[0].Due != day("2026-10-22") || told[0].Href != "/children/7/provision/3/check") {
			t.Errorf("%s: the school is told %+v", name, told)
		}
		if asks := ofKind(Duties(facts, rules, advisor), CheckProvision); (len(asks) > 0) != c.advisor {
			t.Errorf("%s: the advisor is told %+v", name, asks)
		}
	}
}
