package account

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Join makes a person belong to a setting. Only people at a school do. An address that is none of the school's
// is looked at twice: confirmed is the person's name, typed again (SchoolDomains). Problems are about the
// fields of NewMembership in small letters, and "confirm".
func (s *Service) Join(ctx context.Context, actor access.Actor, accountID int64, membership NewMembership, confirmed string) error {
	if err := membership.check().Err(); err != nil {
		return err
	}
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := mayManage(actor, before.Role); err != nil {
			return err
		}
		if before.State == Ended || before.Role != access.School {
			return fault.Conflict("Only people at a school, whose account has not ended, belong to a school.")
		}
		if err := mayJoin(ctx, tx, NewAccount{Name: before.Name, Email: before.Email, Settings: []NewMembership{membership}, Confirmed: confirmed}); err != nil {
			return err
		}
		id, err := insertMembership(ctx, tx, accountID, membership)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "account_setting", SubjectID: id, Action: "joined", After: map[string]any{"account": accountID, "membership": membership}})
	})
	return membershipProblem(err)
}

// Leave says on which day a person last belongs to a setting; what they may see there ends with it.
func (s *Service) Leave(ctx context.Context, actor access.Actor, accountID, membershipID int64, lastDay calendar.Date) error {
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		person, err := lock(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if err := mayManage(actor, person.Role); err != nil {
			return err
		}
		before, err := lockMembership(ctx, tx, accountID, membershipID)
		if err != nil {
			return err
		}
		if lastDay.IsZero() {
			return fault.Invalid("last", "Enter the last day")
		}
		if lastDay.Before(before.From) {
			return fault.Invalid("last", "The last day must not be before the first, "+before.From.Words())
		}
		err = tx.DoOne(ctx, `update account_setting set period = daterange(lower(period), @until) where id = @id`,
			postgres.Args{"id": membershipID, "until": lastDay.AddDays(1)})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "account_setting", SubjectID: membershipID, Action: "left", Before: before, After: lastDay})
	})
	return membershipProblem(err)
}

// membershipProblem words what the database refuses about a membership.
func membershipProblem(err error) error {
	switch postgres.Constraint(err) {
	case "account_setting_setting_id_fkey":
		return fault.Invalid("setting", "Choose a school from the list")
	case "account_setting_account_id_setting_id_period_excl":
		return fault.Invalid("from", "This person belongs to this school already for some of these days")
	}
	return err
}
