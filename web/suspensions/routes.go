package suspensions

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit         *kit.Kit
	Suspensions *suspension.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.ChildGet("/children/{childID}/suspensions", access.SeeChild, p.show)
	rt.ChildGet("/children/{childID}/suspensions/new", access.RecordSuspension, p.record)
	rt.ChildPost("/children/{childID}/suspensions/new", access.RecordSuspension, p.saveRecord)
	rt.ChildGet("/children/{childID}/suspensions/{suspensionID}", access.RecordSuspension, p.correct)
	rt.ChildPost("/children/{childID}/suspensions/{suspensionID}", access.RecordSuspension, p.saveCorrect)
}

func suspensionsPath(r *http.Request) string {
	return fmt.Sprintf("/children/%d/suspensions", kit.ChildID(r))
}
