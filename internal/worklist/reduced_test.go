package worklist

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/timetable"
)

func TestAReducedTimetableIsTheSchoolsUntilItsReviewIsLate(t *testing.T) {
	t.Parallel()
	teacher, advisor, worker := access.Actor{ID: 5, Role: access.School}, access.Actor{ID: 6, Role: access.Advisor}, access.Actor{ID: 7, Role: access.SocialWorker}
	one := timetable.Listed{Timetable: timetable.Timetable{ID: 3, ChildID: 7, School: "Ash",
		Entry: timetable.Entry{StartsOn: day("2026-09-07"), PlannedEnd: day("2026-11-02"), Hours: 750, FullHours: 1500}}, Forename: "Maya"}
	for name, c := range map[string]struct {
		today           string
		school, advisor bool
	}{
		"long before":     {"2026-09-14", false, false},
		"R31: on its day": {"2026-10-19", true, false},
		"when it is late": {"2026-10-20", true, true},
	} {
		facts, rules := Facts{reduced: []timetable.Listed{one}}, rulesOn(t, c.today)
		told := ofKind(Duties(facts, rules, teacher), ReviewReduced)
		if (len(told) > 0) != c.school || len(told) > 0 && (told[0].Due != day("2026-10-19") || told[0].Href != "/children/7/timetables/3/review" || !strings.HasPrefix(told[0].Why, "12.5 of 25 hours a week since 7 September")) {
			t.Errorf("%s: the school is told %+v", name, told)
		}
		if asks := ofKind(Duties(facts, rules, advisor), ReviewReduced); (len(asks) > 0) != c.advisor {
			t.Errorf("%s: the advisor is told %+v", name, asks)
		}
		if asks := ofKind(Duties(facts, rules, worker), ReviewReduced); len(asks) > 0 {
			t.Errorf("%s: the social worker is told %+v", name, asks)
		}
	}
	over := one
	over.EndedOn = day("2026-10-05")
	if told := ofKind(Duties(Facts{reduced: []timetable.Listed{over}}, rulesOn(t, "2026-10-20"), teacher), ReviewReduced); len(told) > 0 {
		t.Errorf("once it is over: %+v", told)
	}
}
