package quality

import (
	"fmt"
	"slices"
	"strings"
)

// Mark is what one criterion was given.
type Mark struct {
	Criterion string `json:"criterion"`
	Grade     string `json:"grade"`
	Note      string `json:"note"`
	Fact      string `json:"fact"` // the grade the facts gave; empty: none did
	Because   string `json:"because"`
}

// Overruled says whether a person marked otherwise than the facts.
func (m Mark) Overruled() bool { return m.Fact != "" && m.Fact != m.Grade }

// Result is a plan's grade and why it is that. Grade is empty while the plan is not gradable.
type Result struct {
	Grade   string
	Missing []string // mandatory criteria without a mark, by key
	Because string   // "2 criteria are amber or worse (voice; attendance), and green allows 1"
}

// Gradable says whether there is a grade.
func (r Result) Gradable() bool { return r.Grade != "" }

// Work works out a plan's grade from the marks of those criteria that apply to it (R12): from the
// worst grade on, the first one of whose limits any is reached; the best one when none is. A
// mandatory criterion without a mark leaves the plan without a grade.
func (r Rubric) Work(applying []Criterion, marks []Mark) Result {
	given := map[string]string{}
	for _, mark := range marks {
		if r.rank(mark.Grade) >= 0 {
			given[mark.Criterion] = mark.Grade
		}
	}
	var result Result
	total := 0
	for _, c := range applying {
		switch {
		case given[c.Key] != "":
			total += c.Weight
		case !c.Optional:
			result.Missing = append(result.Missing, c.Key)
		}
	}
	if len(result.Missing) > 0 {
		result.Because = fmt.Sprintf("not gradable yet: %s still to be marked (%s)", criteria(len(result.Missing)), r.names(result.Missing))
		return result
	}
	if total == 0 {
		result.Because = "not gradable: no criterion applies to this plan"
		return result
	}
	for _, overall := range r.Overall {
		for _, limit := range overall.When {
			if because := r.reached(limit, applying, given, total); because != "" {
				result.Grade, result.Because = overall.Grade, because
				return result
			}
		}
	}
	best := r.Overall[len(r.Overall)-1].Grade
	result.Grade, result.Because = best, r.remains(applying, given)
	return result
}

// reached says why a limit pulls the plan down; empty when it does not.
func (r Rubric) reached(limit Limit, applying []Criterion, given map[string]string, total int) string {
	var down []string
	weight := 0
	for _, c := range applying {
		if grade := given[c.Key]; grade != "" && r.rank(grade) >= r.rank(limit.OrWorse) {
			down = append(down, c.Key)
			weight += c.Weight
		}
	}
	at := r.atOrWorse(limit.OrWorse)
	switch {
	case limit.AtLeast > 0 && len(down) >= limit.AtLeast:
		return fmt.Sprintf("%s %s %s (%s), and anything better allows %s", criteria(len(down)), are(len(down)), at, r.names(down), atMost(limit.AtLeast-1))
	case limit.Percent > 0 && weight*100 >= limit.Percent*total:
		return fmt.Sprintf("%d%% of the weight is %s (%s), and anything better needs less than %d%%", weight*100/total, at, r.names(down), limit.Percent)
	}
	return ""
}

// remains says why nothing pulled the plan down, and what would have.
func (r Rubric) remains(applying []Criterion, given map[string]string) string {
	counts := make([]int, len(r.Grades))
	for _, c := range applying {
		if rank := r.rank(given[c.Key]); rank >= 0 {
			counts[rank]++
		}
	}
	var parts []string
	for rank, n := range counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, lowerFirst(r.Grades[rank].Name)))
		}
	}
	next := r.Overall[len(r.Overall)-2]
	var would []string
	for _, limit := range next.When {
		much := fmt.Sprint(limit.AtLeast)
		if limit.Percent > 0 {
			much = fmt.Sprintf("%d%% of the weight", limit.Percent)
		}
		would = append(would, much+" at "+r.atOrWorse(limit.OrWorse))
	}
	return strings.Join(parts, ", ") + " of the criteria marked; " + strings.Join(would, " or ") + " would make it " + lowerFirst(r.Grade(next.Grade).Name)
}

// atOrWorse is "red", or "amber or worse" when there is something worse.
func (r Rubric) atOrWorse(key string) string {
	name := lowerFirst(r.Grade(key).Name)
	if r.rank(key) < len(r.Grades)-1 {
		name += " or worse"
	}
	return name
}

// Explain is the grade and why in one sentence: "Amber: 2 criteria are amber or worse (…)".
func (r Rubric) Explain(result Result) string {
	if !result.Gradable() {
		return result.Sentence()
	}
	return r.Grade(result.Grade).Name + ": " + result.Because + "."
}

// Sentence is why, without the grade itself: "2 criteria are amber or worse (…)."
func (r Result) Sentence() string { return strings.ToUpper(r.Because[:1]) + r.Because[1:] + "." }

func criteria(n int) string {
	if n == 1 {
		return "1 criterion"
	}
	return fmt.Sprintf("%d criteria", n)
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func atMost(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("at most %d", n)
}

// Reason composes why a plan is returned: each criterion whose mark returns plans, with its note;
// where none does so alone, all that are less than good.
func (r Rubric) Reason(applying []Criterion, marks []Mark) string {
	if lines := r.lines(applying, marks, func(g Grade) bool { return g.Does == Returns }); lines != "" {
		return lines
	}
	return r.lines(applying, marks, func(g Grade) bool { return g.Does != Accepts })
}

func (r Rubric) lines(applying []Criterion, marks []Mark, takes func(Grade) bool) string {
	var lines []string
	for _, c := range applying {
		at := slices.IndexFunc(marks, func(m Mark) bool { return m.Criterion == c.Key })
		if at < 0 || marks[at].Grade == "" || !takes(r.Grade(marks[at].Grade)) {
			continue
		}
		line := c.Title
		if note := strings.TrimSpace(marks[at].Note); note != "" {
			line += ": " + note
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
