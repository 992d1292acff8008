package lostdays

import (
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit *kit.Kit
}

const registerPath = "/registers/lost"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(registerPath, access.SeeLostDays, p.register)
	rt.Get(registerPath+".csv", access.ExportRegisters, p.download(export.CSV))
	rt.Get(registerPath+".xlsx", access.ExportRegisters, p.download(export.Excel))
	rt.ChildGet("/children/{childID}/lost", access.SeeLostDays, p.show)
}

func childPath(childID int64) string { return fmt.Sprintf("/children/%d", childID) }

// years is how many academic years back can be looked at.
const years = 5

// period is an academic year as far as it has come.
type period struct {
	Year     int
	From, To calendar.Date
}

// periodOf is the academic year an address asks for, or this one.
func periodOf(r *http.Request, today calendar.Date) period {
	now := calendar.AcademicYear(today)
	year, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil || year > now || year <= now-years {
		year = now
	}
	days := calendar.AcademicYearRange(year)
	return period{year, days.Start, calendar.Earliest(today, days.LastDay())}
}

func (p period) label() string { return calendar.AcademicYearLabel(p.Year) }
