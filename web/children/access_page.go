package children

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type accessView struct {
	Strip    ui.IdentityStripProps
	Path     string
	Is       *child.Restricted // nil: open to everybody related to the child
	Sight    []child.Sight
	Blocks   []child.Block
	MayBlock bool
	Openings []breakglass.Opening
	Looks    []audit.SeenLook
	Changes  []audit.SeenChange
}

func (p *Pages) access(w http.ResponseWriter, r *http.Request) error {
	view := accessView{Path: childPath(r), MayBlock: access.Can(kit.Actor(r), access.RestrictChild)}
	var batch postgres.Batch
	child.QueueRestricted(&batch, &view.Is, kit.ChildID(r))
	child.QueueSight(&batch, &view.Sight, kit.ChildID(r))
	child.QueueBlocks(&batch, &view.Blocks, kit.ChildID(r))
	breakglass.QueueOf(&batch, &view.Openings, kit.ChildID(r))
	audit.QueueLooks(&batch, &view.Looks, kit.ChildID(r), 200)
	audit.QueueChanges(&batch, &view.Changes, kit.ChildID(r), 200)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "access", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Who sees this record", Back: childPath(r)}, accessPage(view))
}
