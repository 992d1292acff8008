package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// AcademicYear is the year in which d's academic year began: 1 September to
// 31 August (R3). 21 November 2026 and 31 August 2027 are both 2026.
func AcademicYear(d Date) int { return yearFrom(d, time.September) }

// AcademicYearLabel is "2026/27" for 2026.
func AcademicYearLabel(year int) string { return fmt.Sprintf("%d/%02d", year, (year+1)%100) }

// AcademicYearRange is every day of the academic year that began in year.
func AcademicYearRange(year int) Range {
	return Range{New(year, time.September, 1), New(year+1, time.September, 1)}
}

// ParseAcademicYear reads "2026/27", "2026-27", "2026/2027" or "2026" and
// gives 2026; the second year, when written, must follow the first.
func ParseAcademicYear(text string) (int, error) {
	bad := fmt.Errorf("academic year must be written like 2026/27")
	first, second, two := strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), "-", "/"), "/")
	year, err := strconv.Atoi(first)
	if err != nil || len(first) != 4 || year < earliestYear || year > latestYear {
		return 0, bad
	}
	if two && second != strconv.Itoa(year+1) && second != fmt.Sprintf("%02d", (year+1)%100) {
		return 0, bad
	}
	return year, nil
}

// FinancialYear is the year in which d's financial year began: 1 April to
// 31 March. Pupil premium runs on it (R3).
func FinancialYear(d Date) int { return yearFrom(d, time.April) }

// FinancialYearLabel is "2026-27" for 2026.
func FinancialYearLabel(year int) string { return fmt.Sprintf("%d-%02d", year, (year+1)%100) }

// FinancialYearRange is every day of the financial year that began in year.
func FinancialYearRange(year int) Range {
	return Range{New(year, time.April, 1), New(year+1, time.April, 1)}
}

// ReturnYear is the year in which d's children looked after return (SSDA903)
// year began. It runs 1 April to 31 March, the same days as the financial year,
// and is written the same way; the outcomes cohort (R41) is counted on its last day.
func ReturnYear(d Date) int { return FinancialYear(d) }

func yearFrom(d Date, first time.Month) int {
	if d.Month >= first {
		return d.Year
	}
	return d.Year - 1
}
