package peps

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// partView is one part of a plan on a page of its own.
type partView struct {
	PlanView
	Part    pep.Part
	Title   string
	Form    *kit.Form // nil: to be read only
	Full    bool      // the fields need the whole width
	Trouble trouble
	// Draft is what the reader had typed here and not saved, which is what the form shows; nil: nothing.
	Draft *pep.Unsaved
	// Since is what was saved after the draft was begun, beside it; for a part that can no longer be
	// written, what was typed in vain.
	Since  *pep.Collision
	Others pep.Drafts // unsaved words of other people
}

// partForm is what the pages about parts do differently: how their fields are filled and read.
type partForm struct {
	Part    pep.Part
	Fill    func(v partView, form *kit.Form)                // with what is saved
	Against func(v partView, form *kit.Form) *pep.Collision // what is typed with what is saved; nil: the same
	Row     string                                          // a field that each row of a repeated group has
	Most    int                                             // rows
}

// trouble is why what was typed could not be saved, though no field is wrong.
type trouble struct {
	Collision *pep.Collision
	Words     string
}

// exit is where the page leads back to: the plan, or home for somebody who was only invited to the part.
func (v PlanView) exit() string {
	if !v.Whole.Related {
		return "/"
	}
	return v.Path
}

// exitOf is exit for somebody who sent a form.
func exitOf(r *http.Request, ref pep.Ref) string {
	if kit.Guest(r) {
		return "/"
	}
	return planPath(ref)
}

func (v PlanView) exitWords() string {
	if !v.Whole.Related {
		return "Back to your home page without saving"
	}
	return "Back to the plan without saving"
}

func (t trouble) status() int {
	if t.Collision != nil || t.Words != "" {
		return http.StatusConflict
	}
	return 0
}

// open reads the plan for a page about one part. With no form yet, it makes one for those who write
// the part, with the words they had not saved or else with what is saved; what somebody has just
// sent is always shown again, whatever the plan's state.
func (p *Pages) open(r *http.Request, page partForm, form *kit.Form, t trouble, more *postgres.Batch) (partView, error) {
	ref, err := refOf(r)
	if err != nil {
		return partView{}, err
	}
	var drafts pep.Drafts
	var batch postgres.Batch
	pep.QueueDrafts(&batch, &drafts, ref, kit.Actor(r).ID)
	batch.Append(more)
	plan, err := p.Read(r, "PEP "+string(page.Part), &batch)
	if err != nil {
		return partView{}, err
	}
	v := partView{PlanView: plan, Part: page.Part, Title: page.Part.Title(), Form: form, Trouble: t}
	writes, own := v.Whole.MayWrite(v.Actor, page.Part), drafts.Own(v.Actor, page.Part)
	if writes {
		v.Others = drafts.Others(v.Actor, page.Part)
	}
	switch {
	case form != nil && own != nil:
		form.Kept(own.Page, own.Turn)
	case form == nil && writes:
		v.Form = kit.NewForm(nil)
		v.Form.SetVersion(v.Whole.Part(page.Part).Version)
		page.Fill(v, v.Form)
		v.recall(page, own)
	case form == nil && own != nil:
		v.Since = page.Against(v, page.typed(own))
	}
	return v, nil
}

// recall puts the reader's unsaved words into the form, unless they say what is saved.
func (v *partView) recall(page partForm, own *pep.Unsaved) {
	if own == nil {
		return
	}
	typed := page.typed(own)
	differs := page.Against(*v, typed)
	if differs == nil && typed.Err() == nil {
		v.Form.Kept(own.Page, own.Turn)
		return
	}
	v.Draft = own
	page.restore(v.Form, own)
	if own.BaseVersion < v.Whole.Part(page.Part).Version {
		v.Since = differs
	}
}

// typed is a form with the words of a draft, to be read and not shown.
func (page partForm) typed(own *pep.Unsaved) *kit.Form {
	form := kit.NewForm(nil)
	page.restore(form, own)
	return form
}

func (page partForm) restore(form *kit.Form, own *pep.Unsaved) {
	form.Restore(own.Fields, own.Page, own.Turn)
	if page.Row != "" {
		form.Set("rows", strconv.Itoa(rowsSent(form, page.Row, page.Most)))
	}
}

func (p *Pages) showPart(w http.ResponseWriter, r *http.Request, v partView, content templ.Component) error {
	page := kit.Page{Title: v.Title, Back: v.exit(), Form: v.Form, Status: v.Trouble.status(), Wide: v.Part == pep.PartTargets}
	return p.Kit.Show(w, r, page, content)
}

// firstVersion is that of a part nobody has saved.
const firstVersion = 1

// kept is saved for a form that may have come empty: where nothing was there before either, nothing
// was saved, and the reader is told so.
func (p *Pages) kept(w http.ResponseWriter, r *http.Request, part pep.Part, form *kit.Form, empty bool, err error, show func(*kit.Form, trouble) error) error {
	ref, wrong := refOf(r)
	if err != nil || wrong != nil || !empty || form.Version() > firstVersion {
		return p.savedPart(w, r, part, form, err, show)
	}
	p.Kit.Tell(r.Context(), "Nothing was written, so nothing was saved.")
	return p.Kit.Done(w, r, exitOf(r, ref), "")
}

// savedPart is saved for a part's own form, which is kept as a draft as well when it comes back.
func (p *Pages) savedPart(w http.ResponseWriter, r *http.Request, part pep.Part, form *kit.Form, err error, show func(*kit.Form, trouble) error) error {
	typed := draftOf(part, form)
	return p.saved(w, r, form, err, func(form *kit.Form, t trouble) error {
		p.keep(r, typed)
		return show(form, t)
	})
}

// saved answers a form about a part: on to the plan, or back to the form with what is wrong, with
// both texts, or with why it is too late.
func (p *Pages) saved(w http.ResponseWriter, r *http.Request, form *kit.Form, err error, show func(*kit.Form, trouble) error) error {
	var collision *pep.Collision
	switch {
	case err == nil:
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		return p.Kit.Done(w, r, exitOf(r, ref), "Saved")
	case form.Refuses(err):
		return show(form, trouble{})
	case errors.As(err, &collision):
		form.Overtaken(collision.Version)
		return show(form, trouble{Collision: collision})
	case errors.Is(err, fault.KindConflict):
		return show(form, trouble{Words: fault.Words(err)})
	}
	return err
}

// rowsSent is how many rows of a repeated group were sent, told by a field that each has.
func rowsSent(form *kit.Form, field string, most int) int {
	sent := 0
	for n := range most {
		if len(form.All(kit.Row(field, n))) > 0 {
			sent = n + 1
		}
	}
	return sent
}

// adding finds how many rows were sent, and makes room for one more when the button "Add another"
// was pressed; it says whether it was. What was typed so far is kept as a draft.
func (p *Pages) adding(r *http.Request, part pep.Part, form *kit.Form, field string, most int) bool {
	sent := rowsSent(form, field, most)
	add := form.Value("add") != ""
	if add {
		p.keep(r, draftOf(part, form))
		form.Renew()
		sent = min(sent+1, most)
	}
	form.Set("rows", strconv.Itoa(sent))
	return add
}

// rowsOf is how many rows of a repeated group the page shows.
func rowsOf(form *kit.Form) int {
	rows, err := strconv.Atoi(form.Value("rows"))
	if err != nil {
		return 0
	}
	return rows
}

func setRows(form *kit.Form, filled, least, most int) {
	form.Set("rows", strconv.Itoa(min(max(filled+1, least), most)))
}

// blank says whether nothing was typed in a row of a repeated group.
func blank(form *kit.Form, row int, fields ...string) bool {
	return !slices.ContainsFunc(fields, func(name string) bool { return strings.TrimSpace(form.Value(kit.Row(name, row))) != "" })
}

// dateFields are the boxes of a date in a row.
func dateFields(name string, row int) []string {
	at := kit.Row(name, row)
	return []string{at + "-day", at + "-month", at + "-year"}
}

func dated(form *kit.Form, name string, row int) bool {
	return slices.ContainsFunc(dateFields(name, row), func(box string) bool { return strings.TrimSpace(form.Value(box)) != "" })
}

// inRows moves a service's problems, which count only the rows that were filled in, to the rows of
// the page.
func inRows(err error, rows []int) error {
	found := fault.Of(err)
	if found == nil {
		return err
	}
	var moved fault.Problems
	for _, problem := range found {
		name, number, numbered := strings.Cut(problem.Field, "-")
		if n, wrong := strconv.Atoi(number); numbered && wrong == nil && n < len(rows) {
			problem.Field = kit.Row(name, rows[n])
		}
		moved.Add(problem.Field, problem.Text)
	}
	return moved.Err()
}
