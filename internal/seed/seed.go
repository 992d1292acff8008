package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"golang.org/x/sync/errgroup"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/policy"
	"virtualschool/internal/setting"
)

// Most children a demonstration has.
const Most = 5000

// Options say how large the council is and which one of the many possible ones.
type Options struct {
	Children int    // 1 to Most
	Random   uint64 // the same number on the same day gives the same council
	Progress func(done, total int, what string)
}

// ErrNotEmpty says that there is something in the database, which the seed must not mix with.
var ErrNotEmpty = errors.New("there are people or children in this database, and a made-up council is never mixed with them: use an empty one")

// ErrNotDemo says that this is no demonstration.
var ErrNotDemo = errors.New("made-up people with a known password are for demonstrations only: set VS_DEMO=true, and never keep real children's records in that database")

// atOnce is how many children's stories are acted side by side.
const atOnce = 4

// council is the made-up authority while it is being made.
type council struct {
	services  Services
	options   Options
	authority string
	name      string
	days      almanac
	schools   []*school
	staff     staff
	cast      []*young
	everybody []*person // whose accounts were made at the start
	panel     int64     // the one that is planned next
}

// Run fills an empty database with a made-up council. It refuses any other database (ErrNotEmpty)
// and works only where Accounts.Demo says so (ErrNotDemo). Today is the day that DB's clock says.
func Run(ctx context.Context, services Services, options Options) error {
	if options.Children < 1 || options.Children > Most {
		return fmt.Errorf("a made-up council has 1 to %d children, not %d", Most, options.Children)
	}
	if !services.Accounts.Demo {
		return ErrNotDemo
	}
	empty, err := Empty(ctx, services.DB)
	if err != nil {
		return err
	}
	if !empty {
		return ErrNotEmpty
	}
	if options.Progress == nil {
		options.Progress = func(int, int, string) {}
	}
	c := &council{services: services, options: options, authority: services.Settings.AuthorityCode, name: services.Accounts.Place,
		days: newAlmanac(services.DB.Today()), schools: schools()}
	random := rand.New(rand.NewPCG(options.Random, 0)) // #nosec G404 -- the same every time, on purpose
	options.Progress(0, options.Children, "schools and people")
	for _, step := range []func(context.Context) error{
		c.openBooks,
		func(ctx context.Context) error { return note(ctx, services.DB, "began", options) },
		func(ctx context.Context) error {
			return putSchools(ctx, c.at(c.days.start, 0).db, c.schools, c.authority, c.name)
		},
		func(ctx context.Context) error { return c.hire(ctx, random) },
		c.setRules,
		c.live,
		c.registers,
		func(ctx context.Context) error {
			return closeSchools(ctx, c.at(c.closes(), 0).db, c.schools, c.closes().AddDays(-1), c.days.terms[c.days.now].Ends.AddYears(1))
		},
		c.signIns,
		c.pry,
		func(ctx context.Context) error { return dropMail(ctx, services.DB) },
		c.review,
		c.invite,
		c.asking,
		c.longAgo,
		func(ctx context.Context) error { return note(ctx, services.DB, "finished", options) },
	} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("make the demonstration: %w", err)
		}
	}
	return nil
}

// openBooks makes the months of the audit that the story will write in.
func (c *council) openBooks(ctx context.Context) error {
	for month := c.days.start.AddMonths(-1); month.Before(c.days.today.AddMonths(1)); month = month.AddMonths(1) {
		if err := audit.Seal(ctx, c.at(month, 0).db); err != nil {
			return err
		}
	}
	return nil
}

// gapMonths is this council's own rule of how far apart two meetings may be.
const gapMonths = 5

// setRules enters terms, holidays and what the council has decided for itself.
func (c *council) setRules(ctx context.Context) error {
	now, deputy := c.at(c.days.start, 1), c.staff.deputy.Actor
	if _, err := now.settings.LoadBankHolidays(ctx, deputy, bankHolidays(c.days.today)); err != nil {
		return err
	}
	for _, owner := range []struct {
		of    setting.Owner
		shift int
	}{{setting.Owner{AuthorityCode: c.authority}, 0}, {setting.Owner{AuthorityCode: north}, 0}, {setting.Owner{AuthorityCode: east}, -1}} {
		for _, year := range years(c.days.today) {
			for _, term := range termsOf(year, owner.shift) {
				if owner.of.AuthorityCode != c.authority {
					term.CutOff = calendar.Date{}
				}
				if err := now.settings.SetTerm(ctx, deputy, owner.of, term, 0); err != nil {
					return err
				}
				if err := now.settings.CloseDay(ctx, deputy, owner.of, trainingDay(term), "Staff training day"); err != nil {
					return err
				}
			}
		}
	}
	for _, rule := range []struct {
		key    policy.Key
		value  any
		source string
	}{
		{policy.PEPGapMonths, gapMonths, "Virtual School Governing Board: reviewed every term, never more than 5 months apart"},
		{policy.PremiumScheme, "termly_release", "Schools Forum: a sum each term, and requests beside it"},
		{policy.PremiumTwoApprovers, twoAbove, "Scheme of delegation: two approve what is above £800"},
		{policy.PremiumPanel, panelAbove, "Scheme of delegation: a panel looks at what is above £1,300"},
		{policy.SecondFactorRoles, []access.Role{}, "Demonstration: visitors sign in with a password alone"},
		{policy.PasskeyRoles, []access.Role{}, "Demonstration: visitors sign in with a password alone"},
		{policy.AuthorityPostcodeDistricts, []string{"KI1", "KI2", "HO3", "TH4", "AS5", "MA6"}, "Council’s list of its postcode districts"},
	} {
		if err := policy.Set(ctx, now.db, deputy, rule.key, rule.value, c.days.start.AddYears(-1), rule.source); err != nil {
			return err
		}
	}
	return nil
}

// live imagines every child, gives each their people, and acts the stories a few at a time, up to each
// day on which the council does something about its money as a whole, that, and so on.
func (c *council) live(ctx context.Context) error {
	cast := make([]*young, c.options.Children)
	for n := range cast {
		cast[n] = c.imagine(n)
	}
	c.allocate(cast)
	c.cast = cast
	// Records are made one after another, so that their numbers are the same every time.
	for n, y := range cast {
		if err := c.arrive(ctx, y); err != nil {
			return fmt.Errorf("child %d (%s): %w", n, y.is, explain(err))
		}
	}
	stories := make([]*story, len(cast))
	for n, y := range cast {
		stories[n] = &story{y: y, acts: c.story(y)}
	}
	tell := c.telling(stories)
	var day calendar.Date
	minutes := 0
	for _, one := range c.treasury(cast) {
		if one.on != day {
			if err := c.until(ctx, one.on.AddDays(-1), stories, tell); err != nil {
				return err
			}
			day, minutes = one.on, -30 // before anybody else begins
		}
		minutes++
		if err := one.do(ctx, c.at(day, minutes), one.by); err != nil {
			return fmt.Errorf("%s on %s by %s: %w", one.what, one.on, one.by.Email, explain(err))
		}
	}
	return c.until(ctx, c.days.anchor, stories, tell)
}

// story is what happens to a child, and how far it has been acted.
type story struct {
	y       *young
	acts    []act
	day     calendar.Date
	minutes int
}

// telling says how far the stories are, as if one child were done after another.
func (c *council) telling(stories []*story) func(acts int) {
	all := 0
	for _, one := range stories {
		all += len(one.acts)
	}
	var say sync.Mutex
	acted, told := 0, 0
	return func(acts int) {
		say.Lock()
		defer say.Unlock()
		acted += acts
		if done := acted * len(stories) / max(1, all); done >= told+10 || done > told && acted == all {
			told = done
			c.options.Progress(done, len(stories), "children")
		}
	}
}

// until acts the stories as far as a day and with it, a few at a time.
func (c *council) until(ctx context.Context, day calendar.Date, stories []*story, tell func(acts int)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for n, one := range stories {
		if len(one.acts) == 0 || one.acts[0].on.After(day) {
			continue
		}
		group.Go(func() error {
			before := len(one.acts)
			if err := c.act(ctx, one, day); err != nil {
				return fmt.Errorf("child %d (%s): %w", n, one.y.is, err)
			}
			tell(before - len(one.acts))
			return nil
		})
	}
	return group.Wait()
}

// act does one thing after another until a day, each on its own day and by its person.
func (c *council) act(ctx context.Context, s *story, until calendar.Date) error {
	for ; len(s.acts) > 0 && !s.acts[0].on.After(until); s.acts = s.acts[1:] {
		one := s.acts[0]
		if one.on != s.day {
			s.day, s.minutes = one.on, (s.y.n*47+one.on.Day*83)%330
		}
		s.minutes += 6
		if err := one.do(ctx, c.at(s.day, s.minutes), one.by); err != nil {
			return fmt.Errorf("%s on %s by %s: %w", one.what, one.on, one.by.Email, explain(err))
		}
	}
	return nil
}
