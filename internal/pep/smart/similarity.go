package smart

import (
	"strings"
	"unicode"
)

// Similarity is how alike two texts are, 0 to 1: the share of their trigrams that both have, as
// pg_trgm's similarity() reckons it. Case, punctuation and the order of words far apart do not count.
func Similarity(a, b string) float64 { return likeness(trigramsOf(a), trigramsOf(b)) }

type trigrams map[[3]rune]struct{}

// trigramsOf takes every word, in small letters, with two blanks before it and one behind.
func trigramsOf(text string) trigrams {
	set := trigrams{}
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
		letters := append(append([]rune{' ', ' '}, []rune(word)...), ' ')
		for n := 0; n+3 <= len(letters); n++ {
			set[[3]rune(letters[n:n+3])] = struct{}{}
		}
	}
	return set
}

func likeness(a, b trigrams) float64 {
	shared := 0
	for gram := range a {
		if _, both := b[gram]; both {
			shared++
		}
	}
	if shared == 0 {
		return 0
	}
	return float64(shared) / float64(len(a)+len(b)-shared)
}

// closest is the text most alike, and how alike it is.
func closest(text string, others []string) (string, float64) {
	sought := trigramsOf(text)
	best, most := "", 0.0
	for _, other := range others {
		if alike := likeness(sought, trigramsOf(other)); alike > most {
			best, most = other, alike
		}
	}
	return best, most
}
