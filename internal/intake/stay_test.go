package intake

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
)

// stays reads "2020-01-01/2021-01-01 C2; 2021-01-01/ V2 by hand" for a table.
func stays(t *testing.T, kind, text string) (all []stay) {
	t.Helper()
	for i, one := range strings.Split(text, "; ") {
		if one == "" {
			continue
		}
		days, rest, _ := strings.Cut(one, " ")
		from, to, _ := strings.Cut(days, "/")
		s := stay{ID: int64(i + 1), Kind: kind, Start: calendar.MustParse(from), Source: sourceReturn}
		if to != "" {
			s.End = calendar.MustParse(to)
		}
		s.Code = strings.TrimSuffix(rest, " by hand")
		if s.Code != rest {
			s.Source = "entered"
		}
		if code, end, ended := strings.Cut(s.Code, "!"); ended {
			s.Code, s.EndCode = code, end
		}
		all = append(all, s)
	}
	return all
}

func text(all []stay) string {
	var words []string
	for _, s := range all {
		one := s.Start.String() + "/" + s.End.String() + " " + s.Code
		if s.EndCode != "" {
			one += "!" + s.EndCode
		}
		words = append(words, one)
	}
	return strings.Join(words, "; ")
}

func TestMerge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, from, to     string
		fresh              bool
		known, given, want string
	}{
		{"nothing known", "2024-05-01", "", true, "", "2024-05-01/ C2", "2024-05-01/ C2"},
		{"the same again", "2024-05-01", "", true, "2024-05-01/ C2", "2024-05-01/ C2", "2024-05-01/ C2"},
		{"an end", "2024-05-01", "", true, "2024-05-01/ C2", "2024-05-01/2024-09-01 C2!E4A", "2024-05-01/2024-09-01 C2!E4A"},
		{"a later year's return goes on with what an earlier one began", "2025-04-01", "", false, "2020-01-01/ C2", "2025-04-01/ C2", "2020-01-01/ C2"},
		{"and with another code", "2025-04-01", "", false, "2020-01-01/ C2", "2025-04-01/ E1", "2020-01-01/2025-04-01 C2; 2025-04-01/ E1"},
		{"and again after that", "2025-04-01", "", false, "2020-01-01/2025-04-01 C2; 2025-04-01/ E1", "2025-04-01/ E1", "2020-01-01/2025-04-01 C2; 2025-04-01/ E1"},
		{"an earlier time in care stays", "2024-05-01", "", true, "2019-01-01/2020-01-01 C2!E4A", "2024-05-01/ C2", "2019-01-01/2020-01-01 C2!E4A; 2024-05-01/ C2"},
		{"a start put right", "2024-05-05", "", true, "2024-05-01/ C2", "2024-05-05/ C2", "2024-05-05/ C2"},
		{"a new start of short breaks only cuts", "2024-05-05", "", true, "2020-05-01/ C2", "", "2020-05-01/2024-05-05 C2"},
		{"the file stops although care goes on", "2020-01-01", "2022-03-31", true, "2020-01-01/ C2", "2020-01-01/2022-03-31 C2!X1", "2020-01-01/ C2"},
		{"the file stops and nothing more is known", "2020-01-01", "2022-03-31", true, "", "2020-01-01/2022-03-31 C2!X1", "2020-01-01/2022-03-31 C2!X1"},
	} {
		v := view{from: calendar.MustParse(tt.from), fresh: tt.fresh}
		if tt.to != "" {
			v.to = calendar.MustParse(tt.to)
		}
		if got := text(v.merge(stays(t, legalStay, tt.known), stays(t, legalStay, tt.given))); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, got, tt.want)
		}
	}
}

func TestRevise(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, known, wanted, remove, insert string
		conflict                            bool
	}{
		{"the same", "2024-05-01/ C2", "2024-05-01/ C2", "", "", false},
		{"an end", "2024-05-01/ C2", "2024-05-01/2024-09-01 C2", "2024-05-01/ C2", "2024-05-01/2024-09-01 C2", false},
		{"entered by hand, and the same", "2024-05-01/ C2 by hand", "2024-05-01/ C2", "", "", false},
		{"entered by hand, and otherwise", "2024-05-01/ V2 by hand", "2024-05-01/ C2", "", "", true},
		{"entered by hand for other days", "2024-05-01/2024-06-01 V2 by hand", "2024-06-01/ C2", "", "2024-06-01/ C2", false},
		{"one clash leaves all of the kind", "2020-01-01/ C2; 2024-05-01/2024-06-01 V2 by hand", "2019-01-01/2020-01-01 V2; 2024-05-10/ C2", "", "", true},
	} {
		r := revise(legalStay, stays(t, legalStay, tt.known), stays(t, legalStay, tt.wanted))
		if text(r.remove) != tt.remove || text(r.insert) != tt.insert || (r.conflict != "") != tt.conflict {
			t.Errorf("%s: remove %q, insert %q, conflict %q", tt.name, text(r.remove), text(r.insert), r.conflict)
		}
	}
}

func TestInAuthorityIsOnlyFilledIn(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	known, wanted := stays(t, placementStay, "2024-05-01/ U6"), stays(t, placementStay, "2024-05-01/ U6")
	wanted[0].InAuthority = &yes
	if r := revise(placementStay, known, wanted); len(r.insert) != 1 || !*r.insert[0].InAuthority {
		t.Errorf("not filled in: %+v", r)
	}
	known[0].InAuthority = &no
	if r := revise(placementStay, known, wanted); !r.empty() {
		t.Errorf("overwritten: %+v", r)
	}
	wanted[0].End = calendar.MustParse("2024-09-01")
	if r := revise(placementStay, known, wanted); len(r.insert) != 1 || *r.insert[0].InAuthority {
		t.Errorf("lost with the end: %+v", r)
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	care := stays(t, careStay, "2020-01-01/2021-01-01 ; 2022-01-01/ ")
	if got, want := text(within(stays(t, placementStay, "2019-01-01/2020-06-01 U6; 2020-06-01/ K2; 2021-03-01/2021-04-01 R1"), care)),
		"2020-01-01/2020-06-01 U6; 2020-06-01/2021-01-01 K2; 2022-01-01/ K2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLeftOn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, known, remove, insert, want string }{
		{"care ends", "2024-05-01/ ", "2024-05-01/ ", "2024-05-01/2024-09-01 !E4A", "2024-09-01"},
		{"care began again", "2024-05-01/ ", "2024-05-01/ ", "2024-05-01/2024-09-01 !E4A; 2024-10-01/ ", ""},
		{"the file only stops", "2024-05-01/ ", "2024-05-01/ ", "2024-05-01/2024-09-01 !X1", ""},
		{"it had ended before", "2024-05-01/2024-08-01 !E4A", "2024-05-01/2024-08-01 !E4A", "2024-05-01/2024-09-01 !E4A", ""},
	} {
		r := revision{kind: careStay, remove: stays(t, careStay, tt.remove), insert: stays(t, careStay, tt.insert)}
		if got := leftOn(stays(t, careStay, tt.known), r).String(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
