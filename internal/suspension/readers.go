package suspension

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Part is in which part somebody reads of a suspension.
type Part string

// Parts that are told at once. The reviewing officer is told by the social worker.
const (
	PartSocialWorker Part = "social_worker"
	PartAdvisor      Part = "advisor"
	PartHead         Part = "head"
)

// Parts in the order pages list them, with their names and the roles that have them.
var Parts = []struct {
	Part  Part
	Name  string
	Roles []access.Role
}{
	{PartSocialWorker, "Social worker", []access.Role{access.SocialWorker}},
	{PartAdvisor, "Education advisor", []access.Role{access.Advisor}},
	{PartHead, "Virtual School Head", []access.Role{access.Head, access.Deputy}},
}

// Name is the part in words.
func (p Part) Name() string {
	for _, one := range Parts {
		if one.Part == p {
			return one.Name
		}
	}
	return ""
}

// PartOf is the part in which a role reads; empty for one that is not told.
func PartOf(role access.Role) Part {
	for _, one := range Parts {
		if slices.Contains(one.Roles, role) {
			return one.Part
		}
	}
	return ""
}

// Reader is a part that was told of an event, and whether somebody in it has read it.
type Reader struct {
	Part   Part
	About  About
	ToldAt time.Time
	ReadAt *time.Time
	ReadBy string
}

// QueueReaders queues who was told of an event by this program.
func QueueReaders(batch *postgres.Batch, into *[]Reader, childID, eventID int64) {
	postgres.Many(batch, into, `select r.part, r.about, r.told_at, r.read_at, coalesce(a.name, '') as read_by from suspension_reader r left join account a on a.id = r.read_by
		where r.suspension_id = @event and r.child_id = @child order by array_position(array['social_worker', 'advisor', 'head'], r.part)`,
		postgres.Args{"event": eventID, "child": childID})
}

// tellReaders puts an event on the list of work of every part, whoever has it now or later, and writes a
// mail to those who have it today. Whoever reports it need not read it.
func tellReaders(ctx context.Context, tx *postgres.Tx, childID, eventID int64, about About) error {
	if _, err := tx.Do(ctx, `insert into suspension_reader (suspension_id, child_id, part, about, told_at, read_at, read_by)
		select @event, @child, part, @about, @now, case when part = @own then @now::timestamptz end, case when part = @own then @actor::bigint end
		from unnest(array['social_worker', 'advisor', 'head']) part
		on conflict (suspension_id, part) do update set about = excluded.about, told_at = excluded.told_at, read_at = excluded.read_at, read_by = excluded.read_by`,
		postgres.Args{"event": eventID, "child": childID, "about": about, "own": PartOf(tx.Actor.Role), "actor": tx.Actor.ID}); err != nil {
		return err
	}
	people, err := postgres.ListValues[int64](ctx, tx, `select distinct a.id from account a
		where a.state = 'active' and a.id <> @actor and (
			a.role = 'head' and not exists (select from restriction r where r.child_id = @child and r.period @> @today::date
				and not exists (select from restriction_named n where n.child_id = @child and n.account_id = a.id and n.period @> @today::date))
			or exists (select from allocation l where l.account_id = a.id and l.child_id = @child and l.part in ('social_worker', 'advisor', 'cover') and l.period @> @today::date))
			and not exists (select from child_block b where b.child_id = @child and b.account_id = a.id and b.period @> @today::date)
		order by a.id`, postgres.Args{"child": childID, "actor": tx.Actor.ID})
	if err != nil {
		return err
	}
	notice := job.Notice{Subject: "A suspension was reported", Path: "/work",
		Words: "Hello,\n\nA school has suspended a child you work with. Sign in to read what it reported and what is to be done:"}
	if about == AboutEnding {
		notice.Subject, notice.Words = "A suspension was cancelled", "Hello,\n\nA school has cancelled a suspension of a child you work with. Sign in to read why:"
	}
	for _, person := range people { // a handful
		notice.AccountID = person
		if err := job.Notify(ctx, tx, notice); err != nil {
			return err
		}
	}
	return nil
}

// Answer is what somebody does who has read of an event.
type Answer struct {
	OfficerToldOn calendar.Date // a social worker: when the reviewing officer was told
	Response      string        // the Virtual School: what it does
	PEPReviewOn   calendar.Date // the Virtual School: when the plan is reviewed; zero: not set
}

// Read says that the actor, in their part, has read of an event. It needs ReadSuspension. A social worker says
// when the reviewing officer was told; for the Virtual School an answer may say what it does.
func (s *Service) Read(ctx context.Context, actor access.Actor, childID, eventID int64, answer Answer) error {
	answer.Response = strings.TrimSpace(answer.Response)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		event, err := lock(ctx, tx, childID, eventID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ReadSuspension, access.Facts{}); err != nil {
			return err
		}
		if err := answer.problems(actor.Role, event, tx.Today).Err(); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `update suspension_reader set read_at = @now, read_by = @by where suspension_id = @event and part = @part and read_at is null`,
			postgres.Args{"event": eventID, "part": PartOf(actor.Role), "by": actor.ID}); err != nil {
			return err
		}
		if actor.Role == access.SocialWorker {
			about := AboutSuspension
			if !event.stands() {
				about = AboutEnding
			}
			err = keepTold(ctx, tx, childID, eventID, about, Told{ReviewingOfficer: answer.OfficerToldOn})
		} else {
			_, err = tx.Do(ctx, `update suspension set response = case when @response = '' then response else @response end, pep_review_on = coalesce(@review::date, pep_review_on)
				where id = @event`, postgres.Args{"event": eventID, "response": answer.Response, "review": answer.PEPReviewOn})
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "read", After: answer})
	})
}

// problems are about the fields officer, response and review.
func (a Answer) problems(role access.Role, event Event, today calendar.Date) fault.Problems {
	var p fault.Problems
	if role == access.SocialWorker {
		switch {
		case a.OfficerToldOn.IsZero():
			p.Add("officer", "Enter the day you told the reviewing officer")
		case a.OfficerToldOn.After(today):
			p.Add("officer", "The day you told the reviewing officer cannot be after today")
		case a.OfficerToldOn.Before(event.StartsOn.AddDays(-60)):
			p.Add("officer", "The day you told the reviewing officer must be within 60 days of the first day")
		}
	}
	if utf8.RuneCountInString(a.Response) > NoteLimit {
		p.Addf("response", "Use %d characters or fewer", NoteLimit)
	}
	if !a.PEPReviewOn.IsZero() && (a.PEPReviewOn.Before(event.StartsOn) || a.PEPReviewOn.After(today.AddYears(1))) {
		p.Add("review", "The plan's review must be after the first day and within a year")
	}
	return p
}
