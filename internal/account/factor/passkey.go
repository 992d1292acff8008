package factor

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Most passkeys of one person, and the longest name of one, in characters.
const (
	mostPasskeys = 10
	mostName     = 60
)

// Asked is what a browser was asked for, kept in its session until it answers, once.
type Asked struct {
	Options []byte // for the browser, as JSON
	Kept    []byte // for the session
}

// owner is a person as passkeys know them.
type owner struct {
	access.Actor
	handle      []byte
	credentials []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return o.handle }
func (o owner) WebAuthnName() string                       { return o.Email }
func (o owner) WebAuthnDisplayName() string                { return o.Name }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials }

type keptPasskey struct {
	ID     int64
	Sealed []byte
}

// owner reads a person's passkeys. As whom is the person, or the program while it is not known who asks.
func (s *Service) owner(ctx context.Context, as, person access.Actor) (owner, error) {
	var kept []keptPasskey
	var batch postgres.Batch
	postgres.Many(&batch, &kept, `select id, sealed from passkey where account_id = @id order by id`, postgres.Args{"id": person.ID})
	if err := s.DB.View(ctx, as, &batch); err != nil {
		return owner{}, err
	}
	found := owner{Actor: person, handle: s.keys.userHandle(person.ID)}
	for _, one := range kept {
		credential, err := s.unseal(one.Sealed, person.ID)
		if err != nil {
			return owner{}, err
		}
		found.credentials = append(found.credentials, credential)
	}
	return found, nil
}

func (s *Service) unseal(sealed []byte, accountID int64) (credential webauthn.Credential, err error) {
	text, err := s.keys.open(sealed, "passkey", accountID)
	if err != nil {
		return credential, err
	}
	return credential, json.Unmarshal(text, &credential)
}

func (s *Service) sealed(credential webauthn.Credential, accountID int64) ([]byte, error) {
	text, err := json.Marshal(credential)
	return s.keys.seal(text, "passkey", accountID), err
}

func asked(options any, kept *webauthn.SessionData, err error) (Asked, error) {
	if err != nil {
		return Asked{}, err
	}
	shown, err := json.Marshal(options)
	if err != nil {
		return Asked{}, err
	}
	held, err := json.Marshal(kept)
	return Asked{shown, held}, err
}

// BeginPasskey asks for one of the person's passkeys; of nobody yet (the zero Actor) for any that the
// device has for this site.
func (s *Service) BeginPasskey(ctx context.Context, actor access.Actor) (Asked, error) {
	if !actor.Somebody() {
		options, kept, err := s.web.BeginDiscoverableLogin()
		return asked(options, kept, err)
	}
	person, err := s.owner(ctx, actor, actor)
	if err != nil {
		return Asked{}, err
	}
	if len(person.credentials) == 0 {
		return Asked{}, fault.Conflict("You have no passkey here.")
	}
	options, kept, err := s.web.BeginLogin(person)
	return asked(options, kept, err)
}

var errPasskey = fault.Invalid("passkey", "This passkey did not work here. Try again, or sign in another way.")

// ProveByPasskey takes a browser's answer to BeginPasskey for the same actor, and gives whose passkey it is.
// Address is where the request comes from. Invalid, field "passkey": it is somebody else's, of another site, copied, or not ours.
func (s *Service) ProveByPasskey(ctx context.Context, actor access.Actor, kept, answer []byte, address string) (access.Actor, error) {
	ctx = postgres.WithSubmission(ctx, nil)
	var session webauthn.SessionData
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil || json.Unmarshal(kept, &session) != nil {
		return access.Actor{}, errPasskey
	}
	var person owner
	if actor.Somebody() {
		person, err = s.owner(ctx, actor, actor)
	} else {
		person, err = s.byCredential(ctx, parsed.RawID)
	}
	if err != nil {
		return access.Actor{}, err
	}
	var credential *webauthn.Credential
	if actor.Somebody() {
		credential, err = s.web.ValidateLogin(person, session, parsed)
	} else {
		credential, err = s.web.ValidateDiscoverableLogin(func([]byte, []byte) (webauthn.User, error) { return person, nil }, session, parsed)
	}
	if err == nil && credential.Authenticator.CloneWarning {
		err = errors.New("the counter went back")
	}
	if err != nil {
		return access.Actor{}, errors.Join(errPasskey, s.Accounts.PasskeyFailed(ctx, person.Actor, address))
	}
	return person.Actor, s.used(ctx, person.Actor, *credential)
}

// used keeps the passkey's new counter. Two answers with the same counter at once: the second is refused.
func (s *Service) used(ctx context.Context, actor access.Actor, credential webauthn.Credential) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		kept, err := postgres.Get[keptPasskey](ctx, tx, `select id, sealed from passkey where account_id = @id and credential_id = @credential for update`,
			postgres.Args{"id": actor.ID, "credential": credential.ID})
		if errors.Is(err, fault.KindNotFound) {
			return errPasskey
		}
		if err != nil {
			return err
		}
		before, err := s.unseal(kept.Sealed, actor.ID)
		if err != nil {
			return err
		}
		if now := credential.Authenticator.SignCount; now != 0 && now <= before.Authenticator.SignCount {
			return errPasskey
		}
		sealed, err := s.sealed(credential, actor.ID)
		if err != nil {
			return err
		}
		if err := tx.DoOne(ctx, `update passkey set sealed = @sealed, last_used_at = @now where id = @passkey`, postgres.Args{"passkey": kept.ID, "sealed": sealed}); err != nil {
			return err
		}
		return note(ctx, tx, actor.ID, account.SecondGiven, account.WithPasskey)
	})
}

// byCredential finds whose passkey this is, of those who may sign in.
func (s *Service) byCredential(ctx context.Context, credentialID []byte) (owner, error) {
	type row struct {
		ID          int64
		Name, Email string
		Role        access.Role
	}
	var found *row
	var batch postgres.Batch
	postgres.Maybe(&batch, &found, `select a.id, a.name, a.email, a.role from passkey p join account a on a.id = p.account_id
		where p.credential_id = @credential and a.state = 'active'`, postgres.Args{"credential": credentialID})
	if err := s.DB.View(ctx, access.System, &batch); err != nil {
		return owner{}, err
	}
	if found == nil {
		return owner{}, errPasskey
	}
	return s.owner(ctx, access.System, access.Actor{ID: found.ID, Name: found.Name, Email: found.Email, Role: found.Role})
}

// BeginAdd asks the person's browser to make a passkey, on a device that has none of theirs yet.
func (s *Service) BeginAdd(ctx context.Context, actor access.Actor) (Asked, error) {
	person, err := s.owner(ctx, actor, actor)
	if err != nil {
		return Asked{}, err
	}
	if len(person.credentials) >= mostPasskeys {
		return Asked{}, fault.Conflict("You have as many passkeys as there can be. Remove one first.")
	}
	options, kept, err := s.web.BeginRegistration(person, webauthn.WithExclusions(webauthn.Credentials(person.credentials).CredentialDescriptors()))
	return asked(options, kept, err)
}

// AddPasskey keeps the passkey that a browser made after BeginAdd, under a name of the person's own. It gives
// recovery codes if they have none yet. Problems are about "passkey" and "name".
func (s *Service) AddPasskey(ctx context.Context, actor access.Actor, kept, answer []byte, name string) (codes []string, err error) {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return nil, err
	}
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > mostName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return nil, fault.Invalid("name", "Give the passkey a name of 60 characters or fewer, such as Work laptop")
	}
	var session webauthn.SessionData
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || json.Unmarshal(kept, &session) != nil {
		return nil, errPasskey
	}
	person, err := s.owner(ctx, actor, actor)
	if err != nil {
		return nil, err
	}
	credential, err := s.web.CreateCredential(person, session, parsed)
	if err != nil {
		return nil, errPasskey
	}
	sealed, err := s.sealed(*credential, actor.ID)
	if err != nil {
		return nil, err
	}
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `insert into passkey (account_id, credential_id, sealed, name, added_at) values (@id, @credential, @sealed, @name, @now)`,
			postgres.Args{"id": actor.ID, "credential": credential.ID, "sealed": sealed, "name": name})
		if err != nil {
			return err
		}
		codes, err = s.added(ctx, tx, actor.ID, account.WithPasskey, "a passkey")
		return err
	})
	if postgres.Constraint(err) == "passkey_credential_id_key" {
		return nil, errPasskey
	}
	return codes, err
}
