package ssda903_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/ssda903"
	"virtualschool/internal/intake/table"
)

var today = calendar.MustParse("2026-10-05")

// samples is where a public sample return is kept beside the repository.
const samples = "../../../../shared/data/ssda903"

func open(tb testing.TB, paths ...string) []*table.File {
	tb.Helper()
	var files []*table.File
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, upload(tb, filepath.Base(path), content)...)
	}
	return files
}

func upload(tb testing.TB, name string, content []byte) []*table.File {
	tb.Helper()
	up, err := table.Open(name, bytes.NewReader(content), int64(len(content)), table.Ordinary)
	if err != nil {
		tb.Fatal(err)
	}
	return up.Files
}

func count(r *ssda903.Return, rule string) int {
	n := 0
	for _, p := range r.Problems {
		if p.Rule == rule {
			n++
		}
	}
	return n
}

// TestSampleReturn holds the public sample return to figures counted from it by
// other means. It runs where the sample is present.
func TestSampleReturn(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(samples); err != nil {
		return
	}
	paths, err := filepath.Glob(samples + "/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	paths = deleteRules(paths)
	r, err := ssda903.Read(open(t, paths...), today)
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]int{}
	march, later := calendar.MustParse("2018-03-31"), calendar.MustParse("2018-09-01")
	for _, c := range r.Children {
		figures["standing "+string(c.Standing)]++
		figures["upn "+string(c.UPNQuality)]++
		figures["sex "+c.Sex]++
		figures["reviews"] += len(c.Reviews)
		figures["episodes"] += len(c.Episodes)
		if len(c.Episodes) > 0 {
			figures["with episodes"]++
		}
		if c.Unaccompanied {
			figures["unaccompanied"]++
		}
		if c.SDQ != nil && c.SDQ.Year == 2018 {
			figures["sdq"]++
		}
		if c.PreviousPermanence != nil {
			figures["permanence"]++
		}
		if c.Timeline.InCare(march) {
			figures["in care 31 March 2018"]++
		}
		if c.Timeline.InCare(later) {
			figures["in care later"]++
		}
	}
	for name, want := range map[string]int{
		"in care 31 March 2018": 1201, "in care later": 1191, "with episodes": 2123, "episodes": 5050,
		"upn valid": 107, "upn wrong_letter": 2272, "upn wrong_shape": 296, "standing contested": 5, "standing rejected": 0,
		"unaccompanied": 132, "permanence": 2675, "sdq": 2675, "sex ": 0,
	} {
		if figures[name] != want {
			t.Errorf("%s: %d, want %d", name, figures[name], want)
		}
	}
	if len(r.Children) != 2675 || r.Year != 2018 || r.Wrong() {
		t.Errorf("%d children, year %d, wrong %v", len(r.Children), r.Year, r.Wrong())
	}
	states := map[ssda903.FileState]int{}
	for _, f := range r.Files {
		states[f.State]++
	}
	if states[ssda903.StateRead] != 6 || states[ssda903.StateAside] != 5 {
		t.Errorf("files %+v", r.Files)
	}
	rules := map[string]int{}
	for _, p := range r.Problems {
		rules[p.Rule+" "+string(p.Severity)]++
		if p.Text == "" || p.File == "" {
			t.Fatalf("problem without text or file: %+v", p)
		}
	}
	if rules["two-open error"] != 5 || rules["bad-date error"] != 0 || rules["x1-gap warning"] != 0 || rules["x1-last warning"] != 8 {
		t.Errorf("rules %v", rules)
	}
}

func deleteRules(paths []string) []string {
	var kept []string
	for _, p := range paths {
		if filepath.Base(p) != "validation_rules_2024_25.csv" {
			kept = append(kept, p)
		}
	}
	return kept
}

func TestSampleXML(t *testing.T) {
	t.Parallel()
	path := samples + "/fake_903_first60.xml"
	if _, err := os.Stat(path); err != nil {
		return
	}
	r, err := ssda903.Read(open(t, path), today)
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]int{}
	for _, c := range r.Children {
		figures["episodes"] += len(c.Episodes)
		figures["reviews"] += len(c.Reviews)
		if c.Unaccompanied {
			figures["unaccompanied"]++
		}
		if c.SDQ != nil {
			figures["sdq"]++
		}
		if c.PreviousPermanence != nil {
			figures["permanence"]++
		}
		if c.UPNQuality == identifier.None || c.DateOfBirth.IsZero() || c.Standing == ssda903.Rejected {
			t.Errorf("child on line %d: %+v", c.Line, c)
		}
		for _, e := range c.Episodes {
			if e.Placement == "" || e.LegalStatus == "" {
				t.Errorf("episode without placement or status: %+v", e)
			}
		}
	}
	if len(r.Children) != 60 || figures["episodes"] != 119 || figures["sdq"] != 60 || figures["permanence"] != 60 ||
		figures["unaccompanied"] != 4 || figures["reviews"]+count(r, "review-twice") != 268 || r.Year != 2018 {
		t.Errorf("%d children, %v, year %d", len(r.Children), figures, r.Year)
	}
}

func BenchmarkSampleReturn(b *testing.B) {
	if _, err := os.Stat(samples); err != nil {
		return
	}
	paths := []string{samples + "/header.csv", samples + "/episodes.csv", samples + "/reviews.csv", samples + "/oc2.csv", samples + "/uasc.csv", samples + "/previous_permanence.csv"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ssda903.Read(open(b, paths...), today); err != nil {
			b.Fatal(err)
		}
	}
}
