package mark

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Parse reads one session's mark as people and their systems write it: "/", " l ", "'/", "c1". A blank,
// "-" and "!" stand where a register expects a mark and has none: the empty Code without an error,
// which is missing and never absence. It is an error for anything that is no code of any year, with
// words that say what to do. Whether the code was in force is a question to Table.Class.
func Parse(text string) (Code, error) {
	text = Plain(text)
	switch text {
	case "", "-", "!":
		return "", nil
	case "*", "@":
		return "", fmt.Errorf("%s is a local sign, not a national code. Ask the school what it stands for.", text)
	case "PRESENT", "ABSENT":
		return "", fmt.Errorf("%s does not say which code. Use the school's own mark.", strings.ToLower(text))
	}
	code := Code(text)
	if National.byCode[code] == nil {
		return "", fmt.Errorf("%q is not an attendance code", short(text))
	}
	return code, nil
}

// ParseDay reads a whole day in one cell, morning then afternoon: "/\", "/ \", "C1 C1". Two marks that
// stand together are parted only when each is one character and the two are not one code: "C1" alone
// is refused, as any single mark is, because it does not say which half of the day it is for. A blank
// day is two missing marks.
func ParseDay(text string) (am, pm Code, err error) {
	text = Plain(text)
	first, second, parted := SplitDay(text)
	switch {
	case text == "" || text == "-" || text == "!":
		return "", "", nil
	case !parted:
		return "", "", fmt.Errorf("%q is not two marks, morning and afternoon", short(text))
	}
	if am, err = Parse(first); err != nil {
		return "", "", err
	}
	if pm, err = Parse(second); err != nil {
		return "", "", err
	}
	return am, pm, nil
}

// SplitDay parts a whole day in one cell into the texts of its two marks, whatever they are; false for one
// that does not say which half of the day is which.
func SplitDay(text string) (am, pm string, parted bool) {
	text = Plain(text)
	if am, pm, parted = strings.Cut(text, " "); parted {
		return am, strings.TrimSpace(pm), true
	}
	if utf8.RuneCountInString(text) != 2 || National.byCode[Code(text)] != nil {
		return "", "", false
	}
	_, width := utf8.DecodeRuneInString(text)
	return text[:width], text[width:], true
}

// At is the code as it stands in a session: either stroke becomes the session's own, for schools
// that write one stroke for both halves of the day.
func (c Code) At(session Session) Code {
	switch {
	case c == `\` && session == AM:
		return "/"
	case c == "/" && session == PM:
		return `\`
	}
	return c
}

// Plain is text as codes are written and compared: without the apostrophe that stops a spreadsheet from
// reading a stroke as a formula, without spaces around, in capitals.
func Plain(text string) string {
	text = strings.Join(strings.Fields(text), " ") // no-break spaces are spaces too
	text = strings.TrimPrefix(strings.TrimPrefix(text, "'"), "’")
	return strings.ToUpper(strings.TrimSpace(text))
}

// short is the start of what was typed, for a message.
func short(text string) string {
	runes := []rune(text)
	if len(runes) > 12 {
		return string(runes[:12]) + "…"
	}
	return text
}
