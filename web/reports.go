package web

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// reportPath is where browsers say what the content policy kept them from loading.
const reportPath = "/csp-report"

// Limits on reports: anybody may send them, and a page that goes wrong sends many.
const (
	mostReport   = 16 << 10    // bytes of one
	mostReports  = 60          // in reportSpan, from everywhere together
	reportSpan   = time.Minute //
	mostOfSource = 60          // letters of a source that are logged
)

// policyReports takes the reports of browsers and logs which rule kept what kind of source out: never an address
// of ours, which has numbers of records in it, nor a source's path, nor who sent it.
type policyReports struct {
	log *slog.Logger
	now func() time.Time

	mu    sync.Mutex
	since time.Time
	count int
}

func (p *policyReports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.room() {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostReport))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	for _, one := range readReports(body) {
		p.log.WarnContext(r.Context(), "the content policy kept something out", "directive", one.directive, "source", one.source)
	}
	w.WriteHeader(http.StatusNoContent)
}

// room counts a report, and says whether it is one too many.
func (p *policyReports) room() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); now.Sub(p.since) >= reportSpan {
		p.since, p.count = now, 0
	}
	p.count++
	return p.count <= mostReports
}

type report struct{ directive, source string }

// readReports reads the two forms in which browsers report: one of report-uri, or a list of report-to. What
// is neither is no report.
func readReports(body []byte) []report {
	var old struct {
		Report *struct {
			Effective string `json:"effective-directive"`
			Violated  string `json:"violated-directive"`
			Blocked   string `json:"blocked-uri"`
		} `json:"csp-report"`
	}
	if json.Unmarshal(body, &old) == nil && old.Report != nil {
		directive := old.Report.Effective
		if directive == "" {
			directive = old.Report.Violated
		}
		return []report{{word(directive), sourceOf(old.Report.Blocked)}}
	}
	var list []struct {
		Type string `json:"type"`
		Body struct {
			Directive string `json:"effectiveDirective"`
			Blocked   string `json:"blockedURL"`
		} `json:"body"`
	}
	if json.Unmarshal(body, &list) != nil {
		return nil
	}
	var found []report
	for _, one := range list {
		if one.Type == "csp-violation" && len(found) < 10 {
			found = append(found, report{word(one.Body.Directive), sourceOf(one.Body.Blocked)})
		}
	}
	return found
}

// words are those of the policy's own language; others are not logged, since anybody may write them.
var words = []string{"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src", "font-src", "connect-src",
	"form-action", "frame-ancestors", "frame-src", "child-src", "base-uri", "object-src", "media-src", "manifest-src", "worker-src",
	"inline", "eval", "wasm-eval", "data", "blob", "self", "about", "filesystem"}

func word(text string) string {
	text, _, _ = strings.Cut(text, " ")
	if !slices.Contains(words, text) {
		return "unknown"
	}
	return text
}

// sourceOf is what was kept out: a word such as inline, or the place it is from without its path.
func sourceOf(blocked string) string {
	at, err := url.Parse(blocked)
	if err != nil || at.Host == "" {
		return word(blocked)
	}
	place := strings.ToLower(at.Scheme + "://" + at.Host)
	if len(place) > mostOfSource || strings.Trim(place, "abcdefghijklmnopqrstuvwxyz0123456789.:/-[]") != "" {
		return "unknown"
	}
	return place
}
