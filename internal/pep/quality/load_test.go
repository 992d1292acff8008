package quality_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
)

func builtin(t testing.TB) quality.Set {
	t.Helper()
	set, err := quality.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func builtinForms(t testing.TB) forms.Set {
	t.Helper()
	set, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestTheRubricsThatComeWithTheProgram(t *testing.T) {
	t.Parallel()
	if _, err := quality.Load(os.DirFS("builtin"), builtinForms(t)); err != nil {
		t.Errorf("against the forms that come with it: %v", err)
	}
	set := builtin(t)
	for _, name := range []string{"rag", "gold"} {
		if rubric, there := set.Pick(name); !there || len(rubric.Criteria) < 8 || rubric.Source == "" {
			t.Errorf("%s: %v, %d criteria", name, there, len(rubric.Criteria))
		}
	}
	if rubric, there := set.Pick("nobodys"); there || rubric.Name != quality.Usual {
		t.Errorf("a rubric that is not there: %v %s", there, rubric.Name)
	}
	if _, there := set.Rubric("rag", 99); there {
		t.Error("a version nobody wrote")
	}
}

func TestEveryMistakeOfARubricIsReported(t *testing.T) {
	t.Parallel()
	_, err := quality.Load(os.DirFS("testdata/faulty"), builtinForms(t))
	if err == nil {
		t.Fatal("a rubric full of mistakes was taken")
	}
	for _, mistake := range []string{
		"field colour not found", "cannot unmarshal !!str `maybe` into int", "rubric must be a name", "version must be 1 or more", "title is missing",
		`colour "pink" is not one of`, `grade 2 (good): key "good" is used twice`, "grade 2 (good): name and means", "grade 3 (Bad): key must be small letters",
		"grade 3 (Bad): a worse grade cannot do less", `does "burn"`, "facts must give a grade of the scale for partly", "facts must give a grade of the scale for missing",
		`facts: "almost" is not one of`, "criterion 1 (one): title is missing", `part "nowhere"`, `rule "guesswork" is not one of`, "weight must be from 1 to 100",
		`key stage "KS9"`, "year 99", `kind "yearly"`, `looks describes "fair"`, "looks must say what worst looks like", `criterion 2 (one): key "one" is used twice`,
		"overall 1 (good): grade must be worst", "or_worse good is every mark", `or_worse "fair" is not a grade`, "a limit has either at_least", "when must say what pulls",
		"the best grade is what remains", "none is called rag",
	} {
		if !strings.Contains(err.Error(), mistake) {
			t.Errorf("not reported: %s", mistake)
		}
	}
	if _, err := quality.Load(fstest.MapFS{}, builtinForms(t)); err == nil {
		t.Error("no rubrics at all is a mistake")
	}
	if _, err := quality.Load(fstest.MapFS{"x.yaml": {Data: []byte("rubric: [")}}, builtinForms(t)); err == nil || !strings.Contains(err.Error(), "x.yaml: cannot be read") {
		t.Errorf("broken YAML: %v", err)
	}
}

func TestACouncilsRubricsStandBesideItsForms(t *testing.T) {
	t.Parallel()
	own, err := os.ReadFile("builtin/rag.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"primary.yaml": {Data: []byte("a form")}, "rubrics/ours.yaml": {Data: []byte(strings.Replace(string(own), "version: 1", "version: 7", 1))}}
	set, err := quality.LoadBeside(folder, builtinForms(t))
	if err != nil {
		t.Fatal(err)
	}
	if rubric, _ := set.Pick("rag"); rubric.Version != 7 || len(set.All()) != 1 {
		t.Errorf("version %d of %d rubrics", rubric.Version, len(set.All()))
	}
	if set, err = quality.LoadBeside(fstest.MapFS{"primary.yaml": {Data: []byte("a form")}}, builtinForms(t)); err != nil || len(set.All()) != 2 {
		t.Errorf("a council without rubrics of its own: %d, %v", len(set.All()), err)
	}
}
