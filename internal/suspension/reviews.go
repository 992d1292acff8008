package suspension

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Body is who considers an event.
type Body string

// Bodies, in the order they consider: the governing board, the independent review panel of a permanent
// exclusion, and the board once more when the panel asks it to.
const (
	GoverningBoard Body = "board"
	ReviewPanel    Body = "panel"
	BoardAgain     Body = "board_again"
)

// Bodies in that order, with their names.
var Bodies = []struct {
	Body Body
	Name string
}{{GoverningBoard, "Governing board"}, {ReviewPanel, "Independent review panel"}, {BoardAgain, "Governing board, again"}}

// Name is the body in words.
func (b Body) Name() string {
	for _, one := range Bodies {
		if one.Body == b {
			return one.Name
		}
	}
	return ""
}

// Outcome is what a body decided.
type Outcome string

// Outcomes. A panel quashes a decision, and directs the board to consider again; or recommends it.
const (
	Undecided  Outcome = ""
	Upheld     Outcome = "upheld"
	Reinstate  Outcome = "reinstated"
	Reconsider Outcome = "reconsider"
	Quashed    Outcome = "quashed"
)

// Name is the outcome in words.
func (o Outcome) Name() string {
	return map[Outcome]string{Upheld: "Upheld", Reinstate: "Reinstated", Reconsider: "The board is recommended to consider again", Quashed: "Quashed: the board must consider again"}[o]
}

// Outcomes are what the body may decide, in the order forms list them.
func (b Body) Outcomes() []Outcome {
	if b == ReviewPanel {
		return []Outcome{Upheld, Reconsider, Quashed}
	}
	return []Outcome{Upheld, Reinstate}
}

// Meeting is a body's consideration of an event as somebody records it.
type Meeting struct {
	AskedOn   calendar.Date // parents' representations, or their application for a review
	MeetsOn   calendar.Date
	Attending string // for the Virtual School and the social worker, who are invited
	Outcome   Outcome
	DecidedOn calendar.Date
	LetterOn  calendar.Date // when parents were told in writing
	Words     string
	Served    int // reinstated: half-days out of school until then
}

// Considered is a meeting as it is kept.
type Considered struct {
	Body Body
	Meeting
	RecordedBy string
	RecordedAt time.Time
	Version    int
}

// MayConsider says whether a body can have an event before it, given what was decided so far.
func MayConsider(body Body, event Event, before []Considered) bool {
	outcome := map[Body]Outcome{}
	for _, one := range before {
		outcome[one.Body] = one.Outcome
		if one.Body == body {
			return true
		}
	}
	switch body {
	case GoverningBoard:
		return event.stands()
	case ReviewPanel:
		return event.Kind == Exclusion && outcome[GoverningBoard] == Upheld
	case BoardAgain:
		return outcome[ReviewPanel] == Reconsider || outcome[ReviewPanel] == Quashed
	}
	return false
}

// problems are about the fields asked, meets, attending, outcome, decided, letter, words and served.
func (m Meeting) problems(body Body, event Event, today calendar.Date) fault.Problems {
	var p fault.Problems
	for _, one := range []struct {
		field, name string
		day         calendar.Date
	}{{"asked", "The day they asked", m.AskedOn}, {"decided", "The day of the decision", m.DecidedOn}, {"letter", "The day of the letter", m.LetterOn}} {
		switch {
		case one.day.IsZero():
		case one.day.After(today):
			p.Add(one.field, one.name+" cannot be after today")
		case one.day.Before(event.StartsOn.AddDays(-60)):
			p.Add(one.field, one.name+" must not be before the suspension")
		}
	}
	if !m.MeetsOn.IsZero() && (m.MeetsOn.Before(event.StartsOn.AddDays(-60)) || m.MeetsOn.After(today.AddYears(1))) {
		p.Add("meets", "The meeting must not be before the suspension, and within a year")
	}
	offered := m.Outcome == Undecided
	for _, one := range body.Outcomes() {
		offered = offered || one == m.Outcome
	}
	switch {
	case !offered:
		p.Add("outcome", "Choose the decision from the list")
	case m.Outcome != Undecided && m.DecidedOn.IsZero():
		p.Add("decided", "Enter the day of the decision")
	case m.Outcome == Undecided && !m.DecidedOn.IsZero():
		p.Add("outcome", "Choose what was decided on that day")
	case m.Outcome == Undecided && m.AskedOn.IsZero() && m.MeetsOn.IsZero():
		p.Add("meets", "Enter the day of the meeting, or the day they asked")
	}
	if !m.LetterOn.IsZero() && !m.DecidedOn.IsZero() && m.LetterOn.Before(m.DecidedOn) {
		p.Add("letter", "The letter cannot be before the decision")
	}
	if m.Outcome == Reinstate && (m.Served < 0 || m.Served > mostServed) {
		p.Addf("served", "Half-days out of school must be a whole number from 0 to %d", mostServed)
	}
	if utf8.RuneCountInString(m.Attending) > wordsLimit {
		p.Addf("attending", "Use %d characters or fewer", wordsLimit)
	}
	if utf8.RuneCountInString(m.Words) > NoteLimit {
		p.Addf("words", "Use %d characters or fewer", NoteLimit)
	}
	return p
}

// mostServed is more half-days than a school year has.
const mostServed = 400

// Consider records a body's consideration of an event, planned or held. A board that reinstates ends the
// event. It needs RecordSuspension, of the event's own school. A record that is not at version is a conflict.
func (s *Service) Consider(ctx context.Context, actor access.Actor, childID, eventID int64, body Body, version int, meeting Meeting) error {
	meeting.Attending, meeting.Words = strings.TrimSpace(meeting.Attending), strings.TrimSpace(meeting.Words)
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, event Event) error {
		before, err := postgres.List[Considered](ctx, tx, consideredSQL, postgres.Args{"event": eventID, "child": childID})
		if err != nil {
			return err
		}
		if body.Name() == "" || !MayConsider(body, event, before) {
			return fault.NotFound()
		}
		if !event.stands() && !(event.State == Reinstated && meeting.Outcome == Reinstate) {
			return fault.Invalid("outcome", "This is over: "+strings.ToLower(event.State.Name())+". The decision stays as it is.")
		}
		if err := meeting.problems(body, event, tx.Today).Err(); err != nil {
			return err
		}
		at, decided := 0, false
		for n, one := range before {
			if one.Body == body {
				at = one.Version
			}
			decided = decided || later(one.Body, body) && before[n].Outcome != Undecided
		}
		if at != version {
			return fault.Conflict("Somebody else changed this while you were typing.")
		}
		if decided {
			return fault.Invalid("outcome", "It went on from here: what was decided then stays as it is.")
		}
		args := postgres.Args{"event": eventID, "child": childID, "body": body, "asked": meeting.AskedOn, "meets": meeting.MeetsOn, "attending": meeting.Attending,
			"outcome": meeting.Outcome, "decided": meeting.DecidedOn, "letter": meeting.LetterOn, "words": meeting.Words, "by": actor.ID}
		if err := tx.DoOne(ctx, `insert into suspension_review (suspension_id, child_id, body, asked_on, meets_on, attending, outcome, decided_on, letter_on, words, recorded_by, recorded_at)
			values (@event, @child, @body, @asked, @meets, @attending, @outcome, @decided, @letter, @words, @by, @now)
			on conflict (suspension_id, body) do update set asked_on = @asked, meets_on = @meets, attending = @attending, outcome = @outcome, decided_on = @decided,
				letter_on = @letter, words = @words, recorded_by = @by, recorded_at = @now, version = suspension_review.version + 1`, args); err != nil {
			return err
		}
		if meeting.Outcome == Reinstate {
			if err := end(ctx, tx, event, Reinstated, meeting.DecidedOn, meeting.Served, ""); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "considered", After: map[string]any{"body": body, "meeting": meeting}})
	})
}

// later says whether one body considers after another.
func later(one, other Body) bool {
	place := func(b Body) int {
		for n, at := range Bodies {
			if at.Body == b {
				return n
			}
		}
		return -1
	}
	return place(one) > place(other)
}

// Ending is the head teacher's cancelling of an event.
type Ending struct {
	On      calendar.Date
	Served  int // half-days out of school until then
	Because string
	Told    Told // whom the school has told
}

// Cancel records that the head teacher cancelled an event, which may be done until the governing board has
// considered it, and never for a permanent exclusion after more than 45 school days out of school in the year
// (suspension guidance, on cancelling). The same people are told, with the reason. It needs RecordSuspension, of the event's own
// school. An event that is not at version is a conflict.
func (s *Service) Cancel(ctx context.Context, actor access.Actor, childID, eventID int64, version int, ending Ending) error {
	ending.Because = strings.TrimSpace(ending.Because)
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, event Event) error {
		if event.Version != version {
			return fault.Conflict("Somebody else changed this while you were typing.")
		}
		decided, err := postgres.GetValue[bool](ctx, tx, `select exists (select from suspension_review where suspension_id = @event and outcome <> '')`, postgres.Args{"event": eventID})
		if err != nil {
			return err
		}
		others, err := postgres.List[Event](ctx, tx, eventSQL+`where e.child_id = @child and e.id <> @event`, postgres.Args{"event": eventID, "child": childID})
		if err != nil {
			return err
		}
		told := ending.Told
		if actor.Role == access.School {
			told = Told{VirtualSchool: tx.Today}
			for party, on := range ending.Told {
				if party != VirtualSchool {
					told[party] = on
				}
			}
		}
		p := ending.problems(event, PositionOf(others, calendar.AcademicYear(event.StartsOn), calendar.SchoolDays{}).Used, tx.Today)
		switch {
		case !event.stands():
			p.Add("because", "This is over already: "+strings.ToLower(event.State.Name()))
		case decided:
			p.Add("because", "The governing board has considered this, so the head teacher cannot cancel it any more")
		}
		p = append(p, told.problems(ending.On, tx.Today)...)
		if err := p.Err(); err != nil {
			return err
		}
		if err := end(ctx, tx, event, Cancelled, ending.On, ending.Served, ending.Because); err != nil {
			return err
		}
		if err := keepTold(ctx, tx, childID, eventID, AboutEnding, told); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "cancelled", After: ending}); err != nil {
			return err
		}
		return tellReaders(ctx, tx, childID, eventID, AboutEnding)
	})
}

// problems are about the fields ended, served and because. served is the child's academic year without the event.
func (e Ending) problems(event Event, served HalfDays, today calendar.Date) fault.Problems {
	var p fault.Problems
	switch {
	case e.On.IsZero():
		p.Add("ended", "Enter the day it was cancelled")
	case e.On.After(today):
		p.Add("ended", "The day it was cancelled cannot be after today")
	case e.On.Before(event.StartsOn.AddDays(-60)):
		p.Add("ended", "The day it was cancelled must not be before the suspension")
	}
	most := event.Sessions
	if event.Kind == Exclusion {
		most = mostServed
	}
	switch {
	case event.Kind == Exclusion && served+HalfDays(e.Served) > yearLimit:
		p.Add("served", "A permanent exclusion cannot be cancelled once the child has been out of school for more than 45 school days in the year: the governing board considers it")
	case e.Served < 0 || e.Served > most:
		p.Addf("served", "Half-days out of school must be a whole number from 0 to %d", most)
	}
	switch {
	case e.Because == "":
		p.Add("because", "Enter why it was cancelled, as the school told people")
	case utf8.RuneCountInString(e.Because) > NoteLimit:
		p.Addf("because", "Use %d characters or fewer", NoteLimit)
	}
	return p
}

func end(ctx context.Context, tx *postgres.Tx, event Event, state State, on calendar.Date, served int, because string) error {
	return tx.DoOne(ctx, `update suspension set state = @state, ended_on = @on, served = @served, ended_because = @because, version = version + 1 where id = @event`,
		postgres.Args{"event": event.ID, "state": state, "on": on, "served": served, "because": because})
}

const consideredSQL = `select r.body, r.asked_on, r.meets_on, r.attending, r.outcome, r.decided_on, r.letter_on, r.words, coalesce(e.served, 0) as served,
		a.name as recorded_by, r.recorded_at, r.version
	from suspension_review r join suspension e on e.id = r.suspension_id join account a on a.id = r.recorded_by
	where r.suspension_id = @event and r.child_id = @child order by array_position(array['board', 'panel', 'board_again'], r.body)`

// QueueConsidered queues what the bodies planned and decided about an event, in order.
func QueueConsidered(batch *postgres.Batch, into *[]Considered, childID, eventID int64) {
	postgres.Many(batch, into, consideredSQL, postgres.Args{"event": eventID, "child": childID})
}

// SetReturn records the meeting at which the child is welcomed back. It needs RecordSuspension, of the event's
// own school.
func (s *Service) SetReturn(ctx context.Context, actor access.Actor, childID, eventID int64, on calendar.Date) error {
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, event Event) error {
		if on.IsZero() || on.Before(event.StartsOn) || on.After(tx.Today.AddYears(1)) {
			return fault.Invalid("return", "Enter a day after the first day and within a year")
		}
		if err := tx.DoOne(ctx, `update suspension set return_meeting_on = @on where id = @event`, postgres.Args{"event": eventID, "on": on}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "return meeting set", After: on.String()})
	})
}
