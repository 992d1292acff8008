package breakglass

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type askView struct {
	Form     *kit.Form
	Actor    access.Actor
	Now      time.Time
	Nothing  bool // nothing was found and nothing opened
	Openings []breakglass.Opening
}

func (v askView) reviews() bool { return access.Can(v.Actor, access.ReviewBreakGlass) }

func (p *Pages) ask(w http.ResponseWriter, r *http.Request) error {
	return p.showAsk(w, r, kit.NewForm(nil), 0, false)
}

func (p *Pages) open(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	asking := breakglass.Asking{UPN: form.Text("upn", "UPN", 20), Name: form.Text("name", "Forename and surname", 200), Born: form.OptionalDate("born", "Date of birth"),
		Reason: form.Text("reason", "Why it cannot wait", 1000)}
	if err := form.Err(); err != nil {
		return p.showAsk(w, r, form, 0, false)
	}
	child, err := p.Glass.Open(r.Context(), kit.Actor(r), asking)
	switch {
	case errors.Is(err, fault.KindTooMany):
		form.Problems.Add("", fault.Words(err))
		return p.showAsk(w, r, form, http.StatusTooManyRequests, false)
	case form.Refuses(err):
		return p.showAsk(w, r, form, 0, false)
	case err != nil:
		return err
	case child == 0:
		form.Renew()
		return p.showAsk(w, r, form, 0, true)
	}
	return p.Kit.Done(w, r, fmt.Sprintf("/children/%d", child), "The record is open to you for an hour. The head has been told.")
}

func (p *Pages) showAsk(w http.ResponseWriter, r *http.Request, form *kit.Form, status int, nothing bool) error {
	view := askView{Form: form, Actor: kit.Actor(r), Now: p.Kit.DB.Now(), Nothing: nothing}
	var batch postgres.Batch
	breakglass.QueueAll(&batch, &view.Openings, view.Actor)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Break the glass", Back: "/", Form: form, Status: status}, askPage(view))
}

type lookView struct {
	Form    *kit.Form
	Actor   access.Actor
	Opening breakglass.Opening
	Action  string
}

func (p *Pages) look(w http.ResponseWriter, r *http.Request) error {
	return p.showLook(w, r, kit.NewForm(nil))
}

func (p *Pages) review(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "openingID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	said := breakglass.Review{Justified: form.Choice("justified", "Whether it was justified", "yes", "no") == "yes", Words: form.Required("words", "What you found", 1000)}
	// Whether there is such an opening is told before anything of the form is judged.
	problems := form.Err()
	if problems != nil {
		return p.showLook(w, r, form)
	}
	err = p.Glass.Review(r.Context(), kit.Actor(r), id, said)
	if form.Refuses(err) {
		return p.showLook(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/break-glass", "Your words are kept with the opening.")
}

func (p *Pages) showLook(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	id, err := kit.PathID(r, "openingID")
	if err != nil {
		return err
	}
	view := lookView{Form: form, Actor: kit.Actor(r), Action: fmt.Sprintf("/break-glass/%d", id)}
	var batch postgres.Batch
	breakglass.Queue(&batch, &view.Opening, id)
	if err := p.Kit.DB.View(r.Context(), view.Actor, &batch); err != nil {
		return err
	}
	if form.Err() != nil && view.Opening.Justified != nil {
		return fault.Conflict("Somebody has looked into this opening meanwhile, so nothing of yours was kept. Open it again to read what they found.")
	}
	return p.Kit.Show(w, r, kit.Page{Title: "An opening", Back: "/break-glass", Form: form}, lookPage(view))
}

// standing is how an opening stands, in a word and a colour.
func standing(o breakglass.Opening, now time.Time) ui.TagProps {
	switch {
	case o.Until == nil:
		return ui.TagProps{Text: "Nothing opened", Kind: ui.Grey}
	case o.Open(now):
		return ui.TagProps{Text: "Open now", Kind: ui.Red}
	case o.Justified == nil:
		return ui.TagProps{Text: "To be looked into", Kind: ui.Orange}
	case *o.Justified:
		return ui.TagProps{Text: "Justified", Kind: ui.Green}
	}
	return ui.TagProps{Text: "Not justified", Kind: ui.Red}
}
