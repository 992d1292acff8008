package voice

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// How many days a link works.
const (
	UsualDays = 14
	MostDays  = 60
)

// LinkState is how a link stands.
type LinkState string

const (
	LinkWaiting LinkState = "waiting"
	LinkUsed    LinkState = "used"
	LinkExpired LinkState = "expired"
	LinkRevoked LinkState = "revoked"
)

// Name is the state on screen.
func (s LinkState) Name() string {
	return map[LinkState]string{LinkWaiting: "Not used yet", LinkUsed: "Used", LinkExpired: "Too old", LinkRevoked: "Taken back"}[s]
}

// Link is a link that was made for a plan, as staff see it: without what opens it.
type Link struct {
	ID           int64
	ReadingLevel Level
	MadeBy       string
	MadeAt       time.Time
	ExpiresAt    time.Time
	RevokedAt    *time.Time
	UsedAt       *time.Time
}

// State is how the link stands at a moment.
func (l Link) State(now time.Time) LinkState {
	switch {
	case l.UsedAt != nil:
		return LinkUsed
	case l.RevokedAt != nil:
		return LinkRevoked
	case !now.Before(l.ExpiresAt):
		return LinkExpired
	}
	return LinkWaiting
}

// Path is the address of the page that a token opens.
func Path(token string) string { return "/my-plan/" + token }

// GiveLink makes a link for an open plan and returns its token, which is shown once and kept nowhere.
// A link made before for the plan and not used is taken back. It works for days days, to the end of
// the last one. Problems are about "level" and "days".
func (s *Service) GiveLink(ctx context.Context, actor access.Actor, plan pep.Ref, level Level, days int) (string, error) {
	token := rand.Text()
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		state, err := lockPlan(ctx, tx, plan)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.GiveVoiceLink, access.Facts{}); err != nil {
			return err
		}
		if !state.Open() {
			return fault.Conflict("This plan is closed, so nothing more can be said in it. Start the next plan first.")
		}
		var problems fault.Problems
		if level.Name() == "" {
			problems.Add("level", "Choose how the page is worded")
		}
		if days < 1 || days > MostDays {
			problems.Addf("days", "The link must work for 1 to %d days", MostDays)
		}
		if err := problems.Err(); err != nil {
			return err
		}
		revoked, err := revokeLinks(ctx, tx, plan, 0)
		if err != nil {
			return err
		}
		id, err := insertLink(ctx, tx, plan, level, tokenHash(token), tx.Today.AddDays(days+1).Start())
		if err != nil {
			return err
		}
		entries := []audit.Entry{{ChildID: plan.ChildID, Subject: "voice_link", SubjectID: id, Action: "made", After: map[string]any{"pep": plan.PEPID, "level": level, "days": days}}}
		for _, earlier := range revoked {
			entries = append(entries, audit.Entry{ChildID: plan.ChildID, Subject: "voice_link", SubjectID: earlier, Action: "revoked"})
		}
		return audit.Change(ctx, tx, entries...)
	})
	return token, err
}

// RevokeLink takes a link back. A Conflict when it was used or taken back before. Problems are about
// "link".
func (s *Service) RevokeLink(ctx context.Context, actor access.Actor, plan pep.Ref, linkID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := lockPlan(ctx, tx, plan); err != nil {
			return err
		}
		if err := access.Check(actor, access.GiveVoiceLink, access.Facts{}); err != nil {
			return err
		}
		if linkID == 0 {
			return fault.Invalid("link", "Choose the link to take back: press “Take back” beside it")
		}
		if err := findLink(ctx, tx, plan, linkID); err != nil {
			return err
		}
		revoked, err := revokeLinks(ctx, tx, plan, linkID)
		if err != nil {
			return err
		}
		if len(revoked) == 0 {
			return fault.Conflict("This link was used or taken back before.")
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: plan.ChildID, Subject: "voice_link", SubjectID: linkID, Action: "revoked"})
	})
}

// Door is what stands behind a link that works: the words to ask with, and what came of earlier
// wishes. There is nothing else of the child in it.
type Door struct {
	Page    Page
	YouSaid []YouSaid
}

// YouSaid is an answer of which the child was told, with the wish it answers. Only what was said to
// everyone is in it: a link may fall into other hands.
type YouSaid struct {
	Said      string
	Kind      Kind
	Answer    string
	HappensBy calendar.Date
}

// Open looks behind a link without using it up. NotFound for any that does not work, whatever the
// reason. Anyone may try; the page slows down those who guess.
func (s *Service) Open(ctx context.Context, token string) (Door, error) {
	var door Door
	err := s.DB.Change(alone(ctx), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		link, err := workingLink(ctx, tx, token)
		if err != nil {
			return err
		}
		door.Page = PageAt(link.ReadingLevel)
		door.YouSaid, err = toldBefore(ctx, tx, link.ChildID)
		return err
	})
	return door, err
}

// Send keeps what a young person said, uses the link up, makes a wish of each thing asked for, and
// puts words that everyone may see into a plan that has none. The child's advisor is told by mail that
// something waits, and nothing of it. Key is the form's own: sent twice, it is
// answered as the first time and done once. NotFound for a link that does not work. Problems are about
// the fields of Said.Check.
func (s *Service) Send(ctx context.Context, token, key string, said Said) error {
	return s.DB.Change(alone(ctx), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		link, err := workingLink(ctx, tx, token)
		if again := link.UsedKey != "" && link.UsedKey == tokenHash(key); again {
			return nil
		}
		if err != nil {
			return err
		}
		if err := said.Check().Err(); err != nil {
			return err
		}
		if err := useLink(ctx, tx, link.ID, tokenHash(key)); err != nil {
			return err
		}
		plan, answers := pep.Ref{ChildID: link.ChildID, PEPID: link.PEPID}, said.given(link.ReadingLevel)
		reply, err := insertReply(ctx, tx, plan, link.ID, said.Audience, answers)
		if err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{ChildID: link.ChildID, Subject: "voice_reply", SubjectID: reply, Action: "sent by the young person",
			After: map[string]any{"pep": link.PEPID, "audience": said.Audience, "words": kept(said.Audience, Words(answers))}}); err != nil {
			return err
		}
		for _, words := range said.wishes() {
			if _, err := record(ctx, tx, NewWish{ChildID: link.ChildID, PEPID: link.PEPID, Words: words, SaidOn: tx.Today, Audience: said.Audience}, reply); err != nil {
				return err
			}
		}
		if err := tellAdvisor(ctx, tx, plan); err != nil {
			return err
		}
		if said.Audience != Everyone {
			return nil
		}
		_, err = pep.TakeVoice(ctx, tx, plan, pep.Voice{Words: Words(answers), How: "app", On: tx.Today})
		return err
	})
}

// tellAdvisor writes to the child's advisor, who may read what a young person sent whoever else may.
func tellAdvisor(ctx context.Context, tx *postgres.Tx, plan pep.Ref) error {
	advisors, err := advisorsOf(ctx, tx, plan.ChildID)
	for _, id := range advisors {
		if err := job.Notify(ctx, tx, job.Notice{AccountID: id, Subject: "Something new waits for you", Words: "Hello,\n\nA young person has sent something through their page. Sign in to read it:",
			Path: fmt.Sprintf("/children/%d/peps/%d/voice", plan.ChildID, plan.PEPID)}); err != nil {
			return err
		}
	}
	return err
}

// alone takes the form off the context: it is the young person's, who has no account to keep it under.
func alone(ctx context.Context) context.Context { return postgres.WithSubmission(ctx, nil) }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Reply is what a young person sent, as staff who may see it read it.
type Reply struct {
	ID       int64
	Audience Audience
	Answers  []Given
	SentAt   time.Time
}

// On is the day it was sent.
func (r Reply) On() calendar.Date { return calendar.Of(r.SentAt) }

// Words are the answers as one text.
func (r Reply) Words() string { return Words(r.Answers) }

// By says where the words come from, for the line below them.
func (r Reply) By() string {
	return fmt.Sprintf("Written by the young person on their own page, %s", r.On().Words())
}
