package account

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// StandIn is somebody who decides in the place of a decider who is away, from one day to another. It
// begins and ends by itself.
type StandIn struct {
	ID          int64
	AccountID   int64 // who stands in
	Name        string
	Role        access.Role
	ForAccount  int64 // who is away
	ForName     string
	Starts      calendar.Date
	Until       calendar.Date // the last day
	Reason      string
	NamedByName string
	NamedAt     time.Time
	EndedAt     *time.Time // before its last day; nil: not
	EndedByName string
}

// Ended says whether nobody decides by it any more.
func (s StandIn) Ended(today calendar.Date) bool { return s.EndedAt != nil || s.Until.Before(today) }

// Now says whether it holds today.
func (s StandIn) Now(today calendar.Date) bool { return !s.Ended(today) && !s.Starts.After(today) }

// QueueStandIns queues who stands in for whom, the latest first.
func QueueStandIns(batch *postgres.Batch, into *[]StandIn) {
	postgres.Many(batch, into, standInSQL+` order by s.starts desc, s.id desc limit 100`, nil)
}

// QueueStandInsNow queues who stands in for whom today.
func QueueStandInsNow(batch *postgres.Batch, into *[]StandIn) {
	postgres.Many(batch, into, standInSQL+` where s.ended_at is null and @today::date between s.starts and s.until order by f.name, s.id`, nil)
}

// QueueStandInsOf queues where one person stands in or is stood in for, now and to come.
func QueueStandInsOf(batch *postgres.Batch, into *[]StandIn, accountID int64) {
	postgres.Many(batch, into, standInSQL+` where s.ended_at is null and s.until >= @today::date and (s.account_id = @account or s.for_account = @account)
		order by s.starts, s.id`, postgres.Args{"account": accountID})
}

const standInSQL = `select s.id, s.account_id, a.name, a.role, s.for_account, f.name as for_name, s.starts, s.until, s.reason,
			n.name as named_by_name, s.named_at, s.ended_at, coalesce(e.name, '') as ended_by_name
		from stand_in s join account a on a.id = s.account_id join account f on f.id = s.for_account join account n on n.id = s.named_by
		left join account e on e.id = s.ended_by`

// QueueDeciders queues the open accounts of those whose power to decide can be lent or limited, by name.
func QueueDeciders(batch *postgres.Batch, into *[]Named) {
	queueNamed(batch, into, access.Head, access.Deputy)
}

// QueueMayStandIn queues the open accounts of those who can be named to stand in, by name.
func QueueMayStandIn(batch *postgres.Batch, into *[]Named) {
	queueNamed(batch, into, access.LeadAdvisor, access.Advisor)
}

// Named is a person of the team, for a list to choose from.
type Named struct {
	ID   int64
	Name string
	Role access.Role
}

func queueNamed(batch *postgres.Batch, into *[]Named, roles ...access.Role) {
	postgres.Many(batch, into, `select id, name, role from account where state = 'active' and role = any(@roles) order by name, id`, postgres.Args{"roles": roles})
}

// Absence is what is said to name a stand-in.
type Absence struct {
	For    int64 // who is away
	By     int64 // who decides meanwhile
	Starts calendar.Date
	Until  calendar.Date
	Reason string
}

// The longest that somebody may stand in at a stretch, in days, and the longest reason, in characters.
const (
	LongestAbsence = 92
	reasonLimit    = 1000
)

// Check finds what is wrong with an absence: problems are about for, by, starts, until and reason.
func (a Absence) Check(today calendar.Date) error {
	var p fault.Problems
	if a.For == 0 {
		p.Add("for", "Choose who is away")
	}
	if a.By == 0 {
		p.Add("by", "Choose who decides meanwhile")
	}
	switch {
	case a.Starts.IsZero():
		p.Add("starts", "Enter the first day")
	case a.Starts.Before(today):
		p.Add("starts", "First day must be today or later")
	}
	switch {
	case a.Until.IsZero():
		p.Add("until", "Enter the last day")
	case a.Until.Before(a.Starts):
		p.Add("until", "Last day must be the first day or later")
	case a.Starts.AddDays(LongestAbsence).Before(a.Until):
		p.Addf("until", "Last day must be within %d days of the first: name somebody again if it takes longer", LongestAbsence)
	}
	switch reason := strings.TrimSpace(a.Reason); {
	case reason == "":
		p.Add("reason", "Enter why")
	case utf8.RuneCountInString(reason) > reasonLimit:
		p.Addf("reason", "Use %d characters or fewer", reasonLimit)
	}
	return p.Err()
}

// NameStandIn names who decides in a decider's place while they are away. It needs NameStandIn: the head
// names for anybody, a deputy for themselves. A decider has one stand-in on a day, and nobody stands in
// for two.
func (s *Service) NameStandIn(ctx context.Context, actor access.Actor, absence Absence) error {
	absence.Reason = strings.TrimSpace(absence.Reason)
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.NameStandIn, access.Facts{For: absence.For}); err != nil {
			return err
		}
		if err := absence.Check(tx.Today); err != nil {
			return err
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into stand_in (account_id, for_account, starts, until, reason, named_by, named_at)
			values (@by, @for, @starts, @until, @reason, @actor, @now) returning id`, postgres.Args{"by": absence.By, "for": absence.For,
			"starts": absence.Starts, "until": absence.Until, "reason": absence.Reason, "actor": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "stand-in", SubjectID: id, Action: "named", After: absence})
	})
	switch postgres.Constraint(err) {
	case "stand_in_one_for_each":
		return fault.Invalid("starts", "Somebody is already named for some of these days")
	case "stand_in_for_one":
		return fault.Invalid("by", "This person already stands in for somebody on some of these days")
	case "stand_in_own_name": // their own account has just ended
		return fault.Forbidden("Your role does not allow this.")
	case "stand_in_roles":
		return fault.Invalid("by", "Choose an advisor of the team who can sign in, for a head or deputy who can")
	}
	return err
}

// EndStandIn ends one before its last day. It needs NameStandIn, as naming it did.
func (s *Service) EndStandIn(ctx context.Context, actor access.Actor, id int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		away, err := postgres.GetValue[int64](ctx, tx, `select for_account from stand_in where id = @id for update`, postgres.Args{"id": id})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.NameStandIn, access.Facts{For: away}); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update stand_in set ended_by = @actor, ended_at = @now where id = @id and ended_at is null and until >= @today`,
			postgres.Args{"id": id, "actor": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "stand-in", SubjectID: id, Action: "ended"})
	})
}
