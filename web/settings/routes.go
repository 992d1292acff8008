package settings

import (
	"virtualschool/internal/access"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Settings *setting.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/schools", access.SeeChildren, p.list)
	rt.Get("/schools/new", access.ChangeRoll, p.enter)
	rt.Post("/schools/new", access.ChangeRoll, p.saveNew)
	rt.Get("/schools/{settingID}", access.SeeChildren, p.show)
	rt.Get("/schools/{settingID}/edit", access.ChangeRoll, p.edit)
	rt.Post("/schools/{settingID}/edit", access.ChangeRoll, p.saveEdit)
}
