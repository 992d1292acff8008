package voice

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// qrCode is an address as squares that a phone's camera reads.
type qrCode struct {
	Size int    // squares on a side, the quiet zone included
	Path string // of all dark squares, as SVG draws it
}

// quiet is the width of the empty border that readers need around the squares (ISO/IEC 18004).
const quiet = 4

// codeOf draws an address. Level M still reads when a sixth of it is smudged or folded.
func codeOf(address string) (qrCode, error) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return qrCode{}, fmt.Errorf("draw the code of a link: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	return qrCode{Size: code.Size + 2*quiet, Path: path.String()}, nil
}
