package policies

import (
	"virtualschool/internal/access"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit *kit.Kit
}

const home = "/admin/rules"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(home, access.SetPolicy, p.list)
	rt.Get(home+"/{key}", access.SetPolicy, p.value)
	rt.Post(home+"/{key}", access.SetPolicy, p.set)
}
