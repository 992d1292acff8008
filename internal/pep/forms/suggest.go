package forms

import (
	"slices"
	"strings"

	"virtualschool/internal/calendar"
)

// Place is where a child learns, told by the main roll: whether there is one, and what type of
// establishment the register says it is.
func Place(onRoll bool, typeCode int, typeName string) Circumstance {
	name := strings.ToLower(typeName)
	switch {
	case !onRoll:
		return NoPlace
	case slices.Contains(specialTypes, typeCode), strings.Contains(name, "special"):
		return AtSpecialSchool
	case slices.Contains(alternativeTypes, typeCode), strings.Contains(name, "pupil referral"), strings.Contains(name, "alternative provision"):
		return AtAlternative
	}
	return AtSchool
}

// Types of establishment as the register of schools (GIAS) numbers them.
var (
	specialTypes     = []int{7, 8, 10, 12, 32, 33, 36, 44}
	alternativeTypes = []int{14, 38, 42, 43}
)

// Learner is what the choice of a form looks at (R1, R2).
type Learner struct {
	Situation
	School string // the type of establishment, for the words
	Last   LastForm
}

// LastForm is the form of the child's last plan; the zero value when there was none.
type LastForm struct {
	Name  string
	Place Circumstance // where the child learnt then
}

// Suggestion is the form for a plan, with why, and the others that fit.
type Suggestion struct {
	Form    Form
	Because []string // "The child is in Year 8"
	Others  []Form
}

// Suggest chooses the form for a plan: the last one again where it still fits and the child learns
// where it did, else the one made for the year and the place. False when there is none, which Load
// does not let happen for years that can have a plan.
func (s Set) Suggest(l Learner) (Suggestion, bool) {
	best := s.suggested(l.Situation)
	if len(best) == 0 {
		return Suggestion{}, false
	}
	chosen := Suggestion{Form: best[0], Because: []string{"The child is in " + calendar.YearGroup(l.Year) + "."}}
	at := PlaceIn(l.Circumstances)
	words := "The child is " + circumstanceWords[at]
	if l.School != "" && at != NoPlace {
		words += " (" + l.School + ")"
	}
	chosen.Because = append(chosen.Because, words+".")
	for _, form := range s.Newest() {
		if !form.Fits(l.Situation) {
			continue
		}
		if form.Name == l.Last.Name && l.Last.Place == at && form.Name != chosen.Form.Name {
			chosen.Form = form
			chosen.Because = append(chosen.Because, "The last plan was written on this form, and where the child learns has not changed.")
		}
	}
	for _, form := range s.Newest() {
		if form.Fits(l.Situation) && form.Name != chosen.Form.Name {
			chosen.Others = append(chosen.Others, form)
		}
	}
	return chosen, true
}

// Fits says whether the form can be chosen in a situation.
func (f Form) Fits(s Situation) bool {
	return Applies(slices.Concat(f.SuggestedFor, f.AlsoFor), s)
}

// Offers is the suggestion's form or another that fits, by name; an empty name is the suggested one.
func (s Suggestion) Offers(name string) (Form, bool) {
	if name == "" || name == s.Form.Name {
		return s.Form, true
	}
	for _, form := range s.Others {
		if form.Name == name {
			return form, true
		}
	}
	return Form{}, false
}

// PlaceIn is the place among circumstances.
func PlaceIn(circumstances []Circumstance) Circumstance {
	for _, one := range Places {
		if slices.Contains(circumstances, one) {
			return one
		}
	}
	return ""
}
