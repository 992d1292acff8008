package quality

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// RecordSecond marks a signed-off plan a second time, by the rubric it was graded with, without
// knowing the first grade. It changes nothing about the plan. Problems are those of Record.
func (s *Service) RecordSecond(ctx context.Context, actor access.Actor, ref pep.Ref, in Grading) (Result, error) {
	var result Result
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) (err error) {
		result, err = s.recordSecond(ctx, tx, ref, in)
		return err
	})
	return result, err
}

func (s *Service) recordSecond(ctx context.Context, tx *postgres.Tx, ref pep.Ref, in Grading) (Result, error) {
	whole, err := s.PEPs.Lock(ctx, tx, ref)
	if err != nil {
		return Result{}, err
	}
	waiting, err := lockWaiting(ctx, tx, ref)
	if err != nil {
		return Result{}, err
	}
	handed, err := loadHandedIn(ctx, tx, ref.PEPID)
	if err != nil {
		return Result{}, err
	}
	if err := access.Check(tx.Actor, access.SecondMark, access.Facts{SubmittedBy: handed.SubmittedBy, FirstMarker: waiting.FirstMarker}); err != nil {
		return Result{}, err
	}
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return Result{}, err
	}
	rubric, kept := s.Rubrics.Rubric(waiting.Rubric, waiting.RubricVersion)
	if !kept {
		return Result{}, fault.Conflict("The rubric this plan was graded with is no longer there, so it cannot be marked a second time.")
	}
	sheet, err := s.sheet(ctx, tx, rubric, whole, handed, values)
	if err != nil {
		return Result{}, err
	}
	marks := sheet.Marks(in.Given)
	result := rubric.Work(sheet.Applying, marks)
	if err := sheet.Check(marks).Err(); err != nil {
		return result, err
	}
	id, err := insertGrading(ctx, tx, ref, waiting.Submission, "second", rubric, result, marks)
	if err != nil {
		return result, err
	}
	if err := writeGiven(ctx, tx, waiting.GradingID, id); err != nil {
		return result, err
	}
	return result, audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "marked a second time",
		After: map[string]any{"grading": id, "rubric": rubric.Name, "rubric_version": rubric.Version}})
}

// Settle records what was agreed where two markers differ. Problems are about the fields "grade" and
// "words".
func (s *Service) Settle(ctx context.Context, actor access.Actor, ref pep.Ref, grade, words string) error {
	return s.settle(ctx, actor, ref, words, "Enter how you came to agree", func(ctx context.Context, tx *postgres.Tx, m SecondMarking) error {
		rubric, _ := s.Rubrics.Rubric(m.Rubric, m.RubricVersion)
		switch {
		case m.State != "given":
			return fault.Conflict("There is nothing to agree on: this plan has not been marked a second time.")
		case rubric.Grade(grade).Key == "":
			return fault.Invalid("grade", "Choose the grade that was agreed")
		}
		return writeSettled(ctx, tx, m.GradingID, "given", grade, strings.TrimSpace(words))
	})
}

// SetAside ends a second marking that nobody can give, such as where only one educator works with the
// child. Problems are about the field "words".
func (s *Service) SetAside(ctx context.Context, actor access.Actor, ref pep.Ref, words string) error {
	return s.settle(ctx, actor, ref, words, "Enter why there is no second marking", func(ctx context.Context, tx *postgres.Tx, m SecondMarking) error {
		if !m.Waiting() {
			return fault.Conflict("This plan is not waiting to be marked a second time.")
		}
		return writeSettled(ctx, tx, m.GradingID, "set_aside", "", strings.TrimSpace(words))
	})
}

func (s *Service) settle(ctx context.Context, actor access.Actor, ref pep.Ref, words, missing string, write func(context.Context, *postgres.Tx, SecondMarking) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.PEPs.Lock(ctx, tx, ref); err != nil {
			return err
		}
		found, err := loadSecond(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ModerateQuality, access.Facts{}); err != nil {
			return err
		}
		var problems fault.Problems
		if strings.TrimSpace(words) == "" {
			problems.Add("words", missing)
		}
		checkLength(&problems, "words", "What you enter", words)
		if err := problems.Err(); err != nil {
			return err
		}
		if found.SettledAt != nil {
			return fault.Conflict("This was already settled by " + found.SettledBy + ".")
		}
		if err := write(ctx, tx, found); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "settled a second marking",
			After: map[string]any{"grading": found.GradingID, "words": strings.TrimSpace(words)}})
	})
}
