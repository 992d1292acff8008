package child

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/identifier"
	"virtualschool/internal/postgres"
)

// Service is what people do with a child's own record.
type Service struct{ DB *postgres.DB }

// Changes to who a child is. Version is that of the record the person was looking at.
type Changes struct {
	Forename, Surname, PreferredName string
	DateOfBirth                      calendar.Date
	UPN                              string
	YearOffset                       int
	YearOffsetReason                 string
	Unaccompanied                    bool
	Version                          int
}

// CheckIdentity says what is wrong with who a child is said to be.
func CheckIdentity(changes Changes, today calendar.Date) fault.Problems {
	var problems fault.Problems
	if changes.DateOfBirth.After(today) {
		problems.Add("date_of_birth", "Date of birth must be in the past")
	} else if !changes.DateOfBirth.IsZero() && calendar.Age(changes.DateOfBirth, today) > 26 {
		problems.Add("date_of_birth", "Date of birth must be less than 26 years ago")
	}
	if changes.YearOffset < -2 || changes.YearOffset > 2 {
		problems.Add("year_offset", "Choose a year group no more than two years from the child's age")
	}
	if changes.YearOffset != 0 && changes.YearOffsetReason == "" {
		problems.Add("year_offset_reason", "Enter why the child is taught out of year")
	}
	if _, quality, words := identifier.CheckUPN(changes.UPN); quality == identifier.WrongShape {
		problems.Add("upn", "UPN must be a letter and 12 numbers, like B801200005001. "+words)
	}
	return problems
}

// Edit corrects who a child is. A surname or forename that goes is kept among the former names, so
// that search still finds the child by it. Conflict: someone changed the record since it was shown.
func (s *Service) Edit(ctx context.Context, actor access.Actor, childID int64, changes Changes) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := postgres.Get[Identity](ctx, tx, `select `+identityColumns+` from child c where c.id = @child for update`, postgres.Args{"child": childID})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.EditChild, access.Facts{}); err != nil {
			return err
		}
		if err := CheckIdentity(changes, tx.Today).Err(); err != nil {
			return err
		}
		if before.Version != changes.Version {
			return fault.Conflict("Someone else changed this record while you were looking at it.")
		}
		upn, quality, _ := identifier.CheckUPN(changes.UPN)
		if quality == identifier.UnknownCode {
			upn = identifier.UPN(strings.ToUpper(strings.TrimSpace(changes.UPN)))
		}
		after := before
		after.Forename, after.Surname, after.PreferredName = changes.Forename, changes.Surname, changes.PreferredName
		after.DateOfBirth, after.UPN, after.UPNQuality = changes.DateOfBirth, string(upn), string(quality)
		after.YearOffset, after.YearOffsetReason, after.Unaccompanied = changes.YearOffset, changes.YearOffsetReason, changes.Unaccompanied
		if changes.YearOffset == 0 {
			after.YearOffsetReason = ""
		}
		after.FormerNames = FormerNames(before.FormerNames, before.Forename+" "+before.Surname, after.Forename+" "+after.Surname)
		err = tx.DoOne(ctx, `update child set forename = nullif(@forename, ''), surname = nullif(@surname, ''), preferred_name = nullif(@preferred, ''),
				former_names = @former, date_of_birth = @born, upn = nullif(@upn, ''), upn_quality = @quality, year_offset = @offset,
				year_offset_reason = nullif(@reason, ''), unaccompanied = @unaccompanied, updated_at = @now, version = version + 1
			where id = @child and version = @version`,
			postgres.Args{"child": childID, "version": before.Version, "forename": after.Forename, "surname": after.Surname, "preferred": after.PreferredName,
				"former": after.FormerNames, "born": after.DateOfBirth, "upn": after.UPN, "quality": after.UPNQuality,
				"offset": after.YearOffset, "reason": after.YearOffsetReason, "unaccompanied": after.Unaccompanied})
		if postgres.Constraint(err) == "child_sealed" {
			return fault.Invalid("upn", "This file was closed when the child was adopted. It keeps the name and number the child had then, and says nothing of the new ones.")
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "child", SubjectID: childID, Action: "edited", Before: before, After: after})
	})
}

// FormerNames are those kept of a child whose full name changes: with the one that goes, so that
// search still finds the child by it. Never nil.
func FormerNames(kept []string, before, after string) []string {
	former := append([]string{}, kept...)
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if before == "" || before == after || slices.Contains(former, before) {
		return former
	}
	return append(former, before)
}

// Move is a change of school. SettingID 0 ends the roll with no new school.
type Move struct {
	SettingID int64
	Kind      string        // main or dual
	From      calendar.Date // first day at the new school, or first day without one
	Reason    string        // why the old one ended
}

// ChangeSchool puts a child on a school's roll from a day, which is the day the former roll ends and
// the former school stops seeing the child (R47). A day before the present roll began is refused.
func (s *Service) ChangeSchool(ctx context.Context, actor access.Actor, childID int64, move Move) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error { return ChangeSchoolWithin(ctx, tx, childID, move) })
}

// ChangeSchoolWithin is ChangeSchool as a part of what somebody does in one act.
func ChangeSchoolWithin(ctx context.Context, tx *postgres.Tx, childID int64, move Move) error {
	if err := lockChild(ctx, tx, childID); err != nil {
		return err
	}
	if err := access.Check(tx.Actor, access.ChangeRoll, access.Facts{}); err != nil {
		return err
	}
	if err := checkMove(move, tx.Today); err != nil {
		return err
	}
	of := postgres.Args{"child": childID, "setting": move.SettingID, "kind": move.Kind, "from": move.From, "reason": move.Reason}
	if move.SettingID != 0 {
		status, err := postgres.GetValue[string](ctx, tx, `select status from setting where id = @setting`, of)
		if err != nil {
			return fault.Invalid("setting", "Choose a school from the list")
		}
		if status == "closed" {
			return fault.Invalid("setting", "This school has closed. Choose the school that took its place.")
		}
	}
	if move.Kind == "main" {
		if err := endMainRoll(ctx, tx, move, of); err != nil {
			return err
		}
	}
	if move.SettingID != 0 {
		_, err := tx.Do(ctx, `insert into roll (child_id, setting_id, kind, period, source) values (@child, @setting, @kind, daterange(@from, null), 'entered')`, of)
		switch postgres.Constraint(err) {
		case "roll_child_id_period_excl", "roll_child_id_setting_id_period_excl":
			return fault.Invalid("from", "The child is already on a roll on that day. Choose a later first day.")
		}
		if err != nil {
			return err
		}
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "roll", SubjectID: move.SettingID, Action: "changed school", After: move})
}

func checkMove(move Move, today calendar.Date) error {
	var problems fault.Problems
	if move.From.IsZero() {
		problems.Add("from", "Enter the first day")
	} else if move.From.After(today.AddMonths(6)) {
		problems.Add("from", "The first day must be no more than 6 months from today")
	} else if move.From.Before(today.AddYears(-20)) {
		problems.Add("from", "The first day must be within the last 20 years")
	}
	if move.Kind != "main" && move.Kind != "dual" {
		problems.Add("kind", "Choose whether this is the main school")
	}
	if move.Kind == "dual" && move.SettingID == 0 {
		problems.Add("setting", "Choose the second school")
	}
	return problems.Err()
}

func endMainRoll(ctx context.Context, tx *postgres.Tx, move Move, of postgres.Args) error {
	type present struct {
		ID        int64
		SettingID int64
		Start     calendar.Date
	}
	rolls, err := postgres.List[present](ctx, tx, `select id, setting_id, lower(period) as start from roll
		where child_id = @child and kind = 'main' and (upper_inf(period) or upper(period) > @from) order by lower(period)`, of)
	if err != nil {
		return err
	}
	for _, roll := range rolls {
		switch {
		case roll.SettingID == move.SettingID:
			return fault.Invalid("setting", "The child is already on this school's roll")
		case !move.From.After(roll.Start):
			return fault.Invalid("from", "The first day must be after "+roll.Start.Words()+", when the present school began")
		}
		if err := tx.DoOne(ctx, `update roll set period = daterange(lower(period), @from), end_reason = nullif(@reason, '') where id = @roll`,
			postgres.Args{"roll": roll.ID, "from": move.From, "reason": move.Reason}); err != nil {
			return err
		}
	}
	if len(rolls) == 0 && move.SettingID == 0 {
		return fault.Invalid("setting", "The child is on no school's roll on that day")
	}
	return nil
}

// Allocation is who works with a child from a day. AccountID 0 leaves the part empty.
type Allocation struct {
	Part      string
	AccountID int64
	From      calendar.Date
	Until     calendar.Date // only for cover: its last day
	Reason    string
	CoversFor int64 `json:",omitempty"` // only for cover of a whole caseload: whose it is
}

var partRoles = map[string][]access.Role{
	"advisor":           {access.Advisor, access.LeadAdvisor},
	"support_advisor":   {access.SupportAdvisor},
	"social_worker":     {access.SocialWorker},
	"reviewing_officer": {access.ReviewingOfficer},
	"cover":             {access.Advisor, access.SupportAdvisor},
}

// Parts are the parts people play, in the order pages list them.
var Parts = []string{"advisor", "support_advisor", "social_worker", "reviewing_officer", "cover"}

// RolesFor are the roles whose people may play a part.
func RolesFor(part string) []access.Role { return partRoles[part] }

// Allocate says who plays a part from a day. The one before stops on that day, and with it their
// sight of the child (R48). Cover ends by itself.
func (s *Service) Allocate(ctx context.Context, actor access.Actor, childID int64, to Allocation) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		return AllocateWithin(ctx, tx, childID, to)
	})
}

// AllocateWithin is Allocate as a part of what somebody does in one act.
func AllocateWithin(ctx context.Context, tx *postgres.Tx, childID int64, to Allocation) error {
	if err := lockChild(ctx, tx, childID); err != nil {
		return err
	}
	if err := access.Check(tx.Actor, access.ChangeAllocation, access.Facts{}); err != nil {
		return err
	}
	of, entered := postgres.Args{"child": childID, "part": to.Part, "account": to.AccountID, "from": to.From, "reason": to.Reason, "for": to.CoversFor}, to
	if err := checkAllocation(ctx, tx, to, of); err != nil {
		return err
	}
	period := `daterange(@from, null)`
	if to.Part == "cover" {
		period = `daterange(@from, @until)`
		of["until"] = to.Until.AddDays(1)
	} else if corrected, err := endPart(ctx, tx, to, of); err != nil {
		return err
	} else if corrected {
		to.AccountID = 0
	}
	if to.AccountID != 0 {
		if _, err := tx.Do(ctx, `insert into allocation (child_id, account_id, part, period, reason, source, covers_for)
				values (@child, @account, @part, `+period+`, nullif(@reason, ''), 'entered', nullif(@for::bigint, 0))`, of); err != nil {
			return err
		}
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "allocation", SubjectID: to.Part, Action: "changed who works with the child", After: entered})
}

func checkAllocation(ctx context.Context, tx *postgres.Tx, to Allocation, of postgres.Args) error {
	var problems fault.Problems
	roles, known := partRoles[to.Part]
	if !known {
		problems.Add("part", "Choose what the person does")
	}
	if to.From.IsZero() {
		problems.Add("from", "Enter the first day")
	} else if to.From.After(tx.Today.AddMonths(6)) {
		problems.Add("from", "The first day must be no more than 6 months from today")
	}
	if to.Part == "cover" {
		if to.AccountID == 0 {
			problems.Add("account", "Choose who covers")
		}
		if to.Reason == "" {
			problems.Add("reason", "Enter why cover is needed")
		}
		if to.Until.IsZero() || to.Until.Before(to.From) {
			problems.Add("until", "Enter the last day of cover, on or after the first")
		} else if to.Until.After(to.From.AddMonths(3)) {
			problems.Add("until", "Cover must end within 3 months")
		}
	}
	if to.AccountID != 0 && known {
		role, err := postgres.GetValue[string](ctx, tx, `select role from account where id = @account and state <> 'ended'`, of)
		if kind, isFault := fault.KindOf(err); err != nil && (!isFault || kind != fault.KindNotFound) {
			return err
		}
		if !slices.Contains(roles, access.Role(role)) {
			problems.Add("account", "Choose a person from the list")
		}
	}
	return problems.Err()
}

// endPart stops whoever plays the part on the day the next one starts. Someone who was to start on
// that very day never did: their entry is corrected instead, and nothing is left to add.
func endPart(ctx context.Context, tx *postgres.Tx, to Allocation, of postgres.Args) (corrected bool, err error) {
	type present struct {
		ID        int64
		AccountID int64
		Start     calendar.Date
	}
	now, err := postgres.List[present](ctx, tx, `select id, account_id, lower(period) as start from allocation
		where child_id = @child and part = @part and (upper_inf(period) or upper(period) > @from) order by lower(period)`, of)
	if err != nil {
		return false, err
	}
	if len(now) == 0 && to.AccountID == 0 {
		return false, fault.Invalid("account", "Choose who does this. Nobody does it now.")
	}
	for _, worker := range now {
		switch {
		case worker.AccountID == to.AccountID:
			return false, fault.Invalid("account", "This person already does this for the child")
		case worker.Start.After(to.From):
			return false, fault.Invalid("from", "The first day must be on or after "+worker.Start.Words()+", when someone else begins")
		case worker.Start == to.From && to.AccountID == 0:
			return false, fault.Invalid("from", "The first day without anyone must be after "+worker.Start.Words()+", when the present one began")
		case worker.Start == to.From:
			return true, tx.DoOne(ctx, `update allocation set account_id = @account where id = @allocation`,
				postgres.Args{"allocation": worker.ID, "account": to.AccountID})
		}
		if err := tx.DoOne(ctx, `update allocation set period = daterange(lower(period), @from) where id = @allocation`,
			postgres.Args{"allocation": worker.ID, "from": to.From}); err != nil {
			return false, err
		}
	}
	return false, nil
}

// Note is something written on a child's timeline.
type Note struct {
	On    calendar.Date
	Kind  string
	Words string
	// ThirdParty says that all of it is about somebody else ("about"), or came from them ("from"); empty: it
	// is about the child. Words between [[ and ]] are about somebody else too. Both are looked at before the
	// record is shared with the child.
	ThirdParty string
}

// NoteThirds are what ThirdParty can be.
var NoteThirds = []struct{ Value, Text string }{
	{"", "This child"}, {"about", "Somebody else: all of it"}, {"from", "This child, but somebody else told us and may not want it known"},
}

// NoteKinds are what a note can be of, with their words.
var NoteKinds = []struct{ Value, Text string }{
	{"call", "Phone call"}, {"visit", "Visit"}, {"meeting", "Meeting"}, {"email", "Email"}, {"success", "Success"}, {"other", "Something else"},
}

// WriteNote writes on the timeline. Notes are not changed afterwards: a correction is a new note.
func (s *Service) WriteNote(ctx context.Context, actor access.Actor, childID int64, note Note) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockChild(ctx, tx, childID); err != nil {
			return err
		}
		if err := access.Check(actor, access.WriteNote, access.Facts{}); err != nil {
			return err
		}
		if note.On.After(tx.Today) {
			return fault.Invalid("on", "The day must be today or in the past")
		}
		if note.ThirdParty != "" && note.ThirdParty != "about" && note.ThirdParty != "from" {
			return fault.Invalid("third_party", "Choose whom the note is about")
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into note (child_id, on_day, kind, words, third_party, written_by, written_at)
			values (@child, @on, @kind, @words, @third, @by, @now) returning id`,
			postgres.Args{"child": childID, "on": note.On, "kind": note.Kind, "words": note.Words, "third": note.ThirdParty, "by": actor.ID})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "note", SubjectID: id, Action: "wrote a note", After: map[string]any{"kind": note.Kind, "on": note.On}})
	})
}

// lockChild holds the child's row, so that changes of one record queue; NotFound when not theirs.
func lockChild(ctx context.Context, tx *postgres.Tx, childID int64) error {
	_, err := postgres.GetValue[int64](ctx, tx, `select id from child where id = @child for update`, postgres.Args{"child": childID})
	if err != nil {
		if errors.Is(err, fault.KindNotFound) {
			return fault.NotFound()
		}
		return fmt.Errorf("lock the child: %w", err)
	}
	return nil
}
