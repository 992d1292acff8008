package mark

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Code{
		"/": "/", `\`: `\`, " l ": "L", "'/": "/", "’\\": `\`, "' /": "/", "c1": "C1", "Y7": "Y7", "#": "#", "H": "H", "y": "Y", "\u00a0I\u00a0": "I",
		"": "", "-": "", "!": "", "  ": "", "'": "", "'-": "",
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"*", "@", "present", "ABSENT", "A", "F", "C3", "Y8", "Y0", "//", `/\`, "1", "N/A", "\x00", "\xff", strings.Repeat("é", 500)} {
		if got, err := Parse(text); err == nil || got != "" || len(err.Error()) > 120 {
			t.Errorf("%q: %q, %v; want a short refusal", text, got, err)
		}
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]Code{
		`/\`: {"/", `\`}, `/ \`: {"/", `\`}, "//": {"/", "/"}, "II": {"I", "I"}, "CC": {"C", "C"}, "nb": {"N", "B"}, "C1 C1": {"C1", "C1"}, `/  C2`: {"/", "C2"},
		"'/\\": {"/", `\`}, "-/": {"", "/"}, "I-": {"I", ""}, "--": {"", ""}, "": {"", ""}, "-": {"", ""}, "!": {"", ""}, " ": {"", ""},
	} {
		am, pm, err := ParseDay(text)
		if err != nil || am != want[0] || pm != want[1] {
			t.Errorf("%q: %q %q, %v; want %q", text, am, pm, err, want)
		}
	}
	for _, text := range []string{"C1", "Y1", "/", "I", "C1C1", "C1/", "/A", "A/", "/ A", "I I I", "///", "é/", "*/"} {
		if am, pm, err := ParseDay(text); err == nil || am != "" || pm != "" {
			t.Errorf("%q: %q %q; want a refusal", text, am, pm)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code    Code
		session Session
		want    Code
	}{{"/", AM, "/"}, {"/", PM, `\`}, {`\`, AM, "/"}, {`\`, PM, `\`}, {"L", PM, "L"}, {"", AM, ""}} {
		if got := c.code.At(c.session); got != c.want {
			t.Errorf("%q in the %s: %q; want %q", c.code, c.session, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"/", `/\`, "C1", "C1 C1", "’/", "\xff\xff", "é/", "", "-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := Parse(text)
		if err == nil && code != "" && National.byCode[code] == nil {
			t.Errorf("%q became %q, which is no code", text, code)
		}
		if err != nil && (code != "" || !utf8.ValidString(err.Error()) || len(err.Error()) > 200) {
			t.Errorf("%q: %q, %v", text, code, err)
		}
		am, pm, err := ParseDay(text)
		if err != nil && (am != "" || pm != "" || !utf8.ValidString(err.Error()) || len(err.Error()) > 200) {
			t.Errorf("%q: %q %q, %v", text, am, pm, err)
		}
		if again, err := Parse(string(am.At(AM))); err != nil || again != am.At(AM) {
			t.Errorf("%q: %q is not read again", text, am)
		}
	})
}
