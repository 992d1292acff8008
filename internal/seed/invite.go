package seed

import (
	"context"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// invite has the known designated teacher ask a colleague for one section of a plan that is being written.
func (c *council) invite(ctx context.Context) error {
	now := c.at(c.days.anchor, 60)
	at := slices.IndexFunc(c.schools, func(s *school) bool { return s.ofDemo == 1 })
	colleague := slices.IndexFunc(SignIns(), func(in SignIn) bool { return in.role == access.Colleague })
	if at < 0 || colleague < 0 {
		return nil
	}
	teacher, person := c.schools[at].teacher.Actor, SignIns()[colleague]
	type open struct {
		ID, ChildID int64
		MeetingOn   calendar.Date
	}
	var plans []open
	var batch postgres.Batch
	postgres.Many(&batch, &plans, `select p.id, p.child_id, p.meeting_on from pep p join child c on c.id = p.child_id
		where p.state = 'draft' and p.child_id = any (`+postgres.Related+`) order by p.started_at desc, c.la_child_id`, nil)
	if err := now.db.View(ctx, teacher, &batch); err != nil {
		return err
	}
	for _, plan := range plans {
		paper := &paper{ref: pep.Ref{ChildID: plan.ChildID, PEPID: plan.ID}}
		whole, err := paper.read(ctx, now)
		if err != nil {
			return err
		}
		for _, section := range whole.Form.Sections {
			if !whole.MayInvite(teacher, pep.Part(section.Key)) || whole.Part(pep.Part(section.Key)).Complete() {
				continue
			}
			until := calendar.Latest(pep.InviteUntil(plan.MeetingOn, c.days.today, c.days.working), c.days.working.Add(c.days.today, 3))
			_, err := now.plans.Invite(ctx, teacher, paper.ref, pep.InviteInput{Section: section.Key, Email: person.Email, Name: person.name, Until: until,
				Note: "You see more of these lessons than I do. A few lines would help us at the meeting."})
			return err
		}
	}
	return nil
}
