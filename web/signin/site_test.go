package signin_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/kit"
	"virtualschool/web/signin"
	"virtualschool/web/ui"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const (
	good  = "harbour kettle moss"
	other = "lantern gravel otter"
)

// site is these pages alone on a server, with a clock that the test sets on.
type site struct {
	*testing.T
	*account.Service
	db   *postgres.DB
	http *httptest.Server
	late atomic.Int64
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{T: t}
	s.db = pgtest.Open(t).At(func() time.Time { return time.Now().Add(time.Duration(s.late.Load())) })
	log := slog.New(slog.DiscardHandler)
	s.Service = &account.Service{DB: s.db, Idle: 20 * time.Minute, Salt: []byte("salt"), Place: "Westmoor Council",
		Hasher: account.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}, 2),
		Post:   &job.Post{From: &netmail.Address{Address: "vs@council.test"}, Folder: t.TempDir(), BaseURL: "http://vs.test", Clock: time.Now, Log: log}}
	sessions := scs.New()
	sessions.Store = &account.Sessions{DB: s.db, Idle: 20 * time.Minute}
	sessions.Lifetime = 8 * time.Hour
	sessions.Cookie.Persist = false
	k := &kit.Kit{Site: kit.Site{Authority: "Westmoor Council"}, DB: s.db, Sessions: sessions, Log: log,
		Fresh: func(ctx context.Context) bool { return account.PersonOf(ctx).Proof.Fresh(s.db.Now()) },
		Menu:  func(access.Actor, string) []ui.NavItem { return nil }}
	mux := chi.NewRouter()
	mux.Use(func(next http.Handler) http.Handler {
		inner := sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			person, _ := r.Context().Value(placeKey{}).(*account.Person)
			next.ServeHTTP(w, r.WithContext(kit.WithActor(r.Context(), person.Actor)))
		}))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, person := account.WithPerson(account.WithOwner(r.Context()))
			inner.ServeHTTP(w, r.WithContext(contextWith(ctx, person)))
		})
	})
	factors, err := factor.New(s.Service, []byte("a key of thirty-two bytes, tested"), "Westmoor Council", "https://vs.test")
	if err != nil {
		t.Fatal(err)
	}
	// A password alone signs in; a test of second factors says otherwise.
	if _, err := pgtest.Arrange(t, s.db).Exec(t.Context(), `insert into policy_value (key, value, valid, source, set_at)
		select key, '[]', '[2020-01-01,)', 'the tests', now() from unnest(array['account.second_factor', 'account.passkey']) key`); err != nil {
		t.Fatal(err)
	}
	signin.Routes(kit.NewRouter(k, mux), &signin.Pages{Kit: k, Accounts: s.Service, Factors: factors})
	s.http = httptest.NewServer(mux)
	t.Cleanup(s.http.Close)
	return s
}

func (s *site) person(email string, role access.Role) access.Actor {
	s.Helper()
	hash, err := s.Hasher.Hash(s.Context(), good)
	if err != nil {
		s.Fatal(err)
	}
	id, err := s.Establish(s.Context(), access.System, account.NewAccount{Email: email, Name: "Ruth Adeyemi", Role: role}, hash)
	if err != nil {
		s.Fatal(err)
	}
	return access.Actor{ID: id, Name: "Ruth Adeyemi", Email: email, Role: role}
}

// browser keeps cookies and follows no redirect by itself.
type browser struct {
	*site
	client *http.Client
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	return &browser{s, &http.Client{Jar: jar, Transport: webtest.OwnPages{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type page struct {
	*goquery.Document
	status   int
	location string
	header   http.Header
}

func (b *browser) get(path string) page {
	b.Helper()
	answer, err := b.client.Get(b.http.URL + path)
	return b.read(answer, err)
}

func (b *browser) post(path string, pairs ...string) page {
	b.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	answer, err := b.client.PostForm(b.http.URL+path, values)
	return b.read(answer, err)
}

func (b *browser) read(answer *http.Response, err error) page {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(strings.NewReader(string(text)))
	if err != nil {
		b.Fatal(err)
	}
	return page{document, answer.StatusCode, answer.Header.Get("Location"), answer.Header}
}

func (p page) says() string { return strings.Join(strings.Fields(p.Find("main").Text()), " ") }

func (p page) problems() string {
	return strings.Join(strings.Fields(p.Find(".govuk-error-summary__list").Text()), " ")
}

// token is the session token that the browser holds.
func (b *browser) token() string {
	home, err := url.Parse(b.http.URL)
	if err != nil {
		b.Fatal(err)
	}
	for _, cookie := range b.client.Jar.Cookies(home) {
		return cookie.Value
	}
	return ""
}

// hold puts a token into the browser, as somebody who plants or keeps one would.
func (b *browser) hold(token string) {
	home, err := url.Parse(b.http.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.client.Jar.SetCookies(home, []*http.Cookie{{Name: "session", Value: token, Path: "/"}})
}

func (b *browser) signedIn() bool { return b.get("/account").status == http.StatusOK }

type placeKey struct{}

func contextWith(ctx context.Context, person *account.Person) context.Context {
	return context.WithValue(ctx, placeKey{}, person)
}

var letterShape = regexp.MustCompile(`asked: ([B-Z]{4}-[B-Z]{4})[\s\S]*http://vs\.test(/sign-in/link/[A-Z2-7]{52})\b`)

// letter has the queue deliver what waits, and gives the code and the link of the one letter there is.
func (s *site) letter() (code, path string) {
	s.Helper()
	queue := job.New(s.db, slog.New(slog.DiscardHandler), 50*time.Millisecond)
	s.Register(queue)
	if err := queue.Start(s.Context()); err != nil {
		s.Fatal(err)
	}
	defer queue.Stop(context.Background())
	for range 200 {
		files, err := filepath.Glob(filepath.Join(s.Post.Folder, "*.eml"))
		if err != nil {
			s.Fatal(err)
		}
		if len(files) > 0 {
			text, err := os.ReadFile(files[0])
			if err != nil {
				s.Fatal(err)
			}
			plain := strings.NewReplacer("=\r\n", "", "=3D", "=", "\r\n", "\n").Replace(string(text))
			found := letterShape.FindStringSubmatch(plain)
			if found == nil {
				s.Fatalf("no code and link in: %s", plain)
			}
			return found[1], found[2]
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.Fatal("no letter came")
	return "", ""
}
