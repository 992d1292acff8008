package voice

import (
	"context"
	"time"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// QueueLinks queues the links made for a plan, the newest first.
func QueueLinks(batch *postgres.Batch, into *[]Link, plan pep.Ref) {
	postgres.Many(batch, into, `select l.id, l.reading_level, a.name as made_by, l.made_at, l.expires_at, l.revoked_at, l.used_at
		from voice_link l join account a on a.id = l.made_by where l.pep_id = @pep and l.child_id = @child order by l.id desc`,
		postgres.Args{"pep": plan.PEPID, "child": plan.ChildID})
}

// QueueReplies queues what the young person sent for a plan and the actor may see, the newest first.
func QueueReplies(batch *postgres.Batch, into *[]Reply, plan pep.Ref) {
	postgres.Many(batch, into, `select id, audience, answers, sent_at from voice_reply where pep_id = @pep and child_id = @child order by id desc`,
		postgres.Args{"pep": plan.PEPID, "child": plan.ChildID})
}

// QueuePlanState queues the state of a plan; NotFound for one that is not the child's.
func QueuePlanState(batch *postgres.Batch, into *pep.State, plan pep.Ref) {
	postgres.Value(batch, into, `select state from pep where id = @pep and child_id = @child`, postgres.Args{"pep": plan.PEPID, "child": plan.ChildID})
}

func lockPlan(ctx context.Context, tx *postgres.Tx, plan pep.Ref) (pep.State, error) {
	return postgres.GetValue[pep.State](ctx, tx, `select state from pep where id = @pep and child_id = @child for update`,
		postgres.Args{"pep": plan.PEPID, "child": plan.ChildID})
}

func findLink(ctx context.Context, tx *postgres.Tx, plan pep.Ref, linkID int64) error {
	_, err := postgres.GetValue[int64](ctx, tx, `select id from voice_link where id = @link and pep_id = @pep`, postgres.Args{"link": linkID, "pep": plan.PEPID})
	return err
}

// revokeLinks takes back the plan's links that were not used, or one of them.
func revokeLinks(ctx context.Context, tx *postgres.Tx, plan pep.Ref, only int64) ([]int64, error) {
	return postgres.ListValues[int64](ctx, tx, `update voice_link set revoked_at = @now, revoked_by = @by
		where pep_id = @pep and used_at is null and revoked_at is null and (@only::bigint = 0 or id = @only) returning id`,
		postgres.Args{"pep": plan.PEPID, "by": tx.Actor.ID, "only": only})
}

func insertLink(ctx context.Context, tx *postgres.Tx, plan pep.Ref, level Level, hash string, expires time.Time) (int64, error) {
	return postgres.GetValue[int64](ctx, tx, `insert into voice_link (child_id, pep_id, token_hash, reading_level, made_by, made_at, expires_at)
		values (@child, @pep, @hash, @level, @by, @now, @expires) returning id`,
		postgres.Args{"child": plan.ChildID, "pep": plan.PEPID, "hash": hash, "level": level, "by": tx.Actor.ID, "expires": expires})
}

// foundLink is a link as it is found by its token.
type foundLink struct {
	ID, ChildID, PEPID int64
	ReadingLevel       Level
	UsedKey            string
	Works              bool
}

// workingLink holds the link that a token opens. A link that was used comes with its NotFound, so that
// the form that used it can be told apart.
func workingLink(ctx context.Context, tx *postgres.Tx, token string) (foundLink, error) {
	link, err := postgres.Get[foundLink](ctx, tx, `select l.id, l.child_id, l.pep_id, l.reading_level, coalesce(l.used_key, '') as used_key,
			l.used_at is null and l.revoked_at is null and l.expires_at > @now::timestamptz and p.state in ('draft', 'submitted', 'returned') as works
		from voice_link l join pep p on p.id = l.pep_id where l.token_hash = @hash for update of l`, postgres.Args{"hash": tokenHash(token)})
	if err == nil && !link.Works {
		err = fault.NotFound()
	}
	return link, err
}

func useLink(ctx context.Context, tx *postgres.Tx, linkID int64, key string) error {
	return tx.DoOne(ctx, `update voice_link set used_at = @now, used_key = @key where id = @link and used_at is null and revoked_at is null`,
		postgres.Args{"link": linkID, "key": key})
}

func insertReply(ctx context.Context, tx *postgres.Tx, plan pep.Ref, linkID int64, audience Audience, answers []Given) (int64, error) {
	return postgres.GetValue[int64](ctx, tx, `insert into voice_reply (child_id, pep_id, link_id, audience, answers, sent_at)
		values (@child, @pep, @link, @audience, @answers, @now) returning id`,
		postgres.Args{"child": plan.ChildID, "pep": plan.PEPID, "link": linkID, "audience": audience, "answers": answers})
}

// advisorsOf are the accounts of the child's advisors today, but for one who is kept from the record.
func advisorsOf(ctx context.Context, tx *postgres.Tx, childID int64) ([]int64, error) {
	return postgres.ListValues[int64](ctx, tx, `select a.account_id from allocation a
		where a.child_id = @child and a.part = 'advisor' and a.period @> @today::date
			and not exists (select from child_block b where b.child_id = a.child_id and b.account_id = a.account_id and b.period @> @today::date)
		order by a.account_id`, postgres.Args{"child": childID})
}

// mostTold is how many earlier answers a young person's page shows.
const mostTold = 3

// toldBefore are the newest answers of which the child was told, to wishes that everyone may see.
func toldBefore(ctx context.Context, tx *postgres.Tx, childID int64) ([]YouSaid, error) {
	return postgres.List[YouSaid](ctx, tx, `select w.words as said, a.kind, a.words as answer, a.happens_by
		from wish w join lateral (select * from wish_answer x where x.wish_id = w.id order by x.id desc limit 1) a on a.told_on is not null
		where w.child_id = @child and w.state = 'answered' and w.audience = 'everyone' and a.told_on > @today::date - 365
		order by a.told_on desc, w.id desc limit @most`, postgres.Args{"child": childID, "most": mostTold})
}
