package pep

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// Service does what people do to plans. Each method is one act of one person, in one transaction,
// with its audit and, where the plan moves, its event. All fail with NotFound for a child or plan
// the actor may not see, and with Forbidden for what their role does not have.
type Service struct {
	DB        *postgres.DB
	Forms     forms.Set
	Authority string // the council's three digits, whose terms and cut-offs hold
	Gate      Gate   // nil: every submitted plan may be signed off
}

// Gate says whether a submitted plan may be signed off as it stands, or why not: one that is picked
// for quality assurance is graded first.
type Gate interface {
	MaySignOff(ctx context.Context, tx *postgres.Tx, whole Whole) error
}

// Ref is a plan of a child.
type Ref struct{ ChildID, PEPID int64 }

// StartInput is a plan to be started.
type StartInput struct {
	ChildID      int64
	Kind         Kind
	AcademicYear int    // 2026 is 2026/27
	Term         string // calendar.Autumn, Spring, Summer
	Form         string // the name of one that fits; empty: the one that is suggested
	Replaces     int64  // the plan left open at the school before, which this one replaces; 0: none
}

// Start begins a plan with a form that fits the child and the school the child is on roll at today,
// and returns its id. A child has one regular plan a term, and one of each other kind. Problems are
// about the fields "kind", "term" and "form".
func (s *Service) Start(ctx context.Context, actor access.Actor, in StartInput) (int64, error) {
	var id int64
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) (err error) {
		id, err = s.start(ctx, tx, in)
		return err
	})
	return id, err
}

func (s *Service) start(ctx context.Context, tx *postgres.Tx, in StartInput) (int64, error) {
	found, err := lockFacts(ctx, tx, in.ChildID)
	if err != nil {
		return 0, err
	}
	if err := access.Check(tx.Actor, access.StartPEP, access.Facts{}); err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, fault.Conflict("This child is not in care today, so no plan can be started.")
	}
	facts := found[0].Facts()
	if facts.ShortBreaks {
		return 0, fault.Conflict("This child is looked after only for short breaks, so there is no Personal Education Plan (Care Planning Regulations 2010 reg. 48).")
	}
	left, err := facts.replacing(in.Replaces)
	if err != nil {
		return 0, err
	}
	if err := checkStart(in, facts, tx.Today); err != nil {
		return 0, err
	}
	if left.ID != 0 {
		if err := leaveBehind(ctx, tx, Ref{in.ChildID, left.ID}, left); err != nil {
			return 0, err
		}
	}
	learner, err := loadLearner(ctx, tx, in.ChildID, in.Kind, facts)
	if err != nil {
		return 0, err
	}
	suggestion, known := s.Forms.Suggest(learner)
	if !known {
		return 0, fault.Conflict("There is no form for " + calendar.YearGroup(learner.Year) + ". Tell the Virtual School.")
	}
	form, fits := suggestion.Offers(in.Form)
	if !fits {
		return 0, fault.Invalid("form", "Choose one of the forms that fit the child now")
	}
	dates, err := setting.LoadCalendar(ctx, tx, s.Authority, 0)
	if err != nil {
		return 0, err
	}
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return 0, err
	}
	var due Explanation // a transition or closing plan has its day from what is planned, not from a rule
	if in.Kind.Regular() || in.Kind == Emergency {
		due, _, _ = facts.Meeting(CalendarOf(dates), DeadlinesOf(values), tx.Today)
	}
	plan := Plan{ChildID: in.ChildID, Kind: in.Kind, Form: form.Name, FormVersion: form.Version, AcademicYear: in.AcademicYear,
		Situation: &learner.Situation, Term: in.Term, SettingID: found[0].SettingID, Due: due}
	id, err := insertPlan(ctx, tx, plan)
	if postgres.Constraint(err) == "pep_one_a_term" {
		return 0, fault.Invalid("term", "There is already a plan of this kind for "+plan.TermLabel()+". Open that one.")
	}
	if err != nil {
		return 0, err
	}
	ref := Ref{in.ChildID, id}
	if left.ID != 0 {
		if err := writeReplacedBy(ctx, tx, Ref{in.ChildID, left.ID}, id); err != nil {
			return 0, err
		}
	}
	parts := slices.Clone(TypedParts)
	for _, section := range form.For(learner.Situation).Sections {
		parts = append(parts, Part(section.Key))
	}
	if err := insertParts(ctx, tx, ref, parts); err != nil {
		return 0, err
	}
	if err := insertEvent(ctx, tx, ref, "started", in.Kind.Name()+", "+plan.TermLabel()); err != nil {
		return 0, err
	}
	return id, audit.Change(ctx, tx, audit.Entry{ChildID: in.ChildID, Subject: "pep", SubjectID: id, Action: "started",
		After: map[string]any{"kind": in.Kind, "term": plan.TermLabel(), "form": form.Name, "form_version": form.Version, "setting": plan.SettingID}})
}

// checkStart finds what is wrong with starting this plan now.
func checkStart(in StartInput, facts Facts, today calendar.Date) error {
	var problems fault.Problems
	if in.Kind.Name() == "" {
		problems.Add("kind", "Choose what kind of plan this is")
	}
	label := calendar.Term{AcademicYear: in.AcademicYear, Name: in.Term}.Label()
	if !slices.Contains([]string{calendar.Autumn, calendar.Spring, calendar.Summer}, in.Term) {
		problems.Add("term", "Choose the term the plan is for")
	} else if away := in.AcademicYear - calendar.AcademicYear(today); away < -1 || away > 1 {
		problems.Add("term", "Choose a term of this school year or the one before or after it")
	}
	for _, plan := range facts.Plans {
		if in.Kind == Initial && plan.Kind == Initial {
			problems.Add("kind", "The initial plan of this time in care was started on "+plan.StartedOn.Words()+". Start a termly review instead.")
		}
		if in.Kind.Regular() && plan.Kind.Regular() && plan.AcademicYear == in.AcademicYear && plan.Term == in.Term {
			problems.Add("term", "There is already a plan for "+label+", started on "+plan.StartedOn.Words()+". Open that one.")
		}
		if !in.Kind.Regular() && plan.Kind == in.Kind && plan.AcademicYear == in.AcademicYear && plan.Term == in.Term && plan.State != Superseded {
			problems.Add("term", "There is already a plan of this kind for "+label+", started on "+plan.StartedOn.Words()+". Open that one.")
		}
	}
	return problems.Err()
}

// Submit hands a plan to the advisor. What is missing is listed as problems, each with its part as
// the field. Version is that of the plan the person was looking at, as for the acts below.
func (s *Service) Submit(ctx context.Context, actor access.Actor, ref Ref, version int) error {
	return s.move(ctx, actor, access.SubmitPEP, ref, version, ActSubmit, "", func(whole Whole) error { return whole.Missing().Err() })
}

// TakeIn takes a submitted plan into quality assurance, in the actor's name. Any educator may still
// sign it off or return it.
func (s *Service) TakeIn(ctx context.Context, actor access.Actor, ref Ref, version int) error {
	return s.move(ctx, actor, access.SignOffPEP, ref, version, ActTakeIn, "", nil)
}

// SignOff closes a plan that was submitted or is in quality assurance, if the Gate lets it. The
// child's signed-off plans before it are superseded.
func (s *Service) SignOff(ctx context.Context, actor access.Actor, ref Ref, version int) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if s.Gate != nil {
			whole, err := s.lockWhole(ctx, tx, ref)
			if err != nil {
				return err
			}
			if err := s.Gate.MaySignOff(ctx, tx, whole); err != nil {
				return err
			}
		}
		return s.SignOffWithin(ctx, tx, ref, version)
	})
}

// Lock holds a plan for the rest of the transaction and reads it, for whoever decides on it there.
func (s *Service) Lock(ctx context.Context, tx *postgres.Tx, ref Ref) (Whole, error) {
	return s.lockWhole(ctx, tx, ref)
}

// SignOffWithin is SignOff as part of a larger act, for whoever has graded the plan: the Gate is
// not asked.
func (s *Service) SignOffWithin(ctx context.Context, tx *postgres.Tx, ref Ref, version int) error {
	return s.moveWithin(ctx, tx, access.SignOffPEP, ref, version, ActSignOff, "", nil)
}

// Return gives such a plan back to be corrected. Problems are about the field "reason".
func (s *Service) Return(ctx context.Context, actor access.Actor, ref Ref, version int, reason string) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		return s.ReturnWithin(ctx, tx, ref, version, reason)
	})
}

// ReturnWithin is Return as part of a larger act.
func (s *Service) ReturnWithin(ctx context.Context, tx *postgres.Tx, ref Ref, version int, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.moveWithin(ctx, tx, access.SignOffPEP, ref, version, ActReturn, reason, func(Whole) error {
		return checkReason(reason, "Enter what needs correcting")
	})
}

// Cancel ends a plan that was never signed off: a duplicate, or the child left. Problems are about
// the field "reason".
func (s *Service) Cancel(ctx context.Context, actor access.Actor, ref Ref, version int, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.move(ctx, actor, access.CancelPEP, ref, version, ActCancel, reason, func(Whole) error {
		return checkReason(reason, "Enter why the plan is cancelled")
	})
}

func checkReason(reason, missing string) error {
	switch n := utf8.RuneCountInString(reason); {
	case reason == "":
		return fault.Invalid("reason", missing)
	case n > ReasonsMax:
		return fault.Invalid("reason", fmt.Sprintf("The reason must be %d characters or fewer. It is %d.", ReasonsMax, n))
	case strings.ContainsRune(reason, 0):
		return fault.Invalid("reason", "The reason has a character that cannot be used. Type it again without it.")
	}
	return nil
}

func (s *Service) move(ctx context.Context, actor access.Actor, action access.Action, ref Ref, version int, act Act, words string, check func(Whole) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		return s.moveWithin(ctx, tx, action, ref, version, act, words, check)
	})
}

func (s *Service) moveWithin(ctx context.Context, tx *postgres.Tx, action access.Action, ref Ref, version int, act Act, words string, check func(Whole) error) error {
	whole, err := s.lockWhole(ctx, tx, ref)
	if err != nil {
		return err
	}
	if err := access.Check(tx.Actor, action, access.Facts{}); err != nil {
		return err
	}
	to, err := whole.Plan.State.Move(act)
	if err != nil {
		return err
	}
	if version != whole.Plan.Version {
		return fault.Conflict("This plan has moved on since you opened it. Look at it again before you decide.")
	}
	if check != nil {
		if err := check(whole); err != nil {
			return err
		}
	}
	if err := writeMove(ctx, tx, ref, whole.Plan.State, to, version, words); err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, ref, string(act), words); err != nil {
		return err
	}
	if err := audit.Change(ctx, tx, moved(ref, whole.Plan.State, to, words)); err != nil {
		return err
	}
	if act == ActSignOff {
		return supersede(ctx, tx, ref.ChildID)
	}
	return nil
}

var moveNames = map[State]string{Submitted: "submitted", InQA: "taken into quality assurance", Returned: "returned", SignedOff: "signed off",
	Superseded: "superseded", Cancelled: "cancelled"}

func moved(ref Ref, from, to State, words string) audit.Entry {
	after := map[string]any{"state": to}
	if words != "" {
		after["reason"] = words
	}
	return audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: moveNames[to],
		Before: map[string]any{"state": from}, After: after}
}

// supersede leaves the child one signed-off plan: the one whose meeting was last.
func supersede(ctx context.Context, tx *postgres.Tx, childID int64) error {
	replaced, err := writeSuperseded(ctx, tx, childID)
	if err != nil {
		return err
	}
	for _, id := range replaced {
		ref := Ref{childID, id}
		if err := insertEvent(ctx, tx, ref, string(ActSupersede), ""); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, moved(ref, SignedOff, Superseded, "")); err != nil {
			return err
		}
	}
	return nil
}

// FinishAction says that an agreed action was done, in a plan of any state. Problems are about the
// fields "action" and "done".
func (s *Service) FinishAction(ctx context.Context, actor access.Actor, ref Ref, actionID int64, doneOn calendar.Date) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		whole, err := s.lockWhole(ctx, tx, ref)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.HoldMeeting, access.Facts{}); err != nil {
			return err
		}
		at := slices.IndexFunc(whole.Actions, func(a Action) bool { return a.ID == actionID })
		switch {
		case actionID == 0:
			return fault.Invalid("action", "Choose the action that was done. Go back to the plan and press “Done today” beside it.")
		case at < 0:
			return fault.NotFound()
		case !whole.Actions[at].DoneOn.IsZero():
			return fault.Conflict("This action was already done on " + whole.Actions[at].DoneOn.Words() + ".")
		case doneOn.IsZero():
			return fault.Invalid("done", "Enter the day it was done")
		case doneOn.After(tx.Today):
			return fault.Invalid("done", "The day it was done cannot be in the future")
		case doneOn.Before(whole.CareStart):
			return fault.Invalid("done", "The day it was done must be after coming into care on "+whole.CareStart.Words())
		}
		if err := writeDone(ctx, tx, ref, actionID, doneOn); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: ref.ChildID, Subject: "pep", SubjectID: ref.PEPID, Action: "finished an action",
			After: map[string]any{"action": whole.Actions[at].What, "done_on": doneOn}})
	})
}
