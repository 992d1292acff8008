package pep

import (
	"slices"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

// Limits of invitations.
const (
	InviteNoteMax  = 500
	MostInvited    = 12  // at a time in one plan
	MostInviteDays = 120 // ahead: a term
	inviteDays     = 10  // working days offered where no meeting is near
)

// Invitation asks somebody to write one section of a plan until a day. Until then they see that section
// and nothing else of the child.
type Invitation struct {
	ID          int64
	Section     Part
	AccountID   int64
	Name        string
	Email       string
	State       account.State
	InvitedBy   string
	InvitedByID int64
	InvitedAt   time.Time
	Until       calendar.Date // the last day
	Note        string
	Known       forms.KnownFacts // of the facts on record those the section asks about, as shared on the day
}

// Over says whether the last day has passed.
func (i Invitation) Over(today calendar.Date) bool { return i.Until.Before(today) }

// InviteInput asks somebody for one section.
type InviteInput struct {
	Section string
	Email   string
	Name    string
	Until   calendar.Date
	Note    string
	Known   forms.KnownFacts // what the record holds: the section's own part of it is shared
}

// check finds what is wrong with the day and the note.
func (in InviteInput) check(today calendar.Date) fault.Problems {
	var problems fault.Problems
	switch {
	case in.Until.IsZero():
		problems.Add("until", "Enter the last day for writing the section")
	case in.Until.Before(today):
		problems.Add("until", "The last day must not be in the past")
	case in.Until.After(today.AddDays(MostInviteDays)):
		problems.Addf("until", "The last day must be within %d days, by %s", MostInviteDays, today.AddDays(MostInviteDays).Words())
	}
	length(&problems, "note", "The note", in.Note, InviteNoteMax)
	return problems
}

// InviteUntil is the day a form offers: the working day before the meeting, so that there is something to
// talk about, or ten working days from today where no meeting is planned that leaves a day to write.
func InviteUntil(meeting, today calendar.Date, working calendar.WorkingDays) calendar.Date {
	if until := working.Add(meeting, -1); !meeting.IsZero() && until.After(today) && !until.After(today.AddDays(MostInviteDays)) {
		return until
	}
	return working.Add(today, inviteDays)
}

// knownTo are the facts that a section asks about: all that an invitation to it shares.
func knownTo(section forms.Section, known forms.KnownFacts) forms.KnownFacts {
	shared := forms.KnownFacts{}
	for _, question := range section.Questions {
		if fact, held := known[question.Known]; held {
			shared[question.Known] = fact
		}
	}
	return shared
}

// InvitedTo says whether the reader was invited to a section and may write it today.
func (w Whole) InvitedTo(part Part) bool {
	return slices.Contains(w.Invited, postgres.InvitedKey(w.Plan.ChildID, w.Plan.ID, string(part)))
}

// MayInvite says whether the actor may ask a colleague to write a section, as the plan stands: for links.
func (w Whole) MayInvite(actor access.Actor, part Part) bool {
	section, known := w.Form.Section(string(part))
	return known && w.Related && w.Plan.State.Editable() &&
		access.Check(actor, access.InviteColleague, access.Facts{SectionOwners: section.Roles(w.Plan.HasSchool())}) == nil
}

// glimpsed leaves of a plan what belongs to one section: the rest is not for somebody who is only invited.
func (w Whole) glimpsed() Whole {
	p := w.Plan
	w.Plan = Plan{ID: p.ID, ChildID: p.ChildID, Kind: p.Kind, Form: p.Form, FormVersion: p.FormVersion, AcademicYear: p.AcademicYear, Term: p.Term,
		SettingID: p.SettingID, State: p.State, MeetingOn: p.MeetingOn, Version: p.Version}
	w.Form.Sections = slices.DeleteFunc(slices.Clone(w.Form.Sections), func(s forms.Section) bool { return !w.InvitedTo(Part(s.Key)) })
	return w
}

func tidyName(name string) string { return strings.Join(strings.Fields(name), " ") }
