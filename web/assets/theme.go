package assets

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"strconv"
)

// DefaultColour is used where a council has not chosen one.
const DefaultColour = "#0a5c5f"

// Theme serves the style sheet with the council's colour, written "#rrggbb".
// Text on the colour is black or white, whichever reads better; on white the
// colour is darkened until it reads (WCAG 2.2, 1.4.3: 4.5 to 1). A colour that
// cannot be read is taken as DefaultColour; the settings refuse it at start.
func Theme(colour string) http.Handler {
	sheet := ThemeSheet(colour)
	sum := sha256.Sum256([]byte(sheet))
	f := file{body: []byte(sheet), contentType: contentTypes[".css"], tag: hex.EncodeToString(sum[:6])}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		f.serve(w, r)
	})
}

// ThemeSheet is what Theme serves.
func ThemeSheet(colour string) string {
	c, err := parseColour(colour)
	if err != nil {
		c, _ = parseColour(DefaultColour)
	}
	text := rgb{255, 255, 255}
	if contrast(c, text) < contrast(c, rgb{}) {
		text = rgb{}
	}
	onWhite := c
	for contrast(onWhite, rgb{255, 255, 255}) < 4.5 {
		onWhite = mix(onWhite, rgb{}, 0.1)
	}
	tint := mix(c, rgb{255, 255, 255}, 0.93)
	line := mix(c, rgb{255, 255, 255}, 0.5)
	return fmt.Sprintf(":root{--vs-brand:%s;--vs-brand-text:%s;--vs-brand-on-white:%s;--govuk-brand-colour:%s;"+
		"--govuk-surface-background-colour:%s;--govuk-surface-border-colour:%s;--govuk-template-background-colour:%s}\n",
		c, text, onWhite, onWhite, tint, line, tint)
}

type rgb [3]float64

func parseColour(s string) (rgb, error) {
	if len(s) == 7 && s[0] == '#' {
		if n, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return rgb{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, nil
		}
	}
	return rgb{}, fmt.Errorf("colour %q: write it as # and six digits, for example %s", s, DefaultColour)
}

// String is the colour as style sheets write it.
func (c rgb) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]+0.5), int(c[1]+0.5), int(c[2]+0.5))
}

// mix moves a colour towards another by a share of the way.
func mix(from, to rgb, share float64) rgb {
	for i := range from {
		from[i] += (to[i] - from[i]) * share
	}
	return from
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func (c rgb) luminance() float64 {
	var l [3]float64
	for i, v := range c {
		v /= 255
		if v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}
