package home

import (
	"virtualschool/internal/access"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit     *kit.Kit
	Forms   forms.Set
	Schemes scheme.Set // paying schemes, by which evidence is due
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/", access.UseOwnAccount, p.home)
	rt.Get("/work", access.UseOwnAccount, p.work)
}
