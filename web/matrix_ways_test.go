package web_test

import (
	"net/http"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/web/kit"
)

// otherMethods are what no page is asked with.
var otherMethods = []string{http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete}

// otherFormats are how else one might ask for a page: by the ending of the address, by a question, by what is accepted.
var otherFormats = []func(path string) (string, []string){
	func(path string) (string, []string) { return path + ".csv", nil },
	func(path string) (string, []string) { return path + "?format=json", nil },
	func(path string) (string, []string) { return path + ".xlsx", nil },
	func(path string) (string, []string) { return path, []string{"Accept", "text/csv"} },
	func(path string) (string, []string) { return path + ".pdf", nil },
	func(path string) (string, []string) { return path + "?output=ics", nil },
	func(path string) (string, []string) { return path + ".ics", nil },
	func(path string) (string, []string) {
		return path, []string{"Accept", "application/json", "X-Http-Method-Override", "GET"}
	},
	func(path string) (string, []string) { return path + ".json", nil },
	func(path string) (string, []string) { return path + "/", nil },
}

// checkOtherWays asks for a page about a hidden child by other methods and in other formats, two of those a
// route in turn, and by other methods for one's own: no method but the page's own does anything. Gives how many
// askings it made.
func (w *world) checkOtherWays(route kit.Route, turn int, role access.Role, cookie string, leak func(string, ...any)) (asked int) {
	restricted := w.own[role][slices.IndexFunc(w.own[role], func(r record) bool { return r.class == "restricted" })].child
	hiddenPath, ownPath := must(w.path(route.Pattern, restricted)), must(w.path(route.Pattern, w.own[role][0].child))
	see := func(method, path string, headers []string, want ...int) {
		asked++
		answer := ask(w.Server, method, path, "", append([]string{"Cookie", cookie}, headers...)...)
		if !slices.Contains(want, answer.Code) {
			leak("%s %s as %s: %d, want %v", method, route.Pattern, role, answer.Code, want)
		}
		if strings.Contains(answer.Body.String(), "restricted"+string(role)+" "+canary) {
			leak("%s %s as %s names the child", method, path, role)
		}
	}
	for _, method := range otherMethods {
		see(method, hiddenPath, nil, http.StatusNotFound, http.StatusMethodNotAllowed)
	}
	see(otherMethods[1+turn%3], ownPath, nil, http.StatusNotFound, http.StatusMethodNotAllowed)
	for n := range 2 {
		path, headers := otherFormats[(2*turn+n)%len(otherFormats)](hiddenPath)
		see(http.MethodGet, path, headers, http.StatusNotFound)
	}
	return asked
}
