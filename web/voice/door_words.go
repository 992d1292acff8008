package voice

import "virtualschool/internal/pep/voice"

// doorWords are the words of the young person's page around its questions, at one reading level.
type doorWords struct {
	Title    string
	Intro    []string
	Feel     string // above the faces
	Say      string // above the questions in words
	Ask      string // above the wishes
	AskHint  string
	Wish     string // before its number
	Who      string
	Everyone string
	Few      string
	WhoHint  string
	Send     string
	YouSaid  string
	WeDid    map[voice.Kind]string
}

// wordsAt are the words by level. The simplest can be read at nine.
var wordsAt = map[voice.Level]doorWords{
	voice.Pictures: {
		Title:    "Hello",
		Intro:    []string{"This page is for you.", "Tell us how school is.", "You can leave out what you like. There are no wrong answers."},
		Feel:     "Pick a face",
		Say:      "Say it in your words",
		Ask:      "Things you want",
		AskHint:  "You can ask for 3 things. A grown-up has to answer each one.",
		Wish:     "Thing",
		Who:      "Who can see this?",
		Everyone: "All the people at my meeting",
		Few:      "Only my social worker and the Virtual School",
		WhoHint:  "The Virtual School is the team that helps you do well at school.",
		Send:     "Send",
		YouSaid:  "Last time",
		WeDid:    map[voice.Kind]string{voice.Done: "We did it", voice.WillHappen: "We will do it", voice.Cannot: "We could not do it"},
	},
	voice.Plain: {
		Title:    "Hello",
		Intro:    []string{"This page is for you. It is about your next meeting about school or college.", "Answer what you want and leave out the rest. There are no wrong answers."},
		Feel:     "How you feel",
		Say:      "In your own words",
		Ask:      "What you want to change",
		AskHint:  "Ask for up to 3 things. Somebody has to answer each one and tell you what happens.",
		Wish:     "Wish",
		Who:      "Who can see this?",
		Everyone: "Everyone at my meeting",
		Few:      "Only my social worker and the Virtual School",
		WhoHint:  "The Virtual School is the council’s team that helps you do well in education.",
		Send:     "Send",
		YouSaid:  "You said, we did",
		WeDid:    map[voice.Kind]string{voice.Done: "We did it", voice.WillHappen: "It will happen", voice.Cannot: "It cannot happen"},
	},
	voice.Adult: {
		Title:    "Hello",
		Intro:    []string{"This page is yours: what you write here goes into the meeting about your education, in your own words.", "Answer as much or as little as you like."},
		Feel:     "How things are",
		Say:      "In your own words",
		Ask:      "What should change",
		AskHint:  "Ask for up to 3 things. Each stays open until somebody answers it, and you are told what comes of it.",
		Wish:     "Request",
		Who:      "Who may read this?",
		Everyone: "Everyone at my meeting",
		Few:      "Only my social worker and the Virtual School",
		WhoHint:  "The Virtual School is the council’s team for the education of children and young people in care.",
		Send:     "Send",
		YouSaid:  "You said, we did",
		WeDid:    map[voice.Kind]string{voice.Done: "Done", voice.WillHappen: "It will happen", voice.Cannot: "It cannot happen"},
	},
}
