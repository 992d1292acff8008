package webtest

import (
	"time"

	"github.com/alexedwards/scs/v2"
)

// encodeEmpty is a session with nothing in it, as the session library writes it.
func encodeEmpty(now time.Time) ([]byte, error) {
	return scs.GobCodec{}.Encode(now.Add(8*time.Hour), map[string]any{})
}
