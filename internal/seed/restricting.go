package seed

import (
	"context"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
)

// restricting is how a record is hidden from all but a few. Of the child who must not be found the place is
// written down, the data officer is named without being told it, and one evening an advisor broke the glass.
func (c *council) restricting(y *young) []act {
	d, head := c.days, c.staff.head.Actor
	restriction := child.Restriction{Reason: "adoption", Words: "Placed with the people who want to adopt; the order is before the court", From: d.anchor,
		Named: []int64{y.advisor.ID, y.worker.ID, y.officer.ID, c.staff.deputy.ID}}
	if y.is == protection {
		restriction.Reason, restriction.Words = "protection", "A relative has been looking for the child at schools in the area"
	}
	acts := []act{{d.anchor, head, "restrict", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.children.Restrict(ctx, by, y.id, restriction)
	}}}
	if y.is != protection {
		return append(acts, act{d.anchor, c.staff.lead.Actor, "break the glass", func(ctx context.Context, now *desk, by access.Actor) error {
			_, err := now.glass.Open(ctx, by, breakglass.Asking{Name: y.forename + " " + y.surname, Born: y.born,
				Reason: "The school rang: the child had not come home, and they needed to know whom to tell."})
			return err
		}}, act{d.anchor, head, "look into the opening", func(ctx context.Context, now *desk, by access.Actor) error {
			opened, err := lastOpening(ctx, now.db, by)
			if err != nil {
				return err
			}
			return now.glass.Review(ctx, by, opened, breakglass.Review{Justified: true, Words: "Priya rang me at once, and the social worker was told within minutes."})
		}})
	}
	return append(acts, act{d.anchor, head, "write the place down", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.children.KeepPlace(ctx, by, y.id, "contact", "Write to the carers by the fostering team only. Nothing goes to the house.")
	}}, act{d.anchor, head, "name without the place", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.children.Name(ctx, by, y.id, child.Naming{AccountID: c.staff.data.ID, Why: "Keeps the record's dates right for the yearly return"})
	}}, act{d.anchor, c.staff.lead.Actor, "break the glass", func(ctx context.Context, now *desk, by access.Actor) error {
		_, err := now.glass.Open(ctx, by, breakglass.Asking{Name: y.forename + " " + y.surname, Born: y.born,
			Reason: "The police rang in the evening and needed the social worker's name. Nobody named answered the phone."})
		return err
	}})
}

// lastOpening is the number of the record opened last behind glass.
func lastOpening(ctx context.Context, db *postgres.DB, by access.Actor) (int64, error) {
	var openings []breakglass.Opening
	var batch postgres.Batch
	breakglass.QueueAll(&batch, &openings, by)
	if err := db.View(ctx, by, &batch); err != nil {
		return 0, err
	}
	last := int64(0)
	for _, opening := range openings {
		last = max(last, opening.ID)
	}
	return last, nil
}

// missed is two askings for a child whom a social worker should have and does not find: one waits, and one that
// was of a child who is not in care is decided. It happens once, however large the council.
func (c *council) missed(y *young) []act {
	d, asker := c.days, c.staff.workers[0]
	if y != c.cast[slices.IndexFunc(c.cast, func(one *young) bool { return one.is == wrongUPN })] {
		return nil
	}
	if y.worker.ID == asker.ID {
		asker = c.staff.workers[1]
	}
	return []act{{d.back(4), asker.Actor, "ask for a child", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.requests.Ask(ctx, by, accessrequest.Asking{Name: "Jamie Notley", Born: calendar.New(2013, 6, 4), Why: "The duty team says that the case is mine from Monday."})
	}}, {d.back(3), c.staff.lead.Actor, "decide about the asking", func(ctx context.Context, now *desk, by access.Actor) error {
		var requests []accessrequest.Request
		var batch postgres.Batch
		accessrequest.QueueAll(&batch, &requests, by)
		if err := now.db.View(ctx, by, &batch); err != nil {
			return err
		}
		for _, request := range requests {
			if request.State == "asked" && request.AskedBy == asker.ID {
				return now.requests.Decide(ctx, by, request.ID, accessrequest.Decision{Outcome: accessrequest.Refuse, Note: "Not in care. I rang the duty team, who meant the child in need plan."})
			}
		}
		return nil
	}}, {d.back(1), asker.Actor, "ask for another child", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.requests.Ask(ctx, by, accessrequest.Asking{Name: y.forename + " " + y.surname, Born: y.born, Why: "I take over the case while my colleague is on leave, and do not find the child in my list."})
	}}}
}
