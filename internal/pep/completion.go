package pep

import (
	"cmp"
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// InTerm is a child in care at the end of a term, or today while it lasts, and whether one of the
// term's plans is signed off: what completion (R13) is counted from. Names are as at that day.
type InTerm struct {
	AcademicYear int
	Term         string
	ChildID      int64
	DateOfBirth  calendar.Date
	YearOffset   int
	CareSince    calendar.Date
	AsAt         calendar.Date
	ShortBreaks  bool
	SettingID    int64
	School       string
	AdvisorID    int64
	Advisor      string
	SEN          string // N, K or E
	Area         string // in or out; empty: not known
	Placement    string // the return's code; empty: not known
	SignedOff    bool
}

const completionSQL = `with terms as (
		select year, term, starts, ends, least(ends, @today::date) as as_at
		from unnest(@years::int[], @terms::text[], @starts::date[], @ends::date[]) t (year, term, starts, ends))
	select t.year as academic_year, t.term, c.id as child_id, c.date_of_birth, c.year_offset, lower(cp.period) as care_since, t.as_at,
		coalesce(ls.code in ('V3', 'V4'), false) as short_breaks, coalesce(r.setting_id, 0) as setting_id, coalesce(s.name, '') as school,
		coalesce(a.account_id, 0) as advisor_id, coalesce(adv.name, '') as advisor, coalesce(n.status, 'N') as sen,
		case pl.in_authority when true then 'in' when false then 'out' else '' end as area, coalesce(pl.code, '') as placement, d.child_id is not null as signed_off
	from terms t
	join care_period cp on cp.period @> t.as_at
	join child c on c.id = cp.child_id and ` + postgres.PlaceTold + `
	left join legal_status ls on ls.child_id = c.id and ls.period @> t.as_at
	left join roll r on r.child_id = c.id and r.kind = 'main' and r.period @> t.as_at
	left join setting s on s.id = r.setting_id
	left join allocation a on a.child_id = c.id and a.part = 'advisor' and a.period @> t.as_at
	left join account adv on adv.id = a.account_id
	left join sen_status n on n.child_id = c.id and n.period @> t.as_at
	left join placement pl on pl.child_id = c.id and pl.period @> t.as_at
	left join (select distinct child_id, academic_year, term from pep where state in ('signed_off', 'superseded')) d
		on d.child_id = c.id and d.academic_year = t.year and d.term = t.term`

// QueueCompletion queues the children of several terms at once. Terms that have not begun are left out
// by whoever asks.
func QueueCompletion(batch *postgres.Batch, into *[]InTerm, terms []Term) {
	args := postgres.Args{}
	years, names, starts, ends := []int{}, []string{}, []string{}, []string{}
	for _, term := range terms {
		years, names, starts, ends = append(years, term.AcademicYear), append(names, term.Name), append(starts, term.Starts.String()), append(ends, term.Ends.String())
	}
	args["years"], args["terms"], args["starts"], args["ends"] = years, names, starts, ends
	batch.Exec(nestedLoops, postgres.Args{"on": "off"})
	postgres.Many(batch, into, completionSQL, args)
	batch.Exec(nestedLoops, postgres.Args{"on": "on"})
}

// Due says whether the child's review was due in the term (R9), and the child of an age with a plan (R5).
func (c InTerm) Due(term Term, w calendar.WorkingDays, d Deadlines) bool {
	facts := Facts{DateOfBirth: c.DateOfBirth, YearOffset: c.YearOffset, InCareSince: c.CareSince, ShortBreaks: c.ShortBreaks}
	if !facts.InScope(d, c.AsAt) {
		return false
	}
	_, asked := TermlyBy(term, c.CareSince, calendar.Date{}, nil, w, d)
	return asked
}

// Year is the child's curriculum year then, as taught.
func (c InTerm) Year() int { return calendar.CurriculumYear(c.DateOfBirth, c.AsAt) + c.YearOffset }

// Share is how many of the plans that were due are signed off.
type Share struct {
	Key  string // the group's value, as a filter takes it
	Name string
	Done int
	Due  int
}

// Small says whether so few were due that a percentage says little.
func (s Share) Small() bool { return s.Due < 10 }

// Percent is the share in hundredths of a whole; 0 when none was due.
func (s Share) Percent() float64 {
	if s.Due == 0 {
		return 0
	}
	return float64(s.Done) * 100 / float64(s.Due)
}

// Words is "95.3%" or, for fewer than a hundred, of which a tenth would say more than is known, "50%",
// halves up. Empty when none was due.
func (s Share) Words() string {
	switch {
	case s.Due == 0:
		return ""
	case s.Due < 100:
		return fmt.Sprintf("%d%%", (s.Done*100+s.Due/2)/s.Due)
	}
	tenths := (s.Done*1000 + s.Due/2) / s.Due
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

// CompletionOf counts a term's children in groups (R13): those whose review was due, and of them those
// with a signed-off plan. By gives a child's group and its name; groups come in the order of their names.
func CompletionOf(children []InTerm, term Term, w calendar.WorkingDays, d Deadlines, by func(InTerm) (key, name string)) []Share {
	groups := map[string]*Share{}
	for _, child := range children {
		if child.AcademicYear != term.AcademicYear || child.Term != term.Name || !child.Due(term, w, d) {
			continue
		}
		key, name := by(child)
		if groups[key] == nil {
			groups[key] = &Share{Key: key, Name: name}
		}
		groups[key].Due++
		if child.SignedOff {
			groups[key].Done++
		}
	}
	shares := make([]Share, 0, len(groups))
	for _, share := range groups {
		shares = append(shares, *share)
	}
	slices.SortFunc(shares, func(a, b Share) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	return shares
}
