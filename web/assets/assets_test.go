package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

var styles = strings.Repeat(".a{color:#0b0c0c}", 100) + `.b{background:url("/assets/images/icon.svg")}.c{background:url(/assets/images/icon.svg)}`

func testBundle(t *testing.T) *bundle {
	t.Helper()
	b, err := newBundle(fstest.MapFS{
		".keep":           {},
		"app.css":         {Data: []byte(styles)},
		"app.js":          {Data: []byte(strings.Repeat("let a=1;", 100))},
		"images/icon.svg": {Data: []byte("<svg/>")},
		"images/dot.png":  {Data: []byte("\x89PNG")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func get(h http.Handler, method, path string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestFilesAreNamedByContentAndKeptForEver(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	tests := []struct{ name, pattern, contentType string }{
		{"app.css", `^/assets/app-[0-9a-f]{12}\.css$`, "text/css; charset=utf-8"},
		{"app.js", `^/assets/app-[0-9a-f]{12}\.js$`, "text/javascript; charset=utf-8"},
		{"images/icon.svg", `^/assets/images/icon-[0-9a-f]{12}\.svg$`, "image/svg+xml"},
		{"images/dot.png", `^/assets/images/dot-[0-9a-f]{12}\.png$`, "image/png"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			address := b.url(test.name)
			if !regexp.MustCompile(test.pattern).MatchString(address) {
				t.Fatalf("address %s", address)
			}
			w := get(b, http.MethodGet, address, nil)
			if w.Code != http.StatusOK || w.Body.Len() == 0 {
				t.Fatalf("answer %d of %d bytes", w.Code, w.Body.Len())
			}
			for name, want := range map[string]string{
				"Content-Type": test.contentType, "Cache-Control": "public, max-age=31536000, immutable",
				"X-Content-Type-Options": "nosniff", "Content-Encoding": "",
			} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestStylesAskForHashedFiles(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	body := get(b, http.MethodGet, b.url("app.css"), nil).Body.String()
	if n := strings.Count(body, "url("+b.url("images/icon.svg")+")"); n != 2 {
		t.Errorf("%d of 2 addresses rewritten", n)
	}
}

func TestNewContentMeansANewName(t *testing.T) {
	t.Parallel()
	other, err := newBundle(fstest.MapFS{"app.css": {Data: []byte("a{}")}})
	if err != nil {
		t.Fatal(err)
	}
	if b := testBundle(t); b.url("app.css") == other.url("app.css") {
		t.Error("two different style sheets have the same address")
	}
}

func TestTheBrowserGetsTheFormItAccepts(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	address := b.url("app.js")
	plain := get(b, http.MethodGet, address, nil).Body.String()
	tests := []struct{ accept, encoding string }{
		{"gzip, deflate, br", "br"},
		{"gzip", "gzip"},
		{"br;q=0, gzip;q=0.5", "gzip"},
		{"br;q=1.0", "br"},
		{"GZIP", "gzip"},
		{"br; q=0.0, gzip; q=0", ""},
		{"identity", ""},
		{"", ""},
	}
	for _, test := range tests {
		t.Run(test.accept, func(t *testing.T) {
			t.Parallel()
			w := get(b, http.MethodGet, address, http.Header{"Accept-Encoding": {test.accept}})
			if got := w.Header().Get("Content-Encoding"); got != test.encoding {
				t.Fatalf("Content-Encoding %q, want %q", got, test.encoding)
			}
			if w.Header().Get("Vary") != "Accept-Encoding" {
				t.Error("no Vary")
			}
			var body io.Reader = w.Body
			switch test.encoding {
			case "br":
				body = brotli.NewReader(w.Body)
			case "gzip":
				body, _ = gzip.NewReader(w.Body)
			}
			got, err := io.ReadAll(body)
			if err != nil || string(got) != plain {
				t.Errorf("unpacked %d bytes (%v), want the %d plain ones", len(got), err, len(plain))
			}
		})
	}
}

func TestWhatTheBrowserHasIsNotSentAgain(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	address := b.url("app.js")
	br := http.Header{"Accept-Encoding": {"br"}}
	tag := get(b, http.MethodGet, address, br).Header().Get("ETag")
	br.Set("If-None-Match", `"other", W/`+tag)
	if w := get(b, http.MethodGet, address, br); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("answer %d of %d bytes, want 304 of none", w.Code, w.Body.Len())
	}
	if w := get(b, http.MethodGet, address, http.Header{"If-None-Match": {tag}}); w.Code != http.StatusOK {
		t.Errorf("another form of the file with the same tag: %d", w.Code)
	}
}

// TestOnlyReadingOfWhatIsThere shows these requirements.
//
// ASVS 5.0: 13.4.3, 13.4.7, 14.2.5
func TestOnlyReadingOfWhatIsThere(t *testing.T) {
	t.Parallel()
	b := testBundle(t)
	if w := get(b, http.MethodPost, b.url("app.js"), nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
	if w := get(b, http.MethodHead, b.url("app.js"), nil); w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d, %d bytes", w.Code, w.Body.Len())
	}
	for _, path := range []string{"/assets/app.css", "/assets/", "/assets/.keep", "/assets/../assets.go", "/assets/app-000000000000.js"} {
		w := get(b, http.MethodGet, path, nil)
		if w.Code != http.StatusNotFound || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, kept %q", path, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

func TestAWrongNamePanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	testBundle(t).url("ap.css")
}

func TestBadBuildsAreRefused(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]fstest.MapFS{
		"icon missing": {"app.css": {Data: []byte("a{background:url(/assets/images/gone.svg)}")}},
		"unknown kind": {"app.css": {}, "notes.txt": {}},
	} {
		if _, err := newBundle(files); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestWithoutStylesPagesSayWhatToRun(t *testing.T) {
	t.Parallel()
	b, err := newBundle(fstest.MapFS{".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if b.built {
		t.Error("counts as built")
	}
	w := get(b, http.MethodGet, b.url("app.css"), nil)
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "make assets") || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("answer %d: %s", w.Code, w.Body)
	}
	if w := get(b, http.MethodGet, b.url("app.js"), nil); w.Code != http.StatusNotFound {
		t.Errorf("script: %d", w.Code)
	}
}

// What was really built, where it was: no crown, no GDS Transport, no web font
// (only services on GOV.UK may use them), and nothing from another site.
func TestTheRealStyles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"app.css", "app.js", "images/favicon.svg"} {
		w := get(Handler(), http.MethodGet, URL(name), nil)
		if Built() && w.Code != http.StatusOK {
			t.Errorf("%s: %d", name, w.Code)
		}
		for _, banned := range []string{"GDS Transport", "@font-face", "crest", "crown", "url(http", "url(//"} {
			if bytes.Contains(w.Body.Bytes(), []byte(banned)) {
				t.Errorf("%s contains %q", name, banned)
			}
		}
	}
}
