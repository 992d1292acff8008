package provision

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/hours"
)

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// sound is provision with which nothing is wrong on 12 October 2026.
func sound() Provision {
	return Provision{Entry: Entry{Place: "Farm school", Registration: Registered, ArrangedBy: BySchool, Purpose: "Animals, and English on Friday", StartsOn: day("2026-09-07"),
		PlannedEnd: day("2026-12-18"), Hours: 20 * hours.Hour}, CheckedOn: day("2026-09-03"), CheckedBy: "Ann Advisor", Safe: true, Finding: "good"}
}

func TestWhenQualityIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Provision)
		want   string
	}{
		"seven weeks after the last":   {func(*Provision) {}, "2026-10-22"},
		"before it begins":             {func(p *Provision) { p.CheckedOn = calendar.Date{} }, "2026-09-07"},
		"a visit long before it began": {func(p *Provision) { p.CheckedOn = day("2026-07-01") }, "2026-09-07"},
		"over":                         {func(p *Provision) { p.EndedOn = day("2026-10-01") }, ""},
	} {
		of := sound()
		c.change(&of)
		if got := of.CheckBy(); !(c.want == "" && got.IsZero()) && got.String() != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	today := day("2026-10-12")
	if faults := sound().Faults(today); len(faults) != 0 {
		t.Fatalf("nothing is wrong, and yet %v", faults)
	}
	for says, change := range map[string]func(*Provision){
		"Safeguarding":       func(p *Provision) { p.Safe = false },
		"not good enough":    func(p *Provision) { p.Finding = Weak },
		"not registered":     func(p *Provision) { p.Registration, p.Hours = NotRegistered, 18*hours.Hour },
		"Nobody knows":       func(p *Provision) { p.Registration = NotKnown },
		"Nobody has checked": func(p *Provision) { p.CheckedOn, p.Safe, p.Finding = calendar.Date{}, false, "" },
		"checked again by":   func(p *Provision) { p.CheckedOn = day("2026-08-10") },
		"No end date":        func(p *Provision) { p.PlannedEnd = calendar.Date{} },
		"Was to end on":      func(p *Provision) { p.PlannedEnd = day("2026-10-11") },
		"what it is for":     func(p *Provision) { p.Purpose = "" },
	} {
		of := sound()
		change(&of)
		if faults := of.Faults(today); len(faults) != 1 || !strings.Contains(faults[0], says) {
			t.Errorf("%s: %v", says, faults)
		}
		of.EndedOn = today
		if faults := of.Faults(today); len(faults) != 0 {
			t.Errorf("%s, of what is over: %v", says, faults)
		}
	}
	part := sound()
	part.Registration, part.Hours = NotRegistered, 18*hours.Hour-1
	if faults := part.Faults(today); len(faults) != 0 {
		t.Errorf("part-time at a place that need not be registered: %v", faults)
	}
}

func TestWhatAnEntryMustSay(t *testing.T) {
	t.Parallel()
	today := day("2026-11-23")
	good := sound().Entry
	if err := good.problems(today); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string][]func(*Entry){
		"place":        {func(e *Entry) { e.Place = "" }, func(e *Entry) { e.Place = strings.Repeat("é", NameLimit+1) }},
		"registration": {func(e *Entry) { e.Registration = "perhaps" }},
		"arranged_by":  {func(e *Entry) { e.ArrangedBy = "somebody" }},
		"purpose":      {func(e *Entry) { e.Purpose = strings.Repeat("é", TextLimit+1) }},
		"starts":       {func(e *Entry) { e.StartsOn = calendar.Date{} }, func(e *Entry) { e.StartsOn = today.AddDays(61) }, func(e *Entry) { e.StartsOn = today.AddYears(-16) }},
		"ends":         {func(e *Entry) { e.PlannedEnd = e.StartsOn }, func(e *Entry) { e.PlannedEnd = e.StartsOn.AddYears(6) }},
		"ended":        {func(e *Entry) { e.EndedOn = e.StartsOn }, func(e *Entry) { e.EndedOn = today.AddDays(2) }},
		"hours":        {func(e *Entry) { e.Hours = 0 }, func(e *Entry) { e.Hours = hours.Most + 1 }},
	} {
		for n, one := range spoil {
			bad := good
			one(&bad)
			if problems := fault.Of(bad.problems(today)); len(problems) != 1 || !problems.Has(field) {
				t.Errorf("%s %d: %v", field, n, problems)
			}
		}
	}
}

func TestWhatACheckMustSay(t *testing.T) {
	t.Parallel()
	today, of := day("2026-11-23"), sound()
	good := Check{CheckedOn: today, CheckedBy: "Ann Advisor", Safe: true, Finding: "good", Words: "Saw two lessons"}
	if err := good.problems(of, today); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string][]func(*Check){
		"checked":    {func(c *Check) { c.CheckedOn = calendar.Date{} }, func(c *Check) { c.CheckedOn = today.AddDays(1) }, func(c *Check) { c.CheckedOn = of.StartsOn.AddDays(-91) }},
		"checked_by": {func(c *Check) { c.CheckedBy = "" }, func(c *Check) { c.CheckedBy = strings.Repeat("é", NameLimit+1) }},
		"finding":    {func(c *Check) { c.Finding = "fine" }},
		"words":      {func(c *Check) { c.Words = "" }, func(c *Check) { c.Words = strings.Repeat("é", TextLimit+1) }},
	} {
		for n, one := range spoil {
			bad := good
			one(&bad)
			if problems := fault.Of(bad.problems(of, today)); len(problems) != 1 || !problems.Has(field) {
				t.Errorf("%s %d: %v", field, n, problems)
			}
		}
	}
}
