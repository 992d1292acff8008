package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// FuzzForwarded: whatever a header and a peer say of where a request is from, what the throttle counts by is an
// address or the peer's own word, and a peer that is not trusted is not believed.
func FuzzForwarded(f *testing.F) {
	f.Add("192.0.2.1:1234", "203.0.113.7", "", true)
	f.Add("192.0.2.1:1234", "203.0.113.7, 198.51.100.9", "10.0.0.1", true)
	f.Add("[::ffff:192.0.2.1]:80", "2001:db8::1%eth0", " ", true)
	f.Add("nonsense", ",,,", "\x00", false)
	trusted := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	f.Fuzz(func(t *testing.T, peer, first, second string, trusting bool) {
		r := httptest.NewRequest(http.MethodGet, "/sign-in", nil)
		r.RemoteAddr = peer
		r.Header["X-Forwarded-For"] = []string{first, second}
		var among []netip.Prefix
		if trusting {
			among = trusted
		}
		seen := ""
		clientAddress(among)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr })).ServeHTTP(httptest.NewRecorder(), r)
		if strings.Contains(peer, seen) {
			return // the peer's own
		}
		if _, err := netip.ParseAddr(seen); err != nil || !trusting {
			t.Errorf("%q with %q and %q is from %q", peer, first, second, seen)
		}
	})
}

// FuzzCookies: whatever cookies come, a request without a session of ours is a stranger's, and nothing breaks down.
func FuzzCookies(f *testing.F) {
	for _, text := range []string{"session=abc", "__Host-session=abc; session=", "session=\"a b\"; ;=;", "\x00=\xff", strings.Repeat("a=b; ", 100)} {
		f.Add(text, "Mozilla/5.0")
	}
	check := ownOrigin("session")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	f.Fuzz(func(t *testing.T, cookies, agent string) {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
		r.Header["Cookie"], r.Header["User-Agent"] = []string{cookies}, []string{agent}
		w := httptest.NewRecorder()
		check.ServeHTTP(w, r)
		_, err := r.Cookie("session")
		if want := map[bool]int{true: http.StatusForbidden, false: http.StatusNoContent}[err == nil]; w.Code != want {
			t.Errorf("%q answers %d, not %d", cookies, w.Code, want)
		}
	})
}

// FuzzOrigins: whatever a request says of where it comes from, a form of a signed-in browser passes only from
// this site's own pages, and nothing but a page that somebody follows a link to is sent to another site.
func FuzzOrigins(f *testing.F) {
	f.Add("vs.test", "https://vs.test", "same-origin", "navigate", "document", true, true)
	f.Add("vs.test", "https://evil.test", "cross-site", "navigate", "document", true, false)
	f.Add("vs.test", "null", "", "no-cors", "image", false, true)
	f.Add("vs.test:80", "http://vs.test@evil.test", "none", "", "", true, true)
	f.Add("", "0", "", "", "", true, false)
	f.Add("[::1]:%zz", "//", "Same-Origin", "cors", "empty", false, false)
	passed := false
	guarded := ownOrigin("session")(ownFetches(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })))
	f.Fuzz(func(t *testing.T, host, origin, site, mode, to string, post, signedIn bool) {
		method := http.MethodGet
		if post {
			method = http.MethodPost
		}
		r := httptest.NewRequest(method, "/account", nil)
		r.Host = host
		for name, value := range map[string]string{"Origin": origin, "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": to} {
			if value != "" {
				r.Header[name] = []string{value}
			}
		}
		if signedIn {
			r.AddCookie(&http.Cookie{Name: "session", Value: "abc"})
		}
		passed = false
		guarded.ServeHTTP(httptest.NewRecorder(), r)
		if !passed {
			return
		}
		from, err := url.Parse(origin)
		switch own := err == nil && host != "" && from.Host == host; {
		case !post && (site == "cross-site" || site == "same-site") && mode != "navigate":
			t.Errorf("a file goes to %q", site)
		case post && site != "" && site != "same-origin" && site != "none":
			t.Errorf("a form of %q passes", site)
		case post && site == "" && origin != "" && !own:
			t.Errorf("a form of %q passes for %q", origin, host)
		case post && signedIn && site == "" && origin == "":
			t.Error("a form that says nothing of where it comes from passes")
		}
	})
}
