package seed

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/retention"
)

// longAgo brings three records from the old paper register, of people who left care in the last century. The
// time of all of them is over: one waits, one is wanted for an inquiry, and one was deleted last month.
func (c *council) longAgo(ctx context.Context) error {
	today := c.days.today
	if _, err := c.oldRecord(ctx, today, "OLD-0001", "Dorothy", "Ashworth", "1951-02-28"); err != nil {
		return err
	}
	wanted, err := c.oldRecord(ctx, today, "OLD-0002", "Kenneth", "Pullan", "1950-07-19")
	if err != nil {
		return err
	}
	decide := retention.Service{DB: c.at(today, 10).db}
	if err := decide.Hold(ctx, c.staff.head.Actor, wanted, "inquiry", "The inquiry into children’s homes of the 1950s asked that nothing of those years goes.", today.AddYears(2)); err != nil {
		return err
	}
	return c.deleted(ctx, today.AddDays(-28))
}

// deleted is a record that two people agreed had done its work.
func (c *council) deleted(ctx context.Context, day calendar.Date) error {
	const reference = "OLD-0003"
	child, err := c.oldRecord(ctx, day.AddDays(-20), reference, "Maureen", "Tolley", "1949-05-11")
	if err != nil {
		return err
	}
	if err := (&retention.Service{DB: c.at(day.AddDays(-14), 0).db}).Propose(ctx, c.staff.deputy.Actor, child, "The county archive has looked and does not want it. Insurers and the legal team know of no claim."); err != nil {
		return err
	}
	if err := (&retention.Service{DB: c.at(day.AddDays(-7), 0).db}).Decide(ctx, c.staff.head.Actor, child, 1, "approved", "Read the archive’s letter of last week."); err != nil {
		return err
	}
	_, err = (&retention.Service{DB: c.at(day, 0).db}).Delete(ctx, c.staff.deputy.Actor, child, 2, reference)
	return err
}

// oldRecord is a record entered on a day, of somebody who was in care from the age of six.
func (c *council) oldRecord(ctx context.Context, entered calendar.Date, reference, forename, surname, birthday string) (id int64, err error) {
	born := calendar.MustParse(birthday)
	err = c.at(entered, 5).db.Change(ctx, c.staff.head.Actor, func(ctx context.Context, tx *postgres.Tx) (err error) {
		id, err = postgres.GetValue[int64](ctx, tx, `insert into child (la_child_id, forename, surname, date_of_birth, sex, source, created_at, updated_at)
			values (@la, @forename, @surname, @born, 'U', 'seed', @now, @now) returning id`,
			postgres.Args{"la": reference, "forename": forename, "surname": surname, "born": born})
		if err != nil {
			return err
		}
		return tx.DoOne(ctx, `insert into care_period (child_id, period, end_code, source) values (@child, daterange(@from, @until), 'E8', 'seed')`,
			postgres.Args{"child": id, "from": born.AddYears(6), "until": calendar.Birthday(born, 17)})
	})
	return id, err
}
