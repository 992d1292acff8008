package pep

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
)

// Part is the key of a part of a plan: a section of its form, or one of the typed parts.
type Part string

const (
	PartVoice   Part = "voice"
	PartMeeting Part = "meeting"
	PartReviews Part = "reviews"
	PartTargets Part = "targets"
	PartActions Part = "actions"
)

// PartRoom is the screen on which a meeting writes down all typed parts at once. It is no part of a
// plan: only unsaved words are kept under its name.
const PartRoom Part = "room"

// TypedParts are in every plan, in the order of a meeting: the child first.
var TypedParts = []Part{PartVoice, PartMeeting, PartReviews, PartTargets, PartActions}

var partTitles = map[Part]string{PartVoice: "The child’s own words", PartMeeting: "The meeting", PartReviews: "How the last targets went", PartTargets: "New targets", PartActions: "What we agreed to do", PartRoom: "In the room"}

// Title is the part's name on screen; empty for a section of a form.
func (p Part) Title() string { return partTitles[p] }

// voiceOwners may take down the child's words; advisors always may.
var voiceOwners = []access.Role{access.School, access.SocialWorker, access.SupportAdvisor}

// Limits of what can be typed in the typed parts.
const (
	VoiceMax     = 5000
	NameMax      = 120
	TargetMax    = 1000
	DetailMax    = 500
	NoteMax      = 2000
	ReasonsMax   = 2000
	MostTargets  = 8
	MostActions  = 30
	MostAttended = 30
)

// Voice is what the child said, how and to whom.
type Voice struct {
	Words string
	How   string
	On    calendar.Date
	With  string
}

// VoiceWays are the ways a child's words are taken down.
var VoiceWays = []forms.Choice{
	{Value: "in_person", Text: "In person"}, {Value: "writing", Text: "In writing"}, {Value: "drawing", Text: "Drawing"}, {Value: "app", Text: "App or online tool"},
	{Value: "phone", Text: "By phone"}, {Value: "through_adult", Text: "Through a trusted adult"}, {Value: "declined", Text: "Asked, and chose not to say"},
}

// Captured says whether the child was asked: words, or the fact that they chose to say none.
func (v Voice) Captured() bool { return v.How != "" && (v.Words != "" || v.How == "declined") }

// Check finds what is wrong with the child's words as taken down.
func (v Voice) Check(careStart, today calendar.Date) fault.Problems {
	var problems fault.Problems
	length(&problems, "words", "The child's words", v.Words, VoiceMax)
	length(&problems, "with", "Who asked", v.With, NameMax)
	if v.How != "" && !offered(VoiceWays, v.How) {
		problems.Add("how", "Choose how the child was asked from the list")
	}
	if v.Words != "" && v.How == "" {
		problems.Add("how", "Choose how the child was asked")
	}
	if v.Words != "" && v.How == "declined" {
		problems.Add("how", "There are words here, so choose how the child gave them")
	}
	switch {
	case v.On.After(today):
		problems.Add("on", "The day the child was asked cannot be in the future")
	case !v.On.IsZero() && v.On.Before(careStart):
		problems.Add("on", "The day the child was asked must be after coming into care on "+careStart.Words())
	case v.On.IsZero() && v.How != "":
		problems.Add("on", "Enter the day the child was asked")
	}
	return problems
}

// Attendee is a person at the meeting, or one who sent apologies.
type Attendee struct {
	Name    string `json:"name"`
	Part    string `json:"part"`
	Present bool   `json:"present"`
}

// AttendeeParts are the parts people have in a meeting.
var AttendeeParts = []forms.Choice{
	{Value: "young_person", Text: "Young person"}, {Value: "carer", Text: "Carer"}, {Value: "parent", Text: "Parent"}, {Value: "social_worker", Text: "Social worker"},
	{Value: "designated_teacher", Text: "Designated teacher"}, {Value: "advisor", Text: "Education advisor"}, {Value: "reviewing_officer", Text: "Reviewing officer"}, {Value: "other", Text: "Other"},
}

// Meeting is when people met, who came, and when they meet next.
type Meeting struct {
	On        calendar.Date
	Held      bool
	Next      calendar.Date
	Attendees []Attendee
}

// Check finds what is wrong with a meeting. Previous is the day of the last plan's meeting.
func (m Meeting) Check(careStart, previous, today calendar.Date) fault.Problems {
	var problems fault.Problems
	switch {
	case m.On.IsZero() && m.Held:
		problems.Add("on", "Enter the day of the meeting")
	case m.On.IsZero():
	case m.On.Before(careStart):
		problems.Add("on", "The meeting must be after coming into care on "+careStart.Words())
	case !previous.IsZero() && m.On.Before(previous):
		problems.Add("on", "The meeting must be after the last one, on "+previous.Words())
	case m.Held && m.On.After(today):
		problems.Add("on", "A meeting on "+m.On.Words()+" cannot have been held yet. Choose “not yet held”, or correct the day")
	case !m.Held && m.On.Before(today):
		problems.Add("on", "That day has passed. Choose “held”, or enter the new day")
	case m.On.After(today.AddYears(1)):
		problems.Add("on", "The meeting must be within a year")
	}
	switch {
	case m.Next.IsZero():
	case m.On.IsZero():
		problems.Add("next", "Enter the day of this meeting before the day of the next")
	case !m.Next.After(m.On):
		problems.Add("next", "The next meeting must be after this one, on "+m.On.Words())
	case m.Next.After(m.On.AddYears(1)):
		problems.Add("next", "The next meeting must be within a year of this one")
	}
	if len(m.Attendees) > MostAttended {
		problems.Addf("attendees", "List %d people or fewer", MostAttended)
	}
	for n, person := range m.Attendees {
		name := fmt.Sprintf("name-%d", n)
		if person.Name == "" {
			problems.Add(name, "Enter the person's name")
		}
		length(&problems, name, "Name", person.Name, NameMax)
		if !offered(AttendeeParts, person.Part) {
			problems.Add(fmt.Sprintf("part-%d", n), "Choose the person's part in the meeting")
		}
	}
	return problems
}

// Target is one thing to be reached. ID is 0 for a new one.
type Target struct {
	ID          int64         `json:"id"`
	Area        string        `json:"area"`
	What        string        `json:"what"`
	Measure     string        `json:"measure"`
	Baseline    string        `json:"baseline"`
	Owner       string        `json:"owner"`
	Resource    string        `json:"resource"`
	DueOn       calendar.Date `json:"due_on"`
	CarriedFrom int64         `json:"carried_from"` // the target of an earlier plan that goes on; 0: none
}

// Areas are what a target can be about.
var Areas = []forms.Choice{
	{Value: "literacy", Text: "Literacy"}, {Value: "numeracy", Text: "Numeracy"}, {Value: "other_subject", Text: "Another subject"}, {Value: "attendance", Text: "Attendance"},
	{Value: "wellbeing", Text: "Wellbeing"}, {Value: "communication", Text: "Communication"}, {Value: "independence", Text: "Independence"}, {Value: "aspiration", Text: "Aspiration"},
}

// CheckTargets finds what is wrong with a plan's targets. A field is named after its row: "what-0".
func CheckTargets(targets []Target, careStart calendar.Date) fault.Problems {
	var problems fault.Problems
	if len(targets) > MostTargets {
		problems.Addf("targets", "Set %d targets or fewer", MostTargets)
	}
	for n, t := range targets {
		at := func(field string) string { return fmt.Sprintf("%s-%d", field, n) }
		if t.What == "" {
			problems.Add(at("what"), "Enter what is to be reached")
		}
		if !offered(Areas, t.Area) {
			problems.Add(at("area"), "Choose what the target is about")
		}
		length(&problems, at("what"), "Target", t.What, TargetMax)
		length(&problems, at("measure"), "How we will know", t.Measure, DetailMax)
		length(&problems, at("baseline"), "Where the child is now", t.Baseline, DetailMax)
		length(&problems, at("owner"), "Who helps", t.Owner, NameMax)
		length(&problems, at("resource"), "What it takes", t.Resource, DetailMax)
		if !t.DueOn.IsZero() && t.DueOn.Before(careStart) {
			problems.Add(at("due"), "The day must be after coming into care on "+careStart.Words())
		}
	}
	return problems
}

// Review is how a target of the last plan went.
type Review struct {
	TargetID int64  `json:"target_id"`
	Outcome  string `json:"outcome"`
	Note     string `json:"note"`
}

// Outcomes are how a target can have gone.
var Outcomes = []forms.Choice{
	{Value: "met", Text: "Met"}, {Value: "partly", Text: "Partly met"}, {Value: "not_met", Text: "Not met"}, {Value: "carried_forward", Text: "Carried forward"}, {Value: "withdrawn", Text: "Withdrawn"},
}

// notesAsked are the outcomes that nobody understands a term later without a word on why.
var notesAsked = map[string]string{
	"not_met":         "Say why the target was not met",
	"carried_forward": "Say why the target goes on, and what will be different",
	"withdrawn":       "Say why the target was withdrawn",
}

// CheckReviews finds what is wrong with reviews of the targets with these ids. A field is named
// after its target: "outcome-12".
func CheckReviews(reviews []Review, targets []int64) fault.Problems {
	var problems fault.Problems
	for _, r := range reviews {
		outcome, note := fmt.Sprintf("outcome-%d", r.TargetID), fmt.Sprintf("note-%d", r.TargetID)
		if !slices.Contains(targets, r.TargetID) {
			problems.Add(outcome, "This target is not in the last plan")
		}
		if !offered(Outcomes, r.Outcome) {
			problems.Add(outcome, "Choose how the target went")
		}
		if missing, asked := notesAsked[r.Outcome]; asked && r.Note == "" {
			problems.Add(note, missing)
		}
		length(&problems, note, "Note", r.Note, NoteMax)
	}
	return problems
}

// Action is something a person agreed to do by a day. ID is 0 for a new one.
type Action struct {
	ID     int64         `json:"id"`
	What   string        `json:"what"`
	Owner  string        `json:"owner"`
	DueOn  calendar.Date `json:"due_on"`
	DoneOn calendar.Date `json:"done_on"` // read only here: see Service.FinishAction
}

// CheckActions finds what is wrong with agreed actions. A field is named after its row: "what-0".
func CheckActions(actions []Action, careStart, today calendar.Date) fault.Problems {
	var problems fault.Problems
	if len(actions) > MostActions {
		problems.Addf("actions", "List %d actions or fewer", MostActions)
	}
	for n, a := range actions {
		at := func(field string) string { return fmt.Sprintf("%s-%d", field, n) }
		if a.What == "" {
			problems.Add(at("what"), "Enter what will be done")
		}
		if a.Owner == "" {
			problems.Add(at("owner"), "Enter who will do it")
		}
		switch {
		case a.DueOn.IsZero():
			problems.Add(at("due"), "Enter the day by which it will be done")
		case a.DueOn.Before(careStart):
			problems.Add(at("due"), "The day must be after coming into care on "+careStart.Words())
		case a.DueOn.After(today.AddYears(2)):
			problems.Add(at("due"), "The day must be within two years")
		}
		length(&problems, at("what"), "What will be done", a.What, TargetMax)
		length(&problems, at("owner"), "Who will do it", a.Owner, NameMax)
	}
	return problems
}

func length(problems *fault.Problems, field, label, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		problems.Addf(field, "%s must be %d characters or fewer. It is %d.", label, most, n)
	}
	if strings.ContainsRune(text, 0) {
		problems.Add(field, label+" has a character that cannot be used. Type it again without it.")
	}
}

func offered(choices []forms.Choice, value string) bool {
	return slices.ContainsFunc(choices, func(c forms.Choice) bool { return c.Value == value })
}

// TextOf is what a value says on screen.
func TextOf(choices []forms.Choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Text
		}
	}
	return value
}
