package policies

import (
	"virtualschool/internal/access"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit     *kit.Kit
	Schemes scheme.Set  // the paying policies there are
	Rubrics quality.Set // the rubrics there are
}

const home = "/admin/rules"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(home, access.SetPolicy, p.list)
	rt.Get(home+"/{key}", access.SetPolicy, p.value)
	rt.Post(home+"/{key}", access.SetPolicy, p.set)
}

// names are what a value that is a name can be, each with its title; none for values of another kind.
func (p *Pages) names(key policy.Key) (names []ui.Choice) {
	switch key {
	case policy.PremiumScheme:
		for _, one := range p.Schemes.Newest() {
			names = append(names, ui.Choice{Value: one.Key, Text: one.Title, Hint: one.Key})
		}
	case policy.PEPQualityRubric:
		for _, one := range p.Rubrics.All() {
			if newest, _ := p.Rubrics.Pick(one.Name); newest.Version == one.Version {
				names = append(names, ui.Choice{Value: one.Name, Text: one.Title, Hint: one.Name})
			}
		}
	}
	return names
}
