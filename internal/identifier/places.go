package identifier

import (
	"errors"
	"strings"
)

// URN is a school's unique reference number in the national register (GIAS):
// six digits, no check digit. A school that becomes an academy gets a new one.
type URN string

// OfstedURN is the number of a children's home or fostering agency: SC and six
// digits, or seven digits. The URN column of the SSDA903 holds these and never
// a school.
type OfstedURN string

// LAESTAB is the DfE number of a school, seven digits: three of the council and
// four of the establishment. It is used again after a school converts, so it is
// not unique over time.
type LAESTAB string

// UKPRN is a learning provider's reference number: eight digits starting with 1.
type UKPRN string

// noOfstedURN is what the SSDA903 holds for a placement without an Ofsted number.
const noOfstedURN = "XXXXXX"

// ParseURN reads a school's URN. The error's text may be shown, and explains an
// Ofsted social care number for what it is.
func ParseURN(text string) (URN, error) {
	urn := tidy(text)
	switch {
	case urn == "":
		return "", errors.New("Enter a school's URN, like 103766")
	case damaged(urn):
		return "", errors.New(spreadsheetWords)
	case urn == noOfstedURN:
		return "", errors.New("XXXXXX stands for a placement that has no Ofsted number: it is not a school")
	case isOfstedURN(urn):
		return "", errors.New("This is an Ofsted number for a children's home or agency, not a school's URN")
	case len(urn) != 6 || !digits(urn) || urn[0] == '0':
		return "", errors.New("A school's URN has 6 numbers, like 103766")
	}
	return URN(urn), nil
}

// ParseOfstedURN reads an Ofsted social care number. The error's text may be
// shown.
func ParseOfstedURN(text string) (OfstedURN, error) {
	urn := tidy(text)
	switch {
	case urn == "":
		return "", errors.New("Enter an Ofsted number, like SC012345")
	case urn == noOfstedURN:
		return "", errors.New("XXXXXX stands for a placement that has no Ofsted number")
	case !isOfstedURN(urn):
		return "", errors.New("An Ofsted social care number is SC and 6 numbers, or 7 numbers")
	}
	return OfstedURN(urn), nil
}

func isOfstedURN(urn string) bool {
	if number, ok := strings.CutPrefix(urn, "SC"); ok {
		return len(number) == 6 && digits(number)
	}
	return len(urn) == 7 && digits(urn)
}

// ParseLAESTAB reads a DfE number written 3321100, 332/1100 or 332-1100. The
// error's text may be shown.
func ParseLAESTAB(text string) (LAESTAB, error) {
	number := tidy(text)
	switch {
	case number == "":
		return "", errors.New("Enter a DfE number, like 332/1100")
	case damaged(number):
		return "", errors.New(spreadsheetWords)
	}
	if len(number) == 8 && (number[3] == '/' || number[3] == '-') {
		number = number[:3] + number[4:]
	}
	if len(number) != 7 || !digits(number) || number[0] == '0' {
		return "", errors.New("A DfE number has 3 numbers for the council and 4 for the school, like 332/1100")
	}
	return LAESTAB(number), nil
}

// LA is the three-digit code of the council.
func (n LAESTAB) LA() string { return part(string(n), 0, 3) }

// Establishment is the four-digit number of the school within the council.
func (n LAESTAB) Establishment() string { return part(string(n), 3, 7) }

// Written is the usual form on paper, "332/1100".
func (n LAESTAB) Written() string {
	if len(n) != 7 {
		return string(n)
	}
	return n.LA() + "/" + n.Establishment()
}

// ParseUKPRN reads a provider's number. The error's text may be shown.
func ParseUKPRN(text string) (UKPRN, error) {
	number := tidy(text)
	switch {
	case number == "":
		return "", errors.New("Enter a UKPRN, like 10012345")
	case damaged(number):
		return "", errors.New(spreadsheetWords)
	case len(number) != 8 || !digits(number) || number[0] != '1':
		return "", errors.New("A UKPRN has 8 numbers and starts with 1")
	}
	return UKPRN(number), nil
}
