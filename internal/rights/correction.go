package rights

import (
	"context"
	"slices"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights/record"
)

// The kinds of what somebody says about their record (UK GDPR arts. 16, 21 and 18).
const (
	IsWrong   = "correction"
	Objects   = "objection"
	IsStopped = "restriction"
)

// CorrectionKinds are what somebody may say about a record.
var CorrectionKinds = []Choice{
	{IsWrong, "Something in it is wrong, or missing"},
	{Objects, "They do not want something to be used, and say why"},
	{IsStopped, "They want its use to stop while something is looked into"},
}

// Outcomes are what is decided of it.
var Outcomes = []Choice{{"agreed", "Agreed"}, {"partly", "Agreed in part"}, {"refused", "Not agreed"}}

// Parts are the parts of a record that it can be about.
func Parts() []Choice {
	var list []Choice
	for _, chapter := range record.Chapters {
		if chapter != record.Looks && chapter != record.Requests {
			list = append(list, Choice{string(chapter), partNames[chapter]})
		}
	}
	return list
}

var partNames = map[record.Chapter]string{
	record.You: "Names, birth and identifiers", record.Care: "Time in care", record.Schools: "Schools and needs", record.Plans: "Personal Education Plans", record.Voice: "What the child said",
	record.Attendance: "Attendance", record.Suspensions: "Suspensions and exclusions", record.Provision: "Timetables and other provision", record.Money: "Pupil Premium Plus",
	record.Notes: "Notes", record.Documents: "Documents", record.People: "Who works with the child and who may see the record",
}

// Saying is what somebody says about a record, as it is written down.
type Saying struct {
	Kind       string
	About      string
	RecordSays string
	PersonSays string
	AskedBy    string
	AskedName  string
	AskedOn    calendar.Date
}

func (s Saying) problems(today calendar.Date) error {
	var problems fault.Problems
	if ChoiceText(CorrectionKinds, s.Kind) == s.Kind {
		problems.Add("kind", "Choose what they ask for")
	}
	if ChoiceText(Parts(), s.About) == s.About {
		problems.Add("about", "Choose which part of the record it is about")
	}
	if s.Kind == IsWrong && s.RecordSays == "" {
		problems.Add("record_says", "Enter what the record says, or that it says nothing")
	}
	if s.PersonSays == "" {
		problems.Add("person_says", "Enter what they say, in their own words")
	}
	if ChoiceText(Askers, s.AskedBy) == s.AskedBy {
		problems.Add("asked_by", "Choose who says so")
	}
	if s.AskedName == "" {
		problems.Add("asked_name", "Enter the name of who says so")
	}
	if s.AskedOn.IsZero() || s.AskedOn.After(today) || s.AskedOn.Before(today.AddYears(-1)) {
		problems.Add("asked", "The day must be within the last year, today or before")
	}
	return problems.Err()
}

// Correction is what somebody says about a record, and what was decided of it.
type Correction struct {
	ID             int64
	ChildID        int64
	Kind           string
	About          string
	RecordSays     string
	PersonSays     string
	AskedBy        string
	AskedName      string
	AskedOn        calendar.Date
	RecordedByName string
	Outcome        string // empty: not decided
	Note           string
	Reasons        string
	DecidedByName  string
	DecidedAt      *time.Time
	LiftedOn       calendar.Date
	LiftedWhy      string
	LiftedByName   string
	Version        int
}

// Due is the last day for an answer: one calendar month on (UK GDPR art. 12(3); R51).
func (c Correction) Due() calendar.Date { return Clock{Received: c.AskedOn}.Due() }

// Decided says whether there is an answer.
func (c Correction) Decided() bool { return c.Outcome != "" }

// Stops says whether the use of what it is about is stopped now: while it is asked for and not yet decided,
// and where it was agreed, until it is lifted.
func (c Correction) Stops() bool {
	return c.Kind == IsStopped && c.Outcome != "refused" && c.LiftedOn.IsZero()
}

// Part is what it is about, in words.
func (c Correction) Part() string { return ChoiceText(Parts(), c.About) }

// BesidePlans keeps of what was said what everybody who reads a child's plans reads beside them: what was
// decided about the plans, and about the child's own words in them.
func BesidePlans(said []Correction) []Correction {
	return slices.DeleteFunc(said, func(c Correction) bool {
		return !c.Decided() || c.About != string(record.Plans) && c.About != string(record.Voice)
	})
}

const correctionSQL = `select c.id, c.child_id, c.kind, c.about, c.record_says, c.person_says, c.asked_by, c.asked_name, c.asked_on, recorded.name as recorded_by_name, coalesce(c.outcome, '') as outcome,
		c.note, c.reasons, coalesce(decided.name, '') as decided_by_name, c.decided_at, c.lifted_on, c.lifted_why, coalesce(lifted.name, '') as lifted_by_name, c.version
	from correction c join account recorded on recorded.id = c.recorded_by left join account decided on decided.id = c.decided_by left join account lifted on lifted.id = c.lifted_by
	where c.child_id = @child`

// QueueCorrections queues what was said about a child's record, newest first.
func QueueCorrections(batch *postgres.Batch, into *[]Correction, childID int64) {
	postgres.Many(batch, into, correctionSQL+` order by c.asked_on desc, c.id desc`, postgres.Args{"child": childID})
}

// QueueCorrection queues one of them; one that is not there fails the batch with NotFound.
func QueueCorrection(batch *postgres.Batch, into *Correction, childID, id int64) {
	postgres.One(batch, into, correctionSQL+` and c.id = @id`, postgres.Args{"child": childID, "id": id})
}

// Hear writes down what somebody says about a record, and gives its number. It needs
// access.HearCorrection. Problems are about the fields of Saying, in small letters, and "asked".
func (s *Service) Hear(ctx context.Context, actor access.Actor, childID int64, saying Saying) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child for share`, postgres.Args{"child": childID}); err != nil {
			return err
		}
		if err := access.Check(actor, access.HearCorrection, access.Facts{}); err != nil {
			return err
		}
		if err := saying.problems(tx.Today); err != nil {
			return err
		}
		id, err = postgres.GetValue[int64](ctx, tx, `insert into correction (child_id, kind, about, record_says, person_says, asked_by, asked_name, asked_on, recorded_by, recorded_at)
			values (@child, @kind, @about, @record, @person, @asker, @name, @on, @actor, @now) returning id`,
			postgres.Args{"child": childID, "kind": saying.Kind, "about": saying.About, "record": saying.RecordSays, "person": saying.PersonSays, "asker": saying.AskedBy, "name": saying.AskedName, "on": saying.AskedOn, "actor": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "correction", SubjectID: id, Action: "heard", After: map[string]any{"kind": saying.Kind, "about": saying.About, "on": saying.AskedOn}})
	})
	return id, err
}

// Answer decides what somebody said about a record. The note stands beside the record from now on; the
// record itself stays. It needs access.DecideCorrection. Problems are about the fields "outcome", "note" and
// "reasons".
func (s *Service) Answer(ctx context.Context, actor access.Actor, childID, id int64, version int, outcome, note, reasons string) error {
	note, reasons = strings.TrimSpace(note), strings.TrimSpace(reasons)
	return s.correct(ctx, actor, childID, id, version, "decided", func(ctx context.Context, tx *postgres.Tx, was Correction) error {
		var problems fault.Problems
		if was.Decided() {
			return fault.Conflict("This is decided already, by " + was.DecidedByName + ".")
		}
		if ChoiceText(Outcomes, outcome) == outcome {
			problems.Add("outcome", "Choose what is decided")
		}
		if note == "" {
			problems.Add("note", "Enter the note that stands beside the record")
		}
		if reasons == "" {
			problems.Add("reasons", "Enter why, as you tell them")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		return tx.DoOne(ctx, `update correction set outcome = @outcome, note = @note, reasons = @reasons, decided_by = @actor, decided_at = @now, version = version + 1 where id = @id and version = @version and outcome is null`,
			postgres.Args{"id": id, "version": version, "outcome": outcome, "note": note, "reasons": reasons, "actor": actor.ID})
	})
}

// Lift ends a restriction. It needs access.DecideCorrection. Problems are about the field "lifted_why".
func (s *Service) Lift(ctx context.Context, actor access.Actor, childID, id int64, version int, why string) error {
	why = strings.TrimSpace(why)
	return s.correct(ctx, actor, childID, id, version, "lifted", func(ctx context.Context, tx *postgres.Tx, was Correction) error {
		switch {
		case !was.Decided() || !was.Stops():
			return fault.Conflict("There is no restriction here that can be lifted.")
		case why == "":
			return fault.Invalid("lifted_why", "Enter why it is lifted, and that they were told before")
		}
		return tx.DoOne(ctx, `update correction set lifted_on = @today, lifted_why = @why, lifted_by = @actor, version = version + 1 where id = @id and version = @version`,
			postgres.Args{"id": id, "version": version, "why": why, "actor": actor.ID})
	})
}

func (s *Service) correct(ctx context.Context, actor access.Actor, childID, id int64, version int, done string, change func(ctx context.Context, tx *postgres.Tx, was Correction) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := postgres.Get[Correction](ctx, tx, correctionSQL+` and c.id = @id for update of c`, postgres.Args{"child": childID, "id": id})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.DecideCorrection, access.Facts{}); err != nil {
			return err
		}
		if version != was.Version {
			return fault.Conflict("Somebody has dealt with this since you opened it. Look at it again before you decide.")
		}
		if err := change(ctx, tx, was); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "correction", SubjectID: id, Action: done, After: map[string]any{"kind": was.Kind, "about": was.About}})
	})
}
