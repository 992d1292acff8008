package web

import (
	"log/slog"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/children"
	"virtualschool/web/kit"
)

// Services are what the pages stand on.
type Services struct {
	Children *child.Service
}

// ServiceOptions are what services need beside the database.
type ServiceOptions struct {
	Demo bool
	Log  *slog.Logger
}

// NewServices makes the services that pages stand on.
func NewServices(db *postgres.DB, o ServiceOptions) Services {
	return Services{
		Children: &child.Service{DB: db},
	}
}

// places are the navigation, in order; each shows to those who may use it.
var places = []struct {
	text, path string
	action     access.Action
}{
	{"Home", "", access.UseOwnAccount},
	{"Children", "children", access.SeeChildren},
	{"PEPs", "peps", access.SeePEP},
	{"Premium requests", "premium", access.DecidePremium},
	{"Schools", "schools", access.SeeChildren},
	{"Imports", "imports", access.ImportFiles},
	{"Admin", "admin", access.ManageAccounts},
}

// register lists every route. Each feature's routes.go names the action of each of its pages.
func register(rt *kit.Router, k *kit.Kit, s Services) {
	term := &terms{db: k.DB, authority: k.Site.AuthorityCode}
	children.Routes(rt, &children.Pages{Kit: k, Children: s.Children, Term: term.now})
}
