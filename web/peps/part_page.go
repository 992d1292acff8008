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
	planView
	Part    pep.Part
	Title   string
	Form    *kit.Form // nil: to be read only
	Full    bool      // the fields need the whole width
	Trouble trouble
}

// trouble is why what was typed could not be saved, though no field is wrong.
type trouble struct {
	Collision *pep.Collision
	Words     string
}

func (t trouble) status() int {
	if t.Collision != nil || t.Words != "" {
		return http.StatusConflict
	}
	return 0
}

// open reads the plan for a page about one part. With no form yet, fill makes one for those who
// write the part; what somebody has typed is always shown again, whatever the plan's state.
func (p *Pages) open(r *http.Request, part pep.Part, form *kit.Form, t trouble, more *postgres.Batch) (partView, error) {
	plan, err := p.view(r, "PEP "+string(part), more)
	v := partView{planView: plan, Part: part, Title: part.Title(), Form: form, Trouble: t}
	if err == nil && form == nil && v.Whole.MayWrite(v.Actor, part) {
		v.Form = kit.NewForm(nil)
		v.Form.SetVersion(v.Whole.Part(part).Version)
	}
	return v, err
}

func (p *Pages) showPart(w http.ResponseWriter, r *http.Request, v partView, content templ.Component) error {
	page := kit.Page{Title: v.Title, Back: v.Path, Form: v.Form, Status: v.Trouble.status(), Wide: v.Part == pep.PartTargets}
	return p.Kit.Show(w, r, page, content)
}

// firstVersion is that of a part nobody has saved.
const firstVersion = 1

// kept is saved for a form that may have come empty: where nothing was there before either, nothing
// was saved, and the reader is told so.
func (p *Pages) kept(w http.ResponseWriter, r *http.Request, form *kit.Form, empty bool, err error, show func(*kit.Form, trouble) error) error {
	ref, wrong := refOf(r)
	if err != nil || wrong != nil || !empty || form.Version() > firstVersion {
		return p.saved(w, r, form, err, show)
	}
	p.Kit.Tell(r.Context(), "Nothing was written, so nothing was saved.")
	return p.Kit.Done(w, r, planPath(ref), "")
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
		return p.Kit.Done(w, r, planPath(ref), "Saved")
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

// adding finds how many rows of a repeated group were sent, told by a field that each has, and
// makes room for one more when the button "Add another" was pressed; it says whether it was.
func adding(form *kit.Form, field string, most int) bool {
	sent := 0
	for n := range most {
		if len(form.All(kit.Row(field, n))) > 0 {
			sent = n + 1
		}
	}
	add := form.Value("add") != ""
	if add {
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
