package yamlfile

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Place is where in a file something stands. What is wrong there is noted, and reading goes on.
type Place struct {
	file     string
	line     int
	path     string
	problems *[]Problem
}

// Wrong notes what is wrong at the place, and what to do about it.
func (p Place) Wrong(format string, args ...any) {
	*p.problems = append(*p.problems, Problem{p.file, p.line, p.path, fmt.Sprintf(format, args...)})
}

// Down is a step further into the file. A node that is missing leaves the line where it was.
func (p Place) Down(step string, node *yaml.Node) Place {
	if node != nil {
		p.line = node.Line
	}
	if p.path != "" {
		step = p.path + "." + step
	}
	p.path = step
	return p
}

// Fields are the names and values of one mapping.
type Fields struct {
	At Place
	of map[string]*yaml.Node
}

// ReadFields takes a mapping apart. It notes names that do not belong there or are there twice.
func ReadFields(at Place, node *yaml.Node, what string, allowed ...string) (Fields, bool) {
	f := Fields{at, map[string]*yaml.Node{}}
	if node.Kind != yaml.MappingNode {
		at.Wrong("%s must be a list of names and values, such as %s: …", what, allowed[0])
		return f, false
	}
	for n := 0; n+1 < len(node.Content); n += 2 {
		name, value := node.Content[n], node.Content[n+1]
		here := at.Down(name.Value, name)
		switch {
		case name.Kind != yaml.ScalarNode:
			here.path = at.path
			here.Wrong("write a plain name before the colon")
		case !slices.Contains(allowed, name.Value):
			here.Wrong("%s is not known here. %s", name.Value, instead(name.Value, allowed))
		case f.of[name.Value] != nil:
			here.Wrong("%s is here twice. Take one out.", name.Value)
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

// Place is where a field stands, or where it is missing.
func (f Fields) Place(name string) Place { return f.At.Down(name, f.of[name]) }

// Has says whether a field is there.
func (f Fields) Has(name string) bool { return f.of[name] != nil }

// Missing says whether a field is not there or has nothing in it.
func (f Fields) Missing(name string) bool {
	node := f.of[name]
	switch {
	case node == nil, node.Tag == "!!null":
		return true
	case node.Kind == yaml.ScalarNode:
		return strings.TrimSpace(node.Value) == ""
	}
	return len(node.Content) == 0
}

// Count is how many items a list has; -1 for what is no list, of which reading it has told already.
func (f Fields) Count(name string) int {
	switch {
	case f.Missing(name):
		return 0
	case f.of[name].Kind != yaml.SequenceNode:
		return -1
	}
	return len(f.of[name].Content)
}

// Text is a field's words; empty when it is not there.
func (f Fields) Text(name string) string {
	node := f.of[name]
	if node == nil {
		return ""
	}
	return Scalar(f.Place(name), node)
}

// Scalar is the words of one plain value.
func Scalar(at Place, node *yaml.Node) string {
	if node.Kind != yaml.ScalarNode {
		at.Wrong("write plain words, in quotes if they hold a colon or begin with a bracket")
		return ""
	}
	if node.Tag == "!!null" {
		return ""
	}
	return strings.TrimSpace(node.Value)
}

// Words is text of at most so many characters; required says that there must be some.
func (f Fields) Words(name string, most int, required bool) string {
	text := f.Text(name)
	switch n := utf8.RuneCountInString(text); {
	case required && f.Missing(name):
		f.Place(name).Wrong("%s is missing. Write what people read on the page.", name)
	case n > most:
		f.Place(name).Wrong("%s must be %d characters or fewer. It is %d.", name, most, n)
	}
	return text
}

// Number is a field's number; 0 when it is not there.
func (f Fields) Number(name string) float64 {
	if !f.Has(name) {
		return 0
	}
	number, err := strconv.ParseFloat(f.Text(name), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		f.Place(name).Wrong("write a number, such as 10")
		return 0
	}
	return number
}

// Whole is a field's whole number.
func (f Fields) Whole(name string) int {
	number := f.Number(name)
	if number != math.Trunc(number) || math.Abs(number) > 1e6 {
		f.Place(name).Wrong("write a whole number, such as 10")
		return 0
	}
	return int(number)
}

// Yes is a field that says true or false; false when it is not there.
func (f Fields) Yes(name string) bool {
	switch strings.ToLower(f.Text(name)) {
	case "true", "yes":
		return true
	case "false", "no", "":
		return false
	}
	f.Place(name).Wrong("write true or false")
	return false
}

// List is the items of a list, each with its place: by its own key where it has one, else by number.
func (f Fields) List(name string) []Item {
	node := f.of[name]
	if node == nil || node.Tag == "!!null" {
		return nil
	}
	if node.Kind != yaml.SequenceNode {
		f.Place(name).Wrong("write a list: one item a line, each behind a dash")
		return nil
	}
	var items []Item
	for n, one := range node.Content {
		items = append(items, Item{f.Place(name).Down(stepOf(n, one), one), one})
	}
	return items
}

// Item is one item of a list, with its place.
type Item struct {
	At   Place
	Node *yaml.Node
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

// Offered is a field with one of a few values.
func (f Fields) Offered(name string, values []string) string {
	text := f.Text(name)
	if text != "" && !slices.Contains(values, text) {
		f.Place(name).Wrong("%s is %q. Write one of %s.", name, text, strings.Join(values, ", "))
		return ""
	}
	return text
}

// SomeOf is a list of which each item is one of a few values, once.
func (f Fields) SomeOf(name string, values []string) []string {
	var some []string
	for _, one := range f.List(name) {
		switch text := Scalar(one.At, one.Node); {
		case !slices.Contains(values, text):
			one.At.Wrong("%q is not known. Write one of %s.", text, strings.Join(values, ", "))
		case slices.Contains(some, text):
			one.At.Wrong("%q is here twice. Take one out.", text)
		default:
			some = append(some, text)
		}
	}
	return some
}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// Key is a name for the program, not for people.
func (f Fields) Key(name string) string {
	key := f.Text(name)
	if !keyShape.MatchString(key) {
		f.Place(name).Wrong("%s is %q. Write small letters, digits and _, beginning with a letter, such as early_years.", name, key)
		return ""
	}
	return key
}

// Empty says whether nothing that is known stands in the mapping.
func (f Fields) Empty() bool { return len(f.of) == 0 }

// Forget leaves a field out of all further reading.
func (f Fields) Forget(name string) { delete(f.of, name) }

// Inner takes apart a field that is a mapping itself; false when it is not there.
func (f Fields) Inner(name, what string, allowed ...string) (Fields, bool) {
	if !f.Has(name) {
		return Fields{}, false
	}
	return ReadFields(f.Place(name), f.of[name], what, allowed...)
}
