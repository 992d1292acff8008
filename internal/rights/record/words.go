package record

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/hours"
	"virtualschool/internal/money"
	"virtualschool/internal/returncode"
	"virtualschool/internal/suspension"
)

// What cannot be read is shown as it is stored: nothing that is held is hidden by a fault of ours.

func dayWords(text string) string {
	if date, err := calendar.Parse(text); err == nil {
		return date.Words()
	}
	return text
}

func momentWords(text string) string {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		return calendar.Moment(time.UnixMicro(int64(seconds * 1e6)).UTC())
	}
	return text
}

func poundWords(text string) string {
	if pence, err := strconv.ParseInt(text, 10, 64); err == nil {
		return money.Pence(pence).String()
	}
	return text
}

func hourWords(text string) string {
	if minutes, err := strconv.Atoi(text); err == nil {
		return hours.Weekly(minutes).String() + " a week"
	}
	return text
}

func halfDayWords(text string) string {
	if sessions, err := strconv.Atoi(text); err == nil {
		return strconv.FormatFloat(float64(sessions)/2, 'f', -1, 64) + " days"
	}
	return text
}

func yesNoWords(text string) string {
	switch text {
	case "true", "t":
		return "Yes"
	case "false", "f":
		return "No"
	}
	return text
}

// nameWords says the name of a thing as people do: "part_approved" is "Part approved".
func nameWords(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "_", " "), "{}", "")
	text = strings.ReplaceAll(strings.Trim(text, "{}"), ",", ", ")
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

func codeWords(set string) func(string) string {
	return func(code string) string {
		if code == "" {
			return ""
		}
		if label := returncode.Label(set, code); label != code {
			return label + " (" + code + ")"
		}
		return code
	}
}

func yearWords(text string) string {
	if year, err := strconv.Atoi(text); err == nil {
		return calendar.AcademicYearLabel(year)
	}
	return text
}

func financialWords(text string) string {
	if year, err := strconv.Atoi(text); err == nil {
		return calendar.FinancialYearLabel(year)
	}
	return text
}

func sourceWords(text string) string {
	switch text {
	case "903":
		return "The council’s return to the government (SSDA903)"
	case "entered":
		return "Entered here"
	case "roll":
		return "A roll file"
	case "seed":
		return "Made up for the demonstration"
	}
	return text
}

func reasonWords(codes string) string {
	var names []string
	for _, code := range strings.Fields(codes) {
		names = append(names, cmp.Or(suspension.ReasonName(code), code))
	}
	return strings.Join(names, "; ")
}

func senWords(text string) string {
	return map[string]string{"E": "Education, health and care plan", "K": "SEN support", "N": "No special educational need"}[text]
}

func placeWords(text string) string {
	return map[string]string{"true": "In the authority", "false": "Out of the authority"}[text]
}
