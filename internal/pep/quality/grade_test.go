package quality_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"virtualschool/internal/pep/quality"
)

// simple is a rubric with criteria of equal weight that all apply.
func simple(t testing.TB, name string, criteria int) quality.Rubric {
	t.Helper()
	rubric, there := builtin(t).Pick(name)
	if !there {
		t.Fatalf("no rubric %s", name)
	}
	rubric.Criteria = nil
	for n := range criteria {
		rubric.Criteria = append(rubric.Criteria, quality.Criterion{Key: fmt.Sprintf("c%d", n), Title: fmt.Sprintf("Criterion %d", n), Weight: 1})
	}
	return rubric
}

// marked gives the criteria grades in order: "2 amber 6 green".
func marked(t testing.TB, words string) []quality.Mark {
	t.Helper()
	var marks []quality.Mark
	fields := strings.Fields(words)
	for n := 0; n < len(fields); n += 2 {
		var times int
		if _, err := fmt.Sscan(fields[n], &times); err != nil {
			t.Fatal(err)
		}
		for range times {
			marks = append(marks, quality.Mark{Criterion: fmt.Sprintf("c%d", len(marks)), Grade: fields[n+1]})
		}
	}
	return marks
}

func TestGrades(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rubric, marks, want, because string }{
		{"gold", "2 amber 6 green", "amber", "2 criteria are amber or worse"}, // R12’s own example
		{"gold", "1 amber 7 green", "green", "1 criterion is amber or worse"},
		{"gold", "8 green", "green", "8 criteria are green or worse"},
		{"gold", "1 green 7 gold", "gold", "7 gold, 1 green"},
		{"gold", "2 green 6 gold", "green", "2 criteria are green or worse"},
		{"gold", "1 amber 7 gold", "green", ""},
		{"gold", "8 gold", "gold", "8 gold"},
		{"gold", "1 red 7 gold", "red", "1 criterion is red (Criterion 0), and anything better allows none"},
		{"rag", "8 green", "green", "20% of the weight at amber or worse would make it amber"},
		{"rag", "1 amber 9 green", "green", ""},
		{"rag", "2 amber 8 green", "amber", "20% of the weight is amber or worse (Criterion 0; Criterion 1)"},
		{"rag", "1 red 9 green", "red", ""},
		{"rag", "10 amber", "amber", "100% of the weight is amber or worse (Criterion 0; Criterion 1; Criterion 2; Criterion 3; and 6 more)"},
	} {
		marks := marked(t, c.marks)
		rubric := simple(t, c.rubric, len(marks))
		result := rubric.Work(rubric.Criteria, marks)
		if result.Grade != c.want || !strings.Contains(result.Because, c.because) {
			t.Errorf("%s, %s: %q because %s; want %q because %s", c.rubric, c.marks, result.Grade, result.Because, c.want, c.because)
		}
		if explained := rubric.Explain(result); !strings.HasPrefix(explained, rubric.Grade(c.want).Name+": ") {
			t.Errorf("explained as %q", explained)
		}
	}
}

func TestWeightsCount(t *testing.T) {
	t.Parallel()
	rubric := simple(t, "rag", 9)
	rubric.Criteria[0].Weight = 2 // of 10
	if got := rubric.Work(rubric.Criteria, marked(t, "1 amber 8 green")).Grade; got != "amber" {
		t.Errorf("a heavy criterion: %s", got)
	}
	if got := rubric.Work(rubric.Criteria, marked(t, "1 green 1 amber 7 green")).Grade; got != "green" {
		t.Errorf("a light one: %s", got)
	}
}

func TestAMissingMandatoryCriterionLeavesNoGrade(t *testing.T) {
	t.Parallel()
	rubric := simple(t, "gold", 8)
	result := rubric.Work(rubric.Criteria, marked(t, "7 gold"))
	if result.Gradable() || len(result.Missing) != 1 || result.Missing[0] != "c7" || !strings.HasPrefix(rubric.Explain(result), "Not gradable yet: 1 criterion") {
		t.Errorf("%+v", result)
	}
	if got := rubric.Work(rubric.Criteria, append(marked(t, "7 gold"), quality.Mark{Criterion: "c7", Grade: "platinum"})); got.Gradable() {
		t.Errorf("a grade that is none: %+v", got)
	}
	rubric.Criteria[7].Optional = true
	if got := rubric.Work(rubric.Criteria, marked(t, "7 gold")); got.Grade != "gold" {
		t.Errorf("an optional one: %+v", got)
	}
	if got := rubric.Work(nil, nil); got.Gradable() || got.Because == "" {
		t.Errorf("nothing to grade: %+v", got)
	}
}

// TestAWorseMarkNeverMakesABetterPlan tries many sheets with uneven weights, each with one mark made worse
// and with one more criterion that is red.
func TestAWorseMarkNeverMakesABetterPlan(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(12, 14))
	for range 3000 {
		name := []string{"rag", "gold"}[random.IntN(2)]
		rubric := simple(t, name, 2+random.IntN(18))
		var marks []quality.Mark
		for n := range rubric.Criteria {
			rubric.Criteria[n].Weight = 1 + random.IntN(5)
			// Towards good marks, where the limits are.
			at := min(random.IntN(len(rubric.Grades)), random.IntN(len(rubric.Grades)))
			marks = append(marks, quality.Mark{Criterion: rubric.Criteria[n].Key, Grade: rubric.Grades[at].Key})
		}
		last := len(rubric.Criteria) - 1
		red := rubric.Grades[len(rubric.Grades)-1].Key
		without := rubric.Work(rubric.Criteria[:last], marks[:last]).Grade
		before := rubric.Work(rubric.Criteria, marks).Grade
		marks[last].Grade = red
		after := rubric.Work(rubric.Criteria, marks).Grade
		if rubric.Worse(before, after) || rubric.Worse(without, after) {
			t.Fatalf("%s: %v was %s, or %s without it, and is %s with one red", name, marks, before, without, after)
		}
	}
}

func TestWhyAPlanIsReturned(t *testing.T) {
	t.Parallel()
	rubric := simple(t, "rag", 3)
	marks := marked(t, "1 red 1 amber 1 red")
	marks[0].Note, marks[1].Note = "No words.", "Thin."
	if got := rubric.Reason(rubric.Criteria, marks); got != "Criterion 0: No words.\nCriterion 2" {
		t.Errorf("%q", got)
	}
	if got := rubric.Reason(rubric.Criteria, marks[1:2]); got != "Criterion 1: Thin." {
		t.Errorf("without a red one: %q", got)
	}
}
