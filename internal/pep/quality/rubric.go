package quality

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/pep"
)

// Effect is what a grade does: to the whole plan as its grade, to a criterion as its mark.
type Effect string

const (
	Accepts Effect = "accept"    // nothing more to do
	Follows Effect = "follow_up" // accepted; the note follows into the next plan
	Returns Effect = "return"    // to be corrected before it can be signed off
)

// Grade is one step of a rubric's scale.
type Grade struct {
	Key    string `yaml:"key"`
	Name   string `yaml:"name"`
	Means  string `yaml:"means"`  // in a sentence
	Colour string `yaml:"colour"` // green, yellow, orange, red, grey or blue
	Does   Effect `yaml:"does"`
}

// NeedsNote says whether a mark of this grade must say why.
func (g Grade) NeedsNote() bool { return g.Does != Accepts }

// Criterion is one thing a plan is judged by.
type Criterion struct {
	Key       string            `yaml:"key"`
	Title     string            `yaml:"title"`
	Part      pep.Part          `yaml:"part"`  // the part or section of the plan it looks at
	Looks     map[string]string `yaml:"looks"` // what each grade looks like, by the grade's key
	Weight    int               `yaml:"weight"`
	Rule      string            `yaml:"rule"` // the fact that marks it; empty: a person judges it
	Optional  bool              `yaml:"optional"`
	KeyStages []string          `yaml:"key_stages"` // for whom it applies; none: for all
	Years     []int             `yaml:"years"`      // curriculum years for which it applies; none: all
	Kinds     []pep.Kind        `yaml:"kinds"`      // kinds of plan; none: all
}

// Limit pulls a plan down when enough marks are at a grade or worse: so many, or such a share of
// all weights.
type Limit struct {
	OrWorse string `yaml:"or_worse"`
	AtLeast int    `yaml:"at_least"` // criteria
	Percent int    `yaml:"percent"`  // of the weight of all marked criteria
}

// Overall is when a plan has a grade: when any of the limits is reached. The last of a rubric, the
// best grade, has none.
type Overall struct {
	Grade string  `yaml:"grade"`
	When  []Limit `yaml:"when"`
}

// Rubric is what a good plan is, at one version. A plan's grading keeps the version it was made with.
type Rubric struct {
	Name     string           `yaml:"rubric"`
	Version  int              `yaml:"version"`
	Title    string           `yaml:"title"`
	Source   string           `yaml:"source"` // whose practice it is
	Grades   []Grade          `yaml:"grades"` // from best to worst
	Facts    map[Level]string `yaml:"facts"`  // the grade that each level of a fact gives
	Criteria []Criterion      `yaml:"criteria"`
	Overall  []Overall        `yaml:"overall"` // from the worst grade to the best
}

// Grade is a step of the scale; the zero Grade for a key that is none.
func (r Rubric) Grade(key string) Grade {
	for _, grade := range r.Grades {
		if grade.Key == key {
			return grade
		}
	}
	return Grade{}
}

// rank counts from the best grade, 0; -1 for a key that is none.
func (r Rubric) rank(key string) int {
	return slices.IndexFunc(r.Grades, func(g Grade) bool { return g.Key == key })
}

// Worse says whether a grade is below another.
func (r Rubric) Worse(a, b string) bool { return r.rank(a) > r.rank(b) }

// Criterion is the criterion with a key; false when there is none.
func (r Rubric) Criterion(key string) (Criterion, bool) {
	at := slices.IndexFunc(r.Criteria, func(c Criterion) bool { return c.Key == key })
	if at < 0 {
		return Criterion{}, false
	}
	return r.Criteria[at], true
}

// named is how many criteria a sentence names before it counts the rest.
const named = 4

// names joins criteria's titles as a sentence does.
func (r Rubric) names(keys []string) string {
	var titles []string
	for n, key := range keys {
		if n == named {
			return fmt.Sprintf("%s; and %d more", strings.Join(titles, "; "), len(keys)-n)
		}
		c, _ := r.Criterion(key)
		titles = append(titles, c.Title)
	}
	return strings.Join(titles, "; ")
}

func lowerFirst(title string) string {
	if len(title) > 1 && title[1] >= 'a' && title[1] <= 'z' {
		return strings.ToLower(title[:1]) + title[1:]
	}
	return title
}

// Usual is the rubric that holds while the council has set none, or one that is not there.
const Usual = "rag"

// Set is the rubrics a council has, of all versions.
type Set struct{ all []Rubric }

// All is every rubric and version, by name.
func (s Set) All() []Rubric { return slices.Clone(s.all) }

// Pick is the newest version of a rubric; false, and the usual one, when it is not there.
func (s Set) Pick(name string) (Rubric, bool) {
	var best Rubric
	for _, one := range s.all {
		if one.Name == name && one.Version > best.Version {
			best = one
		}
	}
	if best.Version == 0 && name != Usual {
		best, _ = s.Pick(Usual)
		return best, false
	}
	return best, best.Version > 0
}

// Rubric is one at the version a plan was graded with; false when it is no longer there.
func (s Set) Rubric(name string, version int) (Rubric, bool) {
	for _, one := range s.all {
		if one.Name == name && one.Version == version {
			return one, true
		}
	}
	return Rubric{}, false
}
