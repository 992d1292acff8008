package account

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzTyped: whatever a stranger types or sends, an address is plain or none, a code is of its letters alone, a
// device is a short word of ours, and a caller's network is no longer than what they said.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{"ruth@westmoor.test", " Ruth@Westmoor.GOV.UK ", "a\x00@b.test", "Ruth <r@b.test>", "bcdf-ghjk", "BCDF GHJK", "2001:db8::1%eth0", "::ffff:192.0.2.1",
		"Mozilla/5.0 (Windows NT 10.0) Chrome/120 Edg/120", "harbour kettle moss", strings.Repeat("🦊", 64), "\xff\xfe"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		if email := tidyEmail(typed); email != "" && (tidyEmail(email) != email || len(email) > 254 || strings.Count(email, "@") != 1 || strings.ContainsAny(email, " \r\n\x00<>,;\"")) {
			t.Errorf("%q is kept as %q", typed, email)
		}
		if code := tidyCode(typed); strings.Trim(code, codeLetters) != "" {
			t.Errorf("%q is read as the code %q", typed, code)
		}
		if device := DeviceOf(typed); device == "" || len(device) > 40 || strings.Trim(device, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" {
			t.Errorf("%q comes from %q", typed, device)
		}
		if at := network(typed); network(at) != at && !strings.Contains(at, "/") {
			t.Errorf("%q is of %q and that of %q", typed, at, network(at))
		}
		if err := CheckPassword(typed, "Ruth Adeyemi", "ruth@westmoor.test"); err == nil && (utf8.RuneCountInString(typed) < leastPassword || !utf8.ValidString(typed)) {
			t.Errorf("%q is taken for a password", typed)
		}
		if len(tokenHash(typed)) != 43 {
			t.Error("no hash of a token")
		}
	})
}
