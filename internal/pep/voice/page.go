package voice

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/fault"
)

// Level is how the page of a young person is worded.
type Level string

const (
	Pictures Level = "pictures" // a few short words, with pictures
	Plain    Level = "plain"
	Adult    Level = "adult"
)

// Levels in the order a form offers them.
var Levels = []Level{Pictures, Plain, Adult}

// Name is the level on screen.
func (l Level) Name() string {
	return map[Level]string{Pictures: "Short words with pictures", Plain: "Plain words", Adult: "As adults read"}[l]
}

// Question is one thing the page asks. A question with a scale is answered by a feeling, any other in
// words.
type Question struct {
	Key   string
	Text  string
	Scale bool
}

// Page is what a young person is asked at one level.
type Page struct {
	Level     Level
	Questions []Question
	Wish      string // "What would make school better?"
}

// keys are the questions in the order they are asked; those of feelings come first, because choosing
// a face is easier to begin with than writing.
var keys = []struct {
	key   string
	scale bool
	text  map[Level]string
}{
	{"school", true, map[Level]string{Pictures: "How is school?", Plain: "How do you feel about school or college?", Adult: "How do you feel about your school, college or training overall?"}},
	{"learning", true, map[Level]string{Pictures: "How is your learning?", Plain: "How do you feel about your learning?", Adult: "How do you feel about the progress you are making?"}},
	{"people", true, map[Level]string{Pictures: "How are the people at school?", Plain: "How do you feel about the people there?", Adult: "How do you feel about the people around you there: friends, teachers and others?"}},
	{"good", false, map[Level]string{Pictures: "What is good?", Plain: "What is going well?", Adult: "What is going well, and what are you proud of?"}},
	{"hard", false, map[Level]string{Pictures: "What is hard?", Plain: "What is hard, or worries you?", Adult: "What is difficult, or worries you?"}},
	{"next", false, map[Level]string{Pictures: "What do you want to do when you are big?", Plain: "What do you want to do in the future?", Adult: "What are your plans and hopes for the future?"}},
}

var wishTexts = map[Level]string{Pictures: "What would make school better?", Plain: "What would make school or college better?", Adult: "What would make school, college or training better for you?"}

// PageAt is what is asked at a level.
func PageAt(level Level) Page {
	page := Page{Level: level, Wish: wishTexts[level]}
	for _, one := range keys {
		page.Questions = append(page.Questions, Question{Key: one.key, Text: one.text[level], Scale: one.scale})
	}
	return page
}

// Feeling is a step of the scale of faces, from 1 (very sad) to 5 (very happy).
type Feeling int

// Feelings from the best, in the order a page offers them.
var Feelings = []Feeling{5, 4, 3, 2, 1}

// Name is the feeling in words: a face is never shown without them.
func (f Feeling) Name() string {
	return map[Feeling]string{5: "Very happy", 4: "Happy", 3: "OK", 2: "Sad", 1: "Very sad"}[f]
}

// Given is one question as it was worded and what the young person answered.
type Given struct {
	Key     string  `json:"key"`
	Asked   string  `json:"asked"`
	Said    string  `json:"said,omitempty"`
	Feeling Feeling `json:"feeling,omitempty"`
}

// Answer is what was answered, in words.
func (g Given) Answer() string {
	if g.Feeling != 0 {
		return g.Feeling.Name()
	}
	return g.Said
}

// Limits of what a young person can type, in characters, and of how many wishes a page takes.
const (
	SaidMax    = 1000
	WishMax    = 300
	MostWishes = 3
)

// Said is what a young person sends.
type Said struct {
	Words    map[string]string // by the question's key
	Feelings map[string]Feeling
	Wishes   []string // in order; empty ones count as none
	Audience Audience
}

// Check finds what is wrong with what a young person sends, in words for the young person. A field is
// named after its question; wishes are "wish-1" to "wish-3".
func (s Said) Check() fault.Problems {
	var problems fault.Problems
	empty := true
	tooLong := func(field, text string, most int) {
		empty = empty && strings.TrimSpace(text) == ""
		if n := utf8.RuneCountInString(text); n > most {
			problems.Add(field, fmt.Sprintf("This is too long. Please make it shorter: you can use %d letters and it has %d", most, n))
		}
		if strings.ContainsRune(text, 0) {
			problems.Add(field, "There is a letter here that we cannot keep. Please type it again")
		}
	}
	for _, one := range keys {
		if one.scale {
			feeling := s.Feelings[one.key]
			empty = empty && feeling == 0
			if feeling != 0 && feeling.Name() == "" {
				problems.Add(one.key, "Please choose one of the faces")
			}
			continue
		}
		tooLong(one.key, s.Words[one.key], SaidMax)
	}
	for n, wish := range s.Wishes {
		tooLong(fmt.Sprintf("wish-%d", n+1), wish, WishMax)
	}
	if len(s.Wishes) > MostWishes {
		problems.Add("wish-1", fmt.Sprintf("You can ask for %d things", MostWishes))
	}
	if empty {
		problems.Add(keys[0].key, "Tell us one thing, or choose one face. If you do not want to, you can close this page")
	}
	if s.Audience.Name() == "" {
		problems.Add("audience", "Choose who can see this")
	}
	return problems
}

// given is what was answered, in the order it was asked at this level. Wishes come last.
func (s Said) given(level Level) []Given {
	var list []Given
	page := PageAt(level)
	for _, question := range page.Questions {
		one := Given{Key: question.Key, Asked: question.Text}
		if question.Scale {
			one.Feeling = s.Feelings[question.Key]
		} else {
			one.Said = strings.TrimSpace(s.Words[question.Key])
		}
		if one.Answer() != "" {
			list = append(list, one)
		}
	}
	for _, wish := range s.wishes() {
		list = append(list, Given{Key: "wish", Asked: page.Wish, Said: wish})
	}
	return list
}

func (s Said) wishes() []string {
	var list []string
	for _, wish := range s.Wishes {
		if wish = strings.TrimSpace(wish); wish != "" && !slices.Contains(list, wish) {
			list = append(list, wish)
		}
	}
	return list
}

// Words are answers as one text: each question once, and below it what was said.
func Words(answers []Given) string {
	var b strings.Builder
	asked := ""
	for _, one := range answers {
		if one.Asked != asked {
			if asked != "" {
				b.WriteString("\n\n")
			}
			b.WriteString(one.Asked)
			asked = one.Asked
		}
		b.WriteString("\n" + one.Answer())
	}
	return b.String()
}
