package suspension

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Party is somebody who is told of a suspension.
type Party string

// Parties. A school tells all but the last without delay; the reviewing officer is told by the social worker.
const (
	Parents          Party = "parents"
	SocialWorker     Party = "social_worker"
	VirtualSchool    Party = "virtual_school"
	Authority        Party = "authority"
	Governors        Party = "governors"
	ReviewingOfficer Party = "reviewing_officer"
)

// Parties in the order pages list them, with their names.
var Parties = []struct {
	Party Party
	Name  string
}{{Parents, "Parents and carers"}, {SocialWorker, "Social worker"}, {VirtualSchool, "Virtual School"}, {Authority, "Local authority"},
	{Governors, "Governing board"}, {ReviewingOfficer, "Reviewing officer"}}

// Name is the party in words.
func (p Party) Name() string {
	for _, one := range Parties {
		if one.Party == p {
			return one.Name
		}
	}
	return ""
}

// About is what somebody is told.
type About string

// What people are told: the suspension, and that it was cancelled.
const (
	AboutSuspension About = "suspension"
	AboutEnding     About = "ending"
)

// MustBeTold are those whom the school has to tell of an event without delay. The governing board is told
// at once of a permanent exclusion, of more than five days in a term, and where an exam would be missed
// (R27); overFive says whether the term is past five days.
func MustBeTold(event Event, overFive bool) []Party {
	parties := []Party{Parents, SocialWorker, VirtualSchool, Authority}
	if event.Kind == Exclusion || event.Exam != NoExam || overFive {
		parties = append(parties, Governors)
	}
	return parties
}

// Notice is that a party was told, and on which day.
type Notice struct {
	About      About
	Party      Party
	ToldOn     calendar.Date
	RecordedBy string
}

// Told is when each party was told; parties who are not in it have not been, as far as is known.
type Told map[Party]calendar.Date

func (t Told) problems(since, today calendar.Date) fault.Problems {
	var p fault.Problems
	for party, on := range t {
		field := "told-" + string(party)
		switch {
		case party.Name() == "":
			p.Add(field, "Choose from the list whom the school told")
		case on.IsZero():
		case on.After(today):
			p.Add(field, "The day they were told cannot be after today")
		case !since.IsZero() && on.Before(since):
			p.Add(field, "Nobody can be told before the head teacher decided")
		}
	}
	return p
}

// SayTold records when parties were told of an event, or of its cancelling: a day already recorded is put
// right. It needs RecordSuspension, of the event's own school; the days of parties left out stay.
func (s *Service) SayTold(ctx context.Context, actor access.Actor, childID, eventID int64, about About, told Told) error {
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, event Event) error {
		since := event.DecidedOn
		if about == AboutEnding {
			since = event.EndedOn
		}
		if about == AboutEnding && event.stands() {
			return fault.Invalid("", "It has not been cancelled")
		}
		if err := told.problems(since, tx.Today).Err(); err != nil {
			return err
		}
		if err := keepTold(ctx, tx, childID, eventID, about, told); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "told", After: map[string]any{"about": about, "told": told}})
	})
}

// keepTold writes the days that are given.
func keepTold(ctx context.Context, tx *postgres.Tx, childID, eventID int64, about About, told Told) error {
	var parties []string
	var days []calendar.Date
	for _, one := range Parties {
		if on := told[one.Party]; !on.IsZero() {
			parties, days = append(parties, string(one.Party)), append(days, on)
		}
	}
	if len(parties) == 0 {
		return nil
	}
	_, err := tx.Do(ctx, `insert into suspension_notice (suspension_id, child_id, about, party, told_on, recorded_by, recorded_at)
		select @event, @child, @about, party, day, @by, @now from unnest(@parties::text[], @days::date[]) t (party, day)
		on conflict (suspension_id, about, party) do update set told_on = excluded.told_on, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
			where suspension_notice.told_on <> excluded.told_on`,
		postgres.Args{"event": eventID, "child": childID, "about": about, "parties": parties, "days": days, "by": tx.Actor.ID})
	return err
}

// QueueNotices queues who was told of an event and when.
func QueueNotices(batch *postgres.Batch, into *[]Notice, childID, eventID int64) {
	postgres.Many(batch, into, `select n.about, n.party, n.told_on, a.name as recorded_by from suspension_notice n join account a on a.id = n.recorded_by
		where n.suspension_id = @event and n.child_id = @child order by n.about desc, n.told_on, n.party`, postgres.Args{"event": eventID, "child": childID})
}

// ToldOf are the days among notices about one thing.
func ToldOf(notices []Notice, about About) Told {
	told := Told{}
	for _, notice := range notices {
		if notice.About == about {
			told[notice.Party] = notice.ToldOn
		}
	}
	return told
}
