package settings

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	setting.Page
	Today calendar.Date
	Own   bool // in the council's own authority
	Edit  bool
	Team  bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "settingID")
	if err != nil {
		return err
	}
	actor := kit.Actor(r)
	view := showView{Today: p.Kit.Today(), Team: actor.Team()}
	var belongs []setting.Found
	var batch postgres.Batch
	setting.QueueSetting(&batch, &view.Page, id)
	setting.QueuePupilLooks(&batch, actor.ID, id, audit.RequestID(r.Context()))
	if actor.Role == access.School {
		setting.QueueOwn(&batch, &belongs, actor.ID)
	}
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	if actor.Role == access.School && !has(belongs, id) {
		return fault.NotFound()
	}
	view.Own = view.Setting.AuthorityCode == p.Kit.Site.AuthorityCode
	view.Edit = view.Setting.Local() && access.Can(actor, access.ChangeRoll)
	return p.Kit.Show(w, r, kit.Page{Title: "School", Trail: []ui.Link{{Text: "Schools", Href: "/schools"}}}, showPage(view))
}

func has(list []setting.Found, id int64) bool {
	for _, one := range list {
		if one.ID == id {
			return true
		}
	}
	return false
}

// warning is what everyone should know before reading on; empty when there is nothing.
func (v showView) warning() string {
	n := len(v.Pupils)
	switch {
	case v.Setting.Status == setting.Closing && n > 0:
		return "This school is proposed to close. " + onRoll(n) + " Plan each child's move with the social worker and the new school."
	case v.Setting.Status == setting.Closed && n > 0:
		return "This school has closed" + on(v.Setting.ClosedOn) + ". " + onRoll(n) + " Change each child's school."
	case v.Setting.Status == setting.Closing:
		return "This school is proposed to close."
	case v.Setting.Status == setting.Closed:
		return "This school has closed" + on(v.Setting.ClosedOn) + "."
	}
	return ""
}

func onRoll(n int) string {
	if n == 1 {
		return children(n) + " is on its roll."
	}
	return children(n) + " are on its roll."
}

func on(day calendar.Date) string {
	if day.IsZero() {
		return ""
	}
	return " on " + day.Words()
}

// details are the facts of the setting, without the empty ones that mean nothing.
func (v showView) details() []ui.SummaryRow {
	s := v.Setting
	var rows []ui.SummaryRow
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Status", s.Status.Name())
	add("Type", s.TypeName)
	add("Phase", s.PhaseName)
	add("Ages", s.Ages())
	add("Authority", v.authority())
	add("Address", strings.Join(s.Address(), ", "))
	add("Telephone", s.Telephone)
	add("Head", strings.TrimSpace(s.HeadName+titled(s.HeadTitle)))
	if s.Website != "" {
		rows = append(rows, ui.SummaryRow{Key: "Website", Component: website(s.Website)})
	}
	if s.Rating != "" {
		source := ui.SourceProps{From: s.RatingScheme}
		if !s.RatedOn.IsZero() {
			source.When = "inspected " + s.RatedOn.Words()
		}
		rows = append(rows, ui.SummaryRow{Key: "Rating", Value: s.Rating, Source: &source})
	}
	if s.SixthForm != nil {
		add("Sixth form", yesNo(*s.SixthForm))
	}
	if s.Nursery != nil {
		add("Nursery", yesNo(*s.Nursery))
	}
	add("Boys or girls", s.Gender)
	add("Religious character", s.ReligiousCharacter)
	if s.URN != 0 {
		add("URN", strconv.Itoa(s.URN))
	}
	add("DfE number", s.DfENumber())
	add("UKPRN", s.UKPRN)
	add("Opened", s.OpenedOn.Words())
	add("Closes or closed", s.ClosedOn.Words())
	return rows
}

func titled(title string) string {
	if title == "" {
		return ""
	}
	return ", " + title
}

func yesNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

func (v showView) authority() string {
	switch {
	case v.Own:
		return v.Setting.AuthorityName + " (in the authority)"
	case v.Setting.AuthorityCode == "":
		return v.Setting.AuthorityName
	case v.Setting.AuthorityName == "":
		return "Council " + v.Setting.AuthorityCode + " (out of the authority)"
	}
	return v.Setting.AuthorityName + " (out of the authority)"
}

// source says where these facts come from and how old they are.
func (v showView) source() string {
	if v.Setting.Local() {
		return "Entered by the Virtual School: this setting is not in the national register."
	}
	if v.Setting.AsAt.IsZero() {
		return "From the national register of schools."
	}
	return "From the national register of schools as at " + v.Setting.AsAt.Words() + "."
}

// webAddress makes what the register gives into an address that can be followed; empty when it cannot.
func webAddress(text string) string {
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(strings.ToLower(text), "http://"), strings.HasPrefix(strings.ToLower(text), "https://"):
		return text
	case text == "" || strings.ContainsAny(text, " :<>\"'"):
		return ""
	}
	return "https://" + text
}

func linkWords(link setting.Link) string {
	words := link.Name
	if link.SettingID == 0 {
		words += fmt.Sprintf(" (URN %d, not in our register)", link.URN)
	}
	return words
}

func linkNote(link setting.Link) string {
	parts := []string{link.Type}
	if !link.EstablishedOn.IsZero() {
		parts = append(parts, link.EstablishedOn.Words())
	}
	if link.Status != "" && link.Status != setting.Open {
		parts = append(parts, strings.ToLower(link.Status.Name()))
	}
	if link.Children > 0 {
		parts = append(parts, children(link.Children)+" on its roll")
	}
	return strings.Join(parts, ", ")
}
