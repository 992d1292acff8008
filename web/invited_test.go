package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/web/webtest"
)

// invitationOpens are the tables of which somebody invited to one section sees rows. Every other table,
// and every table to come, is closed to them.
var invitationOpens = map[string]bool{"pep": true, "pep_section": true, "pep_answer": true, "pep_invitation": true, "pep_draft": true, "pep_draft_words": true}

// guests is a child with a plan, and two who are invited to its education section: a colleague, and a
// teacher of another school, who has a child of their own there.
type guests struct {
	*world
	child, own, plan   int64
	colleague, teacher access.Actor
}

func newGuests(t *testing.T) *guests {
	g := &guests{world: newWorld(t)}
	g.child = g.ofClass(access.School, "own")
	elsewhere := g.Setting("Guest Primary School")
	g.colleague, g.teacher = g.Person(access.Colleague, "Bo Guest"), g.Teacher("Tess Guest", elsewhere)
	g.own = g.world.child("Ownchild")
	g.OnRoll(g.own, elsewhere, "[2025-09-01,)")
	g.records(g.own, elsewhere)
	g.plan = g.ID(`select id from pep where child_id = $1`, g.child)
	for _, who := range []access.Actor{g.colleague, g.teacher} {
		g.Exec(`insert into pep_invitation (pep_id, child_id, section, account_id, invited_by, invited_at, until) values ($1, $2, 'education', $3, $4, '2026-11-09', '2026-12-04')`,
			g.plan, g.child, who.ID, g.people[access.School].ID)
	}
	// All of them, and a teacher of the child's school, have unsaved words in the section.
	for _, who := range []access.Actor{g.colleague, g.teacher, g.people[access.School]} {
		g.Exec(`insert into pep_draft (pep_id, child_id, part, account_id, page, turn, base_version, saved_at, expires_at)
			values ($1, $2, 'education', $3, 'page', 1, 1, $4, '2027-01-01')`, g.plan, g.child, who.ID, webtest.Now)
		g.Exec(`insert into pep_draft_words (pep_id, child_id, part, account_id, fields, handed_over) values ($1, $2, 'education', $3, '{}', true)`, g.plan, g.child, who.ID)
	}
	return g
}

func (w *world) ofClass(role access.Role, class string) int64 {
	at := slices.IndexFunc(w.own[role], func(r record) bool { return r.class == class })
	return w.own[role][at].child
}

// TestAnInvitationOpensOneSection asks every table that the catalogue knows, with no Go in between: of the
// child there is the plan's row, the section, its answers and one's own invitation. Nothing is written
// beyond the section, whatever is tried.
func TestAnInvitationOpensOneSection(t *testing.T) {
	t.Parallel()
	g := newGuests(t)
	tables := g.ChildTables()
	if len(tables) < 25 {
		t.Fatalf("only %d tables about children were found", len(tables))
	}
	for _, who := range []access.Actor{g.colleague, g.teacher} {
		for table, column := range tables {
			want := map[string]int64{"pep": 1, "pep_section": 1, "pep_answer": 1, "pep_invitation": 1, "pep_draft": 1, "pep_draft_words": 1}[table]
			if rows := g.RowsAs(who, table, column, g.child); rows != want {
				t.Errorf("%s sees %d rows of %s, want %d", who.Name, rows, table, want)
			}
			all := g.RowsAs(who, table, column, 0)
			if of := g.RowsAs(who, table, column, g.own); who == g.colleague && all != want || who == g.teacher && all != want+of {
				t.Errorf("%s sees %d rows of %s in all, %d of them a child of their own", who.Name, all, table, of)
			}
		}
		for _, statement := range []string{
			`update pep set voice_words = 'x' where id = @plan`, `update pep set state = 'cancelled', cancel_reason = 'x' where id = @plan`,
			`update pep_section set section = 'attainment' where pep_id = @plan`, `update pep_answer set section = 'attainment' where pep_id = @plan`,
			`update pep_section set saved_by = @me where pep_id = @plan and section <> 'education'`,
			`delete from pep_answer where pep_id = @plan and section <> 'education'`,
			`update pep_invitation set ended_by = @me, ended_at = @now where pep_id = @plan`,
			`insert into pep_section (pep_id, child_id, section) values (@plan, @child, 'wellbeing')`,
			`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at) values (@plan, @child, 'attainment', 'maths', '{}', @me, @now)`,
			`insert into pep_invitation (pep_id, child_id, section, account_id, invited_by, invited_at, until) values (@plan, @child, 'attainment', @me, @me, @now, '2027-12-04')`,
			`insert into note (child_id, on_day, kind, words, written_by, written_at) values (@child, '2026-11-23', 'call', 'x', @me, @now)`,
			`insert into pep_event (pep_id, child_id, event, account_id, at) values (@plan, @child, 'started', @me, @now)`,
		} {
			touched, err := g.tries(who, statement)
			var refused *pgconn.PgError
			if touched > 0 || err != nil && (!errors.As(err, &refused) || refused.Code != "42501") { // insufficient_privilege
				t.Errorf("%s: %s touched %d rows, %v", who.Name, statement, touched, err)
			}
		}
		if touched, err := g.tries(who, `update pep_answer set value = '{"text": "y"}' where pep_id = @plan`); err != nil || touched != 1 {
			t.Errorf("%s writes %d answers of the section, %v", who.Name, touched, err)
		}
	}
}

var errTakenBack = errors.New("taken back")

// tries runs a statement as somebody, and takes back what it did.
func (g *guests) tries(who access.Actor, statement string) (touched int64, err error) {
	ended := g.DB.Change(context.Background(), who, func(ctx context.Context, tx *postgres.Tx) error {
		touched, err = tx.Do(ctx, statement, postgres.Args{"plan": g.plan, "child": g.child, "me": who.ID})
		return errTakenBack
	})
	if !errors.Is(ended, errTakenBack) {
		return touched, ended
	}
	return touched, err
}

// TestAGuestOpensOnePage walks every route about a child: for somebody who is only invited there is the
// section, and everything else is not there, in the same words as for a child who does not exist.
func TestAGuestOpensOnePage(t *testing.T) {
	t.Parallel()
	g := newGuests(t)
	const plan = "/children/{childID}/peps/{pepID}"
	const section = plan + "/sections/{section}"
	opened := []string{section, plan + "/drafts/{part}", plan + "/drafts/{part}/drop", plan + "/drafts/{part}/hand-over"}
	for _, who := range []access.Actor{g.colleague, g.teacher} {
		visitor := g.As(who)
		for _, route := range g.Server.Routes {
			if !route.Child {
				continue
			}
			path := must(g.path(route.Pattern, g.child))
			answer := visitor.Get
			if route.Method == http.MethodPost {
				answer = func(path string) *webtest.Page { return visitor.Post(path, url.Values{}) }
			}
			page := answer(path)
			if opens := slices.Contains(opened, route.Pattern); opens && answerOf(page.Status) != ok || !opens && answerOf(page.Status) != hidden {
				t.Errorf("%s %s as %s: %d", route.Method, route.Pattern, who.Name, page.Status)
			} else if !opens && strings.Contains(page.Body, canary) {
				t.Errorf("%s %s as %s names the child", route.Method, route.Pattern, who.Name)
			}
			if other := answer(strings.Replace(path, "/education", "/attainment", 1)); slices.Contains(opened, route.Pattern) && other.Status != http.StatusNotFound {
				t.Errorf("%s %s, another section, as %s: %d", route.Method, route.Pattern, who.Name, other.Status)
			}
		}
		page := visitor.Get(must(g.path(section, g.child)))
		if !strings.Contains(page.Says(), canary) || strings.Contains(page.Says(), "born") || page.Find(`a[href^="/children/`+webtest.Number(g.child)+`"]`).Length() != 0 {
			t.Errorf("%s finds: %s", who.Name, page.Says())
		}
		if looks := g.ID(`select count(*) from audit_look where account_id = $1 and child_id = $2`, who.ID, g.child); looks == 0 {
			t.Errorf("%s looked at the child and it is not written down", who.Name)
		}
		home := visitor.Get("/")
		if !strings.Contains(home.Says(), "Write the section") || !strings.Contains(home.Says(), "Friday 4 December") || strings.Contains(home.Find("main").Text(), canary) && who == g.colleague {
			t.Errorf("home of %s: %s", who.Name, home.Says())
		}
	}
	if menu := g.As(g.colleague).Get("/").Find("nav a").Text(); strings.Contains(menu, "Children") || strings.Contains(menu, "PEPs") {
		t.Errorf("the colleague's menu: %s", menu)
	}
}
