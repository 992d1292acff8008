package caseload

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/printing"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	PEPs     *pep.Service
	Children *child.Service
	// Rules are the council's calendar and dated values of today.
	Rules  func(context.Context) (worklist.Rules, error)
	Prints *printing.Service
	// Rubrics are what plans are graded with, to say their grades in words.
	Rubrics quality.Set
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/peps", access.SeePEP, p.list)
	rt.Get("/peps.csv", access.ExportPEPs, p.export)
	rt.Get("/peps/remind", access.RemindPEP, p.remind)
	rt.Post("/peps/remind", access.RemindPEP, p.doRemind)
	rt.Get("/peps/reassign", access.ChangeAllocation, p.reassign)
	rt.Post("/peps/reassign", access.ChangeAllocation, p.doReassign)
	rt.Get("/peps/completion", access.SeeCompletion, p.completion)

	rt.Get(printsPath, access.SeePEP, p.prints)
	rt.Get(printsPath+"/new", access.SeePEP, p.newPrint)
	rt.Post(printsPath+"/new", access.SeePEP, p.startPrint)
	rt.Get(printsPath+"/{runID}", access.SeePEP, p.printRun)
	rt.Export(printsPath+"/{runID}/{file}.pdf", access.SeePEP, p.printFile)
	rt.Post(printsPath+"/{runID}/delete", access.SeePEP, p.deletePrint)
}
