package impact

import (
	"virtualschool/internal/access"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct{ Kit *kit.Kit }

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(path, access.SeePremiumWorth, p.impact)
}

const path = "/premium/impact"
