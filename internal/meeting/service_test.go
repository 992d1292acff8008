package meeting_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/meeting"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func day(iso string) calendar.Date { return calendar.MustParse(iso) }

// room is a child with a plan just begun after one signed off, and people round the table, on Monday
// 23 November 2026.
type room struct {
	*pgtest.Facts
	t       testing.TB
	db      *postgres.DB
	service *meeting.Service
	ref     pep.Ref
	target  int64 // of the plan before
	wish    int64

	head, advisor, support, worker, teacher, colleague, iro, otherTeacher access.Actor
}

func open(t testing.TB) *room {
	t.Helper()
	set, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	moment := day("2026-11-23").Start().Add(10 * time.Hour)
	db := pgtest.Open(t).At(func() time.Time { return moment })
	r := &room{Facts: pgtest.NewFacts(t, db), t: t, db: db, service: &meeting.Service{DB: db, PEPs: &pep.Service{DB: db, Forms: set, Authority: "332"}}}
	for _, person := range []struct {
		into *access.Actor
		role access.Role
		name string
	}{
		{&r.head, access.Head, "Helen Head"}, {&r.advisor, access.Advisor, "Ada Advisor"}, {&r.support, access.SupportAdvisor, "Sue Support"},
		{&r.worker, access.SocialWorker, "Sam Worker"}, {&r.teacher, access.School, "Tia Teacher"}, {&r.colleague, access.School, "Col League"},
		{&r.iro, access.ReviewingOfficer, "Ira Review"}, {&r.otherTeacher, access.School, "Olga Teacher"},
	} {
		*person.into = access.Actor{Name: person.name, Role: person.role}
		person.into.ID = r.ID(`insert into account (email, name, role, state, created_at) values ($1, $2, $3, 'active', '2026-01-01') returning id`,
			strings.ToLower(strings.ReplaceAll(person.name, " ", "."))+"@room.test", person.name, string(person.role))
	}
	school := r.ID(`insert into setting (name, source) values ('Elm Primary', 'local') returning id`)
	r.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2026-01-01,)'), ($3, $2, 'colleague', '[2026-01-01,)')`,
		r.teacher.ID, school, r.colleague.ID)
	r.Exec(`insert into term (authority_code, academic_year, name, starts, ends, pep_cut_off, source) values
		('332', 2026, 'autumn', '2026-09-01', '2026-12-18', '2026-12-04', 'test'), ('332', 2026, 'spring', '2027-01-04', '2027-03-25', '2027-03-12', 'test')`)
	child := r.ID(`insert into child (la_child_id, forename, surname, date_of_birth, created_at, updated_at) values ('R1', 'Maya', 'Test', '2018-05-14', now(), now()) returning id`)
	r.Exec(`insert into care_period (child_id, period, source) values ($1, '[2026-01-05,)', 'test')`, child)
	r.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2025-09-01,)', 'test')`, child, school)
	for part, who := range map[string]access.Actor{"advisor": r.advisor, "social_worker": r.worker, "reviewing_officer": r.iro, "support_advisor": r.support} {
		r.Exec(`insert into allocation (child_id, account_id, part, period, source) values ($1, $2, $3, '[2026-01-01,)', 'test')`, child, who.ID, part)
	}
	before := r.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, setting_id, state, meeting_on, meeting_held, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2025, 'summer', $2, 'draft', '2026-06-15', true, 1, '2026-06-01') returning id`, child, school)
	r.target = r.ID(`insert into pep_target (pep_id, child_id, position, area, what, measure, owner) values ($1, $2, 1, 'numeracy', 'Knows her tables to 6', 'Ten of twelve', 'Tia Teacher') returning id`, before, child)
	r.Exec(`insert into pep_attendee (pep_id, child_id, position, name, part, present) values ($1, $2, 1, 'Pat Carer', 'carer', true)`, before, child)
	r.Exec(`update pep set state = 'signed_off', submitted_at = '2026-06-16', submitted_by = 1, signed_off_at = '2026-06-17', signed_off_by = 1 where id = $1`, before)
	id, err := r.service.PEPs.Start(t.Context(), r.teacher, pep.StartInput{ChildID: child, Kind: pep.Termly, AcademicYear: 2026, Term: calendar.Autumn})
	if err != nil {
		t.Fatal(err)
	}
	r.ref = pep.Ref{ChildID: child, PEPID: id}
	said := &voice.Service{DB: db}
	if r.wish, err = said.Record(t.Context(), r.worker, voice.NewWish{ChildID: child, PEPID: id, Words: "More football", SaidOn: day("2026-11-20"), Audience: voice.Everyone}); err != nil {
		t.Fatal(err)
	}
	return r
}

// minutes are those of an ordinary meeting.
func (r *room) minutes() meeting.Minutes {
	versions := map[pep.Part]int{}
	for _, part := range pep.TypedParts {
		versions[part] = 1
	}
	return meeting.Minutes{
		Versions: versions,
		Voice:    pep.Voice{Words: "I like maths now", How: "in_person", On: day("2026-11-23"), With: "Sam Worker"},
		Meeting: pep.Meeting{On: day("2026-11-23"), Held: true, Next: day("2027-03-01"), Attendees: []pep.Attendee{
			{Name: "Maya", Part: "young_person", Present: true}, {Name: "Tia Teacher", Part: "designated_teacher", Present: true}, {Name: "Sam Worker", Part: "social_worker"}}},
		Reviews: []pep.Review{{TargetID: r.target, Outcome: "carried_forward", Note: "Began late"}},
		Targets: []pep.Target{{Area: "literacy", What: "Reads a chapter book", Measure: "One finished", Owner: "Tia Teacher"}},
		Actions: []pep.Action{{What: "Library card", Owner: "Pat Carer", DueOn: day("2026-12-01")}},
		Answers: []meeting.Answer{{WishID: r.wish, Version: 1, NewAnswer: voice.NewAnswer{Kind: voice.WillHappen, Words: "Football club from January", HappensBy: day("2027-01-11")}}},
		Wishes:  []string{"A desk of my own"},
		Money:   []meeting.Line{{Purpose: "Ten hours of tuition", Difference: "Secure with tables to 12", Category: "numeracy", Amount: 40000, Owner: "Tia Teacher"}},
	}
}

func (r *room) whole() pep.Whole {
	r.t.Helper()
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, r.service.PEPs.Forms, r.ref)
	if err := r.db.View(r.t.Context(), r.head, &batch); err != nil {
		r.t.Fatal(err)
	}
	return whole()
}

func TestAMeetingIsWrittenDownAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t)
	if err := r.service.Save(t.Context(), r.teacher, r.ref, r.minutes()); err != nil {
		t.Fatal(err)
	}
	whole := r.whole()
	if len(whole.Targets) != 3 || whole.Targets[1].CarriedFrom != r.target || whole.Targets[2].What != "Secure with tables to 12" || len(whole.Actions) != 2 {
		t.Errorf("%+v\n%+v", whole.Targets, whole.Actions)
	}
	if whole.Targets[0].DueOn != day("2027-03-01") {
		t.Errorf("a target without a day is due on %s", whole.Targets[0].DueOn)
	}
	for _, part := range pep.TypedParts {
		if !whole.Part(part).Complete() {
			t.Errorf("%s is not complete", part)
		}
	}
	asked := r.ID(`select count(*) from premium_request where target_id = $1 and amount_pence = 40000 and category = 'numeracy' and purpose = 'Ten hours of tuition' and asked_by = $2 and state = 'asked'`,
		whole.Targets[2].ID, r.teacher.ID)
	answered := r.ID(`select count(*) from wish_answer where wish_id = $1 and kind = 'will_happen'`, r.wish)
	said := r.ID(`select count(*) from wish where words = 'A desk of my own' and audience = 'everyone' and pep_id = $1`, r.ref.PEPID)
	if asked != 1 || answered != 1 || said != 1 {
		t.Errorf("%d requests, %d answers, %d new wishes", asked, answered, said)
	}
	if n := r.ID(`select count(*) from audit_change where child_id = $1 and subject = 'premium request'`, r.ref.ChildID); n != 1 {
		t.Errorf("%d audits of the request", n)
	}
}

func TestAFailingPartSavesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*room, *meeting.Minutes)
		who    func(*room) access.Actor
		field  string
	}{
		"a target about nothing":      {change: func(_ *room, m *meeting.Minutes) { m.Targets[0].Area = "" }, field: "targets/area-0"},
		"an action by nobody":         {change: func(_ *room, m *meeting.Minutes) { m.Actions[0].Owner = "" }, field: "actions/owner-0"},
		"held tomorrow":               {change: func(_ *room, m *meeting.Minutes) { m.Meeting.On = day("2026-11-24") }, field: "meeting/on"},
		"not met, and no word why":    {change: func(r *room, m *meeting.Minutes) { m.Reviews[0] = pep.Review{TargetID: r.target, Outcome: "not_met"} }, field: ""},
		"words and no way":            {change: func(_ *room, m *meeting.Minutes) { m.Voice.How = "" }, field: "voice/how"},
		"an answer without words":     {change: func(_ *room, m *meeting.Minutes) { m.Answers[0].Words = " " }, field: ""},
		"money for nothing":           {change: func(_ *room, m *meeting.Minutes) { m.Money[0].Amount = 0 }, field: "money/amount-0"},
		"more than anyone may ask":    {change: func(_ *room, m *meeting.Minutes) { m.Money[0].Amount = 1_000_000_01 }, field: "money/amount-0"},
		"money for a target not here": {change: func(_ *room, m *meeting.Minutes) { m.Money[0].Target = 9 }, field: "money/target-0"},
		"money with no difference":    {change: func(_ *room, m *meeting.Minutes) { m.Money[0].Difference = "" }, field: "money/difference-0"},
		"nobody sees to the money":    {change: func(_ *room, m *meeting.Minutes) { m.Money[0].Owner = "" }, field: "money/owner-0"},
		"a wish of a thousand words":  {change: func(_ *room, m *meeting.Minutes) { m.Wishes[0] = strings.Repeat("I wish ", 200) }, field: "wishes/new"},
		"a social worker and money":   {who: func(r *room) access.Actor { return r.worker }, field: "money/purpose-0"},
		"a support advisor and money": {who: func(r *room) access.Actor { return r.support }, field: "money/purpose-0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := open(t)
			minutes, who := r.minutes(), r.teacher
			if c.change != nil {
				c.change(r, &minutes)
			}
			if c.who != nil {
				who = c.who(r)
			}
			err := r.service.Save(t.Context(), who, r.ref, minutes)
			problems := fault.Of(err)
			if len(problems) != 1 || c.field != "" && problems[0].Field != c.field {
				t.Errorf("%v: %+v", err, problems)
			}
			if whole := r.whole(); len(whole.Targets)+len(whole.Actions)+len(whole.Reviews)+len(whole.Attendees) != 0 || whole.Plan.Voice.Words != "" {
				t.Errorf("something was saved: %+v", whole)
			}
			if n := r.ID(`select (select count(*) from premium_request) + (select count(*) from wish_answer) + (select count(*) - 1 from wish)`); n != 0 {
				t.Errorf("%d rows of other features were saved", n)
			}
		})
	}
}

func TestASocialWorkerWritesDownAMeetingWithoutMoney(t *testing.T) {
	t.Parallel()
	r := open(t)
	minutes := r.minutes()
	minutes.Money = nil
	if err := r.service.Save(t.Context(), r.worker, r.ref, minutes); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		who  access.Actor
		kind fault.Kind
	}{"a reviewing officer": {r.iro, fault.KindForbidden}, "another school": {r.otherTeacher, fault.KindNotFound}} {
		if err := r.service.Save(t.Context(), c.who, r.ref, minutes); !errors.Is(err, c.kind) {
			t.Errorf("%s saves: %v", name, err)
		}
		if _, err := r.service.Send(t.Context(), c.who, r.ref, []int64{r.worker.ID}); !errors.Is(err, c.kind) {
			t.Errorf("%s sends: %v", name, err)
		}
	}
}

func TestTwoScreensOfOneMeeting(t *testing.T) {
	t.Parallel()
	r := open(t)
	var won, collided atomic.Int32
	var wait sync.WaitGroup
	for _, who := range []access.Actor{r.teacher, r.advisor, r.colleague} {
		wait.Go(func() {
			minutes := r.minutes()
			minutes.Answers = nil
			minutes.Voice.Words = "I like maths, said to " + who.Name
			minutes.Actions[0].Owner = who.Name
			err := r.service.Save(t.Context(), who, r.ref, minutes)
			var collisions pep.Collisions
			switch {
			case err == nil:
				won.Add(1)
			case errors.As(err, &collisions):
				collided.Add(1)
			default:
				t.Errorf("%s: %v", who.Name, err)
			}
		})
	}
	wait.Wait()
	whole := r.whole()
	if won.Load() != 1 || collided.Load() != 2 || len(whole.Targets) != 3 {
		t.Errorf("%d saved, %d collided, %d targets", won.Load(), collided.Load(), len(whole.Targets))
	}
	if n := r.ID(`select count(*) from premium_request`); n != 1 {
		t.Errorf("the money was asked for %d times", n)
	}
	if !strings.HasSuffix(whole.Plan.Voice.Words, whole.Actions[0].Owner) {
		t.Errorf("%q beside %q", whole.Plan.Voice.Words, whole.Actions[0].Owner)
	}
	// Somebody else has answered the wish meanwhile: nothing of this screen is saved.
	said := &voice.Service{DB: r.db}
	if err := said.Answer(t.Context(), r.worker, voice.Ref{ChildID: r.ref.ChildID, WishID: r.wish}, 1, voice.NewAnswer{Kind: voice.Done, Words: "You have a place"}); err != nil {
		t.Fatal(err)
	}
	late := r.minutes()
	late.Versions = map[pep.Part]int{pep.PartVoice: 2, pep.PartMeeting: 2, pep.PartReviews: 2, pep.PartTargets: 2, pep.PartActions: 2}
	if err := r.service.Save(t.Context(), r.teacher, r.ref, late); !errors.Is(err, fault.KindConflict) || !strings.Contains(fault.Words(err), "Sam Worker") {
		t.Errorf("a wish that was answered meanwhile: %v", err)
	}
	if n := r.ID(`select count(*) from premium_request`); n != 1 {
		t.Errorf("%d requests after a refusal", n)
	}
}

func TestWhatWasAgreedIsSentOnceToEach(t *testing.T) {
	t.Parallel()
	r := open(t)
	if _, err := r.service.Send(t.Context(), r.teacher, r.ref, []int64{r.worker.ID}); !errors.Is(err, fault.KindConflict) {
		t.Errorf("before the meeting: %v", err)
	}
	minutes := r.minutes()
	if err := r.service.Save(t.Context(), r.teacher, r.ref, minutes); err != nil {
		t.Fatal(err)
	}
	for name, accounts := range map[string][]int64{"nobody": nil, "somebody who is not with the child": {r.worker.ID, r.otherTeacher.ID}} {
		if _, err := r.service.Send(t.Context(), r.teacher, r.ref, accounts); !fault.Of(err).Has("people") {
			t.Errorf("%s: %v", name, err)
		}
	}
	var letters atomic.Int32
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			sent, err := r.service.Send(context.WithoutCancel(t.Context()), r.teacher, r.ref, []int64{r.worker.ID, r.advisor.ID})
			if err != nil {
				t.Error(err)
			}
			letters.Add(int32(len(sent)))
		})
	}
	wait.Wait()
	if letters.Load() != 2 {
		t.Errorf("%d letters", letters.Load())
	}
	var people []meeting.Person
	var batch postgres.Batch
	meeting.QueuePeople(&batch, &people, r.ref)
	if err := r.db.View(t.Context(), r.worker, &batch); err != nil {
		t.Fatal(err)
	}
	for _, person := range people {
		if told := person.AccountID == r.worker.ID || person.AccountID == r.advisor.ID; told == person.SentOn.IsZero() {
			t.Errorf("%s was sent it on %q", person.Name, person.SentOn)
		}
	}
	events := r.whole().Events
	if last := events[len(events)-1]; last.Event != "agreed_sent" || last.Words != "To Ada Advisor, Sam Worker" || last.Name() == "" {
		t.Errorf("%+v", last)
	}
	if mail := r.Text(`select string_agg(args::text, ' ') from river_job where kind = 'notice'`); strings.Contains(mail, "Maya") || strings.Contains(mail, "Sam") || !strings.Contains(mail, "/agreed") {
		t.Errorf("the mail: %s", mail)
	}
	// What is agreed has changed: it may be sent again.
	minutes = r.minutes()
	minutes.Actions = append(minutes.Actions, pep.Action{What: "Ring the club", Owner: "Pat", DueOn: day("2026-12-02")})
	if err := r.service.PEPs.SaveActions(t.Context(), r.teacher, r.ref, 2, minutes.Actions[1:]); err != nil {
		t.Fatal(err)
	}
	if sent, err := r.service.Send(t.Context(), r.teacher, r.ref, []int64{r.worker.ID}); err != nil || len(sent) != 1 {
		t.Errorf("%v, %v", sent, err)
	}
}

func TestWhoIsAroundAChild(t *testing.T) {
	t.Parallel()
	r := open(t)
	names := func() string {
		var people []meeting.Person
		var last []pep.Attendee
		var batch postgres.Batch
		meeting.QueuePeople(&batch, &people, r.ref)
		meeting.QueueLastAttendees(&batch, &last, r.ref)
		if err := r.db.View(t.Context(), r.head, &batch); err != nil {
			t.Fatal(err)
		}
		if len(last) != 1 || last[0].Name != "Pat Carer" {
			t.Errorf("last time: %+v", last)
		}
		var list []string
		for _, person := range people {
			list = append(list, person.Name)
		}
		return strings.Join(list, ", ")
	}
	if got := names(); got != "Ada Advisor, Col League, Ira Review, Sam Worker, Sue Support, Tia Teacher" {
		t.Error(got)
	}
	r.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'family', '[2026-01-01,)')`, r.ref.ChildID, r.colleague.ID)
	r.Exec(`update account set state = 'ended', ended_at = now() where id = $1`, r.support.ID)
	r.Exec(`update allocation set period = '[2026-01-01,2026-11-23)' where account_id = $1`, r.iro.ID)
	if got := names(); got != "Ada Advisor, Sam Worker, Tia Teacher" {
		t.Errorf("after a block and two ends: %s", got)
	}
	r.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, r.ref.ChildID)
	for _, who := range []access.Actor{r.worker, r.head} {
		r.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, r.ref.ChildID, who.ID)
	}
	if got := names(); got != "Sam Worker" {
		t.Errorf("a restricted record: %s", got)
	}
}
