package census

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
)

// Totals are a child's sessions of a term at a school.
type Totals struct {
	Possible int
	Codes    map[mark.Code]int // how many have each code
}

// Difference is a count that the census and the marks do not agree on.
type Difference struct {
	Code   mark.Code // empty: the possible sessions
	Census int
	Marks  int
}

// Words say it for a list: "I: 4 by the census, 2 marked".
func (d Difference) Words() string {
	name := "Possible sessions"
	if d.Code != "" {
		name = string(d.Code)
	}
	return fmt.Sprintf("%s: %d by the census, %d marked", name, d.Census, d.Marks)
}

// Compare lists what differs: possible sessions, then the codes of absence. Other codes are not compared: the
// census leaves most of them out. What a code counts as is taken from a day of the term.
func Compare(census, held Totals, day calendar.Date) []Difference {
	var differences []Difference
	if census.Possible != held.Possible {
		differences = append(differences, Difference{"", census.Possible, held.Possible})
	}
	seen := map[mark.Code]bool{}
	var codes []mark.Code
	for _, totals := range []Totals{census, held} {
		for code := range totals.Codes {
			class, known := mark.National.Class(code, day, mark.AM)
			if known && class.Absent() && !seen[code] {
				seen[code] = true
				codes = append(codes, code)
			}
		}
	}
	slices.SortFunc(codes, func(a, b mark.Code) int { return cmp.Compare(a, b) })
	for _, code := range codes {
		if census.Codes[code] != held.Codes[code] {
			differences = append(differences, Difference{code, census.Codes[code], held.Codes[code]})
		}
	}
	return differences
}

// Advice is what to do where the two differ; empty where they agree.
func Advice(census, held Totals, day calendar.Date) string {
	differences := Compare(census, held, day)
	switch missing := census.Possible - held.Possible; {
	case len(differences) == 0:
		return ""
	case held.Possible == 0:
		return "No marks of this term are held. Ask the school for its register of the term."
	case missing > 0:
		return fmt.Sprintf("%d sessions are not marked here. Ask the school for the weeks that are missing.", missing)
	case missing < 0:
		return "More sessions are marked than the school counted. Look at the child’s dates on roll, and whether a file came twice under two schools."
	case held.Codes[mark.Unknown] > census.Codes[mark.Unknown]:
		return "The school has found reasons since. Ask for its register again."
	}
	return "The codes differ. Ask the school which are right; its register, or its census return, needs correcting."
}

var named = regexp.MustCompile(`(?:^|[^0-9])(20[0-9]{2})[ _-]?(aut|spr|sum)|(aut|spr|sum)[a-z]*[ _-]?(20[0-9]{2})(?:[^0-9]|$)`)

// TermOf is the term whose sessions a census counts, by the name of its file, such as
// "2025_spring_termlysessiondetailsonroll.csv": each census counts the term before its own.
func TermOf(fileName string) (academicYear int, term string, known bool) {
	found := named.FindStringSubmatch(strings.ToLower(fileName))
	if found == nil {
		return 0, "", false
	}
	year, err := strconv.Atoi(found[1] + found[4])
	if err != nil {
		return 0, "", false
	}
	before := map[string]string{"aut": calendar.Summer, "spr": calendar.Autumn, "sum": calendar.Spring}
	return year - 1, before[found[2]+found[3]], true
}
