package voice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/voice"
)

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// noon is a moment of a day.
func noon(iso string) time.Time { return day(iso).Start().Add(12 * time.Hour) }

var working = calendar.EnglandWorkingDays()

func fields(problems fault.Problems) string {
	var names []string
	for _, problem := range problems {
		names = append(names, problem.Field)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func TestAWishToBeRecorded(t *testing.T) {
	t.Parallel()
	good := voice.NewWish{Words: "More art", SaidOn: day("2026-11-20"), Audience: voice.Everyone}
	for name, c := range map[string]struct {
		change func(*voice.NewWish)
		role   access.Role
		want   string
	}{
		"as it should be":                   {func(*voice.NewWish) {}, access.School, ""},
		"nothing said":                      {func(w *voice.NewWish) { w.Words = " \n" }, access.School, "words"},
		"as long as can be":                 {func(w *voice.NewWish) { w.Words = strings.Repeat("é", voice.WordsMax) }, access.School, ""},
		"too long":                          {func(w *voice.NewWish) { w.Words = strings.Repeat("é", voice.WordsMax+1) }, access.School, "words"},
		"a character that cannot be":        {func(w *voice.NewWish) { w.Words = "art\x00" }, access.School, "words"},
		"no day":                            {func(w *voice.NewWish) { w.SaidOn = calendar.Date{} }, access.School, "said"},
		"tomorrow":                          {func(w *voice.NewWish) { w.SaidOn = day("2026-11-24") }, access.School, "said"},
		"before care":                       {func(w *voice.NewWish) { w.SaidOn = day("2026-05-31") }, access.School, "said"},
		"no audience":                       {func(w *voice.NewWish) { w.Audience = "" }, access.School, "audience"},
		"made up":                           {func(w *voice.NewWish) { w.Audience = "nobody" }, access.Head, "audience"},
		"kept to few, by a school":          {func(w *voice.NewWish) { w.Audience = voice.SocialWork }, access.School, "audience"},
		"kept to few, by the social worker": {func(w *voice.NewWish) { w.Audience = voice.SocialWork }, access.SocialWorker, ""},
	} {
		wish := good
		c.change(&wish)
		if got := fields(wish.Check(c.role, day("2026-06-01"), day("2026-11-23"))); got != c.want {
			t.Errorf("%s: problems with %q, want %q", name, got, c.want)
		}
	}
}

func TestWhoHears(t *testing.T) {
	t.Parallel()
	for _, role := range append(slices.Clone(access.Roles), access.Service) {
		few := role != access.School && role != access.Colleague && role != access.ReviewingOfficer && role != access.DataOfficer
		if !voice.Everyone.HeardBy(role) || voice.SocialWork.HeardBy(role) != few {
			t.Errorf("%s: everyone %t, few %t", role, voice.Everyone.HeardBy(role), voice.SocialWork.HeardBy(role))
		}
	}
}

func TestAnAnswer(t *testing.T) {
	t.Parallel()
	today := day("2026-11-23")
	for name, c := range map[string]struct {
		answer voice.NewAnswer
		want   string
	}{
		"done":                      {voice.NewAnswer{Kind: voice.Done, Words: "Art is on Tuesdays now."}, ""},
		"done and told":             {voice.NewAnswer{Kind: voice.Done, Words: "Art is on Tuesdays now.", ToldOn: today}, ""},
		"told yesterday":            {voice.NewAnswer{Kind: voice.Done, Words: "Yes.", ToldOn: today.AddDays(-1)}, "told"},
		"nothing":                   {voice.NewAnswer{}, "answer kind"},
		"made up":                   {voice.NewAnswer{Kind: "maybe", Words: "Perhaps."}, "kind"},
		"cannot, without why":       {voice.NewAnswer{Kind: voice.Cannot}, "answer"},
		"cannot":                    {voice.NewAnswer{Kind: voice.Cannot, Words: "The club is full until Easter."}, ""},
		"a promise without a day":   {voice.NewAnswer{Kind: voice.WillHappen, Words: "Soon."}, "by"},
		"a promise for today":       {voice.NewAnswer{Kind: voice.WillHappen, Words: "Today.", HappensBy: today}, ""},
		"a promise for yesterday":   {voice.NewAnswer{Kind: voice.WillHappen, Words: "Soon.", HappensBy: today.AddDays(-1)}, "by"},
		"a promise for years ahead": {voice.NewAnswer{Kind: voice.WillHappen, Words: "Soon.", HappensBy: today.AddYears(2)}, "by"},
		"done, with a day":          {voice.NewAnswer{Kind: voice.Done, Words: "Yes.", HappensBy: today}, "by"},
		"too long":                  {voice.NewAnswer{Kind: voice.Done, Words: strings.Repeat("a", voice.WordsMax+1)}, "answer"},
	} {
		if got := fields(c.answer.Check(today)); got != c.want {
			t.Errorf("%s: problems with %q, want %q", name, got, c.want)
		}
	}
}

func TestHowAWishStands(t *testing.T) {
	t.Parallel()
	open := voice.Wish{SaidOn: day("2026-10-26"), State: voice.Open} // a Monday; day 20 is Monday 23 November
	promise := voice.Wish{SaidOn: day("2026-10-26"), State: voice.Answered, Answers: []voice.Answer{{Kind: voice.WillHappen, HappensBy: day("2026-11-25"), At: noon("2026-10-28")}}}
	kept := promise
	kept.Answers = append(slices.Clone(promise.Answers), voice.Answer{Kind: voice.Done, At: noon("2026-11-24"), ToldOn: day("2026-11-24")})
	dropped := promise
	dropped.State = voice.Withdrawn
	for name, c := range map[string]struct {
		wish       voice.Wish
		today      string
		waiting    int
		due        string
		late       bool
		answerable bool
	}{
		"open on its last day":       {open, "2026-11-23", 20, "2026-11-23", false, true},
		"open the day after":         {open, "2026-11-24", 21, "2026-11-23", true, true},
		"open at the weekend before": {open, "2026-11-22", 19, "2026-11-23", false, true},
		"promised, on the day":       {promise, "2026-11-25", 0, "2026-11-25", false, true},
		"promised, a day late":       {promise, "2026-11-26", 0, "2026-11-25", true, true},
		"kept":                       {kept, "2027-03-01", 0, "", false, false},
		"withdrawn":                  {dropped, "2027-03-01", 0, "", false, false},
	} {
		due := ""
		if d := c.wish.Due(working, 20); !d.IsZero() {
			due = d.String()
		}
		if got := c.wish.Waiting(working, day(c.today)); got != c.waiting || due != c.due || c.wish.Late(working, 20, day(c.today)) != c.late || c.wish.Answerable() != c.answerable {
			t.Errorf("%s: waits %d, due %s, late %t, answerable %t", name, got, due, c.wish.Late(working, 20, day(c.today)), c.wish.Answerable())
		}
	}
	if answer, ok := kept.Answer(); !ok || answer.Kind != voice.Done || !answer.Told() || kept.AnsweredOn() != day("2026-10-28") {
		t.Errorf("the newest answer holds, the first counts: %+v, %s", answer, kept.AnsweredOn())
	}
	later := open
	later.SaidOn = day("2026-11-01")
	if list := voice.OpenOf([]voice.Wish{later, promise, open, kept}); len(list) != 2 || list[0].SaidOn != open.SaidOn {
		t.Errorf("open: %+v", list)
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	today := day("2026-11-23")
	timings := []voice.Timing{
		{SaidOn: day("2026-05-11"), AnsweredOn: day("2026-05-12"), Wishes: 1},                  // 1 working day
		{SaidOn: day("2026-05-11"), AnsweredOn: day("2026-05-15"), Wishes: 2},                  // 4 each
		{SaidOn: day("2026-05-11"), AnsweredOn: day("2026-06-10"), Wishes: 1},                  // 21: the bank holiday of 25 May does not count
		{SaidOn: day("2026-05-11"), AnsweredOn: day("2026-05-13"), Withdrawn: true, Wishes: 1}, // 2: answered before it was withdrawn
		{SaidOn: day("2026-08-03"), Wishes: 1},                                                 // in the holidays, and late
		{SaidOn: day("2026-11-16"), Wishes: 3},                                                 // open, in time
		{SaidOn: day("2026-11-16"), Withdrawn: true, Wishes: 1},                                // nobody had answered
		{SaidOn: day("2026-11-21"), AnsweredOn: day("2026-11-22"), Wishes: 1},                  // 0: a weekend
	}
	f := voice.FiguresOf(timings, working, 20, today)
	if f.Said != 11 || f.Open != 4 || f.Late != 1 || f.Answered != 6 || f.InTime != 5 || f.Judged() != 7 {
		t.Errorf("%+v", f)
	}
	if f.Median() != "3" || f.Share() != "71%" {
		t.Errorf("median %s, share %s", f.Median(), f.Share())
	}
	var none voice.Figures
	if none.Median() != "Not known" || none.Share() != "Not known" {
		t.Errorf("of none: median %s, share %s", none.Median(), none.Share())
	}
	terms := []calendar.Term{
		{AcademicYear: 2025, Name: "spring", Starts: day("2026-01-05"), Ends: day("2026-03-27")},
		{AcademicYear: 2025, Name: "summer", Starts: day("2026-04-13"), Ends: day("2026-07-21")},
		{AcademicYear: 2026, Name: "autumn", Starts: day("2026-09-01"), Ends: day("2026-12-18")}}
	by := voice.ByTerm(timings, terms, working, 20, today)
	if len(by) != 2 || by[0].Term.Label() != "Summer 2025/26" || by[0].Said != 6 || by[0].Late != 1 || by[1].Said != 5 || by[1].Median() != "0" {
		t.Errorf("by term: %+v", by)
	}
}

func TestLateBeforeAgreesWithLate(t *testing.T) {
	t.Parallel()
	for n := range 60 {
		today := day("2026-11-23").AddDays(n)
		before := voice.LateBefore(working, 20, today)
		for said := before.AddDays(-10); said.Before(before.AddDays(10)); said = said.AddDays(1) {
			wish := voice.Wish{SaidOn: said, State: voice.Open}
			if wish.Late(working, 20, today) != said.Before(before) {
				t.Fatalf("said on %s, on %s: late %t, but the day is %s", said, today, wish.Late(working, 20, today), before)
			}
		}
	}
}
