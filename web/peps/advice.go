package peps

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/smart"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
)

// adviceFacts is what targets are read against.
type adviceFacts struct {
	carried  func() map[int64]pep.Carried
	others   []string
	wishes   []voice.Wish
	requests []premium.Request
}

// queueAdvice queues what the rules compare targets with: those saved or, where texts are given, those
// being written. Who may not see money is not told of it.
func queueAdvice(batch *postgres.Batch, ref pep.Ref, actor access.Actor, texts []string) *adviceFacts {
	f := &adviceFacts{carried: pep.QueueCarried(batch, ref.ChildID)}
	smart.QueueOthers(batch, &f.others, ref, texts)
	voice.QueueOfChild(batch, &f.wishes, ref.ChildID)
	if access.Can(actor, access.SeePremium) {
		premium.QueueRequests(batch, &f.requests, ref.ChildID)
	}
	return f
}

// context is what the rules take, once the batch has run. Words that the child keeps to few do not
// count: the advice is for everyone who reads the targets.
func (f *adviceFacts) context(child string, whole pep.Whole, next calendar.Date) smart.Context {
	c := smart.Context{Child: child, NextReview: next, Others: f.others, Asked: true, Costs: map[int64]bool{}, Carried: f.carried()}
	if whole.Last != nil {
		c.Last = whole.Last.Targets
	}
	if words := whole.Plan.Voice.Words; words != "" {
		c.Wishes = append(c.Wishes, words)
	}
	for _, wish := range f.heard() {
		c.Wishes = append(c.Wishes, wish.Words)
	}
	for _, request := range f.requests {
		c.Costs[request.TargetID] = true
	}
	return c
}

// heard are the wishes that everyone at a meeting may see.
func (f *adviceFacts) heard() (wishes []voice.Wish) {
	for _, wish := range f.wishes {
		if wish.Audience == voice.Everyone && wish.State != voice.Withdrawn {
			wishes = append(wishes, wish)
		}
	}
	return wishes
}

// advice is what the rules say of the targets in a form, by the rows they stand in.
type advice struct {
	Rows     map[int][]smart.Advice
	Together []smart.Advice
}

// adviseOn reads the targets as they stand in a form.
func adviseOn(form *kit.Form, c smart.Context) advice {
	targets, rows := readTargets(form.Under("")) // a copy: what is wrong there is said when it is saved
	each, together := smart.CheckAll(targets, c)
	found := advice{Rows: map[int][]smart.Advice{}, Together: together}
	for n, list := range each {
		found.Rows[rows[n]] = list
	}
	return found
}

// textsOf are the texts of targets that somebody has just sent; nil when the page is opened.
func textsOf(form *kit.Form) []string {
	if form == nil {
		return nil
	}
	texts := []string{}
	for n := range rowsOf(form) {
		if text := form.Value(kit.Row("what", n)); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

func adviceTitle(list []smart.Advice, n int) string {
	if len(list) == 1 {
		return fmt.Sprintf("One thing would make target %d better", n+1)
	}
	return fmt.Sprintf("%d things would make target %d better", len(list), n+1)
}
