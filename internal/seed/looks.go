package seed

import (
	"context"
	"fmt"
	"time"

	"virtualschool/internal/audit"
	"virtualschool/internal/looking"
	"virtualschool/internal/postgres"
)

// pry has the data officer open a few records on a Saturday and a Sunday evening, with no part in any of the
// cases, so that the Virtual School Head finds something that is out of the usual. Then the rules look at that week.
func (c *council) pry(ctx context.Context) error {
	monday := c.days.today.Monday().AddDays(-7)
	for n, y := range c.cast[:min(len(c.cast), 4)] {
		for evening, day := range []int{5, 6} {
			moment := monday.AddDays(day).Start().Add(21*time.Hour + time.Duration(10+7*n)*time.Minute)
			opening := audit.WithRequestID(ctx, fmt.Sprintf("%016x", 1+n*2+evening))
			var batch postgres.Batch
			audit.Look(opening, &batch, c.staff.data.Actor, y.id, "child")
			if err := c.services.DB.At(func() time.Time { return moment }).View(opening, c.staff.data.Actor, &batch); err != nil {
				return err
			}
		}
	}
	_, err := (&looking.Service{DB: c.services.DB, Authority: c.authority}).Week(ctx, monday)
	return err
}
