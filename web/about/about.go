// Package about is the pages that say what this service is: accessibility,
// privacy and, in a demonstration, the catalogue of components.
package about

import (
	"net/http"

	"virtualschool/web/kit"
)

// Pages are the pages of this folder.
type Pages struct{ Kit *kit.Kit }

// Routes registers the pages. They are open: people read them before signing in.
func Routes(rt *kit.Router, p *Pages) {
	rt.Open(http.MethodGet, "/accessibility", p.accessibility)
	rt.Open(http.MethodGet, "/privacy", p.privacy)
	rt.Open(http.MethodGet, "/privacy/young-people", p.young)
	if p.Kit.Site.Demo {
		rt.Open(http.MethodGet, "/components", p.components)
	}
}

func (p *Pages) accessibility(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Accessibility"}, accessibilityPage(p.Kit.Site.Authority))
}

func (p *Pages) privacy(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Privacy"}, privacyPage(p.Kit.Site.Authority))
}

func (p *Pages) components(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Show(w, r, kit.Page{Title: "Components", Wide: true}, componentsPage())
}
