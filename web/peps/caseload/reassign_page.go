package caseload

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// reassignView is children who change hands: first the choice of who takes them on, then what would
// move, then it is done.
type reassignView struct {
	Form     *kit.Form
	Children []pep.FactsRow
	Advisors []child.Choice
	Moves    map[int64]child.Reassigned // by child; nil: nobody is chosen yet
	Trouble  string
}

func (p *Pages) reassign(w http.ResponseWriter, r *http.Request) error {
	children, err := p.chosen(r, r.URL.Query())
	if err != nil {
		return err
	}
	form := kit.NewForm(nil)
	form.SetDate("from", p.Kit.Today())
	return p.showReassign(w, r, reassignView{Form: form}, children)
}

func (p *Pages) showReassign(w http.ResponseWriter, r *http.Request, v reassignView, children []int64) error {
	var batch postgres.Batch
	child.QueuePeople(&batch, &v.Advisors, "advisor")
	if len(children) > 0 {
		pep.QueueFactsWhere(&batch, &v.Children, pep.Narrow{Children: children})
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	rows := make([]row, len(v.Children))
	for n, one := range v.Children {
		rows[n] = row{FactsRow: one}
	}
	if err := p.looked(r, rows, "children to be reassigned", nil); err != nil {
		return err
	}
	page := kit.Page{Title: "Give another advisor", Back: "/peps", Form: v.Form, Wide: true}
	if v.Trouble != "" {
		page.Status = http.StatusConflict
	}
	return p.Kit.Show(w, r, page, reassignPage(v))
}

// doReassign shows what would move and, once that was shown, does it: all of it or nothing.
func (p *Pages) doReassign(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	children, err := p.chosen(r, url.Values{"child": form.All("child")})
	if err != nil {
		return err
	}
	to := child.Allocation{Part: "advisor", AccountID: form.ID("account"), From: form.Date("from", "The first day")}
	v := reassignView{Form: form}
	if form.Err() != nil {
		return p.showReassign(w, r, v, children)
	}
	if form.Value("confirmed") != "" {
		err = p.Children.Reassign(r.Context(), kit.Actor(r), children, to)
		if err == nil {
			return p.Kit.Done(w, r, "/peps?advisor="+strconv.FormatInt(to.AccountID, 10), ui.Plural(len(children), "child has", "children have")+" another advisor from "+to.From.Words()+".")
		}
		if errors.Is(err, fault.KindConflict) {
			v.Trouble = fault.Words(err)
		} else if !form.Refuses(err) {
			return err
		}
	}
	moves, err := p.Children.PreviewReassign(r.Context(), kit.Actor(r), children, to)
	if form.Refuses(err) {
		return p.showReassign(w, r, v, children)
	}
	if err != nil {
		return err
	}
	form.Renew()
	v.Moves = map[int64]child.Reassigned{}
	for _, move := range moves {
		v.Moves[move.ChildID] = move
	}
	return p.showReassign(w, r, v, children)
}

// stuck is how many of the children cannot be given so.
func (v reassignView) stuck() (n int) {
	for _, move := range v.Moves {
		if move.Problem != "" {
			n++
		}
	}
	return n
}

// movable are those who can.
func (v reassignView) movable() (ids []int64) {
	for _, one := range v.Children {
		if v.Moves == nil || v.Moves[one.ChildID].Problem == "" {
			ids = append(ids, one.ChildID)
		}
	}
	return ids
}

func (v reassignView) to() string {
	for _, person := range v.Advisors {
		if person.ID == v.Form.ID("account") {
			return person.Name
		}
	}
	return ""
}
