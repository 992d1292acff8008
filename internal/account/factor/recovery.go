package factor

import (
	"context"
	"crypto/rand"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// codesAtOnce is how many recovery codes a person has.
const codesAtOnce = 10

// newCode is a recovery code: 80 bits in 16 letters and digits. With so many, and hashed with a key that is
// not in the database, a code is not found by trying.
func newCode() string { return spaced(strings.ToLower(rand.Text()[:16]), "-") }

func (k keys) codeHash(accountID int64, code string) []byte {
	return mac(k.recover, append(about("code", accountID), strings.ToLower(withoutSpaces(code))...))
}

// RenewCodes gives the person ten new recovery codes, the only time that they are shown. Those they had
// stop working. For the person themselves, who has another factor.
func (s *Service) RenewCodes(ctx context.Context, actor access.Actor) (codes []string, err error) {
	if err := access.Check(actor, access.UseOwnAccount, access.Facts{}); err != nil {
		return nil, err
	}
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		has, err := loadHas(ctx, tx, actor.ID)
		if err != nil {
			return err
		}
		if !has.Any() {
			return fault.Conflict("Set up a passkey or an authenticator app first. Recovery codes are for the day it is lost.")
		}
		if err := note(ctx, tx, actor.ID, account.CodesRenewed, account.WithRecovery); err != nil {
			return err
		}
		if err := tell(ctx, tx, actor.ID, "Your Virtual School recovery codes were renewed", "You have new recovery codes, and the old ones no longer work."); err != nil {
			return err
		}
		codes, err = s.makeCodes(ctx, tx, actor.ID)
		return err
	})
	return codes, err
}

func (s *Service) makeCodes(ctx context.Context, tx *postgres.Tx, accountID int64) ([]string, error) {
	if _, err := tx.Do(ctx, `delete from recovery_code where account_id = @id`, postgres.Args{"id": accountID}); err != nil {
		return nil, err
	}
	var codes []string
	var hashes [][]byte
	for range codesAtOnce {
		code := newCode()
		codes, hashes = append(codes, code), append(hashes, s.keys.codeHash(accountID, code))
	}
	_, err := tx.Do(ctx, `insert into recovery_code (account_id, code_hash, made_at) select @id, h, @now from unnest(@hashes::bytea[]) h`,
		postgres.Args{"id": accountID, "hashes": hashes})
	return codes, err
}

// ProveByRecovery uses up one of the person's recovery codes. Invalid, field "code": it is none, or was used
// before. TooMany: wait first.
func (s *Service) ProveByRecovery(ctx context.Context, actor access.Actor, code, address string) error {
	return s.prove(ctx, actor, account.WithRecovery, address, func(ctx context.Context, tx *postgres.Tx) error {
		used, err := tx.Do(ctx, `update recovery_code set used_at = @now where account_id = @id and code_hash = @hash and used_at is null`,
			postgres.Args{"id": actor.ID, "hash": s.keys.codeHash(actor.ID, code)})
		if err != nil {
			return err
		}
		if used == 0 {
			return fault.Invalid("code", "This is none of your recovery codes, or it was used before")
		}
		return job.Notify(ctx, tx, job.Notice{AccountID: actor.ID, Subject: "A Virtual School recovery code was used",
			Words: "One of your recovery codes was used to sign in a moment ago. If this was you, there is nothing to do. If it was not, choose a new password now and tell the Virtual School:", Path: "/forgot"})
	})
}
