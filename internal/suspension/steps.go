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
	StepEducation StepKind = "education"
	StepBoard     StepKind = "board"
	StepPanel     StepKind = "panel"
	StepAgain     StepKind = "board_again"
	StepBack      StepKind = "back"
)

// Open says whether a step is still to be done.
func (s Step) Open() bool { return s.Done.IsZero() && s.Kind != StepBack }

// Term is what was suspended in the event's term at its school, and what the board must do about it (R27);
// false where the term is not known.
func (f File) Term(terms []calendar.Term) (HalfDays, Board, bool) {
	term, known := calendar.TermContaining(terms, f.Event.StartsOn)
	if !known {
		return 0, BoardNone, false
	}
	total, board := TermTest(f.All, f.Event.SettingID, term.Range())
	return total, board, true
}

// Steps are what is due after an event, in the order it comes. terms and days are the school's own.
func (f File) Steps(terms []calendar.Term, days calendar.SchoolDays, today calendar.Date) []Step {
	steps := []Step{f.tell(terms, days, today)}
	if f.Event.Kind == Lunchtime && f.Event.stands() {
		return append(steps, f.bodies(terms, days, today)...)
	}
	if step, due := f.education(days, today); due {
		steps = append(steps, step)
	}
	steps = append(steps, f.bodies(terms, days, today)...)
	if on, afternoon, known := Back(f.Event, days); known {
		back := Step{Kind: StepBack, What: "Back at school", Due: on, Because: "Counted in school days from the first day. A suspension cannot be extended."}
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
	total, _, _ := f.Term(terms)
	told := ToldOf(f.Notices, AboutSuspension)
	decided := f.Event.DecidedOn
	step := Step{Kind: StepTell, What: "Everybody told", Rule: "R30", Because: "Without delay: more than one school day after the head teacher decided is late."}
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

func (f File) education(days calendar.SchoolDays, today calendar.Date) (Step, bool) {
	sixth, owed := SixthDay(f.Event, days)
	if !owed {
		return Step{}, false
	}
	step := Step{Kind: StepEducation, What: "Full-time education elsewhere", Due: sixth, Rule: "R29",
		Because: "From the sixth school day; for a child in care the aim is the first. The school owes it for a suspension, the council for a permanent exclusion."}
	switch ProvisionOf(f.Event, f.Education, sixth, today) {
	case FromFirstDay, BySixthDay, TooLate:
		for _, one := range f.Education {
			if one.FullTime && (step.Done.IsZero() || one.StartsOn.Before(step.Done)) {
				step.Done = one.StartsOn
			}
		}
		step.Late = step.Done.After(sixth)
	default:
		step.Late = today.After(sixth)
	}
	return step, true
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
	if _, duty, _ := f.Term(terms); f.Event.stands() && (duty == BoardMustMeet || duty == BoardIfAsked && !board.AskedOn.IsZero()) || board.Body != "" {
		due, known := BoardBy(duty, f.Event.Notice(), days)
		because := "Within " + map[Board]string{BoardMustMeet: "15", BoardIfAsked: "50"}[duty] + " school days of notice."
		if duty == BoardNone || duty == BoardMayHear {
			because = "The board considers what parents say; it cannot direct reinstatement."
		}
		if f.Event.BeforeExam(due) {
			due, known, because = f.Event.ExamOn, true, "The board takes reasonable steps to meet before the examination or test that would be missed."
		}
		add(Step{Kind: StepBoard, What: "Governing board considers reinstatement", Rule: "R28", Because: because}, due, known, board)
	}
	if f.Event.Kind == Exclusion && board.Outcome == Upheld {
		panel := held[ReviewPanel]
		if panel.AskedOn.IsZero() && panel.Outcome == Undecided {
			if by, known := ReviewBy(latest(board.LetterOn, board.DecidedOn), days); known && !today.After(by) {
				steps = append(steps, Step{Kind: StepPanel, What: "Parents may ask for an independent review until this day", Due: by,
					Because: "Within 15 school days of the board's letter. The council and carers can help them to."})
			}
		} else {
			due, known := ReviewBy(panel.AskedOn, days)
			add(Step{Kind: StepPanel, What: "Independent review panel meets", Because: "Within 15 school days of the parents' application."}, due, known, panel)
		}
		if panel.Outcome == Quashed || panel.Outcome == Reconsider {
			due, known := days.Add(panel.DecidedOn, againSchoolDays)
			add(Step{Kind: StepAgain, What: "Governing board considers again", Because: "Within 10 school days of the panel's decision."}, due, known, held[BoardAgain])
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
