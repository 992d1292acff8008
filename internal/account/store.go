package account

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// credentials are what signing in and managing ask of an account.
type credentials struct {
	ID           int64
	Email        string
	Name         string
	Role         access.Role
	State        State
	PasswordHash string // empty: none
	Version      int
}

const credentialColumns = `a.id, a.email, a.name, a.role, a.state, coalesce(a.password_hash, '') as password_hash, a.version`

func (c credentials) actor() access.Actor {
	return access.Actor{ID: c.ID, Name: c.Name, Email: c.Email, Role: c.Role}
}

func (s *Service) findByEmail(ctx context.Context, email string) (found *credentials, err error) {
	var batch postgres.Batch
	postgres.Maybe(&batch, &found, `select `+credentialColumns+` from account a where a.email = @email`, postgres.Args{"email": email})
	err = s.DB.View(ctx, access.Actor{}, &batch)
	return found, err
}

func (s *Service) byLink(ctx context.Context, purpose Purpose, token string) (found *credentials, err error) {
	var batch postgres.Batch
	postgres.Maybe(&batch, &found, `select `+credentialColumns+` from account_link l join account a on a.id = l.account_id
		where l.token_hash = @hash and l.purpose = @purpose and l.used_at is null and l.expires_at > @now and a.state = @state`,
		postgres.Args{"hash": tokenHash(token), "purpose": purpose, "state": purpose.opens()})
	if err := s.DB.View(ctx, access.Actor{}, &batch); err != nil {
		return nil, err
	}
	if found == nil {
		return nil, errLink
	}
	return found, nil
}

// lock takes the account for this transaction. All changes of an account begin here.
func lock(ctx context.Context, tx *postgres.Tx, accountID int64) (credentials, error) {
	return postgres.Get[credentials](ctx, tx, `select `+credentialColumns+` from account a where a.id = @id for update`, postgres.Args{"id": accountID})
}

func insertAccount(ctx context.Context, tx *postgres.Tx, person NewAccount, state State, passwordHash string) (int64, error) {
	return postgres.GetValue[int64](ctx, tx, `insert into account (email, name, role, state, password_hash, created_at)
		values (@email, @name, @role, @state, nullif(@hash, ''), @now) returning id`,
		postgres.Args{"email": person.Email, "name": person.Name, "role": person.Role, "state": state, "hash": passwordHash})
}

func insertMembership(ctx context.Context, tx *postgres.Tx, accountID int64, membership NewMembership) (int64, error) {
	until := membership.LastDay
	if !until.IsZero() {
		until = until.AddDays(1)
	}
	return postgres.GetValue[int64](ctx, tx, `insert into account_setting (account_id, setting_id, post, period)
		values (@account, @setting, @post, daterange(@from, @until)) returning id`,
		postgres.Args{"account": accountID, "setting": membership.SettingID, "post": membership.Post, "from": membership.From, "until": until})
}

const membershipColumns = `m.id, m.setting_id, s.name as setting, m.post, lower(m.period) as "from", upper(m.period) as until`

func lockMembership(ctx context.Context, tx *postgres.Tx, accountID, membershipID int64) (Membership, error) {
	return postgres.Get[Membership](ctx, tx, `select `+membershipColumns+` from account_setting m join setting s on s.id = m.setting_id
		where m.id = @id and m.account_id = @account for update of m`, postgres.Args{"id": membershipID, "account": accountID})
}

// endMemberships ends those that hold today or later with today; one that has not begun keeps its
// first day, as a period must have one.
func endMemberships(ctx context.Context, tx *postgres.Tx, accountID int64) error {
	_, err := tx.Do(ctx, `update account_setting set period = daterange(lower(period), greatest(lower(period), @today::date) + 1)
		where account_id = @id and (upper(period) is null or upper(period) > greatest(lower(period), @today::date) + 1)`,
		postgres.Args{"id": accountID})
	return err
}

func voidLinks(ctx context.Context, tx *postgres.Tx, accountID int64, purpose Purpose) error {
	_, err := tx.Do(ctx, `update account_link set used_at = @now where account_id = @id and purpose = @purpose and used_at is null`,
		postgres.Args{"id": accountID, "purpose": purpose})
	return err
}

func endSessions(ctx context.Context, tx *postgres.Tx, accountID int64, keepToken string) error {
	_, err := tx.Do(ctx, `delete from session where account_id = @id and token_hash <> @keep`,
		postgres.Args{"id": accountID, "keep": tokenHash(keepToken)})
	return err
}

// EndAllSessions ends every session of an account in the transaction of what makes them void.
func EndAllSessions(ctx context.Context, tx *postgres.Tx, accountID int64) error {
	return endSessions(ctx, tx, accountID, "")
}

// refLength is how much of a session's hash tells it from a person's other sessions.
const refLength = 16

func endSession(ctx context.Context, tx *postgres.Tx, accountID int64, ref string) error {
	ended, err := tx.Do(ctx, `delete from session where account_id = @id and left(token_hash, @length) = @ref`,
		postgres.Args{"id": accountID, "ref": ref, "length": refLength})
	if err == nil && ended == 0 {
		return fault.Conflict("This session has ended already.")
	}
	return err
}
