package forms

import (
	"virtualschool/internal/access"
	"virtualschool/internal/pep/forms"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit   *kit.Kit
	Forms forms.Set
}

// Routes registers the pages. They are about no child.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/peps/forms", access.SeePEP, p.forms)
	rt.Get("/peps/forms/{form}", access.SeePEP, p.form)
	rt.Get("/peps/forms/{form}/blank", access.SeePEP, p.blank)
	rt.Get("/peps/forms/{form}/blank.pdf", access.SeePEP, p.blankPDF)
}
