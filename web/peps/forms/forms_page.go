package forms

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"virtualschool/web/peps"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

func (p *Pages) forms(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Forms for plans", Back: "/peps"}, formsPage(p.Forms.Newest()))
}

// formView is one form at one version.
type formView struct {
	Form     forms.Form
	Versions []forms.Form // the newest first
	Blank    *kit.Form    // holds nothing: the questions as they look before anybody answers
}

func (p *Pages) form(w http.ResponseWriter, r *http.Request) error {
	v := formView{Versions: p.Forms.Versions(chi.URLParam(r, "form")), Blank: kit.NewForm(nil)}
	if len(v.Versions) == 0 {
		return fault.NotFound()
	}
	v.Form = v.Versions[0]
	if asked := r.URL.Query().Get("version"); asked != "" {
		version, err := strconv.Atoi(asked)
		form, there := p.Forms.Form(v.Form.Name, version)
		if err != nil || !there {
			return fault.NotFound()
		}
		v.Form = form
	}
	for _, section := range v.Form.Sections {
		for _, q := range section.Questions {
			if q.Type == forms.TypeTable {
				peps.FillTable(v.Blank, q, forms.Answer{})
			}
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Form: " + v.Form.Title, Back: "/peps/forms"}, formPage(v))
}

func formPath(form forms.Form) string { return "/peps/forms/" + form.Name }

func versionWords(form forms.Form) string {
	words := strconv.Itoa(form.Version)
	if form.Own {
		words += ", the council’s own"
	}
	return words
}

func formRows(list []forms.Form) [][]templ.Component {
	var rows [][]templ.Component
	for _, form := range list {
		questions := 0
		for _, section := range form.Sections {
			questions += len(section.Questions)
		}
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: form.Title, Href: formPath(form)}), ui.Text(form.About), ui.Text(forWhom(form)),
			ui.Text(fmt.Sprintf("%d, with %d questions", len(form.Sections), questions)), ui.Text(versionWords(form)),
		})
	}
	return rows
}

// forWhom is for whom the form is suggested, or that it is only chosen.
func forWhom(form forms.Form) string {
	if len(form.SuggestedFor) == 0 {
		return "Nobody; it can be chosen for " + lowerFirst(forms.CasesWords(form.AlsoFor))
	}
	return forms.CasesWords(form.SuggestedFor)
}

func lowerFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToLower(text[:1]) + text[1:]
}

func (v formView) about() []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Suggested for", Value: forWhom(v.Form)}}
	if len(v.Form.SuggestedFor) > 0 && len(v.Form.AlsoFor) > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Can be chosen for", Value: forms.CasesWords(v.Form.AlsoFor)})
	}
	return append(rows, ui.SummaryRow{Key: "Version", Value: versionWords(v.Form)})
}

// sections are the form at a glance: whose each is, and when it is asked.
func (v formView) sections() [][]templ.Component {
	var rows [][]templ.Component
	for _, section := range v.Form.Sections {
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: section.Title, Href: "#section-" + section.Key}), ui.Text(peps.Owners(section, true)),
			ui.TextOr(forms.CasesWords(section.Applies), "Always"), ui.Text(strconv.Itoa(len(section.Questions))),
		})
	}
	return rows
}

// rules are what holds for a question, in words; empty when nothing does.
func rules(q forms.Question) string {
	var list []string
	if when := forms.CasesWords(q.Applies); when != "" {
		list = append(list, "Asked for: "+lowerFirst(when)+".")
	}
	if q.Required {
		list = append(list, "Has to be answered.")
	}
	if from := q.Known.From(); from != "" {
		list = append(list, "Filled in from "+from+".")
	}
	if law := q.Law.Words(); law != "" {
		list = append(list, "Asked by law: "+law+" (Care Planning Regulations 2010, Schedule 1).")
	}
	return strings.Join(list, " ")
}
