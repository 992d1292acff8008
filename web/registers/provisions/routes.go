package provisions

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/export"
	"virtualschool/internal/provision"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit        *kit.Kit
	Provisions *provision.Service
}

const registerPath = "/registers/provision"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(registerPath, access.SeeRegisters, p.register)
	rt.Get(registerPath+".csv", access.ExportRegisters, p.download(export.CSV))
	rt.Get(registerPath+".xlsx", access.ExportRegisters, p.download(export.Excel))
	rt.ChildGet("/children/{childID}/provision", access.SeeChild, p.show)
	rt.ChildGet("/children/{childID}/provision/new", access.RecordProvision, p.record)
	rt.ChildPost("/children/{childID}/provision/new", access.RecordProvision, p.saveRecord)
	rt.ChildGet("/children/{childID}/provision/{provisionID}", access.RecordProvision, p.change)
	rt.ChildPost("/children/{childID}/provision/{provisionID}", access.RecordProvision, p.saveChange)
	rt.ChildGet("/children/{childID}/provision/{provisionID}/check", access.RecordProvision, p.check)
	rt.ChildPost("/children/{childID}/provision/{provisionID}/check", access.RecordProvision, p.saveCheck)
}

func provisionPath(r *http.Request) string { return childPath(kit.ChildID(r)) }

func childPath(childID int64) string { return fmt.Sprintf("/children/%d/provision", childID) }
