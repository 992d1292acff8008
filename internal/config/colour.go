package config

import (
	"math"
	"regexp"
	"strconv"
)

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// contrastOnWhite is the contrast ratio, 1 to 21, of a colour #rrggbb with white,
// as WCAG 2.2 defines it.
func contrastOnWhite(colour string) (ratio float64, ok bool) {
	if !hexColour.MatchString(colour) {
		return 0, false
	}
	var luminance float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0, false
		}
		part := float64(n) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		luminance += weight * part
	}
	return 1.05 / (luminance + 0.05), true
}
