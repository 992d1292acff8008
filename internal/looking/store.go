package looking

import (
	"context"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// weeksBefore is how far back a reader's usual and a child's other readers are looked for.
const weeksBefore = 8

// opened marks what was looked at by itself: the only child that its request showed.
const opened = `(count(*) over (partition by l.account_id, l.at, l.request_id) = 1)`

// gather reads who looked at whom in a week. The program's own looks are nobody's.
func gather(ctx context.Context, tx *postgres.Tx, monday calendar.Date) (week []Seen, readers []Reader, settled []Settled, err error) {
	args := postgres.Args{"from": monday.Start(), "until": monday.AddDays(7).Start(), "before": monday.AddDays(-7 * weeksBefore).Start()}
	week, err = postgres.List[Seen](ctx, tx, `with look as (
			select distinct l.account_id, l.child_id, l.at, l.request_id, (l.at at time zone 'Europe/London') as local
			from audit_look l join account a on a.id = l.account_id and a.role <> 'service' where l.at >= @from and l.at < @until),
		told as (select l.*, `+opened+` as alone from look l),
		day as (select account_id, child_id, local::date as day, count(*)::int as looks, (count(*) filter (where alone))::int as opened,
				coalesce(min(extract(epoch from local::time)::int / 60) filter (where alone), 0) as first, coalesce(max(extract(epoch from local::time)::int / 60) filter (where alone), 0) as last
			from told group by 1, 2, 3)
		select d.account_id, d.child_id, d.day, d.looks, d.opened, d.first, d.last,
			array_remove(array_prepend(c.surname, c.former_names), null) as surnames,
			exists (select from allocation w where w.child_id = d.child_id and w.account_id = d.account_id and w.period @> d.day)
				or exists (select from account_setting m join roll r on r.setting_id = m.setting_id where m.account_id = d.account_id and m.period @> d.day and r.child_id = d.child_id and r.period @> d.day)
				or exists (select from pep_invitation i where i.account_id = d.account_id and i.child_id = d.child_id) as own,
			exists (select from audit_change h where h.child_id = d.child_id and h.account_id = d.account_id and h.at >= @from and h.at < @until) as changed,
			case when d.opened = 0 then 0 else (select count(distinct o.account_id)::int from audit_look o join account b on b.id = o.account_id and b.role <> 'service'
				where o.child_id = d.child_id and o.account_id <> d.account_id and o.at >= @before and o.at < @until
					and not exists (select from audit_look k where k.at = o.at and k.account_id = o.account_id and k.request_id = o.request_id and k.child_id <> o.child_id)) end as others
		from day d join child c on c.id = d.child_id order by d.account_id, d.day, d.child_id`, args)
	if err != nil {
		return nil, nil, nil, err
	}
	readers, err = postgres.List[Reader](ctx, tx, `select a.id as account_id, a.name, coalesce((select array_agg(u.children) from (
			select count(distinct l.child_id)::int as children from audit_look l where l.account_id = a.id and l.at >= @before and l.at < @from
			group by (l.at at time zone 'Europe/London')::date) u), '{}') as usual
		from account a where a.id in (select account_id from audit_look where at >= @from and at < @until) and a.role <> 'service' order by a.id`, args)
	if err != nil {
		return nil, nil, nil, err
	}
	args["since"] = monday.AddDays(-26 * 7)
	settled, err = postgres.List[Settled](ctx, tx, `select distinct w.account_id, l.child_id from unusual_week w join unusual_look l on l.week_id = w.id
		where w.verdict = 'fine' and w.week >= @since::date`, args)
	return week, readers, settled, err
}

// keep writes down what was found about people of whom nothing was found for the week before.
func keep(ctx context.Context, tx *postgres.Tx, monday calendar.Date, readers []Reader, found []Finding) (people int, err error) {
	byReader := map[int64][]Finding{}
	for _, one := range found {
		byReader[one.AccountID] = append(byReader[one.AccountID], one)
	}
	for _, reader := range readers {
		theirs := byReader[reader.AccountID]
		if len(theirs) == 0 {
			continue
		}
		var rules []string
		var children []int64
		var days []calendar.Date
		var looks []int
		for _, one := range theirs {
			rules, children, days, looks = append(rules, string(one.Rule)), append(children, one.ChildID), append(days, one.Day), append(looks, one.Looks)
		}
		written, err := tx.Do(ctx, `with week as (insert into unusual_week (account_id, week, usual, found_at) values (@account, @week, @usual, @now)
				on conflict (account_id, week) do nothing returning id)
			insert into unusual_look (week_id, child_id, rule, day, looks)
			select week.id, f.child, f.rule, f.day, f.looks from week, unnest(@children::bigint[], @rules::text[], @days::date[], @looks::int[]) as f(child, rule, day, looks)`,
			postgres.Args{"account": reader.AccountID, "week": monday, "usual": Usual(reader.Usual), "children": children, "rules": rules, "days": days, "looks": looks})
		if err != nil {
			return 0, err
		}
		if written > 0 {
			people++
		}
	}
	return people, nil
}

// tell mails those who review: no name, only that there is something to read.
func tell(ctx context.Context, tx *postgres.Tx) error {
	heads, err := postgres.ListValues[int64](ctx, tx, `select id from account where role = 'head' and state = 'active' order by id`, nil)
	if err != nil {
		return err
	}
	for _, head := range heads {
		err := job.Notify(ctx, tx, job.Notice{AccountID: head, Subject: "Looking at records that is out of the usual", Path: "/audit/unusual",
			Words: "Somebody looked at records in a way that is out of the usual last week. There may be a good reason. Open the page to see what was found, and say what came of asking."})
		if err != nil {
			return err
		}
	}
	return nil
}

type week struct {
	AccountID int64
	Verdict   string
	Words     string
}

func lock(ctx context.Context, tx *postgres.Tx, id int64) (week, error) {
	return postgres.Get[week](ctx, tx, `select account_id, coalesce(verdict, '') as verdict, words from unusual_week where id = @id for update`, postgres.Args{"id": id})
}

func write(ctx context.Context, tx *postgres.Tx, id int64, version int, review Review) error {
	return tx.DoOne(ctx, `update unusual_week set verdict = @verdict, words = @words, reviewed_by = @by, reviewed_at = @now, version = version + 1
		where id = @id and version = @version`, postgres.Args{"id": id, "version": version, "verdict": review.Verdict, "words": review.Words, "by": tx.Actor.ID})
}

// Line is one thing found, as the page shows it.
type Line struct {
	WeekID     int64
	AccountID  int64
	Name       string
	Role       string
	Week       calendar.Date
	Usual      int
	Verdict    string
	Words      string
	Version    int
	ReviewedBy string
	ReviewedAt *time.Time
	Rule       Rule
	ChildID    int64
	ChildName  string
	Days       int // on which
	Looks      int
}

// QueueLines queues what was found of up to so many people's weeks, the newest week first: those that wait
// for a review, or those that had one. What is about hidden children is not among it.
func QueueLines(batch *postgres.Batch, into *[]Line, reviewed bool, offset, limit int) {
	postgres.Many(batch, into, `with page as (select w.* from unusual_week w where (w.verdict in ('fine', 'not_fine')) is true = @reviewed
				and exists (select from unusual_look l where l.week_id = w.id)
			order by w.week desc, w.id limit @limit offset @offset)
		select w.id as week_id, w.account_id, a.name, a.role, w.week, w.usual, coalesce(w.verdict, '') as verdict, w.words, w.version, coalesce(b.name, '') as reviewed_by, w.reviewed_at,
			l.rule, l.child_id, coalesce(nullif(concat_ws(' ', coalesce(nullif(k.preferred_name, ''), nullif(k.forename, '')), nullif(k.surname, '')), ''), k.la_child_id) as child_name,
			count(distinct l.day)::int as days, sum(l.looks)::int as looks
		from page w join account a on a.id = w.account_id left join account b on b.id = w.reviewed_by
		join unusual_look l on l.week_id = w.id join child k on k.id = l.child_id
		group by w.id, w.account_id, a.name, a.role, w.week, w.usual, w.verdict, w.words, w.version, b.name, w.reviewed_at, l.rule, l.child_id, k.id
		order by w.week desc, w.id, l.rule, child_name`, postgres.Args{"reviewed": reviewed, "limit": limit, "offset": offset})
}

// QueueWaiting queues how many people's weeks wait for the reader's review.
func QueueWaiting(batch *postgres.Batch, into *int) {
	postgres.Value(batch, into, `select count(*)::int from unusual_week w where w.verdict is null and exists (select from unusual_look l where l.week_id = w.id)`, nil)
}
