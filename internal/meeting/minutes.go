package meeting

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/premium"
)

// Minutes is what a meeting wrote down. Targets and actions are all that the plan is to have.
type Minutes struct {
	Versions map[pep.Part]int // of the parts as the screen showed them
	Voice    pep.Voice
	Meeting  pep.Meeting
	Reviews  []pep.Review
	Targets  []pep.Target
	Actions  []pep.Action
	Answers  []Answer
	Wishes   []string // what the child asked for in the meeting, each a wish that everyone there heard
	Money    []Line
}

// Answer is what the meeting answers to a wish.
type Answer struct {
	WishID  int64
	Version int
	voice.NewAnswer
}

// Line is money the meeting wants: for what, why, how much, for which target, who sees to it, by when.
type Line struct {
	Purpose    string
	Difference string
	Category   premium.Category
	Amount     money.Pence
	Target     int // which of the minutes' targets it serves, from 1; 0: a new one, made of the line
	Owner      string
	By         calendar.Date // zero: the day of the next meeting
}

// MostLines is how many lines of money one meeting writes down.
const MostLines = 6

// MostWishes is how many wishes one meeting takes down at a time.
const MostWishes = 10

// settled is what minutes mean for a plan: what is carried forward stands among the targets, lines of
// money have become targets and actions, and a target or action without a day is due at the next meeting.
type settled struct {
	Minutes
	typedTargets, typedActions int      // how many of each were typed
	targetsFrom                []string // what each further target comes from: "reviews/outcome-12", "money/2"
	actionsFrom                []string
}

// settle changes nothing in the minutes it is given.
func (m Minutes) settle(last *pep.LastPlan) settled {
	s := settled{Minutes: m, typedTargets: len(m.Targets), typedActions: len(m.Actions)}
	next := m.Meeting.Next
	s.Targets, s.Actions, s.Money = slices.Clone(m.Targets), slices.Clone(m.Actions), slices.Clone(m.Money)
	for _, target := range m.carriedForward(last) {
		s.targetsFrom = append(s.targetsFrom, fmt.Sprintf("reviews/outcome-%d", target.CarriedFrom))
		s.Targets = append(s.Targets, target)
	}
	for n := range s.Money {
		line := &s.Money[n]
		if line.Target == 0 {
			s.Targets = append(s.Targets, line.target())
			s.targetsFrom = append(s.targetsFrom, fmt.Sprintf("money/%d", n))
			line.Target = len(s.Targets)
		}
		s.Actions = append(s.Actions, pep.Action{What: cut("See to: "+line.Purpose, pep.TargetMax), Owner: line.Owner, DueOn: line.By})
		s.actionsFrom = append(s.actionsFrom, fmt.Sprintf("money/%d", n))
	}
	for n := range s.Targets {
		if s.Targets[n].DueOn.IsZero() {
			s.Targets[n].DueOn = next
		}
	}
	for n := range s.Actions {
		if s.Actions[n].DueOn.IsZero() {
			s.Actions[n].DueOn = next
		}
	}
	return s
}

// moneyFields are the fields of a line that the fields of its target and action come from.
var moneyFields = map[string]string{"what": "difference", "owner": "owner", "due": "by", "area": "category", "resource": "purpose"}

// typed moves problems of targets and actions that nobody typed to what they come from.
func (s settled) typed(problems fault.Problems) (moved fault.Problems) {
	for _, problem := range problems {
		field, number, _ := strings.Cut(problem.Field, "-")
		n, err := strconv.Atoi(number)
		part, name, _ := strings.Cut(field, "/")
		from := ""
		switch {
		case err != nil:
		case part == string(pep.PartTargets) && n >= s.typedTargets:
			from = s.targetsFrom[n-s.typedTargets]
		case part == string(pep.PartActions) && n >= s.typedActions:
			from = s.actionsFrom[n-s.typedActions]
		}
		if line, ofMoney := strings.CutPrefix(from, "money/"); ofMoney {
			from = "money/" + moneyFields[name] + "-" + line
		}
		if from != "" {
			problem.Field = from
		}
		moved.Add(problem.Field, problem.Text)
	}
	return moved
}

// carriedForward are the targets of the last plan that go on and that nobody has written down again.
func (m Minutes) carriedForward(last *pep.LastPlan) []pep.Target {
	if last == nil {
		return nil
	}
	var list []pep.Target
	for _, target := range last.Targets {
		goesOn := slices.ContainsFunc(m.Reviews, func(r pep.Review) bool { return r.TargetID == target.ID && r.Outcome == "carried_forward" })
		written := slices.ContainsFunc(m.Targets, func(t pep.Target) bool { return t.CarriedFrom == target.ID })
		if goesOn && !written {
			target.ID, target.CarriedFrom, target.DueOn = 0, target.ID, calendar.Date{}
			list = append(list, target)
		}
	}
	return list
}

// target is the new one that a line of money serves: what will be different, and what it takes.
func (l Line) target() pep.Target {
	return pep.Target{Area: AreaOf(l.Category), What: cut(l.Difference, pep.TargetMax), Owner: l.Owner,
		Resource: cut(l.Purpose+", "+l.Amount.String(), pep.DetailMax), DueOn: l.By}
}

// AreaOf is what a target is about that is paid for from this category.
func AreaOf(category premium.Category) string {
	switch category {
	case "literacy", "numeracy", "attendance":
		return string(category)
	case "therapeutic", "mentoring":
		return "wellbeing"
	case "speech_and_language":
		return "communication"
	case "transition":
		return "independence"
	case "enrichment":
		return "aspiration"
	}
	return "other_subject"
}

// cut shortens a text that a decision makes of what was typed elsewhere, and says so.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// check finds what is wrong with the minutes beside the parts of the plan. Fields are "money/owner-0",
// "wishes/answer-12", "wishes/new" and so on.
func (m Minutes) check(role access.Role, whole pep.Whole, today calendar.Date) fault.Problems {
	var problems fault.Problems
	take := func(err error, name func(field string) string) {
		for _, problem := range fault.Of(err) {
			problems.Add(name(problem.Field), problem.Text)
		}
	}
	for _, answer := range m.Answers {
		take(answer.Check(today).Err(), func(field string) string { return fmt.Sprintf("wishes/%s-%d", field, answer.WishID) })
	}
	if len(m.Wishes) > MostWishes {
		problems.Addf("wishes/new", "Write down %d wishes or fewer at a time", MostWishes)
	}
	for _, words := range m.Wishes {
		take(newWish(whole, words, today).Check(role, whole.CareStart, today).Err(), func(string) string { return "wishes/new" })
	}
	if len(m.Money) > MostLines {
		problems.Addf("money/purpose-0", "Write down %d lines of money or fewer", MostLines)
	}
	for n, line := range m.Money {
		take(line.wish(0).Check(today), func(field string) string { return at("money/"+field, n) })
		switch {
		case strings.TrimSpace(line.Owner) == "":
			problems.Add(at("money/owner", n), "Enter who sees to it")
		case utf8.RuneCountInString(line.Owner) > pep.NameMax:
			problems.Addf(at("money/owner", n), "Who sees to it must be %d characters or fewer", pep.NameMax)
		}
		if line.Target < 0 || line.Target > len(m.Targets) {
			problems.Add(at("money/target", n), "Choose a target that is written down above, or a new one")
		}
	}
	return problems
}

func newWish(whole pep.Whole, words string, today calendar.Date) voice.NewWish {
	return voice.NewWish{ChildID: whole.Plan.ChildID, PEPID: whole.Plan.ID, Words: words, SaidOn: today, Audience: voice.Everyone}
}

// wish is the line as Pupil Premium Plus is asked for.
func (l Line) wish(targetID int64) premium.Wish {
	return premium.Wish{TargetID: targetID, Category: l.Category, Purpose: l.Purpose, Difference: l.Difference, Amount: l.Amount}
}

// asks is the wish as it is sent: what a meeting agreed on is one item, and reason enough for whoever
// decides to look at what the paying policy does not fund.
func (l Line) asks(targetID int64) premium.Wish {
	wish := l.wish(targetID).AsOneItem()
	wish.Exception = "Agreed at the meeting on the child’s plan."
	return wish
}

func at(field string, n int) string { return fmt.Sprintf("%s-%d", field, n) }
