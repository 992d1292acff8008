package factor

import (
	"context"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// MadeSure is how somebody was known to be the one they say, who has lost what they sign in with.
type MadeSure string

const (
	InPerson   MadeSure = "in_person"
	CalledBack MadeSure = "called_back"
	OnVideo    MadeSure = "on_video"
	VouchedFor MadeSure = "vouched_for"
)

// WaysToMakeSure in the order screens offer them. A message or call that came in by itself is none of them.
var WaysToMakeSure = []MadeSure{InPerson, CalledBack, OnVideo, VouchedFor}

// Name is the way as screens say it.
func (m MadeSure) Name() string {
	return map[MadeSure]string{
		InPerson:   "I met them in person",
		CalledBack: "I called them back on a number we already had",
		OnVideo:    "I know them and saw them on a video call that I started",
		VouchedFor: "Their head teacher or manager, whom I called, confirmed it",
	}[m]
}

// Loss is why another person's factors go, and how it was made sure who asks.
type Loss struct {
	Reason string   // in words, up to MostReason characters
	Made   MadeSure // how it was made sure who asks
}

// MostReason is how long the reason may be, in characters.
const MostReason = 500

func (l Loss) check() error {
	var problems fault.Problems
	if strings.TrimSpace(l.Reason) == "" {
		problems.Add("reason", "Enter what happened")
	}
	if !slices.Contains(WaysToMakeSure, l.Made) {
		problems.Add("made_sure", "Choose how you made sure who asks")
	}
	return problems.Err()
}

// RemoveAll takes all factors of another person away and ends their sessions, so that they sign in with the
// first factor and set up anew what their role asks: for those who manage accounts, never for themselves.
// They are told by mail. Conflict: there is nothing to remove.
func (s *Service) RemoveAll(ctx context.Context, actor access.Actor, accountID int64, loss Loss) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := account.ToManage(ctx, tx, accountID); err != nil {
			return err
		}
		if accountID == actor.ID {
			return fault.Forbidden("You remove your own factors on your account page.")
		}
		if err := loss.check(); err != nil {
			return err
		}
		has, err := loadHas(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if !has.Any() {
			return fault.Conflict("This person has no second factor.")
		}
		for _, statement := range []string{`delete from passkey where account_id = @id`, `delete from authenticator where account_id = @id`, `delete from recovery_code where account_id = @id`} {
			if _, err := tx.Do(ctx, statement, postgres.Args{"id": accountID}); err != nil {
				return err
			}
		}
		if err := account.EndAllSessions(ctx, tx, accountID); err != nil {
			return err
		}
		if err := account.NoteSignIn(ctx, tx, account.SignInEvent{AccountID: accountID, Kind: account.FactorsRemoved, Reason: loss.Reason, MadeSure: string(loss.Made)}); err != nil {
			return err
		}
		return tell(ctx, tx, accountID, "Your Virtual School second factors were removed",
			"All second factors of your account were removed by the Virtual School, and you were signed out everywhere. You sign in as before and set up new ones.")
	})
}
