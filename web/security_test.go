package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/web"
	"virtualschool/web/assets"
	"virtualschool/web/webtest"
)

// headers are on every answer, whatever its status.
var headers = map[string]string{
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
}

// ask sends a request to a server without a network between.
func ask(server http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	if method == http.MethodPost && !slices.Contains(header, "Origin") && !slices.Contains(header, "Sec-Fetch-Site") {
		r.Header.Set("Sec-Fetch-Site", "same-origin") // as a browser says of a page's own form
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return w
}

// cookieOf is a person's session as a browser sends it.
func cookieOf(t *testing.T, s *webtest.Site, who access.Actor) string {
	t.Helper()
	return "session=" + s.TokenOf(who)
}

// TestHeadersOnEveryAnswer shows these requirements.
//
// ASVS 5.0: 3.4.1, 3.4.3, 3.4.4, 3.4.5, 3.4.6, 3.4.8, 14.3.2
func TestHeadersOnEveryAnswer(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head, teacher := cookieOf(t, s, s.Person(access.Head, "Hana Head")), cookieOf(t, s, s.Teacher("Tom Teacher", s.Setting("Oak")))
	child := fmt.Sprintf("/children/%d", s.Child("Ada", "Ash", "2014-01-05"))
	secure := s.Options
	secure.Site.BaseURL = "https://vs.example"
	broken := s.Options
	broken.Services.Accounts = nil // the sign-in page breaks down
	down := webtest.New(t)
	down.DB.Close()
	for _, c := range []struct {
		name         string
		server       http.Handler
		method, path string
		body         string
		header       []string
		status       int
		kept         bool // may be stored: the same for everyone
	}{
		{"a page", s.Server, "GET", child, "", []string{"Cookie", head}, 200, false},
		{"the way in", s.Server, "GET", "/sign-in", "", nil, 200, false},
		{"a download", s.Server, "GET", "/children.csv", "", []string{"Cookie", head}, 200, false},
		{"not signed in", s.Server, "GET", child, "", nil, 303, false},
		{"not theirs", s.Server, "GET", child, "", []string{"Cookie", teacher}, 404, false},
		{"not there", s.Server, "GET", "/nowhere", "", nil, 404, false},
		{"another method", s.Server, "PUT", child, "", []string{"Cookie", head}, 404, false},
		{"not allowed", s.Server, "GET", "/imports", "", []string{"Cookie", teacher}, 403, false},
		{"forged", s.Server, "POST", child + "/notes", "", []string{"Cookie", head, "Origin", "https://evil.example"}, 403, false},
		{"to correct", s.Server, "POST", "/sign-in", "", nil, 422, false},
		{"to correct, of a child", s.Server, "POST", child + "/notes", "", []string{"Cookie", head}, 422, false},
		{"too large", s.Server, "POST", "/sign-in", strings.Repeat("x", 2<<20), nil, 413, false},
		{"broken down", web.New(broken), "GET", "/sign-in", "", nil, 500, false},
		{"no database", down.Server, "GET", "/", "", []string{"Cookie", head}, 503, false},
		{"not ready", down.Server, "GET", "/readyz", "", nil, 503, false},
		{"alive", down.Server, "GET", "/healthz", "", nil, 200, false},
		{"robots", s.Server, "GET", "/robots.txt", "", nil, 200, false},
		{"a style", s.Server, "GET", assets.URL("app.css"), "", nil, 200, assets.Built()},
		{"no style", s.Server, "GET", "/assets/nothing.css", "", nil, 404, false},
		{"over https", web.New(secure), "GET", "https://vs.example/sign-in", "", nil, 200, false},
	} {
		answer := ask(c.server, c.method, c.path, c.body, c.header...)
		if answer.Code != c.status {
			t.Errorf("%s: %d, want %d", c.name, answer.Code, c.status)
		}
		for name, want := range headers {
			if got := answer.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, name, got, want)
			}
		}
		policy := answer.Header().Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: Content-Security-Policy is %q", c.name, policy)
		}
		if stored := !slices.Contains(answer.Header().Values("Cache-Control"), "no-store"); stored != c.kept {
			t.Errorf("%s: Cache-Control is %q", c.name, answer.Header().Values("Cache-Control"))
		}
		if https := answer.Header().Get("Strict-Transport-Security"); (https != "") != (c.name == "over https") {
			t.Errorf("%s: Strict-Transport-Security is %q", c.name, https)
		}
		if answer.Code >= 500 && strings.ContainsAny(answer.Body.String(), "{}") || strings.Contains(answer.Body.String(), "goroutine") {
			t.Errorf("%s tells of the program's inside: %s", c.name, answer.Body)
		}
	}
}

// TestTheSiteAnswersForItsOwnNameOnly: another name is no way in, and the probes of a balancer, which come by
// address, are answered.
func TestTheSiteAnswersForItsOwnNameOnly(t *testing.T) {
	t.Parallel()
	secure := webtest.New(t).Options
	secure.Site.BaseURL = "https://vs.example"
	server := web.New(secure)
	for target, want := range map[string]int{
		"https://vs.example/sign-in":        200,
		"https://VS.Example/sign-in":        200,
		"https://evil.example/sign-in":      421,
		"https://vs.example.evil/sign-in":   421,
		"https://vs.example:8443/sign-in":   421,
		"https://10.0.0.7/sign-in":          421,
		"https://10.0.0.7/healthz":          200,
		"https://10.0.0.7/readyz":           200,
		"https://evil.example/children.csv": 421,
	} {
		answer := ask(server, "GET", target, "")
		if answer.Code != want || strings.Contains(answer.Body.String(), "evil") {
			t.Errorf("%s: %d %s, want %d", target, answer.Code, answer.Body, want)
		}
	}
	if answer := ask(server, "POST", "https://evil.example/sign-in", "email=a"); answer.Code != 421 {
		t.Errorf("a form to another name: %d", answer.Code)
	}
}

// TestABreakdownIsAPageAndALine: a handler that panics is answered with a page that gives a reference,
// which is in the log, and the next request is well.
//
// ASVS 5.0: 16.5.1, 16.5.2, 16.5.4
func TestABreakdownIsAPageAndALine(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	options := s.Options
	options.Services.Accounts = nil
	server := web.New(options)
	answer := ask(server, "GET", "/sign-in?then=/kanarienvogel", "")
	reference := answer.Header().Get("X-Request-ID")
	if answer.Code != 500 || !strings.Contains(answer.Body.String(), "Sorry, there is a problem") || !strings.Contains(answer.Body.String(), reference) {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	if log := s.Log.String(); !strings.Contains(log, reference) || !strings.Contains(log, `"status":500`) || strings.Contains(log, "kanarienvogel") {
		t.Errorf("the log says %s", log)
	}
	if answer := ask(server, "GET", "/healthz", ""); answer.Code != 200 {
		t.Errorf("after it: %d", answer.Code)
	}
}

// TestTheCookieIsForThisSiteAlone shows these requirements.
//
// ASVS 5.0: 3.3.1, 3.3.2, 3.3.3, 3.3.4, 7.2.4
func TestTheCookieIsForThisSiteAlone(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	person := s.Person(access.Advisor, "Ann Advisor")
	s.Password(person, "correct horse battery")
	form := url.Values{"email": {person.Email}, "password": {"correct horse battery"}}.Encode()
	for base, want := range map[string]string{"http://localhost:8080": "session", "https://vs.example": "__Host-session"} {
		options := s.Options
		options.Site.BaseURL = base
		server := web.New(options)
		if planted := ask(server, "GET", base+"/sign-in", ""); len(planted.Result().Cookies()) != 0 {
			t.Errorf("%s: a stranger is given the cookies %v", base, planted.Result().Cookies())
		}
		answer := ask(server, "POST", base+"/sign-in", form, "Cookie", want+"=planted")
		cookies := answer.Result().Cookies()
		if answer.Code != http.StatusSeeOther || len(cookies) != 1 {
			t.Fatalf("%s: %d with cookies %v: %s", base, answer.Code, cookies, answer.Body)
		}
		c := cookies[0]
		if c.Name != want || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 || !c.Expires.IsZero() ||
			c.Secure != strings.HasPrefix(base, "https") {
			t.Errorf("%s: the cookie is %s", base, c)
		}
		if c.Value == "planted" || len(c.Value) < 40 {
			t.Errorf("%s: the session's token is %q", base, c.Value)
		}
		if kept := s.ID(`select count(*) from session where token_hash like '%' || $1 || '%' or position($1::bytea in data) > 0`, c.Value); kept != 0 {
			t.Errorf("%s: the database holds the token itself", base)
		}
	}
}

// TestFormsOfOtherSitesAreRefused shows these requirements.
//
// ASVS 5.0: 3.5.1, 3.5.3
func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	ann := s.Person(access.Advisor, "Ann Advisor")
	child := s.Child("Ada", "Ash", "2014-01-05")
	s.Allocate(child, "advisor", ann, "[2026-01-01,)")
	cookie := cookieOf(t, s, ann)
	note := url.Values{"kind": {"call"}, "words": {"forged"}, "on-day": {"20"}, "on-month": {"11"}, "on-year": {"2026"}}.Encode()
	path := fmt.Sprintf("/children/%d/notes", child)
	const browser = "Mozilla/5.0 (X11; Linux x86_64)"
	for name, header := range map[string][]string{
		"from another site":                    {"Origin", "https://evil.example"},
		"by a browser that says so":            {"Sec-Fetch-Site", "cross-site"},
		"from a neighbour under the same name": {"Sec-Fetch-Site", "same-site", "Origin", "http://other.example.com"},
		"from a sandbox":                       {"Origin", "null"},
		"by a browser that says nothing":       {"User-Agent", browser, "Origin", ""},
		"by a program that says nothing":       {"Sec-Fetch-Site", ""},
	} {
		for _, target := range []string{path, "/sign-out", "/account/sessions"} {
			if answer := ask(s.Server, "POST", target, note, append(header, "Cookie", cookie)...); answer.Code != http.StatusForbidden {
				t.Errorf("%s %s: %d", target, name, answer.Code)
			}
		}
	}
	if n := s.ID(`select count(*) from note`); n != 0 {
		t.Errorf("%d forged notes were written", n)
	}
	if answer := ask(s.Server, "POST", path, note, "Cookie", cookie, "User-Agent", browser, "Origin", "http://example.com", "Sec-Fetch-Site", "same-origin"); answer.Code != http.StatusSeeOther {
		t.Errorf("the site's own form: %d %s", answer.Code, answer.Body)
	}
	for _, method := range []string{"GET", "HEAD"} {
		if answer := ask(s.Server, method, "/sign-out", "", "Cookie", cookie); answer.Code != http.StatusNotFound {
			t.Errorf("%s /sign-out: %d", method, answer.Code)
		}
	}
}

// TestSignInLeadsNowhereElse shows these requirements.
//
// ASVS 5.0: 3.7.2
func TestSignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := cookieOf(t, s, s.Person(access.Head, "Hana Head"))
	for then, want := range map[string]string{
		"/children?sort=year": "/children?sort=year", "/children/7/peps": "/children/7/peps", "": "/", "/sign-out": "/",
		"https://evil.example": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/\t/evil.example": "/",
		"/\r\nSet-Cookie: x=1": "/", "javascript:alert(1)": "/", "data:text/html,x": "/", "http:/evil.example": "/", "http:evil.example": "/", "evil.example": "/",
		"@evil.example": "/", "/%2fevil.example": "/%2fevil.example", " //evil.example": "/", "\x00//evil.example": "/", "/.//evil.example": "/evil.example",
	} {
		answer := ask(s.Server, "GET", "/sign-in?then="+url.QueryEscape(then), "", "Cookie", head)
		location := answer.Header().Get("Location")
		if answer.Code != http.StatusSeeOther || location != want {
			t.Errorf("then=%q leads to %q, want %q", then, location, want)
		}
		if at, err := url.Parse("http://vs.example/sign-in"); err == nil {
			if to, err := at.Parse(location); err != nil || to.Host != "vs.example" || to.Scheme != "http" {
				t.Errorf("then=%q leads off the site, to %q", then, location)
			}
		}
	}
}

// TestTheLogNamesNobody does what people do, rightly and wrongly, and reads every line of the log.
//
// ASVS 5.0: 1.3.3, 16.2.5, 16.4.1
func TestTheLogNamesNobody(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.Person(access.Head, "Hana Kanarienhead")
	child := s.Child("Zebedee", "Kanarienvogel", "2014-01-05")
	s.Password(head, "kanarien horse battery")
	stranger := s.Visitor()
	asked := 0
	get := func(v *webtest.Visitor, path string) { v.Get(path); asked++ }
	post := func(v *webtest.Visitor, path string, pairs ...string) *webtest.Page {
		asked++
		return v.Post(path, webtest.With(url.Values{}, pairs...))
	}
	get(stranger, "/children?q=Kanarienvogel")
	get(stranger, "/reset/kanarientoken")
	get(stranger, "/invitation/kanarientoken%0d%0aforged")
	post(stranger, "/sign-in", "email", "kanarien@nobody.test", "password", "kanarienpassword")
	post(stranger, "/forgot", "email", "kanarien@nobody.test")
	if in := post(stranger, "/sign-in", "email", head.Email, "password", "kanarien horse battery"); in.Status != http.StatusSeeOther {
		t.Fatalf("sign-in answers %d", in.Status)
	}
	browser := s.As(head)
	path := fmt.Sprintf("/children/%d", child)
	for _, page := range []string{"/", "/work", "/children", "/children?q=Kanarienvogel", "/children.csv", path, path + "/edit", path + "/access", path + "/kanarienpath", "/schools?q=Kanarienschule"} {
		get(browser, page)
	}
	post(browser, "/children/search", "q", "Kanarienvogel")
	post(browser, path+"/notes", append(webtest.Date("on", "20", "11", "2026"), "kind", "call", "words", "Kanarienwords")...)
	post(browser, path+"/edit", "surname", "Kanarienname\x00")
	post(browser, "/admin/accounts/new", "email", "kanarien@other.test", "name", "Kanarienperson", "role", "advisor")
	s.Exec(`alter table note add constraint broken check (words not like 'Kanarien%') not valid`) // and now the database complains of the row
	if broken := post(browser, path+"/notes", append(webtest.Date("on", "20", "11", "2026"), "kind", "call", "words", "Kanarienwords")...); broken.Status != 500 {
		t.Errorf("a note that nobody expects to be refused answers %d, leading to %q", broken.Status, broken.Location)
	}
	log := s.Log.String()
	for range 100 {
		if strings.Count(log, `"msg":"request"`) == asked {
			break
		}
		time.Sleep(10 * time.Millisecond)
		log = s.Log.String()
	}
	if lines := strings.Count(log, `"msg":"request"`); lines != asked || !strings.Contains(log, `"route":"/children/{childID}/notes"`) {
		t.Errorf("%d requests have %d lines", asked, lines)
	}
	for _, word := range []string{"kanarien", "zebedee", "%20", "20 november", strings.ToLower(browser.Token()), path + "/", "127.0.0.1"} {
		if at := strings.Index(strings.ToLower(log), word); at >= 0 {
			t.Errorf("the log says %q: …%s…", word, log[max(0, at-200):min(len(log), at+100)])
		}
	}
}

// TestWhoSaysWhereARequestIsFrom: only a trusted proxy does, and of what it was told only what it added itself.
//
// ASVS 5.0: 4.1.3, 15.3.4
func TestWhoSaysWhereARequestIsFrom(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	options := s.Options
	options.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // where httptest's requests come from
	server := web.New(options)
	places := func() int64 { return s.ID(`select count(distinct address_hash) from sign_in_failure`) }
	try := func(server http.Handler, n int, forwarded ...string) {
		header := []string{}
		for _, one := range forwarded {
			header = append(header, "X-Forwarded-For", one)
		}
		ask(server, "POST", "/sign-in", url.Values{"email": {fmt.Sprintf("a%d@b.test", n)}, "password": {"wrong"}}.Encode(), header...)
	}
	for n := range 3 {
		try(s.Server, n, fmt.Sprintf("203.0.113.%d", n))
	}
	if places() != 1 {
		t.Errorf("without a proxy, the caller chose %d addresses", places())
	}
	for n := range 3 {
		try(server, 10+n, fmt.Sprintf("203.0.113.%d, 198.51.100.7", n))
		try(server, 20+n, fmt.Sprintf("203.0.113.%d", n), "198.51.100.7") // as HAProxy does: a line of its own
	}
	if places() != 2 {
		t.Errorf("behind a proxy, one caller has %d addresses", places()-1)
	}
}

// TestAddressesAndSearchesDoNotBreakThePage: what no page of ours links to is nothing found, and a long
// name in one record does not stop everybody's search.
func TestAddressesAndSearchesDoNotBreakThePage(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	head := s.As(s.Person(access.Head, "Hana Head"))
	child := s.Child("Ada", "Ash", "2014-01-05")
	s.Child(strings.Repeat("ﬃ", 100), strings.Repeat("℡", 100), "2014-01-05")
	for _, words := range []string{"Ash", strings.Repeat("℡", 100), strings.Repeat("ﬃ", 100), "a\x00b", `%_\`, strings.Repeat("é ", 50), "' or 1=1 --"} {
		answer := head.Post("/children/search", url.Values{"q": {words}})
		if page := head.Get(answer.Location); page.Status != 200 {
			t.Errorf("a search for %.20q answers %d", words, page.Status)
		}
	}
	for _, path := range []string{"/children?after=9223372036854775807", "/children?advisor=99999999999999999999", "/children?sort=x'--&phase=%00&status=%00", "/work?page=99999999999&school=%00",
		"/schools?page=999999999999&phase=%00", "/admin/accounts?page=2147483647&search=%00", "/imports?before=9223372036854775807", "/premium/requests?after=MTIzIDQ1",
		"/premium/years/99999", "/peps?page=999999999&state=%00", "/children?search=%00%ff", "/sign-in?then=%00",
		fmt.Sprintf("/children/%d/timeline?before=1-a%%00", child), fmt.Sprintf("/children/%d/school?school=%%00", child), fmt.Sprintf("/children/%d/people?part=%%00", child)} {
		if page := head.Get(path); page.Status >= 500 {
			t.Errorf("%s answers %d", path, page.Status)
		}
	}
	head.Get("/children.csv")
	if n := s.ID(`select count(*) from audit_look where screen = 'list downloaded'`); n != 2 {
		t.Errorf("%d looks say that the list was downloaded", n)
	}
}

// formKeys are different each time a page is shown.
var formKeys = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
