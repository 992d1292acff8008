package mark

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
)

// The national codes by class, as they stood before, in and after the pandemic, and since August 2024.
var stood = []struct {
	from, to string
	classes  map[Class]string
}{
	{"2018-09-03", "2020-08-31", map[Class]string{
		Present: `/ \ L`, Elsewhere: "V P W B J", Authorised: "M S C T R I E H", Unauthorised: "G N O U", NotPossible: "D X Y", Administrative: "Z #"}},
	{"2020-09-01", "2022-03-31", map[Class]string{
		Present: `/ \ L`, Elsewhere: "V P W B J", Authorised: "M S C T R I E H", Unauthorised: "G N O U", NotPossible: "D X Y", Administrative: "Z #"}},
	{"2022-04-01", "2024-08-18", map[Class]string{
		Present: `/ \ L`, Elsewhere: "V P W B J", Authorised: "M S C T R I E H", Unauthorised: "G N O U", NotPossible: "D X Y", Administrative: "Z #"}},
	{"2024-08-19", "2026-11-23", map[Class]string{
		Present: `/ \ L`, Elsewhere: "K V P W B", Authorised: "C1 M J1 S C2 C T R I E", Unauthorised: "G N O U",
		NotPossible: "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7", Administrative: "Z #"}},
}

func TestEveryCodeOnEveryBoundaryInBothSessions(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, era := range stood {
		want := map[Code]Class{}
		for class, codes := range era.classes {
			for _, code := range strings.Fields(codes) {
				want[Code(code)] = class
			}
		}
		for _, text := range []string{era.from, era.to} {
			day := calendar.MustParse(text)
			for code := range National.byCode {
				for _, session := range Sessions {
					class, known := National.Class(code, day, session)
					expected := want[code]
					if (code == "/" && session == PM) || (code == `\` && session == AM) {
						expected = ""
					}
					if class != expected || known != (expected != "") {
						t.Errorf("%s on %s %s is %q, %v; want %q", code, day, session, class, known, expected)
					}
					asked++
				}
			}
		}
	}
	if asked != 37*2*8 {
		t.Errorf("%d questions; want 37 codes in two sessions on eight days", asked)
	}
	inForce := 0
	for _, m := range National.Meanings() {
		if m.On(calendar.MustParse("2024-08-19")) {
			inForce++
		}
	}
	if inForce != 34 {
		t.Errorf("%d codes in force since 19 August 2024; want 34", inForce)
	}
}

func TestXByItsDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2020-08-31": "Not of compulsory school age, not required to attend", "2020-09-01": "Not attending because of coronavirus",
		"2022-03-31": "Not attending because of coronavirus", "2022-04-01": "Not of compulsory school age, not required to attend",
	} {
		if got := National.Name("X", calendar.MustParse(text)); got != want {
			t.Errorf("X on %s: %s", text, got)
		}
	}
	for code, want := range map[Code]string{"X": "Not of compulsory school age, not required to attend", "H": "Holiday granted by the school", "I": "Illness", "??": "??"} {
		if got := Name(code); got != want {
			t.Errorf("%s: %s; want %s", code, got, want)
		}
	}
	if got := National.Name("H", calendar.MustParse("2024-08-19")); got != "H" {
		t.Errorf("H means %s after it was retired", got)
	}
}

func TestWhatAClassCountsAs(t *testing.T) {
	t.Parallel()
	for class, want := range map[Class][3]bool{ // possible, attended, absent
		Present: {true, true, false}, Elsewhere: {true, true, false}, Authorised: {true, false, true}, Unauthorised: {true, false, true},
		NotPossible: {}, Administrative: {}, "": {},
	} {
		if got := [3]bool{class.Possible(), class.Attended(), class.Absent()}; got != want {
			t.Errorf("%q: %v; want %v", class, got, want)
		}
	}
}

func TestATableThatContradictsItself(t *testing.T) {
	t.Parallel()
	const head = "code,name,class,session,from,to,statistics_column\n"
	for name, text := range map[string]string{
		"two meanings":   head + "A,One,present,,,2024-08-18,\nA,Two,present,,2024-08-18,,\n",
		"no such class":  head + "A,One,there,,,,\n",
		"no such day":    head + "A,One,present,,2024-02-30,,\n",
		"no such half":   head + "A,One,present,noon,,,\n",
		"no code":        head + ",One,present,,,,\n",
		"columns amiss":  head + "A,One,present\n",
		"an open mark":   head + "\"A,One\n",
		"forever before": head + "A,One,present,,,,\nA,Two,authorised,,2024-08-19,,\n",
	} {
		if _, err := Read(text); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	if _, err := Read(head + "A,One,present,,,2024-08-18,\nA,Two,authorised,,2024-08-19,,\n"); err != nil {
		t.Error(err)
	}
}
