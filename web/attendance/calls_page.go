package attendance

import (
	"net/http"

	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
)

const callsPath = "/attendance/calls"

// callsBack is how many days back a phone round asks after marks that never came.
const callsBack = 7

// callsView is whom to ring: schools that were open and have not sent every mark.
type callsView struct {
	Today   calendar.Date
	From    calendar.Date
	Schools []call
	Heard   int // schools that have sent everything
}

// call is one school to ring.
type call struct {
	SettingID int64
	School    string
	Telephone string
	Children  []attendance.Named // about whom something is missing
	Sessions  int
	Today     int // of those, today's
	Oldest    calendar.Date
}

// calls is the phone round of the Virtual School.
func (p *Pages) calls(w http.ResponseWriter, r *http.Request) error {
	actor := kit.Actor(r)
	view := callsView{Today: p.Kit.Today()}
	view.From = view.Today.AddDays(-callsBack)
	var pupils []attendance.Pupil
	var days []attendance.Day
	var calendars setting.Calendars
	var batch postgres.Batch
	attendance.QueuePupils(&batch, &pupils, actor, 0, view.From, view.Today)
	attendance.QueueDaysBetween(&batch, &days, view.From, view.Today)
	setting.QueueAllCalendars(&batch, &calendars)
	if err := p.Kit.DB.View(r.Context(), actor, &batch); err != nil {
		return err
	}
	gaps := attendance.Gaps(pupils, days, attendance.NewExpectation(calendars.BySetting()), view.From, view.Today)
	view.ring(pupils, gaps)
	var shown []int64
	for _, gap := range gaps {
		shown = append(shown, gap.Pupil.ID)
	}
	if err := p.Kit.Looked(r, "phone round", shown); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Phone round", Wide: true}, callsPage(view))
}

// ring puts gaps together to calls, a school each.
func (v *callsView) ring(pupils []attendance.Pupil, gaps []attendance.Gap) {
	schools := map[int64]bool{}
	for _, pupil := range pupils {
		schools[pupil.SettingID] = true
	}
	var last *call
	for _, gap := range gaps {
		if last == nil || last.SettingID != gap.Pupil.SettingID {
			v.Schools = append(v.Schools, call{SettingID: gap.Pupil.SettingID, School: gap.Pupil.School, Telephone: gap.Pupil.Telephone, Oldest: gap.Day})
			last = &v.Schools[len(v.Schools)-1]
		}
		if n := len(last.Children); n == 0 || last.Children[n-1].ID != gap.Pupil.ID {
			last.Children = append(last.Children, gap.Pupil.Named)
		}
		last.Sessions++
		last.Oldest = calendar.Earliest(last.Oldest, gap.Day)
		if gap.Day == v.Today {
			last.Today++
		}
	}
	v.Heard = len(schools) - len(v.Schools)
}
