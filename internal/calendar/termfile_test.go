package calendar_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
)

func TestParseTermDates(t *testing.T) {
	t.Parallel()
	text := "\ufeffTerm, Academic Year ,starts,ends,half_term_from,half_term_to,LA,school_urn,notes\r\n" +
		"Autumn,2026/27,2026-09-01,18/12/2026,26/10/2026,2026-10-30,332,,\"two\nlines\"\r\n" +
		",,,,,,,,\r\n" +
		"spring,2026/27,2027-01-04,2027-03-25,,,332,103766,\r\n"
	rows, problems, err := calendar.ParseTermDates(strings.NewReader(text))
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", problems, err)
	}
	want := []calendar.TermRow{
		{Line: 2, LA: "332", Term: year2026[1]},
		{Line: 5, LA: "332", SchoolURN: "103766", Term: calendar.Term{
			AcademicYear: 2026, Name: calendar.Spring, Starts: day("2027-01-04"), Ends: day("2027-03-25")}},
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%+v\nwant %+v", rows, want)
	}
}

func TestParseTermDatesListsProblemsByLine(t *testing.T) {
	t.Parallel()
	text := "academic_year,term,starts,half_term_from,half_term_to,ends\n" +
		"2026/27,autumn,2026-09-01,2026-10-26,2026-10-30,2026-12-18\n" +
		"2026/28,lent,2026-09-31,,,\n" +
		"2026/27,spring,2027-01-04,2027-02-15,,2027-03-25\n" +
		"2026/27,spring,2027-01-04,2027-04-15,2027-04-19,2027-03-25\n" +
		"2026/27,spring,2027-01-04,2027-02-19,2027-02-15,2027-03-25\n" +
		"2026/27,spring,2027-03-25,,,2027-01-04\n" +
		"2026/27,summer,2026-04-12,,,2026-07-21\n" +
		"2026/27,autumn,2026-09-02,,,2026-12-18\n" +
		"2026/27,autumn\n" +
		"2026/27,summer,12/04/27,,,2027-07-21\n"
	rows, problems, err := calendar.ParseTermDates(strings.NewReader(text))
	if err != nil || len(rows) != 1 || rows[0].Line != 2 {
		t.Fatalf("%v, %v", rows, err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, string(rune('0'+p.Line/10))+string(rune('0'+p.Line%10))+" "+p.Column+" "+p.Text)
	}
	want := []string{
		"03 academic_year academic year must be written like 2026/27",
		"03 starts must be a real date written like 2026-09-01 or 01/09/2026",
		"03 ends is empty",
		"03 term must be autumn, spring or summer",
		"04 half_term_to give both the first and the last day of half-term, or neither",
		"05 half_term_from half-term is not inside the term",
		"06 half_term_to is before half-term starts",
		"07 ends is before the term starts",
		"08 academic_year the term is not in the academic year 2026/27",
		"09 term the same term is already on line 2",
		"10  has 2 values where the heading has 6",
		"11 starts must be a real date written like 2026-09-01 or 01/09/2026",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestParseTermDatesRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n", "academic_year,term,starts,ends\n", "CHILD,SEX,DOB\n1,2,3\n"} {
		if rows, problems, err := calendar.ParseTermDates(strings.NewReader(text)); err == nil {
			t.Errorf("%q: %v, %v", text, rows, problems)
		}
	}
	header := "academic_year,term,starts,half_term_from,half_term_to,ends\n"
	if rows, problems, err := calendar.ParseTermDates(strings.NewReader(header)); err != nil || rows != nil || problems != nil {
		t.Errorf("a file with only headings: %v, %v, %v", rows, problems, err)
	}
	_, problems, err := calendar.ParseTermDates(strings.NewReader(header + "2026/27,\"autumn\n"))
	if err != nil || len(problems) != 1 {
		t.Errorf("an open quotation mark: %v, %v", problems, err)
	}
}

func TestPublishedTermDates(t *testing.T) {
	t.Parallel()
	name := "../../../shared/data/calendar/term_dates_dudley_2024-26.csv"
	if _, err := os.Stat(name); err != nil {
		return
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, problems, err := calendar.ParseTermDates(file)
	if err != nil || len(problems) > 0 || len(rows) != 6 {
		t.Fatalf("%d rows, %v, %v", len(rows), problems, err)
	}
	if got := rows[5].Term; got.Label() != "Summer 2025/26" || got.Ends != day("2026-07-20") {
		t.Errorf("%+v", got)
	}
}

func FuzzParseTermDates(f *testing.F) {
	header := "academic_year,term,starts,half_term_from,half_term_to,ends\n"
	f.Add(header + "2026/27,autumn,2026-09-01,2026-10-26,2026-10-30,2026-12-18\n")
	f.Add(header + "\"")
	f.Add("\ufeff")
	f.Fuzz(func(t *testing.T, text string) {
		rows, _, err := calendar.ParseTermDates(strings.NewReader(text))
		for _, row := range rows {
			if term := row.Term; err != nil || row.Line < 2 || term.Ends.Before(term.Starts) || calendar.AcademicYear(term.Starts) != term.AcademicYear {
				t.Fatalf("%q gave %+v, %v", text, row, err)
			}
		}
	})
}
