package timeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/hours"
	"virtualschool/internal/money"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/premium"
	"virtualschool/internal/provision"
	"virtualschool/internal/returncode"
	"virtualschool/internal/schoolplace"
	"virtualschool/internal/suspension"
	"virtualschool/internal/timetable"
)

// row is one thing that happened, as the query gives it: every branch fills what it has.
type row struct {
	Kind     Kind
	At       time.Time
	Key      string // the kind and the number of what it is about: tells two of one moment apart
	WholeDay bool   // only the day is known
	ID       int64  // of what it is about, for its page
	Code     string
	Detail   string
	Place    string
	First    int64
	Second   int64
	Words    string
	Who      string
	Source   string
}

// branch is a part of the query. Its columns: kind, at, number, whole_day, id, code, detail, place,
// first, second, words, who, source.
type branch struct {
	seen func(Options) bool
	sql  string
}

const day = `::date::timestamp at time zone 'Europe/London'`

func everyone(Options) bool { return true }

func care(o Options) bool  { return o.Care }
func plans(o Options) bool { return o.Plans }

// stay is the beginning of a stretch of days.
func stay(kind, table, code, detail, more string) string {
	return `select '` + kind + `', lower(period)` + day + `, id, true, 0, ` + code + `, ` + detail + `, '', 0, 0, '', '', source from ` + table + ` where child_id = @child` + more
}

var branches = []branch{
	{everyone, stay("care_started", "care_period", "''", "''", "")},
	{everyone, `select 'care_ended', upper(period)` + day + `, id, true, 0, case when @care then coalesce(end_code, '') else '' end, '', '', 0, 0, '', '', source from care_period where child_id = @child and upper(period) is not null`},
	{care, stay("legal_status", "legal_status", "code", "''", "")},
	{care, stay("placement", "placement", "code", "case when in_authority then 'in' when not in_authority then 'out' else '' end", "")},
	{care, `select 'care_review', held_on` + day + `, id, true, 0, participation_code, '', '', 0, 0, '', '', source from care_review where child_id = @child`},
	{everyone, `select 'joined', lower(r.period)` + day + `, r.id, true, 0, r.kind, '', s.name, 0, 0, '', '', r.source from roll r join setting s on s.id = r.setting_id where r.child_id = @child`},
	{everyone, `select 'left', upper(r.period)` + day + `, r.id, true, 0, r.kind, '', s.name, 0, 0, coalesce(r.end_reason, ''), '', r.source
		from roll r join setting s on s.id = r.setting_id where r.child_id = @child and upper(r.period) is not null`},
	{plans, `select 'pep', e.at, e.id, false, e.pep_id, e.event, p.kind, p.term, p.academic_year, 0, e.words, a.name, ''
		from pep_event e join pep p on p.id = e.pep_id join account a on a.id = e.account_id where e.child_id = @child and e.event <> 'superseded'`}, // the newer plan's own events say it
	{plans, `select 'wish', said_on` + day + `, id, true, 0, case when reply_id is null then '' else 'self' end, '', '', 0, 0, words, '', '' from wish where child_id = @child`},
	{plans, `select 'wish_answer', x.answered_at, x.id, false, 0, x.kind, '', '', 0, 0, x.words, a.name, '' from wish_answer x join account a on a.id = x.answered_by where x.child_id = @child`},
	{func(o Options) bool { return o.Money }, `select 'premium', e.at, e.id, false, e.request_id, e.event, r.category, '', coalesce(e.amount_pence, 0), 0, e.words, a.name, ''
		from premium_event e join premium_request r on r.id = e.request_id join account a on a.id = e.account_id where e.child_id = @child`},
	{everyone, `select 'suspension', x.starts_on` + day + `, x.id, true, x.id, x.kind, array_to_string(x.reasons, ' '), s.name, x.sessions, 0, '', a.name, ''
		from suspension x join setting s on s.id = x.setting_id join account a on a.id = x.recorded_by where x.child_id = @child`},
	{everyone, `select 'suspension_end', x.ended_on` + day + `, x.id, true, x.id, x.state, x.kind, s.name, x.served, 0, x.ended_because, '', ''
		from suspension x join setting s on s.id = x.setting_id where x.child_id = @child and x.ended_on is not null`},
	{everyone, `select 'suspension_' || r.body, r.decided_on` + day + `, r.suspension_id, true, r.suspension_id, r.outcome, x.kind, s.name, 0, 0, '', a.name, ''
		from suspension_review r join suspension x on x.id = r.suspension_id join setting s on s.id = x.setting_id join account a on a.id = r.recorded_by where r.child_id = @child and r.outcome <> ''`},
	{everyone, `select 'attendance', x.recorded_at, x.id, false, 0, x.half_term, x.academic_year::text, s.name, x.attended, x.possible, '', a.name, x.source
		from attendance_half_term x join setting s on s.id = x.setting_id join account a on a.id = x.recorded_by where x.child_id = @child`},
	{everyone, `select 'timetable', x.starts_on` + day + `, x.id, true, 0, x.reason, '', s.name, coalesce((select r.was_hours from reduced_timetable_review r where r.timetable_id = x.id order by r.held_on limit 1), x.hours), x.full_hours, '', a.name, ''
		from reduced_timetable x join setting s on s.id = x.setting_id join account a on a.id = x.recorded_by where x.child_id = @child and x.starts_on <= @today`},
	{everyone, `select 'timetable_review', r.held_on` + day + `, r.id, true, 0, coalesce(r.outcome, ''), '', s.name, r.hours, x.full_hours, r.words, a.name, ''
		from reduced_timetable_review r join reduced_timetable x on x.id = r.timetable_id join setting s on s.id = x.setting_id join account a on a.id = r.recorded_by where r.child_id = @child`},
	{everyone, `select 'provision', x.starts_on` + day + `, x.id, true, 0, '', '', x.place, x.hours, 0, x.purpose, a.name, ''
		from provision x join account a on a.id = x.recorded_by where x.child_id = @child and x.starts_on <= @today`},
	{everyone, `select 'provision_ended', x.ended_on` + day + `, x.id, true, 0, '', '', x.place, 0, 0, '', a.name, ''
		from provision x join account a on a.id = x.recorded_by where x.child_id = @child and x.ended_on <= @today`},
	{everyone, `select 'provision_check', k.checked_on` + day + `, k.id, true, 0, k.finding, '', x.place, 0, 0, k.words, k.checked_by, ''
		from provision_check k join provision x on x.id = k.provision_id where k.child_id = @child`},
	{func(o Options) bool { return o.Places }, `select 'place_step', x.taken_on` + day + `, x.id, true, 0, x.kind, '', x.school, 0, 0, x.words, a.name, ''
		from place_step x join account a on a.id = x.recorded_by where x.child_id = @child and not x.mistaken`},
	{func(o Options) bool { return o.Notes }, `select 'note', n.on_day` + day + `, n.id, true, 0, n.kind, '', '', 0, 0, n.words, a.name, ''
		from note n join account a on a.id = n.written_by where n.child_id = @child`},
}

// timelineSQL is the branches the reader may see, in one statement.
func timelineSQL(o Options) string {
	var all []string
	for _, b := range branches {
		if b.seen(o) {
			all = append(all, b.sql)
		}
	}
	return `with happened (kind, at, number, whole_day, id, code, detail, place, first, second, words, who, source) as (` + strings.Join(all, "\nunion all\n") + `),
		keyed as (select *, kind || lpad(number::text, 12, '0') as key from happened)
		select kind, at, key, whole_day, id::bigint, code, detail, place, first::bigint, second::bigint, words, who, source from keyed
		where at < @before or (at = @before and key < @key) order by at desc, key desc limit @limit`
}

func (r row) item(childID int64) Item {
	item := Item{Kind: r.Kind, Words: r.Words, When: when(r.At, r.WholeDay), Day: calendar.Of(r.At), By: r.Who, Source: sourceName(r.Source), at: r.At, key: r.Key}
	switch r.Kind {
	case "care_started":
		item.Title = "Came into care"
	case "care_ended":
		item.Title = "Left care"
		if r.Code != "" {
			item.Words = returncode.Label("REC", r.Code)
		}
	case "legal_status":
		item.Title = "Legal status: " + returncode.Label("LS", r.Code)
	case "placement":
		item.Title = "Moved to: " + returncode.Label("PLACE", r.Code)
		item.Words = map[string]string{"in": "In the authority", "out": "Out of the authority"}[r.Detail]
	case "care_review":
		item.Title, item.Words = "Care review held", returncode.Label("REVIEW_CODE", r.Code)
	case "joined":
		item.Title = "Started at " + r.Place
		if r.Code == "dual" {
			item.Title += " as a second school"
		}
	case "left":
		item.Title = "Left " + r.Place
	case "pep":
		item.Title = pepTitle(r)
		if item.Words == item.Day.Words() { // a meeting recorded on its day
			item.Words = ""
		}
		item.Href = path(childID, "/peps/%d", r.ID)
	case "wish":
		item.Title, item.Href = "Asked for something", path(childID, "/wishes")
	case "wish_answer":
		item.Title, item.Href = "A wish answered: "+strings.ToLower(voice.Kind(r.Code).Name()), path(childID, "/wishes")
	case "premium":
		item.Title = premium.Event{Event: r.Code}.Name() + ": " + premium.Category(r.Detail).Name()
		if r.First > 0 {
			item.Title += ", " + money.Pence(r.First).String()
		}
		item.Href = path(childID, "/premium/%d", r.ID)
	case "suspension":
		item.Title = suspensionTitle(r)
		item.Words, item.Href = reasons(r.Detail), path(childID, "/suspensions/%d", r.ID)
	case "suspension_end":
		item.Title = strings.TrimSuffix(suspension.State(r.Code).Name(), " by the board") + ": " + strings.ToLower(suspension.Kind(r.Detail).Name()) + " from " + r.Place + ", after " + suspension.HalfDays(r.First).Days()
		item.Href = path(childID, "/suspensions/%d", r.ID)
	case "suspension_board", "suspension_panel", "suspension_board_again":
		item.Title = suspension.Body(strings.TrimPrefix(string(r.Kind), "suspension_")).Name() + ": " + strings.ToLower(suspension.Kind(r.Detail).Name()) + " from " + r.Place
		item.Words, item.Href = suspension.Outcome(r.Code).Name(), path(childID, "/suspensions/%d", r.ID)
	case "timetable":
		item.Title = fmt.Sprintf("Reduced timetable at %s: %s of %s a week", r.Place, hours.Weekly(r.First).Plain(), hours.Weekly(r.Second))
		item.Words, item.Href = timetable.Reason(r.Code).Name(), path(childID, "/timetables")
	case "timetable_review":
		item.Title, item.Href = "Reduced timetable reviewed: "+reviewed(r), path(childID, "/timetables")
	case "provision":
		item.Title, item.Href = fmt.Sprintf("Alternative provision began at %s, %s a week", r.Place, hours.Weekly(r.First)), path(childID, "/provision")
	case "provision_ended":
		item.Title, item.Href = "Alternative provision ended at "+r.Place, path(childID, "/provision")
	case "provision_check":
		item.Title, item.Href = "Alternative provision checked, "+r.Place+": "+strings.ToLower(provision.Finding(r.Code).Name()), path(childID, "/provision")
	case "place_step":
		item.Title, item.Href = schoolplace.StepKind(r.Code).Name(), path(childID, "/school-place")
		if r.Place != "" {
			item.Title += ": " + r.Place
		}
	case "attendance":
		year, _ := strconv.Atoi(r.Detail) // the query writes it as a number
		item.Title = fmt.Sprintf("Attendance recorded: %s, %s", attendance.HalfTerm(r.Code).Name(), calendar.AcademicYearLabel(year))
		item.Words = fmt.Sprintf("%s at %s: %d of %d sessions", attendance.Share(int(r.First), int(r.Second)), r.Place, r.First, r.Second)
	case "note":
		item.Title = noteNames[r.Code]
	}
	return item
}

var pepEvents = map[string]string{"started": "started", "meeting_set": "meeting planned", "meeting_held": "meeting held", "submitted": "submitted", "in_qa": "taken into quality assurance",
	"returned": "returned to be corrected", "signed_off": "signed off", "cancelled": "cancelled", "agreed_sent": "what was agreed was sent",
	"reopened": "reopened", "replaced": "replaced by a plan at the new school", "reminded": "reminder sent"}

func pepTitle(r row) string {
	name := pep.Kind(r.Detail).Name() + " PEP"
	if pep.Kind(r.Detail) == pep.Termly {
		name = calendar.Term{AcademicYear: int(r.First), Name: r.Place}.Label() + " PEP"
	}
	return name + " " + pepEvents[r.Code]
}

// reviewed is what a review of a reduced timetable decided.
func reviewed(r row) string {
	if r.Code == "" {
		return fmt.Sprintf("goes on with %s of %s", hours.Weekly(r.First).Plain(), hours.Weekly(r.Second))
	}
	return strings.ToLower(timetable.Outcome(r.Code).Name())
}

func suspensionTitle(r row) string {
	kind := suspension.Kind(r.Code)
	switch kind {
	case suspension.Suspension:
		return kind.Name() + " of " + suspension.HalfDays(r.First).Days() + " from " + r.Place
	case suspension.Lunchtime:
		return fmt.Sprintf("%s from %s, %d", kind.Name(), r.Place, r.First)
	}
	return kind.Name() + " from " + r.Place
}

func reasons(codes string) string {
	var names []string
	for _, code := range strings.Fields(codes) {
		name := suspension.ReasonName(code)
		if name == "" {
			name = code
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}

var noteNames = map[string]string{"call": "Note of a call", "visit": "Note of a visit", "meeting": "Note of a meeting", "email": "Note of an email",
	"success": "Success", "other": "Note"}
