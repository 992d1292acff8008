package suspension

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Challenge is that somebody says a reason is not so. It holds for the facts that the reason stood on.
type Challenge struct {
	ID           int64
	ChildID      int64
	Sign         Sign
	Fact         string
	Words        string // the reason as it was read
	Because      string
	ChallengedBy string
	ChallengedAt time.Time
	TakenBackBy  string // empty: it was not
	TakenBackAt  *time.Time
}

// ChallengeLimit is the most characters of why a reason is not so.
const ChallengeLimit = 1000

// Challenged are reasons with the challenges that hold: of the same sign, for the same facts, and not taken back.
// The challenges are those of the reasons' child.
func Challenged(reasons []Reason, challenges []Challenge) []Reason {
	reasons = slices.Clone(reasons)
	for r, reason := range reasons {
		for c, challenge := range challenges {
			if challenge.TakenBackAt == nil && challenge.Sign == reason.Sign && challenge.Fact == reason.Fact {
				reasons[r].Challenge = &challenges[c]
			}
		}
	}
	return reasons
}

// Challenge records that a reason is not so, and why: its points count no more until other facts come. It needs
// ChallengeRisk. fact is what the person read; when the record says otherwise by now, it is a conflict.
func (s *Service) Challenge(ctx context.Context, actor access.Actor, childID int64, sign Sign, fact, because string) error {
	because = strings.TrimSpace(because)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		reasons, err := reasonsFor(ctx, tx, childID)
		if err != nil {
			return err
		}
		n := slices.IndexFunc(reasons, func(r Reason) bool { return r.Sign == sign })
		switch {
		case n < 0 || reasons[n].Fact != fact || reasons[n].Challenge != nil:
			return fault.Conflict("The record has changed since you opened this page.")
		case because == "":
			return fault.Invalid("because", "Enter why this is not so")
		case utf8.RuneCountInString(because) > ChallengeLimit:
			var p fault.Problems
			p.Addf("because", "Use %d characters or fewer", ChallengeLimit)
			return p.Err()
		}
		ids, err := postgres.ListValues[int64](ctx, tx, `insert into risk_challenge (child_id, sign, fact, words, because, challenged_by, challenged_at)
			values (@child, @sign, @fact, @words, @because, @by, @now) on conflict do nothing returning id`,
			postgres.Args{"child": childID, "sign": sign, "fact": fact, "words": reasons[n].Words, "because": because, "by": actor.ID})
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return fault.Conflict("Somebody else challenged this at the same time.")
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "risk_challenge", SubjectID: ids[0], Action: "challenged", After: map[string]any{"sign": sign, "reason": reasons[n].Words, "because": because}})
	})
}

// CountAgain takes a challenge back: the reason counts again, and the challenge stays to be read. It needs
// ChallengeRisk. One that was taken back already is a conflict.
func (s *Service) CountAgain(ctx context.Context, actor access.Actor, childID, challengeID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		there, err := postgres.GetValue[bool](ctx, tx, `select taken_back_at is null from risk_challenge where id = @challenge and child_id = @child`, postgres.Args{"challenge": challengeID, "child": childID})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ChallengeRisk, access.Facts{}); err != nil {
			return err
		}
		if !there {
			return fault.Conflict("Somebody else took this back.")
		}
		if err := tx.DoOne(ctx, `update risk_challenge set taken_back_by = @by, taken_back_at = @now where id = @challenge and taken_back_at is null`,
			postgres.Args{"challenge": challengeID, "by": actor.ID}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "risk_challenge", SubjectID: challengeID, Action: "counted again"})
	})
}

// reasonsFor are a child's reasons as they stand, for somebody who may challenge them.
func reasonsFor(ctx context.Context, tx *postgres.Tx, childID int64) ([]Reason, error) {
	if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child`, postgres.Args{"child": childID}); err != nil {
		return nil, err
	}
	if err := access.Check(tx.Actor, access.ChallengeRisk, access.Facts{}); err != nil {
		return nil, err
	}
	sql, args := signsSQL(tx.Today, childID)
	signs, err := postgres.List[Signs](ctx, tx, sql, args)
	if err != nil || len(signs) == 0 {
		return nil, err
	}
	challenges, err := postgres.List[Challenge](ctx, tx, challengesSQL+` where c.child_id = @child and c.taken_back_at is null`, args)
	if err != nil {
		return nil, err
	}
	return Challenged(ReasonsOf(signs[0], tx.Today), challenges), nil
}

const challengesSQL = `select c.id, c.child_id, c.sign, c.fact, c.words, c.because, a.name as challenged_by, c.challenged_at, coalesce(b.name, '') as taken_back_by, c.taken_back_at
		from risk_challenge c join account a on a.id = c.challenged_by left join account b on b.id = c.taken_back_by`

// QueueChallenges queues a child's challenges, or those of all children whom the actor may see for 0; the latest first.
func QueueChallenges(batch *postgres.Batch, into *[]Challenge, childID int64) {
	of := ``
	if childID != 0 {
		of = ` where c.child_id = @child`
	}
	postgres.Many(batch, into, challengesSQL+of+` order by c.challenged_at desc, c.id desc`, postgres.Args{"child": childID})
}
