package releases

import (
	"virtualschool/internal/access"
	"virtualschool/internal/premium/release"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Releases *release.Service
}

const home = "/premium/releases"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(home, access.DecidePremium, p.run)
	rt.Post(home, access.DecidePremium, p.confirm)
}
