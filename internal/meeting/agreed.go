package meeting

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// Letter is what a person gets: that there is something to read, and where. It says nothing of the child.
func Letter(ref pep.Ref) (subject, words, path string) {
	return "What was agreed at a PEP meeting", "The one-page summary of a Personal Education Plan meeting is ready: what was agreed, who does what, and by when. Sign in to read it.",
		fmt.Sprintf("/children/%d/peps/%d/agreed", ref.ChildID, ref.PEPID)
}

// Send tells people who work with the child that what was agreed can be read, and gives the names of
// those it was sent to now: nobody gets the same agreement twice, however often it is sent. It needs
// HoldMeeting and a meeting that was held. Problems are about "people".
func (s *Service) Send(ctx context.Context, actor access.Actor, ref pep.Ref, accounts []int64) (sent []string, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.PEPs.HoldIn(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.HoldMeeting, access.Facts{}); err != nil {
			return err
		}
		if !whole.Plan.MeetingHeld {
			return fault.Conflict("The meeting has not been recorded as held, so there is nothing to send yet.")
		}
		people, err := postgres.List[Person](ctx, tx, peopleSQL, postgres.Args{"child": ref.ChildID, "pep": ref.PEPID})
		if err != nil {
			return err
		}
		chosen := slices.DeleteFunc(people, func(p Person) bool { return !slices.Contains(accounts, p.AccountID) })
		if len(chosen) == 0 || len(chosen) < len(accounts) {
			return fault.Invalid("people", "Choose at least one person from the list")
		}
		if sent, err = writeLetters(ctx, tx, ref, chosen); err != nil || len(sent) == 0 {
			return err
		}
		words := "To " + strings.Join(sent, ", ")
		if err := pep.HappenedIn(ctx, tx, ref, "agreed_sent", words); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "sent what was agreed", After: map[string]any{"to": sent}})
	})
	return sent, err
}

func writeLetters(ctx context.Context, tx *postgres.Tx, ref pep.Ref, people []Person) (sent []string, err error) {
	subject, words, path := Letter(ref)
	for _, person := range people {
		added, err := tx.Do(ctx, `insert into meeting_letter (pep_id, child_id, account_id, agreed, sent_by, sent_at)
			values (@pep, @child, @account, `+agreedSQL+`, @by, @now) on conflict do nothing`,
			postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "account": person.AccountID, "by": tx.Actor.ID})
		if err != nil {
			return nil, err
		}
		if added == 0 {
			continue
		}
		if err := job.Notify(ctx, tx, job.Notice{AccountID: person.AccountID, Subject: subject, Words: words, Path: path}); err != nil {
			return nil, err
		}
		sent = append(sent, person.Name)
	}
	return sent, nil
}
