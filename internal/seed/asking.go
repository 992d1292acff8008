package seed

import (
	"context"

	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
)

// asking has one of the oldest young people ask to see what is held about them, a request that is known to be
// theirs and is being prepared, and say that something in it is not so.
func (c *council) asking(ctx context.Context) error {
	lead := c.staff.lead.Actor
	type asker struct {
		ID      int64
		Name    string
		Initial string
	}
	var people []asker
	var batch postgres.Batch
	postgres.Many(&batch, &people, `select c.id, coalesce(c.preferred_name, c.forename) as name, left(c.surname, 1) as initial from child c
		join care_period p on p.child_id = c.id and p.period @> @today::date
		where exists (select from note n where n.child_id = c.id) and c.forename is not null and c.surname is not null order by c.date_of_birth, c.la_child_id limit 1`, nil)
	if err := c.at(c.days.today, 0).db.View(ctx, lead, &batch); err != nil {
		return err
	}
	for _, person := range people {
		came := c.days.working.Add(c.days.today, -6)
		service := rights.Service{DB: c.at(c.days.working.Add(came, 1), 20).db}
		id, err := service.Log(ctx, lead, person.ID, rights.Asking{AskedBy: "young_person", Name: person.Name + " " + person.Initial + ".", CameHow: "in_person", Received: came})
		if err != nil {
			return err
		}
		if err := service.Identify(ctx, lead, rights.Ref{ChildID: person.ID, ID: id}, 1, "Asked at the review meeting, where the reviewing officer and the social worker were there.", came, ""); err != nil {
			return err
		}
		if _, err := service.Hear(ctx, lead, person.ID, rights.Saying{Kind: rights.IsWrong, About: "plans", RecordSays: "The plan of last term says that there is nobody to help with homework.",
			PersonSays: "My carer helps me every Tuesday, and has done all year. I want it to say so.", AskedBy: "young_person", AskedName: person.Name + " " + person.Initial + ".", AskedOn: came}); err != nil {
			return err
		}
	}
	return nil
}
