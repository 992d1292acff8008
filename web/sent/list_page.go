package sent

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// listSize is how many deliveries one page lists.
const listSize = 25

type listView struct {
	Census bool // may see the check against the census
	Files  bool // may send files of their school
	Sent   []attendance.Sent
	Next   string
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 32)
	if err != nil || before < 0 {
		before = 0
	}
	view := listView{Census: access.Can(kit.Actor(r), access.CheckCensus), Files: access.Can(kit.Actor(r), access.SendMarks)}
	var batch postgres.Batch
	attendance.QueueSent(&batch, &view.Sent, kit.Actor(r), before, listSize+1)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if len(view.Sent) > listSize {
		view.Sent = view.Sent[:listSize]
		view.Next = fmt.Sprintf("%s?before=%d", home, view.Sent[listSize-1].ID)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Marks sent", Wide: true}, listPage(view))
}

// ways lead on from the list.
func (v listView) ways() []templ.Component {
	var ways []templ.Component
	if v.Files {
		ways = append(ways, ui.Button(ui.ButtonProps{Text: "Send a file of marks", Href: "/attendance/files"}))
	}
	if v.Census {
		ways = append(ways, ui.Button(ui.ButtonProps{Text: "Census check", Href: censusPath, Kind: ui.Secondary}))
	}
	return ways
}

func path(s attendance.Sent) string { return fmt.Sprintf("%s/%d", home, s.ID) }

// days are the days a delivery speaks of, in words.
func days(s attendance.Sent) string {
	switch {
	case s.First.IsZero():
		return ""
	case s.First == s.Last:
		return s.First.Words()
	}
	return s.First.Words() + " to " + s.Last.Words()
}

func school(s attendance.Sent) string {
	if s.School == "" {
		return "As the marks say"
	}
	return s.School
}

func state(s attendance.Sent) ui.TagProps {
	if s.TakenBackAt != nil {
		return ui.TagProps{Text: "Taken back", Kind: ui.Orange}
	}
	return ui.TagProps{Text: "Kept", Kind: ui.Green}
}

func rows(sent []attendance.Sent) [][]templ.Component {
	var rows [][]templ.Component
	for _, s := range sent {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: calendar.Moment(s.At), Hidden: ", " + s.Source.Words(), Href: path(s)}), what(s), ui.Text(school(s)), ui.TextOr(days(s), "None"),
			ui.Text(ui.Thousands(s.Marks)), ui.Tag(state(s))})
	}
	return rows
}
