package settings

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 50

type listView struct {
	Authority string // the council's code
	Query     url.Values
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

var filters = []string{"phase", "area", "teacher", "closing"}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	actor, query := kit.Actor(r), r.URL.Query()
	view := listView{Authority: p.Kit.Site.AuthorityCode, Query: url.Values{}, Words: tidySearch(query.Get("q")),
		School: actor.Role == access.School, Enter: access.Can(actor, access.ChangeRoll)}
	view.Searched = view.Words != "" && !view.School
	for _, name := range filters {
		if value := query.Get(name); value != "" {
			view.Query.Set(name, value)
		}
	}
	view.Page, _ = strconv.Atoi(query.Get("page"))
	view.Page = min(max(view.Page, 1), 1000)
	var batch postgres.Batch
	if view.Searched {
		setting.QueueSearch(&batch, &view.Found, setting.Search{Words: view.Words, AuthorityCode: view.Authority, Limit: 30})
	}
	filter := setting.Filter{AuthorityCode: view.Authority, Phase: tidySearch(query.Get("phase")), Area: query.Get("area"), Teacher: query.Get("teacher"),
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

// tidySearch is what was typed without what cannot be looked for.
func tidySearch(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\ufffd' {
			return ' '
		}
		return r
	}, text)
	runes := []rune(strings.TrimSpace(text))
	return string(runes[:min(len(runes), 100)])
}

func (v listView) href(name, value string) string {
	query := url.Values{}
	for key, values := range v.Query {
		query[key] = values
	}
	query.Del(name)
	if value != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return "/schools"
	}
	return "/schools?" + query.Encode()
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
	var on []ui.SelectedFilter
	add := func(name, label string, options []ui.Option) {
		value := v.Query.Get(name)
		if value == "" {
			return
		}
		text := value
		for _, option := range options {
			if option.Value == value {
				text = option.Text
			}
		}
		on = append(on, ui.SelectedFilter{Name: label, Text: text, RemoveHref: v.href(name, "")})
	}
	add("phase", "Phase", v.phases())
	add("area", "Where", areas)
	add("teacher", "Designated teacher", teachers)
	add("closing", "Status", closings)
	return on
}

func (v listView) pagination() ui.PaginationProps {
	props := ui.PaginationProps{Label: "Pages of schools"}
	if v.Page > 1 {
		props.Previous = v.href("page", fmt.Sprint(v.Page-1))
	}
	if v.Page*pageSize < v.Total {
		props.Next = v.href("page", fmt.Sprint(v.Page+1))
	}
	if v.Total > pageSize {
		props.Summary = fmt.Sprintf("Showing %d to %d of %s schools", (v.Page-1)*pageSize+1, min(v.Page*pageSize, v.Total), ui.Thousands(v.Total))
	}
	return props
}

func schoolPath(id int64) string { return fmt.Sprintf("/schools/%d", id) }
