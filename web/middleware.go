package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/account"
	"virtualschool/internal/audit"
	"virtualschool/web/kit"
)

type middleware = func(http.Handler) http.Handler

// identify gives every request an id, which its answer, its log line and its audit rows share.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var raw [8]byte
		rand.Read(raw[:])
		id := hex.EncodeToString(raw[:])
		w.Header().Set("X-Request-ID", id)
		next.ServeHTTP(w, r.WithContext(audit.WithRequestID(r.Context(), id)))
	})
}

// watched remembers what was answered.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// accessLog writes one line a request: the route's pattern, never its path, query or form.
func accessLog(log *slog.Logger) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			started := time.Now()
			seen := &watched{ResponseWriter: w}
			ctx, who := context.WithValue(r.Context(), whoKey{}, new(int64)), new(int64)
			if place, ok := ctx.Value(whoKey{}).(*int64); ok {
				who = place
			}
			next.ServeHTTP(seen, r.WithContext(ctx))
			pattern := "unmatched"
			if route := chi.RouteContext(r.Context()); route != nil && route.RoutePattern() != "" {
				pattern = route.RoutePattern()
			}
			log.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("route", pattern),
				slog.Int("status", seen.status), slog.Int("bytes", seen.bytes), slog.Duration("took", time.Since(started)),
				slog.Int64("account", *who), slog.String("request_id", audit.RequestID(ctx)))
		})
	}
}

type whoKey struct{}

// recoverPanics answers a handler that broke down, and logs where. fail gives the answer: a page where
// there is a session to show it in.
func recoverPanics(log *slog.Logger, fail func(http.ResponseWriter, *http.Request, error)) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				broken := recover()
				if broken == nil {
					return
				}
				if broken == http.ErrAbortHandler { //nolint:errorlint // the very value is the sign
					panic(broken)
				}
				log.ErrorContext(r.Context(), "panic", "value", fmt.Sprint(broken), "stack", string(debug.Stack()), "request_id", audit.RequestID(r.Context()))
				fail(w, r, fmt.Errorf("panic: %v", broken))
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// failPlainly answers what broke down before there was a session: without a page.
func failPlainly(w http.ResponseWriter, r *http.Request, _ error) {
	http.Error(w, "Sorry, there is a problem. Try again later. Reference: "+audit.RequestID(r.Context()), http.StatusInternalServerError)
}

// protect sets the headers that keep pages to themselves. Only hashed assets may be stored.
func protect(https bool) middleware {
	const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; manifest-src 'self'; report-uri " + reportPath + "; report-to csp"
	// What no page of ours uses, no script on one may; passkeys are for our own pages.
	const features = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), " +
		"idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-create=(self), publickey-credentials-get=(self), " +
		"screen-wake-lock=(), serial=(), storage-access=(), usb=(), xr-spatial-tracking=()"
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Content-Security-Policy", policy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("X-Frame-Options", "DENY")
			h.Set("Referrer-Policy", "same-origin")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
			h.Set("Permissions-Policy", features)
			h.Set("Reporting-Endpoints", `csp="`+reportPath+`"`)
			h.Set("Cache-Control", "no-store")
			if https {
				h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
			}
			next.ServeHTTP(w, r)
		})
	}
}

// ownHost answers only for the name that the site is reached by, so that nobody points another name at it.
// A proxy in front passes the name on as it came, as ownOrigin needs too.
func ownHost(host string) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.EqualFold(r.Host, host) {
				http.Error(w, "This server does not answer for that name.", http.StatusMisdirectedRequest)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// ownOrigin refuses a form sent from another site. A browser says where it comes from; what comes with a
// session and says nothing is refused too.
func ownOrigin(cookie string) middleware {
	check := http.NewCrossOriginProtection()
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err := check.Check(r)
			if err == nil && r.Method == http.MethodPost && r.Host == "" {
				err = http.ErrNotSupported // no browser leaves out where it asks; an origin without a host would be the same
			}
			if _, signedIn := r.Cookie(cookie); err == nil && r.Method == http.MethodPost && signedIn == nil &&
				r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
				err = http.ErrNotSupported
			}
			if err != nil {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8")
				w.WriteHeader(http.StatusForbidden)
				fmt.Fprintln(w, "This form was sent from another site, so it was not accepted. Open the page here and send it again.")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// signedIn finds the session and the person it belongs to, as they are now.
func signedIn(sessions *scs.SessionManager) middleware {
	return func(next http.Handler) http.Handler {
		inner := sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx := r.Context()
			if person, ok := ctx.Value(personKey{}).(*account.Person); ok && person.Somebody() {
				if who, ok := ctx.Value(whoKey{}).(*int64); ok {
					*who = person.ID
				}
				ctx = kit.WithActor(ctx, person.Actor)
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		}))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, person := account.WithPerson(account.WithOwner(account.WithDevice(r.Context(), r.UserAgent())))
			inner.ServeHTTP(w, r.WithContext(context.WithValue(ctx, personKey{}, person)))
		})
	}
}

type personKey struct{}

// clientAddress is where a request comes from: the connection, or what a trusted proxy says.
func clientAddress(trusted []netip.Prefix) middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err == nil {
				r.RemoteAddr = host
			}
			if peer, err := netip.ParseAddr(r.RemoteAddr); err == nil {
				for _, proxy := range trusted {
					if !proxy.Contains(peer.Unmap()) {
						continue
					}
					// A proxy adds to the header's line or adds a line: its own word is the last.
					given := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
					if last, err := netip.ParseAddr(strings.TrimSpace(given[len(given)-1])); err == nil {
						r.RemoteAddr = last.String()
					}
					break
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}
