package child

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// RestrictionReasons are why a record may be restricted, with their words.
var RestrictionReasons = []struct{ Value, Text string }{
	{"adoption", "Adoption"}, {"protection", "The child must not be found"}, {"staff_family", "A relative of somebody who works here"}, {"other", "Another reason"},
}

// RestrictionReason is a reason in words.
func RestrictionReason(value string) string {
	for _, reason := range RestrictionReasons {
		if reason.Value == value {
			return reason.Text
		}
	}
	return value
}

// Restriction hides a record from everyone but the people named.
type Restriction struct {
	Reason string // one of RestrictionReasons
	Words  string // more about it, for the people named
	Named  []int64
	From   calendar.Date
}

// Restrict hides a record from everyone but the people named, whatever their role. Who restricts is named
// too. All of them are told where the child is, until Name says otherwise.
func (s *Service) Restrict(ctx context.Context, actor access.Actor, childID int64, restriction Restriction) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		of := postgres.Args{"child": childID, "reason": restriction.Reason, "words": restriction.Words, "from": restriction.From, "by": actor.ID, "named": append([]int64{actor.ID}, restriction.Named...)}
		strange, err := postgres.GetValue[bool](ctx, tx, `select exists (select from unnest(@named::bigint[]) person where not `+mayBeNamed+`)`, of)
		if err != nil {
			return err
		}
		if strange {
			return fault.Invalid("named", "Choose people from the list")
		}
		_, err = tx.Do(ctx, `insert into restriction (child_id, reason, words, period, set_by) values (@child, @reason, @words, daterange(@from, null), @by)`, of)
		switch postgres.Constraint(err) {
		case "restriction_child_id_period_excl":
			return fault.Invalid("reason", "This record is restricted already")
		case "restriction_reason_check":
			return fault.Invalid("reason", "Choose why the record is restricted")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `insert into restriction_named (child_id, account_id, period, named_by)
				select distinct @child::bigint, person, daterange(@from, null), @by::bigint from unnest(@named::bigint[]) person
				where not exists (select from restriction_named n where n.child_id = @child and n.account_id = person and n.period && daterange(@from, null))`, of); err != nil {
			return err
		}
		if err := stillAnswered(ctx, tx, childID); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "restriction", SubjectID: childID, Action: "restricted", After: restriction})
	})
}

// Naming lets one person through to a restricted record, beside what relates them to the child.
type Naming struct {
	AccountID int64
	SeesPlace bool          // told where the child is: school, placement, address, and all that is written there
	Until     calendar.Date // the last day; zero: until somebody ends it
	Why       string
}

// Name names a person on a restricted record from today, or changes what was said of one who is named.
func (s *Service) Name(ctx context.Context, actor access.Actor, childID int64, naming Naming) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		if err := checkNaming(naming, tx.Today); err != nil {
			return err
		}
		of := postgres.Args{"child": childID, "person": naming.AccountID, "place": naming.SeesPlace, "until": dayAfter(naming.Until), "why": naming.Why, "by": actor.ID}
		known, err := postgres.GetValue[bool](ctx, tx, `select `+mayBeNamed+` from (select @person::bigint as person) p`, of)
		if err != nil {
			return err
		}
		if !known {
			return fault.Invalid("person", "Choose a person from the list")
		}
		if restricted, err := postgres.GetValue[bool](ctx, tx, isRestricted, of); err != nil {
			return err
		} else if !restricted {
			return fault.Conflict("This record is not restricted any more.")
		}
		changed, err := tx.Do(ctx, `update restriction_named set period = daterange(lower(period), @until), sees_place = @place, why = @why, named_by = @by
			where child_id = @child and account_id = @person and period @> @today::date`, of)
		if err != nil {
			return err
		}
		action := "changed who is named"
		if changed == 0 {
			action = "named a person"
			if _, err := tx.Do(ctx, `insert into restriction_named (child_id, account_id, period, sees_place, why, named_by)
					values (@child, @person, daterange(@today::date, @until), @place, @why, @by)`, of); err != nil {
				return err
			}
		}
		if err := stillAnswered(ctx, tx, childID); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "restriction", SubjectID: naming.AccountID, Action: action, After: naming})
	})
}

func checkNaming(naming Naming, today calendar.Date) error {
	var problems fault.Problems
	if !naming.Until.IsZero() && naming.Until.Before(today) {
		problems.Add("until", "The last day must be today or later")
	}
	if naming.Why == "" {
		problems.Add("why", "Enter why this person needs the record")
	}
	return problems.Err()
}

// Unname takes a person off a restricted record at once: their next request does not find it.
func (s *Service) Unname(ctx context.Context, actor access.Actor, childID, accountID int64) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		of := postgres.Args{"child": childID, "person": accountID}
		gone, err := tx.Do(ctx, `delete from restriction_named where child_id = @child and account_id = @person and lower(period) >= @today`, of)
		if err != nil {
			return err
		}
		ended, err := tx.Do(ctx, `update restriction_named set period = daterange(lower(period), @today::date) where child_id = @child and account_id = @person and period @> @today::date`, of)
		if err != nil {
			return err
		}
		if gone+ended == 0 {
			return fault.Conflict("This person is not named any more.")
		}
		if err := stillAnswered(ctx, tx, childID); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "restriction", SubjectID: accountID, Action: "took a person off"})
	})
}

// Unrestrict opens a record again to everybody who works with the child. One that was restricted today stays so
// until midnight. What was kept of the place in so many words is ended, and shown to nobody.
func (s *Service) Unrestrict(ctx context.Context, actor access.Actor, childID int64, why string) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		if why == "" {
			return fault.Invalid("why_end", "Enter why the record need not be restricted any more")
		}
		of := postgres.Args{"child": childID, "by": actor.ID}
		if _, err := tx.Do(ctx, `update protected_place set ended_by = @by, ended_at = @now where child_id = @child and ended_at is null`, of); err != nil {
			return err
		}
		ended, err := tx.Do(ctx, `update restriction set period = daterange(lower(period), greatest(@today::date, lower(period) + 1)) where child_id = @child and period @> @today::date and upper_inf(period)`, of)
		if err != nil {
			return err
		}
		if ended == 0 {
			return fault.Conflict("This record is not restricted any more.")
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "restriction", SubjectID: childID, Action: "ended the restriction", After: map[string]any{"why": why}})
	})
}

// PlaceKinds are what is kept of where a child is, with their words.
var PlaceKinds = []struct{ Value, Text string }{
	{"address", "Where the child lives"}, {"contact", "A contact there"}, {"office", "The social worker's office"}, {"other", "Something else"},
}

// KeepPlace keeps in words where the child is. Only the people named who are told the place see it.
func (s *Service) KeepPlace(ctx context.Context, actor access.Actor, childID int64, kind, words string) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		of := postgres.Args{"child": childID, "kind": kind, "words": words, "by": actor.ID}
		told, err := postgres.GetValue[bool](ctx, tx, `select @child::bigint = any (`+postgres.Placed+`)`, of)
		if err != nil {
			return err
		}
		if !told {
			return fault.Forbidden("Only people who are told where the child is can write it down.")
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into protected_place (child_id, kind, words, set_by, set_at) values (@child, @kind, @words, @by, @now) returning id`, of)
		if err != nil {
			return err
		}
		// The words themselves stand in one table and in no other, not even in the log.
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "protected_place", SubjectID: id, Action: "wrote down where the child is", After: map[string]any{"kind": kind}})
	})
}

// ForgetPlace ends what was kept of a place.
func (s *Service) ForgetPlace(ctx context.Context, actor access.Actor, childID, placeID int64) error {
	return s.restricting(ctx, actor, childID, func(ctx context.Context, tx *postgres.Tx) error {
		of := postgres.Args{"child": childID, "place": placeID, "by": actor.ID}
		if err := tx.DoOne(ctx, `update protected_place set ended_by = @by, ended_at = @now where id = @place and child_id = @child and ended_at is null`, of); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "protected_place", SubjectID: placeID, Action: "ended what was written down"})
	})
}

// restricting does something to a record's restriction, for who may.
func (s *Service) restricting(ctx context.Context, actor access.Actor, childID int64, do func(context.Context, *postgres.Tx) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockChild(ctx, tx, childID); err != nil {
			return err
		}
		if err := access.Check(actor, access.RestrictChild, access.Facts{}); err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

const isRestricted = `select exists (select from restriction where child_id = @child and period @> @today::date)`

// mayBeNamed says of a person whether they can be named: those who work with children by their post, and of
// schools the people at one where the child is on roll. Naming shows the record to nobody whom nothing else
// relates to the child.
const mayBeNamed = `exists (select from account a where a.id = person and a.state <> 'ended' and a.role not in ('service', 'colleague')
	and (a.role <> 'school' or exists (select from account_setting t join roll r on r.setting_id = t.setting_id and r.period @> @today::date
		where t.account_id = a.id and t.period @> @today::date and r.child_id = @child)))`

// stillAnswered refuses a change after which no head or deputy would be named without an end: nobody could
// change the restriction, and only breaking the glass would lead back.
func stillAnswered(ctx context.Context, tx *postgres.Tx, childID int64) error {
	answered, err := postgres.GetValue[bool](ctx, tx, `select exists (select from restriction_named n join account a on a.id = n.account_id
		where n.child_id = @child and n.period @> @today::date and upper_inf(n.period) and n.sees_place and a.state = 'active' and a.role in ('head', 'deputy')
			and not exists (select from child_block b where b.child_id = @child and b.account_id = a.id and b.period @> @today::date))`, postgres.Args{"child": childID})
	if err != nil {
		return err
	}
	if !answered {
		return fault.Invalid("person", "The head or a deputy must stay named without a last day and be told where the child is. Name another one first.")
	}
	return nil
}

// dayAfter is the end of a range of days whose last day is given; zero stays zero.
func dayAfter(last calendar.Date) calendar.Date {
	if last.IsZero() {
		return last
	}
	return last.AddDays(1)
}
