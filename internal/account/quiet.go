package account

import (
	"context"
	"fmt"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// Quiet is an account that nobody has signed in to for long.
type Quiet struct {
	ID         int64
	Name       string
	Email      string
	Role       access.Role
	State      State
	Settings   string
	CreatedAt  time.Time
	SignedInAt *time.Time // nil: never
}

// mostQuiet is the most that one page lists, longest first.
const mostQuiet = 300

// QueueQuiet queues the accounts that nobody has signed in to for as many days as the policy
// account.quiet_days says, the longest first; one never signed in to counts from when it was made.
func QueueQuiet(batch *postgres.Batch, into *[]Quiet) {
	postgres.Many(batch, into, `select a.id, a.name, a.email, a.role, a.state, a.created_at, a.signed_in_at,
			coalesce((select string_agg(s.name, ', ' order by s.name) from account_setting m join setting s on s.id = m.setting_id
				where m.account_id = a.id and m.period @> @today::date), '') as settings
		from account a
		where a.state <> 'ended' and a.role <> 'service' and coalesce(a.signed_in_at, a.created_at) <= @now::timestamptz - make_interval(days => coalesce(
			(select (value #>> '{}')::int from policy_value where key = @key and valid @> @today::date), @usual::int))
		order by coalesce(a.signed_in_at, a.created_at), a.id limit @most`,
		postgres.Args{"key": policy.AccountQuietDays, "usual": (policy.Values{}).AccountQuietDays(), "most": mostQuiet})
}

// EndMany ends several accounts for one reason, all of them or none. Nobody ends their own. Problems are
// about "account" and "reason".
func (s *Service) EndMany(ctx context.Context, actor access.Actor, ids []int64, reason string) error {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return err
	}
	var problems fault.Problems
	if len(ids) == 0 {
		problems.Add("account", "Choose whose accounts end")
	}
	if len(ids) > mostQuiet {
		problems.Addf("account", "Choose %d or fewer at a time", mostQuiet)
	}
	if reason == "" {
		problems.Add("reason", "Say why these accounts end")
	}
	if err := problems.Err(); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		for _, id := range ids {
			person, err := lock(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := s.endAccount(ctx, tx, person); err != nil {
				return fmt.Errorf("account %d: %w", id, err)
			}
			if err := audit.Change(ctx, tx, entry(id, "why it ended", nil, reason)); err != nil {
				return err
			}
		}
		return nil
	})
}
