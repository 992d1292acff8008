package children

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/internal/returncode"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type showView struct {
	Strip  ui.IdentityStripProps
	Path   string
	Today  calendar.Date
	Record child.Record
	Care   bool // may see legal status and placements
	Can    func(access.Action) bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	actor := kit.Actor(r)
	view := showView{Path: childPath(r), Today: p.Kit.Today(), Care: access.Can(actor, access.SeeCareHistory),
		Can: func(action access.Action) bool { return access.Can(actor, action) }}
	var batch postgres.Batch
	child.QueueRecord(&batch, &view.Record, kit.ChildID(r), view.Care)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "child", &batch); err != nil {
		return err
	}
	view.Strip.Heading, view.Strip.Href = true, ""
	return p.Kit.Show(w, r, kit.Page{Title: "Child", Wide: true}, showPage(view))
}

func (v showView) links() []ui.Link {
	var links []ui.Link
	add := func(action access.Action, text, path string) {
		if v.Can(action) {
			links = append(links, ui.Link{Text: text, Href: v.Path + path})
		}
	}
	add(access.WriteNote, "Write a note", "/notes/new")
	add(access.ChangeRoll, "Change school", "/school")
	add(access.ChangeAllocation, "Change who works with the child", "/people")
	add(access.AddChild, "Placement, needs and end of care", "/care")
	add(access.RestrictChild, "Restrict this record", "/restriction")
	add(access.EditChild, "Correct the record", "/edit")
	add(access.SeeLooks, "Who looked and who changed", "/access")
	return links
}

func (v showView) education() []ui.SummaryRow {
	rows := []ui.SummaryRow{}
	for _, roll := range v.Record.Rolls {
		if !roll.Open() {
			continue
		}
		key := "School"
		if roll.Kind == "dual" {
			key = "Second school"
		}
		rows = append(rows, ui.SummaryRow{Key: key, Value: roll.School, Source: &ui.SourceProps{From: "Since " + roll.Start.Words() + ", " + sourceWords(roll.Source)}})
	}
	if len(rows) == 0 {
		rows = append(rows, ui.SummaryRow{Key: "School", Value: "No school place"})
	}
	sen := ui.SummaryRow{Key: "Special educational needs"}
	if v.Record.SEN != nil {
		sen.Value = child.SENStatusName(v.Record.SEN.Status)
		if v.Record.SEN.PrimaryNeed != "" {
			sen.Value += " (" + v.Record.SEN.PrimaryNeed + ")"
		}
		sen.Source = &ui.SourceProps{From: "Since " + v.Record.SEN.Since.Words() + ", " + sourceWords(v.Record.SEN.Source)}
	}
	upn := ui.SummaryRow{Key: "UPN", Value: v.Record.UPN}
	if _, quality, words := child.CheckUPN(v.Record.UPN); v.Record.UPN != "" && quality != "valid" {
		upn.Source = &ui.SourceProps{From: words}
	}
	return append(rows, sen, upn, ui.SummaryRow{Key: "903 identifier", Value: v.Record.LAChildID})
}

func (v showView) people() []ui.SummaryRow {
	rows := workerRows(v.Record.Workers)
	for _, teacher := range v.Record.Teachers {
		post := "Designated teacher"
		if teacher.Post == "colleague" {
			post = "School colleague"
		}
		rows = append(rows, ui.SummaryRow{Key: post, Value: teacher.Name + ", " + teacher.School})
	}
	return rows
}

// stays is a history in words, newest first.
func stays(list []child.Stay, label func(child.Stay) string) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, stay := range list {
		until := "now"
		if !stay.End.IsZero() {
			until = stay.End.Short()
		}
		rows = append(rows, ui.SummaryRow{Key: fmt.Sprintf("%s to %s", stay.Start.Short(), until), Value: label(stay)})
	}
	return rows
}

func legalLabel(stay child.Stay) string { return returncode.Label("LS", stay.Code) }

func placementLabel(stay child.Stay) string {
	text := returncode.Label("PLACE", stay.Code)
	if stay.Detail != "" {
		text += ", " + stay.Detail
	}
	return text
}

func careLabel(stay child.Stay) string {
	if stay.End.IsZero() {
		return "In care"
	}
	return "In care; ended: " + returncode.Label("REC", stay.Code)
}

func sourceWords(source string) string {
	switch source {
	case "903":
		return "from the 903 return"
	case "entered":
		return "entered here"
	case "roll":
		return "from a roll file"
	case "seed":
		return "made up for the demonstration"
	}
	return "from " + source
}
