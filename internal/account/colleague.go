package account

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// FindOrInvite finds the account of somebody whom the actor asks to write a section of a plan, or makes one
// that belongs to no school and by itself shows nothing, and sends its person a link. It works in the
// transaction of the invitation, which says what the person may see and until when. For those who have
// access.InviteColleague; that the section is theirs to share is the caller's to ask. Problems are about
// "email" and "name".
func FindOrInvite(ctx context.Context, tx *postgres.Tx, email, name string) (Account, error) {
	if !access.Can(tx.Actor, access.InviteColleague) {
		return Account{}, fault.Forbidden("Your role does not allow this.")
	}
	person := NewAccount{Email: tidyEmail(email), Name: name, Role: access.Colleague}
	if person.Email == "" {
		person.Email = email
	}
	if err := person.Check().Err(); err != nil {
		return Account{}, err
	}
	// Two who invite the same person at once both find the one account.
	made, err := postgres.ListValues[int64](ctx, tx, `insert into account (email, name, role, state, created_at)
		values (@email, @name, @role, 'invited', @now) on conflict (email) do nothing returning id`,
		postgres.Args{"email": person.Email, "name": person.Name, "role": person.Role})
	if err != nil {
		return Account{}, err
	}
	found, err := postgres.Get[credentials](ctx, tx, `select `+credentialColumns+` from account a where a.email = @email`, postgres.Args{"email": person.Email})
	if err != nil {
		return Account{}, err
	}
	if len(made) > 0 {
		if err := audit.Change(ctx, tx, entry(found.ID, string(Invited), nil, person)); err != nil {
			return Account{}, err
		}
	}
	if found.State == Ended || found.Role == access.Service {
		return Account{}, fault.Invalid("email", "This person cannot be invited. Ask the Virtual School.")
	}
	if found.State == Invited {
		if err := job.Enqueue(ctx, tx, sendLink{AccountID: found.ID, Purpose: Invitation}); err != nil {
			return Account{}, err
		}
	}
	return Account{ID: found.ID, Name: found.Name, Email: found.Email, Role: found.Role, State: found.State}, nil
}
