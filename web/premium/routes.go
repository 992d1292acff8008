package premium

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/document"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/premium/area"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit     *kit.Kit
	Premium *premium.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/premium/scheme", access.AskPremium, p.scheme)
	rt.ChildGet("/children/{childID}/premium", access.SeePremium, p.child)
	rt.ChildGet("/children/{childID}/premium/new", access.AskPremium, p.ask)
	rt.ChildPost("/children/{childID}/premium/new", access.AskPremium, p.saveAsk)
	rt.ChildGet("/children/{childID}/premium/{requestID}", access.SeePremium, p.request)
	rt.ChildGet("/children/{childID}/premium/{requestID}/change", access.AskPremium, p.change)
	rt.ChildPost("/children/{childID}/premium/{requestID}/change", access.AskPremium, p.saveChange)
	rt.ChildUpload("/children/{childID}/premium/{requestID}/documents", access.AskPremium, document.MostBytes, p.addDocument)
	rt.ChildPost("/children/{childID}/premium/{requestID}/withdraw", access.AskPremium, p.withdraw)
	rt.Get("/premium", access.ReportPremium, p.begin)
}

// begin leads to the page on which the person's work with the grants begins.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, area.First(kit.Actor(r)), http.StatusSeeOther)
	return nil
}

func premiumPath(r *http.Request) string { return fmt.Sprintf("/children/%d/premium", kit.ChildID(r)) }

// StateTag is how a request stands, in its colour.
func StateTag(state premium.State) ui.TagProps {
	kind := ui.Grey
	switch state {
	case premium.Asked:
		kind = ui.Yellow
	case premium.Returned:
		kind = ui.Orange
	case premium.Approved, premium.PartApproved:
		kind = ui.Green
	}
	return ui.TagProps{Text: state.Name(), Kind: kind}
}

var outcomeNames = map[string]string{"met": "Met", "partly": "Partly met", "not_met": "Not met", "carried_forward": "Carried forward", "withdrawn": "Withdrawn"}

// OutcomeWords says how a funded target went.
func OutcomeWords(request premium.Request) string {
	switch {
	case request.TargetID == 0:
		return "No target"
	case request.Outcome == "":
		return "Not reviewed yet"
	case request.OutcomeNote == "":
		return outcomeNames[request.Outcome]
	}
	return outcomeNames[request.Outcome] + ": " + request.OutcomeNote
}
