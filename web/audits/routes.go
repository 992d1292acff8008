package audits

import (
	"virtualschool/internal/access"
	"virtualschool/internal/looking"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit     *kit.Kit
	Looking *looking.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/audit", access.SeeAudit, p.everybody)
	rt.Post("/audit/search", access.SeeAudit, p.search)
	rt.Get("/audit/people/{accountID}", access.SeeAudit, p.person)
	rt.Get("/audit/export", access.ExportAudit, p.askExport)
	rt.Post("/audit/export", access.ExportAudit, p.export)
	rt.Get("/audit/unusual", access.ReviewLooking, p.unusual)
	rt.Post("/audit/unusual/{weekID}", access.ReviewLooking, p.review)
	rt.ChildGet("/children/{childID}/history", access.SeeLooks, p.child)
}
