package ui

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 children", 1: "1 child", 2: "2 children", 1000: "1,000 children"} {
		if got := Plural(n, "child", "children"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 1234567: "1,234,567"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestWordsShowWhatIsAboutSomebodyElse(t *testing.T) {
	t.Parallel()
	says := func(text string) string {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, Prose(text))))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find(".govuk-visually-hidden").Remove()
		return doc.Find(".vs-passage").Text() + "|" + strings.Join(strings.Fields(doc.Find("div").Text()), " ")
	}
	for text, want := range map[string]string{
		"Came late.": "|Came late.",
		"Came late. [[Her <b>brother</b> too.]] Happy.": "Her <b>brother</b> too.|Came late. Her <b>brother</b> too. Happy.",
		"Fine. [[Never closed":                          "Never closed|Fine. Never closed",
	} {
		if got := says(text); got != want {
			t.Errorf("%q is shown as %q, not %q", text, got, want)
		}
	}
	if heard := render(t, Words("[[Her brother]]")); !strings.Contains(heard, "Marked as about somebody else: ") {
		t.Errorf("nothing is read out: %s", heard)
	}
}
