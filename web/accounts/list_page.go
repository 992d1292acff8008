package accounts

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type listView struct {
	Filter   account.Filter
	Query    url.Values
	Rows     []account.Listed
	Total    int
	Settings []account.SettingWithPeople
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	view := listView{Query: kept(r.URL.Query())}
	view.Filter = account.Filter{Words: p.searched(r, view.Query.Get("search")), Role: access.Role(view.Query.Get("role")),
		State: account.State(view.Query.Get("state")), SettingID: number(view.Query.Get("school")), Page: max(int(number(r.URL.Query().Get("page"))), 1)}
	var batch postgres.Batch
	account.QueueList(&batch, &view.Rows, &view.Total, view.Filter)
	account.QueueSettingsWithPeople(&batch, &view.Settings)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Accounts", Wide: true}, listPage(view))
}

// kept are the filters of an address that mean something.
func kept(query url.Values) url.Values {
	all := url.Values{}
	if role := query.Get("role"); access.Role(role).Known() {
		all.Set("role", role)
	}
	if state := account.State(query.Get("state")); slices.Contains(account.States, state) {
		all.Set("state", string(state))
	}
	if school := query.Get("school"); number(school) > 0 {
		all.Set("school", school)
	}
	if search := query.Get("search"); search != "" {
		all.Set("search", search)
	}
	return all
}

// number is a positive number that fits a page or an id; 0 for anything else.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

const searchKey = "accounts_search"

// search takes whom is looked for out of a posted form: names stay out of addresses, and a token
// stands for them there.
func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	query := kept(url.Values{"role": form.All("role"), "state": form.All("state"), "school": form.All("school")})
	words := form.Text("q", "Search", 200)
	if len(form.Problems) > 0 {
		words = ""
	}
	if words != "" {
		token := rand.Text()[:8]
		p.Kit.Sessions.Put(r.Context(), searchKey, token+" "+words)
		query.Set("search", token)
	}
	http.Redirect(w, r, listHref(query, "", ""), http.StatusSeeOther)
	return nil
}

func (p *Pages) searched(r *http.Request, token string) string {
	key, words, _ := strings.Cut(p.Kit.Sessions.GetString(r.Context(), searchKey), " ")
	if token == "" || key != token {
		return ""
	}
	return words
}

// listHref is the list with one filter changed, or without it when the value is empty.
func listHref(query url.Values, name, value string) string {
	changed := url.Values{}
	for key, values := range query {
		changed[key] = values
	}
	changed.Del(name)
	if value != "" {
		changed.Set(name, value)
	}
	if len(changed) == 0 {
		return "/admin/accounts"
	}
	return "/admin/accounts?" + changed.Encode()
}

func (v listView) selected() []ui.SelectedFilter {
	var on []ui.SelectedFilter
	add := func(key, name, text string) {
		if v.Query.Has(key) && text != "" {
			on = append(on, ui.SelectedFilter{Name: name, Text: text, RemoveHref: listHref(v.Query, key, "")})
		}
	}
	add("search", "Search", v.Filter.Words)
	add("role", "Role", v.Filter.Role.Name())
	add("state", "State", v.Filter.State.Name())
	for _, setting := range v.Settings {
		if setting.ID == v.Filter.SettingID {
			add("school", "School", setting.Name)
		}
	}
	return on
}

func (v listView) pagination() ui.PaginationProps {
	props := ui.PaginationProps{Label: "Pages of accounts"}
	if v.Filter.Page > 1 {
		props.Previous = listHref(v.Query, "page", strconv.Itoa(v.Filter.Page-1))
	}
	if v.Filter.Page*account.PageSize < v.Total {
		props.Next = listHref(v.Query, "page", strconv.Itoa(v.Filter.Page+1))
	}
	return props
}
