package settings

import (
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 50

type listView struct {
	Authority string // the council's code
	Filters   kit.Filters
	Words     string
	Searched  bool
	Found     []setting.Found    // in the whole register
	Attended  []setting.Attended // those with children on roll
	Phases    []string
	Total     int
	Page      int
	School    bool // the reader is a school's
	Enter     bool // may enter a setting
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	actor, query := kit.Actor(r), r.URL.Query()
	view := listView{Authority: p.Kit.Site.AuthorityCode, Filters: kit.FiltersOf("/schools", query, "phase", "area", "teacher", "closing"), Words: kit.SearchWords(query.Get("q")),
		School: actor.Role == access.School, Enter: access.Can(actor, access.ChangeRoll)}
	view.Searched = view.Words != "" && !view.School
	view.Page, _ = strconv.Atoi(query.Get("page"))
	view.Page = min(max(view.Page, 1), 1000)
	var batch postgres.Batch
	if view.Searched {
		setting.QueueSearch(&batch, &view.Found, setting.Search{Words: view.Words, AuthorityCode: view.Authority, Limit: 30})
	}
	filter := setting.Filter{AuthorityCode: view.Authority, Phase: kit.SearchWords(query.Get("phase")), Area: query.Get("area"), Teacher: query.Get("teacher"),
		Closing: query.Get("closing") == "yes", Limit: pageSize, Offset: (view.Page - 1) * pageSize}
	if !view.School {
		setting.QueueAttended(&batch, &view.Attended, filter)
		setting.QueuePhases(&batch, &view.Phases)
	} else {
		setting.QueueOwn(&batch, &view.Found, actor.ID)
	}
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	if len(view.Attended) > 0 {
		view.Total = view.Attended[0].Total
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Schools", Wide: true}, listPage(view))
}

var (
	areas    = []ui.Option{{Value: "in", Text: "In the authority"}, {Value: "out", Text: "Out of the authority"}}
	teachers = []ui.Option{{Value: "missing", Text: "Nobody named"}}
	closings = []ui.Option{{Value: "yes", Text: "Closing or closed"}}
)

func (v listView) phases() []ui.Option {
	var list []ui.Option
	for _, name := range v.Phases {
		list = append(list, ui.Option{Value: name, Text: name})
	}
	return list
}

func (v listView) selected() []ui.SelectedFilter {
	return v.Filters.Selected(
		kit.Filter{Name: "phase", Label: "Phase", Options: v.phases()},
		kit.Filter{Name: "area", Label: "Where", Options: areas},
		kit.Filter{Name: "teacher", Label: "Designated teacher", Options: teachers},
		kit.Filter{Name: "closing", Label: "Status", Options: closings},
	)
}

func (v listView) pagination() ui.PaginationProps {
	props := v.Filters.Pages("Pages of schools", v.Page, pageSize, v.Total)
	if v.Total > pageSize {
		props.Summary = fmt.Sprintf("Showing %d to %d of %s schools", (v.Page-1)*pageSize+1, min(v.Page*pageSize, v.Total), ui.Thousands(v.Total))
	}
	return props
}

func schoolPath(id int64) string { return fmt.Sprintf("/schools/%d", id) }
