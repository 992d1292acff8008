package attendance

import (
	"context"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// mostWhy is how many characters a reason may have.
const mostWhy = 500

// TakeBack undoes a delivery, all of it: the wrong file, the wrong week. Where it had replaced a mark, that
// mark stands again with its own source, or the one before where that was taken back too; where there was
// none, none is left. What came after it stays; a later delivery that said the same as this one has left
// nothing to go back to, and is sent again. Each change is kept as a correction, the half terms'
// figures follow, and reported figures that its marks had replaced stand again when no mark is left.
//
// Whoever sent it may, and head, deputy and data officer; whoever may not see all of its children may not.
// Conflict: it was taken back already. The error is Invalid about "why".
func (s *Service) TakeBack(ctx context.Context, actor access.Actor, deliveryID int64, why string) error {
	why = strings.TrimSpace(why)
	of, err := s.touched(ctx, deliveryID)
	if err != nil {
		return err
	}
	return s.DB.ChangeWithin(ctx, actor, longestTakingBack, func(ctx context.Context, tx *postgres.Tx) error {
		delivery, err := lockDelivery(ctx, tx, deliveryID, of)
		if err != nil {
			return err
		}
		switch {
		case why == "":
			return fault.Invalid("why", "Say why these marks are taken back")
		case utf8.RuneCountInString(why) > mostWhy:
			return fault.Invalid("why", "Use 500 characters or fewer")
		}
		if err := of.seen(ctx, tx); err != nil {
			return err
		}
		if err := tx.DoOne(ctx, `update attendance_delivery set taken_back_at = @now, taken_back_by = @by, taken_back_why = @why where id = @id and taken_back_at is null`,
			postgres.Args{"id": deliveryID, "by": actor.ID, "why": why}); err != nil {
			return err
		}
		moved, err := postgres.List[half](ctx, tx, takeBackSQL, delivery.args())
		if err != nil {
			return err
		}
		if err := remake(ctx, tx, moved); err != nil {
			return err
		}
		return audit.Change(ctx, tx, takenBack(deliveryID, why, moved)...)
	})
}

type delivery struct {
	ID          int64
	DeliveredBy int64
	First, Last calendar.Date
	TakenBack   bool
}

func (d delivery) args() postgres.Args {
	return postgres.Args{"delivery": int32(d.ID), "first": d.First, "last": d.Last}
}

// touched are the children and settings whose marks stand as delivered. More never come to it.
type touched struct{ Children, Settings []int64 }

func (s *Service) touched(ctx context.Context, deliveryID int64) (of touched, err error) {
	var batch postgres.Batch
	postgres.One(&batch, &of, `select coalesce(array_agg(distinct child_id), '{}') as children, coalesce(array_agg(distinct setting_id::bigint), '{}') as settings
		from attendance_day where am_from = @delivery or pm_from = @delivery`, postgres.Args{"delivery": int32(deliveryID)})
	return of, s.DB.View(ctx, access.System, &batch)
}

// seen refuses who does not see every one of them: half a delivery is never taken back.
func (of touched) seen(ctx context.Context, tx *postgres.Tx) error {
	all, err := postgres.GetValue[bool](ctx, tx, `select (select count(*) from child where id = any(@children)) = cardinality(@children::bigint[])
			and (not @school or @settings::bigint[] <@ array(select setting_id from account_setting where account_id = @actor and period @> @today::date))`,
		postgres.Args{"children": of.Children, "settings": of.Settings, "school": tx.Actor.Role == access.School, "actor": tx.Actor.ID})
	if err == nil && !all {
		err = fault.Forbidden("Some of these marks are of children whose records you may not see. Ask the Virtual School Head to take them back.")
	}
	return err
}

// lockDelivery holds a delivery, and the settings its marks are at, for who may take it back.
func lockDelivery(ctx context.Context, tx *postgres.Tx, deliveryID int64, of touched) (delivery, error) {
	// One at a time: each looks for what stood before past all that is taken back.
	if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('attendance taken back'))`, nil); err != nil {
		return delivery{}, err
	}
	d, err := postgres.Get[delivery](ctx, tx, `select id, delivered_by, coalesce(first_day, @oldest) as first, coalesce(last_day, @today) as last, taken_back_at is not null as taken_back
		from attendance_delivery where id = @id for no key update`, postgres.Args{"id": deliveryID, "oldest": calendar.AcademicYearRange(OldestYear).Start})
	if err != nil {
		return d, err
	}
	if err := refusal(tx.Actor, d.DeliveredBy, d.TakenBack); err != nil {
		return d, err
	}
	return d, oneAtATime(ctx, tx, of.Settings)
}

// refusal is why somebody may not take back what was delivered by another, or is back already.
func refusal(actor access.Actor, deliveredBy int64, back bool) error {
	if err := access.Check(actor, access.TakeBackMarks, access.Facts{SentBy: deliveredBy}); err != nil {
		return err
	}
	if back {
		return fault.Conflict("These marks were taken back already.")
	}
	return nil
}

// takenBack is what the audit keeps of each child.
func takenBack(deliveryID int64, why string, moved []half) (entries []audit.Entry) {
	entries = append(entries, audit.Entry{Subject: "attendance_delivery", SubjectID: deliveryID, Action: "taken back", After: map[string]any{"why": why}})
	var last int64
	for _, h := range moved {
		if h.ChildID != last {
			entries = append(entries, audit.Entry{ChildID: h.ChildID, Subject: "attendance_delivery", SubjectID: deliveryID, Action: "marks taken back"})
		}
		last = h.ChildID
	}
	return entries
}

// takeBackSQL goes back from each session that stands as delivered to what it was before, past every delivery
// that was taken back, and says which half terms changed.
const takeBackSQL = `with recursive
	days as materialized (select * from attendance_day where (am_from = @delivery or pm_from = @delivery) and day between @first and @last),
	standing as (
		select child_id, setting_id, day, 'AM' as session, am as code from days where am_from = @delivery
		union all
		select child_id, setting_id, day, 'PM', pm from days where pm_from = @delivery),
	chain as (
		select s.*, @delivery::int as from_delivery, 0 as step from standing s
		union all
		select c.child_id, c.setting_id, c.day, c.session, k.was, k.was_from, c.step + 1
		from chain c join attendance_delivery f on f.id = c.from_delivery and f.taken_back_at is not null
		join attendance_correction k on k.child_id = c.child_id and k.day = c.day and k.setting_id = c.setting_id and k.session = c.session
			and k.became_from = c.from_delivery and not k.taken_back),
	before as materialized (
		select distinct on (c.child_id, c.setting_id, c.day, c.session) c.child_id, c.setting_id, c.day, c.session,
			case when f.taken_back_at is null then c.code end as code, case when f.taken_back_at is null then c.from_delivery end as from_delivery
		from chain c join attendance_delivery f on f.id = c.from_delivery
		order by c.child_id, c.setting_id, c.day, c.session, c.step desc),
	told as (
		insert into attendance_correction (child_id, setting_id, day, session, was, was_from, became, became_from, taken_back)
		select s.child_id, s.setting_id, s.day, s.session, s.code, @delivery, b.code, b.from_delivery, true
		from standing s join before b using (child_id, setting_id, day, session)),
	became as materialized (
		select d.child_id, d.setting_id, d.day,
			case when d.am_from = @delivery then a.code else d.am end as am, case when d.am_from = @delivery then a.from_delivery else d.am_from end as am_from,
			case when d.pm_from = @delivery then p.code else d.pm end as pm, case when d.pm_from = @delivery then p.from_delivery else d.pm_from end as pm_from
		from days d
		left join before a on a.child_id = d.child_id and a.setting_id = d.setting_id and a.day = d.day and a.session = 'AM'
		left join before p on p.child_id = d.child_id and p.setting_id = d.setting_id and p.day = d.day and p.session = 'PM'),
	gone as (
		delete from attendance_day d using became b
		where d.child_id = b.child_id and d.setting_id = b.setting_id and d.day = b.day and d.day between @first and @last and num_nonnulls(b.am, b.pm) = 0),
	stands as (
		update attendance_day d set am = b.am, am_from = b.am_from, pm = b.pm, pm_from = b.pm_from from became b
		where d.child_id = b.child_id and d.setting_id = b.setting_id and d.day = b.day and d.day between @first and @last and num_nonnulls(b.am, b.pm) > 0)
	select distinct child_id, setting_id::bigint, ` + academicYearSQL + ` as academic_year, half_term from days order by 1, 2, 3, 4`
