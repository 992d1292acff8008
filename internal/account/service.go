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

// Service is what people do with accounts: their own, and for some everyone's.
type Service struct {
	DB     *postgres.DB
	Hasher *Hasher
	Salt   []byte        // see LoadSalt
	Post   *job.Post     // how invitations and resets are sent; only the job queue uses it
	Idle   time.Duration // a session unused for so long is over
	Demo   bool          // DemoPassword opens accounts
	Place  string        // the council's name, whose words make bad passwords
	SSO    *sso.Desk     // where people sign in at their organisation; nil: nowhere
}

const wrongSignIn = "Email or password is not correct"

// alone takes the form off the context. What people do before they are signed in has its own ways
// of happening once, and is not kept under the account it is about.
func alone(ctx context.Context) context.Context { return postgres.WithSubmission(ctx, nil) }

// SignIn gives the person whose email and password these are: the first factor. Whoever calls it goes on
// with what else the account asks, and then says SignedIn. Address is where the request comes
// from. Whether the account is unknown, not yet opened, ended, or the password wrong: the words are
// the same and so is the work (Invalid). TooMany when the account or the address must wait first.
func (s *Service) SignIn(ctx context.Context, email, password, address string) (access.Actor, error) {
	ctx = alone(ctx)
	email = tidyEmail(email)
	made, err := s.try(ctx, signingIn, email, address)
	if err != nil {
		return access.Actor{}, err
	}
	found, err := s.findByEmail(ctx, email)
	if err != nil {
		return access.Actor{}, err
	}
	hash := ""
	if found != nil && found.State == Active {
		hash = found.PasswordHash
	}
	right, err := s.Hasher.Matches(ctx, password, hash)
	if err != nil {
		return access.Actor{}, err
	}
	if !right || password == DemoPassword && !s.Demo {
		if found != nil && found.State == Active {
			err = s.failed(ctx, found.actor(), made, SignInEvent{Kind: WrongPassword, By: ByPassword})
		} else {
			err = s.failedUnknown(ctx, made)
		}
		if err == nil {
			err = fault.Invalid("email", wrongSignIn)
		}
		return access.Actor{}, err
	}
	person := found.actor()
	err = s.DB.Change(ctx, person, func(ctx context.Context, tx *postgres.Tx) error {
		if err := made.succeeded(ctx, tx); err != nil {
			return err
		}
		// The password may have been changed, or the account ended, while we were hashing.
		_, err := postgres.GetValue[int64](ctx, tx, `select id from account where id = @id and state = 'active' and password_hash = @hash`,
			postgres.Args{"id": person.ID, "hash": hash})
		return err
	})
	if errors.Is(err, fault.KindNotFound) {
		return access.Actor{}, fault.Invalid("email", wrongSignIn)
	}
	return person, err
}

// SignedIn notes that a person has passed all that their account asks and is let in. NotFound when the
// account has ended meanwhile.
func (s *Service) SignedIn(ctx context.Context, person access.Actor, proof Proof) error {
	return s.DB.Change(alone(ctx), person, func(ctx context.Context, tx *postgres.Tx) error {
		let, err := tx.Do(ctx, `update account set signed_in_at = @now where id = @id and state = 'active'`, postgres.Args{"id": person.ID})
		if err != nil {
			return err
		}
		if let == 0 {
			return fault.NotFound()
		}
		if err := noteDevice(ctx, tx, person.ID); err != nil {
			return err
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: person.ID, Kind: SignedIn, By: proof.By, Second: proof.Second})
	})
}

// SignedOut notes that a person has signed out of the session of this request.
func (s *Service) SignedOut(ctx context.Context, person access.Actor) error {
	return s.DB.Change(alone(ctx), person, func(ctx context.Context, tx *postgres.Tx) error {
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: person.ID, Kind: SignedOut})
	})
}

// Confirm makes sure that whoever holds the actor's session knows the account's password, for what
// access.NeedsFresh names. Invalid, field "password", when it is wrong; TooMany as for SignIn.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, password, address string) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	ctx = alone(ctx)
	made, err := s.try(ctx, signingIn, actor.Email, address)
	if err != nil {
		return err
	}
	found, err := s.findByEmail(ctx, actor.Email)
	if err != nil {
		return err
	}
	hash := ""
	if found != nil && found.ID == actor.ID && found.State == Active {
		hash = found.PasswordHash
	}
	right, err := s.Hasher.Matches(ctx, password, hash)
	if err != nil {
		return err
	}
	if !right {
		if err := s.failed(ctx, actor, made, SignInEvent{Kind: WrongPassword, By: ByPassword}); err != nil {
			return err
		}
		return fault.Invalid("password", "Your password is not correct")
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := made.succeeded(ctx, tx); err != nil {
			return err
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: actor.ID, Kind: Confirmed, By: ByPassword})
	})
}

// ChangePassword sets a person's own password. All their sessions end but the one of keepToken.
func (s *Service) ChangePassword(ctx context.Context, actor access.Actor, current, next, keepToken string) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	made, err := s.try(alone(ctx), signingIn, actor.Email, "changing "+actor.Email)
	if err != nil {
		return err
	}
	found, err := s.findByEmail(ctx, actor.Email)
	if err != nil {
		return err
	}
	if found == nil || found.ID != actor.ID {
		return fault.NotFound()
	}
	right, err := s.Hasher.Matches(ctx, current, found.PasswordHash)
	if err != nil {
		return err
	}
	if !right {
		if err := s.failed(alone(ctx), actor, made, SignInEvent{Kind: WrongPassword, By: ByPassword}); err != nil {
			return err
		}
		return fault.Invalid("current", "Your present password is not correct")
	}
	hash, err := s.chosen(ctx, next, *found)
	if err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := made.succeeded(ctx, tx); err != nil {
			return err
		}
		err := tx.DoOne(ctx, `update account set password_hash = @hash, version = version + 1
			where id = @id and state = 'active' and password_hash = @old`,
			postgres.Args{"id": actor.ID, "hash": hash, "old": found.PasswordHash})
		if err != nil {
			return err
		}
		return s.passwordChanged(ctx, tx, *found, PasswordChanged, keepToken)
	})
}

// chosen hashes a password that a person chose for the account, if it is a good one.
func (s *Service) chosen(ctx context.Context, password string, found credentials) (string, error) {
	if err := CheckPassword(password, found.Name, found.Email, s.Place); err != nil && (password != DemoPassword || !s.Demo) {
		return "", err
	}
	return s.Hasher.Hash(ctx, password)
}

// passwordChanged ends what an older password opened, and tells the person.
func (s *Service) passwordChanged(ctx context.Context, tx *postgres.Tx, found credentials, how EventKind, keepToken string) error {
	if err := endSessions(ctx, tx, found.ID, keepToken); err != nil {
		return err
	}
	if err := NoteSignIn(ctx, tx, SignInEvent{AccountID: found.ID, Kind: how}); err != nil {
		return err
	}
	return job.Notify(ctx, tx, job.Notice{AccountID: found.ID, Subject: "Your Virtual School password was changed",
		Words: "Your password was changed a moment ago. If this was you, there is nothing to do. If it was not, choose a new one now:", Path: "/forgot"})
}

func entry(accountID int64, action string, before, after any) audit.Entry {
	return audit.Entry{Subject: "account", SubjectID: accountID, Action: action, Before: before, After: after}
}
