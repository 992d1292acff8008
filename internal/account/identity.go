package account

import (
	"context"
	"errors"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Linked is one provider that an account is linked with.
type Linked struct {
	ID       int64
	Provider string // its key in the council's list
	Shown    string // what the provider calls the person
	LinkedAt time.Time
	UsedAt   *time.Time
}

// QueueLinked queues the providers that an account is linked with.
func QueueLinked(batch *postgres.Batch, into *[]Linked, accountID int64) {
	postgres.Many(batch, into, `select id, provider, shown, linked_at, used_at from account_identity where account_id = @id order by linked_at, id`,
		postgres.Args{"id": accountID})
}

// SignInByIdentity gives the person whom a provider means: the first factor. Only issuer and subject count.
// A role that comes with the person's groups is given first. NotFound: no open account is linked with it.
func (s *Service) SignInByIdentity(ctx context.Context, came sso.Identity) (access.Actor, error) {
	var person access.Actor
	err := s.DB.Change(alone(ctx), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		found, err := postgres.Get[credentials](ctx, tx, `select `+credentialColumns+` from account_identity i join account a on a.id = i.account_id
			where i.issuer = @issuer and i.subject = @subject and a.state = 'active' for update of a`,
			postgres.Args{"issuer": came.Issuer, "subject": came.Subject})
		if err != nil {
			return err
		}
		if found.Role, err = s.followGroups(ctx, tx, found, came.Role); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `update account_identity set used_at = @now, shown = @shown where issuer = @issuer and subject = @subject`,
			postgres.Args{"issuer": came.Issuer, "subject": came.Subject, "shown": came.Email}); err != nil {
			return err
		}
		person = found.actor()
		return nil
	})
	return person, err
}

// followGroups gives an account the role that its person's groups bring, and returns the one it has then.
// Groups say nothing of schools, so people at a school stay what they are; and the last active head stays.
func (s *Service) followGroups(ctx context.Context, tx *postgres.Tx, found credentials, role access.Role) (access.Role, error) {
	if role == "" || role == found.Role || found.Role == access.School || found.Role == access.Colleague {
		return found.Role, nil
	}
	if found.Role == access.Head {
		if err := anotherHead(ctx, tx, found.ID); errors.Is(err, fault.KindConflict) {
			return found.Role, nil
		} else if err != nil {
			return "", err
		}
	}
	if err := endSessions(ctx, tx, found.ID, ""); err != nil {
		return "", err
	}
	if err := tx.DoOne(ctx, `update account set role = @role, version = version + 1 where id = @id`, postgres.Args{"id": found.ID, "role": role}); err != nil {
		return "", err
	}
	return role, audit.Change(ctx, tx, entry(found.ID, "changed by group", found.Role, role))
}

// OpenByIdentity opens an account by its invitation, to be signed in to by single sign-on from now on. It
// has no password. The invitation is used up. NotFound: the invitation does not work any more.
func (s *Service) OpenByIdentity(ctx context.Context, token string, came sso.Identity) (access.Actor, error) {
	ctx = alone(ctx)
	found, err := s.byLink(ctx, Invitation, token)
	if err != nil {
		return access.Actor{}, err
	}
	err = s.DB.Change(ctx, found.actor(), func(ctx context.Context, tx *postgres.Tx) error {
		err := tx.DoOne(ctx, `update account_link set used_at = @now where token_hash = @hash and used_at is null and expires_at > @now`,
			postgres.Args{"hash": tokenHash(token)})
		if err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update account set state = 'active', version = version + 1 where id = @id and state = 'invited'`, postgres.Args{"id": found.ID})
		if err != nil {
			return err
		}
		if err := insertIdentity(ctx, tx, found.ID, came); err != nil {
			return err
		}
		return audit.Change(ctx, tx, entry(found.ID, "opened by single sign-on", nil, map[string]string{"provider": came.Provider}))
	})
	if errors.Is(err, fault.KindConflict) && postgres.Constraint(err) == "" {
		return access.Actor{}, errLink
	}
	if err := identityProblem(err); err != nil {
		return access.Actor{}, err
	}
	return s.SignInByIdentity(ctx, came)
}

// LinkIdentity links a person's own account with a provider, and tells them by mail.
func (s *Service) LinkIdentity(ctx context.Context, actor access.Actor, came sso.Identity) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := insertIdentity(ctx, tx, actor.ID, came); err != nil {
			return err
		}
		if err := NoteSignIn(ctx, tx, SignInEvent{AccountID: actor.ID, Kind: SSOLinked, Provider: came.Provider}); err != nil {
			return err
		}
		return job.Notify(ctx, tx, job.Notice{AccountID: actor.ID, Subject: "Single sign-on was linked with your Virtual School account",
			Words: "A moment ago your account was linked with a sign-in elsewhere. If this was you, there is nothing to do. If it was not, take it away here and choose a new password:", Path: "/account"})
	})
	return identityProblem(err)
}

// UnlinkIdentity takes a provider away from a person's own account, and tells them by mail. Their other
// sessions end.
func (s *Service) UnlinkIdentity(ctx context.Context, actor access.Actor, id int64, keepToken string) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		provider, err := postgres.GetValue[string](ctx, tx, `delete from account_identity where id = @id and account_id = @account returning provider`, postgres.Args{"id": id, "account": actor.ID})
		if errors.Is(err, fault.KindNotFound) {
			return fault.Conflict("")
		}
		if err != nil {
			return err
		}
		if err := endSessions(ctx, tx, actor.ID, keepToken); err != nil {
			return err
		}
		if err := NoteSignIn(ctx, tx, SignInEvent{AccountID: actor.ID, Kind: SSOUnlinked, Provider: provider}); err != nil {
			return err
		}
		return job.Notify(ctx, tx, job.Notice{AccountID: actor.ID, Subject: "Single sign-on was taken away from your Virtual School account",
			Words: "A moment ago a sign-in elsewhere was taken away from your account. If this was you, there is nothing to do. If it was not, choose a new password here:", Path: "/forgot"})
	})
}

// ConfirmByIdentity asks whether a provider, where somebody has just shown anew who they are, means the
// person of this account. Forbidden: it means somebody else, or nobody here.
func (s *Service) ConfirmByIdentity(ctx context.Context, actor access.Actor, came sso.Identity) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	return s.DB.Change(alone(ctx), actor, func(ctx context.Context, tx *postgres.Tx) error {
		same, err := postgres.GetValue[bool](ctx, tx, `select exists (select from account_identity where issuer = @issuer and subject = @subject and account_id = @id)`,
			postgres.Args{"issuer": came.Issuer, "subject": came.Subject, "id": actor.ID})
		if err != nil {
			return err
		}
		if !same {
			return fault.Forbidden("That was somebody else's sign-in, or one that is not linked with your account.")
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: actor.ID, Kind: Confirmed, By: BySSO})
	})
}

func insertIdentity(ctx context.Context, tx *postgres.Tx, accountID int64, came sso.Identity) error {
	_, err := tx.Do(ctx, `insert into account_identity (account_id, provider, issuer, subject, shown, linked_at)
		values (@account, @provider, @issuer, @subject, @shown, @now)`,
		postgres.Args{"account": accountID, "provider": came.Provider, "issuer": came.Issuer, "subject": came.Subject, "shown": came.Email})
	return err
}

// identityProblem words what the database refuses about a link with a provider.
func identityProblem(err error) error {
	switch postgres.Constraint(err) {
	case "account_identity_one_account":
		return fault.Conflict("That sign-in is linked with an account already. Each belongs to one person alone.")
	case "account_identity_one_each":
		return fault.Conflict("Your account is linked with this provider already. Take that away first.")
	}
	return err
}
