package pep

import (
	"slices"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
)

// PlanDates is what deadlines need to know of a plan that was not cancelled.
type PlanDates struct {
	ID           int64
	Kind         Kind
	AcademicYear int
	Term         string
	State        State
	StartedOn    calendar.Date
	MeetingOn    calendar.Date
	Held         bool
	SubmittedOn  calendar.Date
	SignedOffOn  calendar.Date
	Edition      int
	ReopenedOn   calendar.Date // when this edition was begun from the one before; zero: the first edition
	SettingID    int64         // where the child was on roll when it began; 0: no school place
	Version      int
}

// Facts are what deadlines need to know of a child.
type Facts struct {
	DateOfBirth   calendar.Date
	YearOffset    int           // taught out of year
	InCareSince   calendar.Date // zero: not in care today
	ShortBreaks   bool          // only in respite care: no plan (Care Planning Regulations 2010 reg. 48)
	SchoolSince   calendar.Date // start of today's main roll; zero: no school place
	SettingID     int64         // of that roll; 0: no school place
	ChangedSchool bool          // was on another school's roll in this time in care, before that
	Pauses        []Pause       // that began or lasted in this time in care
	Plans         []PlanDates   // of this time in care, newest first, without the cancelled
}

// InScope says whether the child has a Personal Education Plan at all (R5).
func (f Facts) InScope(d Deadlines, today calendar.Date) bool {
	year := calendar.CurriculumYear(f.DateOfBirth, today) + f.YearOffset
	return !f.InCareSince.IsZero() && !f.ShortBreaks && year >= d.FirstYear && year <= d.LastYear
}

// initial is a deadline of the first plan. Its clock starts with care or, for a child too young then
// (R5), with the school year in which plans begin.
func (f Facts) initial(by func(calendar.Date, calendar.WorkingDays, Deadlines) Explanation, w calendar.WorkingDays, d Deadlines) Explanation {
	old := calendar.New(calendar.AcademicYear(f.DateOfBirth)+5+d.FirstYear-f.YearOffset, time.September, 1)
	if !old.After(f.InCareSince) {
		return by(f.InCareSince, w, d).PutOff(f.Pauses, w)
	}
	due := by(old, w, d)
	due.Because = strings.Replace(due.Because, "in care", "old enough for a plan", 1)
	return due.PutOff(f.Pauses, w)
}

// LastMeeting is the newest meeting held in this time in care.
func (f Facts) LastMeeting() calendar.Date {
	var last calendar.Date
	for _, plan := range f.Plans {
		if plan.Held {
			last = calendar.Latest(last, plan.MeetingOn)
		}
	}
	return last
}

// OpenPlan is the newest plan somebody still has to do something about.
func (f Facts) OpenPlan() (PlanDates, bool) {
	for _, plan := range f.Plans {
		if plan.State.Open() {
			return plan, true
		}
	}
	return PlanDates{}, false
}

// LeftBehind is the plan that a change of school left open at the school before: begun there, before
// the child came to this one. False when there is none.
func (f Facts) LeftBehind() (PlanDates, bool) {
	for _, plan := range f.Plans {
		if plan.State.Open() && f.SettingID != 0 && plan.SettingID != 0 && plan.SettingID != f.SettingID && plan.StartedOn.Before(f.SchoolSince) {
			return plan, true
		}
	}
	return PlanDates{}, false
}

// heldInTerm says whether the term has had its review.
func (f Facts) heldInTerm(term Term) bool {
	return slices.ContainsFunc(f.Plans, func(p PlanDates) bool {
		return p.Held && (p.AcademicYear == term.AcademicYear && p.Term == term.Name || term.Contains(p.MeetingOn))
	})
}

// Meeting is the next meeting the rules ask for, the earliest first; false when none is. Its kind
// says which plan it is for.
func (f Facts) Meeting(cal Calendar, d Deadlines, today calendar.Date) (Explanation, Kind, bool) {
	if !f.InScope(d, today) {
		return Explanation{}, "", false
	}
	last := f.LastMeeting()
	if last.IsZero() {
		return f.initial(CompleteBy, cal.Working, d), Initial, true
	}
	var next Explanation
	var kind Kind
	take := func(one Explanation, of Kind) {
		if next.IsZero() || one.Due.Before(next.Due) {
			next, kind = one, of
		}
	}
	if f.ChangedSchool && f.SchoolSince.After(last) {
		take(SchoolChangeBy(f.SchoolSince, cal.Working, d).PutOff(f.Pauses, cal.Working), Emergency)
	}
	now, after := cal.TermAt(today)
	if !now.Starts.IsZero() && !f.heldInTerm(now) {
		if due, asked := TermlyBy(now, f.InCareSince, last, f.Pauses, cal.Working, d); asked {
			take(due, Termly)
		}
	}
	if next.IsZero() && !after.Starts.IsZero() && !f.heldInTerm(after) {
		if due, asked := TermlyBy(after, f.InCareSince, last, f.Pauses, cal.Working, d); asked {
			take(due, Termly)
		}
	}
	return next, kind, !next.IsZero()
}

// signOffBy is when the plan must be signed off: after its meeting or, for a later edition, after it
// was reopened.
func (p PlanDates) signOffBy(pauses []Pause, w calendar.WorkingDays, d Deadlines) Explanation {
	if !p.ReopenedOn.IsZero() {
		return EditionBy(p.ReopenedOn, w, d).PutOff(pauses, w)
	}
	return SignOffBy(p.MeetingOn, w, d).PutOff(pauses, w)
}

// Task is what somebody must do about a plan.
type Task string

const (
	TaskStart   Task = "start"    // start a plan
	TaskMeet    Task = "meet"     // hold its meeting
	TaskFinish  Task = "finish"   // write it up and submit it
	TaskCorrect Task = "correct"  // correct and submit again
	TaskSignOff Task = "sign_off" // sign it off or return it
)

// Duty is one task with its deadline.
type Duty struct {
	Task    Task
	Kind    Kind
	PlanID  int64 // 0: to be started
	Due     Explanation
	Overdue int // working days late (R10); 0 when not
}

// Owner is whose task it is. Without a school place the social worker does what the school would; who
// initiates and convenes a plan that is not the term's own is the social worker as well.
func (d Duty) Owner(hasSchool bool) access.Role {
	school := access.School
	if !hasSchool {
		school = access.SocialWorker
	}
	switch {
	case d.Task == TaskSignOff:
		return access.Advisor
	case (d.Task == TaskStart || d.Task == TaskMeet) && d.Kind != Termly:
		return access.SocialWorker
	}
	return school
}

// Duties is what must be done about a child's plans, earliest first. What is not due before the
// next term is there as well: the reader decides how far ahead to look.
func Duties(f Facts, cal Calendar, d Deadlines, today calendar.Date) []Duty {
	var duties []Duty
	add := func(task Task, kind Kind, plan int64, due Explanation) {
		duties = append(duties, Duty{Task: task, Kind: kind, PlanID: plan, Due: due, Overdue: DaysOverdue(due.Due, false, today, cal.Working)})
	}
	waiting := false // a plan for the next meeting has been started
	meeting, kind, wanted := f.Meeting(cal, d, today)
	for _, plan := range f.Plans {
		switch {
		case plan.State.WithAdvisor():
			add(TaskSignOff, plan.Kind, plan.ID, plan.signOffBy(f.Pauses, cal.Working, d))
		case plan.State == Returned:
			add(TaskCorrect, plan.Kind, plan.ID, plan.signOffBy(f.Pauses, cal.Working, d))
		case plan.State == Draft && plan.Held:
			add(TaskFinish, plan.Kind, plan.ID, plan.signOffBy(f.Pauses, cal.Working, d))
		case plan.State == Draft && wanted && !waiting:
			waiting = true
			add(TaskMeet, plan.Kind, plan.ID, meeting)
		}
	}
	if wanted && !waiting {
		if kind == Initial {
			meeting = f.initial(InitiateBy, cal.Working, d)
		}
		add(TaskStart, kind, 0, meeting)
	}
	slices.SortStableFunc(duties, func(a, b Duty) int { return a.Due.Due.Compare(b.Due.Due) })
	return duties
}

// DueOf is the deadline of one plan's next task; false when nothing is to be done about it.
func DueOf(f Facts, planID int64, cal Calendar, d Deadlines, today calendar.Date) (Explanation, bool) {
	for _, duty := range Duties(f, cal, d, today) {
		if duty.PlanID == planID {
			return duty.Due, true
		}
	}
	return Explanation{}, false
}

// Stage is how a child or plan stands today.
type Stage string

const (
	StageNone       Stage = "none"        // no plan is asked for
	StageNotDue     Stage = "not_due"     // this term's is done
	StageDue        Stage = "due"         // asked for and not begun
	StageScheduled  Stage = "scheduled"   // the meeting has a day
	StageInProgress Stage = "in_progress" // being written
	StageSubmitted  Stage = "submitted"
	StageInQA       Stage = "in_qa"
	StageReturned   Stage = "returned"
	StageSignedOff  Stage = "signed_off"
	StageSuperseded Stage = "superseded"
	StageCancelled  Stage = "cancelled"
)

// Stages are those a list of children can be narrowed to, in the order of a plan's life.
var Stages = []Stage{StageDue, StageScheduled, StageInProgress, StageSubmitted, StageInQA, StageReturned, StageNotDue}

var stageNames = map[Stage]string{StageNone: "No plan asked for", StageNotDue: "Up to date", StageDue: "To be started", StageScheduled: "Meeting planned",
	StageInProgress: "In progress", StageSubmitted: "Submitted", StageInQA: "In quality assurance", StageReturned: "Returned", StageSignedOff: "Signed off", StageSuperseded: "Replaced", StageCancelled: "Cancelled"}

// Name is the stage on screen.
func (s Stage) Name() string { return stageNames[s] }

// WithAdvisor says whether the plan waits for the Virtual School.
func (s Stage) WithAdvisor() bool { return State(s).WithAdvisor() }

// Standing is how a child or plan stands, with what is due next.
type Standing struct {
	Stage   Stage
	PlanID  int64 // the plan that stands so; 0: none
	Due     Explanation
	Overdue int   // working days late; 0 when not
	Paused  Pause // the pause that holds today; zero: none
}

// StandingOfPlan is how one of a child's plans stands. Due is when its meeting is due.
func StandingOfPlan(f Facts, plan PlanDates, due Explanation, cal Calendar, d Deadlines, today calendar.Date) Standing {
	standing := Standing{Stage: Stage(plan.State), PlanID: plan.ID}
	standing.Paused, _ = PauseOn(f.Pauses, today)
	if !plan.State.Open() {
		return standing
	}
	standing.Due = due
	switch {
	case plan.Held:
		standing.Due = plan.signOffBy(f.Pauses, cal.Working, d)
	case plan.State == Draft && !plan.MeetingOn.IsZero() && !plan.MeetingOn.Before(today):
		standing.Stage = StageScheduled
	}
	if plan.State == Draft && standing.Stage != StageScheduled {
		standing.Stage = StageInProgress
	}
	standing.Overdue = DaysOverdue(standing.Due.Due, false, today, cal.Working)
	return standing
}

// StandingOf is how a child stands: by the plan that is open, or by what the rules ask for next.
func StandingOf(f Facts, cal Calendar, d Deadlines, today calendar.Date) Standing {
	standing := f.standing(cal, d, today)
	standing.Paused, _ = PauseOn(f.Pauses, today)
	return standing
}

func (f Facts) standing(cal Calendar, d Deadlines, today calendar.Date) Standing {
	due, _, wanted := f.Meeting(cal, d, today)
	if plan, open := f.OpenPlan(); open {
		return StandingOfPlan(f, plan, due, cal, d, today)
	}
	if !wanted {
		if len(f.Plans) > 0 && f.InScope(d, today) {
			return Standing{Stage: StageNotDue}
		}
		return Standing{Stage: StageNone}
	}
	now, _ := cal.TermAt(today)
	if due.Rule == "R9" && f.heldInTerm(now) {
		return Standing{Stage: StageNotDue, Due: due}
	}
	return Standing{Stage: StageDue, Due: due, Overdue: DaysOverdue(due.Due, false, today, cal.Working)}
}
