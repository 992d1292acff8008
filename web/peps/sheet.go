package peps

import (
	"slices"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// sheet is one section to be written: edited by exception. What the record holds is confirmed,
// changed or said to be no longer true; what was said last term stands beside each box and is kept
// only by an act of its own. Its fields are named after the questions, whose keys a form uses once,
// so that several sheets can be on one page.
type sheet struct {
	Form    *kit.Form
	Section forms.Section
	Known   forms.KnownFacts
	Said    pep.Said
	Whole   pep.Whole
	Today   calendar.Date
	Within  bool // one of several on a page, below a heading of its own
}

// The fields beside a question's own.
func factField(question string) string    { return question + "-fact" }     // right, change or gone
func shownField(question string) string   { return question + "-shown" }    // the fact that was on the page
func stillField(question string) string   { return question + "-still" }    // last term's words are kept
func allRightField(section string) string { return "all-right-" + section } // every fact is right
func allStillField(section string) string { return "all-still-" + section } // every empty box keeps last term's words

const (
	factRight  = "right"
	factChange = "change"
	factGone   = "gone"
)

// owns says whether a field of a page belongs to the section.
func (s sheet) owns(field string) bool {
	return field == allRightField(s.Section.Key) || field == allStillField(s.Section.Key) || slices.ContainsFunc(s.Section.Questions, func(q forms.Question) bool {
		return field == q.Key || strings.HasPrefix(field, q.Key+"-")
	})
}

// fact is what the record holds about a question; false when it holds nothing.
func (s sheet) fact(q forms.Question) (forms.KnownFact, bool) {
	fact, offered := s.Known[q.Known]
	return fact, offered && q.Known != ""
}

// facts and asked are the questions that the record can answer, and the others.
func (s sheet) facts() []forms.Question { return s.pick(true) }
func (s sheet) asked() []forms.Question { return s.pick(false) }

func (s sheet) pick(known bool) (picked []forms.Question) {
	for _, q := range s.Section.Questions {
		if _, offered := s.fact(q); offered == known {
			picked = append(picked, q)
		}
	}
	return picked
}

// fill puts what is saved into the form.
func (s sheet) fill() {
	for _, q := range s.Section.Questions {
		saved, said := s.Whole.Answer(q.Key)
		fact, offered := s.fact(q)
		if !offered {
			fillAnswer(s.Form, q, saved.Value)
			continue
		}
		s.Form.Set(shownField(q.Key), fact.Value)
		shown := saved.Value
		switch {
		case shown.Text == "":
			shown = forms.Answer{Text: fact.Value}
			if saved.Value.NoLonger == fact.Value {
				s.Form.Set(factField(q.Key), factGone)
			}
		case shown.Text == fact.Value && saved.ConfirmedAt != nil:
			s.Form.Set(factField(q.Key), factRight)
		case said && saved.Source == pep.Typed && shown.Text != fact.Value:
			s.Form.Set(factField(q.Key), factChange)
		}
		fillAnswer(s.Form, q, shown)
	}
}

// settle takes back what was said of facts that have changed in the record since, and moves what is
// wrong with a fact to where it is put right.
func (s sheet) settle() {
	for _, q := range s.facts() {
		fact, _ := s.fact(q)
		if s.outdated(q, fact) {
			s.Form.Set(factField(q.Key), "")
		}
		if s.Form.Value(factField(q.Key)) != factChange {
			s.Form.Rename(q.Key, factField(q.Key))
		}
	}
}

// outdated says whether the page had shown another fact than the record holds now.
func (s sheet) outdated(q forms.Question, fact forms.KnownFact) bool {
	shown := s.Form.Value(shownField(q.Key))
	return shown != "" && shown != fact.Value && s.Form.Value(factField(q.Key)) != factChange
}

// changed says that the record has changed since its fact was confirmed here, in words; empty: it has not.
func (s sheet) changed(q forms.Question, fact forms.KnownFact) string {
	saved, _ := s.Whole.Answer(q.Key)
	before := saved.Value.Text + saved.Value.NoLonger
	if saved.ConfirmedAt == nil || before == "" || before == fact.Value {
		return ""
	}
	return "The record has changed since: it said “" + q.Words(forms.Answer{Text: before}) + "” when this was " + saved.Confirmation() + "."
}

// read takes the section off the form. What each answer may be is judged by the section itself.
func (s sheet) read() pep.SectionInput {
	in := pep.SectionInput{Section: s.Section.Key, Answers: forms.Answers{}, Known: s.Known}
	for _, q := range s.Section.Questions {
		if fact, offered := s.fact(q); offered {
			s.readFact(&in, q, fact)
			continue
		}
		typed := readAnswer(s.Form, q)
		in.Answers[q.Key] = typed
		before, fits := s.Said.Fits(q)
		if !fits {
			continue
		}
		switch ticked := s.Form.Checked(stillField(q.Key), "yes"); {
		case ticked && !typed.Empty() && !typed.Same(before.Value):
			s.Form.Problems.Add(q.Key, "You answered “"+q.Label+"” and ticked “Still true” as well. Untick it, or empty the answer.")
		case ticked, typed.Empty() && s.Form.Checked(allStillField(s.Section.Key), "yes"):
			in.Answers[q.Key] = before.Value
			in.Still = append(in.Still, q.Key)
		}
	}
	return in
}

// readFact takes one of three answers off the form, or none: then what is saved stays. A box that
// was changed without a word about it counts as a change.
func (s sheet) readFact(in *pep.SectionInput, q forms.Question, fact forms.KnownFact) {
	saved, _ := s.Whole.Answer(q.Key)
	typed := readAnswer(s.Form, q)
	edited := !typed.Empty() && typed.Text != s.Form.Value(shownField(q.Key)) && typed.Text != saved.Value.Text && typed.Text != fact.Value
	choice := s.Form.Value(factField(q.Key))
	if choice == "" && s.Form.Checked(allRightField(s.Section.Key), "yes") {
		choice = factRight
	}
	switch {
	case choice == factChange, choice == "" && edited:
		in.Answers[q.Key] = typed
	case choice == "":
		in.Answers[q.Key] = saved.Value
	case s.outdated(q, fact):
		s.Form.Problems.Add(factField(q.Key), "The record about “"+q.Label+"” has changed since you opened this page. Say again whether it is right.")
	case choice == factGone:
		in.Answers[q.Key] = forms.Answer{NoLonger: fact.Value}
	case edited:
		s.Form.Problems.Add(factField(q.Key), "You changed “"+q.Label+"” and said that it is right as well. Choose one.")
	default:
		in.Answers[q.Key] = forms.Answer{Text: fact.Value}
		in.Right = append(in.Right, q.Key)
	}
}

// source says where a fact is from and how old it is, and who has confirmed it.
func (s sheet) source(q forms.Question, fact forms.KnownFact) string {
	words := "From " + fact.Source
	if !fact.AsAt.IsZero() {
		words += ", as at " + fact.AsAt.Words() + ", " + fact.AsAt.Age(s.Today)
	}
	words += "."
	saved, _ := s.Whole.Answer(q.Key)
	if flag := s.changed(q, fact); flag != "" {
		return words + " " + flag
	}
	if by := saved.Confirmation(); by != "" {
		words += " " + strings.ToUpper(by[:1]) + by[1:] + "."
	}
	return words
}

// beside is last term's answer to a question, for as long as another one stands in its place.
func (s sheet) beside(q forms.Question) (pep.SaidBefore, bool) {
	before, fits := s.Said.Fits(q)
	saved, _ := s.Whole.Answer(q.Key)
	return before, fits && !saved.Value.Same(before.Value)
}

// kept says that an answer is last term's, kept by somebody; empty for any other.
func (s sheet) kept(q forms.Question) string {
	saved, _ := s.Whole.Answer(q.Key)
	if by := saved.Confirmation(); by != "" && saved.From() != "" && !slices.ContainsFunc(s.facts(), func(f forms.Question) bool { return f.Key == q.Key }) {
		return saved.From() + ", " + by + "."
	}
	return ""
}

// lastTerm is the term whose answers can be kept for boxes that are still empty; false: none.
func (s sheet) lastTerm() (string, bool) {
	for _, q := range s.asked() {
		if saved, said := s.Whole.Answer(q.Key); said && !saved.Value.Empty() {
			continue
		}
		if before, fits := s.Said.Fits(q); fits {
			return before.TermLabel(), true
		}
	}
	return "", false
}

// wide says whether the section needs the whole width: for tables, or for two columns.
func (s sheet) wide() bool {
	return slices.ContainsFunc(s.Section.Questions, func(q forms.Question) bool {
		_, said := s.beside(q)
		return said || q.Type == forms.TypeTable || q.Type == forms.TypeGradeGrid && !stacks(q)
	})
}

func (s sheet) factChoices(q forms.Question) []ui.Choice {
	return []ui.Choice{{Value: factRight, Text: "Right"}, {Value: factGone, Text: "No longer true"},
		{Value: factChange, Text: "Change it", Conditional: QuestionField(s.Form, q, s.Section.Help(q))}}
}

// long says whether a fact has lines of its own, and so is shown above what is said of it.
func long(fact forms.KnownFact) bool {
	return strings.Contains(fact.Value, "\n") || len(fact.Value) > 120
}

func factLegend(q forms.Question, fact forms.KnownFact) string {
	if long(fact) {
		return q.Label + ": is this right?"
	}
	return q.Label + ": " + q.Words(forms.Answer{Text: fact.Value})
}
