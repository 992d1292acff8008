package paper

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/web/kit"
)

// youngView is a plan in one page for the child it is about: what they said, what was agreed, who
// does what by when, and when everybody meets next. Nothing of what adults wrote about them is on it.
type youngView struct {
	paperView
	First string // the name the child goes by
}

func (p *Pages) youngOf(r *http.Request) (youngView, error) {
	paper, err := p.paper(r)
	if err != nil {
		return youngView{}, err
	}
	return youngView{paper, firstName(paper.Strip.Name)}, nil
}

// young is the child's own page of a plan.
func (p *Pages) young(w http.ResponseWriter, r *http.Request) error {
	v, err := p.youngOf(r)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "One page for the young person", Back: v.Path, Print: true}, youngPage(v, p.Kit.OfferPDF(v.Path+"/child.pdf")))
}

// youngPDF is the child's own page as a file.
func (p *Pages) youngPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := p.youngOf(r)
	if err != nil {
		return err
	}
	return p.Kit.SendPDF(w, r, v.Path+"/child", "My education plan", "my-education-plan-"+v.fileTerm()+".pdf",
		kit.Sheet{Foot: v.Whole.Plan.TermLabel() + " · Made " + calendar.Of(v.PrintedAt).Short(), Content: youngPaper(v)})
}

// firstName is what a child is called to their face.
func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// title is "Maya’s plan", or "My plan" for a record without a name.
func (v youngView) title() string {
	if v.First == "" || v.First == "Child" {
		return "My plan"
	}
	if strings.HasSuffix(v.First, "s") {
		return v.First + "’ plan"
	}
	return v.First + "’s plan"
}

// Limits that keep the page one page. What is cut is in the whole plan, and the page says so.
const (
	youngWords   = 600
	youngActions = 8
	youngWishes  = 4
)

// words are the child's own, cut between words where they would fill the page.
func (v youngView) words() (words string, cut bool) {
	return shorten(v.Whole.Plan.Voice.Words, youngWords)
}

// shorten cuts a text after a whole word.
func shorten(text string, most int) (string, bool) {
	if utf8.RuneCountInString(text) <= most {
		return text, false
	}
	short := string([]rune(text)[:most])
	if at := strings.LastIndexAny(short, " \n"); at > 0 {
		short = short[:at]
	}
	return strings.TrimRight(short, " \n.,;") + " …", true
}

// actions are what was agreed, nearest day first as the plan has them.
func (v youngView) actions() (actions []pep.Action, more int) {
	actions = v.Whole.Actions
	if len(actions) > youngActions {
		return actions[:youngActions], len(actions) - youngActions
	}
	return actions, 0
}

// wishes are the first things the child asked for.
func (v youngView) wishes() []voice.Wish { return v.Wishes[:min(len(v.Wishes), youngWishes)] }

// density is the class of the print: smaller where there is more to say, so that it stays one page.
func (v youngView) density() string {
	words, _ := v.words()
	letters := utf8.RuneCountInString(words)
	for _, t := range v.Whole.Targets {
		letters += 120 + utf8.RuneCountInString(t.What+t.Measure+t.Owner)
	}
	actions, _ := v.actions()
	for _, a := range actions {
		letters += 60 + utf8.RuneCountInString(a.What+a.Owner)
	}
	for _, w := range v.wishes() {
		letters += 90 + utf8.RuneCountInString(w.Words+answerWords(w))
	}
	switch {
	case letters > 2800:
		return "vs-young--full"
	case letters > 1500:
		return "vs-young--dense"
	}
	return ""
}

// next says when everybody meets again.
func (v youngView) next() string {
	day := v.Whole.Plan.NextMeetingOn
	switch {
	case day.IsZero():
		return "The day of your next meeting has not been set yet. Ask the person who gave you this page."
	case day.After(v.Today) && day.Sub(v.Today) <= 14:
		return day.WordsWithDay() + ", " + day.Relative(v.Today)
	}
	return day.WordsWithDay()
}

// sentence ends a text with a full stop, unless it ends in some stop already.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
