package about

import (
	"net/http"

	"virtualschool/web/kit"
)

// young is the privacy notice for young people (UK GDPR art. 12(1): in words that a child understands).
func (p *Pages) young(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "What we know about you, and why", Back: "/privacy"}, youngPage(p.Kit.Site.Authority))
}

// card is one thing to know; its drawing says nothing that the words do not.
type card struct {
	Title   string
	Drawing string
	Lines   []string
}

var cards = []card{
	{"What we write down", "M24 12c-5-4-12-5-18-4v30c6-1 13 0 18 4 5-4 12-5 18-4V8c-6-1-13 0-18 4zM24 12v30", []string{
		"Your name, your birthday and which school you go to.",
		"When you came into care, and what kind of place you live in. Not your address.",
		"How school is going, when you were there, and your plan for school. Grown-ups call it a PEP.",
		"What you told us you think and want.",
	}},
	{"Why we do it", "M24 5l6 12 13 2-9 9 2 13-12-6-12 6 2-13-9-9 13-2z", []string{
		"So that the people who help you know what you need, and what they promised.",
		"The law says that the council must help every child in care do well at school.",
	}},
	{"Who can read it", "M16 20a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM32 20a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM5 42c0-10 5-16 11-16 4 0 6 2 8 5 2-3 4-5 8-5 6 0 11 6 11 16", []string{
		"People who work with you now: the Virtual School, your social worker, and the reviewing officer who checks your care.",
		"At your school, the teacher for children in care. When you change school, the old school stops seeing it.",
		"Your school sees your plan and what helps at school. It does not see the notes of your social worker.",
	}},
	{"We write down who looks", "M4 24c6-10 13-14 20-14s14 4 20 14c-6 10-13 14-20 14S10 34 4 24zM24 30a6 6 0 1 0 0-12 6 6 0 0 0 0 12z", []string{
		"Each time somebody opens your record, the computer keeps their name. You can ask who it was.",
	}},
	{"What stays with a few", "M12 22h24v20H12zM17 22v-6a7 7 0 0 1 14 0v6M24 30v5", []string{
		"When you write on your own page, you choose: everybody at your meeting can read it, or only your social worker and the Virtual School.",
		"If we worry that you are not safe, we have to tell somebody who can help.",
	}},
	{"How long we keep it", "M24 43a19 19 0 1 0 0-38 19 19 0 0 0 0 38zM24 12v13l8 5", []string{
		"A long time: the law says until you would be 75. Many people want to read about when they were young, so it is there for you.",
	}},
}

var youngRights = []card{
	{Title: "See it", Lines: []string{"Ask to see what we wrote about you. We have one month to show you. Sometimes we leave out words that are about somebody else."}},
	{Title: "Put it right", Lines: []string{"If something is wrong, tell us. If we do not agree, we still write down what you say."}},
	{Title: "Say no", Lines: []string{"You can tell us that you do not want us to use something. We have to think about it and tell you what we decided, and why."}},
	{Title: "Ask anything", Lines: []string{"If you do not understand, ask. Somebody will go through it with you."}},
}
