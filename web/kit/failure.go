package kit

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

var errUngated = errors.New("a child's page was rendered without passing the gate")

var statuses = map[fault.Kind]int{
	fault.KindNotFound:    http.StatusNotFound,
	fault.KindForbidden:   http.StatusForbidden,
	fault.KindInvalid:     http.StatusUnprocessableEntity,
	fault.KindConflict:    http.StatusConflict,
	fault.KindTooLarge:    http.StatusRequestEntityTooLarge,
	fault.KindTooMany:     http.StatusTooManyRequests,
	fault.KindUnavailable: http.StatusServiceUnavailable,
}

var failureTitles = map[int]string{
	http.StatusNotFound:              "Page not found",
	http.StatusForbidden:             "You cannot do this",
	http.StatusUnprocessableEntity:   "Something needs correcting",
	http.StatusConflict:              "This has changed",
	http.StatusRequestEntityTooLarge: "Too large",
	http.StatusTooManyRequests:       "Try again later",
	http.StatusServiceUnavailable:    "The service is not answering",
	http.StatusInternalServerError:   "Sorry, there is a problem",
}

// Fail turns an error into a page. It is the only place that does.
func (k *Kit) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if gone(r, err) {
		return
	}
	var again *postgres.Repeated
	if errors.As(err, &again) {
		k.repeated(w, r, again)
		return
	}
	status := http.StatusInternalServerError
	words := "Try again later. Nothing you were doing has been half-saved."
	if kind, known := fault.KindOf(err); known {
		status = statuses[kind]
		words = fault.Words(err)
	}
	reference := audit.RequestID(r.Context())
	if status >= 500 {
		k.Log.ErrorContext(r.Context(), "request failed", "error", err, "request_id", reference)
	}
	if status == http.StatusNotFound {
		reference = "" // the same bytes for hidden and missing
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	if at, ok := r.Context().Value(gateKey{}).(*gate); ok {
		at.passed = true // a failure page shows nothing of a child
	}
	page := Page{Title: failureTitles[status], Status: status}
	if shown := k.Show(w, r, page, failurePage(failureTitles[status], words, reference, status)); shown != nil {
		k.Log.ErrorContext(r.Context(), "show a failure", "error", shown, "request_id", reference)
		http.Error(w, failureTitles[status], status)
	}
}

// repeated answers a form that has already done its work, as the first time.
func (k *Kit) repeated(w http.ResponseWriter, r *http.Request, again *postgres.Repeated) {
	location := again.Location
	if location == "" {
		location = "/"
		if cut := strings.LastIndexByte(r.URL.Path, '/'); cut > 0 {
			location = r.URL.Path[:cut]
		}
	}
	k.Tell(r.Context(), "This was already saved. It has not been done twice.")
	http.Redirect(w, r, location, http.StatusSeeOther)
}

// gone says whether the reader has left: nobody to tell.
func gone(r *http.Request, err error) bool {
	return errors.Is(r.Context().Err(), context.Canceled) && errors.Is(err, context.Canceled)
}

func ignoreGone(err error) error {
	var network net.Error
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.As(err, &network) {
		return nil
	}
	return err
}

func queryEscape(text string) string { return url.QueryEscape(text) }

// LocalPath is a path on this site, or "/": for going back to where someone was.
func LocalPath(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || parsed.IsAbs() || parsed.Host != "" || !strings.HasPrefix(text, "/") ||
		strings.HasPrefix(text, "//") || strings.ContainsAny(text, "\\\r\n\t") {
		return "/"
	}
	return text
}
