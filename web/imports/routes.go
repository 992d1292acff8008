package imports

import (
	"net/http"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/intake"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit    *kit.Kit
	Intake *intake.Service
}

// uploadLimit is the most that the files of one upload may weigh: the register of the whole country has 60 MB.
const uploadLimit = 110 << 20

// schoolLimit is the most that a school's upload may weigh: a register of the whole school for years has less.
const schoolLimit = 20 << 20

// Where the pages are: for those who import files of every kind, and for a school with the marks of its own.
const (
	home       = "/imports"
	schoolHome = "/attendance/files"
)

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	withheldRoutes(rt, p)
	for at, action := range map[string]access.Action{home: access.ImportFiles, schoolHome: access.SendMarks} {
		rt.Get(at, action, p.list)
		rt.Get(at+"/{importID}", action, p.show)
		rt.Get(at+"/{importID}/problems.csv", action, p.problems)
		rt.Post(at+"/{importID}/columns", action, p.columns)
		rt.Post(at+"/{importID}/codes", action, p.codes)
		rt.Post(at+"/{importID}/confirm", action, p.confirm)
		rt.Post(at+"/{importID}/discard", action, p.discard)
	}
	rt.Upload(home+"/{kind}", access.ImportFiles, uploadLimit, p.receive)
	rt.Upload(schoolHome, access.SendMarks, schoolLimit, p.receive)
	rt.Get(home+"/roll-template.csv", access.ImportFiles, p.template)
	rt.Get(schoolHome+"/example.csv", access.SendMarks, p.example)
}

// under is where the pages are for who asks.
func under(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, schoolHome) {
		return schoolHome
	}
	return home
}
