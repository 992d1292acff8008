package accounts

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// accountView is one account, and what its page and the forms about it show.
type accountView struct {
	Account     account.Account
	Memberships []account.Membership
	Sessions    []account.Session
	Work        []account.Work
	Has         factor.Has
	Recent      []account.RecentSignIn
	Covers      []child.Cover     // now and to come, given or received
	StandIns    []account.StandIn // likewise
	Actor       access.Actor
	Today       calendar.Date
	Key         string // of the page's buttons
	Manages     bool   // the actor may change this account
	Own         bool
}

// load reads an account for a page about it.
func (p *Pages) load(r *http.Request, more func(*postgres.Batch)) (accountView, error) {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return accountView{}, err
	}
	view := accountView{Today: p.Kit.Today(), Actor: kit.Actor(r), Own: accountID == kit.Actor(r).ID, Key: kit.NewKey()}
	var batch postgres.Batch
	account.QueueAccount(&batch, &view.Account, accountID)
	account.QueueMemberships(&batch, &view.Memberships, accountID)
	p.Accounts.QueueSessions(&batch, &view.Sessions, accountID, "")
	account.QueueWork(&batch, &view.Work, accountID)
	factor.QueueHas(&batch, &view.Has, accountID)
	child.QueueCovers(&batch, &view.Covers, accountID)
	account.QueueStandInsOf(&batch, &view.StandIns, accountID)
	if more != nil {
		more(&batch)
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return accountView{}, err
	}
	view.Manages = account.MayManage(kit.Actor(r), view.Account)
	return view, nil
}

// loadToChange is load for the forms, which only those see who may send them.
func (p *Pages) loadToChange(r *http.Request, more func(*postgres.Batch)) (accountView, error) {
	view, err := p.load(r, more)
	if err == nil && !view.Manages {
		err = fault.Forbidden("Only the Virtual School Head or a deputy manages the accounts of heads and deputies.")
	}
	return view, err
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request) error {
	var recent []account.RecentSignIn
	view, err := p.load(r, func(batch *postgres.Batch) {
		if id, err := kit.PathID(r, "accountID"); err == nil {
			account.QueueRecentSignIns(batch, &recent, id)
		}
	})
	if err != nil {
		return err
	}
	view.Recent = recent
	return p.Kit.Show(w, r, kit.Page{Title: "Account", Back: "/admin/accounts"}, showPage(view))
}

func (p *Pages) end(w http.ResponseWriter, r *http.Request) error {
	view, err := p.loadToChange(r, nil)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "End this account", Back: path(view.Account.ID)}, endPage(view))
}

// act is a handler for a form with nothing but a button.
func (p *Pages) act(r *http.Request, do func(accountID int64) error) (int64, error) {
	accountID, err := kit.PathID(r, "accountID")
	if err != nil {
		return 0, err
	}
	return accountID, do(accountID)
}

func (p *Pages) doEnd(w http.ResponseWriter, r *http.Request) error {
	accountID, err := p.act(r, func(id int64) error { return p.Accounts.End(r.Context(), kit.Actor(r), id) })
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "The account has ended. Its person is signed out everywhere.")
}

func (p *Pages) inviteAgain(w http.ResponseWriter, r *http.Request) error {
	accountID, err := p.act(r, func(id int64) error { return p.Accounts.SendInvitation(r.Context(), kit.Actor(r), id) })
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, path(accountID), "The invitation is on its way. Links sent before no longer work.")
}

// endSessions ends the session that the form names, or without a name all of them.
func (p *Pages) endSessions(w http.ResponseWriter, r *http.Request) error {
	ref := kit.FormOf(r).Text("session", "Which session to sign out", 40)
	accountID, err := p.act(r, func(id int64) error { return p.Accounts.EndSessions(r.Context(), kit.Actor(r), id, ref) })
	if err != nil {
		return err
	}
	if ref != "" {
		return p.Kit.Done(w, r, path(accountID), "This person is signed out there.")
	}
	return p.Kit.Done(w, r, path(accountID), "This person is signed out everywhere.")
}

func (p *Pages) roles(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Roles and permissions", Wide: true}, rolesPage(access.Rules))
}
