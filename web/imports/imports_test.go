package imports_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/imports"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var now = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// site is these pages alone, for one person.
type site struct {
	t      *testing.T
	DB     *postgres.DB
	Intake *intake.Service
	sql    *pgx.Conn
	who    access.Actor
	http   *httptest.Server
	client *http.Client
}

func newSite(t *testing.T, role access.Role) *site {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return now })
	s := &site{t: t, DB: db, Intake: &intake.Service{DB: db}, sql: pgtest.Arrange(t, db), who: access.Actor{Name: "Dana Officer", Role: role}}
	if err := s.sql.QueryRow(t.Context(), `insert into account (email, name, role, state, created_at) values ('dana@x.test', 'Dana Officer', $1, 'active', $2) returning id`, string(role), now).Scan(&s.who.ID); err != nil {
		t.Fatal(err)
	}
	sessions := scs.New()
	k := &kit.Kit{Site: kit.Site{Authority: "Test Council"}, DB: db, Sessions: sessions, Log: slog.New(slog.DiscardHandler), Fresh: func(context.Context) bool { return true },
		Menu: func(access.Actor, string) []ui.NavItem { return nil }}
	mux := chi.NewRouter()
	mux.Use(sessions.LoadAndSave, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(kit.WithActor(r.Context(), s.who)))
		})
	})
	imports.Routes(kit.NewRouter(k, mux), &imports.Pages{Kit: k, Intake: s.Intake})
	s.http = httptest.NewServer(mux)
	t.Cleanup(s.http.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.client = &http.Client{Jar: jar, Transport: webtest.OwnPages{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return s
}

type page struct {
	*goquery.Document
	status   int
	location string
	refresh  string
	body     string
}

func (p page) says() string { return strings.Join(strings.Fields(p.Find("main").Text()), " ") }

func (p page) key(action string) string {
	return p.Find(`form[action="`+action+`"] input[name=key]`).AttrOr("value", "")
}

func (s *site) do(method, path, kind string, body io.Reader) page {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	answer, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	return page{document, answer.StatusCode, answer.Header.Get("Location"), answer.Header.Get("Refresh"), string(text)}
}

func (s *site) get(path string) page { s.t.Helper(); return s.do(http.MethodGet, path, "", nil) }

func (s *site) post(path, key string) page {
	s.t.Helper()
	return s.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader("key="+key))
}

// send uploads files the way a browser does: name, content, name, content.
func (s *site) send(kind, key string, nameAndContent ...string) page {
	s.t.Helper()
	return s.upload("/imports/"+kind, "files-"+kind, map[string]string{"key": key}, nameAndContent...)
}

func (s *site) upload(path, field string, values map[string]string, nameAndContent ...string) page {
	s.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, value := range values {
		if err := parts.WriteField(name, value); err != nil {
			s.t.Fatal(err)
		}
	}
	for i := 0; i < len(nameAndContent); i += 2 {
		file, err := parts.CreateFormFile(field, nameAndContent[i])
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := io.WriteString(file, nameAndContent[i+1]); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		s.t.Fatal(err)
	}
	return s.do(http.MethodPost, path, parts.FormDataContentType(), &body)
}

func (s *site) idOf(location string) (id int64) {
	s.t.Helper()
	if _, err := fmt.Sscanf(location, "/imports/%d", &id); err != nil {
		s.t.Fatalf("led to %q", location)
	}
	return id
}

const (
	header   = "CHILD,SEX,DOB,ETHNIC,UPN\nC1,F,06/05/2014,WBRI,=1+1\nC2,M,31/09/2012,WBRI,UN1\n"
	episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\nC1,01/09/2025,S,C2,N1,U6,PR1,,,,,,\n"
)

func TestAnImportOnItsPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.DataOfficer)
	first := s.get("/imports")
	if first.status != 200 || !strings.Contains(first.says(), "No files yet") || first.Find("h1").Length() != 1 || first.Find("form[enctype]").Length() != 6 {
		t.Fatalf("the list: %d %s", first.status, first.says())
	}
	key := first.key("/imports/903")
	arrived := s.send("903", key, "header.csv", header, "episodes.csv", episodes)
	id := s.idOf(arrived.location)
	if arrived.status != http.StatusSeeOther {
		t.Errorf("status %d", arrived.status)
	}
	if again := s.send("903", key, "header.csv", header, "episodes.csv", episodes); again.location != arrived.location {
		t.Errorf("the same form twice led to %q and %q", arrived.location, again.location)
	}
	path := fmt.Sprintf("/imports/%d", id)
	if waiting := s.get(path); waiting.refresh == "" || !strings.Contains(waiting.says(), "will be checked") || waiting.Find("progress").Length() != 1 {
		t.Errorf("waiting: %q %s", waiting.refresh, waiting.says())
	}
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	preview := s.get(path)
	for _, words := range []string{"Nothing has changed yet", "In care from 1 September 2025", "header.csv, line 3"} {
		if !strings.Contains(preview.says(), words) {
			t.Errorf("the preview does not say %q: %s", words, preview.says())
		}
	}
	if preview.refresh != "" {
		t.Error("a preview loads itself again")
	}
	if only := s.get(path + "?show=rejected"); strings.Contains(only.Find("#lines table").Text(), "C1") || !strings.Contains(only.Find("#lines table").Text(), "C2") {
		t.Errorf("rejected only: %s", only.Find("#lines").Text())
	}
	download := s.get(path + "/problems.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(download.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 3 || !strings.Contains(download.body, "'=1+1") || strings.Contains(download.body, ",=1+1") {
		t.Errorf("problems: %v %q", err, download.body)
	}
	confirmed := s.post(path+"/confirm", preview.key(path+"/confirm"))
	if confirmed.location != path {
		t.Errorf("confirm: %d %q", confirmed.status, confirmed.location)
	}
	if running := s.get(path); running.refresh == "" || !strings.Contains(running.says(), "being applied") {
		t.Errorf("applying: %s", running.says())
	}
	if refused := s.post(path+"/discard", preview.key(path+"/discard")); refused.status != http.StatusConflict {
		t.Errorf("discarding what is being applied: %d", refused.status)
	}
	if err := s.Intake.Apply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	receipt := s.get(path)
	if !strings.Contains(receipt.says(), "confirmed by Dana Officer") || receipt.Find(`#lines a[href^="/children/"]`).Length() != 1 {
		t.Errorf("the receipt: %s", receipt.says())
	}
	var looks int
	if err := s.sql.QueryRow(t.Context(), `select count(*) from audit_look where screen = 'import' and account_id = $1`, s.who.ID).Scan(&looks); err != nil || looks != 1 {
		t.Errorf("%d looks, %v", looks, err)
	}
	if list := s.get("/imports"); !strings.Contains(list.says(), "new 1, changed 0, same 0, conflict 0, rejected 1") {
		t.Errorf("the list: %s", list.says())
	}
}

func TestADiscardedImport(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.Head)
	id := s.idOf(s.send("903", s.get("/imports").key("/imports/903"), "header.csv", header, "episodes.csv", episodes).location)
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/imports/%d", id)
	if gone := s.post(path+"/discard", s.get(path).key(path+"/discard")); gone.location != "/imports" {
		t.Errorf("discard: %d %q", gone.status, gone.location)
	}
	if after := s.get(path); !strings.Contains(after.says(), "Discarded") || strings.Contains(after.body, "C1") {
		t.Errorf("after: %s", after.says())
	}
}

func TestAFileThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.DataOfficer)
	key := s.get("/imports").key("/imports/gias")
	for _, tt := range []struct{ kind, name, content, words string }{
		{"gias", "", "", "Choose a file"},
		{"gias", "header.csv", header, "looks like the Header table"},
		{"roll", "photo.csv", "\x00\x01\x02", ""},
		{"903", "markup.csv", "<script>alert(1)</script>\n", ""},
	} {
		var parts []string
		if tt.name != "" {
			parts = []string{tt.name, tt.content}
		}
		answer := s.send(tt.kind, key, parts...)
		summary := answer.Find(".govuk-error-summary")
		if tt.content != "" && tt.words == "" && answer.status == http.StatusSeeOther {
			continue // its reader refuses it, on the import's own page
		}
		if answer.status != http.StatusUnprocessableEntity || !strings.Contains(summary.Text(), tt.words) || summary.Find(`a[href="#files-`+tt.kind+`"]`).Length() != 1 || strings.Contains(answer.body, "<script>alert") {
			t.Errorf("%s %q: %d %s", tt.kind, tt.name, answer.status, summary.Text())
		}
	}
	// The right file from the same page afterwards is another act.
	if answer := s.send("gias", key, "links.csv", "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n100001,100002,Beech,Successor,\n"); answer.status != http.StatusSeeOther {
		t.Errorf("the right file: %d", answer.status)
	}
	for _, path := range []string{"/imports/nonsense", "/imports/999", "/imports/-1", "/imports/999/problems.csv"} {
		if answer := s.get(path); answer.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, answer.status)
		}
	}
	if answer := s.send("nonsense", key, "a.csv", "a"); answer.status != http.StatusNotFound {
		t.Errorf("an unknown kind: %d", answer.status)
	}
}

func TestWhatOthersMayNotSee(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.DataOfficer)
	var child int64
	if err := s.sql.QueryRow(t.Context(), `insert into child (la_child_id, date_of_birth, created_at, updated_at) values ('C1', '2014-05-06', $1, $1) returning id`, now).Scan(&child); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sql.Exec(t.Context(), `insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, child); err != nil {
		t.Fatal(err)
	}
	id := s.idOf(s.send("903", s.get("/imports").key("/imports/903"), "header.csv", header, "episodes.csv", episodes).location)
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/imports/%d", id)
	preview := s.get(path)
	if strings.Contains(preview.body, "C1") || !strings.Contains(preview.says(), "1 line is about records you may not see") {
		t.Errorf("the preview: %s", preview.says())
	}
	if download := s.get(path + "/problems.csv"); strings.Contains(download.body, "C1") || !strings.Contains(download.body, "C2") {
		t.Errorf("the download: %s", download.body)
	}
}

func TestWhoMayNotImport(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.Advisor)
	for _, path := range []string{"/imports", "/imports/1", "/imports/1/problems.csv", "/imports/roll-template.csv"} {
		if answer := s.get(path); answer.status != http.StatusForbidden {
			t.Errorf("GET %s: %d", path, answer.status)
		}
	}
	if answer := s.send("903", "", "header.csv", header); answer.status != http.StatusForbidden {
		t.Errorf("upload: %d", answer.status)
	}
}

func TestTheTemplate(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.DataOfficer)
	answer := s.get("/imports/roll-template.csv")
	if answer.status != 200 || !strings.HasPrefix(answer.body, "\ufeffla_child_id,forename,") {
		t.Errorf("%d %q", answer.status, answer.body)
	}
	id := s.idOf(s.send("roll", s.get("/imports").key("/imports/roll"), "roll.csv", answer.body).location)
	if err := s.Intake.Check(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	if preview := s.get(fmt.Sprintf("/imports/%d", id)); !strings.Contains(preview.says(), "is on record already") || preview.Find(`form[action$="/confirm"]`).Length() != 0 {
		t.Errorf("an empty template: %s", preview.says())
	}
}
