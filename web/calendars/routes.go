package calendars

import (
	"virtualschool/internal/access"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
)

// fileLimit is more than a file of term dates or bank holidays needs, and so little that the text of
// one can be carried in a form.
const fileLimit = 256 << 10

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Settings *setting.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/admin/calendars", access.SetPolicy, p.list)
	rt.Get("/admin/calendars/term", access.SetPolicy, p.term)
	rt.Post("/admin/calendars/term", access.SetPolicy, p.saveTerm)
	rt.Post("/admin/calendars/term/remove", access.SetPolicy, p.removeTerm)
	rt.Get("/admin/calendars/closed-days", access.SetPolicy, p.closedDays)
	rt.Post("/admin/calendars/closed-days", access.SetPolicy, p.saveClosedDay)
	rt.Post("/admin/calendars/closed-days/remove", access.SetPolicy, p.removeClosedDay)
	rt.Get("/admin/calendars/files", access.SetPolicy, p.files)
	rt.Upload("/admin/calendars/bank-holidays", access.SetPolicy, fileLimit, p.loadHolidays)
	rt.Upload("/admin/calendars/term-dates", access.SetPolicy, fileLimit, p.previewTerms)
	rt.Post("/admin/calendars/term-dates/apply", access.SetPolicy, p.applyTerms)
}
