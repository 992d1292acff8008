package paper

import (
	"context"
	"virtualschool/web/peps"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Papers is one document of many plans, each as its own page prints it, read as the actor in one round
// trip. The looks at the children are written under the name of a screen. A plan that the actor may not
// see fails it with NotFound.
func (p *Pages) Papers(ctx context.Context, actor access.Actor, refs []pep.Ref, screen string) (pdf.Document, error) {
	var batch postgres.Batch
	wholes := make([]func() pep.Whole, len(refs))
	strips := make([]func(calendar.Date) ui.IdentityStripProps, len(refs))
	children := make([]int64, len(refs))
	wishes := make([][]voice.Wish, len(refs))
	said := make([][]rights.Correction, len(refs))
	for n, ref := range refs {
		children[n] = ref.ChildID
		strips[n] = p.Kit.Header(&batch, ref.ChildID)
		voice.QueueOfChild(&batch, &wishes[n], ref.ChildID)
		rights.QueueCorrections(&batch, &said[n], ref.ChildID)
		wholes[n] = pep.QueueWhole(&batch, p.PEPs.Forms, ref)
	}
	audit.LookMany(ctx, &batch, actor, children, screen)
	if err := p.Kit.DB.View(ctx, actor, &batch); err != nil {
		return pdf.Document{}, err
	}
	today := p.Kit.Today()
	sheets := make([]kit.Sheet, len(refs))
	for n := range refs {
		v := peps.PlanView{Strip: strips[n](today), Whole: wholes[n](), Actor: actor, Today: today}
		sheets[n] = p.onPaper(v, wishes[n], said[n]).sheet()
	}
	return p.Kit.Site.Document(ctx, "Personal Education Plans", sheets...)
}
