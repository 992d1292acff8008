package children

import (
	"net/http"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type schoolView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Rolls  []child.Roll
	Found  []setting.Found
	Look   string // what was looked for among the schools
	Action string
	Today  calendar.Date
}

func (p *Pages) school(w http.ResponseWriter, r *http.Request) error {
	return p.showSchool(w, r, kit.NewForm(map[string]string{"kind": "main"}), r.URL.Query().Get("school"))
}

func (p *Pages) saveSchool(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	if form.Value("find") != "" { // the button beside the search box: look, and keep what was typed
		form.Renew()
		return p.showSchool(w, r, form, form.Value("look"))
	}
	move := child.Move{
		SettingID: form.ID("setting"),
		Kind:      form.Choice("kind", "Kind of roll", "main", "dual"),
		From:      form.Date("from", "First day"),
		Reason:    form.Text("reason", "Reason", 500),
	}
	if form.Value("setting") == "" {
		form.Problems.Add("setting", "Choose the school, or that there is no school place")
	}
	err := form.Err()
	if err == nil {
		err = p.Children.ChangeSchool(r.Context(), kit.Actor(r), kit.ChildID(r), move)
	}
	if form.Refuses(err) {
		return p.showSchool(w, r, form, form.Value("look"))
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, childPath(r), "The school is changed. The former school no longer sees this record from the day of the change.")
}

func (p *Pages) showSchool(w http.ResponseWriter, r *http.Request, form *kit.Form, look string) error {
	view := schoolView{Form: form, Look: strings.TrimSpace(look), Action: childPath(r) + "/school", Today: p.Kit.Today()}
	var record child.Record
	var batch postgres.Batch
	child.QueueRecord(&batch, &record, kit.ChildID(r), false)
	if view.Look != "" {
		setting.QueueSearch(&batch, &view.Found, setting.Search{Words: kit.SearchWords(view.Look), AuthorityCode: p.Kit.Site.AuthorityCode, OnlyOpen: true, Limit: 12})
	}
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "school", &batch); err != nil {
		return err
	}
	view.Rolls = record.Rolls
	return p.Kit.Show(w, r, kit.Page{Title: "Change school", Back: childPath(r), Form: form}, schoolPage(view))
}
