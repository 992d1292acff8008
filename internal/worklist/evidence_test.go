package worklist

import (
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/payment"
)

func TestEvidenceIsTheSchoolsUntilItIsOverdue(t *testing.T) {
	t.Parallel()
	teacher, advisor := access.Actor{ID: 5, Role: access.School}, access.Actor{ID: 6, Role: access.Advisor}
	owed := payment.Owed{RequestID: 3, ChildID: 7, Forename: "Maya", School: "Ash", Category: "literacy",
		Standing: payment.Standing{Committed: money.Pounds(100), Paid: money.Pounds(100), Scheme: "termly_release", SchemeVersion: 1, LineDue: day("2026-11-20")}}
	waiting := owed
	waiting.Standing = payment.Standing{Committed: money.Pounds(100), DecidedOn: day("2026-10-20"), Scheme: "needs_led", SchemeVersion: 1}
	for name, c := range map[string]struct {
		owed    payment.Owed
		today   string
		school  string // what the school is told; empty: nothing
		advisor bool
		late    bool
	}{
		"long before":                {owed, "2026-10-01", "", false, false},
		"in the last ten days":       {owed, "2026-11-12", "Literacy, £100.00 paid and not shown for", false, false},
		"overdue":                    {owed, "2026-11-24", "Literacy, £100.00 paid and not shown for", true, true},
		"in arrears before payment":  {waiting, "2026-11-16", "Literacy, £100.00 waits to be paid", false, false},
		"in arrears when it is late": {waiting, "2026-11-24", "Literacy, £100.00 waits to be paid", true, true},
	} {
		facts, rules := Facts{owed: []payment.Owed{c.owed}}, rulesOn(t, c.today)
		told := ofKind(Duties(facts, rules, teacher), SendEvidence)
		if (len(told) > 0) != (c.school != "") || len(told) > 0 && (told[0].Why != c.school || told[0].Late() != c.late || told[0].Href != "/children/7/premium/3/evidence") {
			t.Errorf("%s: the school is told %+v", name, told)
		}
		if asks := ofKind(Duties(facts, rules, advisor), SendEvidence); (len(asks) > 0) != c.advisor {
			t.Errorf("%s: the advisor is told %+v", name, asks)
		}
	}
	shown := owed
	shown.Evidenced = money.Pounds(100)
	if told := ofKind(Duties(Facts{owed: []payment.Owed{shown}}, rulesOn(t, "2027-01-04"), teacher), SendEvidence); len(told) > 0 {
		t.Errorf("once it was shown: %+v", told)
	}
	var none calendar.Date
	nowhere := owed
	nowhere.School = ""
	if due := ofKind(Duties(Facts{owed: []payment.Owed{nowhere}}, rulesOn(t, "2026-11-12"), advisor), SendEvidence); len(due) != 1 || due[0].Due == none {
		t.Errorf("where there is no school the advisor is told at once: %+v", due)
	}
}

func ofKind(duties []Duty, kind Kind) (some []Duty) {
	for _, d := range duties {
		if d.Kind == kind {
			some = append(some, d)
		}
	}
	return some
}
