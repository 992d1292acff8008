package worklist

import (
	"testing"

	"virtualschool/internal/pep"
)

func TestTheOrderOfDuties(t *testing.T) {
	t.Parallel()
	list := []Duty{{Child: "b", Due: day("2026-12-01")}, {Child: "z"}, {Child: "y", Since: day("2026-11-02")}, {Child: "x", Since: day("2026-10-02")}, {Child: "a", Due: day("2026-12-01")}, {Child: "c", Due: day("2026-11-20"), late: true}, {Child: "d", Due: day("2026-11-10"), late: true}}
	sortDuties(list)
	var order string
	for _, d := range list {
		order += d.Child
	}
	if order != "dcxyzab" {
		t.Error(order)
	}
	today := day("2026-11-23")
	for due, want := range map[string]When{"2026-11-23": ThisWeek, "2026-11-30": ThisWeek, "2026-12-01": Later} {
		if got := (Duty{Due: day(due)}).When(today); got != want {
			t.Errorf("%s is %s; want %s", due, got, want)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	rules := rulesOn(t, "2026-10-12")
	done, p := maya()
	late, _ := maya()
	late.ChildID, late.Plans, late.AdvisorID, late.SettingID = 8, nil, 0, 0
	young, _ := maya()
	young.ChildID, young.DateOfBirth = 9, day("2025-06-01")
	f := FiguresOf(Facts{Children: []pep.FactsRow{done, late, young}, places: []place{p, {ChildID: 8, UPNQuality: "none"}}, requests: []request{{State: "asked"}, {State: "returned"}}}, rules)
	want := Figures{Children: 3, NoSchool: 1, NoName: 1, NoUPN: 1, NoPerson: 1, Waiting: 1, TermLabel: "Autumn 2026/27", TermDue: 2, TermDone: 1}
	if f != want {
		t.Errorf("%+v", f)
	}
	for want, f := range map[string]Figures{
		"50%": f, "33%": {TermDue: 24, TermDone: 8}, "67%": {TermDue: 99, TermDone: 66}, "100%": {TermDue: 1, TermDone: 1},
		"95.3%": {TermDue: 301, TermDone: 287}, // R13
		"0.0%":  {TermDue: 100}, "": {},
	} {
		if got := f.Share(); got != want {
			t.Errorf("%d of %d are %q; want %q", f.TermDone, f.TermDue, got, want)
		}
	}
}
