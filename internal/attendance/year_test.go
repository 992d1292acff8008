package attendance

import (
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/setting"
)

var autumn2026 = calendar.Term{AcademicYear: 2026, Name: calendar.Autumn, Starts: calendar.MustParse("2026-09-03"), Ends: calendar.MustParse("2026-12-18"),
	HalfTermFrom: calendar.MustParse("2026-10-26"), HalfTermTo: calendar.MustParse("2026-10-30")}

// pupilOf is a child at school 1 since September, seen on a Thursday in November.
func pupilOf(days ...Day) Child {
	dates := setting.NewCalendar([]setting.Term{{Term: autumn2026}}, []calendar.Date{calendar.MustParse("2026-09-04")}, nil)
	return Child{Days: days, Today: calendar.MustParse("2026-11-19"), Expectation: NewExpectation(map[int64]*setting.Calendar{1: &dates, 2: &dates}),
		Stays: []Stay{{SettingID: 1, Starts: calendar.MustParse("2026-09-08")}}}
}

func marked(settingID int64, day string, am, pm mark.Code) Day {
	return Day{SettingID: settingID, Day: calendar.MustParse(day), AM: am, PM: pm}
}

func TestHowASessionLooks(t *testing.T) {
	t.Parallel()
	c := pupilOf(marked(1, "2026-11-09", "/", `\`), marked(1, "2026-11-10", "L", "V"), marked(1, "2026-11-11", "I", "U"), marked(1, "2026-11-12", "N", "E"),
		marked(1, "2026-11-13", "Y4", "?"), marked(1, "2026-11-16", "D", "D"), marked(2, "2026-11-16", "/", "I"), marked(1, "2026-11-17", "/", ""))
	looks := map[calendar.Date][2]Look{}
	for _, term := range c.Seen([]calendar.Term{autumn2026}, 2026) {
		for _, week := range term.Weeks {
			for _, day := range week.Days {
				looks[day.Day] = [2]Look{day.Halves[0].Look, day.Halves[1].Look}
			}
		}
	}
	for day, want := range map[string][2]Look{
		"2026-09-03": {NotOnTheRoll, NotOnTheRoll}, "2026-09-04": {NotOnTheRoll, NotOnTheRoll}, "2026-09-07": {NotOnTheRoll, NotOnTheRoll}, "2026-09-08": {Missing, Missing},
		"2026-10-27": {Shut, Shut}, "2026-11-09": {Here, Here}, "2026-11-10": {HereLate, Away}, "2026-11-11": {Excused, Unexcused}, "2026-11-12": {NoReason, Suspension},
		"2026-11-13": {NotCounted, NotCounted}, "2026-11-16": {Here, Excused}, "2026-11-17": {Here, Missing}, "2026-11-19": {Missing, Missing}, "2026-11-20": {Ahead, Ahead}, "2026-12-18": {Ahead, Ahead},
	} {
		if got := looks[calendar.MustParse(day)]; got != want {
			t.Errorf("%s: %v, want %v", day, got, want)
		}
	}
}

func TestAYearIsItsTerms(t *testing.T) {
	t.Parallel()
	spring := calendar.Term{AcademicYear: 2026, Name: calendar.Spring, Starts: calendar.MustParse("2027-01-05"), Ends: calendar.MustParse("2027-03-25")}
	for _, c := range []struct {
		name  string
		terms []calendar.Term
		child Child
		want  string
	}{
		{"to the end of its terms", []calendar.Term{autumn2026}, pupilOf(), "autumn 2026-08-31 to 2026-12-14 16"},
		{"a term that only the council knows has no weeks", []calendar.Term{autumn2026, spring}, pupilOf(), "autumn 2026-08-31 to 2026-12-14 16"},
		{"a mark in the holidays is shown", []calendar.Term{autumn2026, spring}, pupilOf(marked(1, "2026-12-21", "/", "/")), "autumn 2026-08-31 to 2026-12-14 16, spring 2026-12-21 to 2026-12-21 1"},
		{"without terms", nil, pupilOf(), " 2026-09-07 to 2026-12-14 15"},
		{"never at school", []calendar.Term{autumn2026}, Child{Today: calendar.MustParse("2026-11-19")}, "autumn 2026-08-31 to 2026-12-14 16"},
		{"never at school, and no terms", nil, Child{Today: calendar.MustParse("2026-11-19")}, ""},
	} {
		var got []string
		for _, term := range c.child.Seen(c.terms, 2026) {
			got = append(got, fmt.Sprintf("%s %s to %s %d", term.Name, term.Weeks[0].Monday, term.Weeks[len(term.Weeks)-1].Monday, len(term.Weeks)))
		}
		if words := strings.Join(got, ", "); words != c.want {
			t.Errorf("%s: %q, want %q", c.name, words, c.want)
		}
	}
}

func TestCodesAreCounted(t *testing.T) {
	t.Parallel()
	var got []string
	for _, one := range Codes([]Day{marked(1, "2026-11-09", "/", `\`), marked(1, "2026-11-10", "I", "I"), marked(1, "2026-11-11", "L", "O"), marked(1, "2026-11-12", "", "I")}) {
		got = append(got, fmt.Sprintf("%s %d", one.Code, one.Sessions))
	}
	if words := strings.Join(got, ", "); words != "I 3, L 1, O 1" {
		t.Errorf("counted %s", words)
	}
}

func TestWhereAChildIs(t *testing.T) {
	t.Parallel()
	e := pupilOf().Expectation
	for _, c := range []struct {
		name    string
		am, pm  mark.Code
		day     string
		over    bool
		want    Whereabouts
		code    mark.Code
		session mark.Session
	}{
		{"present all day", "/", `\`, "2026-11-19", false, InSchool, `\`, mark.PM},
		{"came in the afternoon", "I", `\`, "2026-11-19", false, InSchool, `\`, mark.PM},
		{"came in the afternoon, looked back at", "I", `\`, "2026-11-18", true, NotIn, "I", mark.AM},
		{"went home", "/", "M", "2026-11-19", false, NotIn, "M", mark.PM},
		{"in the morning only so far", "/", "", "2026-11-19", false, InSchool, "/", mark.AM},
		{"nothing yet", "", "", "2026-11-19", false, NotHeard, "", ""},
		{"at the other school", "D", "D", "2026-11-19", false, NotExpected, "D", mark.PM},
		{"shut", "", "", "2026-10-27", true, SchoolShut, "", ""},
		{"educated elsewhere", "B", "B", "2026-11-19", false, InSchool, "B", mark.PM},
	} {
		got, code, session := (Today{SettingID: 1, AM: c.am, PM: c.pm}).Whereabouts(calendar.MustParse(c.day), c.over, e)
		if got != c.want || code != c.code || session != c.session {
			t.Errorf("%s: %v %s %s", c.name, got, code, session)
		}
	}
}
