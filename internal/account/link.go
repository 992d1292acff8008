package account

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Purpose is what a link that works once is for.
type Purpose string

const (
	Invitation Purpose = "invitation"
	ResetLink  Purpose = "reset"
)

// lasts is how long a link works.
func (p Purpose) lasts() time.Duration {
	if p == Invitation {
		return 24 * time.Hour
	}
	return time.Hour
}

// opens is the state of the accounts such a link works for.
func (p Purpose) opens() State {
	if p == Invitation {
		return Invited
	}
	return Active
}

// Path is the page a link leads to.
func (p Purpose) path(token string) string { return "/" + string(p) + "/" + token }

var errLink = fault.New(fault.KindNotFound, "This link no longer works. It was used before, or is too old.")

// sendLink is the job of sending somebody a link. The link is made when it is sent: neither the queue
// nor any table ever holds a link that works.
type sendLink struct {
	AccountID int64   `json:"account_id"`
	Purpose   Purpose `json:"purpose"`
}

func (sendLink) Kind() string { return "account_link" }

func (s *Service) send(ctx context.Context, due sendLink) error {
	type person struct{ Email string }
	var to *person
	var batch postgres.Batch
	postgres.Maybe(&batch, &to, `select email from account where id = @id and state = @state`,
		postgres.Args{"id": due.AccountID, "state": due.Purpose.opens()})
	if err := s.DB.View(ctx, access.System, &batch); err != nil {
		return err
	}
	if to == nil {
		return nil // ended, or opened, since the mail was asked for
	}
	path, err := s.NewLink(ctx, access.System, due.AccountID, due.Purpose)
	if err != nil {
		return err
	}
	letter := job.Letter{To: to.Email, Path: path, Subject: "You are invited to the Virtual School",
		Words: "You have been given an account. Choose a password here. The link works once, for 24 hours:"}
	if due.Purpose == ResetLink {
		letter.Subject = "Choose a new Virtual School password"
		letter.Words = "Somebody, we think you, asked for a new password. Choose it here. The link works once, for an hour. " +
			"If you did not ask, there is nothing to do, and your password stays as it is:"
	}
	return s.Post.Send(ctx, letter)
}

// NewLink makes a link for an account and returns the path of its page, for mail or to be handed over
// in person. Links made before for the same purpose stop working. For those who manage accounts.
func (s *Service) NewLink(ctx context.Context, actor access.Actor, accountID int64, purpose Purpose) (string, error) {
	token := rand.Text() + rand.Text()
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := mayManage(actor, before.Role); err != nil {
			return err
		}
		if before.State != purpose.opens() {
			return fault.Conflict("This account is " + string(before.State) + ", so a link of this kind would not work.")
		}
		if err := voidLinks(ctx, tx, accountID, purpose); err != nil {
			return err
		}
		_, err = tx.Do(ctx, `insert into account_link (token_hash, account_id, purpose, created_at, expires_at)
			values (@hash, @id, @purpose, @now, @now::timestamptz + @lasts::interval)`,
			postgres.Args{"hash": tokenHash(token), "id": accountID, "purpose": purpose, "lasts": purpose.lasts()})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, entry(accountID, "made link", nil, purpose))
	})
	return purpose.path(token), err
}

// AskReset has a link for a new password sent to the address, if an account is open under it. The
// answer and the work are the same either way: for an unknown address the queue gets a job about
// nobody. TooMany when the account or the address must wait first.
func (s *Service) AskReset(ctx context.Context, email, address string) error {
	ctx = alone(ctx)
	email = tidyEmail(email)
	if email == "" {
		return fault.Invalid("email", "Enter an email address, like name@example.gov.uk")
	}
	if _, err := s.try(ctx, askingReset, email, address); err != nil {
		return err
	}
	found, err := s.findByEmail(ctx, email)
	if err != nil {
		return err
	}
	due := sendLink{Purpose: ResetLink}
	if found != nil && found.Role != access.Service {
		due.AccountID = found.ID
	}
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error { return job.Enqueue(ctx, tx, due) })
}

// Holder says whose link this is, without using it up. NotFound: it does not work any more.
func (s *Service) Holder(ctx context.Context, purpose Purpose, token string) (Account, error) {
	found, err := s.byLink(ctx, purpose, token)
	if err != nil {
		return Account{}, err
	}
	return Account{ID: found.ID, Name: found.Name, Email: found.Email, Role: found.Role, State: found.State}, nil
}

// AcceptInvitation opens an account with the password its person chose, and says whose it is: the link and
// the password together are a first factor.
func (s *Service) AcceptInvitation(ctx context.Context, token, password string) (access.Actor, error) {
	return s.useLink(ctx, Invitation, token, password)
}

// Reset sets a new password, ends the person's sessions, and lets them sign in at once.
func (s *Service) Reset(ctx context.Context, token, password string) error {
	_, err := s.useLink(ctx, ResetLink, token, password)
	return err
}

func (s *Service) useLink(ctx context.Context, purpose Purpose, token, password string) (access.Actor, error) {
	ctx = alone(ctx)
	found, err := s.byLink(ctx, purpose, token)
	if err != nil {
		return access.Actor{}, err
	}
	hash, err := s.chosen(ctx, password, *found)
	if err != nil {
		return access.Actor{}, err
	}
	err = s.DB.Change(ctx, found.actor(), func(ctx context.Context, tx *postgres.Tx) error {
		err := tx.DoOne(ctx, `update account_link set used_at = @now where token_hash = @hash and used_at is null and expires_at > @now`,
			postgres.Args{"hash": tokenHash(token)})
		if err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update account set state = 'active', password_hash = @hash, version = version + 1 where id = @id and state = @state`,
			postgres.Args{"id": found.ID, "hash": hash, "state": purpose.opens()})
		if err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `delete from sign_in_failure where account_hash = @account`,
			postgres.Args{"account": s.key(signingIn.name+" account", found.Email)}); err != nil {
			return err
		}
		if purpose == Invitation {
			return audit.Change(ctx, tx, entry(found.ID, "opened", nil, nil))
		}
		return s.passwordChanged(ctx, tx, *found, PasswordReset, "")
	})
	if errors.Is(err, fault.KindConflict) {
		err = errLink
	}
	if err != nil {
		return access.Actor{}, err
	}
	return found.actor(), nil
}
