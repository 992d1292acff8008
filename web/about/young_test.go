package about_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestTheNoticeIsForAChildOfTen measures the words by the Flesch–Kincaid grade: years at school in the
// United States, where a child of ten is in grade 4 or 5.
func TestTheNoticeIsForAChildOfTen(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	page := site.Visitor().Get("/privacy/young-people")
	if page.Status != 200 || page.Find("h1").Length() != 1 || page.Find(".vs-notice svg").Length() < 5 {
		t.Fatalf("%d, %d h1, %d pictures", page.Status, page.Find("h1").Length(), page.Find("svg").Length())
	}
	var text strings.Builder
	page.Find(".vs-notice li p, .vs-notice dd, .vs-notice section p").Each(func(_ int, line *goquery.Selection) { text.WriteString(line.Text() + " ") })
	if got := grade(text.String()); got > 5 {
		t.Errorf("the notice reads at grade %.1f", got)
	}
	if law := grade("The controller processes special category personal data under substantial public interest conditions."); law < 12 {
		t.Errorf("the measure calls a law easy: %.1f", law)
	}
	for _, path := range []string{"/privacy", "/privacy/young-people"} {
		if links := site.Visitor().Get(path).Find(`main a[href^="/privacy"]`).Length(); links != 1 {
			t.Errorf("%s leads to the other page %d times", path, links)
		}
	}
}

var (
	word     = regexp.MustCompile(`[A-Za-z’]+`)
	sentence = regexp.MustCompile(`[.!?:]`)
	vowels   = regexp.MustCompile(`[aeiouy]+`)
)

func grade(text string) float64 {
	words, syllables := word.FindAllString(strings.ToLower(text), -1), 0
	for _, one := range words {
		n := len(vowels.FindAllString(one, -1))
		if strings.HasSuffix(one, "e") && !strings.HasSuffix(one, "le") && n > 1 {
			n--
		}
		syllables += max(n, 1)
	}
	count := float64(len(words))
	return 0.39*count/float64(len(sentence.FindAllString(text, -1))) + 11.8*float64(syllables)/count - 15.59
}
