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
	text = plain(text)
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
	text = plain(text)
	first, second, parted := strings.Cut(text, " ")
	switch {
	case text == "" || text == "-" || text == "!":
		return "", "", nil
	case parted:
		second = strings.TrimSpace(second)
	case utf8.RuneCountInString(text) == 2 && National.byCode[Code(text)] == nil:
		_, width := utf8.DecodeRuneInString(text)
		first, second = text[:width], text[width:]
	default:
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

// plain is text as codes are written: without the apostrophe that stops a spreadsheet from reading a
// stroke as a formula, without spaces around, in capitals.
func plain(text string) string {
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
