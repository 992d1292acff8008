package calendars

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type termView struct {
	Form     *kit.Form
	Own      bool // for a setting that keeps its own dates
	School   *setting.Setting
	Look     string
	Found    []setting.Found
	Saved    *setting.KeptTerm // as it stands; nil: new
	Conflict bool
}

func (p *Pages) term(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	form := kit.NewForm(map[string]string{"term": query.Get("term"), "setting": query.Get("setting"), "own": query.Get("own"), "look": query.Get("look")})
	if number, err := strconv.Atoi(query.Get("year")); err == nil && number >= 2000 && number <= 2100 {
		form.Set("year", calendar.AcademicYearLabel(number))
	}
	return p.showTerm(w, r, form, true, false)
}

func (p *Pages) saveTerm(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	if form.Value("find") != "" { // the button beside the search box: look, and keep what was typed
		form.Renew()
		return p.showTerm(w, r, form, false, false)
	}
	owner := setting.Owner{SettingID: form.ID("setting")}
	if owner.SettingID == 0 {
		owner.AuthorityCode = p.Kit.Site.AuthorityCode
		if form.Value("own") != "" {
			form.Problems.Add("setting", "Choose the setting. Search for it first.")
		}
	}
	term := readTerm(form)
	err := form.Err()
	if err == nil {
		err = p.Settings.SetTerm(r.Context(), kit.Actor(r), owner, term, form.Version())
	}
	switch {
	case form.Refuses(err):
		return p.showTerm(w, r, form, false, false)
	case errors.Is(err, fault.KindConflict):
		return p.showTerm(w, r, form, false, true)
	case postgres.Constraint(err) == "term_setting_id_fkey":
		form.Problems.Add("setting", "Choose the setting from the list")
		return p.showTerm(w, r, form, false, false)
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, home, "The term is saved. Deadlines are counted by it from now on.")
}

func readTerm(form *kit.Form) setting.Term {
	term := setting.Term{
		Term: calendar.Term{
			Name:   form.Choice("term", "A term", termNames...),
			Starts: form.Date("starts", "The first day of term"), Ends: form.Date("ends", "The last day of term"),
			HalfTermFrom: form.OptionalDate("half_from", "The first day of half-term"), HalfTermTo: form.OptionalDate("half_to", "The last day of half-term"),
		},
		CutOff: form.OptionalDate("cut_off", "The last day for PEP reviews"),
		Source: form.Required("source", "Where these dates come from", 300),
	}
	year, err := calendar.ParseAcademicYear(form.Value("year"))
	if err != nil {
		form.Problems.Add("year", "Enter an academic year like 2026/27")
	}
	term.AcademicYear = year
	return term
}

// showTerm shows the form: at first with the term as it stands, and afterwards with what was typed.
func (p *Pages) showTerm(w http.ResponseWriter, r *http.Request, form *kit.Form, prefill, conflict bool) error {
	view := termView{Form: form, Own: form.Value("own") != "" || form.ID("setting") != 0, Look: kit.SearchWords(form.Value("look")), Conflict: conflict}
	var kept []setting.KeptTerm
	var batch postgres.Batch
	setting.QueueKeptTerms(&batch, &kept, p.Kit.Site.AuthorityCode)
	if id := form.ID("setting"); id != 0 {
		setting.QueueMaybe(&batch, &view.School, id)
	}
	if view.Look != "" {
		setting.QueueSearch(&batch, &view.Found, setting.Search{Words: view.Look, AuthorityCode: p.Kit.Site.AuthorityCode, OnlyOpen: true, Limit: 12})
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	year, _ := calendar.ParseAcademicYear(form.Value("year"))
	for i, t := range kept {
		if t.AcademicYear == year && t.Name == form.Value("term") && t.SettingID == form.ID("setting") && (!view.Own || t.SettingID != 0) {
			view.Saved = &kept[i]
		}
	}
	if prefill && view.Saved != nil {
		fill(form, view.Saved.Term())
	}
	page := kit.Page{Title: "A term", Back: home, Form: form}
	if conflict {
		version := 0
		if view.Saved != nil {
			version = view.Saved.Term().Version()
		}
		form.Overtaken(version)
	}
	return p.Kit.Show(w, r, page, termPage(view))
}

func fill(form *kit.Form, t setting.Term) {
	form.SetDate("starts", t.Starts)
	form.SetDate("ends", t.Ends)
	form.SetDate("half_from", t.HalfTermFrom)
	form.SetDate("half_to", t.HalfTermTo)
	form.SetDate("cut_off", t.CutOff)
	form.Set("source", t.Source)
	form.SetVersion(t.Version())
}

func (v termView) title() string {
	if v.Own {
		return "A setting’s own term"
	}
	return "A term of the authority"
}

func (v termView) terms() []ui.Choice {
	var list []ui.Choice
	for _, name := range termNames {
		list = append(list, ui.Choice{Value: name, Text: strings.ToUpper(name[:1]) + name[1:]})
	}
	return list
}

// schools are the settings to choose from: the one chosen before and those found.
func (v termView) schools() []ui.Choice {
	var list []ui.Choice
	if v.School != nil {
		list = append(list, ui.Choice{Value: fmt.Sprint(v.School.ID), Text: v.School.Name, Hint: v.School.Town})
	}
	for _, found := range v.Found {
		if v.School == nil || found.ID != v.School.ID {
			list = append(list, ui.Choice{Value: fmt.Sprint(found.ID), Text: found.Name, Hint: found.Where()})
		}
	}
	return list
}

func (p *Pages) removeTerm(w http.ResponseWriter, r *http.Request) error {
	if err := p.Settings.RemoveTerm(r.Context(), kit.Actor(r), kit.FormOf(r).ID("id")); err != nil {
		return err
	}
	return p.Kit.Done(w, r, home, "The setting keeps the authority’s dates again.")
}
