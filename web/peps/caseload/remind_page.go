package caseload

import (
	"fmt"
	"net/http"
	"net/url"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type remindView struct {
	Rules     worklist.Plans
	Today     calendar.Date
	Form      *kit.Form
	Children  []int64
	Again     bool
	Reminders pep.Reminders
}

// remind shows who would be written to about which plans. Nothing is sent yet.
func (p *Pages) remind(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	children, err := p.chosen(r, query)
	if err != nil {
		return err
	}
	return p.showRemind(w, r, kit.NewForm(nil), children, query.Get("again") != "")
}

func (p *Pages) showRemind(w http.ResponseWriter, r *http.Request, form *kit.Form, children []int64, again bool) error {
	v := remindView{Today: p.Kit.Today(), Form: form, Children: children, Again: again}
	rules, err := p.Rules(r.Context())
	if err != nil {
		return err
	}
	v.Rules = worklist.PlanRules(rules)
	if len(children) > 0 {
		var facts pep.RemindFacts
		var batch postgres.Batch
		pep.QueueReminders(&batch, &facts, children)
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
		v.Reminders = pep.RemindersOf(facts, v.Rules.Calendar, v.Rules.Deadlines, p.Kit.Today(), again)
		if err := p.looked(r, v.shown(), "reminders about PEPs", nil); err != nil {
			return err
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Remind people", Back: "/peps", Form: form, Wide: true}, remindPage(v))
}

// doRemind sends what the page before showed.
func (p *Pages) doRemind(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	children, err := p.chosen(r, url.Values{"child": form.All("child")})
	if err != nil {
		return err
	}
	again := form.Value("again") != ""
	sent, err := p.PEPs.Remind(r.Context(), kit.Actor(r), children, again)
	if form.Refuses(err) {
		return p.showRemind(w, r, form, children, again)
	}
	if err != nil {
		return err
	}
	if len(sent.People) == 0 {
		return p.Kit.Done(w, r, "/peps", "Nobody was written to: everyone had been reminded in the last days, or nothing waits.")
	}
	return p.Kit.Done(w, r, "/peps", fmt.Sprintf("%s written to about %s.", were(len(sent.People)), ui.Plural(sent.Plans(), "plan", "plans")))
}

func were(people int) string {
	if people == 1 {
		return "1 person was"
	}
	return ui.Plural(people, "person", "people") + " were"
}

// shown are the children whose names the page says.
func (v remindView) shown() []row {
	var rows []row
	for _, person := range v.Reminders.People {
		for _, plan := range person.Plans {
			rows = append(rows, row{FactsRow: plan.Child})
		}
	}
	for _, left := range v.Reminders.LeftOut {
		rows = append(rows, row{FactsRow: left.Child})
	}
	return rows
}

func called(c pep.FactsRow) string {
	return child.DisplayName(c.PreferredName, c.Forename, c.Surname, c.LAChildID)
}

// againHref is the same preview with those as well who were reminded in the last days, or without them.
func (v remindView) againHref(again bool) string {
	query := url.Values{}
	for _, id := range v.Children {
		query.Add("child", number(id))
	}
	if again {
		query.Set("again", "yes")
	}
	return "/peps/remind?" + query.Encode()
}

var taskWords = map[pep.Task]string{pep.TaskStart: "start the plan", pep.TaskMeet: "hold the meeting", pep.TaskFinish: "write up and submit", pep.TaskCorrect: "correct and submit again", pep.TaskSignOff: "sign off or return"}
