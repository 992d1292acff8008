package seed

import (
	"context"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/postgres"
)

// review answers a part of this term's access review: all of the team but the two who answer, and of two
// schools in three. One class teacher has left. The other schools wait, and are late when the term is some weeks old.
func (c *council) review(ctx context.Context) error {
	day := c.days.terms[c.days.now].Starts.AddDays(9)
	if day.After(c.days.today) {
		day = c.days.today
	}
	now := c.at(day, 60)
	var places []account.ReviewPlace
	var batch postgres.Batch
	account.QueueReview(&batch, &places, c.authority)
	if err := now.db.View(ctx, c.staff.head.Actor, &batch); err != nil {
		return err
	}
	ended := false
	for n, place := range places {
		if place.SettingID != 0 && n%3 == 0 && place.People == 1 {
			continue
		}
		people, err := c.asked(ctx, now, place.SettingID)
		if err != nil {
			return err
		}
		said := make([]account.Said, 0, len(people))
		for _, person := range people {
			one := account.Said{AccountID: person.ID, Answer: account.Keep}
			if !ended && person.Post == string(account.Colleague) {
				one.Answer, one.Reason, ended = account.EndHere, "Left the school in the summer", true
			}
			said = append(said, one)
		}
		if len(said) == 0 {
			continue
		}
		if err := now.accounts.Review(ctx, c.staff.data.Actor, c.authority, place.SettingID, said); err != nil {
			return err
		}
	}
	return nil
}

// asked are those of one place whom the data officer answers about: neither themselves nor heads and deputies.
func (c *council) asked(ctx context.Context, now *desk, settingID int64) ([]account.Reviewed, error) {
	var people []account.Reviewed
	var batch postgres.Batch
	account.QueueReviewed(&batch, &people, c.authority, settingID)
	err := now.db.View(ctx, c.staff.data.Actor, &batch)
	return slices.DeleteFunc(people, func(person account.Reviewed) bool {
		return !person.Asked() || person.ID == c.staff.data.ID || person.Role == access.Head || person.Role == access.Deputy
	}), err
}
