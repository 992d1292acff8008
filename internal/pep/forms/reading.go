package forms

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// place is where in a file something stands. What is wrong there is noted, and reading goes on.
type place struct {
	file     string
	line     int
	path     string
	problems *Faulty
}

func (p place) wrong(format string, args ...any) {
	*p.problems = append(*p.problems, Problem{p.file, p.line, p.path, fmt.Sprintf(format, args...)})
}

// down is a step further into the file. A node that is missing leaves the line where it was.
func (p place) down(step string, node *yaml.Node) place {
	if node != nil {
		p.line = node.Line
	}
	if p.path != "" {
		step = p.path + "." + step
	}
	p.path = step
	return p
}

// fields are the names and values of one mapping.
type fields struct {
	at place
	of map[string]*yaml.Node
}

// readFields takes a mapping apart. It notes names that do not belong there or are there twice.
func readFields(at place, node *yaml.Node, what string, allowed ...string) (fields, bool) {
	f := fields{at, map[string]*yaml.Node{}}
	if node.Kind != yaml.MappingNode {
		at.wrong("%s must be a list of names and values, such as %s: …", what, allowed[0])
		return f, false
	}
	for n := 0; n+1 < len(node.Content); n += 2 {
		name, value := node.Content[n], node.Content[n+1]
		here := at.down(name.Value, name)
		switch {
		case name.Kind != yaml.ScalarNode:
			here.path = at.path
			here.wrong("write a plain name before the colon")
		case !slices.Contains(allowed, name.Value):
			here.wrong("%s is not known here. %s", name.Value, instead(name.Value, allowed))
		case f.of[name.Value] != nil:
			here.wrong("%s is here twice. Take one out.", name.Value)
		default:
			f.of[name.Value] = value
		}
	}
	return f, true
}

// instead is the name that was probably meant, or all there are.
func instead(name string, allowed []string) string {
	for _, one := range allowed {
		if alike(strings.ToLower(name), one) {
			return "Write " + one + "."
		}
	}
	return "Take it out, or use one of " + strings.Join(allowed, ", ") + "."
}

// alike says whether two words differ by one letter, or by two that changed places.
func alike(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

// place is where a field stands, or where it is missing.
func (f fields) place(name string) place { return f.at.down(name, f.of[name]) }

func (f fields) has(name string) bool { return f.of[name] != nil }

// missing says whether a field is not there or has nothing in it.
func (f fields) missing(name string) bool {
	node := f.of[name]
	switch {
	case node == nil, node.Tag == "!!null":
		return true
	case node.Kind == yaml.ScalarNode:
		return strings.TrimSpace(node.Value) == ""
	}
	return len(node.Content) == 0
}

// count is how many items a list has; -1 for what is no list, of which reading it has told already.
func (f fields) count(name string) int {
	switch {
	case f.missing(name):
		return 0
	case f.of[name].Kind != yaml.SequenceNode:
		return -1
	}
	return len(f.of[name].Content)
}

// text is a field's words; empty when it is not there.
func (f fields) text(name string) string {
	node := f.of[name]
	if node == nil {
		return ""
	}
	return scalar(f.place(name), node)
}

func scalar(at place, node *yaml.Node) string {
	if node.Kind != yaml.ScalarNode {
		at.wrong("write plain words, in quotes if they hold a colon or begin with a bracket")
		return ""
	}
	if node.Tag == "!!null" {
		return ""
	}
	return strings.TrimSpace(node.Value)
}

// words is text of at most so many characters; required says that there must be some.
func (f fields) words(name string, most int, required bool) string {
	text := f.text(name)
	switch n := utf8.RuneCountInString(text); {
	case required && f.missing(name):
		f.place(name).wrong("%s is missing. Write what people read on the page.", name)
	case n > most:
		f.place(name).wrong("%s must be %d characters or fewer. It is %d.", name, most, n)
	}
	return text
}

func (f fields) number(name string) float64 {
	if !f.has(name) {
		return 0
	}
	number, err := strconv.ParseFloat(f.text(name), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		f.place(name).wrong("write a number, such as 10")
		return 0
	}
	return number
}

func (f fields) whole(name string) int {
	number := f.number(name)
	if number != math.Trunc(number) || math.Abs(number) > 1e6 {
		f.place(name).wrong("write a whole number, such as 10")
		return 0
	}
	return int(number)
}

func (f fields) yes(name string) bool {
	switch strings.ToLower(f.text(name)) {
	case "true", "yes":
		return true
	case "false", "no", "":
		return false
	}
	f.place(name).wrong("write true or false")
	return false
}

// list is the items of a list, each with its place: by its own key where it has one, else by number.
func (f fields) list(name string) []item {
	node := f.of[name]
	if node == nil || node.Tag == "!!null" {
		return nil
	}
	if node.Kind != yaml.SequenceNode {
		f.place(name).wrong("write a list: one item a line, each behind a dash")
		return nil
	}
	var items []item
	for n, one := range node.Content {
		items = append(items, item{f.place(name).down(stepOf(n, one), one), one})
	}
	return items
}

type item struct {
	at   place
	node *yaml.Node
}

func stepOf(n int, node *yaml.Node) string {
	if node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if name := node.Content[i].Value; (name == "key" || name == "value") && keyShape.MatchString(node.Content[i+1].Value) {
				return node.Content[i+1].Value
			}
		}
	}
	return strconv.Itoa(n + 1)
}

// offered is a field with one of a few values.
func (f fields) offered(name string, values []string) string {
	text := f.text(name)
	if text != "" && !slices.Contains(values, text) {
		f.place(name).wrong("%s is %q. Write one of %s.", name, text, strings.Join(values, ", "))
		return ""
	}
	return text
}

// someOf is a list of which each item is one of a few values, once.
func (f fields) someOf(name string, values []string) []string {
	var some []string
	for _, one := range f.list(name) {
		switch text := scalar(one.at, one.node); {
		case !slices.Contains(values, text):
			one.at.wrong("%q is not known. Write one of %s.", text, strings.Join(values, ", "))
		case slices.Contains(some, text):
			one.at.wrong("%q is here twice. Take one out.", text)
		default:
			some = append(some, text)
		}
	}
	return some
}
