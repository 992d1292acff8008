package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/assets"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Options is what the server is made of.
type Options struct {
	Site           kit.Site
	DB             *postgres.DB
	Log            *slog.Logger
	SessionIdle    time.Duration
	SessionMax     time.Duration
	TrustedProxies []netip.Prefix
	Scanner        kit.Scanner // nil: files are not looked at for viruses
	Services       Services
}

// Server answers requests, and knows its own route table.
type Server struct {
	http.Handler
	Routes []kit.Route
}

// New puts the server together.
func New(o Options) *Server {
	host, https := strings.CutPrefix(o.Site.BaseURL, "https://")
	sessions := scs.New()
	sessions.Store = &account.Sessions{DB: o.DB, Idle: o.SessionIdle}
	sessions.Lifetime = o.SessionMax
	sessions.HashTokenInStore = false // the store hashes, so that no path to it forgets
	sessions.Cookie.Name = "session"
	if https {
		sessions.Cookie.Name = "__Host-session"
	}
	sessions.Cookie.Secure = https
	sessions.Cookie.HttpOnly = true
	sessions.Cookie.SameSite = http.SameSiteLaxMode
	sessions.Cookie.Persist = false
	k := &kit.Kit{Site: o.Site, DB: o.DB, Sessions: sessions, Log: o.Log, PDF: o.Services.Printing.Printer, Scanner: o.Scanner, Header: header, SectionHeader: sectionHeader, Menu: menu,
		SessionIdle: account.SurelyIdle(o.SessionIdle),
		Fresh:       func(ctx context.Context) bool { return account.PersonOf(ctx).Proof.Fresh(o.DB.Now()) }}
	sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		o.Log.ErrorContext(r.Context(), "session", "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, "The service is not answering. Nothing you were doing has been half-saved. Try again in a moment.", http.StatusServiceUnavailable)
	}

	outer := chi.NewRouter()
	outer.Use(identify, accessLog(o.Log), recoverPanics(o.Log, failPlainly), protect(https), clientAddress(o.TrustedProxies))
	outer.Handle("/assets/*", assets.Handler())
	outer.Handle("/theme.css", assets.Theme(o.Site.Colour))
	outer.Get("/healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok\n")) })
	outer.Get("/readyz", ready(o.DB))
	outer.Get("/robots.txt", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("User-agent: *\nDisallow: /\n")) })

	outer.Method(http.MethodPost, reportPath, &policyReports{log: o.Log, now: o.DB.Now})

	var routes []kit.Route
	outer.Group(func(inner chi.Router) {
		if https { // otherwise it is tried out, on a machine that has many names for itself
			inner.Use(ownHost(host))
		}
		inner.Use(ownOrigin(sessions.Cookie.Name), ownFetches, signedIn(sessions), recoverPanics(o.Log, k.Fail))
		rt := kit.NewRouter(k, inner)
		register(rt, k, o.Services)
		routes = rt.Routes
		notFound := func(w http.ResponseWriter, r *http.Request) { k.Fail(w, r, fault.NotFound()) }
		inner.NotFound(notFound)
		inner.MethodNotAllowed(notFound)
		inner.Handle("/*", http.HandlerFunc(notFound))
	})
	return &Server{Handler: outer, Routes: routes}
}

// ready asks the database, so that a balancer sends nobody here in vain.
func ready(db *postgres.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := db.Ping(ctx); err != nil {
			http.Error(w, "database not answering", http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ready\n"))
	}
}

// header is the strip at the top of a child's pages.
func header(batch *postgres.Batch, childID int64) func(today calendar.Date) ui.IdentityStripProps {
	var h child.Header
	child.QueueHeader(batch, &h, childID)
	return func(today calendar.Date) ui.IdentityStripProps { return strip(h, today) }
}

// sectionHeader is the strip of a section's page: the whole one for those who work with the child, a
// glimpse for somebody who was invited to the section.
func sectionHeader(batch *postgres.Batch, childID, planID int64, section string) func(today calendar.Date) (ui.IdentityStripProps, bool) {
	var h *child.Header
	var g *child.Glimpse
	child.QueueHeaderOfRelated(batch, &h, childID)
	child.QueueGlimpse(batch, &g, childID, planID, section)
	return func(today calendar.Date) (ui.IdentityStripProps, bool) {
		switch {
		case h != nil:
			return strip(*h, today), true
		case g != nil:
			return glimpse(*g), true
		}
		return ui.IdentityStripProps{}, false
	}
}

// menu is the navigation for a person.
func menu(actor access.Actor, current string) []ui.NavItem {
	if first, _, _ := strings.Cut(current, "/"); under[first] != "" {
		current = under[first]
	}
	var items []ui.NavItem
	at := -1 // the innermost place that the current page is in
	longest := ""
	for _, place := range places {
		if !access.Can(actor, place.action) || access.Can(actor, within[place.href]) {
			continue
		}
		if inside := place.path == current || place.path != "" && strings.HasPrefix(current, place.path+"/"); inside && len(place.path) >= len(longest) {
			at, longest = len(items), place.path
		}
		items = append(items, ui.NavItem{Text: place.text, Href: place.href})
	}
	if at >= 0 {
		items[at].Current = true
	}
	return items
}
