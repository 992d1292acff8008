package smart

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"virtualschool/internal/pep"
)

//go:embed examples.yaml
var builtin []byte

// Example is a target as good ones read, for children of a phase.
type Example struct {
	Phase    string
	Area     string
	What     string
	Measure  string
	Baseline string
	Owner    string
	Resource string
	Wish     string // what the child had said
}

// Phases are those that examples are kept for, in order, with their names.
var Phases = []struct{ Phase, Name string }{
	{"early_years", "Early years"}, {"primary", "Primary"}, {"secondary", "Secondary"}, {"special", "Special"}, {"post_16", "Post-16"},
}

// ForForm are the examples for children whose plan has this form.
func ForForm(form string) []Example {
	switch form {
	case "eotas":
		form = "secondary"
	case "in_work", "not_on_roll":
		form = "post_16"
	}
	return Examples(form, "")
}

var bank = must(ParseExamples(builtin))

// Examples are the worked examples of a phase and area; empty for any.
func Examples(phase, area string) []Example {
	var found []Example
	for _, one := range bank {
		if (phase == "" || one.Phase == phase) && (area == "" || one.Area == area) {
			found = append(found, one)
		}
	}
	return found
}

// ParseExamples reads a bank of examples. The error lists everything that is wrong with it.
func ParseExamples(text []byte) ([]Example, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var examples []Example
	if err := decoder.Decode(&examples); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the examples of targets cannot be read: %w", err)
	}
	var wrong []string
	for n, one := range examples {
		say := func(format string, args ...any) {
			wrong = append(wrong, fmt.Sprintf("example %d: ", n+1)+fmt.Sprintf(format, args...))
		}
		if !slices.ContainsFunc(Phases, func(p struct{ Phase, Name string }) bool { return p.Phase == one.Phase }) {
			say("there is no phase %q", one.Phase)
		}
		if pep.TextOf(pep.Areas, one.Area) == one.Area {
			say("there is no area %q", one.Area)
		}
		for name, text := range map[string]string{"what": one.What, "measure": one.Measure, "baseline": one.Baseline, "owner": one.Owner} {
			if strings.TrimSpace(text) == "" {
				say("%s is empty", name)
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.New("the examples of targets need correcting:\n" + strings.Join(wrong, "\n"))
	}
	return examples, nil
}

func must(examples []Example, err error) []Example {
	if err != nil {
		panic(err)
	}
	return examples
}
