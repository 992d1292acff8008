package access

import (
	"slices"

	"virtualschool/internal/fault"
	"virtualschool/internal/money"
)

// Action is one thing a person does.
type Action string

const (
	UseOwnAccount Action = "use_own_account"
	SeeRoles      Action = "see_roles"
	ChangeFactors Action = "change_factors"

	SeeChildren       Action = "see_children"
	ExportChildren    Action = "export_children"
	SeeChild          Action = "see_child"
	AddChild          Action = "add_child"
	EditChild         Action = "edit_child"
	ChangeRoll        Action = "change_roll"
	ChangeAllocation  Action = "change_allocation"
	RestrictChild     Action = "restrict_child"
	BreakGlass        Action = "break_glass"
	ReviewBreakGlass  Action = "review_break_glass"
	SeeAccessRequests Action = "see_access_requests"
	AskAccess         Action = "ask_access"
	DecideAccess      Action = "decide_access"
	WriteNote         Action = "write_note"
	SeeNotes          Action = "see_notes"
	SeeCareHistory    Action = "see_care_history"
	SeeLooks          Action = "see_looks"

	SeePEP          Action = "see_pep"
	SeeSection      Action = "see_section"
	InviteColleague Action = "invite_colleague"
	StartPEP        Action = "start_pep"
	WritePEP        Action = "write_pep"
	HoldMeeting     Action = "hold_meeting"
	SubmitPEP       Action = "submit_pep"
	SignOffPEP      Action = "sign_off_pep"
	CancelPEP       Action = "cancel_pep"
	ReviewQuality   Action = "review_quality"
	SecondMark      Action = "second_mark"
	ModerateQuality Action = "moderate_quality"
	SeeWishes       Action = "see_wishes"
	RecordWish      Action = "record_wish"
	AnswerWish      Action = "answer_wish"
	GiveVoiceLink   Action = "give_voice_link"
	SeePremium      Action = "see_premium"
	AskPremium      Action = "ask_premium"
	DecidePremium   Action = "decide_premium"
	LimitPremium    Action = "limit_premium"
	NameStandIn     Action = "name_stand_in"
	SetPremium      Action = "set_premium"
	ClosePremium    Action = "close_premium"
	SeePremiumMoney Action = "see_premium_money"
	PayPremium      Action = "pay_premium"
	GiveEvidence    Action = "give_evidence"
	SeeRemittances  Action = "see_remittances"
	Reconcile       Action = "reconcile_premium"
	SeePremiumWorth Action = "see_premium_worth"
	ReportPremium   Action = "report_premium"
	ReopenPEP       Action = "reopen_pep"
	PausePEP        Action = "pause_pep"
	RemindPEP       Action = "remind_pep"
	SeeCompletion   Action = "see_completion"
	ExportPEPs      Action = "export_peps"

	SeeAttendance     Action = "see_attendance"
	CompareAttendance Action = "compare_attendance"

	RecordAttendance Action = "record_attendance"
	MakeCalls        Action = "make_calls"
	TakeBackMarks    Action = "take_back_marks"
	CheckCensus      Action = "check_census"
	RecordSuspension Action = "record_suspension"
	ReadSuspension   Action = "read_suspension"
	RecordTimetable  Action = "record_timetable"
	RecordProvision  Action = "record_provision"
	SeeRegisters     Action = "see_registers"
	ExportRegisters  Action = "export_registers"

	SeePlaceSearch    Action = "see_place_search"
	RecordPlaceSearch Action = "record_place_search"
	SeeLostDays       Action = "see_lost_days"

	SeeSuspensions    Action = "see_suspensions"
	ExportSuspensions Action = "export_suspensions"
	SeeExclusionRisk  Action = "see_exclusion_risk"
	ChallengeRisk     Action = "challenge_risk"

	ImportFiles    Action = "import_files"
	SendMarks      Action = "send_marks"
	ManageAccounts Action = "manage_accounts"
	SetPolicy      Action = "set_policy"

	SeeAudit      Action = "see_audit"
	ExportAudit   Action = "export_audit"
	ReviewLooking Action = "review_looking"

	HandleSubjectAccess  Action = "handle_subject_access"
	ReleaseSubjectAccess Action = "release_subject_access"
	FetchSubjectAccess   Action = "fetch_subject_access"
	HearCorrection       Action = "hear_correction"
	DecideCorrection     Action = "decide_correction"
	DecideRetention      Action = "decide_retention"
	DeleteRecord         Action = "delete_record"
)

// Facts are what some actions ask beside the role. Services fill them from locked rows.
type Facts struct {
	AskedBy       int64       // who made the request, or broke the glass, that is now being decided about
	Amount        money.Pence // what would be granted
	Limited       bool        // the actor grants up to Limit alone; else any sum
	Limit         money.Pence // the most the actor may grant alone: a limit of their own, or their role's
	SectionOwners []Role      // whose the section of the plan is
	Invited       bool        // the actor was asked to write the section, and may today
	SubmittedBy   int64       // who handed in the plan now being graded
	FirstMarker   int64       // who graded it first
	For           int64       // for whom a stand-in is named; whose looking is reviewed
	SentBy        int64       // who sent the marks now being taken back
	PreparedBy    int64       // who prepared the copy of a record now being released
}

// Rule is one line of the table.
type Rule struct {
	Action Action
	Does   string // for the page "Roles and permissions"
	Roles  []Role
	Lent   bool   // who stands in for somebody with one of the roles has it too
	Beside string // the condition, in words
	holds  func(Actor, Facts) error
}

var (
	everyone  = slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return r == Colleague }) // who works with children by their post
	team      = []Role{Head, Deputy, LeadAdvisor, Advisor, SupportAdvisor}
	leaders   = []Role{Head, Deputy, LeadAdvisor}
	educators = []Role{Head, Deputy, LeadAdvisor, Advisor}
	deciders  = []Role{Head, Deputy} // who decides about money, and may name a stand-in
)

func with(roles []Role, more ...Role) []Role { return append(slices.Clone(roles), more...) }

// Rules is the table of who may do what. A school, social worker or reviewing officer does it only
// for children they are related to: the database shows them no others.
var Rules = []Rule{
	{Action: UseOwnAccount, Does: "Use their own account and home page", Roles: Roles},
	{Action: ChangeFactors, Does: "Add and remove their own second factors", Roles: Roles},
	{Action: SeeRoles, Does: "See this page", Roles: everyone},

	{Action: SeeChildren, Does: "List and find children they work with", Roles: everyone},
	{Action: ExportChildren, Does: "Download the list of children", Roles: with(team, DataOfficer)},
	{Action: SeeChild, Does: "Open a child's record", Roles: everyone},
	{Action: AddChild, Does: "Add a child who has come into care, and end care", Roles: with(leaders, DataOfficer)},
	{Action: EditChild, Does: "Correct names, dates and identifiers", Roles: with(team, DataOfficer)},
	{Action: ChangeRoll, Does: "Change a child's school", Roles: with(team, DataOfficer)},
	{Action: ChangeAllocation, Does: "Change who works with a child", Roles: with(leaders, DataOfficer)},
	{Action: RestrictChild, Does: "Restrict a record, or block a person from it", Roles: []Role{Head, Deputy}},
	{Action: BreakGlass, Does: "Open a restricted record that does not name them, for an hour and with a reason", Roles: educators,
		Beside: "only a child they know by UPN, or by exact name and date of birth; the head is told"},
	{Action: ReviewBreakGlass, Does: "Say whether opening a restricted record was justified", Roles: deciders, Beside: "never their own opening", holds: notOwnOpening},
	{Action: SeeAccessRequests, Does: "See requests for access: their own, or those they decide about", Roles: with(leaders, DataOfficer, SocialWorker, ReviewingOfficer, School)},
	{Action: AskAccess, Does: "Ask for a child they should have and do not find", Roles: []Role{SocialWorker, ReviewingOfficer, School},
		Beside: "they are never told whether there is such a child"},
	{Action: DecideAccess, Does: "Decide about requests for access, among the children they see", Roles: with(leaders, DataOfficer)},
	{Action: WriteNote, Does: "Write on a child's timeline", Roles: with(team, SocialWorker)},
	{Action: SeeNotes, Does: "Read notes on a child's timeline", Roles: with(team, SocialWorker, ReviewingOfficer)},
	{Action: SeeCareHistory, Does: "See legal status, placements and care reviews", Roles: with(educators, DataOfficer, SocialWorker, ReviewingOfficer)},
	{Action: SeeLooks, Does: "See who looked at a child and who changed what", Roles: leaders},

	{Action: SeePEP, Does: "Read Personal Education Plans", Roles: with(team, SocialWorker, ReviewingOfficer, School)},
	{Action: SeeSection, Does: "Read one section of a plan", Roles: with(team, SocialWorker, ReviewingOfficer, School, Colleague),
		Beside: "an invited colleague only the section they were asked to write, until the day they were given"},
	{Action: StartPEP, Does: "Start a plan", Roles: with(team, SocialWorker, School)},
	{Action: WritePEP, Does: "Write a section of a plan", Roles: with(team, SocialWorker, School, Colleague),
		Beside: "only a section that is theirs or that they were invited to; advisors write any", holds: ownSection},
	{Action: InviteColleague, Does: "Invite a colleague to write a section of a plan", Roles: with(team, SocialWorker, School),
		Beside: "only to a section they write themselves by their post", holds: ownSection},
	{Action: HoldMeeting, Does: "Record a PEP meeting, targets and actions", Roles: with(team, SocialWorker, School)},
	{Action: SubmitPEP, Does: "Submit a plan", Roles: with(team, School)},
	{Action: SignOffPEP, Does: "Sign off or return a submitted plan", Roles: educators},
	{Action: CancelPEP, Does: "Cancel a plan", Roles: educators},
	{Action: ReviewQuality, Does: "Grade a submitted plan, and see the figures of quality assurance", Roles: educators,
		Beside: "never a plan they submitted", holds: notOwnPlan},
	{Action: SecondMark, Does: "Mark a graded plan a second time, without knowing the first grade", Roles: educators,
		Beside: "never a plan they submitted or graded first", holds: notFirstMarker},
	{Action: ModerateQuality, Does: "Record what two markers who differ agreed, or set a second marking aside", Roles: leaders},
	{Action: ReopenPEP, Does: "Reopen a signed-off plan as a new edition", Roles: educators},
	{Action: PausePEP, Does: "Pause a child's plan deadlines, and end the pause", Roles: educators},
	{Action: RemindPEP, Does: "Remind people of plans that wait for them", Roles: team},
	{Action: ExportPEPs, Does: "Download the list of plans", Roles: team},
	{Action: SeeCompletion, Does: "See how many plans are signed off, by term and group", Roles: with(team, DataOfficer)},

	{Action: SeeWishes, Does: "See what children asked for and what came of it", Roles: with(team, SocialWorker, ReviewingOfficer, School),
		Beside: "a child may keep their words to their social worker and the Virtual School"},
	{Action: RecordWish, Does: "Write down what a child asked for", Roles: with(team, SocialWorker, School)},
	{Action: AnswerWish, Does: "Answer a child's wish, and say when the child was told", Roles: with(team, SocialWorker, School)},
	{Action: GiveVoiceLink, Does: "Give a young person a link to a page of their own", Roles: with(team, SocialWorker, School)},

	{Action: SeePremium, Does: "See Pupil Premium Plus asked for and spent on a child", Roles: with(team, School)},
	{Action: AskPremium, Does: "Ask for Pupil Premium Plus", Roles: with(educators, School)},
	{Action: DecidePremium, Does: "Approve, part-approve, return or refuse a request, or send it to a panel", Roles: []Role{Head, Deputy}, Lent: true,
		Beside: "never their own request; within their own limit, or the deputy's; so may an advisor whom they name to stand in while they are away", holds: mayDecide},
	{Action: LimitPremium, Does: "Give a decider a limit of their own", Roles: []Role{Head}, Beside: "never themselves"},
	{Action: NameStandIn, Does: "Name who decides in their place while they are away", Roles: []Role{Head, Deputy}, Beside: "the head for the deputy too", holds: forThemselves},
	{Action: SeePremiumMoney, Does: "See the money of the grants by financial year", Roles: with(leaders, SupportAdvisor, DataOfficer), Lent: true},
	{Action: SeePremiumWorth, Does: "See what the grants' money bought for the whole cohort", Roles: leaders},
	{Action: ReportPremium, Does: "See and download reports of the grants' money", Roles: with(team, DataOfficer),
		Beside: "advisors those of their own children"},
	{Action: SetPremium, Does: "Enter a grant's income, what is retained and what that was spent on", Roles: []Role{Head, Deputy}},
	{Action: ClosePremium, Does: "Close a grant's financial year, and write journals after that", Roles: []Role{Head}},
	{Action: PayPremium, Does: "Make payment runs, confirm what finance paid, and record money that comes back", Roles: []Role{Head, Deputy, SupportAdvisor, DataOfficer},
		Beside: "never a request they approved themselves; amounts and references only, not the plan"},
	{Action: GiveEvidence, Does: "Record an invoice, receipt or report for money that was approved", Roles: with(team, School)},
	{Action: SeeRemittances, Does: "See what schools are paid of Pupil Premium Plus", Roles: []Role{Head, Deputy, SupportAdvisor, DataOfficer, School},
		Beside: "a designated teacher what their own school is paid"},
	{Action: Reconcile, Does: "See whether ledger, requests, payments and files agree", Roles: []Role{Head, Deputy, DataOfficer}},

	{Action: SeeAttendance, Does: "See which children they work with are not in school today", Roles: everyone},
	{Action: CompareAttendance, Does: "See and download attendance by school, phase and placement, and the marks", Roles: with(team, DataOfficer)},
	{Action: RecordAttendance, Does: "Record attendance", Roles: with(team, School)},
	{Action: MakeCalls, Does: "Ask schools for marks that have not come", Roles: team},
	{Action: TakeBackMarks, Does: "Take back attendance marks that were sent", Roles: with(team, DataOfficer, School),
		Beside: "what they sent themselves; the head, the deputy and the data officer what anybody sent", holds: ownDelivery},
	{Action: CheckCensus, Does: "See where the school census and the marks differ", Roles: with(team, DataOfficer)},
	{Action: RecordSuspension, Does: "Record a suspension, and what comes of it", Roles: with(team, School),
		Beside: "a designated teacher those by their own school"},
	{Action: SeeSuspensions, Does: "List suspensions of children they work with", Roles: everyone},
	{Action: ExportSuspensions, Does: "Download the list of suspensions", Roles: with(team, DataOfficer)},
	{Action: SeeExclusionRisk, Does: "See which children's records have signs that often come before an exclusion", Roles: educators},
	{Action: ChallengeRisk, Does: "Say that such a sign is not so, and why", Roles: educators},
	{Action: ReadSuspension, Does: "Say that they have read of a suspension, and what they do about it", Roles: []Role{Head, Deputy, Advisor, SocialWorker}},
	{Action: RecordTimetable, Does: "Record and review a reduced timetable", Roles: with(team, School), Beside: "a designated teacher at their own school only"},
	{Action: RecordProvision, Does: "Record alternative provision and checks of its quality", Roles: with(team, School), Beside: "a designated teacher what their school arranged"},
	{Action: SeePlaceSearch, Does: "See which children have no school place and what is done to find one", Roles: with(team, DataOfficer, SocialWorker, ReviewingOfficer)},
	{Action: RecordPlaceSearch, Does: "Record the search for a school place: schools asked, answers, what comes next", Roles: with(team, SocialWorker)},
	{Action: SeeLostDays, Does: "See how many days of education children lost, and what took them", Roles: with(team, DataOfficer, SocialWorker, ReviewingOfficer)},
	{Action: SeeRegisters, Does: "See the registers of reduced timetables and other provision", Roles: everyone},
	{Action: ExportRegisters, Does: "Download those registers", Roles: with(team, DataOfficer)},

	{Action: ImportFiles, Does: "Import files", Roles: []Role{Head, Deputy, DataOfficer}},
	{Action: SendMarks, Does: "Send a file of their own school's attendance marks", Roles: []Role{School}},
	{Action: ManageAccounts, Does: "Invite people and end accounts", Roles: []Role{Head, Deputy, DataOfficer}},
	{Action: SetPolicy, Does: "Change terms, deadlines and limits", Roles: []Role{Head, Deputy}},

	{Action: SeeAudit, Does: "See who changed what and who looked at whom, of everybody", Roles: []Role{Head, Deputy}},
	{Action: ExportAudit, Does: "Download from that, saying what for", Roles: []Role{Head, Deputy}},
	{Action: ReviewLooking, Does: "See looking that is out of the usual, and say what came of asking", Roles: []Role{Head, Deputy},
		Beside: "never what was found about themselves", holds: notOneself},

	{Action: HandleSubjectAccess, Does: "Answer requests to see a child's record: write them down, read the whole record, prepare and hand over the copy", Roles: leaders},
	{Action: ReleaseSubjectAccess, Does: "Release a prepared copy of a child's record", Roles: []Role{Head, Deputy},
		Beside: "never one they prepared", holds: notOwnCopy},
	{Action: FetchSubjectAccess, Does: "Open the files of a copy of a child's record, to look at them or hand them over", Roles: leaders},
	{Action: HearCorrection, Does: "Write down what somebody says is wrong in a child's record, or objects to, and see what was decided", Roles: with(team, SocialWorker)},
	{Action: DecideCorrection, Does: "Decide that, with a note beside the record", Roles: leaders},
	{Action: DecideRetention, Does: "See which records' time is over, keep them longer, propose to delete them and decide about that", Roles: deciders,
		Beside: "never about what they proposed", holds: notOwnProposal},
	{Action: DeleteRecord, Does: "Delete a record when its time is over, one person has proposed it and a second has approved, and read the certificates", Roles: deciders},
}

var table = func() map[Action]Rule {
	byAction := make(map[Action]Rule, len(Rules))
	for _, rule := range Rules {
		byAction[rule.Action] = rule
	}
	return byAction
}()

// Can says whether the actor has the action, by role or by standing in: for buttons and routes. A condition
// beside the role is not asked here.
func Can(actor Actor, action Action) bool {
	rule, listed := table[action]
	return listed && actor.Somebody() && (rule.gives(actor.Role) || rule.lends(actor))
}

func (r Rule) gives(role Role) bool { return slices.Contains(r.Roles, role) }

// lends says whether the actor has the action in the place of somebody who is away. Only those whom a
// decider may name have it so, whatever the record of the naming says.
func (r Rule) lends(actor Actor) bool {
	return r.Lent && actor.StandsInFor.ID != 0 && MayStandIn(actor.Role) && slices.Contains(deciders, actor.StandsInFor.Role) && r.gives(actor.StandsInFor.Role)
}

// Decides says whether somebody with the role decides about money, so that somebody can stand in for them.
func Decides(role Role) bool { return slices.Contains(deciders, role) }

// MayStandIn says whether somebody with the role can be named to stand in for a decider.
func MayStandIn(role Role) bool { return role == LeadAdvisor || role == Advisor }

// Check refuses what the table does not give, with words that say why.
// The program itself (Service) may do everything: it only ever acts on what a person confirmed.
func Check(actor Actor, action Action, facts Facts) error {
	if _, listed := table[action]; listed && actor.Role == Service && actor.ID == System.ID {
		return nil
	}
	if !Can(actor, action) {
		return fault.Forbidden("Your role does not allow this.")
	}
	if holds := table[action].holds; holds != nil {
		return holds(actor, facts)
	}
	return nil
}

func ownSection(actor Actor, facts Facts) error {
	if facts.Invited || slices.Contains(educators, actor.Role) || slices.Contains(facts.SectionOwners, actor.Role) {
		return nil
	}
	return fault.Forbidden("This section of the plan is written by someone else.")
}

func notOwnProposal(actor Actor, facts Facts) error {
	if facts.AskedBy == actor.ID {
		return fault.Forbidden("You proposed this, so someone else must decide.")
	}
	return nil
}

func notOwnPlan(actor Actor, facts Facts) error {
	if facts.SubmittedBy == actor.ID {
		return fault.Forbidden("You submitted this plan, so someone else must grade it.")
	}
	return nil
}

func notFirstMarker(actor Actor, facts Facts) error {
	if facts.FirstMarker == actor.ID {
		return fault.Forbidden("You graded this plan first, so someone else must mark it a second time.")
	}
	return notOwnPlan(actor, facts)
}

func mayDecide(actor Actor, facts Facts) error {
	if facts.AskedBy == actor.ID {
		return fault.Forbidden("You asked for this money, so someone else must decide.")
	}
	if actor.Standing && facts.AskedBy == actor.StandsInFor.ID {
		return fault.Forbidden("You stand in for who asked for this money, so someone else must decide.")
	}
	if !facts.Limited || facts.Amount <= facts.Limit {
		return nil
	}
	if actor.Standing {
		return fault.Forbidden("This is more than " + actor.StandsInFor.Name + ", for whom you stand in, may approve (" + facts.Limit.String() + "). Someone with a higher limit must decide.")
	}
	return fault.Forbidden("This is more than you may approve (" + facts.Limit.String() + "). Someone with a higher limit must decide.")
}

func ownDelivery(actor Actor, facts Facts) error {
	if facts.SentBy == actor.ID || slices.Contains([]Role{Head, Deputy, DataOfficer}, actor.Role) {
		return nil
	}
	return fault.Forbidden("Somebody else sent these marks. They take them back, or the Virtual School Head does.")
}

func notOneself(actor Actor, facts Facts) error {
	if facts.For == actor.ID {
		return fault.Forbidden("This is about you, so someone else must look into it.")
	}
	return nil
}

func notOwnCopy(actor Actor, facts Facts) error {
	if facts.PreparedBy == actor.ID {
		return fault.Forbidden("You prepared this copy, so someone else must release it.")
	}
	return nil
}

func notOwnOpening(actor Actor, facts Facts) error {
	if facts.AskedBy == actor.ID {
		return fault.Forbidden("You opened this record yourself, so someone else must look into it.")
	}
	return nil
}

func forThemselves(actor Actor, facts Facts) error {
	if actor.Role != Head && facts.For != actor.ID {
		return fault.Forbidden("You name who stands in for yourself. The Virtual School Head does for others.")
	}
	return nil
}
