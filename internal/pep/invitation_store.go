package pep

import (
	"context"

	"virtualschool/internal/postgres"
)

// invitingRow is what inviting to a plan asks of it.
type invitingRow struct {
	Restricted bool
	Live       int
	SettingID  int64 // where the child is on roll and the actor belongs; 0: nowhere
}

const invitingSQL = `select exists (select from restriction where child_id = @child and period @> @today::date) as restricted,
	(select count(*) from pep_invitation where pep_id = @pep and ended_at is null and until >= @today::date)::int as live,
	coalesce((select r.setting_id from roll r join account_setting m on m.setting_id = r.setting_id and m.period @> @today::date
		where r.child_id = @child and r.period @> @today::date and m.account_id = nullif(current_setting('app.actor', true), '')::bigint
		order by r.kind desc, r.setting_id limit 1), 0) as setting_id`

// invitationSQL is the invitations to a section that nobody has withdrawn. An invited person sees their own.
const invitationSQL = `select i.id, i.section, i.account_id, a.name, a.email, a.state, b.name as invited_by, i.invited_by as invited_by_id,
		i.invited_at, i.until, i.note, i.known
	from pep_invitation i join account a on a.id = i.account_id join account b on b.id = i.invited_by
	where i.pep_id = @pep and i.child_id = @child and i.section = @section and i.ended_at is null`

// QueueInvitations queues the invitations to a section, the last day first. Somebody who is only invited
// finds their own there.
func QueueInvitations(batch *postgres.Batch, into *[]Invitation, ref Ref, section string) {
	postgres.Many(batch, into, invitationSQL+` order by i.until, i.id`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "section": section})
}

func insertInvitation(ctx context.Context, tx *postgres.Tx, ref Ref, i Invitation, setting int64) (int64, error) {
	return postgres.GetValue[int64](ctx, tx, `insert into pep_invitation (pep_id, child_id, section, account_id, setting_id, invited_by, invited_at, until, note, known)
		values (@pep, @child, @section, @account, nullif(@setting::bigint, 0), @by, @now, @until::date, @note, @known::jsonb) returning id`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "section": i.Section, "account": i.AccountID, "setting": setting,
			"by": tx.Actor.ID, "until": i.Until, "note": i.Note, "known": i.Known})
}
