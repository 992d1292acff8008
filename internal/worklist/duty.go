package worklist

import (
	"cmp"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
)

// Kind is what sort of thing is to be done, for filters.
type Kind string

// The kinds of duty.
const (
	StartPEP       Kind = "start_pep"
	HoldMeeting    Kind = "hold_meeting"
	Meeting        Kind = "meeting" // one that is planned in the coming days
	WritePEP       Kind = "write_pep"
	FinishPEP      Kind = "finish_pep"
	CorrectPEP     Kind = "correct_pep"
	SignOffPEP     Kind = "sign_off_pep"
	GradePEP       Kind = "grade_pep"
	MarkAgain      Kind = "mark_again"
	AnswerWish     Kind = "answer_wish"
	KeepPromise    Kind = "keep_promise"
	ReadSuspension Kind = "read_suspension"
	ArrangeLessons Kind = "arrange_lessons"
	BoardMeets     Kind = "board_meets"
	ReviewPEP      Kind = "review_pep"
	FindSchool     Kind = "find_school"
	ReviewReduced  Kind = "review_timetable"
	CheckProvision Kind = "check_provision"
	MissingMarks   Kind = "missing_marks"
	SchoolCloses   Kind = "school_closes"
	NameAdvisor    Kind = "name_advisor"
	DecideRequest  Kind = "decide_request"
	ReturnedAsk    Kind = "returned_request"
	SendEvidence   Kind = "send_evidence"
	MissingName    Kind = "missing_name"
	MissingUPN     Kind = "missing_upn"
	CorrectUPN     Kind = "correct_upn"
	MissingTerms   Kind = "missing_terms"
	MissingHoliday Kind = "missing_holidays"
)

var kindNames = []struct {
	kind Kind
	name string
}{
	{StartPEP, "Start a PEP"}, {HoldMeeting, "Hold a PEP meeting"}, {Meeting, "PEP meetings coming up"}, {WritePEP, "Write a part of a PEP"},
	{FinishPEP, "Write up and submit a PEP"}, {CorrectPEP, "Correct a returned PEP"}, {SignOffPEP, "Sign off a PEP"},
	{GradePEP, "Grade a PEP"}, {MarkAgain, "Mark a PEP a second time"},
	{AnswerWish, "Answer what a child asked for"}, {KeepPromise, "Keep a promise to a child"},
	{ReadSuspension, "Read about a suspension"}, {ArrangeLessons, "Education while suspended"}, {BoardMeets, "Governing boards meeting"}, {ReviewPEP, "Review a PEP after a suspension"},
	{FindSchool, "Find a school place"}, {ReviewReduced, "Review a reduced timetable"}, {CheckProvision, "Check alternative provision"}, {MissingMarks, "Attendance marks that have not come"}, {SchoolCloses, "Schools closing"}, {NameAdvisor, "Name an advisor"},
	{DecideRequest, "Decide a Pupil Premium Plus request"}, {ReturnedAsk, "Answer a returned request"}, {SendEvidence, "Show what Pupil Premium Plus bought"},
	{MissingName, "Add a name"}, {MissingUPN, "Find a UPN"}, {CorrectUPN, "Correct a UPN"},
	{MissingTerms, "Enter term dates"}, {MissingHoliday, "Load bank holidays"},
}

// Kinds are all kinds, in the order a filter lists them.
func Kinds() []Kind {
	kinds := make([]Kind, len(kindNames))
	for i, one := range kindNames {
		kinds[i] = one.kind
	}
	return kinds
}

// Name is the kind in words; empty for one that is not known.
func (k Kind) Name() string {
	for _, one := range kindNames {
		if one.kind == k {
			return one.name
		}
	}
	return ""
}

// Duty is one thing somebody has to do.
type Duty struct {
	Rule    string // "R9", as the domain's list of rules numbers it; empty: no rule, only good sense
	Kind    Kind
	ChildID int64  // 0: about no one child
	Child   string // as the child is called on screen
	School  string
	Advisor int64  // the child's advisor; 0: nobody, or not known here
	What    string // "Hold the autumn PEP meeting"
	Why     string // in one line, such as whom it waits for
	Due     calendar.Date
	Since   calendar.Date // waiting since, where nothing says by when; zero: not known
	Overdue int           // working days since it was due (R10); a weekend's lateness is none yet
	Words   string        // "due Wednesday 14 October: in care since 30 September, 10 working days"
	Because string        // which rule asks for it and where the number comes from
	Href    string        // the page where it is done
	Owner   access.Role   // who does it
	late    bool
	owners  []access.Role // who sees it; the owner is one of them
	person  int64         // only this person sees it, when not 0
	not     []int64       // these people do not see it
}

// Late says whether the day it was due has passed.
func (d Duty) Late() bool { return d.late }

// overseers answer for the cohort and see what is overdue, whoever does it.
var overseers = []access.Role{access.Head, access.Deputy, access.LeadAdvisor}

// reviewed are the kinds a reviewing officer asks after at the care review, when they are overdue.
var reviewed = []Kind{StartPEP, HoldMeeting, FinishPEP, CorrectPEP, AnswerWish, KeepPromise, FindSchool, ArrangeLessons, ReviewReduced, CheckProvision}

// Concerns says whether a duty is the actor's to do or to oversee.
func (d Duty) Concerns(actor access.Actor) bool {
	switch {
	case slices.Contains(d.not, actor.ID):
		return false
	case d.person != 0:
		return d.person == actor.ID
	case slices.Contains(d.owners, actor.Role):
		return true
	case !d.Late() || d.Kind == WritePEP: // what a part is late for is late too, and is one line
		return false
	case d.Kind == MissingMarks && d.Owner == access.School: // the round of calls has them all in one
		return false
	case actor.Role == access.ReviewingOfficer:
		return slices.Contains(reviewed, d.Kind)
	}
	return slices.Contains(overseers, actor.Role)
}

// ToChase says whether a duty is overdue and waits for somebody else than the actor: what is left to do
// about it is to ask. One that is not overdue is as much the actor's as anyone's who sees it.
func (d Duty) ToChase(actor access.Actor) bool { return d.Late() && d.WaitsFor(actor) != "" }

// When is how soon a duty is due.
type When string

// The groups of a list of duties.
const (
	Overdue  When = "overdue"
	ThisWeek When = "this_week" // due in the coming seven days, or as soon as can be
	Later    When = "later"
)

// When is the group a duty stands in on a day.
func (d Duty) When(today calendar.Date) When {
	switch {
	case d.Late():
		return Overdue
	case d.Due.IsZero() || !d.Due.After(today.AddDays(7)):
		return ThisWeek
	}
	return Later
}

// sortDuties puts the longest overdue first, then what has no date but should be done now, the longest
// waiting first, then by day; names decide among equals.
func sortDuties(duties []Duty) {
	rank := func(d Duty) int {
		switch {
		case d.Late():
			return 0
		case d.Due.IsZero():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(duties, func(a, b Duty) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Due.Compare(b.Due), waiting(a).Compare(waiting(b)), cmp.Compare(a.Child, b.Child), cmp.Compare(a.ChildID, b.ChildID))
	})
}

// waiting is since when, with what has no such day after what has one.
func waiting(d Duty) calendar.Date {
	if d.Since.IsZero() {
		return calendar.New(9999, 1, 1)
	}
	return d.Since
}

// Count is how many of the duties are of a kind, or of any kind for "".
func Count(duties []Duty, kind Kind) int {
	n := 0
	for _, d := range duties {
		if kind == "" || d.Kind == kind {
			n++
		}
	}
	return n
}
