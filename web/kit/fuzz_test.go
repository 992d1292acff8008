package kit

import (
	"bytes"
	"mime"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"virtualschool/internal/fault"
)

// FuzzForm: whatever is posted, to pages that are open to strangers too, is read as a form or refused with words.
// What a field then gives has no control characters, and is no longer than was asked for.
func FuzzForm(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", []byte("email=a%40b.test&password=x&key=0b5f0a46-3c58-4f4e-8d5e-0123456789ab"))
	f.Add("application/x-www-form-urlencoded", []byte("on-day=31&on-month=9&on-year=2026&amount=%C2%A31.005&a=%zz;b=%00"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b.test\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a\"\r\n\r\nwords\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=\"", []byte("--"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=00=\r\n--x--"))
	f.Add("text/plain", []byte("email=a"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest("POST", "/sign-in", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r, err := readForm(httptest.NewRecorder(), r, 1<<10)
		if err != nil {
			if _, known := fault.KindOf(err); !known {
				t.Fatalf("%q is refused by %v", body, err)
			}
			return
		}
		if r.MultipartForm != nil {
			defer r.MultipartForm.RemoveAll()
		}
		form := FormOf(r)
		for name := range r.PostForm {
			text := form.Text(name, "Words", 100)
			if !form.Problems.Has(name) && (!utf8.ValidString(text) || strings.ContainsFunc(text, notForText) || utf8.RuneCountInString(text) > 100) {
				t.Errorf("%q is taken for text", text)
			}
			form.Choice(name, "One", "a", "b")
			form.Date(strings.TrimSuffix(name, "-day"), "Day")
			form.Money(name, "Sum")
			form.Hours(name, "Hours")
			form.Number(name, "Number", 0, 10)
			form.ID(name)
		}
		form.Version()
		form.DraftTurn()
		if !keyShape.MatchString(form.Key) || !keyShape.MatchString(form.DraftPage()) {
			t.Errorf("the key is %q", form.Key)
		}
		if from, _, err := mime.ParseMediaType(kind); err == nil && from == "multipart/form-data" {
			for field := range r.MultipartForm.File {
				if _, content, err := OptionalFile(r, field); err == nil && len(content) > 1<<10 {
					t.Errorf("a file of %d bytes came through", len(content))
				}
			}
		}
	})
}

// FuzzLocalPath: whatever stands in an address as the page to go back to, a browser that follows it stays here.
func FuzzLocalPath(f *testing.F) {
	for _, text := range []string{"/children?sort=year", "//evil.example", `/\evil.example`, "/\t/evil.example", "https://evil.example", "/%2f", "/..//x", "///", "/?then=//x", "\x00//x"} {
		f.Add(text)
	}
	home, err := url.Parse("https://vs.example/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := LocalPath(text)
		to, err := home.Parse(path)
		if err != nil || to.Scheme != "https" || to.Host != "vs.example" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
			t.Errorf("%q leads to %q (%v)", text, path, err)
		}
	})
}

// FuzzSearchWords: what is typed into a search box is looked for without what cannot be.
func FuzzSearchWords(f *testing.F) {
	for _, text := range []string{"Ash", "a\x00b", "\xff", strings.Repeat("ﬃ", 200), "  "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := SearchWords(text)
		if !utf8.ValidString(words) || utf8.RuneCountInString(words) > mostSearched || strings.ContainsFunc(words, func(r rune) bool { return r < ' ' }) {
			t.Errorf("%q is looked for as %q", text, words)
		}
	})
}
