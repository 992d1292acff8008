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
	for i, day := range a.days {
		days[i] = int32(day.Sub(epoch))
	}
	return postgres.Args{"children": a.children, "settings": a.settings, "days": days, "halves": a.halves, "am": a.codes[0], "pm": a.codes[1],
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
	// One look at the key for each child, however large the planner believes the table to be: hence the limit.
	there, err := postgres.GetValue[bool](ctx, k.tx, `select exists (select from unnest(@children::bigint[]) c(id)
		cross join lateral (select from attendance_day d where d.child_id = c.id and d.day between @first and @last limit 1) d)`,
		postgres.Args{"children": distinct(a.children), "first": a.first, "last": a.last})
	if err != nil {
		return err
	}
	if !there {
		for row := range a.children {
			if a.codes[0][row] == "" && a.codes[1][row] == "" {
				continue
			}
			moved, portion := k.moved(a, row, HalfTerm(a.halves[row])), k.portionOf(a, row)
			for i, session := range mark.Sessions {
				if code := a.codes[i][row]; code != "" {
					moved.add(1, mark.Code(code), a.days[row], session)
					portion.Kept++
					k.result.New++
				}
			}
		}
		_, err = k.tx.Do(ctx, freshSQL, args)
		return err
	}
	type outcome struct {
		Row          int
		HalfTerm     HalfTerm // as the row has it, where there was one
		AM, PM       string
		HadAM, HadPM string
	}
	outcomes, err := postgres.List[outcome](ctx, k.tx, mergeSQL, args)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		row := o.Row - 1
		for i, became := range [][2]string{{o.AM, o.HadAM}, {o.PM, o.HadPM}} {
			switch became[0] {
			case "new":
				k.result.New++
				k.moved(a, row, o.HalfTerm).add(1, mark.Code(a.codes[i][row]), a.days[row], mark.Sessions[i])
				k.portionOf(a, row).Kept++
			case "corrected":
				k.result.Corrected++
				portion := k.portionOf(a, row)
				portion.Kept, portion.Corrected = portion.Kept+1, portion.Corrected+1
				moved := k.moved(a, row, o.HalfTerm)
				moved.add(-1, mark.Code(became[1]), a.days[row], mark.Sessions[i])
				moved.add(1, mark.Code(a.codes[i][row]), a.days[row], mark.Sessions[i])
			case "firmer":
				k.result.Same++
				k.portionOf(a, row).Kept++
			case "same":
				k.result.Same++
			case "stood":
				k.result.Stood++
			case "twice":
				at := a.index[i][row]
				k.refuse(k.given-len(marks)+at, Twice, marks[at])
			}
		}
	}
	return nil
}

// moved is how far a delivery has moved the figures of the half term a day is in.
func (k *Keeping) moved(a *arriving, row int, half HalfTerm) *movement {
	key := halfKey{place{a.children[row], int64(a.settings[row])}, calendar.AcademicYear(a.days[row]), half}
	if k.latest == nil || k.latestKey != key {
		if k.movements[key] == nil {
			k.movements[key] = &movement{}
		}
		k.latest, k.latestKey = k.movements[key], key
	}
	k.latest.last = calendar.Latest(k.latest.last, a.days[row])
	return k.latest
}

// portionOf is the portion of the child and setting of a day.
func (k *Keeping) portionOf(a *arriving, row int) *Portion {
	at := place{a.children[row], int64(a.settings[row])}
	if k.portion == nil || k.portion.ChildID != at.childID || k.portion.SettingID != at.settingID {
		if k.portions[at] == nil {
			k.portions[at] = &Portion{ChildID: at.childID, SettingID: at.settingID}
		}
		k.portion = k.portions[at]
	}
	k.portion.First, k.portion.Last = calendar.Earliest(k.portion.First, a.days[row]), calendar.Latest(k.portion.Last, a.days[row])
	return k.portion
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

// freshSQL writes days where there were none. The columns are put side by side in the select list, which
// takes less than half the time of a table of them.
const freshSQL = `insert into attendance_day (child_id, day, setting_id, am_from, pm_from, half_term, am, pm)
	select child_id, date '2000-01-01' + day, setting_id, case when am <> '' then @delivery::int end, case when pm <> '' then @delivery::int end, half_term, nullif(am, ''), nullif(pm, '')
	from (select unnest(@children::bigint[]) as child_id, unnest(@settings::int[]) as setting_id, unnest(@days::int[]) as day, unnest(@halves::text[]) as half_term,
		unnest(@am::text[]) as am, unnest(@pm::text[]) as pm) a
	where am <> '' or pm <> ''`

// mergeSQL writes days beside what was there, and says of each session what became of it. What stands under
// the same delivery with another code is a second mark for one session. A firmer source that says the same
// is kept as a correction too, of nothing but the source, so that it can be taken back.
const mergeSQL = `with arriving as materialized (` + arrivingSQL + `),
	met as (
		select a.*, d.child_id is not null as there, d.am as had_am, d.pm as had_pm, d.half_term as had_half, d.am_from, d.pm_from, f.rank as am_rank, g.rank as pm_rank
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
		select child_id, setting_id, day, 'AM', had_am, am_from, am, @delivery from judged where am_does in ('corrected', 'firmer')
		union all
		select child_id, setting_id, day, 'PM', had_pm, pm_from, pm, @delivery from judged where pm_does in ('corrected', 'firmer')),
	changed as (
		update attendance_day d set
			am = case when j.am_does in ('new', 'corrected') then j.am else d.am end,
			am_from = case when j.am_does in ('new', 'corrected', 'firmer') then @delivery else d.am_from end,
			pm = case when j.pm_does in ('new', 'corrected') then j.pm else d.pm end,
			pm_from = case when j.pm_does in ('new', 'corrected', 'firmer') then @delivery else d.pm_from end
		from judged j
		where j.there and d.child_id = j.child_id and d.day = j.day and d.setting_id = j.setting_id and d.day between @first and @last
			and (j.am_does in ('new', 'corrected', 'firmer') or j.pm_does in ('new', 'corrected', 'firmer')))
	select n::int as row, coalesce(had_half, half_term) as half_term, am_does as am, pm_does as pm,
		coalesce(had_am, '') as had_am, coalesce(had_pm, '') as had_pm
	from judged order by n`

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
