package home

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/internal/account"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake"
	"virtualschool/internal/looking"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// day is everything a person's list is made from.
type day struct {
	Actor  access.Actor
	Today  calendar.Date
	Facts  worklist.Facts
	Rules  worklist.Rules
	Duties []worklist.Duty
	AsAt   calendar.Date // of the schools register, for those who import it

	StandIns []account.StandIn      // today, for those who can name one
	Unusual  int                    // people whose looking at records is out of the usual, for those who review it
	Requests accessrequest.Waiting  // for who decides about them
	Openings breakglass.Waiting     // for who looks into them
	Withheld intake.WithheldWaiting // rows of files about restricted records that name the reader
}

// read brings the facts in one round trip and works out what needs the reader.
func (p *Pages) read(r *http.Request) (day, error) {
	d := day{Actor: kit.Actor(r), Today: p.Kit.Today()}
	d.Rules = worklist.Rules{Today: d.Today, Forms: p.Forms, Schemes: p.Schemes}
	var batch postgres.Batch
	worklist.Queue(&batch, &d.Facts)
	setting.QueueCalendar(&batch, &d.Rules.Calendar, p.Kit.Site.AuthorityCode, 0)
	policy.Queue(&batch, &d.Rules.Values)
	if d.Actor.Role == access.DataOfficer {
		setting.QueueAsAt(&batch, &d.AsAt)
	}
	if access.Can(d.Actor, access.ReviewLooking) {
		looking.QueueWaiting(&batch, &d.Unusual)
	}
	if access.Can(d.Actor, access.NameStandIn) {
		account.QueueStandInsNow(&batch, &d.StandIns)
	}
	if access.Can(d.Actor, access.DecideAccess) {
		accessrequest.QueueWaiting(&batch, &d.Requests, d.Actor)
	}
	if access.Can(d.Actor, access.ReviewBreakGlass) {
		breakglass.QueueWaiting(&batch, &d.Openings, d.Actor)
	}
	if access.Can(d.Actor, access.RestrictChild) {
		intake.QueueWithheldWaiting(&batch, &d.Withheld)
	}
	if err := p.Kit.DB.View(r.Context(), d.Actor, &batch); err != nil {
		return day{}, err
	}
	d.Duties = worklist.Duties(d.Facts, d.Rules, d.Actor)
	return d, nil
}

func childrenOf(duties []worklist.Duty) []int64 {
	var children []int64
	for _, d := range duties {
		if d.ChildID != 0 {
			children = append(children, d.ChildID)
		}
	}
	return children
}

var urgencies = map[worklist.When]ui.Urgency{worklist.Overdue: ui.Overdue, worklist.ThisWeek: ui.Soon, worklist.Later: ui.Later}

// lines are duties as the list shows them.
func lines(duties []worklist.Duty, today calendar.Date) []ui.Duty {
	list := make([]ui.Duty, 0, len(duties))
	for _, d := range duties {
		line := ui.Duty{What: d.What, Href: d.Href, Reason: d.Why, Due: d.DueWords(today), Urgency: urgencies[d.When(today)], Explanation: d.Explanation()}
		if d.ChildID != 0 {
			line.Who, line.WhoHref = d.Child, fmt.Sprintf("/children/%d", d.ChildID)
		}
		list = append(list, line)
	}
	return list
}
