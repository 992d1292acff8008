package child

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/identifier"
	"virtualschool/internal/postgres"
	"virtualschool/internal/returncode"
)

// Arrival is a child who has come into care, added by hand before any return names them.
type Arrival struct {
	LAChildID                        string
	Forename, Surname, PreferredName string
	DateOfBirth                      calendar.Date
	Sex                              string // M, F, U or empty
	UPN                              string
	Unaccompanied                    bool
	CareFrom                         calendar.Date
	LegalStatus                      string // the return's code
	Placement                        string // the return's code
	InAuthority                      *bool
	Source                           string // entered, 903 or seed
}

// Add makes the record of a child who has come into care. A child who is on record already, here or
// hidden, is refused in the same words. Returns the child's number.
func (s *Service) Add(ctx context.Context, actor access.Actor, arrival Arrival) (id int64, err error) {
	if arrival.Source == "" {
		arrival.Source = "entered"
	}
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.AddChild, access.Facts{}); err != nil {
			return err
		}
		if err := checkArrival(arrival, tx.Today); err != nil {
			return err
		}
		upn, quality, _ := identifier.CheckUPN(arrival.UPN)
		id, err = postgres.GetValue[int64](ctx, tx, `insert into child (la_child_id, forename, surname, preferred_name, date_of_birth, sex, upn, upn_quality, unaccompanied, source, created_at, updated_at)
			values (@la, nullif(@forename, ''), nullif(@surname, ''), nullif(@preferred, ''), @born, nullif(@sex, ''), nullif(@upn, ''), @quality, @unaccompanied, @source, @now, @now) returning id`,
			postgres.Args{"la": arrival.LAChildID, "forename": arrival.Forename, "surname": arrival.Surname, "preferred": arrival.PreferredName,
				"born": arrival.DateOfBirth, "sex": arrival.Sex, "upn": string(upn), "quality": string(quality), "unaccompanied": arrival.Unaccompanied, "source": arrival.Source})
		if postgres.Constraint(err) == "child_la_child_id_key" {
			return fault.Invalid("la_child_id", "This identifier cannot be used. Check it, or ask the data officer.")
		}
		if err != nil {
			return err
		}
		of := postgres.Args{"child": id, "from": arrival.CareFrom, "status": arrival.LegalStatus, "placement": arrival.Placement, "in": arrival.InAuthority, "source": arrival.Source}
		for _, insert := range []string{
			`insert into care_period (child_id, period, source) values (@child, daterange(@from, null), @source)`,
			`insert into legal_status (child_id, code, period, source) values (@child, @status, daterange(@from, null), @source)`,
			`insert into placement (child_id, code, in_authority, period, source) values (@child, @placement, @in, daterange(@from, null), @source)`,
		} {
			if _, err := tx.Do(ctx, insert, of); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: id, Subject: "child", SubjectID: id, Action: "added", After: arrival})
	})
	return id, err
}

func checkArrival(arrival Arrival, today calendar.Date) error {
	problems := CheckIdentity(Changes{DateOfBirth: arrival.DateOfBirth, UPN: arrival.UPN}, today)
	if arrival.LAChildID == "" {
		problems.Add("la_child_id", "Enter the identifier the social care system gives the child")
	}
	if arrival.DateOfBirth.IsZero() {
		problems.Add("date_of_birth", "Enter date of birth")
	}
	switch {
	case arrival.CareFrom.IsZero():
		problems.Add("care_from", "Enter the day the child came into care")
	case arrival.CareFrom.After(today):
		problems.Add("care_from", "The day must be today or in the past")
	case arrival.CareFrom.Before(arrival.DateOfBirth):
		problems.Add("care_from", "The day must be after the child was born")
	}
	if _, known := returncode.LookUp("LS", arrival.LegalStatus); !known || returncode.ShortBreaks(arrival.LegalStatus) {
		problems.Add("legal_status", "Choose the legal status from the list. A child with short breaks only is not in the cohort.")
	}
	if _, known := returncode.LookUp("PLACE", arrival.Placement); !known {
		problems.Add("placement", "Choose where the child lives from the list")
	}
	return problems.Err()
}

// Leaving is the end of a period of care.
type Leaving struct {
	On   calendar.Date // the first day no longer in care
	Code string        // the return's reason: E4A, E11, …
}

// LeaveCare ends a child's period of care, and with it the work of those allocated to them: the
// advisor, social worker and reviewing officer stop on the same day. The school roll goes on, but a
// school does not see a child who is not in care.
func (s *Service) LeaveCare(ctx context.Context, actor access.Actor, childID int64, leaving Leaving) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockChild(ctx, tx, childID); err != nil {
			return err
		}
		if err := access.Check(actor, access.AddChild, access.Facts{}); err != nil {
			return err
		}
		var problems fault.Problems
		if leaving.On.IsZero() || leaving.On.After(tx.Today) {
			problems.Add("on", "Enter the day care ended, today or in the past")
		}
		if _, known := returncode.LookUp("REC", leaving.Code); !known || leaving.Code == "X1" {
			problems.Add("code", "Choose why care ended")
		}
		if err := problems.Err(); err != nil {
			return err
		}
		of := postgres.Args{"child": childID, "on": leaving.On, "code": leaving.Code}
		ended, err := tx.Do(ctx, `update care_period set period = daterange(lower(period), @on), end_code = @code
			where child_id = @child and upper_inf(period) and lower(period) < @on`, of)
		if err != nil {
			return err
		}
		if ended == 0 {
			return fault.Invalid("on", "The child is not in care on the day before")
		}
		for _, table := range []string{"legal_status", "placement", "category_of_need", "allocation"} {
			if _, err := tx.Do(ctx, `update `+table+` set period = daterange(lower(period), @on)
				where child_id = @child and lower(period) < @on and (upper_inf(period) or upper(period) > @on)`, of); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "care_period", SubjectID: childID, Action: "left care", After: leaving})
	})
}

// Live says where the child lives from a day: the kind of place, and whether it is in the authority.
func (s *Service) Live(ctx context.Context, actor access.Actor, childID int64, code string, inAuthority *bool, from calendar.Date) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockChild(ctx, tx, childID); err != nil {
			return err
		}
		if err := access.Check(actor, access.AddChild, access.Facts{}); err != nil {
			return err
		}
		if _, known := returncode.LookUp("PLACE", code); !known {
			return fault.Invalid("placement", "Choose where the child lives from the list")
		}
		of := postgres.Args{"child": childID, "code": code, "in": inAuthority, "from": from}
		later, err := postgres.GetValue[bool](ctx, tx, `select exists (select from placement where child_id = @child and lower(period) >= @from)`, of)
		if err != nil {
			return err
		}
		if from.IsZero() || from.After(tx.Today) || later {
			return fault.Invalid("from", "Enter the first day there: after the present placement began, and no later than today")
		}
		if _, err := tx.Do(ctx, `update placement set period = daterange(lower(period), @from) where child_id = @child and period @> @from::date`, of); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `insert into placement (child_id, code, in_authority, period, source) values (@child, @code, @in, daterange(@from, null), 'entered')`, of); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "placement", SubjectID: code, Action: "moved", After: map[string]any{"from": from, "code": code, "in_authority": inAuthority}})
	})
}

// SetSEN says what special educational needs a child has from a day.
func (s *Service) SetSEN(ctx context.Context, actor access.Actor, childID int64, status, need string, from calendar.Date) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := lockChild(ctx, tx, childID); err != nil {
			return err
		}
		if err := access.Check(actor, access.EditChild, access.Facts{}); err != nil {
			return err
		}
		if SENStatusName(status) == "" {
			return fault.Invalid("sen_status", "Choose the support the child has")
		}
		if from.IsZero() || from.After(tx.Today) {
			return fault.Invalid("sen_from", "Enter the first day, today or in the past")
		}
		of := postgres.Args{"child": childID, "status": status, "need": need, "from": from}
		if _, err := tx.Do(ctx, `update sen_status set period = daterange(lower(period), @from) where child_id = @child and period @> @from::date and lower(period) < @from`, of); err != nil {
			return err
		}
		_, err := tx.Do(ctx, `insert into sen_status (child_id, status, primary_need, period, source) values (@child, @status, nullif(@need, ''), daterange(@from, null), 'entered')`, of)
		if postgres.Constraint(err) == "sen_status_child_id_period_excl" {
			return fault.Invalid("sen_from", "Another status begins on or after that day. Enter a later day.")
		}
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "sen_status", SubjectID: status, Action: "set", After: map[string]any{"status": status, "need": need, "from": from}})
	})
}
