package pep

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

// errCannotInvite says no more than that, so that nobody learns of a block or of another's account.
var errCannotInvite = fault.Invalid("email", "This person cannot be invited. Ask the Virtual School.")

// Invite asks a colleague to write a section that is the actor's own to write, until a day, and returns
// the invitation's id. Somebody without an account gets one, with the mail of a new account; somebody who
// has one keeps it as it is. The mail says nothing of the child or the section. Problems are about
// "email", "name", "until" and "note".
func (s *Service) Invite(ctx context.Context, actor access.Actor, ref Ref, in InviteInput) (int64, error) {
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) (err error) {
		id, err = s.invite(ctx, tx, ref, in)
		return err
	})
	return id, err
}

func (s *Service) invite(ctx context.Context, tx *postgres.Tx, ref Ref, in InviteInput) (int64, error) {
	whole, section, err := s.lockToInvite(ctx, tx, ref, in.Section)
	if err != nil {
		return 0, err
	}
	if !whole.Plan.State.Editable() {
		return 0, fault.Conflict("This plan cannot be written now, so nobody can be invited to it.")
	}
	if err := in.check(tx.Today).Err(); err != nil {
		return 0, err
	}
	row, err := postgres.Get[invitingRow](ctx, tx, invitingSQL, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID})
	switch {
	case err != nil:
		return 0, err
	case row.Restricted:
		return 0, fault.Conflict("This record is restricted to the people named on it, so nobody else can be invited. Ask the Virtual School Head.")
	case row.Live >= MostInvited:
		return 0, fault.Conflict("As many colleagues as can be are already invited to this plan. Withdraw an invitation first.")
	}
	person, err := account.FindOrInvite(ctx, tx, in.Email, tidyName(in.Name))
	if err != nil {
		return 0, err
	}
	if err := s.mayBeInvited(ctx, tx, ref, in.Section, person); err != nil {
		return 0, err
	}
	invitation := Invitation{Section: Part(in.Section), AccountID: person.ID, Until: in.Until, Note: in.Note, Known: knownTo(section, in.Known)}
	var setting int64
	if tx.Actor.Role == access.School {
		setting = row.SettingID
	}
	id, err := insertInvitation(ctx, tx, ref, invitation, setting)
	if err != nil {
		return 0, err
	}
	if person.State == account.Active {
		err := job.Notify(ctx, tx, job.Notice{AccountID: person.ID, Subject: "You are asked to write part of an education plan", Path: "/",
			Words: tx.Actor.Name + " asks you to write one section of a Personal Education Plan by " + in.Until.WordsWithDay() + ". Sign in to find it:"})
		if err != nil {
			return 0, err
		}
	}
	return id, audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "invited a colleague",
		After: map[string]any{"section": in.Section, "account": person.ID, "until": in.Until}})
}

// lockToInvite holds the plan and asks whether the section is the actor's to share.
func (s *Service) lockToInvite(ctx context.Context, tx *postgres.Tx, ref Ref, section string) (Whole, forms.Section, error) {
	whole, err := s.lockWhole(ctx, tx, ref)
	if err != nil {
		return whole, forms.Section{}, err
	}
	found, known := whole.Form.Section(section)
	if !known {
		return whole, found, fault.NotFound()
	}
	return whole, found, access.Check(tx.Actor, access.InviteColleague, access.Facts{SectionOwners: found.Roles(whole.Plan.HasSchool())})
}

// mayBeInvited refuses whom an invitation would tell nothing new, or must not. One that has run out
// makes room for a new one.
func (s *Service) mayBeInvited(ctx context.Context, tx *postgres.Tx, ref Ref, section string, person account.Account) error {
	as := access.Actor{ID: person.ID, Role: person.Role}
	switch {
	case person.ID == tx.Actor.ID:
		return fault.Invalid("email", "This is your own address. Enter your colleague’s")
	case as.WholeCohort():
		return fault.Invalid("email", person.Name+" works with every plan already, so needs no invitation")
	case !access.Can(as, access.WritePEP):
		return errCannotInvite
	}
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "section": section, "account": person.ID}
	blocked, err := postgres.GetValue[bool](ctx, tx, `select exists (select from child_block where child_id = @child and account_id = @account and period @> @today::date)`, args)
	if err != nil {
		return err
	}
	if blocked {
		return errCannotInvite
	}
	until, err := postgres.ListValues[calendar.Date](ctx, tx, `select until from pep_invitation
		where pep_id = @pep and section = @section and account_id = @account and ended_at is null for update`, args)
	switch {
	case err != nil || len(until) == 0:
		return err
	case !until[0].Before(tx.Today):
		return fault.Invalid("email", person.Name+" is already invited to this section until "+until[0].WordsWithDay()+". To change the day, withdraw that invitation first")
	}
	_, err = tx.Do(ctx, `update pep_invitation set ended_by = @by, ended_at = @now
		where pep_id = @pep and section = @section and account_id = @account and ended_at is null`,
		postgres.Args{"pep": ref.PEPID, "section": section, "account": person.ID, "by": tx.Actor.ID})
	return err
}

// Withdraw ends an invitation to a section that is the actor's own to write. What the colleague has saved stays.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, ref Ref, section string, invitationID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		invitation, err := s.lockInvitation(ctx, tx, ref, section, invitationID)
		if err != nil {
			return err
		}
		if err := tx.DoOne(ctx, `update pep_invitation set ended_by = @by, ended_at = @now where id = @id and ended_at is null`,
			postgres.Args{"id": invitationID, "by": tx.Actor.ID}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "withdrew an invitation",
			Before: map[string]any{"section": section, "account": invitation.AccountID, "until": invitation.Until}})
	})
}

// SendAgain mails the link once more to somebody invited who has not opened their account: a link works for a day.
func (s *Service) SendAgain(ctx context.Context, actor access.Actor, ref Ref, section string, invitationID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		invitation, err := s.lockInvitation(ctx, tx, ref, section, invitationID)
		switch {
		case err != nil:
			return err
		case invitation.Over(tx.Today):
			return fault.Conflict("The last day has passed. Invite " + invitation.Name + " again with a new day.")
		case invitation.State != account.Invited:
			return fault.Conflict(invitation.Name + " has opened their account, so there is no link to send.")
		}
		_, err = account.FindOrInvite(ctx, tx, invitation.Email, invitation.Name)
		return err
	})
}

func (s *Service) lockInvitation(ctx context.Context, tx *postgres.Tx, ref Ref, section string, id int64) (Invitation, error) {
	if _, _, err := s.lockToInvite(ctx, tx, ref, section); err != nil {
		return Invitation{}, err
	}
	found, err := postgres.List[Invitation](ctx, tx, invitationSQL+` and i.id = @id for update of i`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "section": section, "id": id})
	if err == nil && len(found) == 0 {
		return Invitation{}, fault.Conflict("This invitation has been withdrawn already.")
	}
	if err != nil {
		return Invitation{}, err
	}
	return found[0], nil
}
