package children

import (
	"fmt"
	"net/http"

	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type blocksView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Action string
	People []child.Choice
	Blocks []child.Block
}

func (p *Pages) blocks(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(nil)
	form.SetDate("from", p.Kit.Today())
	return p.showBlocks(w, r, form)
}

func (p *Pages) showBlocks(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := blocksView{Form: form, Action: childPath(r) + "/blocks"}
	var batch postgres.Batch
	child.QueueBlockable(&batch, &view.People, kit.Actor(r))
	child.QueueBlocks(&batch, &view.Blocks, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "people kept from the record", &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "People kept from this record", Back: childPath(r) + "/access", Form: form}, blocksPage(view))
}

func (p *Pages) saveBlock(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	blocking := child.Blocking{AccountID: form.ID("person")}
	if blocking.AccountID == 0 {
		form.Problems.Add("person", "Choose a person from the list")
	}
	blocking.Why = form.Required("why", "Why this person must not see the record", 500)
	blocking.From, blocking.Until = form.Date("from", "First day"), form.OptionalDate("until", "Last day")
	err := form.Err()
	if err == nil {
		err = p.Children.Block(r.Context(), kit.Actor(r), kit.ChildID(r), blocking)
	}
	return p.blocked(w, r, form, err, "Saved. From the first day on that person does not find the record, whatever else they are given.")
}

func (p *Pages) endBlock(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	block := form.ID("block")
	why := form.Required(whyEnd(block), "Why", 500)
	err := form.Err()
	if err == nil {
		err = p.Children.EndBlock(r.Context(), kit.Actor(r), kit.ChildID(r), block, why)
	}
	return p.blocked(w, r, form, err, "Ended. One that began today, or had not begun, holds until midnight.")
}

// whyEnd is the field for why a block ends: each has a form of its own on the page.
func whyEnd(block int64) string { return fmt.Sprintf("why_end_%d", block) }

// blocked answers a form of this page.
func (p *Pages) blocked(w http.ResponseWriter, r *http.Request, form *kit.Form, err error, done string) error {
	if form.Refuses(err) {
		return p.showBlocks(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, childPath(r)+"/blocks", done)
}
