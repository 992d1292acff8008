package seed

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/child"
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
		return acts
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
