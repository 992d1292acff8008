package voice

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

const wishColumns = `w.id, w.child_id, coalesce(w.pep_id, 0) as pep_id, w.words, w.said_on, w.audience, w.state, w.reply_id is not null as from_link,
	(select name from account where id = w.recorded_by) as recorded_by, w.recorded_at,
	(select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'kind', x.kind, 'words', x.words, 'happens_by', x.happens_by,
			'by', a.name, 'at', x.answered_at, 'told_on', x.told_on, 'told_by', coalesce(t.name, '')) order by x.id), '[]')
		from wish_answer x join account a on a.id = x.answered_by left join account t on t.id = x.told_by where x.wish_id = w.id) as answers,
	coalesce(w.withdrawn_note, '') as withdrawn_note, coalesce((select name from account where id = w.withdrawn_by), '') as withdrawn_by, w.withdrawn_at, w.version`

// QueueOfChild queues all that a child asked for and the actor may see: what is open first, the longest
// waiting first, then the newest.
func QueueOfChild(batch *postgres.Batch, into *[]Wish, childID int64) {
	postgres.Many(batch, into, `select `+wishColumns+` from wish w where w.child_id = @child
		order by w.state = 'open' desc, case when w.state = 'open' then w.said_on end, w.said_on desc, w.id`, postgres.Args{"child": childID})
}

// QueueOpen queues what a child asked for and nobody has answered, the longest waiting first.
func QueueOpen(batch *postgres.Batch, into *[]Wish, childID int64) {
	postgres.Many(batch, into, `select `+wishColumns+` from wish w where w.child_id = @child and w.state = 'open' order by w.said_on, w.id`,
		postgres.Args{"child": childID})
}

// Listed is a wish in a list of several children's.
type Listed struct {
	Wish
	Forename, Surname, PreferredName, LAChildID string
	School                                      string
}

// Shown says which wishes a list is about.
type Shown string

const (
	ShownOpen     Shown = "open"     // nobody has answered
	ShownPromised Shown = "promised" // a promise waits to be kept
	ShownUntold   Shown = "untold"   // answered, and the child does not know
	ShownAll      Shown = "all"
)

var shownSQL = map[Shown]string{
	ShownOpen:     `w.state = 'open'`,
	ShownPromised: `w.state = 'answered' and l.kind = 'will_happen'`,
	ShownUntold:   `w.state = 'answered' and l.told_on is null`,
	ShownAll:      `true`,
}

// Filter narrows a list of wishes. The zero Filter shows the open ones.
type Filter struct {
	Shown         Shown
	SaidBefore    calendar.Date // zero: any day
	Limit, Offset int
}

// QueueList queues wishes of the children whom the actor may see, the longest waiting first, and how
// many there are in all.
func QueueList(batch *postgres.Batch, into *[]Listed, count *int, filter Filter) {
	where, known := shownSQL[filter.Shown]
	if !known {
		where = shownSQL[ShownOpen]
	}
	from := ` from wish w join child c on c.id = w.child_id
		left join lateral (select kind, told_on from wish_answer x where x.wish_id = w.id order by x.id desc limit 1) l on true
		where ` + where + ` and (@before::date is null or w.said_on < @before::date)`
	args := postgres.Args{"before": filter.SaidBefore, "limit": filter.Limit, "offset": filter.Offset}
	postgres.Value(batch, count, `select count(*)::int`+from, args)
	postgres.Many(batch, into, `select `+wishColumns+`, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, c.la_child_id,
			coalesce((select s.name from roll r join setting s on s.id = r.setting_id where r.child_id = c.id and r.kind = 'main' and r.period @> @today::date), '') as school`+
		from+` order by w.said_on, w.id limit @limit offset @offset`, args)
}

// QueueTimings queues when wishes said since a day were said and first answered, of the children whom
// the actor may see.
func QueueTimings(batch *postgres.Batch, into *[]Timing, since calendar.Date) {
	postgres.Many(batch, into, `select w.said_on, (a.first at time zone 'Europe/London')::date as answered_on, w.state = 'withdrawn' as withdrawn, count(*)::int as wishes
		from wish w left join (select wish_id, min(answered_at) as first from wish_answer group by wish_id) a on a.wish_id = w.id
		where w.said_on >= @since::date group by 1, 2, 3 order by 1`, postgres.Args{"since": since})
}

// loadCareStart is the first day of the child's latest time in care; NotFound for a child the actor
// may not see.
func loadCareStart(ctx context.Context, tx *postgres.Tx, childID int64) (calendar.Date, error) {
	return postgres.GetValue[calendar.Date](ctx, tx, `select (select max(lower(p.period)) from care_period p
		where p.child_id = c.id and lower(p.period) <= @today::date) from child c where c.id = @child`, postgres.Args{"child": childID})
}

func findPlan(ctx context.Context, tx *postgres.Tx, childID, pepID int64) error {
	_, err := postgres.GetValue[int64](ctx, tx, `select id from pep where id = @pep and child_id = @child`, postgres.Args{"pep": pepID, "child": childID})
	return err
}

// lockWish holds a wish until the transaction ends and asks whether the actor's role may do this. It
// is read after it is held: its answers would else be those of before the wait.
func lockWish(ctx context.Context, tx *postgres.Tx, action access.Action, ref Ref) (Wish, error) {
	args := postgres.Args{"wish": ref.WishID, "child": ref.ChildID}
	if _, err := postgres.GetValue[int64](ctx, tx, `select id from wish where id = @wish and child_id = @child for update`, args); err != nil {
		return Wish{}, err
	}
	wish, err := postgres.Get[Wish](ctx, tx, `select `+wishColumns+` from wish w where w.id = @wish`, args)
	if err != nil {
		return Wish{}, err
	}
	return wish, access.Check(tx.Actor, action, access.Facts{})
}

func insertWish(ctx context.Context, tx *postgres.Tx, in NewWish, reply int64) (int64, error) {
	return postgres.GetValue[int64](ctx, tx, `insert into wish (child_id, pep_id, reply_id, words, said_on, audience, recorded_by, recorded_at)
		values (@child, nullif(@pep::bigint, 0), nullif(@reply::bigint, 0), @words, @said::date, @audience, @by, @now) returning id`,
		postgres.Args{"child": in.ChildID, "pep": in.PEPID, "reply": reply, "words": in.Words, "said": in.SaidOn, "audience": in.Audience, "by": tx.Actor.ID})
}

func insertAnswer(ctx context.Context, tx *postgres.Tx, ref Ref, in NewAnswer) error {
	_, err := tx.Do(ctx, `insert into wish_answer (wish_id, child_id, kind, words, happens_by, answered_by, answered_at, told_on, told_by)
		values (@wish, @child, @kind, @words, @by_day::date, @by, @now, @told::date, case when @told::date is not null then @by::bigint end)`,
		postgres.Args{"wish": ref.WishID, "child": ref.ChildID, "kind": in.Kind, "words": in.Words, "by_day": in.HappensBy, "by": tx.Actor.ID, "told": in.ToldOn})
	return err
}

func moveWish(ctx context.Context, tx *postgres.Tx, ref Ref, version int, to State) error {
	return tx.DoOne(ctx, `update wish set state = @to, version = version + 1 where id = @wish and version = @version`,
		postgres.Args{"wish": ref.WishID, "version": version, "to": to})
}

func withdrawWish(ctx context.Context, tx *postgres.Tx, ref Ref, version int, note string) error {
	return tx.DoOne(ctx, `update wish set state = 'withdrawn', withdrawn_note = @note, withdrawn_by = @by, withdrawn_at = @now, version = version + 1
		where id = @wish and version = @version`,
		postgres.Args{"wish": ref.WishID, "version": version, "note": note, "by": tx.Actor.ID})
}

func writeTold(ctx context.Context, tx *postgres.Tx, answerID int64, on calendar.Date) error {
	return tx.DoOne(ctx, `update wish_answer set told_on = @on::date, told_by = @by where id = @answer and told_on is null`,
		postgres.Args{"answer": answerID, "on": on, "by": tx.Actor.ID})
}
