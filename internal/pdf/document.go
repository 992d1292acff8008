package pdf

import (
	"fmt"
	"html"
	"strings"
)

// Document is what is to be printed: complete in itself, so that nothing has to be fetched.
type Document struct {
	Title    string // shown by readers in place of the file's name; never a child's name
	Language string // "en-GB"
	Styles   string // style sheets, one after the other
	Class    string // of the body, for the styles
	Parts    []Part
}

// Part is a stretch of pages that belong together, such as one plan. It begins on a new page.
type Part struct {
	Head, Foot string // small print at the top right and bottom left of each of its pages
	Body       []byte // markup as a template rendered it
}

// policy forbids a document everything but the styles and pictures it carries.
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

// markup is the whole document as HTML.
func (d Document) markup() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="%s"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="%s"><title>%s</title><style>%s</style><style>`,
		html.EscapeString(d.Language), policy, html.EscapeString(d.Title), strings.ReplaceAll(d.Styles, "</", `<\/`))
	for n, part := range d.Parts {
		fmt.Fprintf(&b, `@page part-%[1]d{@top-right{content:%[2]s}@bottom-left{content:%[3]s}}.part-%[1]d{page:part-%[1]d}`, n+1, quoted(part.Head), quoted(part.Foot))
	}
	fmt.Fprintf(&b, `</style></head><body class="%s">`, html.EscapeString(d.Class))
	for n, part := range d.Parts {
		fmt.Fprintf(&b, `<div class="part-%d">%s</div>`, n+1, part.Body)
	}
	b.WriteString(`</body></html>`)
	return b.String()
}

// quoted is a text as a string of a style sheet. Everything but letters, digits and blanks is written
// as its number, so that nothing in it can end the string, the sheet or the element.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r == ' ' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\%06x `, r) // the blank ends the number and is no part of the text
		}
	}
	b.WriteByte('"')
	return b.String()
}
