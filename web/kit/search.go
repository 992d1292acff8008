package kit

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// mostSearched is how many characters of a search are looked for.
const mostSearched = 100

// SearchWords is what was typed into a search box without what cannot be looked for, and no longer
// than a name can be.
func SearchWords(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\ufffd' {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), mostSearched)])
}

// KeepSearch keeps the words looked for in a list for this session, and gives the token that stands
// for them in the list's address: names stay out of addresses. A list keeps its last search only.
func (k *Kit) KeepSearch(r *http.Request, list, words string) (token string) {
	token = rand.Text()[:13] // 65 bits
	k.Sessions.Put(r.Context(), list+"_search", token+" "+words)
	return token
}

// KeptSearch is what a token stands for; empty when the list has been searched again since, or the
// token is another session's.
func (k *Kit) KeptSearch(r *http.Request, list, token string) string {
	kept, words, _ := strings.Cut(k.Sessions.GetString(r.Context(), list+"_search"), " ")
	if token == "" || kept != token {
		return ""
	}
	return words
}
