package account

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// left is the job that follows the end of an account. Nothing works for its person from the moment the
// account ends, because every transaction asks for an open one; this makes sure that nothing comes back
// with an invitation back, and that somebody is told what is left without anyone.
type left struct {
	AccountID int64 `json:"account_id"`
}

func (left) Kind() string { return "account_left" }

// leave ends, in the transaction that ends the account, what its person could still do or decide by.
func leave(ctx context.Context, tx *postgres.Tx, accountID int64) error {
	args := postgres.Args{"id": accountID, "actor": tx.Actor.ID}
	for _, sql := range []string{
		`delete from account_identity where account_id = @id`,
		`delete from account_device where account_id = @id`,
		`update stand_in set ended_by = @actor, ended_at = @now where (account_id = @id or for_account = @id) and ended_at is null and until >= @today`,
	} {
		if _, err := tx.Do(ctx, sql, args); err != nil {
			return err
		}
	}
	for _, purpose := range []Purpose{Invitation, ResetLink, SignInLink} {
		if err := voidLinks(ctx, tx, accountID, purpose); err != nil {
			return err
		}
	}
	if err := endMemberships(ctx, tx, accountID); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, accountID, ""); err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, left{AccountID: accountID})
}

// afterLeaving ends invitations to sections of plans, and tells those who say who works with a child. It
// runs as the program, which sees restricted records too.
func (s *Service) afterLeaving(ctx context.Context, due left) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		args := postgres.Args{"id": due.AccountID, "system": access.System.ID}
		ended, err := postgres.GetValue[bool](ctx, tx, `select state = 'ended' from account where id = @id for update`, args)
		if err != nil || !ended {
			return err // invited back already
		}
		if _, err := tx.Do(ctx, `update pep_invitation set ended_by = @system, ended_at = @now where account_id = @id and ended_at is null`, args); err != nil {
			return err
		}
		waits, err := postgres.GetValue[bool](ctx, tx, `select exists (select from allocation where account_id = @id and (upper(period) is null or upper(period) > @today))
			or exists (select from account_setting m where m.account_id = @id and m.post = 'designated_teacher' and upper(m.period) >= @today
				and not exists (select from account_setting o join account a on a.id = o.account_id and a.state = 'active'
					where o.setting_id = m.setting_id and o.post = 'designated_teacher' and o.period @> (@today::date + 1)))`, args)
		if err != nil || !waits {
			return err
		}
		heads, err := postgres.ListValues[int64](ctx, tx, `select id from account where state = 'active' and role in ('head', 'lead_advisor') order by id`, nil)
		if err != nil {
			return err
		}
		for _, head := range heads {
			if err := job.Notify(ctx, tx, job.Notice{AccountID: head, Subject: "Somebody has left, and their work waits",
				Words: "An account has ended whose person worked with children, or was the only designated teacher of a school. See what waits, and give it to somebody else:",
				Path:  fmt.Sprintf("/admin/accounts/%d", due.AccountID)}); err != nil {
				return err
			}
		}
		return nil
	})
}
