// Package internal is what a virtual school knows and does. It holds no code of
// its own, only the plan of the house: which package stands on which floor, as a
// test. A package imports only what stands below it; neighbours in one line of
// the plan are strangers to each other.
package internal

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "virtualschool/"

// Floors, from the ground up.
const (
	ground   = iota // values: no database, no HTTP
	pipes           // settings, who may do what, and the cluster that runs a database: none asks one
	database        // one technical job each, on the database
	people          // the people and places everything is about
	features        // strangers to each other
	across          // what shows several features at once
	webBase         // how pages are made
	webFeatures
	webWiring
	roof
)

// line is a step of the plan. Each line may import the lines above it in this
// list, never its own neighbours nor what comes after.
type line struct {
	floor    int
	packages []string
}

// The plan holds what is built and what is to come, so that a new package finds its place waiting:
// the folders of the web wing are named after what they show of the other.
var plan = []line{
	{ground, []string{"migrations"}},
	{ground, []string{"internal/fault"}},
	{ground, []string{"internal/calendar"}},
	{ground, []string{"internal/money"}},
	{ground, []string{"internal/hours"}},
	{ground, []string{"internal/yamlfile"}},
	{ground, []string{"internal/passage"}},
	{ground, []string{"internal/identifier"}},
	{ground, []string{"internal/ics"}},
	{ground, []string{"internal/returncode"}},
	{ground, []string{"internal/intake/table"}},
	{ground, []string{"internal/attendance/mark", "internal/attendance/change"}},
	{ground, []string{"internal/attendance/sheet", "internal/attendance/census"}},

	{pipes, []string{"internal/config", "internal/access", "internal/pdf", "internal/clamav", "internal/export", cluster}},

	{database, []string{"internal/postgres"}},
	{database, []string{pgtest}},
	{database, []string{"internal/audit"}},
	{database, []string{"internal/policy"}},
	{database, []string{"internal/document"}},
	{database, []string{"internal/job"}},

	{people, []string{"internal/setting"}},
	{people, []string{ssotest}},
	{people, []string{"internal/account"}},
	{people, []string{"internal/child"}},

	{features, []string{
		"internal/pep", "internal/premium", "internal/attendance", "internal/suspension", "internal/timetable", "internal/provision", "internal/schoolplace", "internal/progress", "internal/send",
		"internal/concern", "internal/advice", "internal/achievement", "internal/training", "internal/cohort", "internal/breakglass", "internal/accessrequest",
	}},

	{features, []string{"internal/pep/voice"}},

	{across, []string{"internal/intake", "internal/worklist", "internal/lost", "internal/meeting", "internal/timeline", "internal/looking", "internal/report", "internal/printing", "internal/rights", "internal/retention"}},
	{across, []string{seed}},

	{webBase, []string{"web/assets"}},
	{webBase, []string{"web/ui"}},
	{webBase, []string{"web/chart"}},
	{webBase, []string{"web/kit"}},

	{webFeatures, []string{
		"web/signin", "web/home", "web/children", "web/peps", "web/meetings", "web/premium", "web/attendance", "web/suspensions", "web/registers", "web/progress",
		"web/send", "web/concerns", "web/advice", "web/achievements", "web/training", "web/cohort", "web/settings", "web/reports",
		"web/imports", "web/sent", "web/accounts", "web/about", "web/administration", "web/calendars", "web/quality", "web/policies", "web/voice", "web/documents", "web/breakglass", "web/accessrequests", "web/audits", "web/rights",
	}},
	{webWiring, []string{"web"}},
	{webWiring, []string{webtest}},
	{webWiring, []string{"web/journeys"}}, // tests of the whole in a browser
	{roof, []string{"cmd"}},
}

const (
	cluster = "internal/postgres/cluster"
	pgtest  = "internal/postgres/pgtest"
	ssotest = "internal/account/sso/ssotest"
	webtest = "web/webtest"
	seed    = "internal/seed"
)

// place is where a package stands: its line, and the entry it belongs to. A
// folder inside a package's folder belongs to that package.
type place struct {
	line  int
	entry string
}

func find(pkg string) (place, bool) {
	var best place
	for i, l := range plan {
		for _, entry := range l.packages {
			inside := pkg == entry || strings.HasPrefix(pkg, entry+"/") && entry != "web"
			if inside && len(entry) > len(best.entry) {
				best = place{i, entry}
			}
		}
	}
	return best, best.entry != ""
}

func (p place) floor() int { return plan[p.line].floor }

func within(path string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return path == root || strings.HasPrefix(path, root+"/") })
}

// broken says which rule an import breaks, "" for none. Paths of our own are
// without the module's name.
func broken(pkg, imported string, ours, test bool) string {
	from, ok := find(pkg)
	if !ok {
		return "has no floor: give it a place in the plan of internal/floors_test.go"
	}
	if !ours {
		return brokenOutside(from, imported, test)
	}
	to, ok := find(imported)
	test = test || from.entry == webtest // which is a helper of tests itself
	switch {
	case !ok:
		return "" // reported where that package is read
	case to.entry == from.entry:
		return ""
	case test && (to.entry == ssotest && from.floor() >= people || to.entry == pgtest && from.floor() >= database || within(to.entry, seed, webtest) && from.floor() >= webBase):
		return ""
	case !test && within(to.entry, pgtest, ssotest, webtest):
		return "test helpers are for tests; a program must not carry them"
	case to.entry == cluster:
		if from.floor() != roof && from.entry != pgtest {
			return "who uses a database must not know who runs it; only cmd and pgtest start one"
		}
	case to.entry == "migrations" && from.entry != "internal/postgres":
		return "only package postgres migrates"
	case to.line == from.line:
		return "neighbours are strangers: declare a one-method interface where it is used and wire it above, or move the page one floor up"
	case to.line > from.line:
		return fmt.Sprintf("%s stands above; what is below must work without it", to.entry)
	case from.entry == "internal/access" && to.floor() != ground:
		return "the table of who may do what is pure values, so that it can be read and tested alone"
	case from.floor() == webBase && from.entry != "web/kit" && to.floor() != ground && to.floor() != webBase && to.entry != "internal/access":
		return "how we look knows no feature and no database"
	case from.entry == "web/kit" && (to.floor() >= people && to.floor() <= across || within(to.entry, "internal/policy", "internal/document", "internal/job")):
		return "the page kit knows no feature, so that every feature can use it"
	}
	return ""
}

// brokenOutside judges imports of other people's packages.
func brokenOutside(from place, imported string, test bool) string {
	test = test || within(from.entry, pgtest, ssotest, webtest)
	internalWing := strings.HasPrefix(from.entry, "internal/")
	switch {
	case internalWing && within(imported, "github.com/a-h/templ", "github.com/go-chi/chi"):
		return "internal is what a virtual school knows and does; routes and pages are how people reach it"
	case from.floor() == ground && within(imported, "net/http", "github.com/jackc/pgx", "github.com/riverqueue"),
		from.floor() == ground && within(imported, "database/sql") && imported != "database/sql/driver": // an interface only
		return "ground packages are values; they need no database and no HTTP"
	case from.entry == "internal/access" && within(imported, "net/http", "database", "github.com/jackc/pgx"):
		return "the table of who may do what is pure values, so that it can be read and tested alone"
	case !test && from.floor() >= webBase && from.floor() < roof && within(imported, "database/sql", "github.com/jackc/pgx", "github.com/riverqueue"):
		return "SQL lives in internal, in each package's store"
	case !test && within(imported, "testing", "net/http/httptest", "github.com/riverqueue/river/rivertest", "github.com/PuerkitoBio/goquery", "github.com/google/go-cmp"):
		return "test helpers are for tests; a program must not carry them"
	}
	return ""
}

// TestFloors reads the sources themselves: a test that asks the go command stays
// green from its cache.
func TestFloors(t *testing.T) {
	t.Parallel()
	root := os.DirFS("..")
	read := 0
	for _, wing := range []string{"internal", "web", "cmd", "migrations"} {
		err := fs.WalkDir(root, wing, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				if path == wing && os.IsNotExist(err) {
					return fs.SkipDir
				}
				return err
			}
			if d.IsDir() {
				if d.Name() == "node_modules" || d.Name() == "testdata" || path == "internal/tools" { // a module of its own
					return fs.SkipDir
				}
				return nil
			}
			pkg := filepath.ToSlash(filepath.Dir(path))
			if !strings.HasSuffix(path, ".go") || pkg == "internal" {
				return nil
			}
			read++
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", path), nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			if _, ok := find(pkg); !ok {
				t.Errorf("%s %s", pkg, broken(pkg, "", true, false))
				return fs.SkipDir
			}
			for _, spec := range file.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					return err
				}
				imported, ours := strings.CutPrefix(imported, module)
				if reason := broken(pkg, imported, ours, strings.HasSuffix(path, "_test.go")); reason != "" {
					t.Errorf("%s imports %s: %s", path, imported, reason)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read == 0 {
		t.Error("no source was read")
	}
}

func TestTheRulesOfTheFloors(t *testing.T) {
	t.Parallel()
	const program, tests = false, true
	for _, tt := range []struct {
		pkg, imported string
		test          bool
		want          string // part of the reason; "" when it is allowed
	}{
		{"internal/money", "internal/calendar", program, ""},
		{"internal/calendar", "internal/money", program, "stands above"},
		{"internal/calendar", "database/sql/driver", program, ""},
		{"internal/calendar", "database/sql", program, "no database"},
		{"internal/fault", "net/http", program, "no HTTP"},
		{"internal/access", "internal/fault", program, ""},
		{"internal/access", "internal/postgres", program, "stands above"},
		{"internal/access", "github.com/jackc/pgx/v5", program, "pure values"},
		{"internal/postgres", "internal/access", program, ""},
		{"internal/postgres", "migrations", program, ""},
		{"internal/postgres", pgtest, tests, ""},
		{"internal/postgres", pgtest, program, "for tests"},
		{"internal/pep", "migrations", program, "only package postgres"},
		{"internal/pep", cluster, program, "who runs it"},
		{"internal/audit", "internal/policy", program, "stands above"},
		{"internal/child", "internal/setting", program, ""},
		{"internal/setting", "internal/child", program, "stands above"},
		{"internal/child", "internal/pep", program, "stands above"},
		{"internal/pep", "internal/child", program, ""},
		{"internal/pep", "internal/premium", program, "strangers"},
		{"internal/pep", "internal/premium", tests, "strangers"},
		{"internal/pep", seed, tests, "stands above"},
		{"internal/pep", "web/kit", program, "stands above"},
		{"internal/pep", "github.com/a-h/templ", program, "how people reach it"},
		{"internal/pep", "github.com/go-chi/chi/v5", tests, "how people reach it"},
		{"internal/pep", "testing", program, "for tests"},
		{"internal/pep", "testing", tests, ""},
		{pgtest, "testing", program, ""},
		{pgtest, cluster, program, ""},
		{"internal/intake/ssda903", "internal/intake", program, ""},
		{"internal/intake", "internal/worklist", program, "strangers"},
		{seed, "internal/worklist", program, ""},
		{"web/ui", "web/assets", program, ""},
		{"web/ui", "internal/child", program, "no feature"},
		{"web/ui", "internal/postgres", program, "no database"},
		{"web/kit", "internal/postgres", program, ""},
		{"web/kit", "internal/child", program, "no feature"},
		{"web/children", "internal/child", program, ""},
		{"web/children", "web/peps", program, "strangers"},
		{"web/children", "web", program, "stands above"},
		{"web/children", "github.com/jackc/pgx/v5", program, "SQL lives in internal"},
		{"web/children", seed, tests, ""},
		{"web", "web/children", program, ""},
		{webtest, "web", program, ""},
		{webtest, pgtest, program, ""},
		{webtest, "github.com/PuerkitoBio/goquery", program, ""},
		{"web/children", webtest, tests, ""},
		{"web/children", webtest, program, "for tests"},
		{"internal/pep", webtest, tests, "stands above"},
		{"web/unheard", "internal/child", program, "has no floor"},
		{"internal/util", "internal/child", program, "has no floor"},
		{"cmd/virtualschool", cluster, program, ""},
		{"cmd/virtualschool", pgtest, program, "for tests"},
	} {
		ours := within(tt.imported, "internal", "web", "cmd", "migrations")
		got := broken(tt.pkg, tt.imported, ours, tt.test)
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s imports %s (test %v): got %q, want %q", tt.pkg, tt.imported, tt.test, got, tt.want)
		}
	}
}
