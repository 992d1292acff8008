package sent

import (
	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit        *kit.Kit
	Attendance *attendance.Service
}

const home = "/attendance/sent"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(home, access.TakeBackMarks, p.list)
	rt.Get(home+"/{deliveryID}", access.TakeBackMarks, p.show)
	rt.Get(censusPath, access.CheckCensus, p.census)
	rt.Post(home+"/{deliveryID}/back", access.TakeBackMarks, p.takeBack)
}
