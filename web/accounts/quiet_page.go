package accounts

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"virtualschool/internal/account"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type quietView struct {
	Form   *kit.Form
	List   []account.Quiet
	Values policy.Values
	Own    int64
}

func (p *Pages) quiet(w http.ResponseWriter, r *http.Request) error {
	return p.showQuiet(w, r, kit.NewForm(nil))
}

func (p *Pages) endQuiet(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	var ids []int64
	for _, text := range form.All("account") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	reason := strings.TrimSpace(form.Text("reason", "Why", 500))
	err := form.Err()
	if err == nil {
		err = p.Accounts.EndMany(r.Context(), kit.Actor(r), ids, reason)
	}
	if form.Refuses(err) {
		return p.showQuiet(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, "/admin/accounts/quiet", ui.Plural(len(ids), "account has ended.", "accounts have ended."))
}

func (p *Pages) showQuiet(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	view := quietView{Form: form, Own: kit.Actor(r).ID}
	var batch postgres.Batch
	account.QueueQuiet(&batch, &view.List)
	policy.Queue(&batch, &view.Values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Not signed in lately", Back: "/admin/accounts", Form: form}, quietPage(view))
}

// choices are the accounts that may be ended from here.
func (v quietView) choices() []ui.Choice {
	var list []ui.Choice
	for _, one := range v.List {
		if one.ID == v.Own {
			continue
		}
		about := one.Role.Name()
		if one.Settings != "" {
			about = one.Settings
		}
		last := "invited " + moment(&one.CreatedAt) + ", never signed in"
		if one.SignedInAt != nil {
			last = "last signed in " + moment(one.SignedInAt)
		}
		list = append(list, ui.Choice{Value: id(one.ID), Text: one.Name, Hint: fmt.Sprintf("%s, %s, %s", about, one.Email, last)})
	}
	return list
}
