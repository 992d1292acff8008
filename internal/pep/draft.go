package pep

import (
	"context"
	"encoding/json"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// Unsaved is what somebody typed into a part of a plan and has not saved. It belongs to that person,
// that part and that plan, and is kept for some days after it was last typed in. Others who work on
// the plan see that it is there; they can read it, and take it over, once its writer has handed it
// over or can no longer open the child's record (policy own_or_left in migration 000010).
type Unsaved struct {
	Part        Part
	AccountID   int64
	By          string
	Page        string // the page it was typed on
	Turn        int    // what that page had last sent
	BaseVersion int    // the version of the part that the page showed
	SavedAt     time.Time
	ExpiresAt   time.Time
	Left        bool                // the words may be read and taken over
	Fields      map[string][]string // as the form has them; nil for words that are not the actor's to read
}

// Drafts are those of one plan.
type Drafts []Unsaved

// Own is the actor's own draft of a part, or nil.
func (d Drafts) Own(actor access.Actor, part Part) *Unsaved {
	for n := range d {
		if d[n].Part == part && d[n].AccountID == actor.ID {
			return &d[n]
		}
	}
	return nil
}

// Others are the drafts of a part that are not the actor's.
func (d Drafts) Others(actor access.Actor, part Part) Drafts {
	var others Drafts
	for _, one := range d {
		if one.Part == part && one.AccountID != actor.ID {
			others = append(others, one)
		}
	}
	return others
}

// DraftInput is what a page sends to be kept.
type DraftInput struct {
	Part        Part
	Page        string // names the page; another page's words are not written over
	From        string // the page whose draft this one was shown with; empty: with none
	Turn        int    // counts on the page: a lower one that comes late changes nothing
	BaseVersion int
	Fields      map[string][]string
}

// draftMost is the most one draft may hold, in bytes: several times the fullest section.
const draftMost = 400_000

// KeepDraft keeps what the actor has typed into a part they may write, whatever the plan's state:
// words typed before a plan was submitted are still theirs. It says until when they are kept. It is
// a Conflict while the same person writes the same part on another page, whose words stay.
//
// It never counts as the form's one sending, which is still to come.
func (s *Service) KeepDraft(ctx context.Context, actor access.Actor, ref Ref, in DraftInput) (time.Time, error) {
	expires, err := s.KeepDrafts(ctx, actor, ref, []DraftInput{in})
	return expires, err
}

// KeepDrafts keeps those of several parts together, or none.
func (s *Service) KeepDrafts(ctx context.Context, actor access.Actor, ref Ref, list []DraftInput) (expires time.Time, err error) {
	err = s.DB.Change(postgres.WithSubmission(ctx, nil), actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.readWhole(ctx, tx, ref)
		if err != nil {
			return err
		}
		values, err := policy.Load(ctx, tx)
		if err != nil {
			return err
		}
		expires = tx.Now.AddDate(0, 0, values.PEPDraftDays())
		for _, in := range list {
			if err := whole.allowed(actor, in.Part); err != nil {
				return err
			}
			in.BaseVersion = min(in.BaseVersion, whole.Part(in.Part).Version) // no page has shown a later one
			in.Page, in.From = postgres.Storable(in.Page), postgres.Storable(in.From)
			fields := tidyFields(in.Fields)
			if text, err := json.Marshal(fields); err != nil || len(text) > draftMost {
				return fault.TooLarge("This is more than can be kept as a draft. Save the page, or shorten what you typed.")
			}
			if err := keepDraft(ctx, tx, ref, in, fields, expires); err != nil {
				return err
			}
		}
		return nil
	})
	return expires, err
}

// tidyFields leaves out what the database cannot hold; the save will ask for it to be typed again.
func tidyFields(fields map[string][]string) map[string][]string {
	tidied := make(map[string][]string, len(fields))
	for name, values := range fields {
		kept := make([]string, len(values))
		for n, value := range values {
			kept[n] = postgres.Storable(value)
		}
		tidied[postgres.Storable(name)] = kept
	}
	return tidied
}

// DropDraft throws the actor's own unsaved words away.
func (s *Service) DropDraft(ctx context.Context, actor access.Actor, ref Ref, part Part) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.readWhole(ctx, tx, ref); err != nil {
			return err
		}
		return dropDraft(ctx, tx, ref, part)
	})
}

// HandOverDraft lets whoever works on the plan read the actor's unsaved words and take them over.
func (s *Service) HandOverDraft(ctx context.Context, actor access.Actor, ref Ref, part Part) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.readWhole(ctx, tx, ref); err != nil {
			return err
		}
		if err := handOverDraft(ctx, tx, ref, part); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "handed over unsaved words",
			After: map[string]any{"part": part}})
	})
}

// TakeDraft makes words that somebody left the actor's own draft. The actor must be one who writes
// the part, and have no unsaved words of their own there.
func (s *Service) TakeDraft(ctx context.Context, actor access.Actor, ref Ref, part Part, from int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.readWhole(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := whole.allowed(actor, part); err != nil {
			return err
		}
		drafts, err := loadDrafts(ctx, tx, ref)
		if err != nil {
			return err
		}
		if drafts.Own(actor, part) != nil {
			return fault.Conflict("You have unsaved words of your own here. Save them or throw them away, then take these over.")
		}
		for _, left := range drafts.Others(actor, part) {
			if left.AccountID != from || !left.Left {
				continue
			}
			if err := takeDraft(ctx, tx, ref, left); err != nil {
				return err
			}
			return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "took over unsaved words",
				After: map[string]any{"part": part, "of": left.By}})
		}
		return fault.Conflict("These words can no longer be taken over: their writer has saved them, or is still at work.")
	})
}

// Work has the queue delete drafts whose days are over.
func (s *Service) Work(queue *job.Queue) {
	queue.Every(time.Hour, "delete old drafts of plans", s.ForgetDrafts)
}

// ForgetDrafts deletes every draft whose days are over.
func (s *Service) ForgetDrafts(ctx context.Context) error {
	return s.DB.Change(ctx, access.System, forgetDrafts)
}
