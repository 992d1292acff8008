package accounts_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/accounts"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// site is these pages alone on a server. Who asks is said by a cookie and not proved.
type site struct {
	*testing.T
	*account.Service
	db     *postgres.DB
	http   *httptest.Server
	people map[string]access.Actor

	factors *factor.Service
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, db: pgtest.Open(t), people: map[string]access.Actor{}}
	s.Service = &account.Service{DB: s.db, Salt: []byte("salt"),
		Hasher: account.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}, 2)}
	var err error
	if s.factors, err = factor.New(s.Service, []byte(strings.Repeat("k", 32)), "Westmoor Council", "https://vs.test"); err != nil {
		t.Fatal(err)
	}
	sessions := scs.New()
	sessions.Store = &account.Sessions{DB: s.db, Idle: time.Hour}
	k := &kit.Kit{Site: kit.Site{Authority: "Westmoor Council"}, DB: s.db, Sessions: sessions, Log: slog.New(slog.DiscardHandler),
		Fresh: func(context.Context) bool { return true }, Menu: func(access.Actor, string) []ui.NavItem { return nil }}
	mux := chi.NewRouter()
	mux.Use(sessions.LoadAndSave, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if cookie, err := r.Cookie("who"); err == nil {
				r = r.WithContext(kit.WithActor(r.Context(), s.people[cookie.Value]))
			}
			next.ServeHTTP(w, r)
		})
	})
	accounts.Routes(kit.NewRouter(k, mux), &accounts.Pages{Kit: k, Accounts: s.Service, Factors: s.factors, Children: &child.Service{DB: s.db}})
	s.http = httptest.NewServer(mux)
	t.Cleanup(s.http.Close)
	s.person("head", access.Head)
	return s
}

func (s *site) person(name string, role access.Role) access.Actor {
	s.Helper()
	person := account.NewAccount{Email: name + "@westmoor.test", Name: "Person " + name, Role: role}
	if role == access.School {
		person.Settings = []account.NewMembership{{SettingID: s.setting(name + "'s school"), Post: account.DesignatedTeacher, From: s.db.Today()}}
	}
	id, err := s.Establish(s.Context(), access.System, person, "")
	if err != nil {
		s.Fatal(err)
	}
	s.people[name] = access.Actor{ID: id, Name: person.Name, Email: person.Email, Role: role}
	return s.people[name]
}

func (s *site) setting(name string) (id int64) {
	s.Helper()
	err := s.db.Change(s.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
		id, err = postgres.GetValue[int64](ctx, tx, `insert into setting (name, town, source) values (@name, 'Dudley', 'local') returning id`, postgres.Args{"name": name})
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return id
}

// as is a browser in somebody's hands.
func (s *site) as(name string) *browser {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	home, err := url.Parse(s.http.URL)
	if err != nil {
		s.Fatal(err)
	}
	jar.SetCookies(home, []*http.Cookie{{Name: "who", Value: name}})
	return &browser{s, &http.Client{Jar: jar, Transport: webtest.OwnPages{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type browser struct {
	*site
	client *http.Client
}

type page struct {
	*goquery.Document
	status   int
	location string
}

func (p page) says() string { return strings.Join(strings.Fields(p.Find("main").Text()), " ") }

func (p page) cells() string {
	return strings.Join(p.Find("tbody th, tbody td").Map(func(_ int, cell *goquery.Selection) string { return strings.TrimSpace(cell.Text()) }), " | ")
}

func (p page) problems() string {
	return strings.Join(p.Find(".govuk-error-summary__list li").Map(func(_ int, line *goquery.Selection) string { return strings.TrimSpace(line.Text()) }), "; ")
}

// form is what a browser would send of the form with this action.
func (p page) form(action string, pairs ...string) url.Values {
	values := url.Values{}
	p.Find(`form[action="` + action + `"] input[name]`).Each(func(_ int, field *goquery.Selection) {
		_, checked := field.Attr("checked")
		if kind := field.AttrOr("type", ""); kind != "radio" || checked {
			values.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
		}
	})
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

func (b *browser) get(path string) page {
	b.Helper()
	answer, err := b.client.Get(b.http.URL + path)
	return b.read(answer, err)
}

func (b *browser) post(path string, values url.Values) page {
	b.Helper()
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
	return page{document, answer.StatusCode, answer.Header.Get("Location")}
}

func (s *site) path(name string) string { return fmt.Sprintf("/admin/accounts/%d", s.people[name].ID) }

// signsIn leaves a session of a person's behind.
func (s *site) signsIn(name string) {
	s.Helper()
	ctx, now := account.WithOwner(s.Context()), s.db.Now()
	account.Belongs(ctx, s.people[name].ID, account.Proof{By: account.ByPassword, Since: now, At: now})
	store := &account.Sessions{DB: s.db, Idle: time.Hour}
	if err := store.CommitCtx(ctx, rand.Text(), []byte("data"), now.Add(time.Hour)); err != nil {
		s.Fatal(err)
	}
}
