package pdf

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestNothingBreaksOutOfADocument(t *testing.T) {
	t.Parallel()
	nasty := `</title></style><script>alert("x")</script>` + "\"}\\\n*/é"
	markup := Document{Title: nasty, Language: `en"><script>`, Class: `"><script>`, Styles: "p{color:red}</style><script>", Parts: []Part{{Head: nasty, Foot: nasty, Body: []byte("<p>Fine</p>")}}}.markup()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	if page.Find("script").Length() != 0 || page.Find("head style").Length() != 2 || page.Find("title").Text() != nasty || page.Find("body").Text() != "Fine" {
		t.Error(markup)
	}
	if page.Find("body > div.part-1 > p").Length() != 1 || !strings.Contains(page.Find("meta[content^=default-src]").AttrOr("content", ""), "default-src 'none';") {
		t.Error(markup)
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": `""`, "Draft 2": `"Draft 2"`, `a"b`: `"a\000022 b"`, "é 1": `"\0000e9  1"`, "</": `"\00003c \00002f "`, "\n": `"\00000a "`} {
		if got := quoted(text); got != want {
			t.Errorf("%q: %s; want %s", text, got, want)
		}
	}
}
