package timetables

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/export"
	"virtualschool/internal/timetable"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit        *kit.Kit
	Timetables *timetable.Service
}

const registerPath = "/registers/timetables"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(registerPath, access.SeeRegisters, p.register)
	rt.Get(registerPath+".csv", access.ExportRegisters, p.download(export.CSV))
	rt.Get(registerPath+".xlsx", access.ExportRegisters, p.download(export.Excel))
	rt.ChildGet("/children/{childID}/timetables", access.SeeChild, p.show)
	rt.ChildGet("/children/{childID}/timetables/new", access.RecordTimetable, p.record)
	rt.ChildPost("/children/{childID}/timetables/new", access.RecordTimetable, p.saveRecord)
	rt.ChildGet("/children/{childID}/timetables/{timetableID}", access.RecordTimetable, p.correct)
	rt.ChildPost("/children/{childID}/timetables/{timetableID}", access.RecordTimetable, p.saveCorrect)
	rt.ChildGet("/children/{childID}/timetables/{timetableID}/review", access.RecordTimetable, p.review)
	rt.ChildPost("/children/{childID}/timetables/{timetableID}/review", access.RecordTimetable, p.saveReview)
}

func timetablesPath(r *http.Request) string { return childPath(kit.ChildID(r)) }

func childPath(childID int64) string { return fmt.Sprintf("/children/%d/timetables", childID) }
