package document

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"virtualschool/internal/fault"
)

// mostPixels is more than a scanned page or a telephone's picture has. A small file can say it has many
// more, so it is asked before any of them is made.
const mostPixels = 40_000_000

// pictureQuality keeps writing readable.
const pictureQuality = 88

// redrawn is a picture drawn anew from its pixels: where it was taken, by what and by whom, and whatever else was
// hidden in its file, is gone. Which way up it was held stays true. Other files stay as they are.
func redrawn(kind Kind, content []byte) ([]byte, error) {
	if kind.MediaType != "image/png" && kind.MediaType != "image/jpeg" {
		return content, nil
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case err != nil:
		return nil, fault.Invalid("file", "The picture is damaged and cannot be read. Choose another.")
	case size.Width <= 0 || size.Height <= 0 || size.Width > mostPixels/size.Height:
		return nil, fault.Invalid("file", "The picture is too large: it must have 40 million pixels or fewer")
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, fault.Invalid("file", "The picture is damaged and cannot be read. Choose another.")
	}
	var drawn bytes.Buffer
	if kind.MediaType == "image/png" {
		err = png.Encode(&drawn, picture)
	} else {
		err = jpeg.Encode(&drawn, upright(picture, orientation(content)), &jpeg.Options{Quality: pictureQuality})
	}
	if err != nil {
		return nil, err
	}
	if drawn.Len() > MostBytes {
		return nil, fault.Invalid("file", "The picture is too large. Send it smaller, or as a JPEG.")
	}
	return drawn.Bytes(), nil
}

// upright turns a picture the way its camera was held: 1 to 8 as in EXIF, 1 and anything else as it is.
func upright(picture image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return picture
	}
	from := picture.Bounds()
	w, h := from.Dx(), from.Dy()
	source := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(source, source.Bounds(), picture, from.Min, draw.Src)
	across, down := w, h
	if orientation >= 5 {
		across, down = h, w
	}
	turned := image.NewNRGBA(image.Rect(0, 0, across, down))
	for y := range down {
		for x := range across {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			turned.SetNRGBA(x, y, source.NRGBAAt(sx, sy))
		}
	}
	return turned
}

// orientation reads from a JPEG's EXIF which way its camera was held (tag 0x0112); 1 when it does not say.
func orientation(content []byte) int {
	for at := 2; at+4 <= len(content) && content[at] == 0xff; {
		marker, size := content[at+1], int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(content) { // the picture itself begins
			return 1
		}
		if segment := content[at+4 : at+2+size]; marker == 0xe1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return orientationIn(segment[6:])
		}
		at += 2 + size
	}
	return 1
}

func orientationIn(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	first := int64(order.Uint32(tiff[4:]))
	if first < 8 || first+2 > int64(len(tiff)) {
		return 1
	}
	entries := int(order.Uint16(tiff[first:]))
	for n := range entries {
		at := first + 2 + int64(n)*12
		if at+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[at:]) == 0x0112 {
			return int(order.Uint16(tiff[at+8:]))
		}
	}
	return 1
}
