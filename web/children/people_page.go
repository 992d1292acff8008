package children

import (
	"net/http"

	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type peopleView struct {
	Strip   ui.IdentityStripProps
	Form    *kit.Form
	Workers []child.Worker
	People  map[string][]child.Choice // who may play each part
	Action  string
}

func (p *Pages) people(w http.ResponseWriter, r *http.Request) error {
	return p.showPeople(w, r, kit.NewForm(map[string]string{"part": r.URL.Query().Get("part")}))
}

func (p *Pages) savePeople(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	part := form.Choice("part", "What the person does", child.Parts...)
	to := child.Allocation{
		Part:      part,
		AccountID: form.ID("account_" + part),
		From:      form.Date("from", "First day"),
		Until:     form.OptionalDate("until", "Last day of cover"),
		Reason:    form.Text("reason", "Reason", 500),
	}
	err := form.Err()
	if err == nil {
		err = p.Children.Allocate(r.Context(), kit.Actor(r), kit.ChildID(r), to)
	}
	if form.Refuses(err) {
		form.Rename("account", "account_"+part)
		return p.showPeople(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, childPath(r), "The change is saved. Whoever stops loses sight of this record on the same day.")
}

func (p *Pages) showPeople(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := peopleView{Form: form, Action: childPath(r) + "/people", People: map[string][]child.Choice{}}
	var record child.Record
	var batch postgres.Batch
	child.QueueRecord(&batch, &record, kit.ChildID(r), false)
	lists := make([][]child.Choice, len(child.Parts))
	for i, part := range child.Parts {
		child.QueuePeople(&batch, &lists[i], part)
	}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "people", &batch); err != nil {
		return err
	}
	view.Workers = record.Workers
	for i, part := range child.Parts {
		view.People[part] = lists[i]
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Who works with the child", Back: childPath(r), Form: form}, peoplePage(view))
}

type noteView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Action string
}

func (p *Pages) note(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(map[string]string{"third_party": "child"})
	form.SetDate("on", p.Kit.Today())
	return p.showNote(w, r, form)
}

func (p *Pages) saveNote(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	kinds := make([]string, 0, len(child.NoteKinds))
	for _, kind := range child.NoteKinds {
		kinds = append(kinds, kind.Value)
	}
	note := child.Note{
		On:    form.Date("on", "Day"),
		Kind:  form.Choice("kind", "What it was", kinds...),
		Words: form.Required("words", "Note", 10000),
	}
	if third := form.OptionalChoice("third_party", "Whom the note is about", "child", "about", "from"); third != "child" {
		note.ThirdParty = third
	}
	err := form.Err()
	if err == nil {
		err = p.Children.WriteNote(r.Context(), kit.Actor(r), kit.ChildID(r), note)
	}
	if form.Refuses(err) {
		return p.showNote(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, childPath(r), "The note is on the timeline.")
}

func (p *Pages) showNote(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := noteView{Form: form, Action: childPath(r) + "/notes"}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "note", &postgres.Batch{}); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Write a note", Back: childPath(r), Form: form}, notePage(view))
}
