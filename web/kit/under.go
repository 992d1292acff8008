package kit

import (
	"net/url"
	"strings"
)

// Under is the part of a form whose fields have names that begin with a prefix, as a form without it:
// what asks for "what-0" there reads and shows "targets-what-0" here. So the fields of one page can
// stand on another beside fields of the same name. It is a copy: Join takes back what was found wrong.
func (f *Form) Under(prefix string) *Form {
	part := &Form{Key: f.Key, values: url.Values{}, prefix: f.prefix + prefix}
	for name, values := range f.values {
		if rest, within := strings.CutPrefix(name, prefix); within {
			part.values[rest] = values
		}
	}
	for _, problem := range f.Problems {
		if rest, within := strings.CutPrefix(problem.Field, prefix); within {
			part.Problems.Add(rest, problem.Text)
		}
	}
	return part
}

// Join takes what a part of the form was filled with, and the problems found in it, into the form.
func (f *Form) Join(part *Form) {
	prefix := strings.TrimPrefix(part.prefix, f.prefix)
	for name, values := range part.values {
		f.values[prefix+name] = values
	}
	for _, problem := range part.Problems {
		if !f.Problems.Has(prefix + problem.Field) {
			f.Problems.Add(prefix+problem.Field, problem.Text)
		}
	}
}

// Name is a field's name on the page, for markup that no method of the form writes.
func (f *Form) Name(name string) string { return f.prefix + name }
