package journeys

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

var (
	paperStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	paperHex    = regexp.MustCompile(`<([0-9A-Fa-f]+)>`)
	paperChar   = regexp.MustCompile(`(?m)^<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>\s*$`)
	paperRange  = regexp.MustCompile(`(?m)^<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})>\s*$`)
)

// wordsOf is what a PDF of Chromium's says, without blanks. Text is shown there by the numbers of
// glyphs, and each font says which letters they are. All the text is read with every font in turn, as
// one of them is right.
func wordsOf(file []byte) string {
	var shown [][]byte
	var fonts []map[uint16]string
	for _, stream := range paperStream.FindAllSubmatch(file, -1) {
		text := inflated(stream[1])
		switch {
		case bytes.Contains(text, []byte("begincmap")):
			fonts = append(fonts, lettersOf(string(text)))
		case bytes.Contains(text, []byte(" Tf")):
			shown = append(shown, glyphsOf(text))
		}
	}
	var says strings.Builder
	for _, letters := range fonts {
		for _, glyphs := range shown {
			for at := 0; at+1 < len(glyphs); at += 2 {
				says.WriteString(strings.TrimSpace(letters[uint16(glyphs[at])<<8|uint16(glyphs[at+1])]))
			}
			says.WriteByte('\n')
		}
	}
	return says.String()
}

func inflated(stream []byte) []byte {
	reader, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(reader) // a picture or a font that is cut short is no text
	return text
}

func glyphsOf(content []byte) []byte {
	var glyphs []byte
	for _, run := range paperHex.FindAllSubmatch(content, -1) {
		if numbers, err := hex.DecodeString(string(run[1])); err == nil {
			glyphs = append(glyphs, numbers...)
		}
	}
	return glyphs
}

func lettersOf(table string) map[uint16]string {
	letters := map[uint16]string{}
	for _, one := range paperChar.FindAllStringSubmatch(table, -1) {
		if text, err := hex.DecodeString(one[2]); err == nil {
			var units []uint16
			for at := 0; at+1 < len(text); at += 2 {
				units = append(units, uint16(text[at])<<8|uint16(text[at+1]))
			}
			letters[number16(one[1])] = string(utf16.Decode(units))
		}
	}
	for _, some := range paperRange.FindAllStringSubmatch(table, -1) {
		first, last, letter := number16(some[1]), number16(some[2]), number16(some[3])
		for n := uint16(0); n <= last-first; n++ {
			letters[first+n] = string(rune(letter + n))
		}
	}
	return letters
}

func number16(digits string) uint16 {
	n, _ := strconv.ParseUint(digits, 16, 16)
	return uint16(n)
}
