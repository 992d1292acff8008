package factor

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// A code of an authenticator app holds for a step of 30 seconds (RFC 6238). Beside the present step the one
// before and the one after count, for clocks that differ.
const (
	step   = 30 * time.Second
	aside  = 1
	digits = 6
)

// newSecret is a secret to share with an app: 160 bits, as RFC 4226 recommends, in letters and digits.
func newSecret() string {
	var raw [20]byte
	rand.Read(raw[:])
	return base32.StdEncoding.EncodeToString(raw[:])
}

// stepOf is the step whose code this is, if it is later than the last one used.
func stepOf(secret, code string, now time.Time, last int64) (found int64, ok bool) {
	code = withoutSpaces(code)
	present := now.Unix() / int64(step/time.Second)
	for at := present - aside; at <= present+aside; at++ {
		right, err := codeAt(secret, at)
		if err == nil && subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 && at > last {
			found, ok = at, true
		}
	}
	return found, ok
}

func codeAt(secret string, at int64) (string, error) {
	return hotp.GenerateCodeCustom(secret, uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
}

// withoutSpaces takes out what apps and people put between digits.
func withoutSpaces(typed string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, typed)
}

// spaced is a secret or code in groups of four, to be read and typed.
func spaced(text, between string) string {
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), between)
}
