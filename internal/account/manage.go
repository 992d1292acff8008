package account

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// mayManage says whether the actor may make, change or end an account with this role. Those who
// decide about money and restrictions are appointed by one another and not by a data officer.
func mayManage(actor access.Actor, role access.Role) error {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return err
	}
	senior := role == access.Head || role == access.Deputy
	if senior && actor.Role != access.Head && actor.Role != access.Deputy && actor.Role != access.Service {
		return fault.Forbidden("Only the Virtual School Head or a deputy manages the accounts of heads and deputies.")
	}
	if role == access.Service {
		return fault.Forbidden("This is the program's own account.")
	}
	return nil
}

// ToManage takes a person's account for this transaction, to change something about it. Forbidden when the
// actor may not.
func ToManage(ctx context.Context, tx *postgres.Tx, accountID int64) error {
	before, err := lock(ctx, tx, accountID)
	if err != nil {
		return err
	}
	return mayManage(tx.Actor, before.Role)
}

// MayManage says whether the actor may change or end this person's account: for buttons.
func MayManage(actor access.Actor, person Account) bool {
	return mayManage(actor, person.Role) == nil
}

// Invite makes an account and sends its person a link to open it with. Invalid, field "email", when
// there is an account under that address already.
func (s *Service) Invite(ctx context.Context, actor access.Actor, person NewAccount) (int64, error) {
	return s.make(ctx, actor, person, Invited, "", func(ctx context.Context, tx *postgres.Tx, id int64) error {
		return job.Enqueue(ctx, tx, sendLink{AccountID: id, Purpose: Invitation})
	})
}

// Establish makes an account that is open at once, without mail: for the first head, and for
// demonstrations. passwordHash comes from Hasher.Hash; an empty one opens nothing until a reset.
func (s *Service) Establish(ctx context.Context, actor access.Actor, person NewAccount, passwordHash string) (int64, error) {
	return s.make(ctx, actor, person, Active, passwordHash, func(context.Context, *postgres.Tx, int64) error { return nil })
}

// HashPassword checks a password that someone chose for a new account, and hashes it for Establish.
func (s *Service) HashPassword(ctx context.Context, person NewAccount, password string) (string, error) {
	return s.chosen(ctx, password, credentials{Name: person.Name, Email: person.Email})
}

func (s *Service) make(ctx context.Context, actor access.Actor, person NewAccount, state State, passwordHash string,
	then func(context.Context, *postgres.Tx, int64) error) (id int64, err error) {
	if err := mayManage(actor, person.Role); err != nil {
		return 0, err
	}
	if err := person.Check().Err(); err != nil {
		return 0, err
	}
	person.Email = tidyEmail(person.Email)
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if state == Invited {
			if err := mayJoin(ctx, tx, person); err != nil {
				return err
			}
		}
		id, err = insertPerson(ctx, tx, person, state, passwordHash)
		if err != nil {
			return err
		}
		return then(ctx, tx, id)
	})
	if postgres.Constraint(err) == "account_email_key" {
		return 0, fault.Invalid("email", "There is an account under this email address already")
	}
	return id, membershipProblem(err)
}

// insertPerson makes an account with its schools.
func insertPerson(ctx context.Context, tx *postgres.Tx, person NewAccount, state State, passwordHash string) (int64, error) {
	id, err := insertAccount(ctx, tx, person, state, passwordHash)
	if err != nil {
		return 0, err
	}
	for _, membership := range person.Settings {
		if _, err := insertMembership(ctx, tx, id, membership); err != nil {
			return 0, err
		}
	}
	return id, audit.Change(ctx, tx, entry(id, string(state), nil, person))
}

// SendInvitation sends the link once more to someone who has not opened their account, and opens the
// way back for someone whose account had ended. Earlier links stop working.
func (s *Service) SendInvitation(ctx context.Context, actor access.Actor, accountID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := mayManage(actor, before.Role); err != nil {
			return err
		}
		if before.State == Active {
			return fault.Conflict("This account is open already. If its person cannot sign in, they can choose a new password from the sign-in page.")
		}
		if before.State == Ended {
			err := tx.DoOne(ctx, `update account set state = 'invited', ended_at = null, version = version + 1 where id = @id and state = 'ended'`,
				postgres.Args{"id": accountID})
			if err != nil {
				return err
			}
		}
		if err := audit.Change(ctx, tx, entry(accountID, "invited", before.State, Invited)); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, sendLink{AccountID: accountID, Purpose: Invitation})
	})
}

// Details are what those who manage accounts may correct. Version is that of the account they saw.
type Details struct {
	Name    string
	Role    access.Role
	Version int
}

// ChangeDetails corrects a person's name or gives them another role. A new role ends their sessions:
// they sign in again and find what the new role shows. Nobody changes their own role, and there is
// always an active head. Conflict: someone changed the account since it was shown.
func (s *Service) ChangeDetails(ctx context.Context, actor access.Actor, accountID int64, details Details) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := mayManage(actor, before.Role); err != nil {
			return err
		}
		problems := checkName(details.Name)
		if !details.Role.Known() {
			problems.Add("role", "Choose a role")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if before.Version != details.Version || before.State == Ended {
			return fault.Conflict("Someone else changed this account while you were looking at it.")
		}
		if before.Role != details.Role {
			if err := s.changeRole(ctx, tx, before, details.Role); err != nil {
				return err
			}
		}
		err = tx.DoOne(ctx, `update account set name = @name, role = @role, version = version + 1 where id = @id and version = @version`,
			postgres.Args{"id": accountID, "name": details.Name, "role": details.Role, "version": details.Version})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, entry(accountID, "changed", Details{before.Name, before.Role, before.Version}, details))
	})
}

func (s *Service) changeRole(ctx context.Context, tx *postgres.Tx, before credentials, role access.Role) error {
	if before.ID == tx.Actor.ID {
		return fault.Forbidden("Nobody changes their own role. Ask someone else who manages accounts.")
	}
	if err := mayManage(tx.Actor, role); err != nil {
		return err
	}
	if before.Role == access.Head {
		if err := anotherHead(ctx, tx, before.ID); err != nil {
			return err
		}
	}
	return endSessions(ctx, tx, before.ID, "")
}

// anotherHead refuses to let the last active head go. It locks all of them, so that two heads who
// end each other at the same moment do not both succeed.
func anotherHead(ctx context.Context, tx *postgres.Tx, but int64) error {
	heads, err := postgres.ListValues[int64](ctx, tx, `select id from account where role = 'head' and state = 'active' order by id for update`, nil)
	if err != nil {
		return err
	}
	for _, id := range heads {
		if id != but {
			return nil
		}
	}
	return fault.Conflict("This is the only active account of a Virtual School Head. Invite another head first.")
}

// End closes an account for good: its sessions, links, sign-ins elsewhere and stand-ins end at once,
// and its person belongs to no school from tomorrow. What the person did stays on record. Nobody ends their own account.
func (s *Service) End(ctx context.Context, actor access.Actor, accountID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		return s.endAccount(ctx, tx, before)
	})
}

// endAccount is End for an account that is locked, in a transaction that may end several.
func (s *Service) endAccount(ctx context.Context, tx *postgres.Tx, before credentials) error {
	if err := mayManage(tx.Actor, before.Role); err != nil {
		return err
	}
	switch {
	case before.ID == tx.Actor.ID:
		return fault.Forbidden("Nobody ends their own account. Ask someone else who manages accounts.")
	case before.State == Ended:
		return fault.Conflict("This account has ended already.")
	case before.Role == access.Head && before.State == Active:
		if err := anotherHead(ctx, tx, before.ID); err != nil {
			return err
		}
	}
	err := tx.DoOne(ctx, `update account set state = 'ended', ended_at = @now, password_hash = null, version = version + 1
		where id = @id and state <> 'ended'`, postgres.Args{"id": before.ID})
	if err != nil {
		return err
	}
	if err := leave(ctx, tx, before.ID); err != nil {
		return err
	}
	return audit.Change(ctx, tx, entry(before.ID, "ended", before.State, Ended))
}

// EndSessions signs another person out of one session, or with an empty ref everywhere.
func (s *Service) EndSessions(ctx context.Context, actor access.Actor, accountID int64, ref string) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := mayManage(actor, before.Role); err != nil {
			return err
		}
		if ref != "" {
			if err := endSession(ctx, tx, accountID, ref); err != nil {
				return err
			}
			return NoteSignIn(ctx, tx, SignInEvent{AccountID: accountID, Kind: SessionEnded})
		}
		if err := endSessions(ctx, tx, accountID, ""); err != nil {
			return err
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: accountID, Kind: SessionsEnded})
	})
}

// EndOwnSession ends one of the actor's own sessions, or with an empty ref all of them.
func (s *Service) EndOwnSession(ctx context.Context, actor access.Actor, ref string) error {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if ref == "" {
			if err := endSessions(ctx, tx, actor.ID, ""); err != nil {
				return err
			}
			return NoteSignIn(ctx, tx, SignInEvent{AccountID: actor.ID, Kind: SessionsEnded})
		}
		if err := endSession(ctx, tx, actor.ID, ref); err != nil {
			return err
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: actor.ID, Kind: SessionEnded})
	})
}
