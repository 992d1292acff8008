package suspension

import (
	"slices"
	"testing"

	"virtualschool/internal/calendar"
)

func on(iso string) calendar.Date { return calendar.MustParse(iso) }

func TestLateNotice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, decided, told string
		late                bool
	}{
		{"R30: decided Monday, told Thursday", "2026-11-09", "2026-11-12", true},
		{"the same day", "2026-11-09", "2026-11-09", false},
		{"the next day", "2026-11-09", "2026-11-10", false},
		{"two days", "2026-11-09", "2026-11-11", true},
		{"over a weekend", "2026-11-13", "2026-11-16", false},
		{"over half term", "2026-10-23", "2026-11-02", false},
		{"over half term and a day", "2026-10-23", "2026-11-03", true},
	} {
		if late := NoticeLate(on(c.decided), on(c.told), schoolDays()); late != c.late {
			t.Errorf("%s: %v", c.name, late)
		}
	}
	if NoticeLate(calendar.Date{}, on("2026-11-12"), schoolDays()) || NoticeLate(on("2026-11-09"), calendar.Date{}, schoolDays()) {
		t.Error("a day that is not known is judged")
	}
}

func TestBackAtSchool(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		event     Event
		want      string
		afternoon bool
	}{
		{"one day", Event{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 2}, "2026-11-10", false},
		{"half a day", Event{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 1}, "2026-11-09", true},
		{"from after lunch, half a day", Event{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 1, Afternoon: true}, "2026-11-10", false},
		{"from after lunch, a day", Event{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 2, Afternoon: true}, "2026-11-10", true},
		{"over the weekend", Event{Kind: Suspension, StartsOn: on("2026-11-12"), Sessions: 4}, "2026-11-16", false},
		{"over half term", Event{Kind: Suspension, StartsOn: on("2026-10-23"), Sessions: 2}, "2026-11-02", false},
		{"permanent", Event{Kind: Exclusion, StartsOn: on("2026-11-09"), Sessions: 1}, "", false},
		{"lunchtimes", Event{Kind: Lunchtime, StartsOn: on("2026-11-09"), Sessions: 3}, "", false},
		{"cancelled", Event{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 2, State: Cancelled}, "", false},
		{"beyond the calendar", Event{Kind: Suspension, StartsOn: on("2027-07-19"), Sessions: 10}, "", false},
	} {
		back, afternoon, known := Back(c.event, schoolDays())
		if known != (c.want != "") || known && (back.String() != c.want || afternoon != c.afternoon) {
			t.Errorf("%s: %s, after lunch %v, known %v", c.name, back, afternoon, known)
		}
	}
}

func TestWhatWasServedCountsAndWhatWasCancelledDoesNot(t *testing.T) {
	t.Parallel()
	cancelled := Event{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 20, SettingID: 1, State: Cancelled, Served: 3}
	reinstated := Event{Kind: Exclusion, StartsOn: on("2026-11-16"), Sessions: 1, SettingID: 1, State: Reinstated, Served: 24}
	exam := Event{Kind: Suspension, StartsOn: on("2026-11-23"), Sessions: 2, SettingID: 1, State: Stands, Exam: PublicExam, ExamOn: on("2026-11-24")}
	if p := PositionOf([]Event{cancelled, reinstated}, 2026, schoolDays()); p.Used != 27 || p.Excluded {
		t.Errorf("%+v", p)
	}
	if total, board := TermTest([]Event{cancelled}, 1, autumn, schoolDays()); total != 3 || board != BoardNone {
		t.Errorf("cancelled: %d %s", total, board)
	}
	if total, board := TermTest([]Event{exam}, 1, autumn, schoolDays()); total != 2 || board != BoardMustMeet {
		t.Errorf("an exam missed: %d %s", total, board)
	}
	by, _ := BoardBy(BoardMustMeet, exam.Notice(), schoolDays())
	if !exam.BeforeExam(by) || cancelled.BeforeExam(by) {
		t.Error("the board meets before the exam")
	}
}

func TestStepsOfAPermanentExclusion(t *testing.T) {
	t.Parallel()
	event := Event{Kind: Exclusion, StartsOn: on("2026-11-09"), DecidedOn: on("2026-11-09"), Sessions: 1, SettingID: 1, State: Stands}
	file := File{Event: event, All: []Event{event}}
	terms := []calendar.Term{{AcademicYear: 2026, Name: "autumn", Starts: on("2026-09-01"), Ends: on("2026-12-18")}}
	find := func(kind StepKind, today string) Step {
		steps := file.Steps(terms, schoolDays(), on(today))
		if n := slices.IndexFunc(steps, func(s Step) bool { return s.Kind == kind }); n >= 0 {
			return steps[n]
		}
		return Step{}
	}
	if s := find(StepTell, "2026-11-12"); s.What != "Tell the parents and carers, the social worker, the Virtual School, the local authority and the governing board" || !s.Late {
		t.Errorf("telling: %+v", s)
	}
	if s := find(StepBoard, "2026-12-01"); s.Due != on("2026-11-30") || !s.Late || !s.Open() {
		t.Errorf("the board: %+v", s)
	}
	file.Considered = []Considered{{Body: GoverningBoard, Meeting: Meeting{Outcome: Upheld, DecidedOn: on("2026-11-23"), LetterOn: on("2026-11-24")}}}
	if s := find(StepBoard, "2026-12-01"); s.Late || s.Open() {
		t.Errorf("the board has met: %+v", s)
	}
	if s := find(StepPanel, "2026-12-01"); s.Due != on("2026-12-15") {
		t.Errorf("applying: %+v", s)
	}
	file.Considered = append(file.Considered, Considered{Body: ReviewPanel, Meeting: Meeting{AskedOn: on("2026-12-01"), Outcome: Quashed, DecidedOn: on("2026-12-09"), LetterOn: on("2026-12-10")}})
	if s := find(StepAgain, "2026-12-11"); s.Due != on("2027-01-07") || !s.Open() {
		t.Errorf("the board again: %+v", s)
	}
	if MayConsider(ReviewPanel, Event{Kind: Suspension, State: Stands}, nil) || !MayConsider(BoardAgain, event, file.Considered) {
		t.Error("who may consider")
	}
}

func TestNeedsAndTotals(t *testing.T) {
	t.Parallel()
	terms := []calendar.Term{{AcademicYear: 2026, Name: "autumn", Starts: on("2026-09-01"), Ends: on("2026-12-18")}}
	long := Waiting{ChildID: 1, Unread: []string{"head"}, Event: Event{Kind: Suspension, SettingID: 1, StartsOn: on("2026-11-09"), Sessions: 40, DecidedOn: on("2026-11-09"), ToldUsOn: on("2026-11-13"), State: Stands}}
	short := Waiting{ChildID: 1, Event: Event{Kind: Suspension, SettingID: 1, StartsOn: on("2026-09-14"), Sessions: 2, State: Stands, ReturnMeetingOn: on("2026-09-16")}}
	gone := Waiting{ChildID: 2, Event: Event{Kind: Exclusion, SettingID: 1, StartsOn: on("2026-10-05"), Sessions: 1, State: Cancelled, Served: 4}}
	all := []Event{long.Event, short.Event}
	if got := NeedsOf(long, all, terms, schoolDays()); !slices.Equal(got, []Need{NeedsReading, ToldLate, NeedsLessons, NeedsBoard, NoMeeting, NoReview}) {
		t.Errorf("the long one needs %v", got)
	}
	if got := NeedsOf(gone, nil, terms, schoolDays()); got != nil {
		t.Errorf("the cancelled one needs %v", got)
	}
	if got := TotalsOf([]Waiting{long, short, gone}, schoolDays()); got != (Totals{Events: 2, Children: 1, Repeat: 1, Days: 46, Late: 1}) {
		t.Errorf("%+v", got)
	}
	for _, c := range []struct {
		filter Filter
		want   bool
	}{{Filter{}, true}, {Filter{Kind: Exclusion}, false}, {Filter{State: Cancelled}, false}, {Filter{SettingID: 2}, false}, {Filter{AdvisorID: 3}, false}, {Filter{Reason: "DB"}, false}, {Filter{Needs: ToldLate}, true}, {Filter{Needs: "x"}, false}} {
		if c.filter.Takes(long, []Need{ToldLate}) != c.want {
			t.Errorf("%+v", c.filter)
		}
	}
}

func TestEverySignHasItsPoints(t *testing.T) {
	t.Parallel()
	today := on("2026-11-23")
	for _, c := range []struct {
		name  string
		signs Signs
		want  int
	}{
		{"nothing", Signs{Difficulties: -1}, 0},
		{"once lately", Signs{Lately: 1, Events: 1, Difficulties: -1}, 3},
		{"five times lately", Signs{Lately: 5, Events: 5, Difficulties: -1}, 11},
		{"ten days left", Signs{Used: 70, Difficulties: -1}, 4},
		{"eleven left", Signs{Used: 68, Difficulties: -1}, 0},
		{"excluded", Signs{Excluded: true, Difficulties: -1}, 5},
		{"moved school a year ago", Signs{JoinedOn: on("2025-11-23"), Difficulties: -1}, 2},
		{"moved school before", Signs{JoinedOn: on("2025-11-22"), Difficulties: -1}, 0},
		{"moved placement", Signs{MovedOn: on("2026-07-01"), Difficulties: -1}, 2},
		{"another social worker", Signs{WorkerSince: on("2026-10-01"), Difficulties: -1}, 1},
		{"score of 14", Signs{Difficulties: 14}, 1},
		{"score of 17", Signs{Difficulties: 17}, 2},
		{"SEMH", Signs{Difficulties: -1, SEN: "E", Need: "SEMH"}, 2},
		{"another need", Signs{Difficulties: -1, SEN: "E", Need: "SLCN"}, 0},
		{"missed without leave", Signs{Difficulties: -1, Possible: 100, Unauthorised: 5, Missed: 5}, 2},
		{"missed a tenth", Signs{Difficulties: -1, Possible: 100, Missed: 10}, 1},
	} {
		if reasons := ReasonsOf(c.signs, today); PointsOf(reasons) != c.want || slices.ContainsFunc(reasons, func(r Reason) bool { return r.Words == "" || r.Points < 1 }) {
			t.Errorf("%s: %d points, %v; want %d", c.name, PointsOf(reasons), reasons, c.want)
		}
	}
}
