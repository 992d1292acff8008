package calendars

import (
	"fmt"
	"net/http"

	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type closedView struct {
	Form  *kit.Form
	Look  string
	Found []setting.Found
	One   *setting.Setting // chosen before
}

func (p *Pages) closedDays(w http.ResponseWriter, r *http.Request) error {
	return p.showClosed(w, r, kit.NewForm(map[string]string{"look": r.URL.Query().Get("look"), "setting": "0"}))
}

func (p *Pages) saveClosedDay(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	if form.Value("find") != "" {
		form.Renew()
		return p.showClosed(w, r, form)
	}
	day := form.Date("day", "The day")
	reason := form.Required("reason", "Why it is closed", 200)
	owner := setting.Owner{SettingID: form.ID("setting")}
	switch {
	case form.Value("setting") == "":
		form.Problems.Add("setting", "Choose the whole authority, or search for a setting")
	case owner.SettingID == 0:
		owner.AuthorityCode = p.Kit.Site.AuthorityCode
	}
	err := form.Err()
	if err == nil {
		err = p.Settings.CloseDay(r.Context(), kit.Actor(r), owner, day, reason)
	}
	if postgres.Constraint(err) == "closed_day_setting_id_fkey" {
		form.Problems.Add("setting", "Choose the setting from the list")
		err = form.Err()
	}
	if form.Refuses(err) {
		return p.showClosed(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, home+"#closed-days", "The day is saved. It is not a school day.")
}

func (p *Pages) removeClosedDay(w http.ResponseWriter, r *http.Request) error {
	if err := p.Settings.OpenDay(r.Context(), kit.Actor(r), kit.FormOf(r).ID("id")); err != nil {
		return err
	}
	return p.Kit.Done(w, r, home+"#closed-days", "The day is removed.")
}

func (p *Pages) showClosed(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := closedView{Form: form, Look: kit.SearchWords(form.Value("look"))}
	var batch postgres.Batch
	if id := form.ID("setting"); id != 0 {
		setting.QueueMaybe(&batch, &view.One, id)
	}
	if view.Look != "" {
		setting.QueueSearch(&batch, &view.Found, setting.Search{Words: view.Look, AuthorityCode: p.Kit.Site.AuthorityCode, OnlyOpen: true, Limit: 12})
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "A closed day", Back: home, Form: form}, closedPage(view))
}

func (v closedView) places() []ui.Choice {
	list := []ui.Choice{{Value: "0", Text: "The whole authority"}}
	if v.One != nil {
		list = append(list, ui.Choice{Value: fmt.Sprint(v.One.ID), Text: v.One.Name, Hint: v.One.Town})
	}
	for _, found := range v.Found {
		if v.One == nil || found.ID != v.One.ID {
			list = append(list, ui.Choice{Value: fmt.Sprint(found.ID), Text: found.Name, Hint: found.Where()})
		}
	}
	return list
}
