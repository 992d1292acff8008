package pep

import (
	"context"

	"virtualschool/internal/audit"
	"virtualschool/internal/postgres"
)

// TakeVoice puts what a child said for themselves into a plan that has none of the child's words yet
// and is still being written. It says whether it did: words that somebody has taken down stay. It is a
// step of a caller's transaction, for what no person types into the plan; people use SaveVoice.
func TakeVoice(ctx context.Context, tx *postgres.Tx, ref Ref, said Voice) (bool, error) {
	type standing struct {
		State   State
		Taken   bool
		Version int
	}
	plan, err := postgres.Get[standing](ctx, tx, `select p.state, p.voice_how is not null or p.voice_words is not null as taken,
			coalesce((select version from pep_section where pep_id = p.id and section = @part), 1) as version
		from pep p where p.id = @pep and p.child_id = @child for update of p`, postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "part": PartVoice})
	if err != nil || plan.Taken || !plan.State.Editable() {
		return false, err
	}
	if err := touchPart(ctx, tx, ref, PartVoice, plan.Version, said.Captured()); err != nil {
		return false, err
	}
	if err := writeVoice(ctx, tx, ref, said); err != nil {
		return false, err
	}
	after := map[string]string{}
	for _, one := range said.lines() {
		after[one.label] = one.text
	}
	return true, audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "completed " + string(PartVoice), After: after})
}
