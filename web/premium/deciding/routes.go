package deciding

import (
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit     *kit.Kit
	Premium *premium.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.ChildGet("/children/{childID}/premium/{requestID}/decision", access.DecidePremium, p.decision)
	rt.ChildPost("/children/{childID}/premium/{requestID}/decision", access.DecidePremium, p.saveDecision)
	rt.Get("/premium/requests", access.DecidePremium, p.queue)
}

// ofChild makes sure that the request in the address is about the child in the address.
func (p *Pages) ofChild(r *http.Request, requestID int64) error {
	var request premium.Request
	var batch postgres.Batch
	premium.QueueRequest(&batch, &request, kit.ChildID(r), requestID)
	return p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
}
