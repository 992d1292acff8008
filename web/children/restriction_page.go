package children

import (
	"net/http"

	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type restrictView struct {
	Strip  ui.IdentityStripProps
	Form   *kit.Form
	Action string
	People []child.Choice
	Is     *child.Restricted
	Now    []child.Named // who is named today
	Places []child.Place
}

func (p *Pages) restrict(w http.ResponseWriter, r *http.Request) error {
	return p.showRestrict(w, r, kit.NewForm(nil))
}

func (p *Pages) showRestrict(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := restrictView{Form: form, Action: childPath(r) + "/restriction"}
	var batch postgres.Batch
	child.QueueNameable(&batch, &view.People, kit.ChildID(r))
	child.QueueRestricted(&batch, &view.Is, kit.ChildID(r))
	child.QueueNamed(&batch, &view.Now, kit.ChildID(r))
	child.QueuePlaces(&batch, &view.Places, kit.ChildID(r))
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "restriction", &batch); err != nil {
		return err
	}
	title := "Restrict this record"
	if view.Is != nil {
		title = "Restricted record"
	}
	return p.Kit.Show(w, r, kit.Page{Title: title, Back: childPath(r), Form: form}, restrictPage(view))
}

func (p *Pages) saveRestrict(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	restriction := child.Restriction{Reason: form.Choice("reason", "Why", valuesOf(reasonChoices())...), Words: form.Text("words", "More about why", 1000), From: p.Kit.Today()}
	for _, id := range form.All("named") {
		restriction.Named = append(restriction.Named, child.ParseID(id))
	}
	err := form.Err()
	if err == nil {
		err = p.Children.Restrict(r.Context(), kit.Actor(r), kit.ChildID(r), restriction)
	}
	return p.restricted(w, r, form, err, "The record is restricted to the people you named.")
}

func (p *Pages) saveNamed(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	naming := child.Naming{AccountID: form.ID("person"), Until: form.OptionalDate("until", "Last day"), Why: form.Required("why", "Why they need the record", 500),
		SeesPlace: form.Choice("place", "Whether they are told where the child is", "yes", "no") == "yes"}
	err := form.Err()
	if err == nil {
		err = p.Children.Name(r.Context(), kit.Actor(r), kit.ChildID(r), naming)
	}
	return p.restricted(w, r, form, err, "Saved. It holds from their next page on.")
}

func (p *Pages) endNamed(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	err := p.Children.Unname(r.Context(), kit.Actor(r), kit.ChildID(r), form.ID("person"))
	return p.restricted(w, r, form, err, "That person does not find the record any more.")
}

func (p *Pages) savePlace(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	kind, words := form.Choice("kind", "What it is", valuesOf(placeChoices())...), form.Required("where", "In words", 1000)
	err := form.Err()
	if err == nil {
		err = p.Children.KeepPlace(r.Context(), kit.Actor(r), kit.ChildID(r), kind, words)
	}
	return p.restricted(w, r, form, err, "Written down, for the people who are told.")
}

func (p *Pages) endPlace(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	err := p.Children.ForgetPlace(r.Context(), kit.Actor(r), kit.ChildID(r), form.ID("written"))
	return p.restricted(w, r, form, err, "It is not shown any more.")
}

func (p *Pages) endRestriction(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	why := form.Required("why_end", "Why", 1000)
	err := form.Err()
	if err == nil {
		err = p.Children.Unrestrict(r.Context(), kit.Actor(r), kit.ChildID(r), why)
	}
	return p.restricted(w, r, form, err, "The record is open again to everybody who works with the child. A restriction of today ends at midnight.")
}

// restricted answers a form of this page.
func (p *Pages) restricted(w http.ResponseWriter, r *http.Request, form *kit.Form, err error, done string) error {
	if form.Refuses(err) {
		return p.showRestrict(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, childPath(r)+"/restriction", done)
}

func reasonChoices() (choices []ui.Choice) {
	for _, reason := range child.RestrictionReasons {
		choices = append(choices, ui.Choice{Value: reason.Value, Text: reason.Text})
	}
	return choices
}

func placeChoices() (choices []ui.Choice) {
	for _, kind := range child.PlaceKinds {
		choices = append(choices, ui.Choice{Value: kind.Value, Text: kind.Text})
	}
	return choices
}

func placeName(kind string) string {
	for _, one := range child.PlaceKinds {
		if one.Value == kind {
			return one.Text
		}
	}
	return kind
}

func valuesOf(choices []ui.Choice) (list []string) {
	for _, choice := range choices {
		list = append(list, choice.Value)
	}
	return list
}
