package child

import (
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
)

// Identity is who a child is.
type Identity struct {
	ID                int64
	LAChildID         string
	Forename          string
	Surname           string
	PreferredName     string
	FormerNames       []string
	DateOfBirth       calendar.Date
	Sex               string
	Ethnicity         string
	UPN               string
	UPNQuality        string
	Unaccompanied     bool
	UnaccompaniedUpTo calendar.Date
	YearOffset        int
	YearOffsetReason  string
	Version           int
}

// DisplayName is the name the child goes by with the surname; for a record without names, the 903 identifier.
func (i Identity) DisplayName() string {
	return DisplayName(i.PreferredName, i.Forename, i.Surname, i.LAChildID)
}

// DisplayName is how a child is called on screen.
func DisplayName(preferred, forename, surname, laChildID string) string {
	first := preferred
	if first == "" {
		first = forename
	}
	if name := strings.TrimSpace(first + " " + surname); name != "" {
		return name
	}
	return "Child " + laChildID
}

// YearGroup is the curriculum year in words on a day (R1), with a child taught out of year shown as taught.
func (i Identity) YearGroup(on calendar.Date) string {
	return calendar.YearGroup(calendar.CurriculumYear(i.DateOfBirth, on) + i.YearOffset)
}

// Year is the curriculum year on a day (R1), as taught.
func (i Identity) Year(on calendar.Date) int {
	return calendar.CurriculumYear(i.DateOfBirth, on) + i.YearOffset
}

// SENStatusName says a special educational needs status in words.
func SENStatusName(status string) string {
	switch status {
	case "E":
		return "Education, health and care plan"
	case "K":
		return "SEN support"
	case "N":
		return "No special educational need"
	}
	return ""
}

// CheckUPN is the text of a unique pupil number and how good it is.
func CheckUPN(text string) (upn, quality, explanation string) {
	number, found, words := identifier.CheckUPN(text)
	return string(number), string(found), words
}
