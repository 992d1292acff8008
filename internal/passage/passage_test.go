package passage_test

import (
	"testing"

	"virtualschool/internal/passage"
)

func TestPassages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, plain, without string
		marked               bool
	}{
		{"", "", "", false},
		{"Came late.", "Came late.", "Came late.", false},
		{"Came late. [[Her brother too.]] Happy.", "Came late. Her brother too. Happy.", "Came late. [left out] Happy.", true},
		{"[[All of it]]", "All of it", "[left out]", true},
		{"Fine. [[Never closed", "Fine. Never closed", "Fine. [left out]", true},
		{"closes ]] nothing", "closes ]] nothing", "closes ]] nothing", false},
		{"a [[b [[c]] d", "a b c d", "a [left out] d", true},
		{"a[[]]b", "ab", "ab", false},
	} {
		if got := passage.Plain(tt.text); got != tt.plain {
			t.Errorf("%q as it is read: %q", tt.text, got)
		}
		if got := passage.WithoutMarked(tt.text); got != tt.without {
			t.Errorf("%q as it is shared: %q", tt.text, got)
		}
		if got := passage.Marked(tt.text); got != tt.marked {
			t.Errorf("%q: marked %v", tt.text, got)
		}
	}
}
