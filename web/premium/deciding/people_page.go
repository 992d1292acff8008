package deciding

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const limitsPath, delegationsPath = "/premium/limits", "/premium/delegations"

type limitsView struct {
	Form     *kit.Form
	Actor    access.Actor
	Today    calendar.Date
	Limits   []premium.OwnLimit
	Deciders []account.Named
	Values   policy.Values
}

func (p *Pages) limits(w http.ResponseWriter, r *http.Request) error {
	form := kit.NewForm(nil)
	form.SetDate("starts", p.Kit.Today())
	return p.showLimits(w, r, form)
}

func (p *Pages) setLimit(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	entry := premium.LimitEntry{AccountID: form.ID("account"), Amount: form.Money("amount", "Limit"), Starts: form.Date("starts", "First day"),
		Until: form.OptionalDate("until", "Last day"), Reason: form.Required("reason", "Reason", 1000)}
	err := form.Err()
	if err == nil {
		err = p.Premium.SetLimit(r.Context(), kit.Actor(r), entry)
	}
	if form.Refuses(err) {
		return p.showLimits(w, r, form)
	}
	return p.ended(w, r, limitsPath, "The limit is set.", err)
}

func (p *Pages) endLimit(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "limitID")
	if err != nil {
		return err
	}
	return p.ended(w, r, limitsPath, "The limit is ended. What the role may approve holds again.", p.Premium.EndLimit(r.Context(), kit.Actor(r), id))
}

func (p *Pages) showLimits(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := limitsView{Form: form, Actor: kit.Actor(r), Today: p.Kit.Today()}
	var batch postgres.Batch
	premium.QueueOwnLimits(&batch, &view.Limits)
	account.QueueDeciders(&batch, &view.Deciders)
	policy.Queue(&batch, &view.Values)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Limits of persons", Wide: true, Form: form}, limitsPage(view))
}

func (v limitsView) lead() string {
	limit := v.Values.PremiumDeputyLimit()
	if limit == 0 {
		return "Without a limit of their own, heads and deputies approve any sum."
	}
	return "Without a limit of their own, a deputy approves up to " + limit.String() + " alone, and a head any sum."
}

// others are the deciders whose limit this person may set: not their own.
func (v limitsView) others() []ui.Option {
	var options []ui.Option
	for _, one := range v.Deciders {
		if one.ID != v.Actor.ID {
			options = append(options, named(one))
		}
	}
	return options
}

func named(person account.Named) ui.Option {
	return ui.Option{Value: strconv.FormatInt(person.ID, 10), Text: person.Name + ", " + person.Role.Name()}
}

func (v limitsView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, limit := range v.Limits {
		end := ui.Text("")
		if !limit.Over(v.Today) && limit.AccountID != v.Actor.ID {
			end = endButton(kit.NewKey(), limitsPath+"/"+number(limit.ID)+"/end", "the limit of "+limit.Name)
		}
		rows = append(rows, []templ.Component{ui.Text(limit.Name + ", " + limit.Role.Name()), ui.Text(limit.Amount.String()), ui.Text(daysWords(limit.Starts, limit.Until)),
			ui.Text(limit.Reason), ui.Text(limit.SetByName + ", " + calendar.Moment(limit.SetAt)), end})
	}
	return rows
}

type delegationsView struct {
	Form     *kit.Form
	Actor    access.Actor
	Today    calendar.Date
	StandIns []account.StandIn
	Deciders []account.Named
	Team     []account.Named
}

func (p *Pages) delegations(w http.ResponseWriter, r *http.Request) error {
	away := cmp.Or(r.URL.Query().Get("for"), number(kit.Actor(r).ID)) // an account's page asks for its own
	form := kit.NewForm(map[string]string{"for": away})
	form.SetDate("starts", p.Kit.Today())
	return p.showDelegations(w, r, form)
}

func (p *Pages) nameStandIn(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	absence := account.Absence{For: form.ID("for"), By: form.ID("by"), Starts: form.Date("starts", "First day"), Until: form.Date("until", "Last day"),
		Reason: form.Required("reason", "Reason", 1000)}
	err := form.Err()
	if err == nil {
		err = p.Accounts.NameStandIn(r.Context(), kit.Actor(r), absence)
	}
	if form.Refuses(err) {
		return p.showDelegations(w, r, form)
	}
	return p.ended(w, r, delegationsPath, "The stand-in is named.", err)
}

func (p *Pages) endStandIn(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "standInID")
	if err != nil {
		return err
	}
	return p.ended(w, r, delegationsPath, "They stand in no more.", p.Accounts.EndStandIn(r.Context(), kit.Actor(r), id))
}

func (p *Pages) showDelegations(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := delegationsView{Form: form, Actor: kit.Actor(r), Today: p.Kit.Today()}
	var batch postgres.Batch
	account.QueueStandIns(&batch, &view.StandIns)
	account.QueueDeciders(&batch, &view.Deciders)
	account.QueueMayStandIn(&batch, &view.Team)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Stand-ins", Wide: true, Form: form}, delegationsPage(view))
}

// away are those whom this person may name a stand-in for.
func (v delegationsView) away() []ui.Option {
	var options []ui.Option
	for _, one := range v.Deciders {
		if access.Check(v.Actor, access.NameStandIn, access.Facts{For: one.ID}) == nil {
			options = append(options, named(one))
		}
	}
	return options
}

func (v delegationsView) team() []ui.Option {
	var options []ui.Option
	for _, one := range v.Team {
		options = append(options, named(one))
	}
	return options
}

func (v delegationsView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.StandIns {
		end := ui.Text("")
		if !one.Ended(v.Today) && access.Check(v.Actor, access.NameStandIn, access.Facts{For: one.ForAccount}) == nil {
			end = endButton(kit.NewKey(), delegationsPath+"/"+number(one.ID)+"/end", one.Name+" standing in for "+one.ForName)
		}
		rows = append(rows, []templ.Component{ui.Text(one.ForName), ui.Text(one.Name + ", " + one.Role.Name()), ui.Text(daysWords(one.Starts, one.Until)),
			ui.Tag(v.tag(one)), ui.Text(one.Reason), ui.Text(one.NamedByName + ", " + calendar.Moment(one.NamedAt)), end})
	}
	return rows
}

func (v delegationsView) tag(one account.StandIn) ui.TagProps {
	switch {
	case one.EndedAt != nil:
		return ui.TagProps{Text: "Ended early", Kind: ui.Grey}
	case one.Ended(v.Today):
		return ui.TagProps{Text: "Over", Kind: ui.Grey}
	case one.Now(v.Today):
		return ui.TagProps{Text: "Now", Kind: ui.Green}
	}
	return ui.TagProps{Text: "To come", Kind: ui.Yellow}
}
