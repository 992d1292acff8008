package smart

import (
	"slices"
	"strings"
	"unicode"

	"virtualschool/internal/pep"
)

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// stem takes off the endings that make one word of English two.
func stem(word string) string {
	for _, ending := range []string{"ings", "ing", "ers", "er", "ies", "ed", "es", "s", "y"} {
		if rest, cut := strings.CutSuffix(word, ending); cut && len(rest) >= 3 {
			return rest
		}
	}
	return word
}

func listed(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[stem(word)] = true
	}
	return set
}

// amounts are words that count without a digit.
var amounts = listed(`one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred
	half quarter third once twice every each all both none no zero daily weekly fortnightly full first`)

// observable are verbs for what somebody else can see or hear.
var observable = listed(`reads read writes wrote says said names counts completes attends hands asks answers explains finishes joins
	arrives uses swims speaks talks tells chooses plays draws solves adds subtracts multiplies divides spells stays shows passes scores visits applies
	submits sits walks travels cooks sings performs presents leads signs enters logs brings eats sleeps points matches sorts
	describes lists identifies demonstrates recites copies types builds makes recognises calculates measures pronounces`)

// measurable says whether a text has a number, a word that counts, or something that can be seen or heard.
func measurable(text string) bool {
	if strings.ContainsFunc(text, unicode.IsNumber) {
		return true
	}
	return slices.ContainsFunc(wordsOf(text), func(word string) bool { return amounts[stem(word)] || observable[stem(word)] })
}

// roleWords are parts and groups of people: alone they name nobody.
var roleWords = listed(`school staff all everyone everybody anyone adult adults team class classroom form tutor teacher teachers teaching assistant
	ta tas hlta lsa lsas dt designated senco sendco senior leader leadership slt head headteacher deputy year mentor mentors learning support keyworker key worker
	worker social sw carer carers foster parent parents family home residential nurse health professional professionals agencies services
	virtual advisor adviser education epep pep iro tbc tba none na child pupil student young person self him her them themselves himself herself subject english maths
	mathematics science department pastoral inclusion coordinator manager officer college nursery setting provider relevant other others various`)

var joining = map[string]bool{"the": true, "and": true, "of": true, "at": true, "in": true, "a": true, "an": true, "with": true, "or": true, "s": true, "n": true, "by": true, "for": true, "be": true, "to": true}

// nobody says why an owner is not one named adult; empty when it is.
func nobody(owner, child string) string {
	if strings.TrimSpace(owner) == "" {
		return "No adult is named."
	}
	names := wordsOf(child)
	if !slices.ContainsFunc(wordsOf(owner), func(word string) bool { return !slices.Contains(names, word) }) {
		return "“" + owner + "” is the child: no adult is named."
	}
	for _, word := range wordsOf(owner) {
		if !joining[word] && !roleWords[stem(word)] {
			return ""
		}
	}
	return "“" + owner + "” names no one person."
}

func speaksOfMoney(text string) bool {
	return strings.ContainsRune(text, '£') || slices.ContainsFunc(wordsOf(text), func(word string) bool {
		return word == "pp" || word == "premium" || word == "funded" || word == "funding"
	})
}

// common are words that say nothing of what a text is about.
var common = listed(`about after again all also and any are because been before being best better but can could day days does doing down each end every
	feel feels from gets getting give going good have help helps her here his how into its just know known like likes little lot made make makes
	many more most much need needs never new next not now off one only other out over own part people really school should some something
	sometimes start still such than that the their them then there these they thing things this time times until very want wants was week weeks well were
	what when where which while who will wish with without work would year years you your able use using`)

// restsOn says whether a target and something the child said are about the same thing: they share a
// word that has a meaning of its own.
func restsOn(target pep.Target, wishes []string) bool {
	said := map[string]bool{}
	for _, wish := range wishes {
		for _, word := range wordsOf(wish) {
			said[stem(word)] = true
		}
	}
	return slices.ContainsFunc(wordsOf(target.What+" "+target.Measure+" "+target.Resource), func(word string) bool {
		root := stem(word)
		return len(word) >= 3 && !common[root] && said[root]
	})
}
