package accessrequest

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/identifier"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Service is what people do about requests for access.
type Service struct{ DB *postgres.DB }

// Asking is what somebody says of the child they should have.
type Asking struct {
	Name      string // forename and surname
	Born      calendar.Date
	UPN       string
	Reference string // the social care system's
	SettingID int64  // which of their schools asks; 0 for others than schools
	Why       string
}

// Check says what is missing or wrong in itself: nothing that depends on any record.
func (a Asking) Check(today calendar.Date) fault.Problems {
	var problems fault.Problems
	if a.Name == "" {
		problems.Add("name", "Enter forename and surname")
	}
	switch {
	case a.Born.IsZero():
		problems.Add("born", "Enter date of birth")
	case a.Born.After(today):
		problems.Add("born", "Date of birth must be in the past")
	case calendar.Age(a.Born, today) > 26:
		problems.Add("born", "Date of birth must be less than 26 years ago")
	}
	if _, quality, words := identifier.CheckUPN(a.UPN); a.UPN != "" && !quality.Usable() {
		problems.Add("upn", "Enter a UPN like B801200005001, or leave it out. "+words)
	}
	if a.Why == "" {
		problems.Add("why", "Enter why you should have this child")
	}
	return problems
}

// mostADay is how often one person may ask within a day.
const mostADay = 10

// Ask puts a request before the team. It never says whether there is such a child. TooMany after ten in a day.
func (s *Service) Ask(ctx context.Context, actor access.Actor, asking Asking) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.AskAccess, access.Facts{}); err != nil {
			return err
		}
		problems := asking.Check(tx.Today)
		upn, _, _ := identifier.CheckUPN(asking.UPN)
		of := postgres.Args{"by": actor.ID, "setting": asking.SettingID, "name": asking.Name, "born": asking.Born, "upn": string(upn), "reference": asking.Reference,
			"why": asking.Why, "since": tx.Now.Add(-24 * time.Hour)}
		if actor.Role == access.School {
			theirs, err := postgres.GetValue[bool](ctx, tx, `select exists (select from account_setting where account_id = @by and setting_id = @setting and period @> @today::date)`, of)
			if err != nil {
				return err
			}
			if !theirs {
				problems.Add("setting", "Choose which of your schools asks")
			}
		} else {
			of["setting"] = int64(0)
		}
		if err := problems.Err(); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtextextended('access_request', @by))`, of); err != nil {
			return err
		}
		asked, err := postgres.GetValue[int](ctx, tx, `select count(*)::int from access_request where asked_by = @by and asked_at > @since`, of)
		if err != nil {
			return err
		}
		if asked >= mostADay {
			return fault.TooMany("You have asked ten times today. Ring the Virtual School if it cannot wait until tomorrow.", 24*time.Hour)
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into access_request (asked_by, asked_at, setting_id, name, date_of_birth, upn, reference, why)
			values (@by, @now, nullif(@setting::bigint, 0), @name, @born, @upn, @reference, @why) returning id`, of)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "access_request", SubjectID: id, Action: "asked for a child"})
	})
}

// Outcomes of a request.
const (
	Give   = "give"   // the relation is made now
	There  = "there"  // the relation is there already, or somebody else has made it
	Refuse = "refuse" // not given; the asker is not told why
)

// Decision is what the team does about a request.
type Decision struct {
	Outcome string
	ChildID int64         // Give and There: one of the matches
	From    calendar.Date // Give: the first day
	Kind    string        // Give to a school: main or dual
	Note    string        // for the team
}

// Decide answers a request, once. Giving makes the allocation or the place on the roll by the rules of those:
// what they refuse comes back as problems. On a restricted record the asker must be named beside it.
func (s *Service) Decide(ctx context.Context, actor access.Actor, id int64, decision Decision) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.DecideAccess, access.Facts{}); err != nil {
			return err
		}
		request, err := postgres.Get[struct {
			AskedBy   int64
			Role      access.Role
			SettingID int64
			State     string
		}](ctx, tx, `select r.asked_by, a.role, coalesce(r.setting_id, 0) as setting_id, r.state from access_request r join account a on a.id = r.asked_by where r.id = @id for update of r`, postgres.Args{"id": id})
		if err != nil {
			return err
		}
		if request.State != "asked" {
			return fault.Conflict("Somebody has decided this already.")
		}
		state := "given"
		switch decision.Outcome {
		case Give:
			err = give(ctx, tx, request.AskedBy, request.Role, request.SettingID, decision)
		case There:
			err = mustSee(ctx, tx, decision.ChildID)
		case Refuse:
			state, decision.ChildID = "refused", 0
		default:
			err = fault.Invalid("outcome", "Choose what to do")
		}
		if err != nil {
			return err
		}
		of := postgres.Args{"id": id, "state": state, "by": actor.ID, "note": decision.Note, "child": decision.ChildID}
		if err := tx.DoOne(ctx, `update access_request set state = @state, decided_by = @by, decided_at = @now, note = @note where id = @id and state = 'asked'`, of); err != nil {
			return err
		}
		if decision.ChildID != 0 {
			if _, err := tx.Do(ctx, `insert into access_request_child (access_request_id, child_id) values (@id, @child)`, of); err != nil {
				return err
			}
		}
		if err := job.Notify(ctx, tx, job.Notice{AccountID: request.AskedBy, Subject: "Your request for access was decided",
			Words: "The Virtual School has looked at a request of yours. Sign in to see what came of it.", Path: "/access-requests"}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: decision.ChildID, Subject: "access_request", SubjectID: id, Action: "decided: " + decision.Outcome, After: map[string]any{"note": decision.Note}})
	})
}

func give(ctx context.Context, tx *postgres.Tx, asker int64, role access.Role, settingID int64, decision Decision) error {
	if decision.ChildID == 0 {
		return fault.Invalid("child", "Choose which child")
	}
	switch role {
	case access.School:
		return child.ChangeSchoolWithin(ctx, tx, decision.ChildID, child.Move{SettingID: settingID, Kind: decision.Kind, From: decision.From, Reason: "The school asked for access"})
	case access.SocialWorker, access.ReviewingOfficer:
		return child.AllocateWithin(ctx, tx, decision.ChildID, child.Allocation{Part: string(role), AccountID: asker, From: decision.From, Reason: "Asked for access"})
	}
	return fault.Invalid("outcome", "This person's role has changed since they asked. Refuse, or say that it is there already.")
}

// mustSee refuses a child whom the decider does not see.
func mustSee(ctx context.Context, tx *postgres.Tx, childID int64) error {
	seen, err := postgres.GetValue[bool](ctx, tx, `select exists (select from child where id = @child)`, postgres.Args{"child": childID})
	if err == nil && !seen {
		err = fault.Invalid("child", "Choose which child")
	}
	return err
}
