package breakglass

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/identifier"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Service is what people do about breaking the glass.
type Service struct{ DB *postgres.DB }

// Asking is what somebody knows of the child whose record they need, and why they need it now.
type Asking struct {
	UPN    string
	Name   string // forename and surname, where there is no UPN
	Born   calendar.Date
	Reason string
}

// shortestReason is how many characters say at least a little.
const shortestReason = 20

// Check says what is missing.
func (a Asking) Check() fault.Problems {
	var problems fault.Problems
	switch {
	case a.UPN != "":
		if _, quality, words := identifier.CheckUPN(a.UPN); !quality.Usable() {
			problems.Add("upn", "Enter a UPN like B801200005001, or leave it out and give name and date of birth. "+words)
		}
	case a.Name == "" && a.Born.IsZero():
		problems.Add("upn", "Enter the UPN, or the name and date of birth")
	case a.Name == "":
		problems.Add("name", "Enter forename and surname")
	case a.Born.IsZero():
		problems.Add("born", "Enter date of birth")
	}
	if len([]rune(a.Reason)) < shortestReason {
		problems.Add("reason", "Say in a sentence why this cannot wait for somebody who is named")
	}
	return problems
}

// Open opens the record for an hour and gives the child's number; 0 when there is no restricted record that
// answers to this and that could be opened, whatever the cause. Each asking is kept, and the head is told of each
// opening. Five askings an hour; then TooMany.
func (s *Service) Open(ctx context.Context, actor access.Actor, asking Asking) (childID int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.BreakGlass, access.Facts{}); err != nil {
			return err
		}
		if err := asking.Check().Err(); err != nil {
			return err
		}
		upn, _, _ := identifier.CheckUPN(asking.UPN)
		found, err := postgres.GetValue[*int64](ctx, tx, `select break_glass(@upn, @name, @born, @why, @today, @now)`,
			postgres.Args{"upn": string(upn), "name": asking.Name, "born": asking.Born, "why": asking.Reason})
		if postgres.Constraint(err) == "break_glass_throttle" {
			return fault.TooMany("You have asked five times within an hour. Ask the head, or somebody who is named on the record.", time.Hour)
		}
		if err != nil {
			return err
		}
		entry := audit.Entry{Subject: "break_glass", SubjectID: actor.ID, Action: "asked to break the glass, and nothing was opened"}
		if found != nil {
			childID = *found
			entry.ChildID, entry.Action, entry.After = childID, "broke the glass", map[string]any{"reason": asking.Reason}
			if err := tell(ctx, tx); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, entry)
	})
	return childID, err
}

// tell writes to the head, or where the head is the one who opened to the deputies. The mail says that it
// happened, and where to look.
func tell(ctx context.Context, tx *postgres.Tx) error {
	whom, err := postgres.ListValues[int64](ctx, tx, `select id from account a where state = 'active' and id <> @actor
		and role = case when exists (select from account where state = 'active' and role = 'head' and id <> @actor) then 'head' else 'deputy' end`,
		postgres.Args{"actor": tx.Actor.ID})
	if err != nil {
		return err
	}
	for _, id := range whom {
		if err := job.Notify(ctx, tx, job.Notice{AccountID: id, Subject: "A restricted record was opened by break-glass",
			Words: "Somebody of the team has opened a restricted record for an hour. Sign in to see who and why, and say whether it was justified.", Path: "/break-glass"}); err != nil {
			return err
		}
	}
	return nil
}

// Review is what the head says of an opening.
type Review struct {
	Justified bool
	Words     string
}

// Review looks into an opening: once, and never one's own.
func (s *Service) Review(ctx context.Context, actor access.Actor, id int64, review Review) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		opening, err := postgres.Get[struct {
			AccountID int64
			Opened    bool
			Reviewed  bool
			ChildID   *int64
		}](ctx, tx, `select g.account_id, g.until is not null as opened, g.reviewed_at is not null as reviewed, (select child_id from break_glass_child c where c.break_glass_id = g.id) as child_id
			from break_glass g where g.id = @id for update`, postgres.Args{"id": id})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ReviewBreakGlass, access.Facts{AskedBy: opening.AccountID}); err != nil {
			return err
		}
		if review.Words == "" {
			return fault.Invalid("words", "Enter what you found")
		}
		if opening.Reviewed || !opening.Opened {
			return fault.Conflict("Somebody has looked into this already.")
		}
		if err := tx.DoOne(ctx, `update break_glass set reviewed_by = @by, reviewed_at = @now, justified = @justified, review_words = @words where id = @id and reviewed_at is null`,
			postgres.Args{"id": id, "by": actor.ID, "justified": review.Justified, "words": review.Words}); err != nil {
			return err
		}
		entry := audit.Entry{Subject: "break_glass", SubjectID: id, Action: "looked into an opening", After: review}
		if opening.ChildID != nil { // known to who is named on the record
			entry.ChildID = *opening.ChildID
		}
		return audit.Change(ctx, tx, entry)
	})
}
