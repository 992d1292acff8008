package paper

import (
	"virtualschool/internal/access"
	"virtualschool/web/kit"
	"virtualschool/web/peps"
)

// Pages are the pages of this folder, which read a plan as its own page does.
type Pages struct{ *peps.Pages }

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	const plan = "/children/{childID}/peps/{pepID}"
	rt.ChildGet(plan+"/print", access.SeePEP, p.print)
	rt.ChildGet(plan+".pdf", access.SeePEP, p.printPDF)
	rt.ChildGet(plan+"/child", access.SeePEP, p.young)
	rt.ChildGet(plan+"/child.pdf", access.SeePEP, p.youngPDF)
}
