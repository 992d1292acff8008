package attendance

import (
	"context"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// openYears sees to it that the academic years of the days have their part of the table.
func (k *Keeping) openYears(ctx context.Context, a *arriving) error {
	for year := calendar.AcademicYear(a.first); year <= calendar.AcademicYear(a.last); year++ {
		if k.years[year] {
			continue
		}
		k.years[year] = true
		if _, err := k.tx.Do(ctx, `select attendance_year(@year)`, postgres.Args{"year": year}); err != nil {
			return err
		}
	}
	return nil
}

// arrivingSQL is the days of a piece as a table; epoch days travel faster than dates.
const arrivingSQL = `select n, child_id, setting_id, date '2000-01-01' + day as day, half_term, nullif(am, '') as am, nullif(pm, '') as pm
	from unnest(@children::bigint[], @settings::int[], @days::int[], @halves::text[], @am::text[], @pm::text[])
		with ordinality as t(child_id, setting_id, day, half_term, am, pm, n)`

var epoch = calendar.New(2000, 1, 1)

func (k *Keeping) args(a *arriving) postgres.Args {
	days := make([]int32, a.len())
	halves := make([]string, a.len())
	for i, day := range a.days {
		days[i] = int32(day.Sub(epoch))
		halves[i] = string(a.halves[i])
	}
	return postgres.Args{"children": a.children, "settings": a.settings, "days": days, "halves": halves, "am": a.codes[0], "pm": a.codes[1],
		"first": a.first, "last": a.last, "delivery": int32(k.result.DeliveryID), "rank": k.delivery.Source.rank()}
}

// write keeps days: as they are where there was nothing of these children in these days, else beside what was there.
func (k *Keeping) write(ctx context.Context, marks []Mark, a *arriving) error {
	clashes, err := k.clashes(ctx, a)
	if err != nil {
		return err
	}
	for _, c := range clashes {
		i := a.index[c.Half][c.Row-1]
		k.refuse(k.given-len(marks)+i, InTwoPlaces, marks[i])
		a.codes[c.Half][c.Row-1] = ""
	}
	args := k.args(a)
	there, err := postgres.GetValue[bool](ctx, k.tx, `select exists (select from unnest(@children::bigint[]) c(id)
		where exists (select from attendance_day d where d.child_id = c.id and d.day between @first and @last))`,
		postgres.Args{"children": distinct(a.children), "first": a.first, "last": a.last})
	if err != nil {
		return err
	}
	if !there {
		_, err = k.tx.Do(ctx, `insert into attendance_day (child_id, day, setting_id, am_from, pm_from, half_term, am, pm)
			select child_id, day, setting_id, case when am is not null then @delivery::int end, case when pm is not null then @delivery::int end, half_term, am, pm
			from (`+arrivingSQL+`) a where am is not null or pm is not null`, args)
		for row := range a.children {
			added := 0
			for s := range a.codes {
				if a.codes[s][row] != "" {
					added++
				}
			}
			k.result.New += added
			k.touch(a, row, added > 0)
		}
		return err
	}
	type outcome struct {
		Row    int
		AM, PM string
	}
	outcomes, err := postgres.List[outcome](ctx, k.tx, mergeSQL, args)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		changed := false
		for s, what := range []string{o.AM, o.PM} {
			switch what {
			case "new":
				k.result.New++
				changed = true
			case "corrected":
				k.result.Corrected++
				changed = true
			case "same":
				k.result.Same++
			case "stood":
				k.result.Stood++
			case "twice":
				i := a.index[s][o.Row-1]
				k.refuse(k.given-len(marks)+i, Twice, marks[i])
			}
		}
		k.touch(a, o.Row-1, changed)
	}
	return nil
}

// touch notes whose figures a day that was written changes.
func (k *Keeping) touch(a *arriving, row int, changed bool) {
	if !changed {
		return
	}
	at := place{a.children[row], int64(a.settings[row])}
	k.touched[halfKey{at, calendar.AcademicYear(a.days[row]), a.halves[row]}] = true
	k.children[at.childID]++
}

func distinct(ids []int64) []int64 {
	seen := map[int64]bool{}
	var out []int64
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// mergeSQL writes days beside what was there, and says of each session what became of it. What stands under
// the same delivery with another code is a second mark for one session.
const mergeSQL = `with arriving as materialized (` + arrivingSQL + `),
	met as (
		select a.*, d.child_id is not null as there, d.am as had_am, d.pm as had_pm, d.am_from, d.pm_from, f.rank as am_rank, g.rank as pm_rank
		from arriving a
		left join attendance_day d on d.child_id = a.child_id and d.day = a.day and d.setting_id = a.setting_id and d.day between @first and @last
		left join attendance_delivery f on f.id = d.am_from
		left join attendance_delivery g on g.id = d.pm_from),
	judged as materialized (
		select *,
			case when am is null then '' when had_am is null then 'new' when had_am = am then case when @rank::int > am_rank then 'firmer' else 'same' end
				when am_from = @delivery::int then 'twice' when @rank >= am_rank then 'corrected' else 'stood' end as am_does,
			case when pm is null then '' when had_pm is null then 'new' when had_pm = pm then case when @rank::int > pm_rank then 'firmer' else 'same' end
				when pm_from = @delivery::int then 'twice' when @rank >= pm_rank then 'corrected' else 'stood' end as pm_does
		from met),
	added as (
		insert into attendance_day (child_id, day, setting_id, am_from, pm_from, half_term, am, pm)
		select child_id, day, setting_id, case when am is not null then @delivery::int end, case when pm is not null then @delivery::int end, half_term, am, pm
		from judged where not there and (am is not null or pm is not null)),
	kept as (
		insert into attendance_correction (child_id, setting_id, day, session, was, was_from, became, became_from)
		select child_id, setting_id, day, 'AM', had_am, am_from, am, @delivery from judged where am_does = 'corrected'
		union all
		select child_id, setting_id, day, 'PM', had_pm, pm_from, pm, @delivery from judged where pm_does = 'corrected'),
	changed as (
		update attendance_day d set
			am = case when j.am_does in ('new', 'corrected') then j.am else d.am end,
			am_from = case when j.am_does in ('new', 'corrected', 'firmer') then @delivery else d.am_from end,
			pm = case when j.pm_does in ('new', 'corrected') then j.pm else d.pm end,
			pm_from = case when j.pm_does in ('new', 'corrected', 'firmer') then @delivery else d.pm_from end
		from judged j
		where j.there and d.child_id = j.child_id and d.day = j.day and d.setting_id = j.setting_id and d.day between @first and @last
			and (j.am_does in ('new', 'corrected', 'firmer') or j.pm_does in ('new', 'corrected', 'firmer')))
	select n::int as row, replace(am_does, 'firmer', 'same') as am, replace(pm_does, 'firmer', 'same') as pm from judged order by n`

// clash is a session in which another setting has the child present too: Half 0 is the morning.
type clash struct{ Row, Half int }

// clashes finds sessions with a present mark at two settings, among what arrives and against what is
// there. Only children who were ever on roll at two settings can have any. A school's own people see no
// other school's marks, so theirs are kept and the clash is listed for the Virtual School (QueueClashes).
func (k *Keeping) clashes(ctx context.Context, a *arriving) ([]clash, error) {
	if len(k.several) == 0 || k.own != nil {
		return nil, nil
	}
	var some arriving
	var rows []int
	for row, child := range a.children {
		if k.several[child] {
			some.children, some.settings, some.days, some.halves = append(some.children, child), append(some.settings, a.settings[row]), append(some.days, a.days[row]), append(some.halves, a.halves[row])
			some.codes[0], some.codes[1] = append(some.codes[0], a.codes[0][row]), append(some.codes[1], a.codes[1][row])
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	some.first, some.last = a.first, a.last
	args := k.args(&some)
	for name, value := range tableArgs() {
		args[name] = value
	}
	found, err := postgres.List[clash](ctx, k.tx, `with codes as materialized (`+codesSQL+`),
		arriving as materialized (`+arrivingSQL+`),
		here as (
			select n, child_id, day, setting_id, 0 as half, am as code, 'AM' as session from arriving where am is not null
			union all
			select n, child_id, day, setting_id, 1, pm, 'PM' from arriving where pm is not null),
		present as (select h.* from here h join codes c on c.code = h.code and h.day between c.starts and c.ends and c.attended),
		others as (
			select n, child_id, day, setting_id, half, session from present
			union all
			select null, d.child_id, d.day, d.setting_id, s.half, s.session
			from (select distinct child_id, day from present) p
			join attendance_day d on d.child_id = p.child_id and d.day = p.day and d.day between @first and @last
			cross join lateral (values (0, 'AM', d.am), (1, 'PM', d.pm)) s(half, session, code)
			join codes c on c.code = s.code and d.day between c.starts and c.ends and c.attended)
		select distinct p.n::int as row, p.half from present p
		where exists (select from others o where o.child_id = p.child_id and o.day = p.day and o.half = p.half and o.setting_id <> p.setting_id
			and (o.n is null or o.n < p.n))
		order by 1, 2`, args)
	for i := range found {
		found[i].Row = rows[found[i].Row-1] + 1
	}
	return found, err
}

// codesSQL is the dated table of the national codes for counting in the database, with tableArgs.
const codesSQL = `select * from unnest(@codes::text[], @classes::text[], @code_starts::date[], @code_ends::date[], @attended::boolean[], @absent::boolean[])
	as t(code, class, starts, ends, attended, absent)`

// tableArgs are mark.National as columns. A stroke of the other session cannot be stored, so the session need not be compared.
func tableArgs() postgres.Args {
	var codes, classes []string
	var starts, ends []calendar.Date
	var attended, absent []bool
	for _, m := range mark.National.Meanings() {
		from, to := m.From, m.To
		if from.IsZero() {
			from = calendar.New(1900, 1, 1)
		}
		if to.IsZero() {
			to = calendar.New(9999, 12, 31)
		}
		codes, classes, starts, ends = append(codes, string(m.Code)), append(classes, string(m.Class)), append(starts, from), append(ends, to)
		attended, absent = append(attended, m.Class.Attended()), append(absent, m.Class.Absent())
	}
	return postgres.Args{"codes": codes, "classes": classes, "code_starts": starts, "code_ends": ends, "attended": attended, "absent": absent}
}
