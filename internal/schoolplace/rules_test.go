package schoolplace

import (
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

func on(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustParse(iso)
}

// ranges reads "2026-09-01..2026-11-05 2027-01-04.."; either end may be left out.
func ranges(text string) []calendar.Range {
	var list []calendar.Range
	for _, one := range strings.Fields(text) {
		start, end, _ := strings.Cut(one, "..")
		list = append(list, calendar.Range{Start: on(start), End: on(end)})
	}
	return list
}

func written(list []calendar.Range) string {
	var parts []string
	for _, one := range list {
		parts = append(parts, fmt.Sprintf("%s..%s", one.Start, one.End))
	}
	return strings.Join(parts, " ")
}

func TestGaps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		born, care, rolls, want string
		offset                  int
	}{
		"always on a roll":                           {"2014-05-06", "2025-01-06..", "2020-09-01..", "", 0},
		"the roll ended":                             {"2014-05-06", "2025-01-06..", "2020-09-01..2026-11-05", "2026-11-05..2032-09-01", 0},
		"between two schools":                        {"2014-05-06", "2025-01-06..", "2020-09-01..2026-11-05 2026-11-20..", "2026-11-05..2026-11-20", 0},
		"two gaps":                                   {"2014-05-06", "2025-01-06..", "2020-09-01..2025-11-05 2025-12-01..2026-10-05", "2025-11-05..2025-12-01 2026-10-05..2032-09-01", 0},
		"without a place when coming into care":      {"2014-05-06", "2026-10-05..", "2020-09-01..2026-07-20", "2026-10-05..2032-09-01", 0},
		"not in care at the time":                    {"2014-05-06", "2024-01-08..2026-11-01", "2020-09-01..2026-11-05", "", 0},
		"twice in care":                              {"2014-05-06", "2024-01-08..2024-03-01 2026-10-05..", "2020-09-01..2024-02-01", "2024-02-01..2024-03-01 2026-10-05..2032-09-01", 0},
		"never on a roll, of school age (R4)":        {"2022-01-05", "2026-01-06..", "", "2027-03-31..2038-06-26", 0},
		"three years old":                            {"2023-06-01", "2026-01-06..", "", "2028-08-31..2039-06-25", 0},
		"lost a nursery place: not before Reception": {"2022-06-01", "2026-01-06..", "2025-09-01..2025-12-20", "2026-09-01..2040-09-01", 0},
		"sixteen, college ended in Year 12":          {"2010-02-14", "2025-01-06..", "2020-09-01..2026-10-20", "2026-10-20..2028-09-01", 0},
		"seventeen, never on a roll":                 {"2009-10-01", "2026-10-05..", "", "", 0},
		"out of year, one below":                     {"2009-10-01", "2025-01-06..", "2020-09-01..2026-10-20", "2026-10-20..2029-09-01", -1},
		"a roll to come":                             {"2014-05-06", "2026-10-05..", "2027-01-04..", "2026-10-05..2027-01-04", 0},
		"an open end before":                         {"2014-05-06", "2026-10-05..", "..2026-10-20", "2026-10-20..2032-09-01", 0},
	} {
		got := written(Gaps(Person{DateOfBirth: on(c.born), YearOffset: c.offset, Care: ranges(c.care), Rolls: ranges(c.rolls)}))
		if got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
}

func schoolDays() (calendar.SchoolDays, []calendar.Term) {
	terms := []calendar.Term{
		{AcademicYear: 2026, Name: "autumn", Starts: on("2026-09-01"), Ends: on("2026-12-18"), HalfTermFrom: on("2026-10-26"), HalfTermTo: on("2026-10-30")},
		{AcademicYear: 2026, Name: "spring", Starts: on("2027-01-04"), Ends: on("2027-03-25"), HalfTermFrom: on("2027-02-15"), HalfTermTo: on("2027-02-19")},
		{AcademicYear: 2026, Name: "summer", Starts: on("2027-04-12"), Ends: on("2027-07-20"), HalfTermFrom: on("2027-05-31"), HalfTermTo: on("2027-06-04")},
	}
	return calendar.NewSchoolDays(terms, nil, nil), terms
}

func TestDueBy(t *testing.T) {
	t.Parallel()
	days, terms := schoolDays()
	for since, want := range map[string]string{
		"2026-11-05": "2026-11-19 true", "2026-10-20": "2026-11-10 true", "2025-03-03": "2026-09-15 false", "2027-07-19": " false",
	} {
		due, exact := DueBy(on(since), AlertDays, days, terms)
		if got := fmt.Sprintf("%s %v", due, exact); got != want {
			t.Errorf("since %s: %s; want %s", since, got, want)
		}
	}
}

func row(lastEnded string) Row {
	return Row{ChildID: 7, Forename: "Maya", DateOfBirth: on("2014-05-06"), InCareSince: on("2025-01-06"), LastEnded: on(lastEnded), LastSchool: "Ash"}
}

func taken(id int64, kind StepKind, day, school string) Taken {
	return Taken{ID: id, ChildID: 7, Step: Step{Kind: kind, TakenOn: on(day), School: school}}
}

func TestWhatIsWrongWithASearch(t *testing.T) {
	t.Parallel()
	days, terms := schoolDays()
	planned := Kept{ID: 3, OpenedOn: on("2026-11-06"), Search: Search{Reason: "moved", NextTask: "Ring", NextOn: on("2026-11-30"), NextBy: "advisor"}}
	asked := []Taken{taken(2, Referred, "2026-11-12", ""), taken(1, Asked, "2026-11-09", "Oak High")}
	for name, c := range map[string]struct {
		spoil     func(*Row) []Taken
		today     string
		otherwise bool
		want      string
	}{
		"nothing is done": {func(*Row) []Taken { return nil }, "2026-11-12", false,
			"No education meanwhile, and not referred as a child missing education; No school has been asked; Nobody has recorded why, or what comes next"},
		"R16: on the tenth day":   {func(r *Row) []Taken { r.Kept = planned; return asked }, "2026-11-19", true, ""},
		"R16: after the tenth":    {func(r *Row) []Taken { r.Kept = planned; return asked }, "2026-11-20", true, "More than 10 school days without a place"},
		"in an emergency, not 20": {func(r *Row) []Taken { r.Kept = planned; r.Emergency = true; return asked }, "2026-11-26", true, "More than 10 school days without a place"},
		"in an emergency, over 20": {func(r *Row) []Taken { r.Kept = planned; r.Emergency = true; return asked }, "2026-12-04", true,
			"More than 20 school days after an emergency placement; Oak High has not answered since 9 November 2026; Next task was due on 30 November 2026"},
		"a search of an earlier time": {func(r *Row) []Taken { r.Kept = planned; r.OpenedOn = on("2025-11-05"); return asked }, "2026-11-12", true, "Nobody has recorded why, or what comes next"},
		"steps of an earlier time": {func(r *Row) []Taken {
			r.Kept = planned
			return []Taken{taken(1, Asked, "2026-05-01", "Oak High")}
		}, "2026-11-12", true, "No school has been asked"},
		"the step was a mistake": {func(r *Row) []Taken {
			r.Kept = planned
			wrong := taken(1, Asked, "2026-11-09", "Oak High")
			wrong.Mistaken = true
			return []Taken{wrong}
		}, "2026-11-12", true, "No school has been asked"},
		"a first day is agreed": {func(r *Row) []Taken {
			r.Kept, r.StartsOn, r.StartsAt = planned, on("2026-12-07"), "Oak High"
			r.NextOn = on("2026-11-09")
			return nil
		}, "2026-11-12", true, ""},
	} {
		r := row("2026-11-05")
		steps := c.spoil(&r)
		standing, without := StandingOf(r, steps, days, terms, on(c.today))
		if !without {
			t.Errorf("%s: has a place", name)
			continue
		}
		if got := strings.Join(standing.Faults(c.otherwise, on(c.today)), "; "); got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
	standing, _ := StandingOf(row("2026-11-05"), asked, days, terms, on("2026-11-23"))
	if standing.Waited != 12 || !standing.Counted || standing.AlertOn != on("2026-11-19") || !standing.LimitOn.IsZero() || standing.Child() != "Maya" || !standing.Late(on("2026-11-20")) {
		t.Errorf("%+v", standing)
	}
	if last, found := standing.Last(); !found || last.Kind != Referred {
		t.Errorf("the last step is %+v", last)
	}
	if _, without := StandingOf(row(""), nil, days, terms, on("2025-01-05")); without {
		t.Error("without a place before coming into care")
	}
}

func TestWhoHasNotAnswered(t *testing.T) {
	t.Parallel()
	days, _ := schoolDays()
	open := UnansweredOf([]Taken{taken(6, Asked, "2026-11-16", "Elm High"), taken(5, "refused", "2026-11-12", "Oak High"), taken(4, Consulted, "2026-11-10", "Ash School"),
		taken(3, "panel", "2026-11-10", ""), taken(2, Asked, "2026-11-09", "oak high"), taken(1, Asked, "2026-11-02", "Elm High")}, days)
	if len(open) != 2 || open[0] != (Unanswered{"Ash School", on("2026-11-10"), on("2026-12-01")}) || open[1].School != "Elm High" || open[1].Asked != on("2026-11-16") {
		t.Errorf("%+v", open)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	today := on("2026-11-23")
	search := Search{Reason: "moved", NextTask: " Ring  admissions ", NextOn: on("2026-11-30"), NextBy: "advisor"}
	step := Step{Kind: Asked, TakenOn: today, School: "Oak High"}
	if search.tidy().problems(today) != nil || step.tidy().problems(today) != nil || search.tidy().NextTask != "Ring admissions" {
		t.Fatalf("%v, %v", search.tidy().problems(today), step.tidy().problems(today))
	}
	for name, c := range map[string]struct {
		spoil func(*Search)
		field string
	}{
		"no reason":      {func(s *Search) { s.Reason = "lost" }, "reason"},
		"a long note":    {func(s *Search) { s.Note = strings.Repeat("é", TextLimit+1) }, "note"},
		"no task":        {func(s *Search) { s.NextTask = " " }, "task"},
		"a long task":    {func(s *Search) { s.NextTask = strings.Repeat("é", NameLimit+1) }, "task"},
		"no day":         {func(s *Search) { s.NextOn = calendar.Date{} }, "task_on"},
		"long ago":       {func(s *Search) { s.NextOn = on("2026-10-01") }, "task_on"},
		"far ahead":      {func(s *Search) { s.NextOn = on("2027-11-01") }, "task_on"},
		"nobody does it": {func(s *Search) { s.NextBy = "somebody" }, "task_by"},
	} {
		bad := search
		c.spoil(&bad)
		if problems := fault.Of(bad.tidy().problems(today)); len(problems) != 1 || !problems.Has(c.field) {
			t.Errorf("%s: %v; want one about %s", name, problems, c.field)
		}
	}
	for name, c := range map[string]struct {
		spoil func(*Step)
		field string
	}{
		"no kind":        {func(s *Step) { s.Kind = "" }, "kind"},
		"no day":         {func(s *Step) { s.TakenOn = calendar.Date{} }, "taken"},
		"tomorrow":       {func(s *Step) { s.TakenOn = today.AddDays(1) }, "taken"},
		"long ago":       {func(s *Step) { s.TakenOn = today.AddYears(-16) }, "taken"},
		"no school":      {func(s *Step) { s.School = "" }, "school"},
		"a long school":  {func(s *Step) { s.School = strings.Repeat("é", NameLimit+1) }, "school"},
		"something else": {func(s *Step) { s.Kind = "other" }, "words"},
		"too many words": {func(s *Step) { s.Words = strings.Repeat("é", TextLimit+1) }, "words"},
	} {
		bad := step
		c.spoil(&bad)
		if problems := fault.Of(bad.tidy().problems(today)); len(problems) != 1 || !problems.Has(c.field) {
			t.Errorf("%s: %v; want one about %s", name, problems, c.field)
		}
	}
	for _, one := range Reasons {
		if one.Reason.Name() != one.Name {
			t.Errorf("%+v", one)
		}
	}
	if Reason("").Name()+Doer("").Name()+StepKind("").Name() != "" || Doers[0].Doer.Name() == "" || Asked.Name() == "" {
		t.Error("names")
	}
}
