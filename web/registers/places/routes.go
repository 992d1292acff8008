package places

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/export"
	"virtualschool/internal/schoolplace"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit    *kit.Kit
	Places *schoolplace.Service
}

const registerPath = "/registers/places"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(registerPath, access.SeePlaceSearch, p.register)
	rt.Get(registerPath+".csv", access.ExportRegisters, p.download(export.CSV))
	rt.Get(registerPath+".xlsx", access.ExportRegisters, p.download(export.Excel))
	rt.ChildGet("/children/{childID}/school-place", access.SeePlaceSearch, p.show)
	rt.ChildGet("/children/{childID}/school-place/plan", access.RecordPlaceSearch, p.plan)
	rt.ChildPost("/children/{childID}/school-place/plan", access.RecordPlaceSearch, p.savePlan)
	rt.ChildGet("/children/{childID}/school-place/steps/new", access.RecordPlaceSearch, p.step)
	rt.ChildPost("/children/{childID}/school-place/steps/new", access.RecordPlaceSearch, p.saveStep)
	rt.ChildGet("/children/{childID}/school-place/steps/{stepID}", access.RecordPlaceSearch, p.correct)
	rt.ChildPost("/children/{childID}/school-place/steps/{stepID}", access.RecordPlaceSearch, p.saveCorrect)
}

func placePath(r *http.Request) string { return childPath(kit.ChildID(r)) }

func childPath(childID int64) string { return fmt.Sprintf("/children/%d/school-place", childID) }
