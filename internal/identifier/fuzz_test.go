package identifier_test

import (
	"strings"
	"testing"

	"virtualschool/internal/identifier"
)

func FuzzUPN(f *testing.F) {
	for _, seed := range []string{"B801200005001", "E33240012500A", "A801200005001", "un1", "", "B80120000500É", "8.0E+11", "\ufeffB801200005001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		upn, quality, words := identifier.CheckUPN(text)
		if words == "" {
			t.Fatalf("%q is %s without explanation", text, quality)
		}
		if quality.Usable() != (upn != "") {
			t.Fatalf("%q is %s and gave %q", text, quality, upn)
		}
		if upn == "" {
			return
		}
		if len(upn) != 13 || strings.Contains(words, string(upn)) {
			t.Fatalf("%q gave %q, %q", text, upn, words)
		}
		if again, sameQuality, _ := identifier.CheckUPN(string(upn)); again != upn || sameQuality != quality {
			t.Fatalf("%q gave %q, which reads as %q, %s", text, upn, again, sameQuality)
		}
	})
}

// FuzzUPNMistype changes one digit of a valid number: the check must notice,
// because 23 is prime and neither the change nor the place divides by it.
func FuzzUPNMistype(f *testing.F) {
	f.Add(uint64(80120000500), byte(3), byte(7))
	f.Fuzz(func(t *testing.T, number uint64, place, digit byte) {
		body := make([]byte, 12)
		for i := range body {
			body[i] = byte('0' + number%10)
			number /= 10
		}
		var valid identifier.UPN
		for _, letter := range "ABCDEFGHJKLMNPQRTUVWXYZ" {
			upn, quality, _ := identifier.CheckUPN(string(letter) + string(body))
			if quality == identifier.Valid {
				if valid != "" {
					t.Fatalf("both %s and %s are valid", valid, upn)
				}
				valid = upn
			}
		}
		if valid == "" {
			t.Fatalf("no letter is right for %s", body)
		}
		mistyped := []byte(valid)
		at := 1 + int(place)%12
		mistyped[at] = '0' + digit%10
		_, quality, _ := identifier.CheckUPN(string(mistyped))
		if same := string(mistyped) == string(valid); same != (quality == identifier.Valid) {
			t.Fatalf("%s mistyped as %s is %s", valid, mistyped, quality)
		}
	})
}

func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"1000000019", "103766", "SC012345", "332/1100", "10012345", "", "1.0E+07"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for kind, read := range readers {
			value, err := read(text)
			if (err == nil) != (value != "") {
				t.Fatalf("%s %q = %q, %v", kind, text, value, err)
			}
			if err != nil {
				continue
			}
			if again, err := read(value); err != nil || again != value {
				t.Fatalf("%s %q gave %q, which reads as %q, %v", kind, text, value, again, err)
			}
		}
	})
}
