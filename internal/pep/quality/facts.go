package quality

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
)

// Level is what a fact of the plan says about a criterion.
type Level string

const (
	Met     Level = "met"
	Partly  Level = "partly"
	Missing Level = "missing"
)

// Levels are all there are, the best first.
var Levels = []Level{Met, Partly, Missing}

// Finding is a fact and what it rests on. The zero Finding: the question does not arise.
type Finding struct {
	Level   Level
	Because string
}

// Known is what rules look at.
type Known struct {
	Whole     pep.Whole
	Year      int // the child's curriculum year at the meeting
	Working   calendar.WorkingDays
	Deadlines pep.Deadlines
	Submitted calendar.Date // first handed in
}

// asOf is the day of which the plan speaks.
func (k Known) asOf() calendar.Date {
	if k.Whole.Plan.MeetingOn.IsZero() {
		return calendar.Of(k.Whole.Plan.StartedAt)
	}
	return k.Whole.Plan.MeetingOn
}

// Rules are the facts a rubric can name.
var Rules = map[string]func(Known) Finding{
	"voice":              voice,
	"last_targets":       lastTargets,
	"smart_targets":      smartTargets,
	"basics":             basics,
	"meeting_recorded":   meetingRecorded,
	"people":             people,
	"on_time":            onTime,
	"written_up":         writtenUp,
	"attendance_current": attendanceCurrent,
	"sen":                specialNeeds,
	"premium_linked":     premiumLinked,
	"transition":         transition,
}

func ruleNames() []string { return slices.Sorted(maps.Keys(Rules)) }

func met(format string, args ...any) Finding    { return Finding{Met, fmt.Sprintf(format, args...)} }
func partly(format string, args ...any) Finding { return Finding{Partly, fmt.Sprintf(format, args...)} }
func missing(format string, args ...any) Finding {
	return Finding{Missing, fmt.Sprintf(format, args...)}
}

func voice(k Known) Finding {
	v := k.Whole.Plan.Voice
	how := strings.ToLower(pep.TextOf(pep.VoiceWays, v.How))
	switch {
	case v.Words != "" && v.How != "" && v.With != "":
		return met("Own words, %s, with %s.", how, v.With)
	case v.Words != "" && v.How != "":
		return partly("Own words, %s; not said with whom.", how)
	case v.How == "declined":
		return partly("Asked on %s, and chose not to say.", v.On.Words())
	}
	return missing("No words of the child’s own.")
}

// lastTargets: each target of the last plan has an outcome, and a note unless it was simply met.
func lastTargets(k Known) Finding {
	last := k.Whole.Last
	if last == nil || len(last.Targets) == 0 {
		return Finding{}
	}
	unsaid, bare := 0, 0
	for _, target := range last.Targets {
		review, said := k.Whole.Review(target.ID)
		switch {
		case !said:
			unsaid++
		case review.Note == "" && review.Outcome != "met":
			bare++
		}
	}
	all := len(last.Targets)
	switch {
	case unsaid > 0:
		return missing("%d of %s of %s not looked back at.", unsaid, targets(all), last.TermLabel())
	case bare > 0:
		return partly("%s looked back at; %d not met in full without a note why.", targets(all), bare)
	}
	return met("All %s of %s looked back at.", targets(all), last.TermLabel())
}

func targets(n int) string {
	if n == 1 {
		return "1 target"
	}
	return fmt.Sprintf("%d targets", n)
}

// smartTargets: each new target has a measure, somebody who helps, and a day by the next meeting.
func smartTargets(k Known) Finding {
	var lacking []string
	serious := false
	for n, t := range k.Whole.Targets {
		var lacks []string
		if t.Measure == "" {
			lacks, serious = append(lacks, "how we will know"), true
		}
		if t.Owner == "" {
			lacks, serious = append(lacks, "who helps"), true
		}
		if t.DueOn.IsZero() {
			lacks, serious = append(lacks, "by when"), true
		}
		if t.Baseline == "" {
			lacks = append(lacks, "where the child is now")
		}
		if next := k.Whole.Plan.NextMeetingOn; !next.IsZero() && t.DueOn.After(next) {
			lacks = append(lacks, "a day before the next meeting")
		}
		if len(lacks) > 0 {
			lacking = append(lacking, fmt.Sprintf("target %d: %s", n+1, strings.Join(lacks, ", ")))
		}
	}
	switch {
	case len(k.Whole.Targets) == 0:
		return missing("No new targets.")
	case serious:
		return missing("Not said for %s.", strings.Join(lacking, "; "))
	case len(lacking) > 0:
		return partly("Not said for %s.", strings.Join(lacking, "; "))
	}
	return met("Every one of %s has a measure, a start, somebody who helps and a day before the next meeting.", targets(len(k.Whole.Targets)))
}

// basics: a target for literacy and one for numeracy; in the early years, communication stands for
// literacy.
func basics(k Known) Finding {
	has := map[string]bool{}
	for _, t := range k.Whole.Targets {
		has[t.Area] = true
	}
	literacy := has["literacy"] || k.Year <= 0 && has["communication"]
	switch {
	case literacy && has["numeracy"]:
		return met("A target for literacy and one for numeracy.")
	case literacy:
		return partly("A target for literacy, none for numeracy.")
	case has["numeracy"]:
		return partly("A target for numeracy, none for literacy.")
	}
	return missing("No target for literacy or numeracy.")
}

func meetingRecorded(k Known) Finding {
	var lacks []string
	if !k.Whole.Plan.MeetingHeld {
		lacks = append(lacks, "that the meeting was held")
	}
	if !slices.ContainsFunc(k.Whole.Attendees, func(a pep.Attendee) bool { return a.Present }) {
		lacks = append(lacks, "who came")
	}
	if k.Whole.Plan.NextMeetingOn.IsZero() {
		lacks = append(lacks, "the day of the next meeting")
	}
	if len(lacks) > 0 {
		return missing("Not recorded: %s.", strings.Join(lacks, ", "))
	}
	return met("Held %s, %s on the list, next meeting %s.", k.Whole.Plan.MeetingOn.Words(), persons(len(k.Whole.Attendees)), k.Whole.Plan.NextMeetingOn.Words())
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// people: the child was asked, and carer, social worker and school were there. Who was not there
// cannot be put right afterwards, so it never is worse than partly.
func people(k Known) Finding {
	there := map[string]bool{}
	for _, a := range k.Whole.Attendees {
		there[a.Part] = there[a.Part] || a.Present
	}
	var lacking []string
	if !there["young_person"] && !k.Whole.Plan.Voice.Captured() {
		lacking = append(lacking, "the child was neither there nor asked")
	}
	for _, part := range []struct{ part, name string }{{"carer", "the carer"}, {"social_worker", "the social worker"}, {"designated_teacher", "the designated teacher"}} {
		if part.part == "designated_teacher" && !k.Whole.Plan.HasSchool() {
			continue
		}
		if !there[part.part] {
			lacking = append(lacking, part.name+" was not there")
		}
	}
	switch len(lacking) {
	case 0:
		return met("Child asked; everyone who must be there was.")
	case 1:
		return partly("One is missing: %s.", lacking[0])
	}
	return partly("Several are missing: %s.", strings.Join(lacking, ", "))
}

// onTime: the meeting was held by the day the rules asked for when the plan was begun.
func onTime(k Known) Finding {
	plan := k.Whole.Plan
	switch {
	case plan.Due.IsZero() || plan.MeetingOn.IsZero():
		return Finding{}
	case plan.MeetingOn.After(plan.Due.Due):
		return partly("Meeting %s, %s after it was due (%s).", plan.MeetingOn.Words(), days(k.Working.Between(plan.Due.Due, plan.MeetingOn)), plan.Due.Rule)
	}
	return met("Meeting %s, due by %s (%s).", plan.MeetingOn.Words(), plan.Due.Due.Words(), plan.Due.Rule)
}

// writtenUp: handed in by the day a plan must be complete after its meeting (R11).
func writtenUp(k Known) Finding {
	if k.Whole.Plan.MeetingOn.IsZero() || k.Submitted.IsZero() {
		return Finding{}
	}
	due := pep.SignOffBy(k.Whole.Plan.MeetingOn, k.Working, k.Deadlines)
	if k.Submitted.After(due.Due) {
		return partly("Submitted %s, %s after it was due (%s: %s).", k.Submitted.Words(), days(k.Working.Between(due.Due, k.Submitted)), due.Rule, due.Because)
	}
	return met("Submitted %s, due by %s (%s).", k.Submitted.Words(), due.Due.Words(), due.Rule)
}

func days(n int) string {
	if n == 1 {
		return "1 working day"
	}
	return fmt.Sprintf("%d working days", n)
}

// currentDays is how old an attendance figure may be at the meeting.
const currentDays = 30

func attendanceCurrent(k Known) Finding {
	question, _, asked := k.question(forms.KnownAttendance)
	if !asked || !k.Whole.Plan.HasSchool() {
		return Finding{}
	}
	answer, said := k.Whole.Answer(question.Key)
	if !said || answer.Value.Text == "" {
		return missing("No attendance figure.")
	}
	as := answer.AsAt
	if as.IsZero() {
		as = calendar.Of(answer.AnsweredAt)
	}
	if as.AddDays(currentDays).Before(k.asOf()) {
		return partly("%s%% as at %s, more than %d days before the meeting.", answer.Value.Text, as.Words(), currentDays)
	}
	return met("%s%% as at %s.", answer.Value.Text, as.Words())
}

// question is the one of the form that takes a fact the record holds, with its section.
func (k Known) question(fact forms.Known) (forms.Question, forms.Section, bool) {
	for _, section := range k.Whole.Form.Sections {
		for _, question := range section.Questions {
			if question.Known == fact {
				return question, section, true
			}
		}
	}
	return forms.Question{}, forms.Section{}, false
}

// specialNeeds: whether there is a need is said, and where there is, what the section asks of it.
func specialNeeds(k Known) Finding {
	question, section, asked := k.question(forms.KnownSEN)
	if !asked {
		return Finding{}
	}
	answer, said := k.Whole.Answer(question.Key)
	if !said || answer.Value.Text == "" {
		return missing("Special educational needs are not said.")
	}
	return k.answered(section, question.OptionText(answer.Value.Text))
}

// premiumLinked: the targets say what they take, which is where Pupil Premium Plus is asked for. Not
// every target takes money, so it never is worse than partly.
func premiumLinked(k Known) Finding {
	without := 0
	for _, t := range k.Whole.Targets {
		if t.Resource == "" {
			without++
		}
	}
	switch all := len(k.Whole.Targets); {
	case all == 0:
		return Finding{}
	case without == all:
		return partly("No target says what it takes.")
	case without > 0:
		return partly("%d of %s say what they take.", all-without, targets(all))
	}
	return met("Every target says what it takes.")
}

// moveYears are those before a move every child makes: to Reception, to secondary school, after 16.
var moveYears = []int{-1, 6, 11}

// transition: before such a move, the section on it is answered.
func transition(k Known) Finding {
	if !slices.Contains(moveYears, k.Year) {
		return Finding{}
	}
	section, there := k.Whole.Form.Section("transition")
	if !there {
		return Finding{}
	}
	return k.answered(section, calendar.YearGroup(k.Year)+", a move is coming")
}

// answered says how much of what a section asks is answered.
func (k Known) answered(section forms.Section, because string) Finding {
	answers := k.Whole.AnswersIn(section.Key)
	var empty, due []string
	shown := section.Shown(answers)
	for _, question := range shown {
		if answers[question.Key].Empty() {
			empty = append(empty, question.Label)
			if question.Required {
				due = append(due, question.Label)
			}
		}
	}
	switch {
	case len(due) > 0:
		return missing("%s; not answered: %s.", because, strings.Join(due, ", "))
	case len(empty) > 0:
		return partly("%s; left empty: %s.", because, strings.Join(empty, ", "))
	}
	return met("%s; all of “%s” answered.", because, section.Title)
}
