package suspension

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

func event(kind Kind, starts string, sessions int, setting int64) Event {
	return Event{Kind: kind, StartsOn: calendar.MustParse(starts), Sessions: sessions, SettingID: setting}
}

func TestDaysAndTheFortyFive(t *testing.T) {
	t.Parallel()
	for h, want := range map[HalfDays]string{0: "0 days", 1: "0.5 days", 2: "1 day", 3: "1.5 days", 4: "2 days", 90: "45 days", -3: "-1.5 days"} {
		if got := h.Days(); got != want {
			t.Errorf("%d half-days: %s; want %s", int(h), got, want)
		}
	}
	for _, c := range []struct {
		name   string
		events []Event
		want   Position
	}{
		{"none", nil, Position{AcademicYear: 2026, Left: 90}},
		{"R25: three sessions and a lunchtime", []Event{event(Suspension, "2026-10-05", 3, 1), event(Lunchtime, "2026-10-12", 1, 1)}, Position{2026, 2, 4, 86, false, false}},
		{"R26: over two schools", []Event{event(Suspension, "2026-10-05", 40, 1), event(Suspension, "2027-02-01", 35, 2)}, Position{2026, 2, 75, 15, true, false}},
		{"eleven days left", []Event{event(Suspension, "2026-10-05", 68, 1)}, Position{2026, 1, 68, 22, false, false}},
		{"ten days left", []Event{event(Suspension, "2026-10-05", 70, 1)}, Position{2026, 1, 70, 20, true, false}},
		{"another year's do not count", []Event{event(Suspension, "2026-08-31", 10, 1), event(Suspension, "2027-09-01", 10, 1)}, Position{AcademicYear: 2026, Left: 90}},
		{"an exclusion has no length", []Event{event(Exclusion, "2026-10-05", 1, 1)}, Position{2026, 1, 0, 90, false, true}},
		{"over the limit", []Event{event(Suspension, "2026-10-05", 90, 1), event(Lunchtime, "2027-01-05", 1, 2)}, Position{2026, 2, 91, -1, true, false}},
	} {
		if got := PositionOf(c.events, 2026, schoolDays()); got != c.want {
			t.Errorf("%s: %+v; want %+v", c.name, got, c.want)
		}
	}
}

func TestWhatTheBoardMustDo(t *testing.T) {
	t.Parallel()
	term := autumn
	for _, c := range []struct {
		name   string
		events []Event
		total  HalfDays
		want   Board
	}{
		{"nothing", nil, 0, BoardNone},
		{"five days", []Event{event(Suspension, "2026-10-05", 10, 1)}, 10, BoardMayHear},
		{"five and a half", []Event{event(Suspension, "2026-10-05", 10, 1), event(Lunchtime, "2026-12-18", 1, 1)}, 11, BoardIfAsked},
		{"fifteen", []Event{event(Suspension, "2026-10-05", 30, 1)}, 30, BoardIfAsked},
		{"R27: twelve and four", []Event{event(Suspension, "2026-09-01", 24, 1), event(Suspension, "2026-11-09", 8, 1)}, 32, BoardMustMeet},
		{"at two schools", []Event{event(Suspension, "2026-09-01", 24, 1), event(Suspension, "2026-11-09", 8, 2)}, 24, BoardIfAsked},
		{"in two terms", []Event{event(Suspension, "2026-09-01", 24, 1), event(Suspension, "2027-01-11", 8, 1)}, 24, BoardIfAsked},
		{"for good", []Event{event(Exclusion, "2026-10-05", 1, 1)}, 0, BoardMustMeet},
	} {
		total, board := TermTest(c.events, 1, term, schoolDays())
		if total != c.total || board != c.want || (board != BoardNone) != (board.Words() != "") {
			t.Errorf("%s: %d %s %q; want %d %s", c.name, total, board, board.Words(), c.total, c.want)
		}
	}
}

func schoolDays() calendar.SchoolDays { return calendar.NewSchoolDays(schoolDaysTerms(), nil, nil) }

func schoolDaysTerms() []calendar.Term {
	return []calendar.Term{
		{AcademicYear: 2026, Name: "autumn", Starts: on("2026-09-01"), Ends: on("2026-12-18"), HalfTermFrom: on("2026-10-26"), HalfTermTo: on("2026-10-30")},
		{AcademicYear: 2026, Name: "spring", Starts: on("2027-01-04"), Ends: on("2027-03-25"), HalfTermFrom: on("2027-02-15"), HalfTermTo: on("2027-02-19")},
		{AcademicYear: 2026, Name: "summer", Starts: on("2027-04-12"), Ends: on("2027-07-20"), HalfTermFrom: on("2027-05-31"), HalfTermTo: on("2027-06-04")},
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		event Event
		want  string // empty: none
	}{
		{"R29: eight days from Monday", event(Suspension, "2026-11-09", 16, 1), "2026-11-16"},
		{"five days", event(Suspension, "2026-11-09", 10, 1), ""},
		{"over half term", event(Suspension, "2026-10-22", 12, 1), "2026-11-05"},
		{"from a Saturday", event(Suspension, "2026-11-07", 12, 1), "2026-11-16"},
		{"for good", event(Exclusion, "2026-11-09", 1, 1), "2026-11-16"},
		{"lunchtimes", event(Lunchtime, "2026-11-09", 20, 1), ""},
		{"beyond the calendar", event(Suspension, "2027-07-19", 12, 1), ""},
	} {
		got, known := SixthDay(c.event, nil, schoolDays())
		if got.String() != c.want && known || known != (c.want != "") {
			t.Errorf("%s: %s, %v; want %q", c.name, got, known, c.want)
		}
	}
	notice := calendar.MustParse("2026-11-09")
	for board, want := range map[Board]string{BoardMustMeet: "2026-11-30", BoardIfAsked: "2027-02-01", BoardMayHear: "", BoardNone: ""} {
		if got, known := BoardBy(board, notice, schoolDays()); got.String() != want || known != (want != "") {
			t.Errorf("%s by %s, %v; want %s", board, got, known, want)
		}
	}
}

func TestWhatAnEntryMustSay(t *testing.T) {
	t.Parallel()
	today := calendar.MustParse("2026-11-23")
	good := Entry{SettingID: 1, Kind: Suspension, StartsOn: today, Sessions: 3, Reasons: []string{"PP", "DB", "PP"}, Note: " Sent home "}
	if tidy := good.tidy(); tidy.problems(today) != nil || len(tidy.Reasons) != 2 || tidy.Note != "Sent home" {
		t.Fatalf("%+v: %v", tidy, tidy.problems(today))
	}
	for name, c := range map[string]struct {
		spoil func(*Entry)
		field string
	}{
		"no kind":           {func(e *Entry) { e.Kind = "sent home" }, "kind"},
		"no day":            {func(e *Entry) { e.StartsOn = calendar.Date{} }, "starts"},
		"far ahead":         {func(e *Entry) { e.StartsOn = today.AddDays(15) }, "starts"},
		"long ago":          {func(e *Entry) { e.StartsOn = today.AddYears(-16) }, "starts"},
		"no length":         {func(e *Entry) { e.Sessions = 0 }, "sessions"},
		"over a year's":     {func(e *Entry) { e.Sessions = 91 }, "sessions"},
		"no reason":         {func(e *Entry) { e.Reasons = nil }, "reasons"},
		"four reasons":      {func(e *Entry) { e.Reasons = []string{"PP", "PA", "VP", "VA"} }, "reasons"},
		"an unknown reason": {func(e *Entry) { e.Reasons = []string{"OT"} }, "reasons"},
		"a long note":       {func(e *Entry) { e.Note = strings.Repeat("é", NoteLimit+1) }, "note"},
	} {
		bad := good
		c.spoil(&bad)
		if problems := fault.Of(bad.tidy().problems(today)); len(problems) != 1 || !problems.Has(c.field) {
			t.Errorf("%s: %v; want one about %s", name, problems, c.field)
		}
	}
	if excluded := (Entry{Kind: Exclusion, StartsOn: today, Reasons: []string{"DB"}}).tidy(); excluded.Sessions != 1 || excluded.problems(today) != nil {
		t.Errorf("a permanent exclusion needs no length: %+v", excluded)
	}
	for _, reason := range Reasons {
		if ReasonName(reason.Code) != reason.Name || len(reason.Code) != 2 {
			t.Errorf("%+v", reason)
		}
	}
}
