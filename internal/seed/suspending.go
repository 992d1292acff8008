package seed

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/document"
	"virtualschool/internal/suspension"
)

// course is what comes of a suspension.
type course string

const (
	served     course = "served, and read by everybody"
	lunchtime  course = "lunchtimes"
	lateNotice course = "told days later, by letter"
	long       course = "longer than five days, taught elsewhere"
	cancelled  course = "cancelled by the head teacher"
	reinstated course = "permanent, and reinstated by the board"
	upheld     course = "permanent, upheld, and before the review panel"
	unread     course = "reported lately, and not read yet"
)

// courses are those of the child who is suspended often, in order; so every demonstration has each.
var courses = []course{served, lunchtime, long, cancelled, lateNotice, reinstated, long}

func courseOf(y *young, n int) course {
	if y.is == excluded && n < len(courses) {
		return courses[n]
	}
	return pick(y.random, []course{served, served, served, served, served, lunchtime, lateNotice, long, cancelled, upheld})
}

// suspend is one suspension from the school's notice to its end.
func (c *council) suspend(y *young, on calendar.Date, how course) []act {
	r := y.random
	at := y.learns(on)
	if at == nil {
		return nil
	}
	by := y.advisor.Actor
	if at.teacher != nil {
		by = at.teacher.Actor
	}
	report := suspension.Report{Entry: suspension.Entry{SettingID: at.id, Kind: suspension.Suspension, StartsOn: on, DecidedOn: on, Sessions: 1 + r.IntN(6), Note: pick(r, suspensionNotes),
		Reasons: []string{pick(r, []string{"DB", "PP", "VA", "VP", "DM", "PA"})}},
		Told:      suspension.Told{suspension.Parents: on, suspension.SocialWorker: on, suspension.Authority: on},
		Education: &suspension.Education{StartsOn: on, Kind: suspension.WorkSet, Words: "Work packs by email, marked each day"}}
	told := on
	switch how {
	case lunchtime:
		report.Kind, report.Sessions, report.Education = suspension.Lunchtime, 2, nil
	case lateNotice:
		told = c.days.working.Add(on, 3)
		by, report.CameBy = y.advisor.Actor, "letter"
		report.Told = suspension.Told{suspension.Parents: on, suspension.SocialWorker: told, suspension.VirtualSchool: told}
		report.Letter = &document.Upload{Name: "Letter from the school.txt", Content: []byte("We write to tell you of a suspension. Please see the dates and reasons below.\n")}
	case long:
		report.Sessions = 12
		report.Told[suspension.Governors] = on
		report.Education = &suspension.Education{StartsOn: on, Kind: "tutor", FullTime: true, Words: "Tutor at the library, 25 hours a week"}
	case reinstated, upheld:
		report.Kind, report.Reasons = suspension.Exclusion, []string{"PA", "DB"}
		report.Told[suspension.Governors] = on
	case unread:
		report.Sessions = 12
	}
	if y.year == 11 && on.Month == 5 {
		report.Exam, report.ExamOn = suspension.PublicExam, on.AddDays(3)
	}
	var event int64
	acts := []act{{told, by, "record a suspension", func(ctx context.Context, now *desk, by access.Actor) (err error) {
		event, err = now.suspensions.Record(ctx, by, y.id, report)
		return err
	}}}
	then := func(day calendar.Date, by access.Actor, what string, do func(ctx context.Context, now *desk, by access.Actor) error) {
		if !day.After(c.days.anchor) && (y.careUntil.IsZero() || day.Before(y.careUntil)) {
			acts = append(acts, act{day, by, what, do})
		}
	}
	if how != unread && y.is != adoption && y.is != protection && y.is != blocked {
		c.readSuspension(y, c.days.working.Add(told, 1), &event, then)
		if report.Kind == suspension.Suspension && how != cancelled {
			// Nobody sets a meeting for a suspension that they have not been told of.
			back := calendar.Latest(c.days.working.Add(on, (report.Sessions+1)/2), c.days.working.Add(told, 1))
			then(back, y.advisor.Actor, "record the meeting to welcome a child back", func(ctx context.Context, now *desk, by access.Actor) error {
				return now.suspensions.SetReturn(ctx, by, y.id, event, back)
			})
		}
	}
	switch how {
	case cancelled:
		day := c.days.working.Add(on, 1)
		then(day, y.advisor.Actor, "record that a suspension was cancelled", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.suspensions.Cancel(ctx, by, y.id, event, 1, suspension.Ending{On: day, Served: min(report.Sessions, 2), Because: "A member of staff had seen what happened and told the head teacher.",
				Told: suspension.Told{suspension.Parents: day, suspension.SocialWorker: day, suspension.VirtualSchool: day}})
		})
	case reinstated, upheld:
		c.considered(y, on, how, &event, then)
	}
	return acts
}

type follow func(day calendar.Date, by access.Actor, what string, do func(ctx context.Context, now *desk, by access.Actor) error)

// readSuspension is that everybody who was told reads it.
func (c *council) readSuspension(y *young, day calendar.Date, event *int64, then follow) {
	if worker := y.works(day); worker != nil {
		then(day, worker.Actor, "read of a suspension", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.suspensions.Read(ctx, by, y.id, *event, suspension.Answer{OfficerToldOn: day})
		})
	}
	then(day, y.advisor.Actor, "read of a suspension", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.suspensions.Read(ctx, by, y.id, *event, suspension.Answer{Response: "Rang the designated teacher. A meeting to welcome the child back, and a mentor from next week.",
			PEPReviewOn: c.days.working.Add(day, 15)})
	})
	then(day, c.staff.head.Actor, "read of a suspension", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.suspensions.Read(ctx, by, y.id, *event, suspension.Answer{})
	})
}

// considered is the way of a permanent exclusion: the governing board, and the review panel where it upholds.
func (c *council) considered(y *young, on calendar.Date, how course, event *int64, then follow) {
	consider := func(day calendar.Date, body suspension.Body, meeting suspension.Meeting) {
		then(day, y.advisor.Actor, "record a governing board's meeting", func(ctx context.Context, now *desk, by access.Actor) error {
			return now.suspensions.Consider(ctx, by, y.id, *event, body, 0, meeting)
		})
	}
	taught := c.days.working.Add(on, 4)
	then(taught, y.advisor.Actor, "arrange education for an excluded child", func(ctx context.Context, now *desk, by access.Actor) error {
		return now.suspensions.Arrange(ctx, by, y.id, *event, suspension.Education{StartsOn: taught, Kind: "unit", FullTime: true, Words: "Pupil referral unit, five days a week"})
	})
	met := c.days.working.Add(on, 12)
	meeting := suspension.Meeting{MeetsOn: met, DecidedOn: met, LetterOn: met, Outcome: suspension.Reinstate, Served: 24, Attending: "The Virtual School Head and the social worker",
		Words: "We asked what had been tried before, and what had changed at home."}
	if how == upheld {
		meeting.Outcome, meeting.Served = suspension.Upheld, 0
	}
	consider(met, suspension.GoverningBoard, meeting)
	if how == upheld {
		asked := c.days.working.Add(met, 6)
		consider(asked, suspension.ReviewPanel, suspension.Meeting{AskedOn: asked, MeetsOn: c.days.working.Add(asked, 12), Attending: "The Virtual School Head"})
	}
}
