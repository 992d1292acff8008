package accounts

import (
	"net/http"
	"strings"

	"virtualschool/internal/account"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

const domainsHome = "/admin/accounts/domains"

func (p *Pages) domains(w http.ResponseWriter, r *http.Request) error {
	var list []account.SchoolDomains
	var batch postgres.Batch
	account.QueueDomains(&batch, &list)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Addresses of schools", Back: "/admin/accounts"}, domainsPage(list))
}

type domainsView struct {
	Form   *kit.Form
	School account.SchoolDomains
}

func (p *Pages) domainsOf(w http.ResponseWriter, r *http.Request) error {
	return p.showDomainsOf(w, r, nil)
}

func (p *Pages) saveDomains(w http.ResponseWriter, r *http.Request) error {
	settingID, err := kit.PathID(r, "settingID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	text := form.Text("domains", "Domains", 6000)
	if err = form.Err(); err == nil {
		var domains []string
		if domains, err = account.ReadDomains(text); err == nil {
			err = p.Accounts.SetDomains(r.Context(), kit.Actor(r), settingID, domains)
		}
	}
	if form.Refuses(err) {
		return p.showDomainsOf(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, domainsHome, "The domains are saved. Accounts that are there stay.")
}

func (p *Pages) showDomainsOf(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	settingID, err := kit.PathID(r, "settingID")
	if err != nil {
		return err
	}
	view := domainsView{Form: form}
	var batch postgres.Batch
	account.QueueDomainsOf(&batch, &view.School, settingID)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if view.Form == nil {
		view.Form = kit.NewForm(map[string]string{"domains": strings.Join(view.School.Domains, "\n")})
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Addresses of a school", Back: domainsHome, Form: view.Form}, domainsOfPage(view))
}
