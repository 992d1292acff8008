package suspension

import (
	"fmt"
	"strings"

	"virtualschool/internal/calendar"
)

// File is all that is kept about one event, from which follows what is due.
type File struct {
	Event      Event
	All        []Event // the child's, at any school: for the term test and the 45 days
	Notices    []Notice
	Education  []Arranged
	Considered []Considered
}

// Step is one thing that the law asks for after a suspension, and how it stands.
type Step struct {
	Kind    StepKind
	What    string
	Who     string        // must do it, in words
	Due     calendar.Date // zero: no day, or the school's calendar does not reach it
	Done    calendar.Date // zero: not done, as far as is known
	Late    bool          // done or still to be done after it was due
	Rule    string        // "R29"
	Because string        // which rule asks, and from where the day is counted
}

// StepKind tells steps apart.
type StepKind string

// Steps.
const (
	StepTell      StepKind = "tell"
	StepFirstDay  StepKind = "first_day" // an aim, not a duty
	StepEducation StepKind = "education"
	StepBoard     StepKind = "board"
	StepPanel     StepKind = "panel"
	StepAgain     StepKind = "board_again"
	StepPlan      StepKind = "plan"
	StepBack      StepKind = "back"
)

// Open says whether a step is still to be done.
func (s Step) Open() bool { return s.Done.IsZero() && s.Kind != StepBack }

// Who must do what, as pages say it.
const (
	whoSchool  = "The school"
	whoCouncil = "The council"
	whoBoard   = "The governing board"
	whoAdvisor = "The education advisor"
)

// Term is what was suspended in the event's term at its school, and what the board must do about it (R27);
// false where the term is not known.
func (f File) Term(terms []calendar.Term, days calendar.SchoolDays) (HalfDays, Board, bool) {
	term, known := calendar.TermContaining(terms, f.Event.begins(days))
	if !known {
		return 0, BoardNone, false
	}
	total, board := TermTest(f.All, f.Event.SettingID, term.Range(), days)
	return total, board, true
}

// Steps are what is due after an event, in the order it comes. terms and days are the school's own.
func (f File) Steps(terms []calendar.Term, days calendar.SchoolDays, today calendar.Date) []Step {
	steps := []Step{f.tell(terms, days, today)}
	if f.Event.Kind == Lunchtime && f.Event.stands() {
		return append(steps, f.bodies(terms, days, today)...)
	}
	if f.Event.stands() {
		steps = append(steps, f.education(days, today)...)
	}
	steps = append(steps, f.bodies(terms, days, today)...)
	if f.Event.stands() {
		steps = append(steps, f.plan(today))
	}
	if on, afternoon, known := Back(f.Event, days); known {
		back := Step{Kind: StepBack, What: "Back at school", Who: whoSchool, Due: on, Because: "Counted in school days from the first day. A suspension cannot be extended."}
		if afternoon {
			back.What = "Back at school after lunch"
		}
		steps = append(steps, back)
	}
	return steps
}

// tell is done when all who must be told have been; it is late when one was told more than a school day
// after the decision (R30).
func (f File) tell(terms []calendar.Term, days calendar.SchoolDays, today calendar.Date) Step {
	total, _, _ := f.Term(terms, days)
	told := ToldOf(f.Notices, AboutSuspension)
	decided := f.Event.DecidedOn
	step := Step{Kind: StepTell, What: "Everybody told", Who: whoSchool, Rule: "R30", Because: "Without delay: more than one school day after the head teacher decided is late."}
	if due, known := days.Add(decided, 1); known {
		step.Due = due
	}
	var missing []string
	for _, party := range MustBeTold(f.Event, total > fiveDays) {
		on := told[party]
		if on.IsZero() {
			missing = append(missing, party.inWords())
			step.Late = step.Late || NoticeLate(decided, today, days)
			continue
		}
		step.Late = step.Late || NoticeLate(decided, on, days)
		step.Done = calendar.Latest(step.Done, on)
	}
	if len(missing) > 0 {
		step.What, step.Done = "Tell "+listed(missing), calendar.Date{}
	}
	return step
}

// education is the aim for children in care, from the first day, and the duty from the sixth (R29).
func (f File) education(days calendar.SchoolDays, today calendar.Date) []Step {
	first, from := f.Event.begins(days), fullTimeFrom(f.Education)
	sixth, owed := SixthDay(f.Event, f.All, days)
	who := whoSchool
	if f.Event.Kind == Exclusion {
		who = whoCouncil
	}
	aim := Step{Kind: StepFirstDay, What: "Full-time education elsewhere from the first day", Who: who + ", with the Virtual School", Due: first, Rule: "R29", Late: today.After(first),
		Because: "The aim for a child in care, so that no day of education is lost."}
	if !from.IsZero() && !from.After(first) {
		aim.Done, aim.Late = from, false
	}
	if !owed {
		return []Step{aim}
	}
	step := Step{Kind: StepEducation, What: "Full-time education elsewhere by the sixth day", Who: who, Due: sixth, Rule: "R29", Done: from,
		Because: "The law asks for it from the sixth school day in a row: of the school for a suspension, of the council for a permanent exclusion."}
	step.Late = from.After(sixth) || from.IsZero() && today.After(sixth)
	return []Step{aim, step}
}

// plan is that the education plan is looked at again, on a day that the Virtual School sets.
func (f File) plan(today calendar.Date) Step {
	step := Step{Kind: StepPlan, What: "Education plan reviewed", Who: whoAdvisor, Due: f.Event.PEPReviewOn, Done: f.Event.PlanReviewedOn,
		Because: "A suspension is a sign that the plan needs another look. The Virtual School sets the day."}
	switch {
	case !step.Done.IsZero():
		step.Late = !step.Due.IsZero() && step.Done.After(step.Due)
	case step.Due.IsZero():
		step.What = "Set the day the education plan is reviewed"
	default:
		step.Late = today.After(step.Due)
	}
	return step
}

// bodies are the meetings of the governing board and of the review panel.
func (f File) bodies(terms []calendar.Term, days calendar.SchoolDays, today calendar.Date) []Step {
	held := map[Body]Considered{}
	for _, one := range f.Considered {
		held[one.Body] = one
	}
	var steps []Step
	add := func(step Step, due calendar.Date, known bool, at Considered) {
		if known {
			step.Due = due
		}
		step.Done = at.DecidedOn
		day := step.Done
		if day.IsZero() {
			day = today
		}
		step.Late = !step.Due.IsZero() && day.After(step.Due)
		steps = append(steps, step)
	}
	board := held[GoverningBoard]
	if _, duty, _ := f.Term(terms, days); f.Event.stands() && (duty == BoardMustMeet || duty == BoardIfAsked && !board.AskedOn.IsZero()) || board.Body != "" {
		due, known := BoardBy(duty, f.Event.Notice(), days)
		because := "Within " + map[Board]string{BoardMustMeet: "15", BoardIfAsked: "50"}[duty] + " school days of notice."
		if duty == BoardNone || duty == BoardMayHear {
			because = "The board considers what parents say; it cannot direct reinstatement."
		}
		if f.Event.BeforeExam(due) {
			due, known, because = f.Event.ExamOn, true, "The board takes reasonable steps to meet before the examination or test that would be missed."
		}
		add(Step{Kind: StepBoard, What: "Governing board considers reinstatement", Who: whoBoard, Rule: "R28", Because: because}, due, known, board)
	}
	if f.Event.Kind == Exclusion && board.Outcome == Upheld {
		panel := held[ReviewPanel]
		if panel.AskedOn.IsZero() && panel.Outcome == Undecided {
			if by, known := ReviewBy(latest(board.LetterOn, board.DecidedOn), days); known && !today.After(by) {
				steps = append(steps, Step{Kind: StepPanel, What: "Parents may ask for an independent review until this day", Who: "The parents", Due: by,
					Because: "Within 15 school days of the board's letter. The council and carers can help them to."})
			}
		} else {
			due, known := ReviewBy(panel.AskedOn, days)
			add(Step{Kind: StepPanel, What: "Independent review panel meets", Who: "The council, or the academy's trust", Because: "Within 15 school days of the parents' application."}, due, known, panel)
		}
		if panel.Outcome == Quashed || panel.Outcome == Reconsider {
			due, known := days.Add(latest(panel.LetterOn, panel.DecidedOn), againSchoolDays)
			add(Step{Kind: StepAgain, What: "Governing board considers again", Who: whoBoard, Because: "Within 10 school days of being told what the panel decided. The parents, the head teacher and the council are told what the board decides now."}, due, known, held[BoardAgain])
		}
	}
	return steps
}

// againSchoolDays is how long the board has to meet again after the review panel (School Discipline
// Regulations 2012).
const againSchoolDays = 10

func latest(letter, decided calendar.Date) calendar.Date {
	if letter.IsZero() {
		return decided
	}
	return letter
}

// inWords is the party within a sentence.
func (p Party) inWords() string {
	if p == VirtualSchool {
		return "the Virtual School"
	}
	return "the " + strings.ToLower(p.Name())
}

// listed is "the parents, the social worker and the governing board".
func listed(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return fmt.Sprintf("%s and %s", strings.Join(names[:len(names)-1], ", "), names[len(names)-1])
}
