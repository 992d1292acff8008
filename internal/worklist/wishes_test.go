package worklist

import (
	"strings"
	"testing"
)

func TestWishesAndPromises(t *testing.T) {
	t.Parallel()
	open := openWish{SaidOn: day("2026-10-19")} // day 20 is Monday 16 November
	few := openWish{SaidOn: day("2026-10-19"), KeptToFew: true}
	promise := openWish{SaidOn: day("2026-10-19"), PromisedFor: day("2026-11-13")}
	for name, c := range map[string]struct {
		today    string
		wishes   []openWish
		noSchool bool
		answer   string // who sees AnswerWish
		keep     string // who sees KeepPromise
		due      string
	}{
		"nothing asked":                 {"2026-11-09", nil, false, "", "", ""},
		"far off":                       {"2026-10-30", []openWish{open}, false, "", "", ""},
		"within ten working days":       {"2026-11-02", []openWish{open}, false, "advisor support_advisor social_worker school", "", "2026-11-16"},
		"late":                          {"2026-11-17", []openWish{open}, false, "head deputy lead_advisor advisor support_advisor social_worker reviewing_officer school", "", "2026-11-16"},
		"kept to few":                   {"2026-11-10", []openWish{few}, false, "advisor support_advisor social_worker", "", "2026-11-16"},
		"without a school place":        {"2026-11-10", []openWish{open}, true, "advisor support_advisor social_worker", "", "2026-11-16"},
		"one of them is for the school": {"2026-11-10", []openWish{few, open}, false, "advisor support_advisor social_worker school", "", "2026-11-16"},
		"promised":                      {"2026-11-10", []openWish{promise}, false, "", "advisor support_advisor social_worker school", "2026-11-13"},
		"a promise that is late":        {"2026-11-16", []openWish{promise}, false, "", "head deputy lead_advisor advisor support_advisor social_worker reviewing_officer school", "2026-11-13"},
	} {
		child, place := maya()
		place.Wishes = c.wishes
		if c.noSchool {
			child.SettingID = 0
		}
		f, rules := facts(child, place), rulesOn(t, c.today)
		if got := saw(f, rules, AnswerWish); got != c.answer {
			t.Errorf("%s: an answer is asked of %q, want %q", name, got, c.answer)
		}
		if got := saw(f, rules, KeepPromise); got != c.keep {
			t.Errorf("%s: a promise is shown to %q, want %q", name, got, c.keep)
		}
		for _, d := range All(f, rules) {
			if d.Kind != AnswerWish && d.Kind != KeepPromise {
				continue
			}
			if d.Due.String() != c.due || d.Href != "/children/7/wishes" || d.Because == "" || d.Words == "" {
				t.Errorf("%s: %+v", name, d)
			}
			if d.Kind == AnswerWish && (!strings.Contains(d.Explanation(), "within 20 working days") || !strings.Contains(d.Explanation(), "usual practice")) {
				t.Errorf("%s: the rule is not said: %s", name, d.Explanation())
			}
		}
	}
}

func TestSeveralWishesAreOneLine(t *testing.T) {
	t.Parallel()
	child, place := maya()
	place.Wishes = []openWish{{SaidOn: day("2026-10-19")}, {SaidOn: day("2026-11-02")}, {SaidOn: day("2026-10-12"), PromisedFor: day("2026-12-01")}, {SaidOn: day("2026-10-12"), PromisedFor: day("2026-11-18")}}
	var lines []string
	for _, d := range Duties(facts(child, place), rulesOn(t, "2026-11-09"), teacher) {
		if d.Kind == AnswerWish || d.Kind == KeepPromise {
			lines = append(lines, d.What+" | "+d.Why+" | "+d.Words)
		}
	}
	want := "Answer what the child asked for | 2 wishes are open | due Monday 16 November: asked for on 19 October, 20 working days\nKeep a promise to the child, or say why not |  | promised for Wednesday 18 November"
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("%s", got)
	}
}
