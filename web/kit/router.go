package kit

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/ui"
)

// Handler answers a request, or says why it cannot.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Route is one line of the route table, for tests and the page "Roles and permissions".
type Route struct {
	Method  string
	Pattern string
	Action  access.Action // empty: open to people who have not signed in
	Child   bool          // under the gate
	Fresh   access.When   // on which requests a fresh proof is asked
}

// Router registers routes with the action each needs.
type Router struct {
	kit    *Kit
	mux    chi.Router
	Routes []Route
}

// NewRouter makes a router that answers through mux.
func NewRouter(kit *Kit, mux chi.Router) *Router {
	kit.forms = chi.NewRouter()
	return &Router{kit: kit, mux: mux}
}

// Open registers a page that needs no sign-in. There are few, and each is reviewed.
func (rt *Router) Open(method, pattern string, handler Handler) {
	rt.add(Route{Method: method, Pattern: pattern}, func(w http.ResponseWriter, r *http.Request) error {
		if method == http.MethodPost {
			var err error
			if r, err = readForm(w, r, 0); err != nil {
				return err
			}
		}
		return handler(w, r)
	})
}

// Get registers a page.
func (rt *Router) Get(pattern string, action access.Action, handler Handler) {
	rt.get(Route{Method: http.MethodGet, Pattern: pattern, Action: action}, handler)
}

// Export registers a page that takes many children's data away under another name than a table's, such
// as a file of plans: it asks for a fresh proof, as every table's download does.
func (rt *Router) Export(pattern string, action access.Action, handler Handler) {
	rt.get(Route{Method: http.MethodGet, Pattern: pattern, Action: action, Fresh: access.Always}, handler)
}

func (rt *Router) get(route Route, handler Handler) {
	rt.add(route, func(w http.ResponseWriter, r *http.Request) error {
		if err := access.Check(Actor(r), route.Action, access.Facts{}); err != nil && !access.Can(Actor(r), route.Action) {
			return err
		}
		if err := rt.fresh(r); err != nil {
			return err
		}
		return handler(w, r)
	})
}

// Post registers a form's target.
func (rt *Router) Post(pattern string, action access.Action, handler Handler) {
	rt.post(pattern, action, 0, handler)
}

// Upload registers the target of a form with files, up to limit bytes of them together. A larger file does
// not reach the handler: it is a problem of its field, and the form comes with everything else.
func (rt *Router) Upload(pattern string, action access.Action, limit int64, handler Handler) {
	rt.post(pattern, action, limit, handler)
}

func (rt *Router) post(pattern string, action access.Action, limit int64, handler Handler) {
	rt.add(Route{Method: http.MethodPost, Pattern: pattern, Action: action}, func(w http.ResponseWriter, r *http.Request) error {
		if !access.Can(Actor(r), action) {
			return fault.Forbidden("Your role does not allow this.")
		}
		if err := rt.fresh(r); err != nil {
			return err
		}
		r, err := readForm(w, r, limit)
		if err != nil {
			return err
		}
		if r.MultipartForm != nil {
			defer r.MultipartForm.RemoveAll()
		}
		rt.kit.scan(r)
		return handler(w, r)
	})
}

// ChildGet registers a page about one child: the pattern begins /children/{childID}. The handler
// must run its queries through Kit.ViewChild.
func (rt *Router) ChildGet(pattern string, action access.Action, handler Handler) {
	rt.childGet(pattern, action, atGate, handler)
}

// ChildPost registers the target of a form about one child. Whether the child is theirs is asked
// before anything of the form is judged.
func (rt *Router) ChildPost(pattern string, action access.Action, handler Handler) {
	rt.childPost(pattern, action, "change", atGate, handler)
}

// SectionGet is ChildGet for the page of one section of a plan, with {pepID} and {section}
// or {part} in its pattern. Beside those who work with the child it opens to a person invited to that section, for whom
// every other page about the child is not there.
func (rt *Router) SectionGet(pattern string, action access.Action, handler Handler) {
	rt.childGet(pattern, action, atSection, handler)
}

// SectionPost is ChildPost for what SectionGet shows.
func (rt *Router) SectionPost(pattern string, action access.Action, handler Handler) {
	rt.childPost(pattern, action, "change", atSection, handler)
}

func (rt *Router) childGet(pattern string, action access.Action, to func(*http.Request) (*http.Request, error), handler Handler) {
	rt.add(Route{Method: http.MethodGet, Pattern: pattern, Action: action, Child: true}, func(w http.ResponseWriter, r *http.Request) error {
		r, err := to(r)
		if err != nil {
			return err
		}
		if !access.Can(Actor(r), action) {
			// Theirs but not allowed is 403; not theirs is 404, and that comes first.
			if err := rt.kit.passGate(r, "refused"); err != nil {
				return err
			}
			return fault.Forbidden("Your role does not allow this.")
		}
		if stale := rt.fresh(r); stale != nil {
			if err := rt.kit.passGate(r, ""); err != nil {
				return err
			}
			return stale
		}
		return handler(w, r)
	})
}

// ChildUpload is ChildPost for a form with files, as Upload takes them.
func (rt *Router) ChildUpload(pattern string, action access.Action, limit int64, handler Handler) {
	rt.childPostWithin(pattern, action, "change", limit, atGate, handler)
}

func (rt *Router) childPost(pattern string, action access.Action, screen string, to func(*http.Request) (*http.Request, error), handler Handler) {
	rt.childPostWithin(pattern, action, screen, 0, to, handler)
}

func (rt *Router) childPostWithin(pattern string, action access.Action, screen string, limit int64, to func(*http.Request) (*http.Request, error), handler Handler) {
	rt.add(Route{Method: http.MethodPost, Pattern: pattern, Action: action, Child: true}, func(w http.ResponseWriter, r *http.Request) error {
		r, err := to(r)
		if err != nil {
			return err
		}
		if err := rt.kit.passGate(r, screen); err != nil {
			return err
		}
		if !access.Can(Actor(r), action) {
			return fault.Forbidden("Your role does not allow this.")
		}
		if err := rt.fresh(r); err != nil {
			return err
		}
		r, err = readForm(w, r, limit)
		if err != nil {
			return err
		}
		if r.MultipartForm != nil {
			defer r.MultipartForm.RemoveAll()
		}
		rt.kit.scan(r)
		return handler(w, r)
	})
}

// ChildKeep registers the target of a form that only keeps what a person has typed, for that person:
// nothing of the child is shown or changed and it comes every few seconds, so it leaves no look.
func (rt *Router) ChildKeep(pattern string, action access.Action, handler Handler) {
	rt.childPost(pattern, action, "", atGate, handler)
}

// SectionKeep is ChildKeep for what SectionGet shows.
func (rt *Router) SectionKeep(pattern string, action access.Action, handler Handler) {
	rt.childPost(pattern, action, "", atSection, handler)
}

func (rt *Router) add(route Route, handler Handler) {
	if route.Fresh == access.Never {
		route.Fresh = asksFresh(route)
	}
	rt.Routes = append(rt.Routes, route)
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if route.Action != "" && !Actor(r).Somebody() {
			rt.kit.toSignIn(w, r)
			return
		}
		if actor := Actor(r).InPlace(route.Action); actor.Standing {
			r = r.WithContext(WithActor(r.Context(), actor))
		}
		err := handler(w, r.WithContext(context.WithValue(r.Context(), freshKey{}, route.Fresh)))
		if errors.Is(err, errStale) {
			err = rt.kit.toConfirm(w, r)
		}
		if err != nil {
			rt.kit.Fail(w, r, err)
		}
	})
	rt.mux.Method(route.Method, route.Pattern, answer)
	if route.Method == http.MethodPost && route.Fresh != access.Never {
		rt.kit.forms.Method(route.Method, route.Pattern, answer)
	}
}

// toSignIn sends a reader to sign in and back again: to the page, or to the page with the form. A form
// itself is not carried along: the sign-in page says so, and what was kept as a draft is there.
func (k *Kit) toSignIn(w http.ResponseWriter, r *http.Request) {
	location := "/sign-in"
	switch {
	case r.Method != http.MethodGet:
		location += "?ended=1"
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && LocalPath(from.RequestURI()) != "/" {
			location += "&then=" + queryEscape(from.RequestURI())
		}
	case r.URL.Path != "/":
		location += "?then=" + queryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
}

type gateKey struct{}

type gate struct {
	childID int64
	planID  int64 // with section: the page of one section, which opens to those invited to it
	section string
	passed  bool
	guest   bool // let in by an invitation to the section, and to nothing else
}

// invited is the section's name among what an actor is invited to; no such page, no such name.
func (g *gate) invited() string {
	if g.section == "" {
		return ""
	}
	return postgres.InvitedKey(g.childID, g.planID, g.section)
}

func atGate(r *http.Request) (*http.Request, error) {
	id, err := PathID(r, "childID")
	if err != nil {
		return nil, err
	}
	return r.WithContext(context.WithValue(r.Context(), gateKey{}, &gate{childID: id})), nil
}

func atSection(r *http.Request) (*http.Request, error) {
	plan, err := PathID(r, "pepID")
	if err != nil {
		return nil, err
	}
	if r, err = atGate(r); err != nil {
		return nil, err
	}
	at := r.Context().Value(gateKey{}).(*gate)
	at.planID, at.section = plan, chi.URLParam(r, "section")
	if at.section == "" {
		at.section = chi.URLParam(r, "part")
	}
	return r, nil
}

// PathID is a number in the path. Anything that is not one is not there.
func PathID(r *http.Request, name string) (int64, error) {
	text := chi.URLParam(r, name)
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 10) != text {
		return 0, fault.NotFound()
	}
	return id, nil
}

// ChildID is the child whose page this is.
func ChildID(r *http.Request) int64 {
	if at, ok := r.Context().Value(gateKey{}).(*gate); ok {
		return at.childID
	}
	return 0
}

// Guest says whether whoever sent this form was let in by an invitation to one section: for them there
// is no other page of the child's to go on to.
func Guest(r *http.Request) bool {
	at, ok := r.Context().Value(gateKey{}).(*gate)
	return ok && at.guest
}

// ViewChild runs a child page's queries behind the gate: the child's strip, the look in the audit
// and the page's own batch, in one round trip. It fails with NotFound for a child who is not there
// or not theirs.
func (k *Kit) ViewChild(r *http.Request, screen string, page *postgres.Batch) (ui.IdentityStripProps, error) {
	at, ok := r.Context().Value(gateKey{}).(*gate)
	if !ok {
		return ui.IdentityStripProps{}, fault.NotFound()
	}
	var batch postgres.Batch
	strip := k.headerFor(&batch, at)
	queueLook(r, &batch, at, screen)
	batch.Append(page)
	if err := k.DB.View(r.Context(), Actor(r), &batch); err != nil {
		return ui.IdentityStripProps{}, err
	}
	shown, theirs := strip(k.Today())
	if !theirs {
		return ui.IdentityStripProps{}, fault.NotFound()
	}
	at.passed = true
	if Actor(r).Standing {
		shown.Href = "" // who stands in decides about a child, and opens the record only of their own
	}
	return shown, nil
}

// headerFor queues the strip: of a child who is theirs, or at a section's page of what an invitation shows.
func (k *Kit) headerFor(batch *postgres.Batch, at *gate) func(today calendar.Date) (ui.IdentityStripProps, bool) {
	if at.section != "" {
		return k.SectionHeader(batch, at.childID, at.planID, at.section)
	}
	strip := k.Header(batch, at.childID)
	return func(today calendar.Date) (ui.IdentityStripProps, bool) { return strip(today), true }
}

// queueLook queues the look in the audit.
func queueLook(r *http.Request, batch *postgres.Batch, at *gate, screen string) {
	if at.section != "" {
		audit.LookAtSection(r.Context(), batch, Actor(r), at.childID, at.invited(), screen)
		return
	}
	audit.Look(r.Context(), batch, Actor(r), at.childID, screen)
}

// passGate asks only whether the child is theirs, for forms and refusals; with no screen it leaves no look.
func (k *Kit) passGate(r *http.Request, screen string) error {
	at := r.Context().Value(gateKey{}).(*gate)
	var batch postgres.Batch
	var by string
	postgres.Value(&batch, &by, `select case when exists (select from child where id = @child) then 'relation'
			when @invited::text = any (`+postgres.Invited+`) then 'invitation' else '' end`,
		postgres.Args{"child": at.childID, "invited": at.invited()})
	if screen != "" {
		queueLook(r, &batch, at, screen)
	}
	if err := k.DB.View(r.Context(), Actor(r), &batch); err != nil {
		return err
	}
	if by == "" {
		return fault.NotFound()
	}
	at.passed, at.guest = true, by == "invitation"
	return nil
}

func mustHavePassedGate(r *http.Request) error {
	if at, ok := r.Context().Value(gateKey{}).(*gate); ok && !at.passed {
		return errUngated
	}
	return nil
}
