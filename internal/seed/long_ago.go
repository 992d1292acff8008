package seed

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/retention"
)

// longAgo brings two records from the old paper register, of people who left care in the last century: the
// time of both is over, and one is wanted for an inquiry.
func (c *council) longAgo(ctx context.Context) error {
	now := c.at(c.days.today, 10)
	var ids []int64
	for n, one := range []struct{ forename, surname, born string }{{"Dorothy", "Ashworth", "1951-02-28"}, {"Kenneth", "Pullan", "1950-07-19"}} {
		born := calendar.MustParse(one.born)
		err := now.db.Change(ctx, c.staff.head.Actor, func(ctx context.Context, tx *postgres.Tx) error {
			id, err := postgres.GetValue[int64](ctx, tx, `insert into child (la_child_id, forename, surname, date_of_birth, sex, source, created_at, updated_at)
				values (@la, @forename, @surname, @born, 'U', 'seed', @now, @now) returning id`,
				postgres.Args{"la": []string{"OLD-0001", "OLD-0002"}[n], "forename": one.forename, "surname": one.surname, "born": born})
			if err != nil {
				return err
			}
			ids = append(ids, id)
			return tx.DoOne(ctx, `insert into care_period (child_id, period, end_code, source) values (@child, daterange(@from, @until), 'E8', 'seed')`,
				postgres.Args{"child": id, "from": born.AddYears(6), "until": calendar.Birthday(born, 17)})
		})
		if err != nil {
			return err
		}
	}
	decide := retention.Service{DB: now.db}
	return decide.Hold(ctx, c.staff.head.Actor, ids[1], "inquiry", "The inquiry into children’s homes of the 1950s asked that nothing of those years goes.", c.days.today.AddYears(2))
}
