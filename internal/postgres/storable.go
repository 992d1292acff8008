package postgres

import "strings"

// Storable is a text without what the database cannot hold: NUL, and bytes that are no UTF-8.
func Storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}
