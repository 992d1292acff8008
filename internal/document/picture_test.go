package document

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"virtualschool/internal/fault"
)

var pngKind, jpegKind = Kinds[1], Kinds[2]

// corner is a picture of 32 by 16, black with its upper left eighth white.
func corner() image.Image {
	picture := image.NewNRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			shade := color.NRGBA{A: 255}
			if x < 8 && y < 8 {
				shade = color.NRGBA{255, 255, 255, 255}
			}
			picture.Set(x, y, shade)
		}
	}
	return picture
}

// withEXIF is the picture as a JPEG whose EXIF says how it was held and where.
func withEXIF(t *testing.T, orientation uint16) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, corner(), nil); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = binary.LittleEndian.AppendUint16(exif, orientation)
	exif = append(exif, "\x00\x00\x00\x00\x00\x00GPS 52.51 -2.08 Kanarienvogel"...)
	whole := []byte{0xff, 0xd8, 0xff, 0xe1}
	whole = binary.BigEndian.AppendUint16(whole, uint16(len(exif)+2))
	return append(append(whole, exif...), plain.Bytes()[2:]...)
}

// withText is the picture as a PNG with words beside its pixels.
func withText(t *testing.T) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := png.Encode(&plain, corner()); err != nil {
		t.Fatal(err)
	}
	words := []byte("tEXtAuthor\x00Kanarienvogel")
	part := binary.BigEndian.AppendUint32(nil, uint32(len(words)-4))
	part = binary.BigEndian.AppendUint32(append(part, words...), crc32.ChecksumIEEE(words))
	const afterHeader = 33
	return append(append(append([]byte{}, plain.Bytes()[:afterHeader]...), part...), plain.Bytes()[afterHeader:]...)
}

// TestWhatIsHiddenInAPictureIsGone shows these requirements.
//
// ASVS 5.0: 14.2.8
func TestWhatIsHiddenInAPictureIsGone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind    Kind
		content []byte
	}{"a JPEG": {jpegKind, withEXIF(t, 1)}, "a PNG": {pngKind, withText(t)}, "a JPEG with a page behind it": {jpegKind, append(withEXIF(t, 1), "<script>Kanarienvogel</script>"...)}} {
		if !bytes.Contains(c.content, []byte("Kanarienvogel")) {
			t.Fatalf("%s has nothing to hide", name)
		}
		clean, err := redrawn(c.kind, c.content)
		if err != nil || bytes.Contains(clean, []byte("Kanarienvogel")) || bytes.Contains(clean, []byte("Exif")) {
			t.Errorf("%s: %v, %d bytes", name, err, len(clean))
		}
		if kind, err := (Upload{"x", clean}).Check(); err != nil || kind != c.kind {
			t.Errorf("%s became %+v, %v", name, kind, err)
		}
	}
	if words, err := redrawn(Kinds[6], []byte("Dear all")); err != nil || string(words) != "Dear all" {
		t.Errorf("a text: %q, %v", words, err)
	}
}

// TestAPictureStaysUpright looks where the white corner is after each way of holding a camera.
func TestAPictureStaysUpright(t *testing.T) {
	t.Parallel()
	for held, want := range map[uint16]struct{ w, h, x, y int }{
		0: {32, 16, 2, 2}, 1: {32, 16, 2, 2}, 2: {32, 16, 29, 2}, 3: {32, 16, 29, 13}, 4: {32, 16, 2, 13},
		5: {16, 32, 2, 2}, 6: {16, 32, 13, 2}, 7: {16, 32, 13, 29}, 8: {16, 32, 2, 29}, 9: {32, 16, 2, 2},
	} {
		clean, err := redrawn(jpegKind, withEXIF(t, held))
		if err != nil {
			t.Fatal(err)
		}
		picture, err := jpeg.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		bright := func(x, y int) bool { r, _, _, _ := picture.At(x, y).RGBA(); return r > 0x8000 }
		if at := picture.Bounds(); at.Dx() != want.w || at.Dy() != want.h || !bright(want.x, want.y) || bright(want.w/2, want.h/2) {
			t.Errorf("held as %d: %v, white where it should be: %t", held, at, bright(want.x, want.y))
		}
	}
}

// TestAPictureThatIsNone shows these requirements.
//
// ASVS 5.0: 5.2.6
func TestAPictureThatIsNone(t *testing.T) {
	t.Parallel()
	huge := withText(t)
	binary.BigEndian.PutUint32(huge[16:], 60_000) // it says it is 60,000 pixels wide, and as high
	binary.BigEndian.PutUint32(huge[20:], 60_000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, c := range map[string]struct {
		kind    Kind
		content []byte
	}{"too many pixels": {pngKind, huge}, "cut short": {pngKind, withText(t)[:80]}, "only a beginning": {jpegKind, []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00")}} {
		if _, err := redrawn(c.kind, c.content); !fault.Of(err).Has("file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := range 60 {
		orientation(withEXIF(t, 6)[:n]) // cut anywhere, it does not break down
		orientationIn(withEXIF(t, 6)[12:][:n])
	}
}
