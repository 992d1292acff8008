package attendance

import (
	"context"
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/attendance"
	"virtualschool/internal/export"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit        *kit.Kit
	Attendance *attendance.Service
	Accounts   *account.Service
	// Rules are the council's calendar and dated values as they hold now.
	Rules func(context.Context) (worklist.Rules, error)
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(todayPath, access.SeeAttendance, p.today)
	rt.Get(cohortPath, access.CompareAttendance, p.cohort)
	rt.Get(cohortPath+".csv", access.CompareAttendance, p.downloadCohort(export.CSV))
	rt.Get(cohortPath+".xlsx", access.CompareAttendance, p.downloadCohort(export.Excel))
	rt.Get(childrenPath, access.CompareAttendance, p.cohortChildren)
	rt.Get(childrenPath+".csv", access.CompareAttendance, p.downloadChildren(export.CSV))
	rt.Get(childrenPath+".xlsx", access.CompareAttendance, p.downloadChildren(export.Excel))
	rt.Get("/attendance/marks.csv", access.CompareAttendance, p.downloadMarks)
	rt.Get(registerPath, access.RecordAttendance, p.register)
	rt.Post(registerPath, access.RecordAttendance, p.keepRegister)
	rt.Open(http.MethodGet, "/is-in/{token}", p.isIn)
	rt.Open(http.MethodPost, "/is-in/{token}", p.answer)
	rt.ChildGet("/children/{childID}/attendance/ask", access.MakeCalls, p.ask)
	rt.ChildPost("/children/{childID}/attendance/ask", access.MakeCalls, p.giveAsk)
	rt.Get(callsPath, access.MakeCalls, p.calls)
	rt.ChildGet("/children/{childID}/attendance", access.SeeChild, p.show)
	rt.ChildGet("/children/{childID}/attendance/new", access.RecordAttendance, p.record)
	rt.ChildPost("/children/{childID}/attendance/new", access.RecordAttendance, p.save)
}

func attendancePath(r *http.Request) string {
	return fmt.Sprintf("/children/%d/attendance", kit.ChildID(r))
}
