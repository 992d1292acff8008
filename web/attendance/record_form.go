package attendance

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// sources are where figures come from, as offered; others are kept as they were recorded.
var sources = []string{"School register", "Attendance service", "School by phone", "School by email"}

// readEntry reads a half term's figures; problems stay in the form.
func readEntry(form *kit.Form) attendance.Entry {
	entry := attendance.Entry{
		SettingID: form.ID("setting"),
		Figures: attendance.Figures{
			Possible:     form.Number("possible", "Possible sessions", 0, attendance.MostSessions),
			Attended:     form.Number("attended", "Attended", 0, attendance.MostSessions),
			Authorised:   form.Number("authorised", "Authorised absence", 0, attendance.MostSessions),
			Unauthorised: form.Number("unauthorised", "Unauthorised absence", 0, attendance.MostSessions),
			Late:         form.Number("late", "Late", 0, attendance.MostSessions),
		},
		Source: form.Required("source", "Where the figures are from", 200),
		AsAt:   form.Date("as_at", "The day of the figures"),
	}
	if entry.SettingID == 0 {
		form.Problems.Add("setting", "Choose a school")
	}
	year, half, known := readHalf(form.Value("half_term"))
	if !known {
		form.Problems.Add("half_term", "Choose a half term")
	}
	entry.AcademicYear, entry.HalfTerm = year, half
	return entry
}

// A half term in a form or address is its academic year and its code: "2026-A1".
func writeHalf(year int, half attendance.HalfTerm) string { return fmt.Sprintf("%d-%s", year, half) }

func readHalf(text string) (year int, half attendance.HalfTerm, known bool) {
	before, after, _ := strings.Cut(text, "-")
	year, err := strconv.Atoi(before)
	half = attendance.HalfTerm(after)
	if err != nil || year < 2000 || year > 2100 || half.Name() == "" {
		return 0, "", false
	}
	return year, half, true
}

// chosen is which record the form is to correct, for an address.
func chosen(record attendance.Record) url.Values {
	return url.Values{"school": {strconv.FormatInt(record.SettingID, 10)}, "half": {writeHalf(record.AcademicYear, record.HalfTerm)}}
}

// recordForm is a form prefilled with figures as they are recorded.
func recordForm(record attendance.Record) *kit.Form {
	form := kit.NewForm(map[string]string{"setting": strconv.FormatInt(record.SettingID, 10), "half_term": writeHalf(record.AcademicYear, record.HalfTerm),
		"possible": strconv.Itoa(record.Possible), "attended": strconv.Itoa(record.Attended), "authorised": strconv.Itoa(record.Authorised),
		"unauthorised": strconv.Itoa(record.Unauthorised), "late": strconv.Itoa(record.Late), "source": record.Source})
	form.SetDate("as_at", record.AsAt)
	form.SetVersion(record.Version)
	return form
}

// halfOptions are the half terms of this academic year and the last, latest first.
func halfOptions(today calendar.Date) []ui.Option {
	var options []ui.Option
	year := calendar.AcademicYear(today)
	for _, one := range []int{year, year - 1} {
		for n := len(attendance.HalfTerms) - 1; n >= 0; n-- {
			half := attendance.HalfTerms[n]
			options = append(options, ui.Option{Value: writeHalf(one, half.HalfTerm), Text: half.Name + ", " + calendar.AcademicYearLabel(one)})
		}
	}
	return options
}

func sourceOptions() []ui.Option {
	var options []ui.Option
	for _, source := range sources {
		options = append(options, ui.Option{Value: source, Text: source})
	}
	return options
}
