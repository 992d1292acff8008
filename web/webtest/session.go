package webtest

import (
	"time"

	"github.com/alexedwards/scs/v2"
)

// encodeEmpty is a session with nothing in it, as the session library writes it: by the clock on the wall.
func encodeEmpty() ([]byte, error) {
	return scs.GobCodec{}.Encode(time.Now().Add(8*time.Hour), map[string]any{})
}
