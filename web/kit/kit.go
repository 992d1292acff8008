package kit

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pdf"
	"virtualschool/internal/postgres"
	"virtualschool/web/ui"
)

// Site is what every page says about where it is.
type Site struct {
	Authority     string // the council's name
	AuthorityCode string // its three digits
	Colour        string
	BaseURL       string // for links in mail; no slash at the end
	Demo          bool
}

// Kit is shared by all pages.
type Kit struct {
	Site     Site
	DB       *postgres.DB
	Sessions *scs.SessionManager
	Log      *slog.Logger
	PDF      pdf.Printer
	Scanner  Scanner // of files that are sent; nil: they are not looked at
	// Header queues what the strip at the top of a child's pages shows; the function it returns
	// makes the strip once the batch has run. It fails the batch with NotFound for a child the
	// actor may not see.
	Header func(batch *postgres.Batch, childID int64) func(today calendar.Date) ui.IdentityStripProps
	// SectionHeader is Header for the page of one section of a plan, which opens to an invited person too;
	// false: the actor neither works with the child nor is invited to the section.
	SectionHeader func(batch *postgres.Batch, childID, planID int64, section string) func(today calendar.Date) (ui.IdentityStripProps, bool)
	// Menu is the navigation for a person; current is the path without its first slash.
	Menu func(actor access.Actor, current string) []ui.NavItem
	// Fresh says whether the person of a request showed lately enough who they are, for what
	// access.NeedsFresh names. Without it nobody has.
	Fresh func(ctx context.Context) bool

	// SessionIdle is how long a person stays signed in, at the least, without doing anything.
	SessionIdle time.Duration

	forms chi.Router // the targets of forms that may be held: see Resend
}

// Today is the day it is in England, by the database's clock.
func (k *Kit) Today() calendar.Date { return k.DB.Today() }

type actorKey struct{}

// WithActor puts the person who asks into the context.
func WithActor(ctx context.Context, actor access.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, actor)
}

// Actor is the person who asks; the zero Actor when nobody has signed in.
func Actor(r *http.Request) access.Actor {
	actor, _ := r.Context().Value(actorKey{}).(access.Actor)
	return actor
}

// Page is what a handler says about the page around its content.
type Page struct {
	Title    string // never a child's name: titles end up in the browser's history
	Form     *Form  // puts "Error: " before the title when it has problems
	Back     string
	Trail    []ui.Link
	Wide     bool
	Print    bool
	Status   int  // 200 when 0; 422 when the form has problems, 409 when it was overtaken
	OutOfApp bool // no navigation: the sign-in pages
}

// Show renders the content inside the layout and sends it whole, or not at all.
func (k *Kit) Show(w http.ResponseWriter, r *http.Request, page Page, content templ.Component) error {
	if err := mustHavePassedGate(r); err != nil {
		return err
	}
	props := ui.PageProps{
		Title:       page.Title,
		Authority:   k.Site.Authority,
		Colour:      k.Site.Colour,
		Demo:        k.Site.Demo,
		Breadcrumbs: page.Trail,
		BackLink:    page.Back,
		Wide:        page.Wide,
		Print:       page.Print,
	}
	status := page.Status
	if status == 0 && page.Form != nil && page.Form.overtaken {
		status = http.StatusConflict
	}
	if page.Form != nil && len(page.Form.Problems) > 0 {
		props.HasErrors = true
		if status == 0 {
			status = http.StatusUnprocessableEntity
		}
	}
	if status == 0 {
		status = http.StatusOK
	}
	if actor := Actor(r); actor.Somebody() && !page.OutOfApp {
		props.User = &ui.UserBadge{Name: actor.Name, Role: actor.Role.Name()}
		props.Navigation = k.Menu(actor, strings.TrimPrefix(r.URL.Path, "/"))
		// A page that says no has nothing on it to lose, and is the same to the byte whatever it is about.
		if k.Sessions != nil && status != http.StatusNotFound && status != http.StatusForbidden {
			props.Session = &ui.SessionProps{Idle: int(k.SessionIdle.Seconds()), Left: k.SessionLeft(r), Person: strconv.FormatInt(actor.ID, 10)}
		}
	}
	if k.Sessions != nil && k.Sessions.Exists(r.Context(), flashKey) {
		props.Flash = &ui.Flash{Kind: ui.BannerKind(k.Sessions.PopString(r.Context(), flashKindKey)), Text: k.Sessions.PopString(r.Context(), flashKey)}
	}
	var whole bytes.Buffer
	ctx := templ.WithChildren(r.Context(), content)
	if err := ui.Layout(props).Render(ctx, &whole); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := whole.WriteTo(w)
	return ignoreGone(err)
}

// SessionLeft is how many seconds the request's session lasts, however much is done in it.
func (k *Kit) SessionLeft(r *http.Request) int {
	return max(0, int(time.Until(k.Sessions.Deadline(r.Context())).Seconds()))
}

// Send answers with a file to download or a small text, never stored by the browser, and never sent to
// another site's page however it asked.
func (k *Kit) Send(w http.ResponseWriter, r *http.Request, contentType, fileName string, body []byte) error {
	if err := mustHavePassedGate(r); err != nil {
		return err
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return fault.Forbidden("Another site asked for this file, so it was not sent. Open the page here.")
	}
	w.Header().Set("Content-Type", contentType)
	if fileName != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+fileName+`"`)
	}
	_, err := w.Write(body)
	return ignoreGone(err)
}

const flashKey, flashKindKey = "flash", "flash_kind"

// Done leads on after something was done, with a short message. The message is kept in the
// session, so it never names a child.
func (k *Kit) Done(w http.ResponseWriter, r *http.Request, location, message string) error {
	if message != "" {
		k.Sessions.Put(r.Context(), flashKey, message)
		k.Sessions.Put(r.Context(), flashKindKey, string(ui.Success))
	}
	if err := k.DB.Landed(r.Context(), Actor(r), location); err != nil {
		k.Log.WarnContext(r.Context(), "remember where a form led", "error", err)
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
	return nil
}

// Tell keeps a message for the next page: a repeated form, a session that ended.
func (k *Kit) Tell(ctx context.Context, message string) {
	k.Sessions.Put(ctx, flashKey, message)
	k.Sessions.Put(ctx, flashKindKey, string(ui.Information))
}
