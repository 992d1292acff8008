package children

import (
	"net/http"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/returncode"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// codes offers a list of the return that is in use on a day.
func codes(set string, on calendar.Date, leave func(code string) bool) []ui.Option {
	var list []ui.Option
	for _, code := range returncode.InUse(set, on) {
		if !leave(code.Code) {
			list = append(list, ui.Option{Value: code.Code, Text: code.Label})
		}
	}
	return list
}

func values(options []ui.Option) []string {
	list := make([]string, 0, len(options))
	for _, option := range options {
		list = append(list, option.Value)
	}
	return list
}

func legalStatuses(on calendar.Date) []ui.Option { return codes("LS", on, returncode.ShortBreaks) }
func placements(on calendar.Date) []ui.Option    { return codes("PLACE", on, returncode.Temporary) }
func endings(on calendar.Date) []ui.Option {
	return codes("REC", on, func(code string) bool { return code == "X1" })
}

var inAuthority = []ui.Choice{{Value: "in", Text: "In the authority"}, {Value: "out", Text: "Out of the authority"}, {Value: "unknown", Text: "Not known"}}

func readInAuthority(form *kit.Form) *bool {
	in := form.Choice("in_authority", "Where that is", "in", "out", "unknown")
	if in != "in" && in != "out" {
		return nil
	}
	inside := in == "in"
	return &inside
}

type careView struct {
	Strip      ui.IdentityStripProps
	Form       *kit.Form
	Action     string
	Today      calendar.Date
	Statuses   []ui.Option
	Placements []ui.Option
	Endings    []ui.Option
}

func (p *Pages) careView(form *kit.Form) careView {
	today := p.Kit.Today()
	return careView{Form: form, Today: today, Statuses: legalStatuses(today), Placements: placements(today), Endings: endings(today)}
}

func (p *Pages) add(w http.ResponseWriter, r *http.Request) error {
	return p.showAdd(w, r, kit.NewForm(nil))
}

func (p *Pages) showAdd(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Add a child", Back: "/children", Form: form}, addPage(p.careView(form)))
}

func (p *Pages) saveAdd(w http.ResponseWriter, r *http.Request) error {
	form, today := kit.FormOf(r), p.Kit.Today()
	arrival := child.Arrival{
		LAChildID:     form.Required("la_child_id", "Social care identifier", 40),
		Forename:      form.Text("forename", "Forename", 100),
		Surname:       form.Text("surname", "Surname", 100),
		PreferredName: form.Text("preferred_name", "Preferred name", 100),
		DateOfBirth:   form.Date("date_of_birth", "Date of birth"),
		UPN:           form.Text("upn", "UPN", 20),
		Unaccompanied: form.Checked("unaccompanied", "yes"),
		CareFrom:      form.Date("care_from", "Day the child came into care"),
		LegalStatus:   form.Choice("legal_status", "Legal status", values(legalStatuses(today))...),
		Placement:     form.Choice("placement", "Where the child lives", values(placements(today))...),
		InAuthority:   readInAuthority(form),
	}
	err := form.Err()
	if err == nil {
		_, err = p.Children.Add(r.Context(), kit.Actor(r), arrival)
	}
	if form.Refuses(err) {
		return p.showAdd(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/children", "The child is added. Next: say which school, and who works with them.")
}

func (p *Pages) care(w http.ResponseWriter, r *http.Request) error {
	return p.showCare(w, r, kit.NewForm(nil))
}

func (p *Pages) showCare(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := p.careView(form)
	view.Action = childPath(r) + "/care"
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "care", &postgres.Batch{}); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Placement, needs and end of care", Back: childPath(r), Form: form}, carePage(view))
}

// saveCare takes one of three changes; which one is said by the button.
func (p *Pages) saveCare(w http.ResponseWriter, r *http.Request) error {
	form, today := kit.FormOf(r), p.Kit.Today()
	var err error
	switch form.Value("change") {
	case "placement":
		code, in, from := form.Choice("placement", "Where the child lives", values(placements(today))...), readInAuthority(form), form.Date("from", "First day there")
		if err = form.Err(); err == nil {
			err = p.Children.Live(r.Context(), kit.Actor(r), kit.ChildID(r), code, in, from)
		}
	case "sen":
		status, need, from := form.Choice("sen_status", "Support", "N", "K", "E"), form.Text("sen_need", "Primary need", 100), form.Date("sen_from", "First day")
		if err = form.Err(); err == nil {
			err = p.Children.SetSEN(r.Context(), kit.Actor(r), kit.ChildID(r), status, need, from)
		}
	case "leave":
		leaving := child.Leaving{On: form.Date("on", "Day care ended"), Code: form.Choice("code", "Why care ended", values(endings(today))...)}
		if err = form.Err(); err == nil {
			err = p.Children.LeaveCare(r.Context(), kit.Actor(r), kit.ChildID(r), leaving)
		}
	default:
		err = fault.Invalid("placement", "Choose what to change and use the button below it")
	}
	if form.Refuses(err) {
		return p.showCare(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, childPath(r), "The change is saved.")
}
