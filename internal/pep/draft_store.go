package pep

import (
	"context"
	"time"

	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

const draftsSQL = `select d.part, d.account_id, a.name as by, d.page, d.turn, d.base_version, d.saved_at, d.expires_at,
	w.fields is not null and d.account_id <> @actor as left, w.fields
	from pep_draft d join account a on a.id = d.account_id
	left join pep_draft_words w on w.pep_id = d.pep_id and w.part = d.part and w.account_id = d.account_id
	where d.pep_id = @pep and d.child_id = @child and d.expires_at > @now
	order by d.saved_at desc, d.account_id`

// QueueDrafts queues the unsaved words in a plan: the actor's own, and who else has some.
func QueueDrafts(batch *postgres.Batch, into *Drafts, ref Ref, actorID int64) {
	postgres.Many(batch, (*[]Unsaved)(into), draftsSQL, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "actor": actorID})
}

func loadDrafts(ctx context.Context, tx *postgres.Tx, ref Ref) (Drafts, error) {
	return postgres.List[Unsaved](ctx, tx, draftsSQL, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "actor": tx.Actor.ID})
}

func draftArgs(tx *postgres.Tx, ref Ref, part Part) postgres.Args {
	return postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "part": part, "by": tx.Actor.ID}
}

// keepDraft writes the actor's draft unless the one that is there comes from another page, which is
// a Conflict, or was sent later by the same.
func keepDraft(ctx context.Context, tx *postgres.Tx, ref Ref, in DraftInput, fields map[string][]string, expires time.Time) error {
	args := draftArgs(tx, ref, in.Part)
	args["page"], args["from"], args["turn"], args["version"], args["expires"], args["fields"] = in.Page, in.From, in.Turn, in.BaseVersion, expires, fields
	written, err := tx.Do(ctx, `insert into pep_draft as d (pep_id, child_id, part, account_id, page, turn, base_version, saved_at, expires_at)
		values (@pep, @child, @part, @by, @page, @turn, @version, @now, @expires)
		on conflict (pep_id, part, account_id) do update set page = excluded.page, turn = excluded.turn, base_version = excluded.base_version,
			saved_at = excluded.saved_at, expires_at = excluded.expires_at
		where d.page = @page and d.turn <= @turn or d.page <> @page and d.page = @from or d.expires_at <= @now`, args)
	if err != nil {
		return err
	}
	if written == 0 {
		page, err := postgres.GetValue[string](ctx, tx, `select page from pep_draft where pep_id = @pep and part = @part and account_id = @by`, args)
		if err == nil && page != in.Page {
			return fault.Conflict("You are writing this part in another window or on another device as well, and the words there are kept. Copy what you typed here, or save it.")
		}
		return err
	}
	_, err = tx.Do(ctx, `insert into pep_draft_words (pep_id, child_id, part, account_id, fields) values (@pep, @child, @part, @by, @fields)
		on conflict (pep_id, part, account_id) do update set fields = excluded.fields, handed_over = false`, args)
	return err
}

// dropDraft deletes the actor's own draft of a part, if there is one.
func dropDraft(ctx context.Context, tx *postgres.Tx, ref Ref, part Part) error {
	_, err := tx.Do(ctx, `delete from pep_draft where pep_id = @pep and child_id = @child and part = @part and account_id = @by`, draftArgs(tx, ref, part))
	return err
}

func handOverDraft(ctx context.Context, tx *postgres.Tx, ref Ref, part Part) error {
	return tx.DoOne(ctx, `update pep_draft_words set handed_over = true where pep_id = @pep and child_id = @child and part = @part and account_id = @by`,
		draftArgs(tx, ref, part))
}

// takeDraft makes a draft the actor's own, as it was typed. One of theirs that has expired makes way.
func takeDraft(ctx context.Context, tx *postgres.Tx, ref Ref, left Unsaved) error {
	if err := dropDraft(ctx, tx, ref, left.Part); err != nil {
		return err
	}
	args := draftArgs(tx, ref, left.Part)
	args["page"], args["turn"], args["version"], args["expires"], args["fields"], args["from"] = left.Page, left.Turn, left.BaseVersion, left.ExpiresAt, left.Fields, left.AccountID
	for _, sql := range []string{
		`insert into pep_draft (pep_id, child_id, part, account_id, page, turn, base_version, saved_at, expires_at)
			values (@pep, @child, @part, @by, @page, @turn, @version, @now, @expires)`,
		`insert into pep_draft_words (pep_id, child_id, part, account_id, fields) values (@pep, @child, @part, @by, @fields)`,
		`delete from pep_draft where pep_id = @pep and part = @part and account_id = @from`,
	} {
		if err := tx.DoOne(ctx, sql, args); err != nil {
			return err
		}
	}
	return nil
}

func forgetDrafts(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Do(ctx, `delete from pep_draft where expires_at <= @now`, nil)
	return err
}
