package attendance

import (
	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Sent is a delivery as lists show it.
type Sent struct {
	Delivered
	School      string // empty: of several
	DeliveredBy int64
	First, Last calendar.Date // of its days; zero: not known, or none
	ImportID    int64         // the file's import; 0: it was no file
}

// Refusal is why somebody may not take a delivery back; nil: they may.
func (s Sent) Refusal(actor access.Actor) error {
	return refusal(actor, s.DeliveredBy, s.TakenBackAt != nil)
}

// Deliveries of a school are those for it, and what its people sent.
const sentSQL = `select f.id, f.kind as source, f.label, a.name as by, f.delivered_by, f.delivered_at as at, f.marks, f.first_day as first, f.last_day as last,
		f.taken_back_at, coalesce(b.name, '') as taken_back_by, f.taken_back_why, coalesce(s.name, '') as school, coalesce(i.id, 0) as import_id
	from attendance_delivery f join account a on a.id = f.delivered_by left join account b on b.id = f.taken_back_by
	left join setting s on s.id = f.setting_id left join import i on i.delivery_id = f.id
	where (not @school or f.delivered_by = @actor or f.setting_id in (select o.setting_id from account_setting o where o.account_id = @actor and o.period @> @today::date))`

func sentArgs(actor access.Actor, more postgres.Args) postgres.Args {
	more["school"], more["actor"] = actor.Role == access.School, actor.ID
	return more
}

// QueueSent queues deliveries, latest first: those before one of them, or the latest for 0.
func QueueSent(batch *postgres.Batch, into *[]Sent, actor access.Actor, before int64, limit int) {
	postgres.Many(batch, into, sentSQL+` and (@before::bigint = 0 or f.id < @before) order by f.id desc limit @limit`,
		sentArgs(actor, postgres.Args{"before": before, "limit": limit}))
}

// QueueDelivery queues one delivery. One that is not there, or not theirs, fails the batch with NotFound.
func QueueDelivery(batch *postgres.Batch, into *Sent, actor access.Actor, deliveryID int64) {
	postgres.One(batch, into, sentSQL+` and f.id = @id`, sentArgs(actor, postgres.Args{"id": deliveryID}))
}

// Standing is what stands of a delivery, of a child at a school.
type Standing struct {
	Named
	School      string
	First, Last calendar.Date
	Sessions    int
}

// QueueStanding queues what stands of a delivery, child by child, of those the actor may see.
func QueueStanding(batch *postgres.Batch, into *[]Standing, deliveryID int64) {
	postgres.Many(batch, into, `select `+namedSQL+`, s.name as school, d.first, d.last, d.sessions
		from (select child_id, setting_id, min(day) as first, max(day) as last, (count(*) filter (where am_from = @delivery) + count(*) filter (where pm_from = @delivery))::int as sessions
			from attendance_day where (am_from = @delivery or pm_from = @delivery)
				and day between coalesce((select first_day from attendance_delivery where id = @delivery), '2000-09-01') and coalesce((select last_day from attendance_delivery where id = @delivery), @today)
			group by child_id, setting_id) d
		join child c on c.id = d.child_id join setting s on s.id = d.setting_id order by s.name, c.sort_name, c.id`, postgres.Args{"delivery": int32(deliveryID)})
}
