package home

import (
	"virtualschool/internal/access"
	"virtualschool/internal/pep/forms"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit   *kit.Kit
	Forms forms.Set
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/", access.UseOwnAccount, p.home)
	rt.Get("/work", access.UseOwnAccount, p.work)
}
