package factor

import (
	"context"
	"encoding/base64"
	"time"

	"virtualschool/internal/postgres"
)

const hasSQL = `select (select count(*) from passkey where account_id = @id)::int as passkeys,
		exists (select from authenticator where account_id = @id) as app,
		(select count(*) from recovery_code where account_id = @id and used_at is null)::int as codes`

// QueueHas queues which factors an account has: for its person, and those who manage accounts.
func QueueHas(batch *postgres.Batch, into *Has, accountID int64) {
	postgres.One(batch, into, hasSQL, postgres.Args{"id": accountID})
}

func loadHas(ctx context.Context, tx *postgres.Tx, accountID int64) (Has, error) {
	return postgres.Get[Has](ctx, tx, hasSQL, postgres.Args{"id": accountID})
}

// Passkey is one of a person's passkeys as their account page lists it.
type Passkey struct {
	ID         int64
	Name       string
	AddedAt    time.Time
	LastUsedAt *time.Time
}

// App is a person's authenticator app.
type App struct {
	AddedAt    time.Time
	LastUsedAt *time.Time
}

// QueuePasskeys queues a person's own passkeys.
func QueuePasskeys(batch *postgres.Batch, into *[]Passkey, accountID int64) {
	postgres.Many(batch, into, `select id, name, added_at, last_used_at from passkey where account_id = @id order by added_at, id`, postgres.Args{"id": accountID})
}

// QueueApp queues a person's own authenticator app; nil when they have none.
func QueueApp(batch *postgres.Batch, into **App, accountID int64) {
	postgres.Maybe(batch, into, `select added_at, last_used_at from authenticator where account_id = @id`, postgres.Args{"id": accountID})
}

type keptApp struct {
	Sealed   []byte
	LastStep int64
}

func lockApp(ctx context.Context, tx *postgres.Tx, accountID int64) (keptApp, error) {
	return postgres.Get[keptApp](ctx, tx, `select sealed, last_step from authenticator where account_id = @id for update`, postgres.Args{"id": accountID})
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func decode(text string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(text) }
