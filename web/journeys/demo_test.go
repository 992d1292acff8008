package journeys

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/attendance"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/premium"
	"virtualschool/internal/seed"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
	"virtualschool/web"
	"virtualschool/web/kit"
	"virtualschool/web/webtest"
)

// demo is a site with the demonstration's council on it: everything that can be has happened to somebody.
type demo struct {
	t    *testing.T
	db   *postgres.DB
	home string
	ids  map[string]int64 // of the sign-ins
}

// newDemo makes a council with so many children. Passwords are hashed lightly, to be quick.
func newDemo(t *testing.T, children int) *demo {
	t.Helper()
	return newDemoAt(t, children, func() time.Time { return webtest.Now })
}

// newDemoAt is a council on another day. Who signs in through the page needs the clock on the
// wall: a session's last moment is reckoned by it.
func newDemoAt(t *testing.T, children int, clock func() time.Time) *demo {
	t.Helper()
	needsBrowser(t)
	db := pgtest.Open(t).At(clock)
	forms, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	rubrics, err := quality.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	const authority = "332"
	accounts := &account.Service{DB: db, Hasher: account.NewHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}, 4),
		Salt: []byte("of the journeys"), Idle: 20 * time.Minute, Demo: true, Place: "Kingsbourne Council"}
	services := seed.Services{DB: db, Accounts: accounts, Settings: &setting.Service{DB: db, AuthorityCode: authority}, Children: &child.Service{DB: db},
		Plans: &pep.Service{DB: db, Forms: forms, Authority: authority}, Rubrics: rubrics, Voice: &voice.Service{DB: db}, Premium: &premium.Service{DB: db},
		Attendance: &attendance.Service{DB: db}, Suspensions: &suspension.Service{DB: db}}
	if err := seed.Run(t.Context(), services, seed.Options{Children: children, Random: 1}); err != nil {
		t.Fatal(err)
	}
	factors, err := factor.New(accounts, []byte("a key of thirty-two bytes, tested"), "Kingsbourne Council", "http://localhost:8080")
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(web.New(web.Options{
		Site: kit.Site{Authority: "Kingsbourne Council", AuthorityCode: authority, Colour: "#00625a", BaseURL: "http://localhost:8080", Demo: true},
		DB:   db, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), SessionIdle: 20 * time.Minute, SessionMax: 8 * time.Hour,
		Services: web.NewServices(db, web.ServiceOptions{AuthorityCode: authority, Forms: forms, Rubrics: rubrics, Accounts: accounts, Factors: factors}),
	}))
	t.Cleanup(site.Close)
	d := &demo{t: t, db: db, home: site.URL, ids: map[string]int64{}}
	for _, person := range seed.SignIns() {
		d.ids[person.Email] = d.number(`select id from account where email = @email`, postgres.Args{"email": person.Email})
	}
	return d
}

// number asks the database, past every relation, for one number.
func (d *demo) number(sql string, args postgres.Args) (n int64) {
	d.t.Helper()
	var batch postgres.Batch
	postgres.Value(&batch, &n, sql, args)
	if err := d.db.View(context.Background(), access.System, &batch); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// names are the surnames of all children, which no title or address may show.
func (d *demo) names() []string {
	d.t.Helper()
	var list []string
	var batch postgres.Batch
	postgres.Value(&batch, &list, `select coalesce(array_agg(distinct surname), '{}') from child where length(surname) > 3`, nil)
	if err := d.db.View(context.Background(), access.System, &batch); err != nil {
		d.t.Fatal(err)
	}
	return list
}

var sessionNumber atomic.Int64

// sessionOf is what signing in leaves behind.
func sessionOf(t *testing.T, db *postgres.DB, accountID int64) string {
	t.Helper()
	token := fmt.Sprintf("journey-session-of-account-%d-%d", accountID, sessionNumber.Add(1))
	store := &account.Sessions{DB: db, Idle: time.Hour}
	ctx := account.WithOwner(context.Background())
	account.Belongs(ctx, accountID, account.Proof{By: account.ByPassword, Since: db.Now(), At: db.Now()})
	data, err := scs.GobCodec{}.Encode(time.Now().Add(8*time.Hour), map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.CommitCtx(ctx, token, data, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	return token
}
