package deciding

import (
	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Premium  *premium.Service
	Accounts *account.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.ChildGet("/children/{childID}/premium/{requestID}/decision", access.DecidePremium, p.decision)
	rt.ChildPost("/children/{childID}/premium/{requestID}/decision", access.DecidePremium, p.saveDecision)
	rt.Get("/premium/requests", access.DecidePremium, p.queue)
	rt.Get("/premium/requests/approve", access.DecidePremium, p.approveMany)
	rt.Post("/premium/requests/approve", access.DecidePremium, p.saveMany)
	rt.Get("/premium/panels", access.DecidePremium, p.panels)
	rt.Post("/premium/panels", access.DecidePremium, p.planPanel)
	rt.Get("/premium/panels/{panelID}", access.DecidePremium, p.panel)
	rt.Post("/premium/panels/{panelID}", access.DecidePremium, p.holdPanel)
	rt.Get("/premium/limits", access.LimitPremium, p.limits)
	rt.Post("/premium/limits", access.LimitPremium, p.setLimit)
	rt.Post("/premium/limits/{limitID}/end", access.LimitPremium, p.endLimit)
	rt.Get("/premium/delegations", access.NameStandIn, p.delegations)
	rt.Post("/premium/delegations", access.NameStandIn, p.nameStandIn)
	rt.Post("/premium/delegations/{standInID}/end", access.NameStandIn, p.endStandIn)
}
