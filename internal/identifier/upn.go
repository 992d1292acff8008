package identifier

import (
	"errors"
	"fmt"
	"strings"
)

// UPN is a unique pupil number in its tidy form, 13 upper-case characters: a
// check letter, three digits of the council and four of the school that issued
// it, two of the year and a three-digit serial. In a temporary number the last
// character is a letter.
type UPN string

// Quality is how far a UPN can be trusted. The text is what the database holds.
type Quality string

const (
	// None means there was nothing to read.
	None Quality = "none"
	// Valid means the shape and the check letter are right.
	Valid Quality = "valid"
	// WrongLetter means the shape is right and the check letter is not: good for
	// finding the same child again in the same source, never evidence across sources.
	WrongLetter Quality = "wrong_letter"
	// WrongShape means it cannot be a UPN: keep the text, never match on it.
	WrongShape Quality = "wrong_shape"
	// UnknownCode means one of UN1 to UN7 stood in its place, saying why there is none.
	UnknownCode Quality = "unknown_code"
)

// Usable reports whether a number of this quality may match a child within the
// source it came from. Only Valid may match across sources.
func (q Quality) Usable() bool { return q == Valid || q == WrongLetter }

// checkLetters are the 23 letters of the check, valued 0 to 22: no I, O or S.
const checkLetters = "ABCDEFGHJKLMNPQRTUVWXYZ"

// unknownUPNs are the reasons a return may give for having no UPN. UN1 to UN5
// are used by the SSDA903 and the children in need census, UN6 and UN7 only by
// the census.
var unknownUPNs = map[string]string{
	"UN1": "The child is not of school age and has no UPN yet",
	"UN2": "The child has never attended a maintained school in England",
	"UN3": "The child is educated outside England",
	"UN4": "The child is newly looked after and the UPN is not yet known",
	"UN5": "Sources disagree about who the child is, so no UPN is reliable",
	"UN6": "The referral ended in no further action, so the UPN was not sought",
	"UN7": "The referral ended in no further action and the UPN was not obtained",
}

// UnknownUPNReason explains a code UN1 to UN7; false for anything else.
func UnknownUPNReason(code string) (string, bool) {
	reason, ok := unknownUPNs[tidy(code)]
	return reason, ok
}

// CheckUPN reads a UPN from a file or a form. The UPN is returned only when it
// is Valid or WrongLetter; otherwise it is empty and the text as it came is all
// there is to keep. The words explain the quality to a person and never repeat
// the number.
func CheckUPN(text string) (UPN, Quality, string) {
	upn := tidy(text)
	if upn == "" {
		return "", None, "No UPN"
	}
	if reason, ok := unknownUPNs[upn]; ok {
		return "", UnknownCode, reason
	}
	if wrong := upnShape(upn); wrong != "" {
		return "", WrongShape, wrong
	}
	if right := checkLetter(upn); right != upn[0] {
		return UPN(upn), WrongLetter, fmt.Sprintf("The check letter should be %c for these numbers, so a character is probably mistyped", right)
	}
	if UPN(upn).Temporary() {
		return UPN(upn), Valid, "Valid temporary UPN: ask the school for the permanent one"
	}
	return UPN(upn), Valid, "Valid UPN"
}

// ParseUPN reads a UPN that must be right. The error's text may be shown.
func ParseUPN(text string) (UPN, error) {
	upn, quality, words := CheckUPN(text)
	switch quality {
	case Valid:
		return upn, nil
	case None:
		return "", errors.New("Enter a UPN, like B801200005001")
	case UnknownCode:
		return "", errors.New("This is a code for why there is no UPN, not a UPN")
	}
	return "", errors.New(words)
}

// upnShape says what keeps the tidy text from being a UPN, or nothing.
func upnShape(upn string) string {
	if damaged(upn) {
		return spreadsheetWords
	}
	if len(upn) != 13 || !ascii(upn) {
		return "A UPN has 13 characters: a letter and 12 numbers"
	}
	if !strings.ContainsRune(checkLetters, rune(upn[0])) {
		return "A UPN starts with a letter that is not I, O or S"
	}
	if !digits(upn[1:12]) {
		return "A UPN has only numbers after its first letter: check for a letter O in place of a zero, or I in place of a one"
	}
	if last := upn[12:]; !digits(last) && !strings.Contains(checkLetters, last) {
		return "The last character of a UPN is a number, or a letter that is not I, O or S"
	}
	return ""
}

// checkLetter computes the letter for characters 2 to 13: each times its
// position, summed, modulo 23.
func checkLetter(upn string) byte {
	sum := 0
	for i := 1; i < len(upn); i++ {
		value := int(upn[i] - '0')
		if upn[i] > '9' {
			value = strings.IndexByte(checkLetters, upn[i])
		}
		sum += value * (i + 1)
	}
	return checkLetters[sum%23]
}

// Temporary reports whether the number was issued until the real one is known.
func (u UPN) Temporary() bool { return len(u) == 13 && u[12] > '9' }

// LA is the three-digit code of the council whose school issued the number.
func (u UPN) LA() string { return part(string(u), 1, 4) }

// Establishment is the four-digit number of the school that issued the number.
func (u UPN) Establishment() string { return part(string(u), 4, 8) }
