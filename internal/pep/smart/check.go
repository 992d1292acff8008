package smart

import (
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
)

// Rule names one of the rules.
type Rule string

const (
	NoMeasure    Rule = "no_measure"
	NoDate       Rule = "no_date"
	AfterReview  Rule = "after_review"
	NoAdult      Rule = "no_adult"
	LikeLast     Rule = "like_last"
	LikeOther    Rule = "like_other"
	NoWish       Rule = "no_wish"
	CostNoMeans  Rule = "cost_without_resource"
	HowMany      Rule = "how_many"
	NoCore       Rule = "no_literacy_or_numeracy"
	NoWishAtAll  Rule = "no_wishes"
	CarriedOften Rule = "carried_often"
)

// Advice is what would make a target better: what the rule saw, why it matters, and what to do.
type Advice struct {
	Rule  Rule
	Field string // of pep.Target in small letters, as forms name it; empty: about all targets
	Says  string
	Why   string
	Fix   string
}

// Context is what a target is read against. What is not known is left zero, and its rules rest.
type Context struct {
	Child      string // the child's name, who is no adult
	NextReview calendar.Date
	Last       []pep.Target          // of the plan before, for texts that were said already
	Others     []string              // other children's targets that may be alike (QueueOthers)
	Wishes     []string              // what the child said and asked for, in the child's words
	Asked      bool                  // the caller knows the wishes: none means that none is written down
	Costs      map[int64]bool        // targets for which money is asked, by id
	Carried    map[int64]pep.Carried // by the target it was carried from: how often, since when
}

// How alike two texts are when a reader would call them the same, and when nearly the same.
const (
	sameText  = 0.95
	closeText = 0.6
)

// oftenCarried is from how many times on a target that is carried forward is spoken of.
const oftenCarried = 2

// CheckAll reads a plan's targets: what is said of each, and what of all together.
func CheckAll(targets []pep.Target, c Context) (each [][]Advice, together []Advice) {
	for _, target := range targets {
		each = append(each, Check(target, c))
	}
	return each, checkTogether(targets, c)
}

// Check reads one target.
func Check(target pep.Target, c Context) []Advice {
	var list []Advice
	say := func(rule Rule, field, says string) {
		words := reasons[rule]
		list = append(list, Advice{Rule: rule, Field: field, Says: says, Why: words.why, Fix: words.fix})
	}
	switch {
	case target.Measure == "" && !measurable(target.What):
		say(NoMeasure, "measure", "Nothing says how anyone will know.")
	case target.Measure != "" && !measurable(target.Measure) && !measurable(target.What):
		say(NoMeasure, "measure", "The measure has no number and nothing that can be seen or heard.")
	}
	switch {
	case target.DueOn.IsZero():
		say(NoDate, "due", "It has no day.")
	case !c.NextReview.IsZero() && target.DueOn.After(c.NextReview):
		say(AfterReview, "due", "It is due after the next review, on "+c.NextReview.Words()+".")
	}
	if owner := nobody(target.Owner, c.Child); owner != "" {
		say(NoAdult, "owner", owner)
	}
	c.checkWords(target, say)
	if costs := c.Costs[target.ID] && target.ID != 0 || speaksOfMoney(target.What+" "+target.Measure); costs && target.Resource == "" {
		say(CostNoMeans, "resource", "It costs money, and “what it takes” is empty.")
	}
	return list
}

// checkWords compares a target's text with what was said before, by others, and by the child.
func (c Context) checkWords(target pep.Target, say func(Rule, string, string)) {
	if carried := c.Carried[target.CarriedFrom]; target.CarriedFrom != 0 && carried.Times+1 >= oftenCarried {
		say(CarriedOften, "what", fmt.Sprintf("It has been carried forward %d times, since %s.", carried.Times+1, carried.Since.Words()))
	}
	if target.CarriedFrom == 0 {
		var last []string
		for _, one := range c.Last {
			last = append(last, one.What)
		}
		if _, alike := closest(target.What, last); alike >= closeText {
			say(LikeLast, "what", nearly(alike)+" as a target of last time.")
		}
	}
	if _, alike := closest(target.What, c.Others); alike >= closeText {
		say(LikeOther, "what", nearly(alike)+" as a target of another child's.")
	}
	if len(c.Wishes) > 0 && !restsOn(target, c.Wishes) {
		say(NoWish, "what", "No word of it is in what the child said or asked for.")
	}
}

func nearly(alike float64) string {
	if alike >= sameText {
		return "It is the same"
	}
	return fmt.Sprintf("It is nearly the same (%d%% alike)", int(alike*100))
}

func checkTogether(targets []pep.Target, c Context) []Advice {
	var list []Advice
	say := func(rule Rule, says string) {
		words := reasons[rule]
		list = append(list, Advice{Rule: rule, Says: says, Why: words.why, Fix: words.fix})
	}
	switch n := len(targets); {
	case n == 0:
		return nil
	case n == 1:
		say(HowMany, "There is one target.")
	case n > 4:
		say(HowMany, fmt.Sprintf("There are %d targets.", n))
	}
	if !slices.ContainsFunc(targets, func(t pep.Target) bool { return t.Area == "literacy" || t.Area == "numeracy" }) {
		say(NoCore, "No target is about literacy or numeracy.")
	}
	if c.Asked && len(c.Wishes) == 0 {
		say(NoWishAtAll, "No wish of the child's is written down.")
	}
	return list
}

// reasons say why a rule matters and what to do about it.
var reasons = map[Rule]struct{ why, fix string }{
	NoMeasure:    {"At the next review nobody could tell whether it was reached.", "Say what you will count or see: “reads 8 of 10 words”, “hands in homework on 4 days of 5”."},
	NoDate:       {"What has no day is done last.", "Give it the day of the next review, or an earlier one."},
	AfterReview:  {"The next review could not say how it went.", "Choose a day before it, or make it a step that can be reached by then."},
	NoAdult:      {"What is everybody's to do is nobody's; the child should know whom to ask.", "Name one adult, with their part: “Tess Green, teaching assistant”."},
	LikeLast:     {"The same words twice say that nothing changed. If it is still right, it is carried forward, and the plan shows since when.", "Carry the old one forward when you review it, or write the next step."},
	LikeOther:    {"A target is for one child: what they can do now, and what comes next for them.", "Start from where this child is now and say it in words of their own."},
	NoWish:       {"Targets that begin from what a child wants are reached more often, and the child sees that it was heard.", "Link it to something they said, or ask them what they think of it."},
	CostNoMeans:  {"Money cannot be followed to a target that does not say what it buys.", "Write in “what it takes” what is paid for, how often and for how long."},
	HowMany:      {"Two to four targets are remembered and worked on; one leaves much out, and more are forgotten.", "Keep the two to four that matter most until the next review."},
	NoCore:       {"Reading, writing and numbers open everything else, and reviews look for them.", "Add one for literacy or numeracy, or its equal in this phase, such as early talk or a resit."},
	NoWishAtAll:  {"Targets should begin from what the child wants.", "Ask, and take down at least one wish, however small."},
	CarriedOften: {"What was not reached twice needs something else, not more time.", "Make the step smaller, change the help, or withdraw it and say why."},
}
