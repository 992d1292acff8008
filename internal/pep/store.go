package pep

import (
	"context"
	"fmt"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

// wholeRow is a plan with all its parts as one row: one statement, however full the plan.
type wholeRow struct {
	ID, ChildID                     int64
	Kind                            Kind
	Form                            string
	FormVersion, AcademicYear       int
	SchoolYear                      *int
	Circumstances                   []forms.Circumstance
	Term                            string
	SettingID                       int64
	Setting                         string
	State                           State
	DueOn, DueSince                 calendar.Date
	DueRule, DueBecause             string
	MeetingOn, NextMeetingOn        calendar.Date
	MeetingHeld                     bool
	VoiceWords, VoiceHow, VoiceWith string
	VoiceOn                         calendar.Date
	StartedBy                       string
	StartedAt                       time.Time
	SubmittedBy, QABy, SignedOffBy  string
	SubmittedAt, QAAt               *time.Time
	ReturnedAt, SignedOffAt         *time.Time
	ReturnReason, CancelReason      string
	Version                         int
	Edition                         int
	ReopenedFrom, ReopenedAs        int64
	ReplacedBy, Replaces            int64
	ReopenReason                    string
	CareStart                       calendar.Date
	Parts                           []PartRow
	Answers                         []AnswerRow
	Attendees                       []Attendee
	Targets                         []Target
	Reviews                         []Review
	Actions                         []Action
	Events                          []Event
	Last                            *LastPlan
	Related                         bool
	Invited                         []string
}

// Rows within a row are arrays of records, which are read far faster than JSON: the fields of Target,
// PartRow and so on in their order.
const targetRow = `(t.id, t.area, t.what, t.measure, t.baseline, t.owner, t.resource, t.due_on, coalesce(t.carried_from, 0))`

const wholeSQL = `select p.id, p.child_id, p.kind, p.form, p.form_version, p.academic_year, p.term, p.school_year, p.circumstances,
	coalesce(p.setting_id, 0) as setting_id, coalesce(s.name, '') as setting, p.state,
	p.due_on, p.due_since, coalesce(p.due_rule, '') as due_rule, coalesce(p.due_because, '') as due_because,
	p.meeting_on, p.next_meeting_on, p.meeting_held,
	coalesce(p.voice_words, '') as voice_words, coalesce(p.voice_how, '') as voice_how, coalesce(p.voice_with, '') as voice_with, p.voice_on,
	(select name from account where id = p.started_by) as started_by, p.started_at,
	coalesce((select name from account where id = p.submitted_by), '') as submitted_by, p.submitted_at, p.returned_at,
	coalesce((select name from account where id = p.qa_by), '') as qa_by, p.qa_at,
	coalesce((select name from account where id = p.signed_off_by), '') as signed_off_by, p.signed_off_at,
	coalesce(p.return_reason, '') as return_reason, coalesce(p.cancel_reason, '') as cancel_reason, p.version,
	p.edition, coalesce(p.reopened_from, 0) as reopened_from, coalesce(p.reopen_reason, '') as reopen_reason, coalesce(p.replaced_by, 0) as replaced_by,
	coalesce((select max(n.id) from pep n where n.child_id = p.child_id and n.reopened_from = p.id and n.state <> 'cancelled'), 0) as reopened_as,
	coalesce((select max(o.id) from pep o where o.child_id = p.child_id and o.replaced_by = p.id), 0) as replaces,
	(select max(lower(c.period)) from care_period c
		where c.child_id = p.child_id and lower(c.period) <= (p.started_at at time zone 'Europe/London')::date) as care_start,
	(select array_agg((x.section, x.state, coalesce(sa.name, ''), x.saved_at, coalesce(co.name, ''), x.completed_at, x.version))
		from pep_section x left join account sa on sa.id = x.saved_by left join account co on co.id = x.completed_by
		where x.pep_id = p.id) as parts,
	(select array_agg((x.section, x.question, x.value, x.source, x.as_at, a.name, x.answered_at, coalesce(c.name, ''), x.confirmed_at))
		from pep_answer x join account a on a.id = x.answered_by left join account c on c.id = x.confirmed_by where x.pep_id = p.id) as answers,
	(select array_agg((x.name, x.part, x.present) order by x.position) from pep_attendee x where x.pep_id = p.id) as attendees,
	(select array_agg(` + targetRow + ` order by t.position) from pep_target t where t.pep_id = p.id) as targets,
	(select array_agg((x.target_id, x.outcome, x.note) order by x.target_id) from pep_target_review x where x.pep_id = p.id) as reviews,
	(select array_agg((x.id, x.what, x.owner, x.due_on, x.done_on) order by x.position) from pep_action x where x.pep_id = p.id) as actions,
	(select array_agg((x.event, x.words, a.name, x.at) order by x.at, x.id) from pep_event x join account a on a.id = x.account_id where x.pep_id = p.id) as events,
	(select (q.id, q.academic_year, q.term, q.meeting_on, (select array_agg(` + targetRow + ` order by t.position) from pep_target t where t.pep_id = q.id))
		from pep q where q.child_id = p.child_id and coalesce(q.edition_of, q.id) <> coalesce(p.edition_of, p.id)
			and q.started_at <= (select f.started_at from pep f where f.id = coalesce(p.edition_of, p.id)) and q.state in ('signed_off', 'superseded')
		order by q.meeting_on desc, q.id desc limit 1) as last,
	exists (select from child where id = p.child_id) as related, ` + postgres.Invited + ` as invited
	from pep p left join setting s on s.id = p.setting_id
	where p.id = @pep and p.child_id = @child`

// whole makes the plan with the form it began with.
func (row wholeRow) whole(set forms.Set) Whole {
	form, _ := set.Form(row.Form, row.FormVersion)
	var situation *forms.Situation
	if row.SchoolYear != nil {
		situation = &forms.Situation{Kind: string(row.Kind), Year: *row.SchoolYear, Circumstances: row.Circumstances}
		form = form.For(*situation)
	}
	whole := Whole{
		Plan: Plan{
			ID: row.ID, ChildID: row.ChildID, Kind: row.Kind, Form: row.Form, FormVersion: row.FormVersion, Situation: situation,
			AcademicYear: row.AcademicYear, Term: row.Term, SettingID: row.SettingID, Setting: row.Setting, State: row.State,
			Due:       Explanation{Rule: row.DueRule, Due: row.DueOn, Since: row.DueSince, Because: row.DueBecause},
			MeetingOn: row.MeetingOn, MeetingHeld: row.MeetingHeld, NextMeetingOn: row.NextMeetingOn,
			Voice:     Voice{Words: row.VoiceWords, How: row.VoiceHow, On: row.VoiceOn, With: row.VoiceWith},
			StartedBy: row.StartedBy, StartedAt: row.StartedAt, SubmittedBy: row.SubmittedBy, SubmittedAt: row.SubmittedAt,
			QABy: row.QABy, QAAt: row.QAAt,
			ReturnedAt: row.ReturnedAt, ReturnReason: row.ReturnReason, SignedOffBy: row.SignedOffBy, SignedOffAt: row.SignedOffAt,
			CancelReason: row.CancelReason, Version: row.Version,
			Edition: row.Edition, ReopenedFrom: row.ReopenedFrom, ReopenReason: row.ReopenReason, ReopenedAs: row.ReopenedAs,
			ReplacedBy: row.ReplacedBy, Replaces: row.Replaces,
		},
		Form: form, CareStart: row.CareStart, Parts: row.Parts, Answers: row.Answers, Attendees: row.Attendees, Targets: row.Targets,
		Reviews: row.Reviews, Actions: row.Actions, Events: row.Events, Last: row.Last, Related: row.Related, Invited: row.Invited,
	}
	if !whole.Related {
		return whole.glimpsed()
	}
	return whole
}

// lockWhole holds a plan for the rest of the transaction and reads it. For somebody who is only invited
// to a section of it, the plan is not there.
func (s *Service) lockWhole(ctx context.Context, tx *postgres.Tx, ref Ref) (Whole, error) {
	whole, err := s.lockGlimpsed(ctx, tx, ref)
	if err == nil && !whole.Related {
		return Whole{}, fault.NotFound()
	}
	return whole, err
}

// lockGlimpsed is lockWhole for what an invited person does too; they find their section and no more.
func (s *Service) lockGlimpsed(ctx context.Context, tx *postgres.Tx, ref Ref) (Whole, error) {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID}
	if _, err := postgres.GetValue[int64](ctx, tx, `select id from pep where id = @pep and child_id = @child for update`, args); err != nil {
		return Whole{}, err
	}
	return s.readWhole(ctx, tx, ref)
}

// readWhole reads a plan as it is at this moment, for what does not change the plan itself.
func (s *Service) readWhole(ctx context.Context, tx *postgres.Tx, ref Ref) (Whole, error) {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID}
	row, err := postgres.Get[wholeRow](ctx, tx, wholeSQL, args)
	if err != nil {
		return Whole{}, err
	}
	whole := row.whole(s.Forms)
	if len(whole.Form.Sections) == 0 {
		return whole, fmt.Errorf("plan %d was begun with form %s version %d, which is not among the forms", ref.PEPID, row.Form, row.FormVersion)
	}
	return whole, nil
}

func insertEvent(ctx context.Context, tx *postgres.Tx, ref Ref, event, words string) error {
	_, err := tx.Do(ctx, `insert into pep_event (pep_id, child_id, event, words, account_id, at) values (@pep, @child, @event, @words, @by, @now)`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "event": event, "words": words, "by": tx.Actor.ID})
	return err
}

func insertPlan(ctx context.Context, tx *postgres.Tx, plan Plan) (int64, error) {
	var year *int
	circumstances := []forms.Circumstance{}
	if plan.Situation != nil {
		year, circumstances = &plan.Situation.Year, plan.Situation.Circumstances
	}
	return postgres.GetValue[int64](ctx, tx, `insert into pep (child_id, kind, form, form_version, academic_year, term, setting_id,
			due_on, due_rule, due_since, due_because, started_by, started_at, school_year, circumstances)
		values (@child, @kind, @form, @form_version, @year, @term, nullif(@setting::bigint, 0),
			@due::date, nullif(@rule, ''), @since::date, nullif(@because, ''), @by, @now,
			@school_year, @circumstances)
		returning id`,
		postgres.Args{"child": plan.ChildID, "kind": plan.Kind, "form": plan.Form, "form_version": plan.FormVersion, "year": plan.AcademicYear,
			"term": plan.Term, "setting": plan.SettingID, "due": plan.Due.Due, "rule": plan.Due.Rule, "since": plan.Due.Since,
			"because": plan.Due.Reason(), "by": tx.Actor.ID, "school_year": year, "circumstances": circumstances})
}

func insertParts(ctx context.Context, tx *postgres.Tx, ref Ref, parts []Part) error {
	_, err := tx.Do(ctx, `insert into pep_section (pep_id, child_id, section) select @pep, @child, unnest(@parts::text[])`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "parts": parts})
	return err
}

// touchPart raises a part's version; nobody else can have done so since the plan was locked.
func touchPart(ctx context.Context, tx *postgres.Tx, ref Ref, part Part, version int, complete bool) error {
	return tx.DoOne(ctx, `insert into pep_section as s (pep_id, child_id, section, version, saved_by, saved_at, state, completed_by, completed_at)
		values (@pep, @child, @part, @version::int + 1, @by, @now, case when @complete then 'complete' else 'open' end,
			case when @complete then @by::bigint end, case when @complete then @now::timestamptz end)
		on conflict (pep_id, section) do update set version = excluded.version, saved_by = excluded.saved_by, saved_at = excluded.saved_at,
			state = excluded.state, completed_by = excluded.completed_by, completed_at = excluded.completed_at
		where s.version = @version::int`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "part": part, "version": version, "complete": complete, "by": tx.Actor.ID})
}

// answerChange is a new or changed answer.
type answerChange struct {
	Question string        `json:"question"`
	Value    forms.Answer  `json:"value"`
	Source   string        `json:"source"`
	AsAt     calendar.Date `json:"as_at"`
	// Confirmed: the actor said of a fact, or of last term's answer, that it holds.
	Confirmed bool `json:"confirmed"`
}

func writeAnswers(ctx context.Context, tx *postgres.Tx, ref Ref, section string, changed []answerChange, emptied []string) error {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "section": section, "changed": changed, "emptied": emptied, "by": tx.Actor.ID}
	if len(changed) > 0 {
		if _, err := tx.Do(ctx, `insert into pep_answer (pep_id, child_id, section, question, value, source, as_at, answered_by, answered_at, confirmed_by, confirmed_at)
			select @pep, @child, @section, x.question, x.value, x.source, nullif(x.as_at, '')::date, @by, @now,
				case when x.confirmed then @by::bigint end, case when x.confirmed then @now::timestamptz end
			from jsonb_to_recordset(@changed::jsonb) x (question text, value jsonb, source text, as_at text, confirmed boolean)
			on conflict (pep_id, question) do update set value = excluded.value, source = excluded.source, as_at = excluded.as_at,
				answered_by = excluded.answered_by, answered_at = excluded.answered_at, confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at`, args); err != nil {
			return err
		}
	}
	if len(emptied) > 0 {
		if _, err := tx.Do(ctx, `delete from pep_answer where pep_id = @pep and section = @section and question = any(@emptied)`, args); err != nil {
			return err
		}
	}
	return nil
}

func writeVoice(ctx context.Context, tx *postgres.Tx, ref Ref, v Voice) error {
	return tx.DoOne(ctx, `update pep set voice_words = nullif(@words, ''), voice_how = nullif(@how, ''), voice_on = @on::date, voice_with = nullif(@with, '')
		where id = @pep and child_id = @child`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "words": v.Words, "how": v.How, "on": v.On, "with": v.With})
}

func writeMeeting(ctx context.Context, tx *postgres.Tx, ref Ref, m Meeting) error {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "on": m.On, "held": m.Held, "next": m.Next, "attendees": m.Attendees}
	if err := tx.DoOne(ctx, `update pep set meeting_on = @on::date, meeting_held = @held, next_meeting_on = @next::date
		where id = @pep and child_id = @child`, args); err != nil {
		return err
	}
	if _, err := tx.Do(ctx, `delete from pep_attendee where pep_id = @pep`, args); err != nil {
		return err
	}
	if len(m.Attendees) == 0 {
		return nil
	}
	_, err := tx.Do(ctx, `insert into pep_attendee (pep_id, child_id, position, name, part, present)
		select @pep, @child, n, x->>'name', x->>'part', (x->>'present')::boolean
		from jsonb_array_elements(@attendees::jsonb) with ordinality e (x, n)`, args)
	return err
}

// writeTargets leaves exactly these targets. A target that stays keeps its number, because money
// may have been asked for it.
func writeTargets(ctx context.Context, tx *postgres.Tx, ref Ref, targets []Target) error {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "targets": targets}
	if targets == nil {
		args["targets"] = []Target{}
	}
	for _, sql := range []string{
		`delete from pep_target where pep_id = @pep and id not in (select (x->>'id')::bigint from jsonb_array_elements(@targets::jsonb) x)`,
		`update pep_target set position = -position where pep_id = @pep`,
		`update pep_target t set position = n, area = x->>'area', what = x->>'what', measure = x->>'measure', baseline = x->>'baseline',
				owner = x->>'owner', resource = x->>'resource', due_on = nullif(x->>'due_on', '')::date, carried_from = nullif((x->>'carried_from')::bigint, 0)
			from jsonb_array_elements(@targets::jsonb) with ordinality e (x, n) where t.pep_id = @pep and t.id = (x->>'id')::bigint`,
		`insert into pep_target (pep_id, child_id, position, area, what, measure, baseline, owner, resource, due_on, carried_from)
			select @pep, @child, n, x->>'area', x->>'what', x->>'measure', x->>'baseline', x->>'owner', x->>'resource',
				nullif(x->>'due_on', '')::date, nullif((x->>'carried_from')::bigint, 0)
			from jsonb_array_elements(@targets::jsonb) with ordinality e (x, n) where (x->>'id')::bigint = 0`,
	} {
		if _, err := tx.Do(ctx, sql, args); err != nil {
			return err
		}
	}
	return nil
}

func writeReviews(ctx context.Context, tx *postgres.Tx, ref Ref, reviews []Review) error {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "reviews": reviews, "by": tx.Actor.ID}
	if _, err := tx.Do(ctx, `delete from pep_target_review where pep_id = @pep`, args); err != nil || len(reviews) == 0 {
		return err
	}
	_, err := tx.Do(ctx, `insert into pep_target_review (pep_id, child_id, target_id, outcome, note, reviewed_by, reviewed_at)
		select @pep, @child, (x->>'target_id')::bigint, x->>'outcome', x->>'note', @by, @now from jsonb_array_elements(@reviews::jsonb) x`, args)
	return err
}

// writeActions leaves exactly these actions; one that stays keeps its number and whether it was done.
func writeActions(ctx context.Context, tx *postgres.Tx, ref Ref, actions []Action) error {
	args := postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "actions": actions}
	if actions == nil {
		args["actions"] = []Action{}
	}
	for _, sql := range []string{
		`delete from pep_action where pep_id = @pep and id not in (select (x->>'id')::bigint from jsonb_array_elements(@actions::jsonb) x)`,
		`update pep_action set position = -position where pep_id = @pep`,
		`update pep_action a set position = n, what = x->>'what', owner = x->>'owner', due_on = (x->>'due_on')::date
			from jsonb_array_elements(@actions::jsonb) with ordinality e (x, n) where a.pep_id = @pep and a.id = (x->>'id')::bigint`,
		`insert into pep_action (pep_id, child_id, position, what, owner, due_on)
			select @pep, @child, n, x->>'what', x->>'owner', (x->>'due_on')::date
			from jsonb_array_elements(@actions::jsonb) with ordinality e (x, n) where (x->>'id')::bigint = 0`,
	} {
		if _, err := tx.Do(ctx, sql, args); err != nil {
			return err
		}
	}
	return nil
}

// writeMove moves a plan on, guarded by the state and version it leaves.
func writeMove(ctx context.Context, tx *postgres.Tx, ref Ref, from, to State, version int, words string) error {
	return tx.DoOne(ctx, `update pep set state = @to, version = version + 1,
			submitted_by = case when @to = 'submitted' then @by else submitted_by end,
			submitted_at = case when @to = 'submitted' then @now else submitted_at end,
			qa_by = case when @to = 'in_qa' then @by when @to = 'submitted' then null else qa_by end,
			qa_at = case when @to = 'in_qa' then @now when @to = 'submitted' then null else qa_at end,
			returned_at = case when @to = 'returned' then @now else returned_at end,
			return_reason = case when @to = 'returned' then @words else return_reason end,
			signed_off_by = case when @to = 'signed_off' then @by else signed_off_by end,
			signed_off_at = case when @to = 'signed_off' then @now else signed_off_at end,
			cancel_reason = case when @to = 'cancelled' then @words end
		where id = @pep and child_id = @child and state = @from and version = @version`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "from": from, "to": to, "version": version, "words": words, "by": tx.Actor.ID})
}

// writeSuperseded supersedes all signed-off plans of a child but the one whose meeting was last, and
// an earlier edition before a later one.
func writeSuperseded(ctx context.Context, tx *postgres.Tx, childID int64) ([]int64, error) {
	return postgres.ListValues[int64](ctx, tx, `update pep set state = 'superseded', version = version + 1
		where child_id = @child and state = 'signed_off' and id <> (select p.id from pep p
			where p.child_id = @child and p.state = 'signed_off' and not exists (select from pep n where n.reopened_from = p.id and n.state = 'signed_off')
			order by p.meeting_on desc, p.id desc limit 1)
		returning id`, postgres.Args{"child": childID})
}

func writeDone(ctx context.Context, tx *postgres.Tx, ref Ref, actionID int64, doneOn calendar.Date) error {
	return tx.DoOne(ctx, `update pep_action set done_on = @done::date where id = @action and pep_id = @pep and done_on is null`,
		postgres.Args{"action": actionID, "pep": ref.PEPID, "done": doneOn})
}
