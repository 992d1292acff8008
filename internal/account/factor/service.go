package factor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// Service is what people do with their own second factors, and those who manage accounts with another's.
type Service struct {
	DB       *postgres.DB
	Accounts *account.Service // whose tries are slowed down together with sign-ins
	keys     keys
	web      *webauthn.WebAuthn
	name     string
}

// New makes the service. Key is LoadKey's; name is whose site it is, shown in apps; baseURL is how browsers
// reach it, which passkeys are bound to.
func New(accounts *account.Service, key []byte, name, baseURL string) (*Service, error) {
	keys, err := keysOf(key)
	if err != nil {
		return nil, err
	}
	at, err := url.Parse(baseURL)
	if err != nil || at.Hostname() == "" {
		return nil, fmt.Errorf("passkeys need the address of the site, not %q", baseURL)
	}
	web, err := webauthn.New(&webauthn.Config{RPID: at.Hostname(), RPDisplayName: name, RPOrigins: []string{at.Scheme + "://" + at.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		// Both factors in one: the device, and its PIN, face or fingerprint.
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
		Timeouts: webauthn.TimeoutsConfig{Login: webauthn.TimeoutConfig{Enforce: true, Timeout: ceremony, TimeoutUVD: ceremony},
			Registration: webauthn.TimeoutConfig{Enforce: true, Timeout: ceremony, TimeoutUVD: ceremony}}})
	if err != nil {
		return nil, err
	}
	return &Service{DB: accounts.DB, Accounts: accounts, keys: keys, web: web, name: name}, nil
}

// ceremony is how long somebody may take to touch their key.
const ceremony = 5 * time.Minute

// Next says what a person still has to do who has passed the first factor, and which factors they have.
func (s *Service) Next(ctx context.Context, actor access.Actor, given account.Second) (Step, Has, error) {
	var values policy.Values
	var has Has
	var batch postgres.Batch
	policy.Queue(&batch, &values)
	QueueHas(&batch, &has, actor.ID)
	if err := s.DB.View(ctx, actor, &batch); err != nil {
		return Finished, Has{}, err
	}
	return Next(values, actor.Role, has, given), has, nil
}

// ProveByCode takes a code of the person's authenticator app. Invalid, field "code": it is wrong, too old or
// was used. TooMany: wait first.
func (s *Service) ProveByCode(ctx context.Context, actor access.Actor, code, address string) error {
	return s.prove(ctx, actor, account.WithApp, address, func(ctx context.Context, tx *postgres.Tx) error {
		kept, err := lockApp(ctx, tx, actor.ID)
		if errors.Is(err, fault.KindNotFound) {
			return wrongCode()
		}
		if err != nil {
			return err
		}
		secret, err := s.keys.open(kept.Sealed, "app", actor.ID)
		if err != nil {
			return err
		}
		at, ok := stepOf(string(secret), code, tx.Now, kept.LastStep)
		if !ok {
			return wrongCode()
		}
		return tx.DoOne(ctx, `update authenticator set last_step = @step, last_used_at = @now where account_id = @id`, postgres.Args{"id": actor.ID, "step": at})
	})
}

func wrongCode() error {
	return fault.Invalid("code", "This code is not right, or was used before. Wait for the next one in your app and type that.")
}

// prove runs one try at a second factor: counted before it is known how it ends, and audited either way.
func (s *Service) prove(ctx context.Context, actor access.Actor, by account.Second, address string, check func(context.Context, *postgres.Tx) error) error {
	ctx = postgres.WithSubmission(ctx, nil)
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	tried, err := s.Accounts.TrySecond(ctx, actor, address)
	if err != nil {
		return err
	}
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := check(ctx, tx); err != nil {
			return err
		}
		if err := tried.Worked(ctx, tx); err != nil {
			return err
		}
		kind := account.SecondGiven
		if by == account.WithRecovery {
			kind = account.RecoveryUsed
		}
		return note(ctx, tx, actor.ID, kind, by)
	})
	if errors.Is(err, fault.KindInvalid) {
		return errors.Join(err, s.Accounts.Failed(ctx, actor, tried, by))
	}
	return err
}

// AddApp is the secret for an app that is not set up yet. Sealed travels with the form and opens for this
// account alone; Secret and Address are for the app.
type AddApp struct{ Sealed, Secret, Address string }

// BeginApp makes a secret for the person's app. Nothing is kept until a code shows that the app has it.
func (s *Service) BeginApp(actor access.Actor) AddApp {
	secret := newSecret()
	return s.offer(actor, secret, s.keys.seal([]byte(secret), "new app", actor.ID))
}

// AgainApp is what a form carried, to be shown again. Invalid when it is not ours.
func (s *Service) AgainApp(actor access.Actor, sealed string) (AddApp, error) {
	raw, err := decode(sealed)
	if err != nil {
		return AddApp{}, fault.Invalid("", "Start again: the code on this page is not right any more.")
	}
	secret, err := s.keys.open(raw, "new app", actor.ID)
	if err != nil {
		return AddApp{}, fault.Invalid("", "Start again: the code on this page is not right any more.")
	}
	return s.offer(actor, string(secret), raw), nil
}

func (s *Service) offer(actor access.Actor, secret string, sealed []byte) AddApp {
	query := url.Values{"secret": {secret}, "issuer": {s.name}, "algorithm": {"SHA1"}, "digits": {fmt.Sprint(digits)}, "period": {fmt.Sprint(int(step / time.Second))}}
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + s.name + ":" + actor.Email, RawQuery: query.Encode()}
	return AddApp{Sealed: encode(sealed), Secret: spaced(secret, " "), Address: address.String()}
}

// AddApp sets up the app whose code shows that it has the secret; one that was there before stops working.
// It gives recovery codes if the person has none yet. Invalid, field "code".
func (s *Service) AddApp(ctx context.Context, actor access.Actor, sealed, code, address string) (codes []string, err error) {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return nil, err
	}
	offered, err := s.AgainApp(actor, sealed)
	if err != nil {
		return nil, err
	}
	tried, err := s.Accounts.TrySecond(ctx, actor, address)
	if err != nil {
		return nil, err
	}
	secret := withoutSpaces(offered.Secret)
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		at, ok := stepOf(secret, code, tx.Now, 0)
		if !ok {
			return wrongCode()
		}
		if err := tried.Worked(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Do(ctx, `insert into authenticator (account_id, sealed, last_step, added_at, last_used_at) values (@id, @sealed, @step, @now, @now)
			on conflict (account_id) do update set sealed = excluded.sealed, last_step = excluded.last_step, added_at = excluded.added_at, last_used_at = excluded.last_used_at`,
			postgres.Args{"id": actor.ID, "sealed": s.keys.seal([]byte(secret), "app", actor.ID), "step": at})
		if err != nil {
			return err
		}
		codes, err = s.added(ctx, tx, actor.ID, account.WithApp, "an authenticator app")
		return err
	})
	return codes, err
}

// added audits and tells of a new factor, and gives recovery codes with the first.
func (s *Service) added(ctx context.Context, tx *postgres.Tx, accountID int64, kind account.Second, what string) (codes []string, err error) {
	if err := note(ctx, tx, accountID, account.FactorAdded, kind); err != nil {
		return nil, err
	}
	if err := tell(ctx, tx, accountID, "A second factor was added to your Virtual School account", "You can now sign in with "+what+"."); err != nil {
		return nil, err
	}
	has, err := loadHas(ctx, tx, accountID)
	if err != nil || has.Codes > 0 {
		return nil, err
	}
	return s.makeCodes(ctx, tx, accountID)
}

// RemoveApp takes the person's own authenticator app away.
func (s *Service) RemoveApp(ctx context.Context, actor access.Actor) error {
	return s.remove(ctx, actor, account.WithApp, "An authenticator app was removed", `delete from authenticator where account_id = @id`, postgres.Args{"id": actor.ID})
}

// RemovePasskey takes one of the person's own passkeys away.
func (s *Service) RemovePasskey(ctx context.Context, actor access.Actor, passkeyID int64) error {
	return s.remove(ctx, actor, account.WithPasskey, "A passkey was removed", `delete from passkey where account_id = @id and id = @passkey`,
		postgres.Args{"id": actor.ID, "passkey": passkeyID})
}

// remove takes one factor away. The last goes only where the role needs none, and recovery codes go with it.
func (s *Service) remove(ctx context.Context, actor access.Actor, kind account.Second, said, statement string, args postgres.Args) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		gone, err := tx.Do(ctx, statement, args)
		if err != nil {
			return err
		}
		if gone == 0 {
			return fault.NotFound()
		}
		values, err := policy.Load(ctx, tx)
		if err != nil {
			return err
		}
		has, err := loadHas(ctx, tx, actor.ID)
		if err != nil {
			return err
		}
		if step := Next(values, actor.Role, has, account.NoSecond); step == SetUp || step == SetUpPasskey || kind == account.WithPasskey && Next(values, actor.Role, has, account.WithApp) == SetUpPasskey {
			return fault.Conflict("Your role needs this factor. Add another one first, then remove this.")
		}
		if !has.Any() {
			if _, err := tx.Do(ctx, `delete from recovery_code where account_id = @id`, postgres.Args{"id": actor.ID}); err != nil {
				return err
			}
		}
		if err := note(ctx, tx, actor.ID, account.FactorRemoved, kind); err != nil {
			return err
		}
		return tell(ctx, tx, actor.ID, said+" from your Virtual School account", said+" from your account.")
	})
}

func note(ctx context.Context, tx *postgres.Tx, accountID int64, kind account.EventKind, factor account.Second) error {
	return account.NoteSignIn(ctx, tx, account.SignInEvent{AccountID: accountID, Kind: kind, Second: factor})
}

// tell sends the person mail about their own sign-in.
func tell(ctx context.Context, tx *postgres.Tx, accountID int64, subject, words string) error {
	return job.Notify(ctx, tx, job.Notice{AccountID: accountID, Subject: subject,
		Words: words + " If this was you, or you asked for it, there is nothing to do. If not, tell the Virtual School at once and look at your account:", Path: "/account"})
}
