package scheme

import (
	"slices"
	"strings"
	"unicode"

	"virtualschool/internal/money"
)

// Basis is how money comes to be paid.
type Basis string

// The two ways. Under either, a school may ask for a sum for a child at any time.
const (
	ByRequest     Basis = "request"        // asked for, for a target, and decided
	TermlyRelease Basis = "termly_release" // a sum for each child and term when the plan is signed off
)

// Pays is when a school is paid what was approved.
type Pays string

const (
	InAdvance Pays = "advance" // before it is spent
	InArrears Pays = "arrears" // after it is spent
)

// Scheme is one paying policy at one version.
type Scheme struct {
	Key         string
	Version     int
	Title       string
	About       string
	Source      string // whose practice it is, or who decided it
	Own         bool   // the council's own
	Basis       Basis
	Pays        Pays
	NeedsTarget bool // a request must be for a target of the plan
	Itemised    bool // a request must say what it is made of
	Automatic   Automatic
	Evidence    Evidence
	Release     Release // of TermlyRelease alone
	Categories  []Category
	NotFunded   []Refusal
}

// Automatic is which requests are approved by rule, when every check passes.
type Automatic struct {
	UpTo money.Pence // 0: none
}

// Evidence is what a school shows of money it spent.
type Evidence struct {
	Invoice bool // an invoice or receipt for each item
	DueDays int  // days after the payment by which it is due
}

// Release is the sum for each child and term (R35).
type Release struct {
	Amount              money.Pence
	Prorate             bool     // by the days in care and on roll
	SplitOnMove         bool     // between schools, by the days at each; otherwise the school of the last day has all
	WithholdReturned    bool     // nothing for a plan whose grade returns it, such as red
	WithholdGrades      []string // nothing for a plan of these grades either
	WithholdIndependent bool     // nothing for independent schools
}

// Category is what money may be asked for. Keys are Known; a scheme may give its own names.
type Category struct{ Key, Name string }

// Refusal is what is not paid for: words that tell it, and why.
type Refusal struct {
	Words []string
	Why   string
}

// Known are all categories, with the names they have where a scheme gives none.
var Known = []Category{
	{"one_to_one_tuition", "One-to-one tuition"},
	{"small_group", "Small-group teaching"},
	{"literacy", "Literacy"},
	{"numeracy", "Numeracy"},
	{"speech_and_language", "Speech and language"},
	{"therapeutic", "Therapy-informed and emotional support"},
	{"mentoring", "Mentoring"},
	{"attendance", "Attendance"},
	{"equipment", "Equipment"},
	{"technology", "Technology"},
	{"enrichment", "Enrichment and music"},
	{"trips", "Trips and residentials"},
	{"exams", "Exams and revision"},
	{"transition", "Transition"},
	{"staff_training", "Staff training"},
	{"alternative_provision", "Alternative provision top-up"},
	{"other", "Something else"},
}

// Offers says whether the scheme pays for a category.
func (s Scheme) Offers(category string) bool {
	return slices.ContainsFunc(s.Categories, func(c Category) bool { return c.Key == category })
}

// NotPaid is the first thing in a text that the scheme does not fund; false when there is none. Whole
// words are compared, whatever their case and marks; a plural s or es makes no difference.
func (s Scheme) NotPaid(text string) (Refused, bool) {
	said := wordsOf(text)
	for _, refusal := range s.NotFunded {
		for _, words := range refusal.Words {
			if holds(said, wordsOf(words)) {
				return Refused{Words: words, Why: refusal.Why}, true
			}
		}
	}
	return Refused{}, false
}

// Refused is what was found not to be funded, and why.
type Refused struct{ Words, Why string }

// wordsOf are the words of a text, small and without a plural ending.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for n, word := range words {
		words[n] = singular(word)
	}
	return words
}

func singular(word string) string {
	for _, ending := range []string{"sses", "xes", "ches", "shes"} {
		if strings.HasSuffix(word, ending) {
			return strings.TrimSuffix(word, "es")
		}
	}
	if len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") {
		return strings.TrimSuffix(word, "s")
	}
	return word
}

// holds says whether wanted stands in words, one behind the other.
func holds(words, wanted []string) bool {
	if len(wanted) == 0 {
		return false
	}
	for at := 0; at+len(wanted) <= len(words); at++ {
		if slices.Equal(words[at:at+len(wanted)], wanted) {
			return true
		}
	}
	return false
}
