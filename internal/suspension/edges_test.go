package suspension

import (
	"slices"
	"testing"

	"virtualschool/internal/calendar"
)

var (
	autumn = calendar.Range{Start: on("2026-09-01"), End: on("2026-12-19")}
	spring = calendar.Range{Start: on("2027-01-04"), End: on("2027-03-26")}
)

// R25 to R27 at the ends of terms and years: each has the days that fall in it.
func TestDaysFallInTheTermAndYearTheyAreIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		event          Event
		autumn, spring HalfDays
	}{
		{"within one term", event(Suspension, "2026-12-14", 10, 1), 10, 0},
		{"over the end of term", event(Suspension, "2026-12-17", 10, 1), 4, 6},
		{"from after lunch", Event{Kind: Suspension, StartsOn: on("2026-12-17"), Afternoon: true, Sessions: 10}, 3, 7},
		{"the last half-day", Event{Kind: Suspension, StartsOn: on("2026-12-18"), Afternoon: true, Sessions: 1}, 1, 0},
		{"from a Saturday after term", event(Suspension, "2026-12-19", 4, 1), 0, 4},
		{"lunchtimes stay together", event(Lunchtime, "2026-12-18", 5, 1), 5, 0},
		{"an exclusion has no length", event(Exclusion, "2026-12-17", 1, 1), 0, 0},
		{"cancelled over the end of term", Event{Kind: Suspension, StartsOn: on("2026-12-17"), Sessions: 20, State: Cancelled, Served: 6}, 4, 2},
		{"reinstated: the days until then", Event{Kind: Exclusion, StartsOn: on("2026-12-17"), Sessions: 1, State: Reinstated, Served: 24}, 4, 20},
	} {
		if a, s := c.event.Within(autumn, schoolDays()), c.event.Within(spring, schoolDays()); a != c.autumn || s != c.spring {
			t.Errorf("%s: %d in autumn, %d in spring; want %d, %d", c.name, a, s, c.autumn, c.spring)
		}
		if whole := c.event.Within(autumn, calendar.SchoolDays{}) + c.event.Within(spring, calendar.SchoolDays{}); c.event.StartsOn.Before(autumn.End) && whole != c.event.Counted() {
			t.Errorf("%s: without a calendar %d of %d", c.name, whole, c.event.Counted())
		}
	}
	summer := []Event{event(Suspension, "2027-07-19", 10, 1)}
	next := append(schoolDaysTerms(), calendar.Term{AcademicYear: 2027, Name: "autumn", Starts: on("2027-09-01"), Ends: on("2027-12-17")})
	days := calendar.NewSchoolDays(next, nil, nil)
	if a, b := PositionOf(summer, 2026, days), PositionOf(summer, 2027, days); a.Used != 4 || a.Events != 1 || b.Used != 6 || b.Events != 0 {
		t.Errorf("over the summer: %+v and %+v", a, b)
	}
	over := []Event{event(Suspension, "2026-12-17", 24, 1), event(Suspension, "2027-01-18", 12, 1)}
	if total, board := TermTest(over, 1, spring, schoolDays()); total != 32 || board != BoardMustMeet {
		t.Errorf("the term's second suspension with what ran into the term: %d %s", total, board)
	}
	if total, board := TermTest(over, 1, autumn, schoolDays()); total != 4 || board != BoardMayHear {
		t.Errorf("the term before: %d %s", total, board)
	}
}

// R27 at each bound, in half-days; and that what does not stand asks nothing of the board.
func TestTheBoardsBounds(t *testing.T) {
	t.Parallel()
	cancelled := Event{Kind: Suspension, StartsOn: on("2026-10-05"), Sessions: 40, SettingID: 1, State: Cancelled, Served: 12}
	for _, c := range []struct {
		name   string
		events []Event
		total  HalfDays
		want   Board
	}{
		{"half a day", []Event{event(Suspension, "2026-10-05", 1, 1)}, 1, BoardMayHear},
		{"5 days", []Event{event(Suspension, "2026-10-05", 10, 1)}, 10, BoardMayHear},
		{"5½ days", []Event{event(Suspension, "2026-10-05", 11, 1)}, 11, BoardIfAsked},
		{"15 days", []Event{event(Suspension, "2026-10-05", 30, 1)}, 30, BoardIfAsked},
		{"15½ days", []Event{event(Suspension, "2026-10-05", 30, 1), event(Lunchtime, "2026-12-18", 1, 1)}, 31, BoardMustMeet},
		{"only one that was cancelled", []Event{cancelled}, 12, BoardNone},
		{"days served of it with those of another", []Event{cancelled, event(Suspension, "2026-11-09", 20, 1)}, 32, BoardMustMeet},
		{"an exam missed, in half a day", []Event{{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 1, SettingID: 1, Exam: NationalTest, ExamOn: on("2026-11-09")}}, 1, BoardMustMeet},
		{"an exam missed, and cancelled", []Event{{Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 1, SettingID: 1, Exam: PublicExam, State: Cancelled}}, 0, BoardNone},
		{"an exclusion that was reinstated", []Event{{Kind: Exclusion, StartsOn: on("2026-11-09"), Sessions: 1, SettingID: 1, State: Reinstated, Served: 20}}, 20, BoardNone},
	} {
		if total, board := TermTest(c.events, 1, autumn, schoolDays()); total != c.total || board != c.want {
			t.Errorf("%s: %d %q; want %d %q", c.name, total, board, c.total, c.want)
		}
	}
}

// R28 from each kind of day, and before an examination.
func TestTheBoardsLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		board  Board
		notice string
		want   string
	}{
		{"from a Monday", BoardMustMeet, "2026-09-07", "2026-09-28"},
		{"from a Saturday", BoardMustMeet, "2026-09-05", "2026-09-25"},
		{"over half term", BoardMustMeet, "2026-10-12", "2026-11-09"},
		{"over Christmas", BoardMustMeet, "2026-12-07", "2027-01-11"},
		{"from the day before term", BoardMustMeet, "2027-01-03", "2027-01-22"},
		{"fifty days", BoardIfAsked, "2026-09-01", "2026-11-17"},
		{"into a year whose terms are not known", BoardMustMeet, "2027-07-05", ""},
	} {
		if by, known := BoardBy(c.board, on(c.notice), schoolDays()); known != (c.want != "") || known && by.String() != c.want {
			t.Errorf("%s: %s, %v; want %q", c.name, by, known, c.want)
		}
	}
	exam := Event{Kind: Suspension, StartsOn: on("2027-05-10"), Sessions: 4, Exam: PublicExam}
	for day, before := range map[string]bool{"2027-05-12": true, "2027-05-31": true, "2027-06-07": false, "2027-06-08": false} {
		exam.ExamOn = on(day)
		by, _ := BoardBy(BoardMustMeet, exam.Notice(), schoolDays())
		if exam.BeforeExam(by) != before {
			t.Errorf("an examination on %s, the board by %s: before it %v", day, by, !before)
		}
	}
}

// R29: days of suspensions that follow one another without a day at school between are counted together.
func TestTheSixthDayOverSuspensionsInARow(t *testing.T) {
	t.Parallel()
	number := func(id int64, e Event) Event { e.ID = id; return e }
	first := number(1, event(Suspension, "2026-11-09", 6, 1))
	for _, c := range []struct {
		name   string
		before []Event
		event  Event
		want   string
	}{
		{"five days", nil, event(Suspension, "2026-11-09", 10, 1), ""},
		{"five and a half", nil, event(Suspension, "2026-11-09", 11, 1), "2026-11-16"},
		{"three days and then three", []Event{first}, event(Suspension, "2026-11-12", 6, 1), "2026-11-16"},
		{"three days and then two", []Event{first}, event(Suspension, "2026-11-12", 4, 1), ""},
		{"a day at school between", []Event{first}, event(Suspension, "2026-11-13", 6, 1), ""},
		{"at another school", []Event{first}, event(Suspension, "2026-11-12", 6, 2), ""},
		{"the first was cancelled", []Event{{ID: 1, Kind: Suspension, StartsOn: on("2026-11-09"), Sessions: 6, SettingID: 1, State: Cancelled, Served: 6}}, event(Suspension, "2026-11-12", 6, 1), ""},
		{"the sixth has passed before", []Event{number(1, event(Suspension, "2026-11-09", 16, 1))}, event(Suspension, "2026-11-19", 4, 1), "2026-11-19"},
		{"three in a row", []Event{first, number(2, event(Suspension, "2026-11-12", 2, 1))}, event(Suspension, "2026-11-13", 6, 1), "2026-11-16"},
		{"over the weekend", []Event{number(1, event(Suspension, "2026-11-12", 4, 1))}, event(Suspension, "2026-11-16", 8, 1), "2026-11-19"},
		{"over half term", []Event{number(1, event(Suspension, "2026-10-21", 6, 1))}, event(Suspension, "2026-11-02", 8, 1), "2026-11-04"},
		{"from after lunch", []Event{number(1, event(Suspension, "2026-11-09", 5, 1))}, Event{Kind: Suspension, StartsOn: on("2026-11-11"), Afternoon: true, Sessions: 8, SettingID: 1}, "2026-11-16"},
		{"the morning at school between", []Event{number(1, event(Suspension, "2026-11-09", 4, 1))}, Event{Kind: Suspension, StartsOn: on("2026-11-11"), Afternoon: true, Sessions: 8, SettingID: 1}, ""},
		{"for good, after a suspension", []Event{first}, event(Exclusion, "2026-11-12", 1, 1), "2026-11-19"},
	} {
		c.event.ID = 9
		got, known := SixthDay(c.event, append(slices.Clone(c.before), c.event), schoolDays())
		if known != (c.want != "") || known && got.String() != c.want {
			t.Errorf("%s: %s, %v; want %q", c.name, got, known, c.want)
		}
	}
}

// R30 from each kind of day.
func TestTheDayAfterWhichNoticeIsLate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, decided, told string
		late                bool
	}{
		{"Friday and Monday", "2026-11-13", "2026-11-16", false}, {"Friday and Tuesday", "2026-11-13", "2026-11-17", true},
		{"Saturday and Monday", "2026-11-14", "2026-11-16", false}, {"Saturday and Tuesday", "2026-11-14", "2026-11-17", true},
		{"the last day of term and the first", "2026-12-18", "2027-01-04", false}, {"the last day of term and the second", "2026-12-18", "2027-01-05", true},
		{"before it was decided", "2026-11-10", "2026-11-09", false},
	} {
		if late := NoticeLate(on(c.decided), on(c.told), schoolDays()); late != c.late {
			t.Errorf("%s: %v", c.name, late)
		}
	}
}

func TestStepsOfEducationAndThePlan(t *testing.T) {
	t.Parallel()
	of := func(e Event, arranged []Arranged, today string) map[StepKind]Step {
		e.SettingID = 1
		found := map[StepKind]Step{}
		for _, step := range (File{Event: e, All: []Event{e}, Education: arranged}).Steps(schoolDaysTerms(), schoolDays(), on(today)) {
			if step.Who == "" || step.Because == "" {
				t.Errorf("nobody's, or for no reason: %+v", step)
			}
			found[step.Kind] = step
		}
		return found
	}
	full := func(from string) []Arranged {
		return []Arranged{{Education: Education{StartsOn: on("2026-11-09"), Kind: WorkSet}}, {Education: Education{StartsOn: on(from), Kind: "unit", FullTime: true}}}
	}
	long, short := event(Suspension, "2026-11-09", 16, 1), event(Suspension, "2026-11-09", 4, 1)
	for _, c := range []struct {
		name            string
		event           Event
		arranged        []Arranged
		today           string
		aimOpen, aimLag bool
		owed, open, lag bool
	}{
		{"from the first", long, full("2026-11-09"), "2026-11-10", false, false, true, false, false},
		{"by the sixth", long, full("2026-11-16"), "2026-11-10", true, true, true, false, false},
		{"after the sixth", long, full("2026-11-17"), "2026-11-20", true, true, true, false, true},
		{"work set only, and the sixth has come", long, full("2026-11-09")[:1], "2026-11-16", true, true, true, true, false},
		{"nothing, and the sixth has passed", long, nil, "2026-11-17", true, true, true, true, true},
		{"on the first day", short, nil, "2026-11-09", true, false, false, false, false},
		{"two days", short, nil, "2026-11-10", true, true, false, false, false},
	} {
		steps := of(c.event, c.arranged, c.today)
		aim, duty := steps[StepFirstDay], steps[StepEducation]
		if aim.Open() != c.aimOpen || aim.Late != c.aimLag || (duty.Kind != "") != c.owed || c.owed && (duty.Open() != c.open || duty.Late != c.lag) {
			t.Errorf("%s: %+v and %+v", c.name, aim, duty)
		}
	}
	if who := of(Event{Kind: Exclusion, StartsOn: on("2026-11-09"), Sessions: 1}, nil, "2026-11-10")[StepEducation].Who; who != whoCouncil {
		t.Errorf("an excluded child is taught by %q", who)
	}
	if plan := of(short, nil, "2026-11-10")[StepPlan]; plan.What != "Set the day the education plan is reviewed" || !plan.Open() || plan.Late {
		t.Errorf("no day set: %+v", plan)
	}
	short.PEPReviewOn = on("2026-11-16")
	if plan := of(short, nil, "2026-11-17")[StepPlan]; !plan.Open() || !plan.Late {
		t.Errorf("the day has passed: %+v", plan)
	}
	short.PlanReviewedOn = on("2026-11-16")
	if plan := of(short, nil, "2026-11-17")[StepPlan]; plan.Open() || plan.Late {
		t.Errorf("reviewed: %+v", plan)
	}
}

// A permanent exclusion is not cancelled after more than 45 days out of school in the year.
func TestWhatMayBeCancelled(t *testing.T) {
	t.Parallel()
	ending := func(served int) Ending { return Ending{On: on("2026-11-20"), Served: served, Because: "A witness"} }
	excluded, suspended := event(Exclusion, "2026-11-09", 1, 1), event(Suspension, "2026-11-09", 20, 1)
	for _, c := range []struct {
		name   string
		event  Event
		before HalfDays
		served int
		field  string
	}{
		{"with 45 days", excluded, 70, 20, ""}, {"with 45½ days", excluded, 70, 21, "served"}, {"of the year's first", excluded, 0, 91, "served"},
		{"a suspension with many days", suspended, 90, 20, ""}, {"more than it was", suspended, 0, 21, "served"}, {"fewer than none", suspended, 0, -1, "served"},
	} {
		problems := ending(c.served).problems(c.event, c.before, on("2026-11-23"))
		if len(problems) > 1 || problems.Has("served") != (c.field != "") {
			t.Errorf("%s: %v", c.name, problems)
		}
	}
}
