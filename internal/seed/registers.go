package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// sends says whether a school's register comes session by session; the others report half terms.
func (s *school) sends() bool { return s.authority == "" && len(s.name)%7 != 3 }

// register is a child's marks as they are made up, one day after another.
type register struct {
	y      *young
	random *rand.Rand
	spell  int // days of absence still to come
	code   mark.Code
}

// registers delivers the marks of the schools that send theirs: past half terms whole, the present one week by
// week, and the morning of today from some.
func (c *council) registers(ctx context.Context) error {
	var children []*register
	for n, y := range c.cast {
		if y.year < 0 || slices.Contains([]situation{shortBreaks, adoption, protection, adopted}, y.is) {
			continue // of restricted records the data officer knows nothing
		}
		children = append(children, &register{y: y, random: rand.New(rand.NewPCG(c.options.Random, uint64(n)+1<<20))}) // #nosec G404 -- the same every time, on purpose
	}
	for _, half := range c.days.halves() {
		if err := c.deliver(ctx, children, half.from, half.to, c.days.working.Add(half.to, 3)); err != nil {
			return err
		}
	}
	term := c.days.terms[c.days.now]
	from := term.Starts
	if half := c.days.halves(); len(half) > 0 && half[len(half)-1].to.After(from) {
		from = half[len(half)-1].to.AddDays(1)
	}
	for ; !from.After(calendar.Earliest(term.Ends, c.days.anchor)); from = from.Monday().AddDays(7) {
		to := calendar.Earliest(from.Monday().AddDays(6), c.days.anchor)
		if err := c.deliver(ctx, children, from, to, to); err != nil {
			return err
		}
	}
	return c.morning(ctx, children)
}

// deliver brings what the schools' systems have of some days, on a day.
func (c *council) deliver(ctx context.Context, children []*register, from, to, on calendar.Date) error {
	now := c.at(calendar.Earliest(on, c.days.anchor), 400)
	out, err := suspendedDays(ctx, now.db, c.days.school, from, to)
	if err != nil {
		return err
	}
	var marks []attendance.Mark
	for _, r := range children {
		for _, day := range c.days.school.Days(from, to) {
			marks = append(marks, r.day(day, c.days.anchor, out[away{r.y.id, day}])...)
		}
	}
	if len(marks) == 0 {
		return nil
	}
	delivery := attendance.Delivery{Source: attendance.RegisterFile, Label: fmt.Sprintf("registers-%s.csv", to)}
	if _, err := now.attendance.Keep(ctx, c.staff.data.Actor, delivery, marks); err != nil {
		return fmt.Errorf("registers to %s: %w", to, explain(err))
	}
	return nil
}

// morning is what some schools have said of today, when it is a school day.
func (c *council) morning(ctx context.Context, children []*register) error {
	var marks []attendance.Mark
	for _, r := range children {
		if at := r.y.learns(c.days.today); c.days.school.IsSchoolDay(c.days.today) && at != nil && len(at.name)%3 != 0 {
			for _, one := range r.day(c.days.today, c.days.today, false) {
				if one.Session == mark.AM {
					marks = append(marks, one)
				}
			}
		}
	}
	if len(marks) == 0 {
		return nil
	}
	service := attendance.Service{DB: c.services.DB}
	_, err := service.Keep(ctx, c.staff.data.Actor, attendance.Delivery{Source: attendance.Collector, Label: "Morning registers"}, marks)
	return explain(err)
}

type away struct {
	child int64
	day   calendar.Date
}

// suspendedDays are the days on which children were suspended, by what was notified.
func suspendedDays(ctx context.Context, db *postgres.DB, open calendar.SchoolDays, from, to calendar.Date) (map[away]bool, error) {
	var events []struct {
		ChildID  int64
		StartsOn calendar.Date
		Sessions int
	}
	var batch postgres.Batch
	postgres.Many(&batch, &events, `select child_id, starts_on, sessions from suspension where kind = 'suspension' and starts_on between @from::date - 60 and @to`,
		postgres.Args{"from": from, "to": to})
	if err := db.View(ctx, access.System, &batch); err != nil {
		return nil, err
	}
	out := map[away]bool{}
	for _, one := range events {
		day := one.StartsOn
		for sessions := one.Sessions; sessions > 0 && !day.After(to); day = day.AddDays(1) {
			if open.IsSchoolDay(day) {
				out[away{one.ChildID, day}] = true
				sessions -= 2
			}
		}
	}
	return out, nil
}

// day is a child's two marks at each school of a day that sends them; none where the register was not taken.
func (r *register) day(day, latest calendar.Date, suspended bool) []attendance.Mark {
	y := r.y
	if day.Before(y.careFrom) || !y.careUntil.IsZero() && !day.Before(y.careUntil) {
		return nil
	}
	am, pm := r.codes(day, latest)
	if suspended {
		am, pm = mark.Suspended, mark.Suspended
	}
	if chance(r.random, 1) {
		am = "" // forgotten
	}
	var marks []attendance.Mark
	at, elsewhere := y.learns(day), y.second(day)
	add := func(at *school, am, pm mark.Code) {
		if at == nil || !at.sends() {
			return
		}
		for n, code := range []mark.Code{am, pm} {
			if session := mark.Sessions[n]; code != "" {
				marks = append(marks, attendance.Mark{ChildID: y.id, SettingID: at.id, Day: day, Session: session, Code: code.At(session)})
			}
		}
	}
	if elsewhere == nil || int(day.Weekday())%2 == 1 {
		add(at, am, pm)
		add(elsewhere, mark.Dual, mark.Dual)
	} else {
		add(at, mark.Dual, mark.Dual)
		add(elsewhere, am, pm)
	}
	return marks
}

// second is the school of a dual registration on a day.
func (y *young) second(on calendar.Date) *school {
	for _, roll := range y.rolls {
		if roll.kind == "dual" && !roll.from.After(on) && (roll.until.IsZero() || on.Before(roll.until)) {
			return roll.at
		}
	}
	return nil
}

// codes are the marks of morning and afternoon.
func (r *register) codes(day, latest calendar.Date) (am, pm mark.Code) {
	if r.spell > 0 {
		r.spell--
		return r.code, r.code
	}
	missed := 100 - r.y.attends()
	if r.y.n%19 == 4 && latest.Sub(day) < 35 {
		missed = 55 // something has changed of late
	}
	switch {
	case r.random.IntN(200) < missed:
		r.code = weighted(r.random, []mark.Code{"I", "O", "N", "C", "G"}, func(code mark.Code) int {
			switch {
			case code == mark.Unknown && latest.Sub(day) > 14:
				return 0
			case missed > 30:
				return map[mark.Code]int{"I": 25, "O": 60, "N": 25, "C": 5, "G": 1}[code]
			}
			return map[mark.Code]int{"I": 70, "O": 12, "N": 10, "C": 6, "G": 4}[code]
		})
		r.spell = r.random.IntN(4)
		return r.code, r.code
	case chance(r.random, 2):
		return "M", "/"
	case chance(r.random, 2+missed/8):
		return mark.Late, "/"
	case chance(r.random, 1):
		return mark.LateClosed, "/"
	case r.y.is == unit && day.Weekday()%3 == 1:
		return "/", "B"
	case chance(r.random, 1):
		return "V", "V"
	}
	return "/", "/"
}
