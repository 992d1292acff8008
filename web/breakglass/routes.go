package breakglass

import (
	"virtualschool/internal/access"
	"virtualschool/internal/breakglass"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit   *kit.Kit
	Glass *breakglass.Service
}

// Routes registers the pages. That one sees the page at all says nothing of any record.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/break-glass", access.BreakGlass, p.ask)
	rt.Post("/break-glass", access.BreakGlass, p.open)
	rt.Get("/break-glass/{openingID}", access.ReviewBreakGlass, p.look)
	rt.Post("/break-glass/{openingID}", access.ReviewBreakGlass, p.review)
}
