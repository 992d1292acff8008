package smart_test

import (
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/smart"
)

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// good is a target that no rule has anything to say about.
var good = pep.Target{ID: 1, Area: "literacy", What: "Reads a dragon book to an adult", Measure: "Two books finished", Baseline: "Picture books",
	Owner: "Tess Green, teaching assistant", Resource: "Fifteen minutes on four mornings", DueOn: day("2027-02-01")}

var around = smart.Context{NextReview: day("2027-03-01"), Wishes: []string{"I want to read the dragon books"}, Asked: true,
	Last: []pep.Target{{ID: 7, What: "Knows his tables to 6"}}, Others: []string{"Counts to twenty with cubes"}}

func rulesOf(list []smart.Advice) (rules []smart.Rule) {
	for _, one := range list {
		rules = append(rules, one.Rule)
	}
	return rules
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*pep.Target)
		context func(*smart.Context)
		want    []smart.Rule
	}{
		"a good one":                   {},
		"nothing to know it by":        {change: func(x *pep.Target) { x.What, x.Measure = "Enjoyment of dragon stories", "" }, want: []smart.Rule{smart.NoMeasure}},
		"a measure that cannot be met": {change: func(x *pep.Target) { x.What, x.Measure = "Enjoyment of dragon stories", "More confident" }, want: []smart.Rule{smart.NoMeasure}},
		"a verb that can be seen":      {change: func(x *pep.Target) { x.Measure = "Picks it up and reads aloud" }},
		"a number in words":            {change: func(x *pep.Target) { x.What, x.Measure = "Enjoyment of dragon stories", "Twice a week" }},
		"the text itself measures":     {change: func(x *pep.Target) { x.What, x.Measure = "Reading age of the dragon books: 9 years", "" }},
		"no day":                       {change: func(x *pep.Target) { x.DueOn = calendar.Date{} }, want: []smart.Rule{smart.NoDate}},
		"on the day of the review":     {change: func(x *pep.Target) { x.DueOn = day("2027-03-01") }},
		"after the review":             {change: func(x *pep.Target) { x.DueOn = day("2027-03-02") }, want: []smart.Rule{smart.AfterReview}},
		"no review is planned":         {change: func(x *pep.Target) { x.DueOn = day("2028-03-02") }, context: func(c *smart.Context) { c.NextReview = calendar.Date{} }},
		"no adult":                     {change: func(x *pep.Target) { x.Owner = " " }, want: []smart.Rule{smart.NoAdult}},
		"the school":                   {change: func(x *pep.Target) { x.Owner = "School" }, want: []smart.Rule{smart.NoAdult}},
		"all staff":                    {change: func(x *pep.Target) { x.Owner = "All staff" }, want: []smart.Rule{smart.NoAdult}},
		"a part without a name":        {change: func(x *pep.Target) { x.Owner = "The class teacher and TAs" }, want: []smart.Rule{smart.NoAdult}},
		"the child":                    {change: func(x *pep.Target) { x.Owner = "maya" }, context: func(c *smart.Context) { c.Child = "Maya Okafor" }, want: []smart.Rule{smart.NoAdult}},
		"a name with its part":         {change: func(x *pep.Target) { x.Owner = "Mrs Green (class teacher)" }},
		"the same as last time":        {change: func(x *pep.Target) { x.What = "knows his TABLES to 6!" }, want: []smart.Rule{smart.LikeLast}},
		"close to last time":           {change: func(x *pep.Target) { x.What = "Knows all his tables to 6" }, want: []smart.Rule{smart.LikeLast}},
		"carried forward from it":      {change: func(x *pep.Target) { x.What, x.CarriedFrom = "Knows his tables to 6", 7 }},
		"carried forward again": {change: func(x *pep.Target) { x.CarriedFrom = 7 },
			context: func(c *smart.Context) { c.Carried = map[int64]pep.Carried{7: {Times: 1, Since: day("2026-03-01")}} }, want: []smart.Rule{smart.CarriedOften}},
		"another child's":    {change: func(x *pep.Target) { x.What = "Counts to twenty with the cubes" }, want: []smart.Rule{smart.LikeOther}},
		"far from a wish":    {context: func(c *smart.Context) { c.Wishes = []string{"More football please"} }, want: []smart.Rule{smart.NoWish}},
		"wishes not known":   {context: func(c *smart.Context) { c.Wishes = nil }},
		"money, no means":    {change: func(x *pep.Target) { x.Resource = "" }, context: func(c *smart.Context) { c.Costs = map[int64]bool{1: true} }, want: []smart.Rule{smart.CostNoMeans}},
		"pounds in the text": {change: func(x *pep.Target) { x.Measure, x.Resource = "Two dragon books bought for £20 and read", "" }, want: []smart.Rule{smart.CostNoMeans}},
		"no money, no means": {change: func(x *pep.Target) { x.Resource = "" }},
	} {
		target, context := good, around
		if c.change != nil {
			c.change(&target)
		}
		if c.context != nil {
			c.context(&context)
		}
		got := smart.Check(target, context)
		if !slices.Equal(rulesOf(got), c.want) {
			t.Errorf("%s: %v; want %v", name, rulesOf(got), c.want)
		}
		for _, advice := range got {
			if advice.Says == "" || advice.Why == "" || advice.Fix == "" || advice.Field == "" {
				t.Errorf("%s: %+v does not say everything", name, advice)
			}
		}
	}
}

func TestAdviceNeverQuotesAnotherChild(t *testing.T) {
	t.Parallel()
	target := good
	target.What = "Reads to Maya on Fridays with a dragon"
	got := smart.Check(target, smart.Context{Others: []string{"Reads to Maya on Fridays with dragons"}})
	if len(got) != 1 || strings.Contains(got[0].Says+got[0].Why+got[0].Fix, "Maya") {
		t.Errorf("%+v", got)
	}
}

func TestCheckAll(t *testing.T) {
	t.Parallel()
	other := good
	other.Area, other.ID = "wellbeing", 2
	for name, c := range map[string]struct {
		targets []pep.Target
		context smart.Context
		want    []smart.Rule
	}{
		"none yet":             {nil, around, nil},
		"two, one of literacy": {[]pep.Target{good, other}, around, nil},
		"one":                  {[]pep.Target{good}, around, []smart.Rule{smart.HowMany}},
		"five":                 {[]pep.Target{good, good, good, good, good}, around, []smart.Rule{smart.HowMany}},
		"none of the basics":   {[]pep.Target{other, other}, around, []smart.Rule{smart.NoCore}},
		"no wish taken down":   {[]pep.Target{good, other}, smart.Context{Asked: true}, []smart.Rule{smart.NoWishAtAll}},
	} {
		each, together := smart.CheckAll(c.targets, c.context)
		if !slices.Equal(rulesOf(together), c.want) || len(each) != len(c.targets) {
			t.Errorf("%s: %v and %d; want %v", name, rulesOf(together), len(each), c.want)
		}
	}
}

func TestExamplesFollowTheRules(t *testing.T) {
	t.Parallel()
	for _, phase := range smart.Phases {
		examples := smart.Examples(phase.Phase, "")
		if len(examples) < 3 {
			t.Errorf("%s has %d examples", phase.Name, len(examples))
		}
		for _, x := range examples {
			target := pep.Target{Area: x.Area, What: x.What, Measure: x.Measure, Baseline: x.Baseline, Owner: x.Owner, Resource: x.Resource, DueOn: day("2027-02-01")}
			if advice := smart.Check(target, smart.Context{NextReview: day("2027-03-01")}); len(advice) > 0 {
				t.Errorf("%q is no good example: %v", x.What, rulesOf(advice))
			}
		}
	}
	for _, form := range []string{"early_years", "primary", "secondary", "special", "post_16", "eotas", "in_work", "not_on_roll"} {
		if len(smart.ForForm(form)) == 0 {
			t.Errorf("no example for the form %s", form)
		}
	}
	_, err := smart.ParseExamples([]byte("- {phase: nowhere, area: nothing, what: '', measure: m, baseline: b, owner: o}"))
	if err == nil || strings.Count(err.Error(), "example 1") != 3 {
		t.Errorf("planted mistakes: %v", err)
	}
	if _, err := smart.ParseExamples([]byte("- {colour: red}")); err == nil {
		t.Error("an unknown key is read over")
	}
}
