package accounts

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type listView struct {
	Filters  kit.Filters
	Filter   account.Filter // those filters, as the list is asked for by them
	Rows     []account.Listed
	Total    int
	Settings []account.SettingWithPeople
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	view := listView{Filters: filtersOf(r.URL.Query())}
	view.Filter = account.Filter{Words: p.Kit.KeptSearch(r, searched, view.Filters.Get("search")), Role: access.Role(view.Filters.Get("role")),
		State: account.State(view.Filters.Get("state")), SettingID: number(view.Filters.Get("school")), Page: max(int(number(r.URL.Query().Get("page"))), 1)}
	var batch postgres.Batch
	account.QueueList(&batch, &view.Rows, &view.Total, view.Filter)
	account.QueueSettingsWithPeople(&batch, &view.Settings)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Accounts", Wide: true}, listPage(view))
}

// filtersOf are the filters of an address that mean something.
func filtersOf(query url.Values) kit.Filters {
	known := url.Values{"search": query["search"]}
	if role := query.Get("role"); access.Role(role).Known() {
		known.Set("role", role)
	}
	if state := account.State(query.Get("state")); slices.Contains(account.States, state) {
		known.Set("state", string(state))
	}
	if school := query.Get("school"); number(school) > 0 {
		known.Set("school", school)
	}
	return kit.FiltersOf("/admin/accounts", known, "search", "role", "state", "school")
}

// number is a positive number that fits a page or an id; 0 for anything else.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// searched is the list's name among those whose searches are kept.
const searched = "accounts"

// search takes whom is looked for out of a posted form: names stay out of addresses.
func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	filters := filtersOf(url.Values{"role": form.All("role"), "state": form.All("state"), "school": form.All("school")})
	token := ""
	if words := form.Text("q", "Search", 200); words != "" && len(form.Problems) == 0 {
		token = p.Kit.KeepSearch(r, searched, words)
	}
	http.Redirect(w, r, filters.With("search", token), http.StatusSeeOther)
	return nil
}

// selected are the filters that are on; a search that is no longer kept is not.
func (v listView) selected() []ui.SelectedFilter {
	var on []ui.SelectedFilter
	if v.Filter.Words != "" {
		on = append(on, ui.SelectedFilter{Name: "Search", Text: v.Filter.Words, RemoveHref: v.Filters.With("search", "")})
	}
	return append(on, v.Filters.Selected(
		kit.Filter{Name: "role", Label: "Role", Options: roleOptions(access.Roles)},
		kit.Filter{Name: "state", Label: "State", Options: stateOptions()},
		kit.Filter{Name: "school", Label: "School", Options: settingOptions(v.Settings)},
	)...)
}

func (v listView) pagination() ui.PaginationProps {
	return v.Filters.Pages("Pages of accounts", v.Filter.Page, account.PageSize, v.Total)
}
