package reports

import (
	"virtualschool/internal/access"
	"virtualschool/internal/export"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct{ Kit *kit.Kit }

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get(path, access.ReportPremium, p.report)
	rt.Get(path+".csv", access.ReportPremium, p.download(export.CSV))
	rt.Get(path+".xlsx", access.ReportPremium, p.download(export.Excel))
}

const path = "/premium/reports"
