package pep

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// RemindedDays is for how many days somebody who was reminded of a plan is left alone about it.
const RemindedDays = 7

// mostReminded is the most children one reminder is about.
const mostReminded = 1000

// Reminders are what a bulk reminder sends, and what it leaves out: a preview first, then done.
type Reminders struct {
	People  []Reminded
	LeftOut []LeftOut
}

// Reminded is a person and the plans that wait for them. They get one mail, which names no child.
type Reminded struct {
	AccountID int64
	Name      string
	Role      access.Role
	Plans     []Waiting
}

// Waiting is one plan, or one still to be started, that waits for somebody.
type Waiting struct {
	Child FactsRow
	Duty  Duty
}

// LeftOut is a child nobody is written to about.
type LeftOut struct {
	Child FactsRow
	Why   string
}

// party is a person a reminder may go to.
type party struct {
	ChildID   int64
	Role      access.Role
	AccountID int64
	Name      string
	Reminded  calendar.Date // of this child's plan, in the last days; zero: not
}

// RemindFacts are what a reminder is worked out from.
type RemindFacts struct {
	children []FactsRow
	parties  []party
}

const partiesSQL = `with who as (
		select a.child_id, a.part as role, a.account_id from allocation a
			where a.child_id = any (@children) and a.part in ('advisor', 'social_worker') and a.period @> @today::date
		union
		select r.child_id, 'school', s.account_id from roll r
			join account_setting s on s.setting_id = r.setting_id and s.post = 'designated_teacher' and s.period @> @today::date
			where r.child_id = any (@children) and r.kind = 'main' and r.period @> @today::date)
	select w.child_id, w.role, w.account_id, p.name,
		(select (max(m.sent_at) at time zone 'Europe/London')::date from pep_reminder m
			where m.child_id = w.child_id and m.account_id = w.account_id and m.sent_at > @now::timestamptz - make_interval(days => @days::int)) as reminded
	from who w join account p on p.id = w.account_id and p.state = 'active'
	order by p.name, w.account_id`

func remindArgs(children []int64) postgres.Args {
	return postgres.Args{"children": children, "days": RemindedDays}
}

// QueueReminders queues what a reminder about these children is worked out from. Two statements.
func QueueReminders(batch *postgres.Batch, into *RemindFacts, children []int64) {
	QueueFactsWhere(batch, &into.children, Narrow{Children: children})
	postgres.Many(batch, &into.parties, partiesSQL, remindArgs(children))
}

// RemindersOf works out who is written to about which plans. Again writes to those as well who were
// reminded in the last days.
func RemindersOf(facts RemindFacts, cal Calendar, d Deadlines, today calendar.Date, again bool) Reminders {
	var all Reminders
	byChild := map[int64][]party{}
	for _, one := range facts.parties {
		byChild[one.ChildID] = append(byChild[one.ChildID], one)
	}
	people := map[int64]*Reminded{}
	for _, child := range facts.children {
		leave := func(why string) { all.LeftOut = append(all.LeftOut, LeftOut{child, why}) }
		duties := Duties(child.Facts(), cal, d, today)
		if len(duties) == 0 {
			leave("Nothing is to be done")
			continue
		}
		if pause, paused := PauseOn(child.Pauses, today); paused {
			leave("Paused " + pause.Words(today))
			continue
		}
		owner := duties[0].Owner(child.SettingID != 0)
		var written, known int
		var last calendar.Date
		for _, one := range byChild[child.ChildID] {
			if one.Role != owner {
				continue
			}
			known++
			if !one.Reminded.IsZero() && !again {
				last = calendar.Latest(last, one.Reminded)
				continue
			}
			written++
			person := people[one.AccountID]
			if person == nil {
				person = &Reminded{AccountID: one.AccountID, Name: one.Name, Role: owner}
				people[one.AccountID] = person
			}
			person.Plans = append(person.Plans, Waiting{child, duties[0]})
		}
		switch {
		case known == 0:
			leave("Waits for the " + ownerNames[owner] + ", and nobody is named")
		case written == 0:
			leave("Reminded on " + last.Words())
		}
	}
	for _, person := range people {
		all.People = append(all.People, *person)
	}
	slices.SortFunc(all.People, func(a, b Reminded) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.AccountID, b.AccountID))
	})
	return all
}

var ownerNames = map[access.Role]string{access.School: "designated teacher", access.SocialWorker: "social worker", access.Advisor: "advisor"}

// Plans is how many plans somebody is reminded of; one that two people are told of counts once.
func (r Reminders) Plans() int {
	seen := map[int64]bool{}
	for _, person := range r.People {
		for _, plan := range person.Plans {
			seen[plan.Child.ChildID] = true
		}
	}
	return len(seen)
}

// words is what the mail says: how many plans wait, and nothing about any child.
func (r Reminded) words() string {
	waits := "A Personal Education Plan waits for you."
	if n := len(r.Plans); n > 1 {
		waits = fmt.Sprintf("%d Personal Education Plans wait for you.", n)
	}
	return "Hello,\n\n" + waits + " Sign in to see what is to be done, and by when:"
}

// Remind writes to the people whom the plans of these children wait for, one mail each, and says so in
// the history of each plan. It needs RemindPEP, and reaches only children the actor may see.
func (s *Service) Remind(ctx context.Context, actor access.Actor, children []int64, again bool) (Reminders, error) {
	var sent Reminders
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.RemindPEP, access.Facts{}); err != nil {
			return err
		}
		if len(children) == 0 || len(children) > mostReminded {
			return fault.Invalid("child", "Choose the children whose plans people are reminded of")
		}
		facts, err := loadReminders(ctx, tx, children)
		if err != nil {
			return err
		}
		dates, err := setting.LoadCalendar(ctx, tx, s.Authority, 0)
		if err != nil {
			return err
		}
		values, err := policy.Load(ctx, tx)
		if err != nil {
			return err
		}
		sent = RemindersOf(facts, CalendarOf(dates), DeadlinesOf(values), tx.Today, again)
		return sent.send(ctx, tx)
	})
	return sent, err
}

func loadReminders(ctx context.Context, tx *postgres.Tx, children []int64) (facts RemindFacts, err error) {
	// The children's rows are held, so that two who remind at once do not both write.
	if _, err = postgres.ListValues[int64](ctx, tx, `select id from child where id = any (@children) order by id for no key update`, remindArgs(children)); err != nil {
		return facts, err
	}
	where, args := Narrow{Children: children}.where()
	if facts.children, err = postgres.List[FactsRow](ctx, tx, factsSQL+where+` order by c.id`, args); err != nil {
		return facts, err
	}
	facts.parties, err = postgres.List[party](ctx, tx, partiesSQL, remindArgs(children))
	return facts, err
}

func (r Reminders) send(ctx context.Context, tx *postgres.Tx) error {
	var children, plans, accounts []int64
	told := map[int64][]string{} // by child
	planOf := map[int64]int64{}
	for _, person := range r.People {
		if err := job.Notify(ctx, tx, job.Notice{AccountID: person.AccountID, Subject: "Personal Education Plans wait for you", Words: person.words(), Path: "/work"}); err != nil {
			return err
		}
		for _, one := range person.Plans {
			children, plans, accounts = append(children, one.Child.ChildID), append(plans, one.Duty.PlanID), append(accounts, person.AccountID)
			told[one.Child.ChildID] = append(told[one.Child.ChildID], person.Name)
			planOf[one.Child.ChildID] = one.Duty.PlanID
		}
	}
	if _, err := tx.Do(ctx, `insert into pep_reminder (child_id, pep_id, account_id, sent_by, sent_at)
		select c, nullif(p, 0), a, @by, @now from unnest(@children::bigint[], @plans::bigint[], @accounts::bigint[]) t (c, p, a)`,
		postgres.Args{"children": children, "plans": plans, "accounts": accounts, "by": tx.Actor.ID}); err != nil {
		return err
	}
	for child, names := range told {
		if planOf[child] != 0 {
			if err := insertEvent(ctx, tx, Ref{child, planOf[child]}, "reminded", joined(names)); err != nil {
				return err
			}
		}
		if err := audit.Change(ctx, tx, audit.Entry{ChildID: child, Subject: "pep", SubjectID: planOf[child], Action: "reminded", After: map[string]any{"people": names}}); err != nil {
			return err
		}
	}
	return nil
}

func joined(names []string) string {
	words := names[0]
	for n, name := range names[1:] {
		if n == len(names)-2 {
			words += " and " + name
		} else {
			words += ", " + name
		}
	}
	return words
}
