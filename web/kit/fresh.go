package kit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// The page where people show again who they are, and where its addresses say what comes after: a page,
// or a form that is held; and the page they came from.
const ConfirmPath, ConfirmThen, ConfirmHeld, ConfirmFrom = "/confirm", "then", "held", "from"

// asksFresh says when a route asks for a fresh proof: what its action asks, and every download of a
// table. A search changes nothing; it is sent as a form only to keep names out of addresses.
func asksFresh(route Route) access.When {
	switch {
	case strings.HasSuffix(route.Pattern, "/search"):
		return access.Never
	case Downloads(route.Pattern):
		return access.Always
	}
	return access.NeedsFresh(route.Action)
}

// Downloads says whether a path answers with a table to take away. An empty one to fill in is none.
func Downloads(path string) bool {
	return (strings.HasSuffix(path, ".csv") || strings.HasSuffix(path, ".xlsx")) && !strings.HasSuffix(path, "template.csv") && !strings.HasSuffix(path, "example.csv")
}

type freshKey struct{}

// errStale: the person may, and is to show again who they are.
var errStale = errors.New("the proof of who asks is not fresh")

// fresh refuses a request whose route asks for a fresh proof that its session has not.
func (rt *Router) fresh(r *http.Request) error {
	when, _ := r.Context().Value(freshKey{}).(access.When)
	asked := when == access.Always || when == access.OnChange && r.Method == http.MethodPost
	if asked && (rt.kit.Fresh == nil || !rt.kit.Fresh(r.Context())) {
		return errStale
	}
	return nil
}

// toConfirm leads somebody to show again who they are: back to the page they asked for afterwards, or
// with the form they sent, which waits meanwhile.
func (k *Kit) toConfirm(w http.ResponseWriter, r *http.Request) error {
	next := url.Values{}
	from := cameFrom(r)
	if r.Method == http.MethodGet {
		next.Set(ConfirmThen, r.URL.RequestURI())
		next.Set(ConfirmFrom, from)
	} else {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, postgres.MostHeld+1))
		var over *http.MaxBytesError
		if err != nil && !errors.As(err, &over) {
			return fault.New(fault.KindInvalid, "The form could not be read. Go back and send it again.")
		}
		id, err := k.DB.Hold(r.Context(), Actor(r), postgres.HeldForm{Target: r.URL.RequestURI(), CameFrom: from,
			ContentType: r.Header.Get("Content-Type"), Body: body})
		if err != nil {
			return err
		}
		next.Set(ConfirmHeld, fmt.Sprint(id))
	}
	http.Redirect(w, r, ConfirmPath+"?"+next.Encode(), http.StatusSeeOther)
	return nil
}

// cameFrom is the page of this site that a request was made on.
func cameFrom(r *http.Request) string {
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return LocalPath(from.RequestURI())
	}
	return "/"
}

// Resend sends a form that was held, now that its person has shown who they are: as if the browser did.
// The form's own key still makes it count once.
func (k *Kit) Resend(w http.ResponseWriter, r *http.Request, form postgres.HeldForm) error {
	target, err := url.ParseRequestURI(form.Target)
	if err != nil {
		return fault.NotFound()
	}
	ctx := postgres.WithSubmission(context.WithValue(r.Context(), chi.RouteCtxKey, nil), nil) // its own, not the confirming form's
	again := r.Clone(ctx)
	again.Method, again.URL, again.RequestURI = http.MethodPost, target, form.Target
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(form.Body)), int64(len(form.Body))
	again.Form, again.PostForm, again.MultipartForm = nil, nil, nil
	again.Header.Set("Content-Type", form.ContentType)
	again.Header.Set("Referer", k.Site.BaseURL+form.CameFrom)
	k.forms.ServeHTTP(w, again)
	return nil
}
