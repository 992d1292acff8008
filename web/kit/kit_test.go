package kit

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/web/ui"
)

func TestSearchWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "  Zoë\tO’Neill ": "Zoë O’Neill", "\x00": "", "a\x00b": "a b", "a\xffb": "a b",
		strings.Repeat("é", 300): strings.Repeat("é", 100),
	} {
		if got := SearchWords(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	f := FiltersOf("/list", url.Values{"a": {"1"}, "b": {"x y"}, "c": {""}, "page": {"7"}}, "a", "b", "c")
	for _, tt := range []struct{ got, want string }{
		{f.Href(), "/list?a=1&b=x+y"},
		{f.With("a", "2"), "/list?a=2&b=x+y"},
		{f.With("a", ""), "/list?b=x+y"},
		{FiltersOf("/list", url.Values{"a": {"1"}}, "a").With("a", ""), "/list"},
		{f.Pages("Pages", 1, 10, 30).Previous, ""},
		{f.Pages("Pages", 1, 10, 30).Next, "/list?a=1&b=x+y&page=2"},
		{f.Pages("Pages", 2, 10, 30).Previous, "/list?a=1&b=x+y"},
		{f.Pages("Pages", 3, 10, 30).Next, ""},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
	on := f.Selected(Filter{Name: "c", Label: "C"}, Filter{Name: "b", Label: "B"}, Filter{Name: "a", Label: "A", Options: []ui.Option{{Value: "1", Text: "One"}}})
	want := []ui.SelectedFilter{{Name: "B", Text: "x y", RemoveHref: "/list?a=1"}, {Name: "A", Text: "One", RemoveHref: "/list?b=x+y"}}
	if len(on) != 2 || on[0] != want[0] || on[1] != want[1] {
		t.Errorf("selected: got %v, want %v", on, want)
	}
}
