package premium

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// MostAtOnce is how many requests are approved at once.
const MostAtOnce = 100

// Pick is a request as the person who approves it has seen it.
type Pick struct {
	ID      int64
	Version int
}

// Foreseen is what approving one of several requests would come to.
type Foreseen struct {
	Weighing
	Why string // it is left out; empty: it would be approved
}

// Foresee says which of several requests one person may approve at once, each in its turn: what earlier
// ones take from the year and from a limit is gone for those after. Only what one approval decides is
// approved so. Pools are what the year has left, by grant.
func Foresee(weighings []Weighing, pools map[ledger.Stream]money.Pence, values policy.Values) []Foreseen {
	type need struct {
		child, setting int64
		category       Category
	}
	left := map[ledger.Stream]money.Pence{}
	for stream, pool := range pools {
		left[stream] = pool
	}
	granted := map[need]money.Pence{}
	var list []Foreseen
	for _, w := range weighings {
		of := need{w.ChildID, w.SettingID, w.Category}
		w.GrantedBefore += granted[of]
		w.LimitedBefore += granted[of]
		one := Foreseen{Weighing: w}
		switch step, err := w.Approve(w.Amount, values); {
		case w.State != Asked && w.State != AtPanel:
			one.Why = "It does not wait for a decision any more."
		case err != nil:
			one.Why = fault.Words(err)
		case step == FirstStep:
			one.Why = "It needs two approvers: open it to give the first approval."
		case w.FirstAmount > 0:
			one.Why = "It has a first approval: open it to decide."
		case left[w.Stream] < w.Amount:
			one.Why = overspent(left[w.Stream], w.Amount)
		default:
			left[w.Stream] -= w.Amount
			granted[of] += w.Amount
		}
		list = append(list, one)
	}
	return list
}

// ApproveAll approves several requests in full, wholly or not at all. It needs DecidePremium, and of each
// what Decide needs; a request that has changed since it was picked, or may not be approved by one
// approval, stops them all.
func (s *Service) ApproveAll(ctx context.Context, actor access.Actor, picks []Pick) (money.Pence, error) {
	picks = slices.CompactFunc(slices.SortedFunc(slices.Values(picks), func(a, b Pick) int { return cmp.Compare(a.ID, b.ID) }),
		func(a, b Pick) bool { return a.ID == b.ID })
	switch {
	case len(picks) == 0:
		return 0, fault.Invalid("request", "Choose at least one request")
	case len(picks) > MostAtOnce:
		return 0, fault.Invalid("request", fmt.Sprintf("Choose %d requests or fewer", MostAtOnce))
	}
	var ids []int64
	for _, pick := range picks {
		ids = append(ids, pick.ID)
	}
	var sum money.Pence
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		sum = 0
		if err := ledger.LockRequests(ctx, tx, ids); err != nil {
			return err
		}
		// The children in one order too, for two who approve many at once.
		_, err := tx.Do(ctx, `select from child where id in (select child_id from premium_request where id = any(@requests)) order by id for no key update`, postgres.Args{"requests": ids})
		if err != nil {
			return err
		}
		for _, pick := range picks {
			was, err := lock(ctx, tx, pick.ID)
			if err != nil {
				return err
			}
			step, err := decideOne(ctx, tx, was, pick.Version, Decision{Outcome: Approved})
			if err != nil {
				return err
			}
			if step != LastStep {
				return fault.Conflict("One of the requests needs two approvers now.")
			}
			sum += was.Amount
		}
		return nil
	})
	if postgres.Constraint(err) == "premium_never_overspent" {
		return 0, fault.Invalid("request", "The year has less left than these requests ask for")
	}
	return sum, err
}
