package export

import "testing"

// TestNotFormula shows these requirements.
//
// ASVS 5.0: 1.2.10
func TestNotFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Amélie": "Amélie", "2026-09-01": "2026-09-01", "a=b": "a=b",
		"=1+1": "'=1+1", "+44": "'+44", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "＝1": "'＝1",
	} {
		if got := notFormula(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
