package identifier

import (
	"regexp"
	"strings"
	"unicode"
)

// tidy drops every space, non-breaking ones and byte order marks included, and
// raises letters, leaving the characters that carry meaning.
func tidy(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' {
			return -1
		}
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, text)
}

const spreadsheetWords = "A spreadsheet has shortened this number: type it in full, or format the column as text and export again"

var exponent = regexp.MustCompile(`^[0-9](\.[0-9]*)?E\+?[0-9]{1,2}$`)

// damaged recognises what spreadsheets make of long numbers, such as 1.0E+07.
func damaged(tidied string) bool { return exponent.MatchString(tidied) }

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

func part(text string, from, to int) string {
	if len(text) < to {
		return ""
	}
	return text[from:to]
}
