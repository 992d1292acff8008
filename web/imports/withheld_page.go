package imports

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// withheldRoutes are the pages of rows that were left out, for those who answer for restricted records.
func withheldRoutes(rt *kit.Router, p *Pages) {
	rt.Get("/imports/withheld", access.RestrictChild, p.withheld)
	rt.Post("/imports/withheld/{withheldID}", access.RestrictChild, p.seeWithheld)
}

type withheldView struct {
	Form *kit.Form
	Rows []intake.Withheld
	Sent int64 // the row whose form came back
}

// field is what a row's words are called: each has a form of its own on the page.
func (v withheldView) field(row intake.Withheld) string { return withheldField(row.ID) }

func withheldField(id int64) string { return fmt.Sprintf("words_%d", id) }

func (p *Pages) withheld(w http.ResponseWriter, r *http.Request) error {
	return p.showWithheld(w, r, kit.NewForm(nil), 0)
}

func (p *Pages) seeWithheld(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "withheldID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	words := form.Text(withheldField(id), "What you did about it", 1000)
	if err = form.Err(); err == nil {
		err = p.Intake.SeeWithheld(r.Context(), kit.Actor(r), id, words)
	}
	if form.Refuses(err) {
		form.Rename("words", withheldField(id))
		return p.showWithheld(w, r, form, id)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/imports/withheld", "Saved.")
}

func (p *Pages) showWithheld(w http.ResponseWriter, r *http.Request, form *kit.Form, sent int64) error {
	view := withheldView{Form: form, Sent: sent}
	var batch postgres.Batch
	intake.QueueWithheld(&batch, &view.Rows)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	var children []int64
	for _, row := range view.Rows {
		children = append(children, row.ChildID)
	}
	if err := p.Kit.Looked(r, "rows of files that were left out", children); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Rows about restricted records", Back: "/", Form: form}, withheldPage(view))
}
