package quality

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// Service does what people do about the quality of plans. Each method is one act of one person, in
// one transaction. All fail with NotFound for a plan the actor may not see, and with Forbidden for
// what their role does not have.
type Service struct {
	DB      *postgres.DB
	PEPs    *pep.Service
	Rubrics Set
}

// NoteMax is the most characters of a note.
const NoteMax = 2000

// Given is what a marker gave one criterion.
type Given struct{ Grade, Note string }

// Grading is what a marker sends: about the plan at this version, with the rubric they were shown.
type Grading struct {
	Version       int // of the plan
	Rubric        string
	RubricVersion int
	Given         map[string]Given // by criterion
	Reason        string           // why the plan is returned, when its grade returns it
}

// Record grades a submitted plan, and does what the grade does: a plan to be corrected is returned
// with the reason, any other is signed off, and what is to be better next time becomes follow-ups.
// Never the plan of the actor's own hand. Problems are about the fields "grade-<criterion>",
// "note-<criterion>" and "reason".
func (s *Service) Record(ctx context.Context, actor access.Actor, ref pep.Ref, in Grading) (Result, error) {
	var result Result
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) (err error) {
		result, err = s.record(ctx, tx, ref, in)
		return err
	})
	return result, err
}

func (s *Service) record(ctx context.Context, tx *postgres.Tx, ref pep.Ref, in Grading) (Result, error) {
	whole, err := s.PEPs.Lock(ctx, tx, ref)
	if err != nil {
		return Result{}, err
	}
	handed, err := loadHandedIn(ctx, tx, ref.PEPID)
	if err != nil {
		return Result{}, err
	}
	if err := access.Check(tx.Actor, access.ReviewQuality, access.Facts{SubmittedBy: handed.SubmittedBy}); err != nil {
		return Result{}, err
	}
	if _, err := whole.Plan.State.Move(pep.ActSignOff); err != nil {
		return Result{}, err
	}
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return Result{}, err
	}
	rubric, _ := s.Rubrics.Pick(values.PEPQualityRubric())
	if rubric.Name != in.Rubric || rubric.Version != in.RubricVersion {
		return Result{}, fault.Conflict("The rubric has changed since you opened this page. Open the plan again: plans are now graded with “" + rubric.Title + "”.")
	}
	sheet, err := s.sheet(ctx, tx, rubric, whole, handed, values)
	if err != nil {
		return Result{}, err
	}
	marks := sheet.Marks(in.Given)
	result := rubric.Work(sheet.Applying, marks)
	problems := sheet.Check(marks)
	reason := strings.TrimSpace(in.Reason)
	effect := rubric.Grade(result.Grade).Does
	if effect == Returns && reason == "" {
		problems.Add("reason", "Enter what needs correcting")
	}
	if err := problems.Err(); err != nil {
		return result, err
	}
	id, err := insertGrading(ctx, tx, ref, handed.Submission, "first", rubric, result, marks)
	switch postgres.Constraint(err) {
	case "pep_grading_pep_id_submission_round_key", "pep_grading_pep_id_submission_marked_by_key":
		return result, fault.Conflict("This plan has already been graded. Open it again to see how.")
	}
	if err != nil {
		return result, err
	}
	if err := audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "graded",
		After: map[string]any{"grading": id, "rubric": rubric.Name, "rubric_version": rubric.Version}}); err != nil {
		return result, err
	}
	if effect == Returns {
		return result, s.PEPs.ReturnWithin(ctx, tx, ref, in.Version, reason)
	}
	if err := insertFollowUps(ctx, tx, ref, id, sheet.followUps(marks)); err != nil {
		return result, err
	}
	if pick := SampleSecond(handed.Handed, SamplingOf(values)); pick.Picked {
		if err := insertSecondMarking(ctx, tx, ref, id, handed.Submission, rubric, pick); err != nil {
			return result, err
		}
	}
	return result, s.PEPs.SignOffWithin(ctx, tx, ref, in.Version)
}

// sheet lays out the rubric for a plan that is held.
func (s *Service) sheet(ctx context.Context, tx *postgres.Tx, rubric Rubric, whole pep.Whole, handed HandedIn, values policy.Values) (Sheet, error) {
	dates, err := setting.LoadCalendar(ctx, tx, s.PEPs.Authority, 0)
	if err != nil {
		return Sheet{}, err
	}
	return rubric.Lay(handed.Known(whole, dates.WorkingDays(), pep.DeadlinesOf(values))), nil
}

// Marks are what was given, beside what the facts say.
func (s Sheet) Marks(given map[string]Given) []Mark {
	var marks []Mark
	for _, c := range s.Applying {
		if one := given[c.Key]; one.Grade != "" || one.Note != "" {
			marks = append(marks, s.mark(c, one.Grade, strings.TrimSpace(one.Note)))
		}
	}
	return marks
}

// Check finds what is wrong with a sheet to be recorded.
func (s Sheet) Check(marks []Mark) fault.Problems {
	var problems fault.Problems
	byKey := map[string]Mark{}
	for _, mark := range marks {
		byKey[mark.Criterion] = mark
	}
	for _, c := range s.Applying {
		mark, note := byKey[c.Key], "note-"+c.Key
		grade := s.Rubric.Grade(mark.Grade)
		switch {
		case mark.Grade != "" && grade.Key == "":
			problems.Add("grade-"+c.Key, "Choose a grade from the list for “"+c.Title+"”")
		case mark.Grade == "" && (!c.Optional || mark.Note != ""):
			problems.Add("grade-"+c.Key, "Choose a grade for “"+c.Title+"”")
		case mark.Grade == "":
		case mark.Overruled() && mark.Note == "":
			problems.Add(note, "Say why “"+c.Title+"” is not "+lowerFirst(s.Rubric.Grade(mark.Fact).Name)+", as the facts say")
		case grade.NeedsNote() && mark.Note == "" && mark.Fact == "":
			problems.Add(note, "Say what is to be better about “"+c.Title+"”")
		}
		checkLength(&problems, note, "The note", mark.Note)
	}
	return problems
}

// followUps are the marks below good, each with what is to be better: the note, or what the facts say.
func (s Sheet) followUps(marks []Mark) []followUp {
	var list []followUp
	for _, mark := range marks {
		if s.Rubric.Grade(mark.Grade).Does == Accepts {
			continue
		}
		c, _ := s.Rubric.Criterion(mark.Criterion)
		list = append(list, followUp{Criterion: c.Key, Title: c.Title, Part: string(c.Part), Note: mark.Words()})
	}
	return list
}

// Words are why a mark is what it is: the note, or the fact it rests on.
func (m Mark) Words() string {
	if m.Note != "" {
		return m.Note
	}
	return m.Because
}

// MaySignOff is the gate before a sign-off without a grade: a plan that is picked is graded first.
func (s *Service) MaySignOff(ctx context.Context, tx *postgres.Tx, whole pep.Whole) error {
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return err
	}
	handed, err := loadHandedIn(ctx, tx, whole.Plan.ID)
	if err != nil {
		return err
	}
	if pick := Sample(handed.Handed, SamplingOf(values)); pick.Picked {
		return fault.Conflict("This plan is picked for quality assurance, so it is graded before it is signed off (" + pick.Because + "). Open “Grade the plan”.")
	}
	return nil
}

// DealWith says, while a child's next plan is written, what was done about follow-ups, by their ids.
// Problems are about the fields "words-<id>".
func (s *Service) DealWith(ctx context.Context, actor access.Actor, ref pep.Ref, done map[int64]string) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.PEPs.Lock(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.HoldMeeting, access.Facts{}); err != nil {
			return err
		}
		if !whole.Plan.State.Editable() {
			return fault.Conflict("This plan is not being written now, so nothing can be marked in it.")
		}
		var problems fault.Problems
		ids := slices.Sorted(maps.Keys(done))
		for _, id := range ids {
			field, words := fmt.Sprintf("words-%d", id), strings.TrimSpace(done[id])
			if words == "" {
				problems.Add(field, "Enter what was done about it")
			}
			checkLength(&problems, field, "What was done", words)
		}
		if err := problems.Err(); err != nil {
			return err
		}
		for _, id := range ids {
			if err := writeDealtWith(ctx, tx, ref, id, strings.TrimSpace(done[id])); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "dealt with follow-ups",
			After: map[string]any{"follow_ups": done}})
	})
}

func checkLength(problems *fault.Problems, field, label, text string) {
	if n := utf8.RuneCountInString(text); n > NoteMax {
		problems.Addf(field, "%s must be %d characters or fewer. It is %d.", label, NoteMax, n)
	}
	if strings.ContainsRune(text, 0) {
		problems.Add(field, label+" has a character that cannot be used. Type it again without it.")
	}
}

// Known is what rules look at, of a plan and how it was handed in.
func (h HandedIn) Known(whole pep.Whole, working calendar.WorkingDays, deadlines pep.Deadlines) Known {
	on := whole.Plan.MeetingOn
	if on.IsZero() {
		on = calendar.Of(whole.Plan.StartedAt)
	}
	return Known{Whole: whole, Year: calendar.CurriculumYear(h.DateOfBirth, on) + h.YearOffset, Working: working, Deadlines: deadlines, Submitted: calendar.Of(h.FirstSubmitted)}
}
