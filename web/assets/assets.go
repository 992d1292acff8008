package assets

import (
	"embed"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

//go:embed all:dist
var embedded embed.FS

// embeddedBundle is prepared once, when first asked for.
var embeddedBundle = sync.OnceValue(func() *bundle {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err)
	}
	b, err := newBundle(dist)
	if err != nil {
		panic(err)
	}
	return b
})

// NotBuilt is what to say at start when Built is false.
const NotBuilt = "The styles and scripts are not built, so pages look plain. Run: make assets"

// Built tells whether the program was built with its styles and scripts.
func Built() bool { return embeddedBundle().built }

// URL is the address of a built file ("app.css", "images/favicon.svg"), with a
// hash of what is in it. It panics on a name that was not built.
func URL(name string) string { return embeddedBundle().url(name) }

// Sheet is the text of a built style sheet, for what is printed without a server; empty when the
// styles are not built.
func Sheet(name string) string {
	b := embeddedBundle()
	return string(b.files[b.urls[name]].body)
}

// Handler serves everything under /assets/, to anyone, to be kept for ever.
// Without built files it answers a style sheet that says so on every page.
func Handler() http.Handler { return embeddedBundle() }

const unbuiltSheet = `body::before{content:"` + NotBuilt + `";display:block;padding:1em;border:3px solid;font:bold 1rem sans-serif}` + "\n"

// ServeHTTP answers GET and HEAD for the files of the bundle.
func (b *bundle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	f, ok := b.files[r.URL.Path]
	if !ok {
		h.Set("Cache-Control", "no-store")
		if !b.built && r.URL.Path == prefix+"app.css" {
			h.Set("Content-Type", contentTypes[".css"])
			_, _ = w.Write([]byte(unbuiltSheet))
			return
		}
		http.Error(w, "Not found", http.StatusNotFound)
		return
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	f.serve(w, r)
}

// serve sends the smallest form the browser accepts, or 304 when it has it.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	body, tag := f.body, f.tag
	if f.gzip != nil || f.brotli != nil {
		h.Add("Vary", "Accept-Encoding")
	}
	accept := r.Header.Get("Accept-Encoding")
	switch {
	case f.brotli != nil && accepts(accept, "br"):
		body, tag = f.brotli, f.tag+"-br"
		h.Set("Content-Encoding", "br")
	case f.gzip != nil && accepts(accept, "gzip"):
		body, tag = f.gzip, f.tag+"-gz"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", f.contentType)
	h.Set("ETag", `"`+tag+`"`)
	if sameTag(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body)
}

// accepts reads an Accept-Encoding header (RFC 9110 section 12.5.3): named,
// and not with a weight of nought.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			weight := strings.TrimPrefix(strings.ReplaceAll(parameters, " ", ""), "q=")
			return strings.Trim(weight, "0.") != "" || weight == ""
		}
	}
	return false
}

// sameTag reads an If-None-Match header: a list of tags, weak ones included.
func sameTag(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == `"`+tag+`"` || part == "*" {
			return true
		}
	}
	return false
}
