package peps

import (
	"strings"

	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// heard is what stands beside a plan's own record of the child's words: what the young person wrote on
// a page of their own, and the wishes.
type heard struct {
	Replies []voice.Reply
	Wishes  []voice.Wish
}

func (h *heard) queue(batch *postgres.Batch, ref pep.Ref) {
	voice.QueueReplies(batch, &h.Replies, ref)
	voice.QueueOfChild(batch, &h.Wishes, ref.ChildID)
}

// takeOver adds a reply's words to those in the form: nothing is saved by it. Words kept to few are never
// taken over, for the plan is read by all.
func (h *heard) takeOver(form *kit.Form, reply string) {
	for _, one := range h.Replies {
		if number(one.ID) != reply || !takeable(one, form.Value("words")) {
			continue
		}
		form.Set("words", strings.TrimSpace(form.Value("words")+"\n\n"+one.Words()))
		if how := form.Value("how"); how == "" || how == "declined" {
			form.Set("how", "app")
		}
		if form.Value("on-day")+form.Value("on-month")+form.Value("on-year") == "" {
			form.SetDate("on", one.On())
		}
	}
}

// takeable says whether a reply may be taken over and is not among the words yet.
func takeable(reply voice.Reply, words string) bool {
	return reply.Audience == voice.Everyone && !strings.Contains(words, reply.Words())
}

// here are the wishes said in this plan, and those from before that are still open.
func (h heard) here(pepID int64) []voice.Wish {
	var list []voice.Wish
	for _, wish := range h.Wishes {
		if wish.PEPID == pepID || wish.Answerable() {
			list = append(list, wish)
		}
	}
	return list
}

// stands is how a wish stands, in a line.
func stands(wish voice.Wish) string {
	answer, answered := wish.Answer()
	switch {
	case wish.State == voice.Withdrawn:
		return "Withdrawn: " + wish.WithdrawnNote
	case !answered:
		return "Waits for an answer since " + wish.SaidOn.Words() + "."
	case answer.Kind == voice.WillHappen:
		return answer.Kind.Name() + " by " + answer.HappensBy.Words() + ": " + answer.Words
	}
	return answer.Kind.Name() + ": " + answer.Words
}
