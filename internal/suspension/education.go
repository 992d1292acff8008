package suspension

import (
	"context"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// EducationKind is a way a child is taught while out of school.
type EducationKind string

// EducationKinds are the ways, with their names. Work that is set and marked is for the first five days; it
// is no full-time education.
var EducationKinds = []struct {
	Kind EducationKind
	Name string
}{{WorkSet, "Work set and marked by the school"}, {"tutor", "Tutor"}, {"online", "Online lessons"}, {"other_school", "Place at another school"},
	{"unit", "Pupil referral unit"}, {"alternative", "Alternative provision"}}

// WorkSet is work set and marked by the school.
const WorkSet EducationKind = "work_set"

// Name is the kind in words.
func (k EducationKind) Name() string {
	for _, one := range EducationKinds {
		if one.Kind == k {
			return one.Name
		}
	}
	return ""
}

// Education is what a child has while out of school, from a day on.
type Education struct {
	StartsOn calendar.Date
	Kind     EducationKind
	FullTime bool
	Words    string // where, who, how much
}

// Arranged is education as it is kept.
type Arranged struct {
	ID int64
	Education
	RecordedBy string
}

// wordsLimit is the most characters of what is said of education or who attends.
const wordsLimit = 1000

func (e Education) problems(event Event, today calendar.Date) fault.Problems {
	var p fault.Problems
	switch {
	case e.Kind.Name() == "":
		p.Add("education", "Choose how the child is taught")
	case e.Kind == WorkSet && e.FullTime:
		p.Add("full_time", "Work set by the school is not full-time education")
	}
	switch {
	case e.StartsOn.IsZero():
		p.Add("from", "Enter the day it begins")
	case e.StartsOn.Before(event.StartsOn):
		p.Add("from", "It cannot begin before the first day of the suspension")
	case e.StartsOn.After(today.AddYears(1)):
		p.Add("from", "It must begin within a year")
	}
	if utf8.RuneCountInString(e.Words) > wordsLimit {
		p.Addf("where", "Use %d characters or fewer", wordsLimit)
	}
	return p
}

// Arrange records what education a child has while out of school. It needs RecordSuspension, of the event's
// own school.
func (s *Service) Arrange(ctx context.Context, actor access.Actor, childID, eventID int64, education Education) error {
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, event Event) error {
		return arrange(ctx, tx, childID, event, education)
	})
}

func arrange(ctx context.Context, tx *postgres.Tx, childID int64, event Event, education Education) error {
	education.Words = strings.TrimSpace(education.Words)
	if err := education.problems(event, tx.Today).Err(); err != nil {
		return err
	}
	if _, err := tx.Do(ctx, `insert into suspension_education (suspension_id, child_id, starts_on, kind, full_time, words, recorded_by, recorded_at)
		values (@event, @child, @starts, @kind, @full, @words, @by, @now)`, postgres.Args{"event": event.ID, "child": childID, "starts": education.StartsOn,
		"kind": education.Kind, "full": education.FullTime, "words": education.Words, "by": tx.Actor.ID}); err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: event.ID, Action: "education arranged", After: education})
}

// TakeBack removes education that was recorded by mistake or did not come about; the audit keeps it. It needs
// RecordSuspension, of the event's own school.
func (s *Service) TakeBack(ctx context.Context, actor access.Actor, childID, eventID, educationID int64) error {
	return s.change(ctx, actor, childID, eventID, func(ctx context.Context, tx *postgres.Tx, _ Event) error {
		before, err := postgres.Get[Education](ctx, tx, `delete from suspension_education where id = @education and suspension_id = @event and child_id = @child
			returning starts_on, kind, full_time, words`, postgres.Args{"education": educationID, "event": eventID, "child": childID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "suspension", SubjectID: eventID, Action: "education taken back", Before: before})
	})
}

// QueueEducation queues what education was arranged, in order.
func QueueEducation(batch *postgres.Batch, into *[]Arranged, childID, eventID int64) {
	postgres.Many(batch, into, `select e.id, e.starts_on, e.kind, e.full_time, e.words, a.name as recorded_by from suspension_education e join account a on a.id = e.recorded_by
		where e.suspension_id = @event and e.child_id = @child order by e.starts_on, e.id`, postgres.Args{"event": eventID, "child": childID})
}

// fullTimeFrom is the first day of full-time education elsewhere; zero where there is none.
func fullTimeFrom(arranged []Arranged) (from calendar.Date) {
	for _, one := range arranged {
		if one.FullTime && (from.IsZero() || one.StartsOn.Before(from)) {
			from = one.StartsOn
		}
	}
	return from
}
