package assets

import (
	"net/http"
	"regexp"
	"testing"
)

func TestThemeReadsWhateverTheColour(t *testing.T) {
	t.Parallel()
	white := rgb{255, 255, 255}
	for _, colour := range []string{DefaultColour, "#000000", "#ffffff", "#ffdd00", "#7A1F4D", "#808080", "#00ff00"} {
		t.Run(colour, func(t *testing.T) {
			t.Parallel()
			sheet := get(Theme(colour), http.MethodGet, "/theme.css", nil).Body.String()
			if c := contrast(property(t, sheet, "--vs-brand"), property(t, sheet, "--vs-brand-text")); c < 4.5 {
				t.Errorf("text on the colour has a contrast of %.2f", c)
			}
			for _, name := range []string{"--vs-brand-on-white", "--govuk-brand-colour"} {
				if c := contrast(property(t, sheet, name), white); c < 4.5 {
					t.Errorf("%s on white has a contrast of %.2f", name, c)
				}
			}
			// GOV.UK's link blue stands on the navigation's background.
			link, _ := parseColour("#1a65a6")
			if c := contrast(property(t, sheet, "--govuk-surface-background-colour"), link); c < 4.5 {
				t.Errorf("links in the navigation have a contrast of %.2f", c)
			}
		})
	}
}

func TestThemeFallsBackToTheDefault(t *testing.T) {
	t.Parallel()
	want := get(Theme(DefaultColour), http.MethodGet, "/theme.css", nil).Body.String()
	for _, colour := range []string{"", "red", "#fff", "#12345g", "#1234567", "#000000;}body{display:none"} {
		if got := get(Theme(colour), http.MethodGet, "/theme.css", nil).Body.String(); got != want {
			t.Errorf("%q: %s", colour, got)
		}
	}
}

func TestThemeIsTaggedByItsColour(t *testing.T) {
	t.Parallel()
	first := get(Theme("#111111"), http.MethodGet, "/theme.css", nil).Header()
	second := get(Theme("#222222"), http.MethodGet, "/theme.css", nil).Header()
	if first.Get("ETag") == "" || first.Get("ETag") == second.Get("ETag") {
		t.Errorf("tags %s and %s", first.Get("ETag"), second.Get("ETag"))
	}
	if first.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("Content-Type %s", first.Get("Content-Type"))
	}
}

// The two ends of the WCAG 2.2 scale, and one pair that can be looked up.
func TestContrast(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#767676", "#ffffff", 4.54}} {
		a, _ := parseColour(test.a)
		b, _ := parseColour(test.b)
		if got := contrast(a, b); got < test.want-0.01 || got > test.want+0.01 {
			t.Errorf("contrast of %s and %s is %.2f, want %.2f", test.a, test.b, got, test.want)
		}
	}
}

func property(t *testing.T, sheet, name string) rgb {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(name) + `:(#[0-9a-f]{6})`).FindStringSubmatch(sheet)
	if found == nil {
		t.Fatalf("no %s in %s", name, sheet)
	}
	c, err := parseColour(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return c
}
