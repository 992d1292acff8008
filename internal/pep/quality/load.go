package quality

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
)

//go:embed builtin/*.yaml
var rubricFiles embed.FS

// Builtin is the rubrics that come with the program. They look at sections by their usual names: one
// that a council's form does not have is judged all the same, without a link to it.
func Builtin() (Set, error) {
	folder, err := fs.Sub(rubricFiles, "builtin")
	if err != nil {
		return Set{}, err
	}
	return load(folder, nil)
}

// LoadBeside reads a council's own rubrics from the folder "rubrics" inside its folder of forms;
// those that come with the program where it has none.
func LoadBeside(folder fs.FS, set forms.Set) (Set, error) {
	own, err := fs.Glob(folder, "rubrics/*.yaml")
	if err != nil || len(own) == 0 {
		return Builtin()
	}
	inside, err := fs.Sub(folder, "rubrics")
	if err != nil {
		return Set{}, err
	}
	return Load(inside, set)
}

// Load reads every .yaml file of a folder as one rubric each, against the forms whose sections they
// look at. The error lists every problem of every file, one a line.
func Load(folder fs.FS, set forms.Set) (Set, error) { return load(folder, parts(set)) }

// load checks what criteria look at only where there are parts to compare with.
func load(folder fs.FS, parts []pep.Part) (Set, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return Set{}, err
	}
	if len(names) == 0 {
		return Set{}, errors.New("there is no rubric: put at least one .yaml file in the folder of rubrics")
	}
	slices.Sort(names)
	var loaded Set
	problems := faulty{parts: parts}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return Set{}, err
		}
		if rubric, readable := problems.read(name, text); readable {
			problems.check(name, rubric)
			loaded.all = append(loaded.all, rubric)
		}
	}
	problems.checkTogether(loaded)
	if len(problems.lines) > 0 {
		return Set{}, errors.New("the rubrics for quality assurance need correcting:\n" + strings.Join(problems.lines, "\n"))
	}
	return loaded, nil
}

// parts are what a criterion may look at: the typed parts, and the sections of any form.
func parts(set forms.Set) []pep.Part {
	all := slices.Clone(pep.TypedParts)
	for _, form := range set.All() {
		for _, section := range form.Sections {
			all = append(all, pep.Part(section.Key))
		}
	}
	return all
}

// faulty gathers sentences: file, place, what is wrong.
type faulty struct {
	lines []string
	parts []pep.Part
}

func (p *faulty) add(place, format string, args ...any) {
	p.lines = append(p.lines, place+": "+fmt.Sprintf(format, args...))
}

// read is false for a file that is not YAML at all; wrong fields and types are noted and passed over.
func (p *faulty) read(name string, text []byte) (Rubric, bool) {
	var rubric Rubric
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	err := decoder.Decode(&rubric)
	var wrongTypes *yaml.TypeError
	switch {
	case errors.As(err, &wrongTypes):
		for _, one := range wrongTypes.Errors {
			p.add(name, "%s", one)
		}
	case err != nil:
		p.add(name, "cannot be read: %v", err)
		return rubric, false
	}
	return rubric, true
}

var (
	keyShape  = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	colours   = []string{"green", "yellow", "orange", "red", "grey", "blue"}
	keyStages = []string{"EYFS", "KS1", "KS2", "KS3", "KS4", "Post-16"}
)

func (p *faulty) check(name string, r Rubric) {
	if !keyShape.MatchString(r.Name) {
		p.add(name, "rubric must be a name in small letters, like rag")
	}
	if r.Version < 1 {
		p.add(name, "version must be 1 or more")
	}
	if r.Title == "" {
		p.add(name, "title is missing")
	}
	p.checkGrades(name, r)
	p.checkFacts(name, r)
	if len(r.Criteria) == 0 {
		p.add(name, "there are no criteria")
	}
	seen := map[string]bool{}
	for n, c := range r.Criteria {
		at := fmt.Sprintf("%s, criterion %d (%s)", name, n+1, c.Key)
		if !keyShape.MatchString(c.Key) {
			p.add(at, "key must be small letters, digits and _")
		}
		if seen[c.Key] {
			p.add(at, "key %q is used twice", c.Key)
		}
		seen[c.Key] = true
		p.checkCriterion(at, r, c)
	}
	p.checkOverall(name, r)
}

func (p *faulty) checkGrades(name string, r Rubric) {
	if len(r.Grades) < 2 {
		p.add(name, "grades must list at least two, from best to worst")
	}
	seen := map[string]bool{}
	for n, g := range r.Grades {
		at := fmt.Sprintf("%s, grade %d (%s)", name, n+1, g.Key)
		if !keyShape.MatchString(g.Key) {
			p.add(at, "key must be small letters, digits and _")
		}
		if seen[g.Key] {
			p.add(at, "key %q is used twice", g.Key)
		}
		seen[g.Key] = true
		if g.Name == "" || g.Means == "" {
			p.add(at, "name and means must be there")
		}
		if !slices.Contains(colours, g.Colour) {
			p.add(at, "colour %q is not one of %s", g.Colour, strings.Join(colours, ", "))
		}
		if severity(g.Does) < 0 {
			p.add(at, "does %q is not one of accept, follow_up, return", g.Does)
		} else if n > 0 && severity(g.Does) < severity(r.Grades[n-1].Does) {
			p.add(at, "a worse grade cannot do less than a better one: list grades from best to worst")
		}
	}
	if len(r.Grades) > 0 && r.Grades[0].Does != Accepts {
		p.add(name, "the best grade must accept the plan")
	}
}

// severity orders effects; -1 for what is none.
func severity(e Effect) int { return slices.Index([]Effect{Accepts, Follows, Returns}, e) }

func (p *faulty) checkFacts(name string, r Rubric) {
	for _, level := range Levels {
		if r.rank(r.Facts[level]) < 0 {
			p.add(name, "facts must give a grade of the scale for %s", level)
		}
	}
	for level := range r.Facts {
		if !slices.Contains(Levels, level) {
			p.add(name, "facts: %q is not one of met, partly, missing", level)
		}
	}
}

func (p *faulty) checkCriterion(at string, r Rubric, c Criterion) {
	if c.Title == "" {
		p.add(at, "title is missing")
	}
	if p.parts != nil && !slices.Contains(p.parts, c.Part) {
		p.add(at, "part %q is neither a part of every plan nor a section of any form", c.Part)
	}
	for key := range c.Looks {
		if r.rank(key) < 0 {
			p.add(at, "looks describes %q, which is not a grade", key)
		}
	}
	for _, g := range r.Grades {
		if c.Looks[g.Key] == "" {
			p.add(at, "looks must say what %s looks like", g.Key)
		}
	}
	if c.Weight < 1 || c.Weight > 100 {
		p.add(at, "weight must be from 1 to 100")
	}
	if _, known := Rules[c.Rule]; c.Rule != "" && !known {
		p.add(at, "rule %q is not one of %s", c.Rule, strings.Join(ruleNames(), ", "))
	}
	for _, stage := range c.KeyStages {
		if !slices.Contains(keyStages, stage) {
			p.add(at, "key stage %q is not one of %s", stage, strings.Join(keyStages, ", "))
		}
	}
	for _, year := range c.Years {
		if year < -2 || year > 14 {
			p.add(at, "year %d is not from -2 (the year of the third birthday) to 14", year)
		}
	}
	for _, kind := range c.Kinds {
		if kind.Name() == "" {
			p.add(at, "kind %q is not a kind of plan", kind)
		}
	}
}

func (p *faulty) checkOverall(name string, r Rubric) {
	if len(r.Overall) != len(r.Grades) {
		p.add(name, "overall must say for each of the %d grades when a plan has it, from worst to best", len(r.Grades))
		return
	}
	for n, one := range r.Overall {
		at := fmt.Sprintf("%s, overall %d (%s)", name, n+1, one.Grade)
		if want := r.Grades[len(r.Grades)-1-n].Key; one.Grade != want {
			p.add(at, "grade must be %s: overall goes from worst to best", want)
		}
		last := n == len(r.Overall)-1
		switch {
		case last && len(one.When) > 0:
			p.add(at, "the best grade is what remains, and has no when")
		case !last && len(one.When) == 0:
			p.add(at, "when must say what pulls a plan down to it")
		}
		for _, limit := range one.When {
			switch {
			case r.rank(limit.OrWorse) < 0:
				p.add(at, "or_worse %q is not a grade", limit.OrWorse)
			case r.rank(limit.OrWorse) == 0:
				p.add(at, "or_worse %s is every mark there is", limit.OrWorse)
			}
			if (limit.AtLeast > 0) == (limit.Percent > 0) || limit.AtLeast < 0 || limit.Percent < 0 || limit.Percent > 100 {
				p.add(at, "a limit has either at_least, from 1, or percent, from 1 to 100")
			}
		}
	}
}

// checkTogether finds what only shows when all rubrics are side by side.
func (p *faulty) checkTogether(set Set) {
	seen := map[string]bool{}
	for _, r := range set.all {
		at := fmt.Sprintf("%s version %d", r.Name, r.Version)
		if seen[at] {
			p.add(r.Name, "version %d is there twice", r.Version)
		}
		seen[at] = true
	}
	if _, there := set.Pick(Usual); !there {
		p.add("all rubrics", "none is called %s, which holds while the council has set no other", Usual)
	}
}
