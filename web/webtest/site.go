package webtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5/pgxpool"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web"
	"virtualschool/web/kit"
)

// Now is the time it is on the test's server when it starts: a Monday in the autumn term.
var Now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// lightHashing keeps tests quick; what passwords withstand is tested where they are hashed.
var lightHashing = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}

// Site is a server and its database.
type Site struct {
	*pgtest.Facts
	t      testing.TB
	DB     *postgres.DB
	Server *web.Server
	HTTP   *httptest.Server
	Log    *Log
	// Options are what the server is made of, for a test that makes another on the same database.
	Options web.Options
	tracer  *tracer
	passed  atomic.Int64      // nanoseconds since Now
	walled  map[string]string // the tables that Walls puts up and down
}

// New starts a server on a fresh database.
func New(t testing.TB) *Site {
	t.Helper()
	watching := &tracer{}
	s := &Site{t: t, Log: &Log{}, tracer: watching}
	db := pgtest.Open(t, func(settings *pgxpool.Config) { settings.ConnConfig.Tracer = watching }).At(func() time.Time { return Now.Add(time.Duration(s.passed.Load())) })
	s.DB, s.Facts = db, pgtest.NewFacts(t, db)
	forms, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rubrics, err := quality.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	site := kit.Site{Authority: "Test Council", AuthorityCode: "332", Colour: "#00625a", BaseURL: "http://localhost:8080", Demo: true}
	accounts := &account.Service{DB: db, Hasher: account.NewHasher(lightHashing, 4), Salt: []byte("of the tests"), Idle: 20 * time.Minute, Demo: true, Place: "Test Council"}
	factors, err := factor.New(accounts, []byte("a key of thirty-two bytes, tested"), site.Authority, site.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	s.Options = web.Options{
		Site: site,
		DB:   db, Log: slog.New(slog.NewJSONHandler(s.Log, nil)), SessionIdle: 20 * time.Minute, SessionMax: 8 * time.Hour,
		Services: web.NewServices(db, web.ServiceOptions{AuthorityCode: "332", Forms: forms, Rubrics: rubrics, Site: site,
			Accounts: accounts, Factors: factors}),
	}
	s.Server = web.New(s.Options)
	s.HTTP = httptest.NewServer(s.Server)
	t.Cleanup(s.HTTP.Close)
	// As in the demonstration, a password alone signs in; a test of second factors says otherwise.
	s.Exec(`insert into policy_value (key, value, valid, source, set_at) select key, '[]', '[2026-01-01,)', 'the tests', $1 from unnest(array['account.second_factor', 'account.passkey']) key`, Now)
	s.Term(2026, "autumn", "2026-09-01", "2026-12-18", "2026-12-04")
	s.Term(2026, "spring", "2027-01-04", "2027-03-25", "2027-03-12")
	return s
}

// PrintWith gives the server a printer; it has none to begin with.
func (s *Site) PrintWith(printer pdf.Printer) {
	s.Options.Services.Printing.Printer = printer
	s.Options.Services.Rights.Printer = printer
	s.Server = web.New(s.Options)
	s.HTTP.Config.Handler = s.Server
}

// Prints gives the server a real Chromium to print with, for a test that reads what it made.
func (s *Site) Prints() {
	s.t.Helper()
	if testing.Short() {
		s.t.Skip("documents are printed without -short")
	}
	printer, end := pdf.New("", slog.New(slog.DiscardHandler))
	if !printer.Available() {
		if os.Getenv("VS_REQUIRE_CHROMIUM") == "1" {
			s.t.Fatal("Chromium is not installed, and VS_REQUIRE_CHROMIUM asks for it")
		}
		s.t.Skip("Chromium is not installed, so nothing is printed")
	}
	s.t.Cleanup(end)
	s.PrintWith(printer)
}

// PagesOf is how many pages a PDF file has.
func PagesOf(file string) int {
	return len(pdfPage.FindAllString(file, -1))
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// Visitor is a browser at the site.
type Visitor struct {
	t    testing.TB
	site *Site
	http *http.Client
}

// Passes lets time go by. Whoever was signed in long before has been signed out.
func (s *Site) Passes(some time.Duration) { s.passed.Add(int64(some)) }

// Visitor comes without having signed in.
func (s *Site) Visitor() *Visitor {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Visitor{t: s.t, site: s, http: &http.Client{Jar: jar, Transport: OwnPages{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// OwnPages sends forms as a browser does from a page of the site: it says so.
type OwnPages struct{}

func (OwnPages) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
		r = r.Clone(r.Context())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TokenOf is the token of a new session of a person's: what signing in leaves behind. They have just
// shown who they are.
func (s *Site) TokenOf(who access.Actor) string {
	s.t.Helper()
	return s.tokenOf(who, s.DB.Now())
}

func (s *Site) tokenOf(who access.Actor, provedAt time.Time) string {
	s.t.Helper()
	token := fmt.Sprintf("test-token-of-account-%d-%d", who.ID, time.Now().UnixNano())
	store := &account.Sessions{DB: s.DB, Idle: time.Hour}
	ctx := account.WithOwner(context.Background())
	account.Belongs(ctx, who.ID, account.Proof{By: account.ByPassword, Since: provedAt, At: provedAt})
	data, err := encodeEmpty()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := store.CommitCtx(ctx, token, data, time.Now().Add(time.Hour)); err != nil {
		s.t.Fatal(err)
	}
	return token
}

// Password gives a person's account a password to sign in with.
func (s *Site) Password(who access.Actor, password string) {
	s.t.Helper()
	hash, err := s.Options.Services.Accounts.Hasher.Hash(context.Background(), password)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Exec(`update account set password_hash = $2 where id = $1`, who.ID, hash)
}

// As is a visitor with a session of a person's, who has just shown who they are.
func (s *Site) As(who access.Actor) *Visitor {
	s.t.Helper()
	return s.with(s.TokenOf(who))
}

// Stale is a visitor with a session of a person's whose proof of who they are is too old for what asks for
// a fresh one.
func (s *Site) Stale(who access.Actor) *Visitor {
	s.t.Helper()
	return s.with(s.tokenOf(who, s.DB.Now().Add(-account.FreshFor-time.Second)))
}

func (s *Site) with(token string) *Visitor {
	v := s.Visitor()
	v.http.Jar.SetCookies(v.home(), []*http.Cookie{{Name: "session", Value: token}})
	return v
}

// Token is the visitor's session as the cookie holds it; empty for a stranger.
func (v *Visitor) Token() string {
	for _, cookie := range v.http.Jar.Cookies(v.home()) {
		if cookie.Name == "session" {
			return cookie.Value
		}
	}
	return ""
}

func (v *Visitor) home() *url.URL {
	v.t.Helper()
	home, err := url.Parse(v.site.HTTP.URL)
	if err != nil {
		v.t.Fatal(err)
	}
	return home
}

// Page is what came back.
type Page struct {
	*goquery.Document
	Status   int
	Location string
	Header   http.Header
	Body     string
}

// Get opens a page.
func (v *Visitor) Get(path string) *Page {
	v.t.Helper()
	return v.do(http.MethodGet, path, nil)
}

// Post sends form values. See Page.Form for those a browser would send.
func (v *Visitor) Post(path string, values url.Values) *Page {
	v.t.Helper()
	return v.do(http.MethodPost, path, values)
}

// PostFrom sends form values as a browser does that was looking at a page: one of the site's by its
// path, or a foreign one by its whole address.
func (v *Visitor) PostFrom(path, page string, values url.Values) *Page {
	v.t.Helper()
	if strings.HasPrefix(page, "/") {
		page = v.site.HTTP.URL + page
	}
	return v.do(http.MethodPost, path, values, "Referer", page)
}

func (v *Visitor) do(method, path string, values url.Values, headers ...string) *Page {
	v.t.Helper()
	var body io.Reader
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	request, err := http.NewRequest(method, v.site.HTTP.URL+path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if values != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for n := 0; n+1 < len(headers); n += 2 {
		request.Header.Set(headers[n], headers[n+1])
	}
	return v.send(request)
}

func (v *Visitor) send(request *http.Request) *Page {
	v.t.Helper()
	answer, err := v.http.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		v.t.Fatal(err)
	}
	return &Page{Document: document, Status: answer.StatusCode, Location: answer.Header.Get("Location"), Header: answer.Header, Body: string(text)}
}

// Form is what a browser would send of the form whose action ends so: every field as it stands.
func (p *Page) Form(action string) url.Values {
	values := url.Values{}
	form := p.Find(`form[action$="` + action + `"]`).First()
	form.Find("input[name]").Each(func(_ int, field *goquery.Selection) {
		kind := field.AttrOr("type", "text")
		if _, checked := field.Attr("checked"); (kind == "radio" || kind == "checkbox") && !checked || kind == "submit" {
			return
		}
		values.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	form.Find("textarea[name]").Each(func(_ int, field *goquery.Selection) {
		values.Add(field.AttrOr("name", ""), strings.TrimPrefix(field.Text(), "\n"))
	})
	form.Find("select[name]").Each(func(_ int, field *goquery.Selection) {
		chosen := field.Find("option[selected]").First()
		if chosen.Length() == 0 {
			chosen = field.Find("option").First()
		}
		values.Add(field.AttrOr("name", ""), chosen.AttrOr("value", ""))
	})
	return values
}

// With is the values with some changed: pairs of name and value.
func With(values url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, list := range values {
		changed[name] = append([]string(nil), list...)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}

// Date is a day as the three boxes of a field send it.
func Date(name, day, month, year string) []string {
	return []string{name + "-day", day, name + "-month", month, name + "-year", year}
}

// Says is the page's text with white space folded.
func (p *Page) Says() string { return strings.Join(strings.Fields(p.Find("main").Text()), " ") }

// Errors are the lines of the error summary.
func (p *Page) Errors() []string {
	return p.Find(".govuk-error-summary__list li").Map(func(_ int, line *goquery.Selection) string { return strings.TrimSpace(line.Text()) })
}

// Number is an id as it stands in an address.
func Number(id int64) string { return fmt.Sprint(id) }
