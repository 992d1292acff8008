package policies

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type listView struct {
	Values policy.Values
}

// group is the values about one thing, told by the beginning of their keys.
type group struct {
	Title string
	Keys  []policy.Definition
}

var groupTitles = map[string]string{"pep": "Personal Education Plans", "voice": "The child’s voice", "premium": "Pupil Premium Plus",
	"attendance": "Attendance", "account": "Accounts", "authority": "The authority", "looking": "Looking at records"}

// groups are all values, in the order in which they are defined.
func groups() []group {
	var all []group
	for _, definition := range policy.Definitions {
		about, _, _ := strings.Cut(string(definition.Key), ".")
		title := groupTitles[about]
		if title == "" {
			title = "Other values"
		}
		at := slices.IndexFunc(all, func(g group) bool { return g.Title == title })
		if at < 0 {
			at, all = len(all), append(all, group{Title: title})
		}
		all[at].Keys = append(all[at].Keys, definition)
	}
	return all
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	var v listView
	var batch postgres.Batch
	policy.Queue(&batch, &v.Values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Rules and their values", Wide: true}, listPage(v))
}

func (v listView) rows(g group) [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range g.Keys {
		rows = append(rows, []templ.Component{ui.Text(one.Label), ui.Text(v.Values.Words(one.Key)), ui.Text(since(v.Values.Since(one.Key))), ui.Text(v.Values.Source(one.Key)),
			ui.Anchor(ui.Link{Text: "Change", Hidden: strings.ToLower(one.Label[:1]) + one.Label[1:], Href: home + "/" + string(one.Key)})})
	}
	return rows
}

func since(day calendar.Date) string {
	if day.IsZero() {
		return "Not set by the council"
	}
	return day.Short()
}
