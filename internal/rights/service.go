package rights

import (
	"context"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights/record"
)

// Service answers requests to see a record. Everything needs access.HandleSubjectAccess; releasing a copy
// needs access.ReleaseSubjectAccess, and is never for who prepared it; its files need access.FetchSubjectAccess.
type Service struct {
	DB      *postgres.DB
	Forms   forms.Set
	Printer pdf.Printer
	// Paper is a record as it goes on paper.
	Paper func(ctx context.Context, copy Copy) (pdf.Document, error)
}

// Copy is a record as it is shared, for the paper.
type Copy struct {
	ChildID int64
	Record  record.Record
	LeftOut int
	MadeOn  calendar.Date
	Files   []string
}

// Ref names a request about a child.
type Ref struct{ ChildID, ID int64 }

// Log writes a request down, and gives its number. Problems are about the fields "asked_by",
// "asked_name", "came_how" and "received".
func (s *Service) Log(ctx context.Context, actor access.Actor, childID int64, asking Asking) (id int64, err error) {
	asking.Name = strings.TrimSpace(asking.Name)
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child for share`, postgres.Args{"child": childID}); err != nil {
			return err
		}
		if err := access.Check(actor, access.HandleSubjectAccess, access.Facts{}); err != nil {
			return err
		}
		if err := asking.problems(tx.Today); err != nil {
			return err
		}
		id, err = postgres.GetValue[int64](ctx, tx, `insert into subject_access (child_id, asked_by, asked_name, came_how, received_on, logged_by, logged_at)
			values (@child, @by, @name, @how, @on, @actor, @now) returning id`,
			postgres.Args{"child": childID, "by": asking.AskedBy, "name": asking.Name, "how": asking.CameHow, "on": asking.Received, "actor": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "subject_access", SubjectID: id, Action: "logged", After: map[string]any{"asked_by": asking.AskedBy, "received": asking.Received}})
	})
	return id, err
}

// Identify keeps how it was checked who asks, on which day, and why they may have the record. Problems are
// about the fields "identity_how", "identity" and "entitled".
func (s *Service) Identify(ctx context.Context, actor access.Actor, of Ref, version int, how string, on calendar.Date, entitled string) error {
	how, entitled = strings.TrimSpace(how), strings.TrimSpace(entitled)
	return s.move(ctx, actor, of, version, access.HandleSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		var problems fault.Problems
		if was.State != Open {
			return "", nil, moved(was)
		}
		if how == "" {
			problems.Add("identity_how", "Enter how you checked who asks")
		}
		if entitled == "" && was.AskedBy != "young_person" {
			problems.Add("entitled", "Enter why they may have it")
		}
		switch {
		case on.IsZero():
			problems.Add("identity", "Enter the day on which it was clear who asks")
		case on.After(tx.Today) || on.Before(was.ReceivedOn):
			problems.Addf("identity", "The day must be from %s to today", was.ReceivedOn.Words())
		}
		if err := problems.Err(); err != nil {
			return "", nil, err
		}
		return "identified", map[string]any{"on": on}, tx.DoOne(ctx, `update subject_access set identity_how = @how, identity_on = @on, entitled = @entitled, version = version + 1 where id = @request and version = @version`,
			postgres.Args{"request": of.ID, "version": was.Version, "how": how, "on": on, "entitled": entitled})
	})
}

// Extend takes two months more, which is said within the first. Problems are about the field "extension_reason".
func (s *Service) Extend(ctx context.Context, actor access.Actor, of Ref, version int, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.move(ctx, actor, of, version, access.HandleSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		switch {
		case !was.State.UnderWay() || !was.ExtendedOn.IsZero():
			return "", nil, moved(was)
		case reason == "":
			return "", nil, fault.Invalid("extension_reason", "Enter why it takes longer: it is said to who asks")
		case tx.Today.After(was.Clock().FirstDue()):
			return "", nil, fault.Invalid("extension_reason", "More time can only be taken within the first month, which ended on "+was.Clock().FirstDue().Words())
		}
		return "extended", map[string]any{"reason": reason}, tx.DoOne(ctx, `update subject_access set extended_on = @today, extension_reason = @reason, version = version + 1 where id = @request and version = @version`,
			postgres.Args{"request": of.ID, "version": was.Version, "reason": reason})
	})
}

// SendBack asks for the copy to be made again: what was made goes. Problems are about the field "returned_words".
func (s *Service) SendBack(ctx context.Context, actor access.Actor, of Ref, version int, words string) error {
	words = strings.TrimSpace(words)
	return s.move(ctx, actor, of, version, access.HandleSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		switch {
		case was.State != Prepared:
			return "", nil, moved(was)
		case words == "":
			return "", nil, fault.Invalid("returned_words", "Enter what is to be looked at again")
		}
		if err := tx.DoOne(ctx, `update subject_access set state = 'open', prepared_by = null, prepared_at = null, passages = null, left_out = null,
				returned_words = @words, returned_by = @actor, returned_at = @now, version = version + 1 where id = @request and version = @version`,
			postgres.Args{"request": of.ID, "version": was.Version, "words": words, "actor": actor.ID}); err != nil {
			return "", nil, err
		}
		_, err := tx.Do(ctx, `delete from subject_access_file where request_id = @request`, postgres.Args{"request": of.ID})
		return "sent back", nil, err
	})
}

// Kept is how long a released copy can be fetched here, in days.
const Kept = 30

// Release lets the copy go to who asked. Forbidden: the actor prepared it.
func (s *Service) Release(ctx context.Context, actor access.Actor, of Ref, version int) error {
	return s.move(ctx, actor, of, version, access.ReleaseSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		if was.State != Prepared {
			return "", nil, moved(was)
		}
		if err := access.Check(actor, access.ReleaseSubjectAccess, access.Facts{PreparedBy: was.PreparedBy}); err != nil {
			return "", nil, err
		}
		until := tx.Today.AddDays(Kept)
		return "released", map[string]any{"until": until, "left_out": was.LeftOut}, tx.DoOne(ctx, `update subject_access set state = 'released', released_by = @actor, released_at = @now, expires_on = @until, version = version + 1
			where id = @request and version = @version and state = 'prepared'`, postgres.Args{"request": of.ID, "version": was.Version, "actor": actor.ID, "until": until})
	})
}

// HandOver keeps how the copy came into the hands of who asked. Problems are about the fields "handed" and "handed_how".
func (s *Service) HandOver(ctx context.Context, actor access.Actor, of Ref, version int, on calendar.Date, how string) error {
	how = strings.TrimSpace(how)
	return s.move(ctx, actor, of, version, access.HandleSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		if was.State != Released {
			return "", nil, moved(was)
		}
		var problems fault.Problems
		if how == "" {
			problems.Add("handed_how", "Enter how it was handed over, and to whom")
		}
		if released := calendar.Of(*was.ReleasedAt); on.IsZero() {
			problems.Add("handed", "Enter the day it was handed over")
		} else if on.After(tx.Today) || on.Before(released) {
			problems.Addf("handed", "The day must be from %s to today", released.Words())
		}
		if err := problems.Err(); err != nil {
			return "", nil, err
		}
		return "handed over", map[string]any{"on": on}, tx.DoOne(ctx, `update subject_access set state = 'handed_over', handed_by = @actor, handed_on = @on, handed_how = @how, version = version + 1
			where id = @request and version = @version`, postgres.Args{"request": of.ID, "version": was.Version, "actor": actor.ID, "on": on, "how": how})
	})
}

// Close ends a request without a copy: it was taken back, or refused. Problems are about the field "closed_words".
func (s *Service) Close(ctx context.Context, actor access.Actor, of Ref, version int, words string) error {
	words = strings.TrimSpace(words)
	return s.move(ctx, actor, of, version, access.HandleSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		switch {
		case was.State != Open:
			return "", nil, moved(was)
		case words == "":
			return "", nil, fault.Invalid("closed_words", "Enter why it is closed, and what who asked was told")
		}
		return "closed", map[string]any{"words": words}, tx.DoOne(ctx, `update subject_access set state = 'closed', closed_by = @actor, closed_at = @now, closed_words = @words, version = version + 1
			where id = @request and version = @version`, postgres.Args{"request": of.ID, "version": was.Version, "actor": actor.ID, "words": words})
	})
}

// move takes a request a step on: it is held, the actor and the version are checked, and the step is audited.
func (s *Service) move(ctx context.Context, actor access.Actor, of Ref, version int, action access.Action, step func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error)) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, of.ChildID, of.ID)
		if err != nil {
			return err
		}
		if !access.Can(actor, action) {
			return access.Check(actor, action, access.Facts{})
		}
		if version != was.Version {
			return moved(was)
		}
		done, after, err := step(ctx, tx, was)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: of.ChildID, Subject: "subject_access", SubjectID: of.ID, Action: done, After: after})
	})
}

func moved(was Request) error {
	return fault.Conflict("This request has moved on since you opened it. It is now: " + strings.ToLower(was.State.Name()) + ". Look at it again before you go on.")
}
