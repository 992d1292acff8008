package accounts

import (
	"net/http"
	"strings"

	"virtualschool/internal/account"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// bulkLimit is more than a list of people needs, in bytes.
const bulkLimit = 256 << 10

type bulkView struct {
	Form *kit.Form
	Load *account.BulkLoad // nil before a file was looked at
	Text string
}

func (p *Pages) bulk(w http.ResponseWriter, r *http.Request) error {
	return p.showBulk(w, r, bulkView{Form: kit.NewForm(nil)})
}

// previewBulk shows what a file would do, and invites nobody.
func (p *Pages) previewBulk(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	_, content, err := kit.File(r, "file")
	var load account.BulkLoad
	if err == nil {
		// A look at a file is not the form's one act: another may be chosen and looked at from the same page.
		load, err = p.Accounts.Bulk(postgres.WithSubmission(r.Context(), nil), kit.Actor(r), string(content), false)
	}
	if form.Refuses(err) || form.Err() != nil {
		return p.showBulk(w, r, bulkView{Form: form})
	}
	if err != nil {
		return err
	}
	form.Renew()
	return p.showBulk(w, r, bulkView{Form: form, Load: &load, Text: strings.ToValidUTF8(string(content), "")})
}

func (p *Pages) applyBulk(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	text := form.Value("text")
	load, err := p.Accounts.Bulk(r.Context(), kit.Actor(r), text, true)
	if form.Refuses(err) {
		if len(load.Lines) == 0 {
			return p.showBulk(w, r, bulkView{Form: form})
		}
		return p.showBulk(w, r, bulkView{Form: form, Load: &load, Text: text})
	}
	if err != nil {
		return err
	}
	fresh, _, _ := load.Count()
	return p.Kit.Done(w, r, "/admin/accounts?state=invited", invitedWords(fresh))
}

func (p *Pages) showBulk(w http.ResponseWriter, r *http.Request, view bulkView) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Invite many people", Back: "/admin/accounts", Form: view.Form, Wide: view.Load != nil}, bulkPage(view))
}
