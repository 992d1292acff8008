package years

import (
	"net/http"

	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

func (p *Pages) retained(w http.ResponseWriter, r *http.Request) error {
	return p.showRetained(w, r, nil, false)
}

func (p *Pages) saveRetained(w http.ResponseWriter, r *http.Request) error {
	y, err := whichOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	lines, typed := readLines(form)
	if err = form.Err(); err == nil {
		err = p.Years.PlanRetained(r.Context(), kit.Actor(r), y.Stream, y.Year, form.Version(), lines)
	}
	switch {
	case form.Refuses(err):
		// The service counts the lines it was given; the page also has empty ones.
		for i := len(typed) - 1; i >= 0; i-- {
			form.Rename(kit.Row("name", i), kit.Row("name", typed[i]))
			form.Rename(kit.Row("amount", i), kit.Row("amount", typed[i]))
		}
		form.Rename("lines", kit.Row("name", 0))
		return p.showRetained(w, r, form, false)
	case overtaken(err):
		return p.showRetained(w, r, form, true)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, y.Path()+"#retained", "The retained share is saved.")
}

// readLines are the lines of which something was typed, and their places on the page.
func readLines(form *kit.Form) (lines []year.Line, typed []int) {
	for i := range year.MostLines {
		name, amount := kit.Row("name", i), kit.Row("amount", i)
		if form.Value(name) == "" && form.Value(amount) == "" {
			continue
		}
		lines = append(lines, year.Line{Name: form.Required(name, "What it is for", 200), Planned: form.Money(amount, "The sum for this purpose")})
		typed = append(typed, i)
	}
	return lines, typed
}

func (p *Pages) showRetained(w http.ResponseWriter, r *http.Request, form *kit.Form, conflict bool) error {
	view, err := p.load(r)
	if err != nil {
		return err
	}
	view.Form, view.Conflict = form, conflict
	if form == nil {
		view.Form = kit.NewForm(nil)
		view.Form.SetVersion(view.Position.Version)
		for i, purpose := range view.Purposes {
			view.Form.Set(kit.Row("name", i), purpose.Name)
			view.Form.Set(kit.Row("amount", i), purpose.Planned.Plain())
		}
	}
	if conflict {
		view.Form.Overtaken(view.Position.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Retained share, " + view.title(), Trail: view.trail(), Form: view.Form}, retainedPage(view))
}

// lines is how many the page shows: those in use and two more.
func (v yearView) lines() int {
	used := len(v.Purposes)
	for i := range year.MostLines {
		if v.Form.Value(kit.Row("name", i))+v.Form.Value(kit.Row("amount", i)) != "" {
			used = max(used, i+1)
		}
	}
	return min(used+2, year.MostLines)
}

// spentOn says what was spent on the purpose that a line names.
func (v yearView) spentOn(name string) string {
	for _, purpose := range v.Purposes {
		if purpose.Name == name && purpose.Spent > 0 {
			return purpose.Spent.String() + " of it is spent"
		}
	}
	return ""
}

func (v yearView) savedPurposes() []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, purpose := range v.Purposes {
		rows = append(rows, ui.SummaryRow{Key: purpose.Name, Value: purpose.Planned.String() + " saved now"})
	}
	return rows
}
