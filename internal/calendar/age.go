package calendar

import (
	"fmt"
	"time"
)

// Birthday is the day someone reaches an age. A person born on 29 February
// reaches it on 1 March in a common year.
func Birthday(born Date, age int) Date {
	if born.IsZero() {
		return born
	}
	return New(born.Year+age, born.Month, born.Day)
}

// Age is whole years on a day; negative before birth.
func Age(born, on Date) int {
	age := on.Year - born.Year
	if on.Before(Birthday(born, age)) {
		age--
	}
	return age
}

// CurriculumYear is the national curriculum year a child of this date of birth
// belongs to on a day (R1): 0 is Reception, -1 the second nursery year, -2 the
// first. Some children are taught out of year; that override is stored with the
// child and is not known here.
func CurriculumYear(born, on Date) int { return AcademicYear(on) - AcademicYear(born) - 5 }

// YearGroup names a national curriculum year: "Year 7", "Reception", "Nursery 2".
func YearGroup(year int) string {
	switch {
	case year < -2:
		return "Under nursery age"
	case year < 0:
		return fmt.Sprintf("Nursery %d", year+3)
	case year == 0:
		return "Reception"
	case year > 14:
		return "Past Year 14"
	}
	return fmt.Sprintf("Year %d", year)
}

// KeyStage names the stage of a national curriculum year (R2): "EYFS", "KS1" to
// "KS4" or "Post-16".
func KeyStage(year int) string {
	switch {
	case year <= 0:
		return "EYFS"
	case year <= 2:
		return "KS1"
	case year <= 6:
		return "KS2"
	case year <= 9:
		return "KS3"
	case year <= 11:
		return "KS4"
	}
	return "Post-16"
}

// CompulsorySchoolAge is the days on which a child must be in education (R4;
// Education Act 1996 section 8 and the School Leaving Date Order 1997). It
// starts on the first 31 December, 31 March or 31 August on or after the fifth
// birthday. Its last day is the last Friday in June of the academic year in
// which the child reaches 16, so End is the Saturday after.
func CompulsorySchoolAge(born Date) Range {
	five := Birthday(born, 5)
	var starts Date
	for _, day := range []Date{
		New(five.Year, time.March, 31), New(five.Year, time.August, 31), New(five.Year, time.December, 31),
	} {
		if !day.Before(five) {
			starts = day
			break
		}
	}
	return Range{Start: starts, End: LeavingDate(born).AddDays(1)}
}

// LeavingDate is the school leaving date: the last Friday in June of the
// academic year in which the child reaches 16.
func LeavingDate(born Date) Date {
	endOfJune := New(AcademicYear(Birthday(born, 16))+1, time.June, 30)
	return endOfJune.AddDays(-((int(endOfJune.Weekday()-time.Friday) + 7) % 7))
}
