package scheme_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"virtualschool/internal/money"
	"virtualschool/internal/premium/scheme"
	"virtualschool/internal/yamlfile"
)

func load(t *testing.T, folder string) scheme.Set {
	t.Helper()
	set, err := scheme.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func said(s scheme.Scheme) string {
	var all []string
	for _, line := range s.Lines() {
		all = append(all, line.About+": "+line.Says)
	}
	return strings.Join(all, "\n")
}

func TestTheReadySchemes(t *testing.T) {
	t.Parallel()
	set := scheme.Builtin()
	if got := len(set.Newest()); got != 2 {
		t.Fatalf("%d schemes come with the program", got)
	}
	needsLed, there := set.Scheme("needs_led")
	if !there || needsLed.Basis != scheme.ByRequest || needsLed.Pays != scheme.InArrears || !needsLed.Evidence.Invoice || needsLed.Automatic.UpTo != 0 {
		t.Errorf("needs-led: %+v", needsLed)
	}
	termly, there := set.Scheme("termly_release")
	if !there || termly.Basis != scheme.TermlyRelease || termly.Release.Amount != money.Pounds(550) || !termly.Release.WithholdReturned || !termly.Release.WithholdIndependent {
		t.Errorf("termly: %+v", termly)
	}
	for _, one := range set.All() {
		if len(one.Categories) != len(scheme.Known) || len(one.NotFunded) == 0 || one.Own {
			t.Errorf("%s: %d categories", one.Key, len(one.Categories))
		}
	}
	if usual, there := set.Scheme("gone"); there || usual.Key != scheme.Usual {
		t.Errorf("a scheme that is not there gives %s, %v", usual.Key, there)
	}
	for _, words := range []string{"£550.00 for each child and term", "split between the schools", "such as red, or for independent schools", "In advance", "Within 120 days"} {
		if !strings.Contains(said(termly), words) {
			t.Errorf("the page does not say %q:\n%s", words, said(termly))
		}
	}
}

func TestACouncilsOwnNeedsLedScheme(t *testing.T) {
	t.Parallel()
	own, there := load(t, "testdata/needs_led_council").Scheme("ashdown")
	if !there || !own.Own || own.Version != 100 || own.Automatic.UpTo != money.Pounds(150) || !own.NeedsTarget || !own.Itemised || own.Evidence.DueDays != 28 {
		t.Fatalf("%+v", own)
	}
	if !own.Offers("technology") || own.Offers("trips") || own.Categories[0].Name != "Tuition" || own.Categories[1].Name != "Mentoring" {
		t.Errorf("categories: %+v", own.Categories)
	}
	for _, words := range []string{"must be for a target", "item by item", "Up to £150.00 is approved at once", "Laptops and software", "invoice or receipt"} {
		if !strings.Contains(said(own), words) {
			t.Errorf("the page does not say %q:\n%s", words, said(own))
		}
	}
}

func TestACouncilsOwnTermlySchemeTakesThePlaceOfTheReadyOne(t *testing.T) {
	t.Parallel()
	set := load(t, "testdata/termly_council")
	own, _ := set.Scheme("termly_release")
	if own.Version != 100 || own.Release.Amount != money.Pounds(600) || !slices.Equal(own.Release.WithholdGrades, []string{"amber"}) {
		t.Errorf("%+v", own)
	}
	if before, there := set.Version("termly_release", 1); !there || before.Release.Amount != money.Pounds(550) {
		t.Errorf("version 1 is no longer there: %+v", before)
	}
	if newest := set.Newest(); len(newest) != 2 {
		t.Errorf("%d schemes to choose from", len(newest))
	}
}

func TestEveryMistakeIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	_, err := scheme.Load(os.DirFS("testdata/faulty"))
	var faulty scheme.Faulty
	if !errors.As(err, &faulty) {
		t.Fatalf("got %v", err)
	}
	want := []struct {
		line  int
		path  string
		words string
	}{
		{1, "scheme", "Write small letters"},
		{3, "title", "title is missing"},
		{6, "basis", "Write one of request, termly_release"},
		{7, "pays", "Write one of advance, arrears"},
		{8, "needs_target", "write true or false"},
		{9, "colour", "is not known here"},
		{10, "automatic.up_to", "such as 550.00"},
		{11, "evidence.due_days", "from 1 to 365"},
		{12, "release.amount", "such as 550.00"},
		{12, "release.withold", "Write withhold."},
		{14, "categories.sweets.key", "Write one of one_to_one_tuition"},
		{16, "categories.trips", "is here twice"},
		{18, "not_funded.1.words", "must list what is not paid for"},
		{20, "not_funded.2.words.2", "is here twice"},
		{21, "not_funded.2.why", "why is missing"},
		{0, "version", "Your own versions begin at 100"},
	}
	for _, w := range want {
		if !slices.ContainsFunc(faulty, func(p yamlfile.Problem) bool {
			return p.File == "wrong.yaml" && p.Line == w.line && p.Path == w.path && strings.Contains(p.Text, w.words)
		}) {
			t.Errorf("line %d, %s: not told that %q", w.line, w.path, w.words)
		}
	}
	if len(faulty) != len(want) {
		t.Errorf("%d told, not %d:\n%v", len(faulty), len(want), faulty)
	}
	if !strings.Contains(err.Error(), "wrong.yaml, line 11, evidence.due_days: ") {
		t.Errorf("as start-up tells it:\n%v", err)
	}
}

func TestFilesThatAreNoScheme(t *testing.T) {
	t.Parallel()
	ready, err := fs.ReadFile(os.DirFS("builtin"), "needs_led.yaml")
	if err != nil {
		t.Fatal(err)
	}
	release, err := fs.ReadFile(os.DirFS("builtin"), "termly_release.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const release550 = "release:\n  amount: 550.00\n  prorate: true\n  split_on_move: true\n  withhold: {returned: true, independent: true}\n"
	own := strings.Replace(string(ready), "version: 1", "version: 100", 1)
	for name, c := range map[string]struct{ file, text, want string }{
		"not YAML":          {"a.yaml", "scheme: [", "is not YAML"},
		"empty":             {"a.yaml", "", "is empty"},
		"the wrong name":    {"a.yml", own, "must end in .yaml"},
		"two in one":        {"a.yaml", own + "\n---\n" + own, "more than one scheme"},
		"an anchor":         {"a.yaml", strings.Replace(own, "needs_led", "&a needs_led", 1), "anchors"},
		"huge":              {"a.yaml", own + strings.Repeat("# words\n", 1<<18), "larger than a scheme"},
		"not a list":        {"a.yaml", "- one", "must be a list of names and values"},
		"release by need":   {"a.yaml", own + "release: {amount: 5.00}\n", "only for a scheme of basis termly_release"},
		"no release":        {"a.yaml", strings.Replace(strings.Replace(string(release), "version: 1\n", "version: 100\n", 1), release550, "", 1), "release is missing"},
		"the same version":  {"b.yaml", own, "is in another file too"},
		"NUL":               {"a.yaml", own + "\x00", "is not YAML"},
		"a very large sum":  {"a.yaml", own + "automatic: {up_to: 99999999999999999999}\n", "such as 550.00"},
		"a version of ours": {"a.yaml", string(ready), "is in another file too"},
	} {
		folder := fstest.MapFS{c.file: {Data: []byte(c.text)}}
		if name == "the same version" {
			folder["a.yaml"] = &fstest.MapFile{Data: []byte(own)}
		}
		if _, err := scheme.Load(folder); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := scheme.LoadBeside(fstest.MapFS{"primary.yaml": {Data: []byte("x")}}); err != nil {
		t.Errorf("a folder of forms without schemes: %v", err)
	}
	beside, err := scheme.LoadBeside(fstest.MapFS{"premium/ours.yaml": {Data: []byte(own)}})
	if err != nil || len(beside.All()) != 3 {
		t.Errorf("beside the forms: %d, %v", len(beside.All()), err)
	}
}

func TestWhatIsNotFundedIsFoundInWords(t *testing.T) {
	t.Parallel()
	own, _ := scheme.Builtin().Scheme("needs_led")
	for text, want := range map[string]string{
		"Two blazers and a tie": "blazer", "School SHOES, size 4": "school shoes", "Taxis for the trip": "taxi", "a bus-pass": "bus pass",
		"Reading books": "", "uniformed youth group": "", "shoes": "", "": "", "passes for the bus": "", "Free school meal": "school meal",
	} {
		got, found := own.NotPaid(text)
		if found != (want != "") || got.Words != want || found && got.Why == "" {
			t.Errorf("%q: %+v, %v", text, got, found)
		}
	}
}
