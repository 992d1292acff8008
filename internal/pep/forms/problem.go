package forms

import (
	"strings"

	"virtualschool/internal/yamlfile"
)

// Faulty is every problem of every file, so that an author can put them right in one go.
type Faulty []yamlfile.Problem

// Error lists them, one a line.
func (f Faulty) Error() string {
	lines := []string{"the forms for Personal Education Plans need correcting:"}
	for _, problem := range f {
		lines = append(lines, problem.String())
	}
	return strings.Join(lines, "\n")
}

func (f *Faulty) list() *[]yamlfile.Problem { return (*[]yamlfile.Problem)(f) }
