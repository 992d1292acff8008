package seed

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
)

// schoolLife is suspensions, and attendance by half term of schools that send no registers, as the school tells them.
func (c *council) schoolLife(y *young) []act {
	if y.year < 0 || y.is == shortBreaks {
		return nil
	}
	return append(c.attending(y), c.suspended(y)...)
}

// half is one half of a term.
type half struct {
	name     attendance.HalfTerm
	year     int
	from, to calendar.Date
}

// halves are those of the history that are over.
func (a almanac) halves() []half {
	names := map[string][2]attendance.HalfTerm{calendar.Autumn: {"A1", "A2"}, calendar.Spring: {"Sp1", "Sp2"}, calendar.Summer: {"Su1", "Su2"}}
	var list []half
	for _, term := range a.history() {
		first, second := half{names[term.Name][0], term.AcademicYear, term.Starts, term.HalfTermFrom.AddDays(-1)}, half{names[term.Name][1], term.AcademicYear, term.HalfTermTo.AddDays(1), term.Ends}
		for _, one := range []half{first, second} {
			if one.to.Before(a.back(3)) {
				list = append(list, one)
			}
		}
	}
	return list
}

func (c *council) attending(y *young) []act {
	var acts []act
	for _, half := range c.days.halves() {
		at := y.learns(half.to)
		if half.to.Before(y.known) || at == nil || at.sends() || !y.careUntil.IsZero() && y.careUntil.Before(half.to.AddDays(10)) {
			continue
		}
		// Only days on this roll and in the half term are this school's to count.
		from := half.from
		for _, roll := range y.rolls {
			if roll.at == at && roll.from.After(from) {
				from = roll.from
			}
		}
		figures := y.sessions(2 * len(c.days.school.Days(from, half.to)))
		if figures.Possible == 0 {
			continue
		}
		told := c.days.working.Add(half.to, 2)
		by := y.advisor.Actor
		if y.learns(told) == at && at.teacher != nil {
			by = at.teacher.Actor
		}
		entry := attendance.Entry{SettingID: at.id, AcademicYear: half.year, HalfTerm: half.name, Figures: figures, Source: "School register", AsAt: half.to}
		acts = append(acts, act{calendar.Latest(told, y.known), by, "record attendance", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.attendance.Record(ctx, by, y.id, 0, entry)
		}})
	}
	return acts
}

// sessions spreads what was missed over its reasons.
func (y *young) sessions(possible int) attendance.Figures {
	r := y.random
	possible = min(possible, attendance.MostSessions)
	missed := min(possible, max(0, possible*(100-y.attends())/100+r.IntN(5)-2))
	unauthorised := missed * (10 + r.IntN(50)) / 100
	attended := possible - missed
	return attendance.Figures{Possible: possible, Attended: attended, Authorised: missed - unauthorised, Unauthorised: unauthorised, Late: min(attended, r.IntN(6))}
}

func (c *council) suspended(y *young) []act {
	r := y.random
	times := 0
	switch {
	case y.is == excluded:
		times = 7
	case y.year >= 7 && chance(r, 12), y.year >= 3 && chance(r, 3):
		times = 1 + r.IntN(3)
	}
	var acts []act
	first, until := calendar.Latest(y.known, c.days.start), c.days.back(2)
	on := first.AddDays(25 + r.IntN(60))
	if y.is == excluded {
		until = c.days.back(12) // the last one comes now
	} else {
		on = first.AddDays(25 + r.IntN(max(until.Sub(first), 60)))
	}
	for n := range times {
		on = c.schoolDay(on)
		if on.After(until) || !y.careUntil.IsZero() && on.AddDays(10).After(y.careUntil) {
			break
		}
		acts = append(acts, c.suspend(y, on, courseOf(y, n))...)
		on = on.AddDays(18 + r.IntN(45))
	}
	if now := c.schoolDay(c.days.back(4)); y.is == excluded && !now.After(c.days.anchor) {
		acts = append(acts, c.suspend(y, now, unread)...)
	}
	return acts
}
