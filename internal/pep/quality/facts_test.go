package quality_test

import (
	"strings"
	"testing"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/internal/pep/quality"
)

// sound is a plan of which every fact is as it should be: a Year 5 child's, met about on Friday
// 20 November 2026.
func sound(t *testing.T) quality.Known {
	t.Helper()
	form, there := builtinForms(t).Form("primary", 1)
	if !there {
		t.Fatal("no primary form")
	}
	k := quality.Known{Year: 5, Working: calendar.EnglandWorkingDays(), Deadlines: pep.UsualDeadlines(), Submitted: day("2026-11-25")}
	k.Whole = pep.Whole{Form: form, Plan: pep.Plan{Kind: pep.Termly, SettingID: 1, MeetingOn: day("2026-11-20"), MeetingHeld: true, NextMeetingOn: day("2027-03-01"),
		Due: pep.Explanation{Rule: "R9", Due: day("2026-12-04")}, Voice: pep.Voice{Words: "I like maths", How: "drawing", On: day("2026-11-19"), With: "Tia"}},
		Targets: []pep.Target{{ID: 1, Area: "literacy", What: "Read", Measure: "One book", Baseline: "None", Owner: "Tia", Resource: "Books", DueOn: day("2027-02-01")},
			{ID: 2, Area: "numeracy", What: "Tables", Measure: "20 of 24", Baseline: "9", Owner: "Pat", Resource: "Cards", DueOn: day("2027-03-01")}},
		Attendees: []pep.Attendee{{Name: "Tia", Part: "designated_teacher", Present: true}, {Name: "Pat", Part: "carer", Present: true}, {Name: "Sam", Part: "social_worker", Present: true}},
		Last:      &pep.LastPlan{AcademicYear: 2025, Term: calendar.Summer, Targets: []pep.Target{{ID: 8, What: "Old"}, {ID: 9, What: "Older"}}},
		Reviews:   []pep.Review{{TargetID: 8, Outcome: "met"}, {TargetID: 9, Outcome: "partly", Note: "Half way"}}}
	at := time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
	for _, section := range form.Sections {
		for key, answer := range formstest.Answers(section) {
			k.Whole.Answers = append(k.Whole.Answers, pep.AnswerRow{Section: pep.Part(section.Key), Question: key, Value: answer, Source: "typed", AnsweredAt: at})
		}
	}
	return k
}

// answer sets or (with an empty one) takes away the answer to a question.
func answer(k *quality.Known, known forms.Known, value forms.Answer, asAt calendar.Date) {
	for _, section := range k.Whole.Form.Sections {
		for _, question := range section.Questions {
			for n := range k.Whole.Answers {
				if question.Known == known && k.Whole.Answers[n].Question == question.Key {
					k.Whole.Answers[n].Value, k.Whole.Answers[n].AsAt = value, asAt
				}
			}
		}
	}
}

func TestFacts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rule string
		change     func(*quality.Known)
		want       quality.Level
		because    string
	}{
		{"own words", "voice", nil, quality.Met, "Own words, drawing, with Tia."},
		{"with whom not said", "voice", func(k *quality.Known) { k.Whole.Plan.Voice.With = "" }, quality.Partly, "not said with whom"},
		{"declined", "voice", func(k *quality.Known) { k.Whole.Plan.Voice = pep.Voice{How: "declined", On: day("2026-11-19")} }, quality.Partly, "chose not to say"},
		{"no words", "voice", func(k *quality.Known) { k.Whole.Plan.Voice = pep.Voice{} }, quality.Missing, "No words"},

		{"looked back", "last_targets", nil, quality.Met, "All 2 targets of Summer 2025/26"},
		{"no note", "last_targets", func(k *quality.Known) { k.Whole.Reviews[1].Note = "" }, quality.Partly, "1 not met in full without a note"},
		{"one passed over", "last_targets", func(k *quality.Known) { k.Whole.Reviews = k.Whole.Reviews[:1] }, quality.Missing, "1 of 2 targets"},
		{"the first plan", "last_targets", func(k *quality.Known) { k.Whole.Last = nil }, "", ""},

		{"complete", "smart_targets", nil, quality.Met, "Every one of 2 targets"},
		{"no start", "smart_targets", func(k *quality.Known) { k.Whole.Targets[1].Baseline = "" }, quality.Partly, "target 2: where the child is now"},
		{"after the next meeting", "smart_targets", func(k *quality.Known) { k.Whole.Targets[0].DueOn = day("2027-03-02") }, quality.Partly, "target 1: a day before the next meeting"},
		{"no measure", "smart_targets", func(k *quality.Known) { k.Whole.Targets[0].Measure = "" }, quality.Missing, "target 1: how we will know"},
		{"no targets", "smart_targets", func(k *quality.Known) { k.Whole.Targets = nil }, quality.Missing, "No new targets."},

		{"both", "basics", nil, quality.Met, ""},
		{"no numeracy", "basics", func(k *quality.Known) { k.Whole.Targets = k.Whole.Targets[:1] }, quality.Partly, "none for numeracy"},
		{"no literacy", "basics", func(k *quality.Known) { k.Whole.Targets = k.Whole.Targets[1:] }, quality.Partly, "none for literacy"},
		{"neither", "basics", func(k *quality.Known) {
			k.Whole.Targets[0].Area, k.Whole.Targets[1].Area = "wellbeing", "communication"
		}, quality.Missing, "No target"},
		{"communication in the early years", "basics", func(k *quality.Known) { k.Whole.Targets[0].Area, k.Year = "communication", 0 }, quality.Met, ""},

		{"recorded", "meeting_recorded", nil, quality.Met, "3 people on the list"},
		{"no next day", "meeting_recorded", func(k *quality.Known) { k.Whole.Plan.NextMeetingOn = calendar.Date{} }, quality.Missing, "the day of the next meeting"},
		{"nobody came", "meeting_recorded", func(k *quality.Known) { k.Whole.Attendees = nil }, quality.Missing, "who came"},

		{"everybody", "people", nil, quality.Met, ""},
		{"apologies", "people", func(k *quality.Known) { k.Whole.Attendees[1].Present = false }, quality.Partly, "One is missing: the carer was not there."},
		{"several", "people", func(k *quality.Known) { k.Whole.Attendees, k.Whole.Plan.Voice = k.Whole.Attendees[:1], pep.Voice{} }, quality.Partly, "neither there nor asked, the carer was not there, the social worker"},
		{"no school to come", "people", func(k *quality.Known) { k.Whole.Attendees, k.Whole.Plan.SettingID = k.Whole.Attendees[1:], 0 }, quality.Met, ""},

		{"in time", "on_time", nil, quality.Met, "due by 4 December 2026 (R9)"},
		{"late", "on_time", func(k *quality.Known) { k.Whole.Plan.Due.Due = day("2026-11-13") }, quality.Partly, "5 working days after it was due (R9)"},
		{"no rule asked", "on_time", func(k *quality.Known) { k.Whole.Plan.Due = pep.Explanation{} }, "", ""},

		// Five working days from Friday 20 November: Friday 27 (R11).
		{"written up", "written_up", func(k *quality.Known) { k.Submitted = day("2026-11-27") }, quality.Met, "due by 27 November 2026 (R11)"},
		{"written up late", "written_up", func(k *quality.Known) { k.Submitted = day("2026-11-30") }, quality.Partly, "1 working day after it was due (R11"},
		{"not submitted", "written_up", func(k *quality.Known) { k.Submitted = calendar.Date{} }, "", ""},

		{"typed two days before", "attendance_current", nil, quality.Met, "as at 18 November 2026"},
		{"30 days old", "attendance_current", func(k *quality.Known) { answer(k, forms.KnownAttendance, forms.Answer{Text: "92"}, day("2026-10-21")) }, quality.Met, "92%"},
		{"31 days old", "attendance_current", func(k *quality.Known) { answer(k, forms.KnownAttendance, forms.Answer{Text: "92"}, day("2026-10-20")) }, quality.Partly, "more than 30 days before"},
		{"no figure", "attendance_current", func(k *quality.Known) { answer(k, forms.KnownAttendance, forms.Answer{}, calendar.Date{}) }, quality.Missing, "No attendance"},
		{"no school", "attendance_current", func(k *quality.Known) { k.Whole.Plan.SettingID = 0 }, "", ""},

		{"need not said", "sen", func(k *quality.Known) { answer(k, forms.KnownSEN, forms.Answer{}, calendar.Date{}) }, quality.Missing, "not said"},
		{"a need, all answered", "sen", nil, quality.Met, "all of “"},

		{"all say", "premium_linked", nil, quality.Met, ""},
		{"one says", "premium_linked", func(k *quality.Known) { k.Whole.Targets[0].Resource = "" }, quality.Partly, "1 of 2 targets"},
		{"none says", "premium_linked", func(k *quality.Known) { k.Whole.Targets[0].Resource, k.Whole.Targets[1].Resource = "", "" }, quality.Partly, "No target"},

		{"no move coming", "transition", nil, "", ""},
		{"Year 6", "transition", func(k *quality.Known) { k.Year = 6 }, quality.Met, "Year 6, a move is coming"},
		{"Year 6, nothing said", "transition", func(k *quality.Known) { k.Year, k.Whole.Answers = 6, nil }, quality.Missing, "not answered:"},
		{"Year 11", "transition", func(k *quality.Known) { k.Year = 11 }, quality.Met, "Year 11"},
	} {
		known := sound(t)
		if c.change != nil {
			c.change(&known)
		}
		got := quality.Rules[c.rule](known)
		if got.Level != c.want || !strings.Contains(got.Because, c.because) {
			t.Errorf("%s, %s: %q because %q; want %q because %q", c.rule, c.name, got.Level, got.Because, c.want, c.because)
		}
	}
	for name := range quality.Rules {
		if got := quality.Rules[name](quality.Known{Working: calendar.EnglandWorkingDays()}); got.Level != "" && got.Because == "" {
			t.Errorf("%s says nothing of an empty plan", name)
		}
	}
}

func TestASheetHasWhatApplies(t *testing.T) {
	t.Parallel()
	rubric, _ := builtin(t).Pick("rag")
	first := sound(t)
	first.Whole.Last = nil
	sheet := rubric.Lay(first)
	applies := map[string]bool{}
	for _, c := range sheet.Applying {
		applies[c.Key] = true
	}
	left := map[string]string{}
	for _, one := range sheet.Left {
		left[one.Title] = one.Because
	}
	if applies["last_targets"] || applies["transition"] || !applies["voice"] || !applies["heard"] || left["Ready for the next move"] != "not for Year 5" || left["Last targets looked back at"] == "" {
		t.Errorf("applies %v, left out %v", applies, left)
	}
	if _, found := sheet.Found["heard"]; found {
		t.Error("a fact judges what only a person can")
	}
	prefilled := map[string]quality.Mark{}
	for _, mark := range sheet.Prefilled() {
		prefilled[mark.Criterion] = mark
	}
	if prefilled["voice"].Grade != "green" || prefilled["voice"].Because == "" || prefilled["heard"].Grade != "" {
		t.Errorf("prefilled %+v", prefilled)
	}
	moving := sound(t)
	moving.Year = 6
	if c := rubric.Lay(moving); len(c.Applying) != len(sheet.Applying)+2 {
		t.Errorf("%d criteria for Year 6 after a first plan, %d for Year 5", len(c.Applying), len(sheet.Applying))
	}
}
