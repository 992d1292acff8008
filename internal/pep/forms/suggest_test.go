package forms_test

import (
	"strings"
	"testing"

	"virtualschool/internal/pep/forms"
)

func TestTheFormThatFits(t *testing.T) {
	t.Parallel()
	set := builtin(t)
	for name, c := range map[string]struct {
		year    int
		place   forms.Circumstance
		need    forms.Circumstance
		last    forms.LastForm
		want    string
		others  string
		because string
	}{
		"nursery":                    {-1, forms.AtSchool, "", forms.LastForm{}, "early_years", "", "Nursery 2"},
		"a baby":                     {-4, forms.NoPlace, "", forms.LastForm{}, "early_years", "not_on_roll", "Under nursery age"},
		"Reception":                  {0, forms.AtSchool, "", forms.LastForm{}, "early_years", "primary", "Reception"},
		"Year 1":                     {1, forms.AtSchool, "", forms.LastForm{}, "primary", "", "at nursery, school or college"},
		"Year 6":                     {6, forms.AtSchool, "", forms.LastForm{}, "primary", "", "Year 6"},
		"Year 7":                     {7, forms.AtSchool, "", forms.LastForm{}, "secondary", "", "Year 7"},
		"a pupil referral unit":      {10, forms.AtAlternative, "", forms.LastForm{}, "secondary", "", "pupil referral unit"},
		"a special school":           {9, forms.AtSpecialSchool, forms.EHCPlan, forms.LastForm{}, "special", "secondary eotas", "special school"},
		"a plan for needs":           {4, forms.AtSchool, forms.EHCPlan, forms.LastForm{}, "primary", "special eotas", "Year 4"},
		"no place":                   {8, forms.NoPlace, "", forms.LastForm{}, "not_on_roll", "eotas", "without a school place"},
		"no place at five":           {0, forms.NoPlace, "", forms.LastForm{}, "not_on_roll", "primary early_years eotas", "without a school place"},
		"college":                    {12, forms.AtSchool, "", forms.LastForm{}, "post_16", "in_work", "Year 12"},
		"past 16 and no place":       {13, forms.NoPlace, "", forms.LastForm{}, "in_work", "eotas", "without a school place"},
		"past 18":                    {14, forms.AtSchool, "", forms.LastForm{}, "post_16", "in_work", "Year 14"},
		"as the last time":           {8, forms.NoPlace, forms.EHCPlan, forms.LastForm{Name: "eotas", Place: forms.NoPlace}, "eotas", "not_on_roll", "The last plan was written on this form"},
		"a place since the last":     {8, forms.AtSchool, "", forms.LastForm{Name: "not_on_roll", Place: forms.NoPlace}, "secondary", "", "Year 8"},
		"too old for the last":       {7, forms.AtSchool, "", forms.LastForm{Name: "primary", Place: forms.AtSchool}, "secondary", "", "Year 7"},
		"the last has been replaced": {7, forms.AtSchool, "", forms.LastForm{Name: "gone", Place: forms.AtSchool}, "secondary", "", "Year 7"},
	} {
		for _, kind := range kinds {
			learner := forms.Learner{Situation: forms.Situation{Kind: kind, Year: c.year, Circumstances: []forms.Circumstance{c.place, c.need}}, Last: c.last}
			got, known := set.Suggest(learner)
			if !known || got.Form.Name != c.want {
				t.Errorf("%s: %q; want %q", name, got.Form.Name, c.want)
				continue
			}
			others := 0
			for _, one := range strings.Fields(c.others) {
				if _, offered := got.Offers(one); !offered {
					t.Errorf("%s: %s is not offered", name, one)
				}
				others++
			}
			if len(got.Others) != others {
				t.Errorf("%s: %d others; want %s", name, len(got.Others), c.others)
			}
			if words := strings.Join(got.Because, " "); !strings.Contains(words, c.because) {
				t.Errorf("%s: because %q", name, words)
			}
		}
	}
}

func TestWhereAChildLearns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		onRoll bool
		code   int
		name   string
		want   forms.Circumstance
	}{
		{false, 0, "", forms.NoPlace}, {true, 34, "Academy converter", forms.AtSchool}, {true, 18, "Further education", forms.AtSchool},
		{true, 7, "Community special school", forms.AtSpecialSchool}, {true, 10, "Other independent special school", forms.AtSpecialSchool},
		{true, 36, "Free schools special", forms.AtSpecialSchool}, {true, 44, "Academy special converter", forms.AtSpecialSchool},
		{true, 14, "Pupil referral unit", forms.AtAlternative}, {true, 42, "Academy alternative provision converter", forms.AtAlternative},
		{true, 0, "Special school abroad", forms.AtSpecialSchool}, {true, 0, "", forms.AtSchool},
	} {
		if got := forms.Place(c.onRoll, c.code, c.name); got != c.want {
			t.Errorf("%v %d %s: %s", c.onRoll, c.code, c.name, got)
		}
	}
}

func TestCasesInWords(t *testing.T) {
	t.Parallel()
	all := forms.Years{From: forms.FirstYear, To: forms.LastYear}
	for want, cases := range map[string][]forms.Case{
		"":                                     nil,
		"Transition plans; children in Year 6": {{Kinds: []string{"transition"}, Years: all}, {Years: forms.Years{From: 6, To: 6}}},
		"Initial plans and emergency plans":    {{Kinds: []string{"initial", "emergency"}, Years: all}},
		"Children from Nursery 1 to Reception without a school place":                           {{Years: forms.Years{From: -2, To: 0}, Situations: []forms.Circumstance{forms.NoPlace}}},
		"Closing plans of children in Year 13":                                                  {{Kinds: []string{"closing"}, Years: forms.Years{From: 13, To: 13}}},
		"Children at a special school or without a school place who came to this country alone": {{Years: all, Situations: []forms.Circumstance{forms.Unaccompanied, forms.AtSpecialSchool, forms.NoPlace}}},
	} {
		if got := forms.CasesWords(cases); got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
}
