package sent

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// mostListed is how many children one page lists.
const mostListed = 300

type showView struct {
	Sent     attendance.Sent
	Standing []attendance.Standing
	Form     *kit.Form
	May      bool // take it back
	Importer bool
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	return p.showDelivery(w, r, kit.NewForm(nil))
}

func (p *Pages) showDelivery(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	id, err := kit.PathID(r, "deliveryID")
	if err != nil {
		return err
	}
	actor := kit.Actor(r)
	view := showView{Form: form, Importer: access.Can(actor, access.ImportFiles)}
	var batch postgres.Batch
	attendance.QueueDelivery(&batch, &view.Sent, actor, id)
	attendance.QueueStanding(&batch, &view.Standing, id)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	refusal := view.Sent.Refusal(actor)
	if refusal != nil && form.Err() != nil {
		return refusal // whoever may not, or comes too late, is told that and not what is wrong with the reason
	}
	view.May = refusal == nil
	var shown []int64
	for _, s := range view.listed() {
		shown = append(shown, s.ID)
	}
	if err := p.Kit.Looked(r, "marks sent", shown); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Marks sent", Wide: true, Form: form, Trail: []ui.Link{{Text: "Marks sent", Href: home}}}, showPage(view))
}

// takeBack takes all of it back.
func (p *Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "deliveryID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	why := form.Required("why", "Why", 500)
	if err = form.Err(); err == nil {
		err = p.Attendance.TakeBack(r.Context(), kit.Actor(r), id, why)
	}
	if form.Refuses(err) {
		return p.showDelivery(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, fmt.Sprintf("%s/%d", home, id), "Taken back. What it had replaced stands again.")
}

func (v showView) listed() []attendance.Standing {
	return v.Standing[:min(len(v.Standing), mostListed)]
}

func (v showView) sessions() (n int) {
	for _, s := range v.Standing {
		n += s.Sessions
	}
	return n
}

func (v showView) lead() string {
	switch n := v.sessions(); {
	case v.Sent.TakenBackAt != nil:
		return "These marks were taken back. What they had replaced stands again."
	case n == 0:
		return "None of these marks stands: others have replaced them, or a better source stood."
	default:
		return ui.Plural(n, "session stands", "sessions stand") + " as sent, of " + ui.Plural(len(v.Standing), "child", "children") + "."
	}
}

func (v showView) facts() []ui.SummaryRow {
	s := v.Sent
	rows := []ui.SummaryRow{
		{Key: "State", Component: ui.Tag(state(s))},
		{Key: "From", Value: s.Source.Words()},
	}
	if s.Label != "" {
		rows = append(rows, ui.SummaryRow{Key: "File, or who said so", Value: s.Label})
	}
	rows = append(rows, ui.SummaryRow{Key: "Sent", Value: calendar.Moment(s.At) + ", " + s.By}, ui.SummaryRow{Key: "School", Value: school(s)})
	if d := days(s); d != "" {
		rows = append(rows, ui.SummaryRow{Key: "Days", Value: d})
	}
	row := ui.SummaryRow{Key: "Marks", Value: ui.Thousands(s.Marks)}
	if s.ImportID != 0 && v.Importer {
		row.Actions = []ui.Link{{Text: "See the import", Href: fmt.Sprintf("/imports/%d", s.ImportID)}}
	}
	rows = append(rows, row)
	if s.TakenBackAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Taken back", Value: calendar.Moment(*s.TakenBackAt) + ", " + s.TakenBackBy}, ui.SummaryRow{Key: "Why", Value: s.TakenBackWhy})
	}
	return rows
}

func (v showView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, s := range v.listed() {
		days := s.First.Words()
		if s.Last != s.First {
			days += " to " + s.Last.Words()
		}
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: s.DisplayName(), Href: fmt.Sprintf("/children/%d/attendance", s.ID)}), ui.Text(s.School), ui.Text(days), ui.Text(ui.Thousands(s.Sessions))})
	}
	return rows
}
