package accounts

import (
	"net/http"

	"virtualschool/internal/account/factor"
	"virtualschool/internal/fault"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// lostView is the page that removes the second factors of somebody who has lost theirs.
type lostView struct {
	accountView
	Form *kit.Form
}

func (p *Pages) lost(w http.ResponseWriter, r *http.Request) error {
	return p.showLost(w, r, kit.NewForm(nil))
}

func (p *Pages) removeFactors(w http.ResponseWriter, r *http.Request) error {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var ways []string
	for _, way := range factor.WaysToMakeSure {
		ways = append(ways, string(way))
	}
	loss := factor.Loss{Made: factor.MadeSure(form.Choice("made_sure", "How you made sure who asks", ways...)),
		Reason: form.Required("reason", "What happened", factor.MostReason)}
	if err = form.Err(); err == nil {
		err = p.Factors.RemoveAll(r.Context(), kit.Actor(r), accountID, loss)
	}
	if form.Refuses(err) {
		return p.showLost(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "Their second step is removed, and they are signed out everywhere. They were told by email.")
}

func (p *Pages) showLost(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view, err := p.loadToChange(r, nil)
	if err != nil {
		return err
	}
	switch {
	case view.Own:
		return fault.Forbidden("You remove your own factors on your account page.")
	case !view.Has.Any():
		return fault.Conflict("This person has no second step.")
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Remove the second step", Back: path(view.Account.ID), Form: form}, lostPage(lostView{view, form}))
}

func madeSureChoices() []ui.Choice {
	choices := make([]ui.Choice, 0, len(factor.WaysToMakeSure))
	for _, way := range factor.WaysToMakeSure {
		choices = append(choices, ui.Choice{Value: string(way), Text: way.Name()})
	}
	return choices
}
