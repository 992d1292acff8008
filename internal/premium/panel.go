package premium

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// Panel is a meeting that looks at requests above the council's limit before they are approved.
type Panel struct {
	ID         int64
	Day        calendar.Date
	Members    string
	Minutes    string
	HeldAt     *time.Time // nil: not yet
	HeldByName string
	Version    int
	Requests   int         // sent to it, as they stood
	Waiting    int         // of those, without a decision
	Asked      money.Pence // by all of them
}

const panelSQL = `select p.id, p.day, p.members, p.minutes, p.held_at, coalesce(h.name, '') as held_by_name, p.version, q.requests, q.waiting, q.asked
	from premium_panel p left join account h on h.id = p.held_by
	cross join lateral (select count(*)::int as requests, (count(*) filter (where r.state = 'at_panel' and r.version = i.request_version))::int as waiting,
			coalesce(sum(r.amount_pence), 0)::bigint as asked
		from premium_panel_item i join premium_request r on r.id = i.request_id where i.panel_id = p.id) q `

// QueuePanels queues the panels, those to come first and then the latest.
func QueuePanels(batch *postgres.Batch, into *[]Panel) {
	postgres.Many(batch, into, panelSQL+`order by p.held_at is not null, case when p.held_at is null then p.day end, p.day desc limit 60`, nil)
}

// QueuePanel queues one panel. One that is not there fails the batch with NotFound.
func QueuePanel(batch *postgres.Batch, into *Panel, panelID int64) {
	postgres.One(batch, into, panelSQL+`where p.id = @panel`, postgres.Args{"panel": panelID})
}

// QueueNextPanel queues the day of the panel that a request sent today goes to; nil: none is planned.
func QueueNextPanel(batch *postgres.Batch, into **NextPanel) {
	postgres.Maybe(batch, into, nextPanelSQL, nil)
}

// NextPanel is the panel that a request sent today goes to.
type NextPanel struct {
	ID  int64
	Day calendar.Date
}

const nextPanelSQL = `select id, day from premium_panel where held_at is null and day >= @today order by day limit 1`

// Meeting is what is said of a panel.
type Meeting struct {
	Day     calendar.Date
	Members string
	Minutes string
}

// The longest members and minutes of a panel, in characters.
const (
	MembersLimit = 1000
	MinutesLimit = 10000
)

func (m Meeting) tidy() Meeting {
	m.Members, m.Minutes = strings.TrimSpace(m.Members), strings.TrimSpace(m.Minutes)
	return m
}

// planned finds what is wrong with a panel to come: problems are about day and members.
func (m Meeting) planned(today calendar.Date) error {
	var p fault.Problems
	switch {
	case m.Day.IsZero():
		p.Add("day", "Enter the day of the panel")
	case m.Day.Before(today):
		p.Add("day", "Day of the panel must be today or later")
	case m.Day.After(today.AddYears(2)):
		p.Add("day", "Day of the panel must be within two years")
	}
	if utf8.RuneCountInString(m.Members) > MembersLimit {
		p.Addf("members", "Use %d characters or fewer", MembersLimit)
	}
	return p.Err()
}

// held finds what is missing to call a panel held: problems are about members and minutes.
func (m Meeting) held(day, today calendar.Date) error {
	var p fault.Problems
	if day.After(today) {
		p.Addf("minutes", "The panel is on %s: write its minutes then", day.Words())
	}
	switch {
	case m.Members == "":
		p.Add("members", "Enter who was on the panel")
	case utf8.RuneCountInString(m.Members) > MembersLimit:
		p.Addf("members", "Use %d characters or fewer", MembersLimit)
	}
	switch {
	case m.Minutes == "":
		p.Add("minutes", "Enter the minutes of the panel")
	case utf8.RuneCountInString(m.Minutes) > MinutesLimit:
		p.Addf("minutes", "Use %d characters or fewer", MinutesLimit)
	}
	return p.Err()
}

// PlanPanel plans a panel. It needs DecidePremium. Two panels on one day: invalid, field "day".
func (s *Service) PlanPanel(ctx context.Context, actor access.Actor, meeting Meeting) (id int64, err error) {
	meeting = meeting.tidy()
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.DecidePremium, access.Facts{}); err != nil {
			return err
		}
		if err := meeting.planned(tx.Today); err != nil {
			return err
		}
		id, err = postgres.GetValue[int64](ctx, tx, `insert into premium_panel (day, members, planned_by, planned_at) values (@day, @members, @by, @now) returning id`,
			postgres.Args{"day": meeting.Day, "members": meeting.Members, "by": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium panel", SubjectID: id, Action: "planned", After: map[string]any{"day": meeting.Day, "members": meeting.Members}})
	})
	if postgres.Constraint(err) == "premium_panel_day_key" {
		return 0, fault.Invalid("day", "There is a panel on this day already")
	}
	return id, err
}

// HoldPanel writes down that a panel met, once: its requests can then be approved. It needs
// DecidePremium, on or after the panel's day. A panel that is not at version is a conflict.
func (s *Service) HoldPanel(ctx context.Context, actor access.Actor, panelID int64, version int, meeting Meeting) error {
	meeting = meeting.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		day, err := postgres.GetValue[calendar.Date](ctx, tx, `select day from premium_panel where id = @panel for update`, postgres.Args{"panel": panelID})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.DecidePremium, access.Facts{}); err != nil {
			return err
		}
		if err := meeting.held(day, tx.Today); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update premium_panel set members = @members, minutes = @minutes, held_by = @by, held_at = @now, version = version + 1
			where id = @panel and held_at is null and version = @version`,
			postgres.Args{"panel": panelID, "version": version, "members": meeting.Members, "minutes": meeting.Minutes, "by": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium panel", SubjectID: panelID, Action: "held", After: map[string]any{"members": meeting.Members, "minutes": meeting.Minutes}})
	})
}

// sendToPanel sends a request to the next panel: as it stands now, which is a version of its own.
func sendToPanel(ctx context.Context, tx *postgres.Tx, was locked, w Weighing, words string) error {
	next, err := postgres.List[NextPanel](ctx, tx, nextPanelSQL, nil)
	if err != nil {
		return err
	}
	if len(next) == 0 {
		return fault.Invalid("outcome", "No panel is planned. Plan one first, then send the request to it.")
	}
	if was.State == AtPanel && w.PanelID == next[0].ID {
		return fault.Invalid("outcome", "It waits for the panel of "+next[0].Day.Words()+" already.")
	}
	args := postgres.Args{"request": was.ID, "child": was.ChildID, "version": was.Version, "panel": next[0].ID, "by": tx.Actor.ID}
	err = tx.DoOne(ctx, `update premium_request set state = 'at_panel', version = version + 1
		where id = @request and state in ('asked', 'at_panel') and version = @version`, args)
	if err != nil {
		return err
	}
	err = tx.DoOne(ctx, `insert into premium_panel_item (request_id, child_id, request_version, panel_id, sent_by, sent_at)
		values (@request, @child, @version + 1, @panel, @by, @now)`, args)
	if err != nil {
		return err
	}
	if err := writeEvent(ctx, tx, was.ChildID, was.ID, "to_panel", 0, words); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: was.ID, Action: "sent to panel",
		Before: map[string]any{"state": was.State}, After: map[string]any{"state": AtPanel, "panel": next[0].Day, "reason": words, "stand_in": w.StandIn}})
}
