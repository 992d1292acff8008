package pep

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// SaveVoice saves the child's own words. Problems are about the fields of Voice in small letters.
func (s *Service) SaveVoice(ctx context.Context, actor access.Actor, ref Ref, version int, voice Voice) error {
	return s.save(ctx, actor, ref, PartVoice, version, OfVoice(version, voice).does)
}

// OfVoice is SaveVoice as one of several parts that are saved together.
func OfVoice(version int, voice Voice) Saving {
	return Saving{PartVoice, version, partSave{
		check:    func(whole Whole, today calendar.Date) error { return voice.Check(whole.CareStart, today).Err() },
		yours:    func(Whole) []line { return voice.lines() },
		saved:    func(whole Whole) []line { return whole.Plan.Voice.lines() },
		complete: func(Whole) bool { return voice.Captured() },
		write: func(ctx context.Context, tx *postgres.Tx, whole Whole) error {
			return writeVoice(ctx, tx, whole.ref(), voice)
		},
	}}
}

// SaveMeeting saves when the meeting is or was, who came, and the next one. Problems are about "on",
// "next", and "name-0", "part-0" and so on for each person.
func (s *Service) SaveMeeting(ctx context.Context, actor access.Actor, ref Ref, version int, meeting Meeting) error {
	return s.save(ctx, actor, ref, PartMeeting, version, OfMeeting(version, meeting).does)
}

// OfMeeting is SaveMeeting as one of several parts that are saved together.
func OfMeeting(version int, meeting Meeting) Saving {
	return Saving{PartMeeting, version, partSave{
		check: func(whole Whole, today calendar.Date) error {
			var previous calendar.Date
			if whole.Last != nil {
				previous = whole.Last.MeetingOn
			}
			return meeting.Check(whole.CareStart, previous, today).Err()
		},
		yours: func(Whole) []line { return meeting.lines() },
		saved: func(whole Whole) []line { return whole.Meeting().lines() },
		complete: func(Whole) bool {
			return meeting.Held && someonePresent(meeting.Attendees) && !meeting.Next.IsZero()
		},
		write: func(ctx context.Context, tx *postgres.Tx, whole Whole) error {
			if err := writeMeeting(ctx, tx, whole.ref(), meeting); err != nil {
				return err
			}
			switch {
			case meeting.Held && (!whole.Plan.MeetingHeld || meeting.On != whole.Plan.MeetingOn):
				return insertEvent(ctx, tx, whole.ref(), "meeting_held", meeting.On.Words())
			case !meeting.Held && !meeting.On.IsZero() && meeting.On != whole.Plan.MeetingOn:
				return insertEvent(ctx, tx, whole.ref(), "meeting_set", meeting.On.Words())
			}
			return nil
		},
	}}
}

// SaveTargets saves the plan's new targets, in their order: one with an ID is changed, one that is
// left out is removed. Problems are about "what-0", "area-0" and so on.
func (s *Service) SaveTargets(ctx context.Context, actor access.Actor, ref Ref, version int, targets []Target) error {
	return s.save(ctx, actor, ref, PartTargets, version, OfTargets(version, targets).does)
}

// OfTargets is SaveTargets as one of several parts that are saved together.
func OfTargets(version int, targets []Target) Saving {
	return Saving{PartTargets, version, partSave{
		check: func(whole Whole, _ calendar.Date) error {
			if err := CheckTargets(targets, whole.CareStart).Err(); err != nil {
				return err
			}
			for _, target := range targets {
				if target.CarriedFrom != 0 && !hasTarget(whole.Last, target.CarriedFrom) {
					return fault.Invalid("targets", "A target can only be carried forward from the last plan")
				}
				if target.ID != 0 && !hasTarget(&LastPlan{Targets: whole.Targets}, target.ID) {
					return fault.Conflict("A target on this page is no longer in the plan. Open the page again.")
				}
			}
			return nil
		},
		yours:    func(Whole) []line { return targetLines(targets) },
		saved:    func(whole Whole) []line { return targetLines(whole.Targets) },
		complete: func(Whole) bool { return len(targets) > 0 },
		write: func(ctx context.Context, tx *postgres.Tx, whole Whole) error {
			err := writeTargets(ctx, tx, whole.ref(), targets)
			if postgres.Constraint(err) == "premium_request_target_id_child_id_fkey" {
				return fault.Invalid("targets", "A target you removed has a request for Pupil Premium Plus, so it must stay")
			}
			return err
		},
	}}
}

func hasTarget(plan *LastPlan, id int64) bool {
	if plan == nil {
		return false
	}
	for _, target := range plan.Targets {
		if target.ID == id {
			return true
		}
	}
	return false
}

// ReviewTargets saves how the targets of the last signed-off plan went. Problems are about
// "outcome-12" and "note-12" for the target with id 12.
func (s *Service) ReviewTargets(ctx context.Context, actor access.Actor, ref Ref, version int, reviews []Review) error {
	return s.save(ctx, actor, ref, PartReviews, version, OfReviews(version, reviews).does)
}

// OfReviews is ReviewTargets as one of several parts that are saved together.
func OfReviews(version int, reviews []Review) Saving {
	return Saving{PartReviews, version, partSave{
		check: func(whole Whole, _ calendar.Date) error {
			var ids []int64
			if whole.Last != nil {
				for _, target := range whole.Last.Targets {
					ids = append(ids, target.ID)
				}
			}
			return CheckReviews(reviews, ids).Err()
		},
		yours:    func(whole Whole) []line { return reviewLines(reviews, whole.Last) },
		saved:    func(whole Whole) []line { return reviewLines(whole.Reviews, whole.Last) },
		complete: func(whole Whole) bool { return whole.Last != nil && len(reviews) == len(whole.Last.Targets) },
		write: func(ctx context.Context, tx *postgres.Tx, whole Whole) error {
			return writeReviews(ctx, tx, whole.ref(), reviews)
		},
	}}
}

// SaveActions saves what was agreed to be done, as SaveTargets does targets. Problems are about
// "what-0", "owner-0", "due-0" and so on.
func (s *Service) SaveActions(ctx context.Context, actor access.Actor, ref Ref, version int, actions []Action) error {
	return s.save(ctx, actor, ref, PartActions, version, OfActions(version, actions).does)
}

// OfActions is SaveActions as one of several parts that are saved together.
func OfActions(version int, actions []Action) Saving {
	return Saving{PartActions, version, partSave{
		check: func(whole Whole, today calendar.Date) error {
			if err := CheckActions(actions, whole.CareStart, today).Err(); err != nil {
				return err
			}
			for _, action := range actions {
				if action.ID != 0 && !hasAction(whole.Actions, action.ID) {
					return fault.Conflict("An action on this page is no longer in the plan. Open the page again.")
				}
			}
			return nil
		},
		yours:    func(Whole) []line { return actionLines(actions) },
		saved:    func(whole Whole) []line { return actionLines(whole.Actions) },
		complete: func(Whole) bool { return len(actions) > 0 },
		write: func(ctx context.Context, tx *postgres.Tx, whole Whole) error {
			return writeActions(ctx, tx, whole.ref(), actions)
		},
	}}
}

func hasAction(actions []Action, id int64) bool {
	for _, action := range actions {
		if action.ID == id {
			return true
		}
	}
	return false
}
