package setting

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Owner is whose calendar it is: an authority, or one setting that keeps its own dates.
type Owner struct {
	AuthorityCode string // empty when a setting is the owner
	SettingID     int64
}

// check refuses a calendar that is nobody's.
func (o Owner) check() error {
	if o.SettingID == 0 && !authorityShape.MatchString(o.AuthorityCode) {
		return fault.Invalid("setting", "Choose whose calendar it is")
	}
	return nil
}

func (o Owner) args() postgres.Args {
	return postgres.Args{"owner_authority": o.AuthorityCode, "owner_setting": o.SettingID}
}

func (o Owner) id() string {
	if o.SettingID != 0 {
		return fmt.Sprint("setting ", o.SettingID)
	}
	return "authority " + o.AuthorityCode
}

// owned is the owner's own rows of term or closed_day.
const owned = `(case when @owner_setting::bigint <> 0 then setting_id = @owner_setting else setting_id is null and authority_code = @owner_authority end)`

// KeptTerm is one term as it is stored, for the page on which terms are set.
type KeptTerm struct {
	ID            int64
	AuthorityCode string
	SettingID     int64 // 0: an authority's
	School        string
	AcademicYear  int
	Name          string
	Starts        calendar.Date
	Ends          calendar.Date
	HalfTermFrom  calendar.Date
	HalfTermTo    calendar.Date
	CutOff        calendar.Date
	Source        string
}

// Term is the kept term as the calendar counts with it.
func (k KeptTerm) Term() Term {
	return Term{Term: calendar.Term{AcademicYear: k.AcademicYear, Name: k.Name, Starts: k.Starts, Ends: k.Ends,
		HalfTermFrom: k.HalfTermFrom, HalfTermTo: k.HalfTermTo}, CutOff: k.CutOff, Own: k.SettingID != 0, Source: k.Source}
}

// Version stands for what the term says, so that a form that was shown something else is noticed.
func (t Term) Version() int {
	sum := fnv.New32a()
	fmt.Fprint(sum, t.Starts, t.Ends, t.HalfTermFrom, t.HalfTermTo, t.CutOff, t.Source)
	return int(sum.Sum32()>>1) + 1
}

const keptTerms = `select t.id, coalesce(t.authority_code, '') as authority_code, coalesce(t.setting_id, 0) as setting_id, coalesce(s.name, '') as school,
		t.academic_year, t.name, t.starts, t.ends, t.half_term_from, t.half_term_to, t.pep_cut_off as cut_off, t.source
	from term t left join setting s on s.id = t.setting_id`

// QueueKeptTerms queues an authority's terms and those of every setting that keeps its own, newest
// academic year first and in order within it.
func QueueKeptTerms(batch *postgres.Batch, into *[]KeptTerm, authorityCode string) {
	postgres.Many(batch, into, keptTerms+` where t.setting_id is not null or t.authority_code = @authority
		order by t.academic_year desc, s.name nulls first, t.setting_id, t.starts`, postgres.Args{"authority": authorityCode})
}

// ClosedDay is a day in term on which a place is closed to pupils.
type ClosedDay struct {
	ID        int64
	SettingID int64
	School    string
	Day       calendar.Date
	Reason    string
}

// QueueClosedDays queues the closed days of an authority and of its settings, newest first.
func QueueClosedDays(batch *postgres.Batch, into *[]ClosedDay, authorityCode string) {
	postgres.Many(batch, into, `select d.id, coalesce(d.setting_id, 0) as setting_id, coalesce(s.name, '') as school, d.day, d.reason
		from closed_day d left join setting s on s.id = d.setting_id
		where d.setting_id is not null or d.authority_code = @authority order by d.day desc, s.name nulls first limit 200`, postgres.Args{"authority": authorityCode})
}

// problems are about the fields year, term, starts, ends, half_from, half_to, cut_off and source.
func (t Term) problems() fault.Problems {
	var p fault.Problems
	if t.AcademicYear < 2000 || t.AcademicYear > 2100 {
		p.Add("year", "Enter an academic year like 2026/27")
	}
	if t.Name != calendar.Autumn && t.Name != calendar.Spring && t.Name != calendar.Summer {
		p.Add("term", "Choose autumn, spring or summer")
	}
	if t.Starts.IsZero() {
		p.Add("starts", "Enter the first day of term")
	}
	if t.Ends.IsZero() {
		p.Add("ends", "Enter the last day of term")
	}
	if len(p) > 0 {
		return p
	}
	year := calendar.AcademicYearRange(t.AcademicYear)
	switch {
	case !year.Contains(t.Starts):
		p.Addf("starts", "The first day of term must be in the academic year %s", calendar.AcademicYearLabel(t.AcademicYear))
	case !year.Contains(t.Ends):
		p.Addf("ends", "The last day of term must be in the academic year %s", calendar.AcademicYearLabel(t.AcademicYear))
	case !t.Starts.Before(t.Ends):
		p.Add("ends", "The last day of term must be after the first")
	case t.HalfTermFrom.IsZero() != t.HalfTermTo.IsZero():
		p.Add("half_to", "Enter both the first and the last day of half-term, or neither")
	case !t.HalfTermFrom.IsZero() && t.HalfTermTo.Before(t.HalfTermFrom):
		p.Add("half_to", "The last day of half-term must not be before the first")
	case !t.HalfTermFrom.IsZero() && (!t.HalfTermFrom.After(t.Starts) || !t.HalfTermTo.Before(t.Ends)):
		p.Add("half_from", "Half-term must be inside the term")
	}
	if !t.CutOff.IsZero() && (t.CutOff.Before(t.Starts) || t.CutOff.After(t.Ends.AddDays(30))) {
		p.Add("cut_off", "The last day for PEP reviews must be in the term, or no more than 30 days after it")
	}
	if strings.TrimSpace(t.Source) == "" {
		p.Add("source", "Enter where these dates come from")
	}
	return p
}

// SetTerm gives an owner a term, or changes the one it has. It needs SetPolicy. Version is that of the
// term that was shown; 0 for one that is thought to be new. Conflict: it says something else by now.
func (s *Service) SetTerm(ctx context.Context, actor access.Actor, owner Owner, term Term, version int) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		if err := owner.check(); err != nil {
			return err
		}
		if err := term.problems().Err(); err != nil {
			return err
		}
		before, err := lockTerm(ctx, tx, owner, term.AcademicYear, term.Name)
		if err != nil {
			return err
		}
		shown := 0
		if before != nil {
			shown = before.Term().Version()
		}
		if shown != version {
			return fault.Conflict("These dates have been set since you opened the page.")
		}
		if err := freeOfOthers(ctx, tx, owner, term); err != nil {
			return err
		}
		if err := putTerm(ctx, tx, owner, term, before); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, TermsChanged{term.AcademicYear})
	})
}

// TermsChanged is the job of whoever counts by half terms, once term dates of an academic year were changed.
type TermsChanged struct {
	AcademicYear int `json:"academic_year"`
}

// Kind names the job in the queue.
func (TermsChanged) Kind() string { return "terms_changed" }

// RemoveTerm takes a setting's own term away, so that it keeps its authority's again. It needs SetPolicy.
func (s *Service) RemoveTerm(ctx context.Context, actor access.Actor, termID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		of := postgres.Args{"term": termID}
		before, err := postgres.Get[KeptTerm](ctx, tx, keptTerms+` where t.id = @term for update of t`, of)
		if err != nil {
			return err
		}
		if before.SettingID == 0 {
			return fault.Forbidden("The council's own terms can be changed but not removed: deadlines are counted by them.")
		}
		if err := tx.DoOne(ctx, `delete from term where id = @term`, of); err != nil {
			return err
		}
		if err := job.Enqueue(ctx, tx, TermsChanged{before.AcademicYear}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "term", SubjectID: Owner{SettingID: before.SettingID}.id(), Action: "removed", Before: before.Term()})
	})
}

// lockTerm holds the owner's calendar for this transaction and gives the term as it stands, if there is one.
func lockTerm(ctx context.Context, tx *postgres.Tx, owner Owner, year int, name string) (*KeptTerm, error) {
	args := owner.args()
	args["owner"], args["year"], args["name"] = owner.id(), year, name
	if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('calendar ' || @owner))`, args); err != nil {
		return nil, err
	}
	found, err := postgres.List[KeptTerm](ctx, tx, keptTerms+` where academic_year = @year and t.name = @name and `+strings.NewReplacer("setting_id", "t.setting_id", "authority_code", "t.authority_code").Replace(owned), args)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// freeOfOthers refuses a term that shares a day with another term of the same owner.
func freeOfOthers(ctx context.Context, tx *postgres.Tx, owner Owner, term Term) error {
	args := owner.args()
	args["year"], args["name"], args["starts"], args["ends"] = term.AcademicYear, term.Name, term.Starts, term.Ends
	others, err := postgres.ListValues[string](ctx, tx, `select name || ' ' || academic_year || '/' || lpad(((academic_year + 1) % 100)::text, 2, '0') from term
		where (academic_year, name) <> (@year::int, @name::text) and starts <= @ends and ends >= @starts and `+owned, args)
	if err != nil {
		return err
	}
	if len(others) > 0 {
		return fault.Invalid("starts", "These dates overlap the "+others[0]+" term. Correct the dates, or that term first.")
	}
	return nil
}

func putTerm(ctx context.Context, tx *postgres.Tx, owner Owner, term Term, before *KeptTerm) error {
	args := owner.args()
	for name, value := range map[string]any{"year": term.AcademicYear, "name": term.Name, "starts": term.Starts, "ends": term.Ends,
		"half_from": term.HalfTermFrom, "half_to": term.HalfTermTo, "cut_off": term.CutOff, "source": strings.TrimSpace(term.Source)} {
		args[name] = value
	}
	entry := audit.Entry{Subject: "term", SubjectID: owner.id(), Action: "set", After: term}
	statement := `insert into term (authority_code, setting_id, academic_year, name, starts, ends, half_term_from, half_term_to, pep_cut_off, source)
		values (case when @owner_setting::bigint = 0 then @owner_authority::text end, nullif(@owner_setting::bigint, 0), @year, @name, @starts, @ends, @half_from, @half_to, @cut_off, @source)`
	if before != nil {
		entry.Action, entry.Before = "changed", before.Term()
		args["term"] = before.ID
		statement = `update term set starts = @starts, ends = @ends, half_term_from = @half_from, half_term_to = @half_to, pep_cut_off = @cut_off, source = @source where id = @term`
	}
	if err := tx.DoOne(ctx, statement, args); err != nil {
		return err
	}
	return audit.Change(ctx, tx, entry)
}

// CloseDay enters a day on which an owner is closed to pupils. It needs SetPolicy. Entered again, the
// reason is put right.
func (s *Service) CloseDay(ctx context.Context, actor access.Actor, owner Owner, day calendar.Date, reason string) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		var p fault.Problems
		reason = strings.TrimSpace(reason)
		if day.IsZero() {
			p.Add("day", "Enter the day")
		}
		if reason == "" {
			p.Add("reason", "Enter why it is closed, such as staff training")
		}
		if err := p.Err(); err != nil {
			return err
		}
		if err := owner.check(); err != nil {
			return err
		}
		args := owner.args()
		args["owner"], args["day"], args["reason"] = owner.id(), day, reason
		if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('calendar ' || @owner))`, args); err != nil {
			return err
		}
		changed, err := tx.Do(ctx, `update closed_day set reason = @reason where day = @day and `+owned, args)
		if err != nil {
			return err
		}
		if changed == 0 {
			if err := tx.DoOne(ctx, `insert into closed_day (authority_code, setting_id, day, reason)
				values (case when @owner_setting::bigint = 0 then @owner_authority::text end, nullif(@owner_setting::bigint, 0), @day, @reason)`, args); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "closed day", SubjectID: owner.id(), Action: "set", After: map[string]any{"day": day, "reason": reason}})
	})
}

// OpenDay takes a closed day away. It needs SetPolicy.
func (s *Service) OpenDay(ctx context.Context, actor access.Actor, closedDayID int64) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		of := postgres.Args{"id": closedDayID}
		before, err := postgres.Get[ClosedDay](ctx, tx, `select d.id, coalesce(d.setting_id, 0) as setting_id, coalesce(d.authority_code, '') as school, d.day, d.reason from closed_day d where id = @id for update`, of)
		if err != nil {
			return err
		}
		if err := tx.DoOne(ctx, `delete from closed_day where id = @id`, of); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "closed day", SubjectID: Owner{AuthorityCode: before.School, SettingID: before.SettingID}.id(), Action: "removed", Before: before})
	})
}
