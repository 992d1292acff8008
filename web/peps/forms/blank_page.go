package forms

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
	"virtualschool/web/kit"
)

// blankView is a form to be filled in with a pen.
type blankView struct {
	Form      forms.Form
	Authority string
}

// blankOf is the newest version of the form that the address names.
func (p *Pages) blankOf(r *http.Request) (blankView, error) {
	if form, there := p.Forms.NewestOf(chi.URLParam(r, "form")); there {
		return blankView{form, p.Kit.Site.Authority}, nil
	}
	return blankView{}, fault.NotFound()
}

func BlankPath(form forms.Form) string { return "/peps/forms/" + form.Name + "/blank" }

// blank is an empty form as a page to be printed. It is about no child.
func (p *Pages) blank(w http.ResponseWriter, r *http.Request) error {
	v, err := p.blankOf(r)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Blank form: " + v.Form.Title, Back: "/peps", Print: true}, blankPage(v, p.Kit.OfferPDF(BlankPath(v.Form)+".pdf")))
}

// blankPDF is an empty form as a file.
func (p *Pages) blankPDF(w http.ResponseWriter, r *http.Request) error {
	v, err := p.blankOf(r)
	if err != nil {
		return err
	}
	return p.Kit.SendPDF(w, r, BlankPath(v.Form), "Personal Education Plan: "+v.Form.Title, "personal-education-plan-"+v.Form.Name+"-blank.pdf",
		kit.Sheet{Foot: "Personal Education Plan · " + v.Form.Title, Content: blankPaper(v)})
}

// linesFor is how many lines an answer is given, by how long it may be.
func linesFor(limit int) int {
	switch {
	case limit <= 200:
		return 1
	case limit <= 1000:
		return 3
	}
	return 4
}

// blankRows is how many empty rows a table is given.
func blankRows(q forms.Question) int { return min(max(q.Least, 4), max(q.Most, 1)) }

// empty is as many empty cells, or rows, as are wanted.
func empty(n int) []string { return make([]string, n) }

// gradesOf says which grades a column takes, where it takes no others.
func gradesOf(q forms.Question) []string {
	var hints []string
	for _, column := range q.Columns {
		if len(column.Options) > 0 {
			hints = append(hints, column.Title+": "+strings.Join(column.Options, ", "))
		}
	}
	return hints
}

// yesOrNo are the boxes of a question that asks for details with one of its answers.
var yesOrNo = []forms.Choice{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No"}}

// blankTargets and the other numbers are the room that a blank form has for the typed parts.
const (
	blankPeople  = 7
	blankTargets = 3
	blankActions = 6
)
