package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Link is a piece of text that leads somewhere. Hidden is read out after the
// text and not shown: "Change" + "date of birth".
type Link struct {
	Text, Href, Hidden string
}

// Size is the size of a label, legend or heading: Small, Medium, Large.
type Size string

// Sizes of labels and legends. The zero Size is plain text.
const (
	Plain  Size = ""
	Small  Size = "s"
	Medium Size = "m"
	Large  Size = "l"
)

// Option is one entry of a Select.
type Option struct {
	Value, Text string
}

// describedBy lists the ids of a field's hint, error and other explanations.
func describedBy(name, hint, errorText string, more ...string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, name+"-hint")
	}
	if errorText != "" {
		ids = append(ids, name+"-error")
	}
	return strings.Join(append(ids, more...), " ")
}

// sized is a class with the size at its end, unless the text is plain.
func sized(class string, size Size) templ.KeyValue[string, bool] {
	return templ.KV(class+string(size), size != Plain)
}
