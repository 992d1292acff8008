package voice

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service does what people do with wishes and links. Each method is one act of one person in one
// transaction. All fail with NotFound for what the actor may not see, words kept to others included,
// and with Forbidden for what their role does not have.
type Service struct {
	DB *postgres.DB
}

// Ref is a wish of a child.
type Ref struct{ ChildID, WishID int64 }

// Record writes down what a child asked for and returns its number. Problems are about "words",
// "said" and "audience".
func (s *Service) Record(ctx context.Context, actor access.Actor, in NewWish) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		id, err = RecordIn(ctx, tx, in)
		return err
	})
	return id, err
}

// RecordIn is Record in a transaction of the caller's.
func RecordIn(ctx context.Context, tx *postgres.Tx, in NewWish) (int64, error) {
	careStart, err := loadCareStart(ctx, tx, in.ChildID)
	if err != nil {
		return 0, err
	}
	if err := access.Check(tx.Actor, access.RecordWish, access.Facts{}); err != nil {
		return 0, err
	}
	if in.PEPID != 0 {
		if err := findPlan(ctx, tx, in.ChildID, in.PEPID); err != nil {
			return 0, err
		}
	}
	if err := in.Check(tx.Actor.Role, careStart, tx.Today).Err(); err != nil {
		return 0, err
	}
	return record(ctx, tx, in, 0)
}

// record writes a wish that has been checked; reply is 0 when somebody took it down.
func record(ctx context.Context, tx *postgres.Tx, in NewWish, reply int64) (int64, error) {
	id, err := insertWish(ctx, tx, in, reply)
	if err != nil {
		return 0, err
	}
	return id, audit.Change(ctx, tx, audit.Entry{ChildID: in.ChildID, Subject: "wish", SubjectID: id, Action: "recorded",
		After: map[string]any{"words": kept(in.Audience, in.Words), "said_on": in.SaidOn, "audience": in.Audience, "pep": in.PEPID}})
}

// kept is what the audit keeps of words: nothing of those kept to few, for the audit is read by others.
func kept(audience Audience, words string) string {
	if audience == Everyone {
		return words
	}
	return "kept to few"
}

// Answer answers an open wish, or one where a promise stands. Version is that of the wish the person
// saw; a Conflict when somebody else has answered since. Problems are about "kind", "answer", "by" and
// "told".
func (s *Service) Answer(ctx context.Context, actor access.Actor, ref Ref, version int, in NewAnswer) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error { return AnswerIn(ctx, tx, ref, version, in) })
}

// AnswerIn is Answer in a transaction of the caller's.
func AnswerIn(ctx context.Context, tx *postgres.Tx, ref Ref, version int, in NewAnswer) error {
	wish, err := lockWish(ctx, tx, access.AnswerWish, ref)
	if err != nil {
		return err
	}
	if err := waits(wish); err != nil {
		return err
	}
	if version != wish.Version {
		return fault.Conflict("Somebody answered this wish while you were writing. Compare the two before you save.")
	}
	if err := in.Check(tx.Today).Err(); err != nil {
		return err
	}
	if err := insertAnswer(ctx, tx, ref, in); err != nil {
		return err
	}
	if err := moveWish(ctx, tx, ref, version, Answered); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "wish", SubjectID: ref.WishID, Action: "answered",
		Before: map[string]any{"state": wish.State},
		After:  map[string]any{"kind": in.Kind, "words": kept(wish.Audience, in.Words), "happens_by": in.HappensBy, "told_on": in.ToldOn}})
}

// waits refuses what is no longer there to be answered or withdrawn.
func waits(wish Wish) error {
	if wish.Answerable() {
		return nil
	}
	if wish.State == Withdrawn {
		return fault.Conflict("This wish was withdrawn by " + wish.WithdrawnBy + ".")
	}
	answer, _ := wish.Answer()
	return fault.Conflict("This wish was answered by " + answer.By + " on " + answer.On().Words() + ".")
}

// Tell says on which day the child was told of the answer that holds. Problems are about "told".
func (s *Service) Tell(ctx context.Context, actor access.Actor, ref Ref, on calendar.Date) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error { return TellIn(ctx, tx, ref, on) })
}

// TellIn is Tell in a transaction of the caller's.
func TellIn(ctx context.Context, tx *postgres.Tx, ref Ref, on calendar.Date) error {
	wish, err := lockWish(ctx, tx, access.AnswerWish, ref)
	if err != nil {
		return err
	}
	answer, answered := wish.Answer()
	switch {
	case !answered || wish.State != Answered:
		return fault.Conflict("There is no answer yet of which the child could have been told.")
	case answer.Told():
		return fault.Conflict("The child was told on " + answer.ToldOn.Words() + ".")
	}
	if err := checkTold(on, answer.On(), tx.Today).Err(); err != nil {
		return err
	}
	if err := writeTold(ctx, tx, answer.ID, on); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "wish", SubjectID: ref.WishID, Action: "told", After: map[string]any{"told_on": on}})
}

// Withdraw closes a wish because the child no longer wants it; the note says how that is known.
// Problems are about "note".
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, ref Ref, version int, note string) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error { return WithdrawIn(ctx, tx, ref, version, note) })
}

// WithdrawIn is Withdraw in a transaction of the caller's.
func WithdrawIn(ctx context.Context, tx *postgres.Tx, ref Ref, version int, note string) error {
	wish, err := lockWish(ctx, tx, access.RecordWish, ref)
	if err != nil {
		return err
	}
	if err := waits(wish); err != nil {
		return err
	}
	if version != wish.Version {
		return fault.Conflict("Somebody answered this wish while you were writing. Look at the answer first.")
	}
	var problems fault.Problems
	checkText(&problems, "note", "The note", "Say how you know that the child no longer wants this", note, NoteMax)
	if err := problems.Err(); err != nil {
		return err
	}
	if err := withdrawWish(ctx, tx, ref, version, note); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "wish", SubjectID: ref.WishID, Action: "withdrawn",
		Before: map[string]any{"state": wish.State}, After: map[string]any{"note": kept(wish.Audience, note)}})
}
