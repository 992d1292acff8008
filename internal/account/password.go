package account

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"virtualschool/internal/fault"
)

// Lengths of a password, in characters. Long words are the only rule of form: any character may be
// used and none must be (NIST SP 800-63B, NCSC password guidance).
const (
	leastPassword = 12
	mostPassword  = 128
)

// DemoPassword opens every demonstration account, and nothing outside demo mode.
const DemoPassword = "Demo-only-password-1"

// Passwords of twelve characters and more that come first when one is guessed: those among the
// 30,000 most frequent in published breaches (the list of zxcvbn 4.4.2), and habits of offices.
//
//go:embed breached.txt
var breachedList string

var breached = func() map[string]bool {
	list := map[string]bool{}
	for _, one := range strings.Fields(breachedList) {
		list[one] = true
	}
	return list
}()

// Words that anyone who guesses here would begin with.
var commonWords = []string{
	"virtualschool", "virtual", "school", "headteacher", "education", "educationplan", "advisor", "adviser", "teacher", "teaching",
	"socialworker", "social", "worker", "council", "county", "borough", "children", "child", "incare", "lookedafter", "pupilpremium",
	"pupil", "premium", "password", "passwort", "passw0rd", "letmein", "welcome", "changeme", "qwerty", "admin", "secret",
	"january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december",
	"spring", "summer", "autumn", "winter", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
}

const (
	fewestLetters = 4 // that must be left when the words anyone would guess are taken away
	fewestKinds   = 5 // different characters
)

// CheckPassword says what is wrong with a password that a person chooses, or nil. The words about
// the person (name, email) and the place (the council's name) are no passwords either.
func CheckPassword(password string, about ...string) error {
	length := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return fault.Invalid("password", "The password has a character that cannot be used. Type it again.")
	case length < leastPassword:
		return fault.Invalid("password", "Your password must be 12 characters or more. Three or four words together are easy to remember.")
	case length > mostPassword:
		return fault.Invalid("password", "Your password must be 128 characters or fewer")
	case password == DemoPassword:
		return fault.Invalid("password", "This password is only for demonstrations. Choose another.")
	case easilyGuessed(strings.ToLower(password), about):
		return fault.Invalid("password", "This password is easy to guess. Choose one that has nothing to do with you or your work and is not on lists of known passwords.")
	}
	return nil
}

func easilyGuessed(password string, about []string) bool {
	if breached[password] || breached[strings.TrimRight(password, "0123456789!.?*#")] {
		return true
	}
	kinds := map[rune]bool{}
	for _, r := range password {
		kinds[r] = true
	}
	if len(kinds) < fewestKinds {
		return true
	}
	letters := onlyLetters(password)
	rest := letters
	for _, word := range guessableWords(about) {
		rest = strings.ReplaceAll(rest, word, " ")
	}
	return rest != letters && utf8.RuneCountInString(onlyLetters(rest)) < fewestLetters
}

// guessableWords are the common words and those about the person and place, longest first so that
// none is spoilt by a shorter one inside it.
func guessableWords(about []string) []string {
	words := slices.Clone(commonWords)
	for _, text := range about {
		for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(word) >= 3 {
				words = append(words, word)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

func onlyLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}
