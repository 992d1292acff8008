package meeting

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/premium"
)

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

func TestMinutesMeanWhatWasDecided(t *testing.T) {
	t.Parallel()
	last := &pep.LastPlan{Targets: []pep.Target{{ID: 7, Area: "numeracy", What: "Knows her tables", Measure: "Ten of twelve", DueOn: day("2026-11-01")},
		{ID: 8, Area: "literacy", What: "Reads a comic"}, {ID: 9, Area: "wellbeing", What: "Sleeps"}}}
	minutes := Minutes{
		Meeting: pep.Meeting{Next: day("2027-03-01")},
		Reviews: []pep.Review{{TargetID: 7, Outcome: "carried_forward"}, {TargetID: 8, Outcome: "carried_forward"}, {TargetID: 9, Outcome: "met"}},
		Targets: []pep.Target{{Area: "literacy", What: "Reads a longer comic", CarriedFrom: 8, DueOn: day("2027-01-10")}, {Area: "aspiration", What: "Visits a garage"}},
		Actions: []pep.Action{{What: "Library card", Owner: "Pat"}},
		Money: []Line{{Purpose: "Ten hours of tuition", Difference: "Secure with tables to 12", Category: "numeracy", Amount: 40000, Owner: "Tia"},
			{Purpose: "A comic subscription", Difference: "Reads every day", Category: "literacy", Amount: 3000, Owner: "Tia", Target: 1, By: day("2026-12-10")}},
	}
	got := minutes.settle(last)
	var texts []string
	for _, target := range got.Targets {
		texts = append(texts, target.What)
		if target.DueOn.IsZero() || target.ID != 0 {
			t.Errorf("%+v", target)
		}
	}
	if strings.Join(texts, "; ") != "Reads a longer comic; Visits a garage; Knows her tables; Secure with tables to 12" {
		t.Errorf("targets: %v", texts)
	}
	carried, bought := got.Targets[2], got.Targets[3]
	if carried.CarriedFrom != 7 || carried.DueOn != day("2027-03-01") || carried.Measure != "Ten of twelve" {
		t.Errorf("carried forward: %+v", carried)
	}
	if bought.Area != "numeracy" || bought.Owner != "Tia" || bought.Resource != "Ten hours of tuition, £400.00" {
		t.Errorf("of money: %+v", bought)
	}
	if got.Money[0].Target != 4 || got.Money[1].Target != 1 || got.Targets[0].DueOn != day("2027-01-10") {
		t.Errorf("%+v", got.Money)
	}
	if len(got.Actions) != 3 || got.Actions[1].What != "See to: Ten hours of tuition" || got.Actions[1].DueOn != day("2027-03-01") || got.Actions[2].DueOn != day("2026-12-10") {
		t.Errorf("actions: %+v", got.Actions)
	}
	if len(minutes.Targets) != 2 || minutes.Money[0].Target != 0 || !minutes.Targets[1].DueOn.IsZero() {
		t.Error("the minutes themselves were changed")
	}
	problems := got.typed(fault.Problems{{Field: "targets/what-0", Text: "a"}, {Field: "targets/what-2", Text: "b"}, {Field: "targets/what-3", Text: "c"},
		{Field: "actions/due-2", Text: "d"}, {Field: "targets/targets", Text: "e"}, {Field: "reviews/outcome-7", Text: "f"}})
	for n, want := range []string{"targets/what-0", "reviews/outcome-7", "money/difference-0", "money/by-1", "targets/targets"} {
		if problems[n].Field != want {
			t.Errorf("problem %d is beside %s; want %s", n, problems[n].Field, want)
		}
	}
}

func TestEveryCategoryHasAnArea(t *testing.T) {
	t.Parallel()
	for _, one := range premium.Categories {
		if area := AreaOf(one.Category); pep.TextOf(pep.Areas, area) == area {
			t.Errorf("%s: %q is no area", one.Category, area)
		}
	}
}

func TestWhoIsLikelyToBeThere(t *testing.T) {
	t.Parallel()
	people := []Person{{Name: "Ada Advisor", Role: access.Advisor}, {Name: "Col League", Role: access.School}, {Name: "Sam Worker", Role: access.SocialWorker},
		{Name: "Sue Support", Role: access.SupportAdvisor}, {Name: "Tia Teacher", Role: access.School, Lead: true}}
	last := []pep.Attendee{{Name: "Maya", Part: "young_person"}, {Name: "Old Worker", Part: "social_worker"}, {Name: "tia teacher", Part: "designated_teacher"},
		{Name: "Pat Carer", Part: "carer"}, {Name: "Speech Therapist", Part: "other"}}
	var names []string
	for _, person := range Suggest("Maya", people, last) {
		names = append(names, person.Name)
		if person.Present {
			t.Errorf("%s is there before the meeting", person.Name)
		}
	}
	if got := strings.Join(names, ", "); got != "Maya, Pat Carer, Sam Worker, Tia Teacher, Ada Advisor, Speech Therapist" {
		t.Error(got)
	}
	if !WasNamed(people[4], last) || WasNamed(people[2], last) {
		t.Error("who was named")
	}
}
