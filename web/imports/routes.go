package imports

import (
	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit    *kit.Kit
	Intake *intake.Service
}

// uploadLimit is the most that one upload may weigh: the register of the whole country has 60 MB.
const uploadLimit = 110 << 20

const home = "/imports"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/imports", access.ImportFiles, p.list)
	rt.Upload("/imports/{kind}", access.ImportFiles, uploadLimit, p.receive)
	rt.Get("/imports/roll-template.csv", access.ImportFiles, p.template)
	rt.Get("/imports/{importID}", access.ImportFiles, p.show)
	rt.Get("/imports/{importID}/problems.csv", access.ImportFiles, p.problems)
	rt.Post("/imports/{importID}/columns", access.ImportFiles, p.columns)
	rt.Post("/imports/{importID}/confirm", access.ImportFiles, p.confirm)
	rt.Post("/imports/{importID}/discard", access.ImportFiles, p.discard)
}
