package pep

import (
	"slices"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
)

// PartRow is how a part of a plan stands: who saved it last and which version it is.
type PartRow struct {
	Part        Part
	State       string // open or complete
	SavedBy     string
	SavedAt     *time.Time
	CompletedBy string
	CompletedAt *time.Time
	Version     int
}

// Complete says whether its writer has called the part done.
func (r PartRow) Complete() bool { return r.State == "complete" }

// AnswerRow is an answer with where it came from.
type AnswerRow struct {
	Section    Part
	Question   string
	Value      forms.Answer
	Source     string
	AsAt       calendar.Date
	AnsweredBy string
	AnsweredAt time.Time
	// Who said that a fact of the record, or last term's answer, still holds, and when; nil: nobody was asked.
	ConfirmedBy string
	ConfirmedAt *time.Time
}

// Typed is the source of an answer that somebody wrote.
const Typed = "typed"

// From says where an answer was taken from; empty for one that somebody wrote: "From the school roll,
// as at 1 September 2026".
func (r AnswerRow) From() string {
	if r.Source == Typed {
		return ""
	}
	words := "From " + r.Source
	if strings.HasPrefix(r.Source, carriedFrom) {
		words = strings.ToUpper(r.Source[:1]) + r.Source[1:]
	}
	if !r.AsAt.IsZero() {
		words += ", as at " + r.AsAt.Words()
	}
	return words
}

// Confirmation says who said that an answer taken over still holds; empty for one that nobody was asked.
func (r AnswerRow) Confirmation() string {
	if r.ConfirmedAt == nil {
		return ""
	}
	return "confirmed by " + r.ConfirmedBy + " on " + calendar.Of(*r.ConfirmedAt).Words()
}

// Event is something that happened to a plan.
type Event struct {
	Event string
	Words string
	By    string
	At    time.Time
}

var eventNames = map[string]string{"started": "Started", "meeting_set": "Meeting planned", "meeting_held": "Meeting held", "submitted": "Submitted", "in_qa": "Taken into quality assurance",
	"returned": "Returned", "signed_off": "Signed off", "superseded": "Replaced by a newer plan", "cancelled": "Cancelled", "agreed_sent": "What we agreed was sent",
	"reopened": "Reopened", "replaced": "Replaced by a plan at the new school", "reminded": "Reminder sent"}

// Name is what happened, on screen.
func (e Event) Name() string { return eventNames[e.Event] }

// LastPlan is the signed-off plan before this one, with the targets this one looks back at.
type LastPlan struct {
	ID           int64
	AcademicYear int
	Term         string
	MeetingOn    calendar.Date
	Targets      []Target
}

// TermLabel is "Autumn 2026/27".
func (l LastPlan) TermLabel() string {
	return calendar.Term{AcademicYear: l.AcademicYear, Name: l.Term}.Label()
}

// Whole is a plan with all its parts.
type Whole struct {
	Plan      Plan
	Form      forms.Form
	CareStart calendar.Date // of the time in care in which the plan began
	Parts     []PartRow
	Answers   []AnswerRow
	Attendees []Attendee
	Targets   []Target
	Reviews   []Review
	Actions   []Action
	Events    []Event
	Last      *LastPlan // nil: the first plan
	Related   bool      // the reader works with the child; else only what they were invited to is here
	Invited   []string  // what the reader was invited to, in any plan (InvitedTo)
}

func (w Whole) ref() Ref { return Ref{w.Plan.ChildID, w.Plan.ID} }

// Part is how one part stands; one that nobody has touched is open.
func (w Whole) Part(part Part) PartRow {
	for _, row := range w.Parts {
		if row.Part == part {
			return row
		}
	}
	return PartRow{Part: part, State: "open", Version: 1}
}

// AnswersIn is the answers of a section.
func (w Whole) AnswersIn(section string) forms.Answers {
	answers := forms.Answers{}
	for _, row := range w.Answers {
		if row.Section == Part(section) {
			answers[row.Question] = row.Value
		}
	}
	return answers
}

// Answer is an answer with its source; false when the question has none.
func (w Whole) Answer(question string) (AnswerRow, bool) {
	for _, row := range w.Answers {
		if row.Question == question {
			return row, true
		}
	}
	return AnswerRow{}, false
}

// Review is how a target of the last plan went; false when nobody has said.
func (w Whole) Review(target int64) (Review, bool) {
	for _, review := range w.Reviews {
		if review.TargetID == target {
			return review, true
		}
	}
	return Review{}, false
}

// Meeting is the meeting as it is saved.
func (w Whole) Meeting() Meeting {
	return Meeting{On: w.Plan.MeetingOn, Held: w.Plan.MeetingHeld, Next: w.Plan.NextMeetingOn, Attendees: w.Attendees}
}

// Dates is what deadlines need to know of the plan.
func (w Whole) Dates() PlanDates {
	p := w.Plan
	return PlanDates{ID: p.ID, Kind: p.Kind, AcademicYear: p.AcademicYear, Term: p.Term, State: p.State,
		StartedOn: calendar.Of(p.StartedAt), MeetingOn: p.MeetingOn, Held: p.MeetingHeld, Edition: p.Edition, ReopenedOn: p.reopenedOn()}
}

// MayWrite says whether the actor writes a part of this plan, as it stands: for links and buttons.
func (w Whole) MayWrite(actor access.Actor, part Part) bool {
	return w.Plan.State.Editable() && w.allowed(actor, part) == nil
}

// Awaits says whether a part is the actor's own to write, and not only open to them: an advisor may
// write the school's sections, but does not have to.
func (w Whole) Awaits(actor access.Actor, part Part) bool {
	if !w.MayWrite(actor, part) || w.Part(part).Complete() {
		return false
	}
	if section, known := w.Form.Section(string(part)); known {
		return slices.Contains(section.Roles(w.Plan.HasSchool()), actor.Role) || w.InvitedTo(part)
	}
	return actor.Role == access.School || actor.Role == access.SocialWorker || actor.Role == access.Advisor
}

// allowed asks the table of who may do what about one part.
func (w Whole) allowed(actor access.Actor, part Part) error {
	if !w.Related && !w.InvitedTo(part) {
		return fault.NotFound()
	}
	switch part {
	case PartVoice:
		return access.Check(actor, access.WritePEP, access.Facts{SectionOwners: voiceOwners})
	case PartMeeting, PartReviews, PartTargets, PartActions, PartRoom:
		return access.Check(actor, access.HoldMeeting, access.Facts{})
	}
	section, known := w.Form.Section(string(part))
	if !known {
		return fault.NotFound()
	}
	return access.Check(actor, access.WritePEP, access.Facts{SectionOwners: section.Roles(w.Plan.HasSchool()), Invited: w.InvitedTo(part)})
}

// Missing lists what a plan lacks before it can be submitted. A problem's field is the part.
func (w Whole) Missing() fault.Problems {
	var missing fault.Problems
	add := func(part Part, text string) { missing.Add(string(part), text) }
	if !w.Plan.Voice.Captured() {
		add(PartVoice, "Take down the child's own words, or that they chose not to say")
	}
	for _, section := range w.Form.Sections {
		if !w.Part(Part(section.Key)).Complete() {
			add(Part(section.Key), section.Title+" is not marked as complete")
		}
	}
	switch {
	case !w.Plan.MeetingHeld:
		add(PartMeeting, "The meeting has not been recorded as held")
	case !someonePresent(w.Attendees):
		add(PartMeeting, "Say who was at the meeting")
	case w.Plan.NextMeetingOn.IsZero():
		add(PartMeeting, "Enter the day of the next meeting")
	}
	if w.Last != nil {
		for _, target := range w.Last.Targets {
			if _, reviewed := w.Review(target.ID); !reviewed {
				add(PartReviews, "Say how each target of the last plan went")
				break
			}
		}
	}
	if len(w.Targets) == 0 {
		add(PartTargets, "Set at least one target")
	}
	for n, target := range w.Targets {
		if target.Measure == "" || target.Owner == "" || target.DueOn.IsZero() {
			missing.Addf(string(PartTargets), "Target %d needs how we will know, who helps, and by when", n+1)
		}
	}
	if len(w.Actions) == 0 {
		add(PartActions, "List at least one action, with who does it and by when")
	}
	return missing
}

func someonePresent(attendees []Attendee) bool {
	for _, person := range attendees {
		if person.Present {
			return true
		}
	}
	return false
}
