package record

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// leftOut are the tables with a child in them that the record does not read, each with the reason.
var leftOut = map[string]string{
	"pep_draft":              "words that somebody types and has not saved are nobody's record yet, and go after some days",
	"pep_draft_words":        "words that somebody types and has not saved are nobody's record yet, and go after some days",
	"pep_target_print":       "a fingerprint of a target's words, to find two that are alike; the target itself is read",
	"print_run_plan":         "which plans somebody prints today; the plans themselves are read, and the run goes after a day",
	"print_file":             "plans on paper for a day; the plans themselves are read",
	"import_item":            "what a file would change, for who imports it; what it did change is read where it went",
	"import_problem":         "what was wrong with a file, for who imports it; it is about the file",
	"import_part":            "files as they were sent, until they are read; what they brought is read where it went",
	"protected_place":        "where somebody is whom nobody must find is told by a person, and never copied",
	"withheld_row":           "that a file named the child and its row was left out; what came of it is in the log of changes",
	"access_request_child":   "that somebody asked whether a child is theirs; what they were given is read where it went",
	"unusual_look":           "what plain rules found about how somebody who works here looks at records; the looks themselves are read",
	"subject_access_passage": "what was left out of a copy and why would tell what was left out",
	"subject_access_reading": "that somebody went through the texts of a copy; the request itself is read",
	"subject_access_file":    "copies of this very record",
}

// ofEvery are columns that say nothing of a child: numbers of ours, and which row belongs to which.
var ofEvery = []string{"id", "child_id", "pep_id", "version", "position"}

// TestEveryTableWithAChildIsRead walks the catalogue: every table that has a child's number, or leads to
// one by its foreign keys, is read or left out with a reason, and so is each of its columns.
func TestEveryTableWithAChildIsRead(t *testing.T) {
	t.Parallel()
	owner := pgtest.Owner(t, pgtest.Open(t))
	rows, err := owner.Query(t.Context(), `with recursive about (t) as (
			select 'child'::regclass::oid union select c.conrelid from pg_constraint c join about a on c.confrelid = a.t where c.contype = 'f')
		select c.relname, array_agg(a.attname::text order by a.attnum) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and (c.oid in (select t from about) or exists (select from pg_attribute k where k.attrelid = c.oid and k.attname = 'child_id'))
		group by c.relname`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string]bool{}
	for rows.Next() {
		var table string
		var columns []string
		if err := rows.Scan(&table, &columns); err != nil {
			t.Fatal(err)
		}
		tables[table] = true
		text, leaves, read := readOf(table)
		switch reason, left := leftOut[table]; {
		case read && left:
			t.Errorf("%s is read and left out", table)
		case !read && reason == "":
			t.Errorf("%s has a child in it and is neither read (sources_*.go) nor left out with a reason (leftOut)", table)
		}
		if !read {
			continue
		}
		for _, column := range columns {
			shown := regexp.MustCompile(`\b` + column + `\b`).MatchString(text)
			if !shown && !slices.Contains(leaves, column) && !slices.Contains(ofEvery, column) {
				t.Errorf("%s.%s is neither read nor named among what the source leaves", table, column)
			}
		}
		for _, column := range leaves {
			if !slices.Contains(columns, column) {
				t.Errorf("%s leaves %s, which is not there", table, column)
			}
		}
	}
	if err := rows.Err(); err != nil || len(tables) < 60 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, s := range sources {
		if !tables[s.table] {
			t.Errorf("%s is read and has no child in it", s.table)
		}
	}
}

// readOf is all SQL that reads a table, and the columns it leaves.
func readOf(table string) (text string, leaves []string, read bool) {
	for _, s := range sources {
		if s.table != table {
			continue
		}
		read, leaves = true, append(leaves, s.leaves...)
		text += " " + s.from + " " + s.order + " " + s.key
		for _, f := range s.fields {
			text += " " + f.sql + " " + f.about
		}
	}
	return text, leaves, read
}

func TestSourcesAreWhole(t *testing.T) {
	t.Parallel()
	titles := map[string]bool{}
	for _, s := range sources {
		if s.title == "" || !s.chapter.Known() || len(s.fields) == 0 || titles[s.title] {
			t.Errorf("%s: title %q, chapter %q", s.table, s.title, s.chapter)
		}
		titles[s.title] = true
	}
	for _, chapter := range Chapters {
		if !slices.ContainsFunc(sources, func(s source) bool { return s.chapter == chapter }) {
			t.Errorf("chapter %s has nothing in it", chapter)
		}
	}
	if !strings.Contains(readAll(), "@child") {
		t.Error("the statement asks for no child")
	}
}

func readAll() string {
	var all strings.Builder
	for n, s := range sources {
		all.WriteString(s.sql(n))
	}
	return all.String()
}

// TestWhatIsHeldIsRead reads one child, and nothing of another.
func TestWhatIsHeldIsRead(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	facts := pgtest.NewFacts(t, db)
	school := facts.Setting("Ash Primary")
	child := facts.Child("Maya", "Okafor", "2016-03-04")
	other := facts.Child("Ben", "Hidden", "2016-03-04")
	facts.OnRoll(child, school, "[2024-09-01,)")
	worker := facts.Person(access.SocialWorker, "Sam Worker")
	facts.Allocate(child, "social_worker", worker, "[2024-01-10,)")
	for _, one := range []int64{child, other} {
		facts.Exec(`insert into note (child_id, on_day, kind, words, third_party, written_by, written_at) values ($1, '2026-11-02', 'call', 'Rang the school', 'about', $2, '2026-11-03')`, one, worker.ID)
	}
	facts.Exec(`insert into audit_look (at, account_id, child_id, screen) select timestamptz '2026-11-03' + make_interval(hours => n), $2, $1, 'child' from generate_series(1, 3) n`, child, worker.ID)
	set, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var batch postgres.Batch
	all := Queue(&batch, set, child)
	few := Queue(&batch, set, child, Notes)
	if err := db.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	record := all()
	says := flat(record)
	for _, want := range []string{"Forename: Maya", "Born: 4 March 2016", "School: Ash Primary", "Who: Sam Worker", "As: Social worker", "How often: 3", "Day: 2 November 2026", "Note: Rang the school"} {
		if !strings.Contains(says, want) {
			t.Errorf("the record does not say %q:\n%s", want, says)
		}
	}
	if strings.Contains(says, "Hidden") || strings.Count(says, "Rang the school") != 1 {
		t.Error("the record says what is another child's")
	}
	notes := record.Passages(Notes)
	if len(notes) != 1 || !notes[0].About || !notes[0].Proposed() || len(few().Passages(Notes)) != 1 || len(few().Of(You)) != 0 {
		t.Errorf("passages %+v", notes)
	}
	if found, chapter, ok := record.Passage(notes[0].Passage); !ok || chapter != Notes || found.Text != notes[0].Text {
		t.Errorf("passage %s: %v %s", notes[0].Passage, ok, chapter)
	}
}

func flat(record Record) string {
	var b strings.Builder
	for _, part := range record.Parts {
		b.WriteString(part.Title + "\n")
		for _, entry := range part.Entries {
			for _, value := range entry.Values {
				b.WriteString("  " + value.Label + ": " + value.Text + "\n")
			}
		}
	}
	return b.String()
}
