package meeting

import (
	"cmp"
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/scheme"
)

// Service does what people do with a meeting. Each method is one transaction. All fail with NotFound
// for a child or plan the actor may not see, and with Forbidden for what their role does not have.
type Service struct {
	DB      *postgres.DB
	PEPs    *pep.Service
	Schemes scheme.Set // the council's paying policies
}

// Save writes down a meeting, all of it or nothing. It needs HoldMeeting; lines of money need
// AskPremium, and a line from somebody else is a problem beside the line. Problems are named after
// their part, "targets/what-0", with "wishes/answer-12" for the wish with id 12 and "money/amount-0".
// Parts that others have saved since fail with pep.Collisions; a wish that somebody else has answered
// is a Conflict.
func (s *Service) Save(ctx context.Context, actor access.Actor, ref pep.Ref, minutes Minutes) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.PEPs.HoldIn(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.HoldMeeting, access.Facts{}); err != nil {
			return err
		}
		problems := minutes.check(actor.Role, whole, tx.Today)
		if len(minutes.Money) > 0 && !access.Can(actor, access.AskPremium) {
			problems.Add(at("money/purpose", 0), "Your role cannot ask for Pupil Premium Plus. The school or the Virtual School can: leave this line to them.")
		}
		settled := minutes.settle(whole.Last)
		err = s.PEPs.SaveAllIn(ctx, tx, ref, settled.Parts()...)
		for _, problem := range settled.typed(fault.Of(err)) {
			if !problems.Has(problem.Field) {
				problems.Add(problem.Field, problem.Text)
			}
		}
		if len(problems) > 0 {
			return problems.Err()
		}
		if err != nil {
			return err
		}
		if err := minutes.hear(ctx, tx, whole); err != nil {
			return err
		}
		if err := settled.ask(ctx, tx, s.Schemes, ref); err != nil {
			return err
		}
		return pep.DropDraftIn(ctx, tx, ref, pep.PartRoom)
	})
}

// Parts are the parts of the plan that the minutes write.
func (m Minutes) Parts() []pep.Saving {
	return []pep.Saving{pep.OfVoice(m.Versions[pep.PartVoice], m.Voice), pep.OfMeeting(m.Versions[pep.PartMeeting], m.Meeting),
		pep.OfReviews(m.Versions[pep.PartReviews], m.Reviews), pep.OfTargets(m.Versions[pep.PartTargets], m.Targets),
		pep.OfActions(m.Versions[pep.PartActions], m.Actions)}
}

// hear answers wishes and takes new ones down; both have been checked.
func (m Minutes) hear(ctx context.Context, tx *postgres.Tx, whole pep.Whole) error {
	for _, answer := range m.Answers {
		if err := voice.AnswerIn(ctx, tx, voice.Ref{ChildID: whole.Plan.ChildID, WishID: answer.WishID}, answer.Version, answer.NewAnswer); err != nil {
			return err
		}
	}
	for _, words := range m.Wishes {
		if _, err := voice.RecordIn(ctx, tx, newWish(whole, words, tx.Today)); err != nil {
			return err
		}
	}
	return nil
}

// ask makes a request for Pupil Premium Plus of every line, for its target.
func (s settled) ask(ctx context.Context, tx *postgres.Tx, schemes scheme.Set, ref pep.Ref) error {
	if len(s.Money) == 0 {
		return nil
	}
	targets, err := pep.TargetIDs(ctx, tx, ref)
	if err != nil {
		return err
	}
	for n, line := range s.Money {
		if _, err := premium.AskIn(ctx, tx, schemes, ref.ChildID, line.asks(targets[line.Target-1])); err != nil {
			var problems fault.Problems
			for _, problem := range fault.Of(err) {
				problems.Add(at("money/"+problem.Field, n), problem.Text)
			}
			return cmp.Or(problems.Err(), err)
		}
	}
	return nil
}
