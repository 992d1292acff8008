package accessrequests

import (
	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Requests *accessrequest.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/access-requests", access.SeeAccessRequests, p.list)
	rt.Get("/access-requests/new", access.AskAccess, p.ask)
	rt.Post("/access-requests/new", access.AskAccess, p.send)
	rt.Get("/access-requests/{accessRequestID}", access.DecideAccess, p.show)
	rt.Post("/access-requests/{accessRequestID}", access.DecideAccess, p.decide)
}
