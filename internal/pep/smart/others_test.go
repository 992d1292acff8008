package smart_test

import (
	"context"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/smart"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestSimilarityIsThatOfTheDatabase compares with pg_trgm itself. Which letters with accents are
// letters to pg_trgm is for the database's locale to say, so only plain ones are compared.
func TestSimilarityIsThatOfTheDatabase(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	texts := []string{"", " ", "!!!", "a", "ab", "Reads a chapter book", "reads A CHAPTER book!", "Reads two chapter-books to an adult", "book chapter a reads",
		"Knows her tables to 12", "Knows his tables to 6", "don't stop", "x  y   z", "10 of 12 words", "10-12 (words)"}
	for _, a := range texts {
		for _, b := range texts {
			var want float32
			err := db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) (err error) {
				want, err = postgres.GetValue[float32](ctx, tx, `select similarity(@a, @b)`, postgres.Args{"a": a, "b": b})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := smart.Similarity(a, b); math.Abs(got-float64(want)) > 1e-6 {
				t.Errorf("%q and %q: %v; the database says %v", a, b, got, want)
			}
		}
	}
}

// town is a council of many children with two people who see some of them.
type town struct {
	*pgtest.Facts
	db           *postgres.DB
	head, worker access.Actor
	child        int64
	plan         pep.Ref
}

func newTown(t testing.TB, children int) *town {
	t.Helper()
	db := pgtest.Open(t)
	w := &town{Facts: pgtest.NewFacts(t, db), db: db, head: access.Actor{Name: "Helen Head", Role: access.Head}, worker: access.Actor{Name: "Sam Worker", Role: access.SocialWorker}}
	for _, who := range []*access.Actor{&w.head, &w.worker} {
		who.ID = w.ID(`insert into account (email, name, role, state, created_at) values (lower($1) || '@smart.test', $2, $3, 'active', '2026-01-01') returning id`,
			string(who.Role), who.Name, string(who.Role))
	}
	w.Exec(`insert into child (la_child_id, date_of_birth, created_at, updated_at) select 'S' || n, '2015-01-01', now(), now() from generate_series(1, $1) n`, children)
	w.Exec(`insert into care_period (child_id, period, source) select id, '[2020-01-01,)', 'test' from child`)
	w.Exec(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at)
		select id, 'termly', 'primary', 1, 2026, 'autumn', 1, now() from child`)
	w.child = w.ID(`select id from child where la_child_id = 'S1'`)
	w.plan = pep.Ref{ChildID: w.child, PEPID: w.ID(`select id from pep where child_id = $1`, w.child)}
	return w
}

// target gives a child a target and says who else works with the child.
func (w *town) target(la string, position int, what string) {
	w.Exec(`insert into pep_target (pep_id, child_id, position, area, what) select p.id, c.id, $2, 'literacy', $3 from child c join pep p on p.child_id = c.id where c.la_child_id = $1`,
		la, position, what)
}

func (w *town) others(t testing.TB, who access.Actor, texts []string) []string {
	t.Helper()
	var found []string
	var batch postgres.Batch
	smart.QueueOthers(&batch, &found, w.plan, texts)
	if err := w.db.View(t.Context(), who, &batch); err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

func TestOthersAreFoundAmongChildrenOneMaySee(t *testing.T) {
	t.Parallel()
	w := newTown(t, 4)
	w.target("S1", 1, "Reads a chapter book to an adult every week")
	w.target("S2", 1, "Reads a chapter book to an adult each week")
	w.target("S3", 1, "reads a chapter book to an adult, every week.")
	w.target("S4", 1, "Swims a length without arm bands")
	for _, la := range []string{"S1", "S2"} {
		w.Exec(`insert into allocation (child_id, account_id, part, period, source) select id, $2, 'social_worker', '[2020-01-01,)', 'test' from child where la_child_id = $1`, la, w.worker.ID)
	}
	if got := w.others(t, w.head, nil); !slices.Equal(got, []string{"Reads a chapter book to an adult each week", "reads a chapter book to an adult, every week."}) {
		t.Errorf("the head: %q", got)
	}
	if got := w.others(t, w.worker, nil); !slices.Equal(got, []string{"Reads a chapter book to an adult each week"}) {
		t.Errorf("a social worker: %q", got)
	}
	if got := w.others(t, w.head, []string{"Swims one length without arm bands"}); !slices.Equal(got, []string{"Swims a length without arm bands"}) {
		t.Errorf("as it is being written: %q", got)
	}
	w.Exec(`update pep_target set what = 'Draws a map of the school' where what like 'Swims%'`)
	if got := w.others(t, w.head, []string{"Swims one length without arm bands"}); len(got) != 0 {
		t.Errorf("after it was changed: %q", got)
	}
	w.Exec(`delete from pep_target where what like 'Draws%'`)
	if left := w.ID(`select count(*) from pep_target_print p left join pep_target t on t.id = p.target_id where t.id is null`); left != 0 {
		t.Errorf("%d fingerprints of no target", left)
	}
}

// TestCloseTextsAreFound counts how many texts that a reader would call nearly the same are found.
func TestCloseTextsAreFound(t *testing.T) {
	t.Parallel()
	w := newTown(t, 2)
	texts := smart.Examples("", "")
	for n, one := range texts {
		w.target("S2", n+1, one.What)
	}
	close, found := 0, 0
	for _, one := range texts {
		words := strings.Fields(one.What)
		for _, typed := range []string{"Now " + one.What, one.What + " every week", strings.Join(words[1:], " "), strings.Join(words[:len(words)-1], " "),
			strings.Join(words[:len(words)/2], " ") + " often " + strings.Join(words[len(words)/2:], " ")} {
			if smart.Similarity(typed, one.What) < 0.6 {
				continue
			}
			close++
			if slices.Contains(w.others(t, w.head, []string{typed}), one.What) {
				found++
			}
		}
	}
	if close < 80 || found*100 < close*95 {
		t.Errorf("of %d close texts %d were found", close, found)
	}
}

// BenchmarkOthers looks for likenesses of three targets among 2,000 children with four each.
func BenchmarkOthers(b *testing.B) {
	w := newTown(b, 2000)
	w.Exec(`insert into pep_target (pep_id, child_id, position, area, what)
		select id, child_id, n, 'literacy', 'Reads ' || (id % 89) || ' pages of ' || md5(id::text || n) || ' to ' || md5(n::text || child_id) || ' every week' from pep, generate_series(1, 4) n`)
	w.Exec(`analyze`)
	texts := []string{"Reads a chapter book of 12 pages to an adult every week", "Knows her tables to 12 in a quiz with the class", "Comes to school on time every day"}
	b.ResetTimer()
	for b.Loop() {
		start := time.Now()
		w.others(b, w.head, texts)
		b.ReportMetric(float64(time.Since(start).Microseconds()), "µs/search")
	}
}
