package pep_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/forms/formstest"
	"virtualschool/internal/postgres"
)

func TestTheDayAnInvitationOffers(t *testing.T) {
	t.Parallel()
	working := calendar.EnglandWorkingDays()
	for _, c := range []struct{ name, meeting, today, want string }{
		{"the day before the meeting", "2026-12-04", "2026-11-23", "2026-12-03"},
		{"the Friday before a Monday's meeting", "2026-12-07", "2026-11-23", "2026-12-04"},
		{"no meeting: ten working days", "", "2026-11-23", "2026-12-07"},
		{"over Christmas", "", "2026-12-18", "2027-01-06"},
		{"a meeting tomorrow leaves no day", "2026-11-24", "2026-11-23", "2026-12-07"},
		{"a meeting that was", "2026-11-20", "2026-11-23", "2026-12-07"},
		{"a meeting too far ahead", "2027-09-20", "2026-11-23", "2026-12-07"},
	} {
		var meeting calendar.Date
		if c.meeting != "" {
			meeting = day(c.meeting)
		}
		if got := pep.InviteUntil(meeting, day(c.today), working); got != day(c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// ask is an invitation to the education section until a Friday.
func ask(email string) pep.InviteInput {
	return pep.InviteInput{Section: "education", Email: email, Name: "Bo Bell", Until: day("2026-12-04"), Note: "How are her lessons going?"}
}

// open makes an account's person able to sign in, as choosing a password does.
func (h *house) accepts(email string) access.Actor {
	h.t.Helper()
	id := h.ID(`update account set state = 'active' where email = $1 returning id`, email)
	return access.Actor{ID: id, Email: email, Role: access.Role(h.Text(`select role from account where id = $1`, id))}
}

// reads is the plan as somebody finds it.
func (h *house) reads(who access.Actor, ref pep.Ref) (pep.Whole, error) {
	h.t.Helper()
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, h.service.Forms, ref)
	if err := h.db.View(h.t.Context(), who, &batch); err != nil {
		return pep.Whole{}, err
	}
	return whole(), nil
}

func (h *house) writes(who access.Actor, ref pep.Ref, section string) error {
	h.t.Helper()
	whole := h.whole(ref)
	found, _ := whole.Form.Section(section)
	answers := formstest.Answers(found)
	if whole.Part(pep.Part(section)).SavedAt != nil { // say something else than was said before
		for key, answer := range answers {
			if answer.Text != "" && answer.Reason == "" && strings.HasPrefix(answer.Text, "Words") {
				answers[key] = forms.Answer{Text: answer.Text + " again"}
			}
		}
	}
	return h.service.SaveSection(h.t.Context(), who, ref, pep.SectionInput{Section: section, Version: h.version(ref, pep.Part(section)), Answers: answers})
}

func TestAColleagueWritesOneSectionAndSeesNothingElse(t *testing.T) {
	t.Parallel()
	h := open(t)
	ctx := t.Context()
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.fill(ref, "2026-11-20", "2027-02-01")
	in := ask(" Bo.Bell@Elm.test ")
	in.Known = forms.KnownFacts{forms.KnownSchool: {Value: "Elm Primary", Source: "the school roll", AsAt: day("2025-09-01")}, "elsewhere": {Value: "secret"}}
	id, err := h.service.Invite(ctx, h.teacher, ref, in)
	if err != nil {
		t.Fatalf("%v %v", err, fault.Of(err))
	}
	if jobs := h.ID(`select count(*) from river_job where kind = 'account_link'`); jobs != 1 {
		t.Errorf("%d letters with a link", jobs)
	}
	if kept := h.Text(`select known::text from pep_invitation where id = $1`, id); strings.Contains(kept, "secret") {
		t.Errorf("facts are shared that the section does not ask about: %s", kept)
	}
	bo := h.accepts("bo.bell@elm.test")
	if bo.Role != access.Colleague {
		t.Fatalf("the account is a %s", bo.Role)
	}
	whole, err := h.reads(bo, ref)
	if err != nil {
		t.Fatal(err)
	}
	if whole.Related || len(whole.Form.Sections) != 1 || whole.Form.Sections[0].Key != "education" || whole.Plan.Voice.Captured() || !whole.CareStart.IsZero() ||
		len(whole.Targets)+len(whole.Actions)+len(whole.Attendees)+len(whole.Events)+len(whole.Reviews) != 0 || whole.Last != nil {
		t.Errorf("a colleague reads %+v", whole)
	}
	for _, answer := range whole.Answers {
		if answer.Section != "education" {
			t.Errorf("a colleague reads an answer of %s", answer.Section)
		}
	}
	if len(whole.Parts) != 1 || len(whole.Answers) == 0 || !whole.MayWrite(bo, "education") || whole.MayWrite(bo, "attainment") || whole.MayWrite(bo, pep.PartVoice) {
		t.Errorf("parts %v, may write: %t", whole.Parts, whole.MayWrite(bo, "education"))
	}
	if err := h.writes(bo, ref, "education"); err != nil {
		t.Errorf("%v %v", err, fault.Of(err))
	}
	for name, err := range map[string]error{
		"another section": h.writes(bo, ref, "attainment"),
		"no section":      h.service.SaveSection(ctx, bo, ref, pep.SectionInput{Section: "voice", Version: 1}),
		"the voice":       h.service.SaveVoice(ctx, bo, ref, 1, pep.Voice{Words: "x", How: "writing", On: day("2026-11-20")}),
		"the meeting":     h.service.SaveMeeting(ctx, bo, ref, 1, pep.Meeting{}),
		"submits":         h.service.Submit(ctx, bo, ref, 1),
		"invites":         func() error { _, err := h.service.Invite(ctx, bo, ref, ask("more@elm.test")); return err }(),
		"withdraws":       h.service.Withdraw(ctx, bo, ref, "education", id),
		"starts a plan": func() error {
			_, err := h.service.Start(ctx, bo, pep.StartInput{ChildID: h.child, Kind: pep.Closing, AcademicYear: 2026, Term: calendar.Autumn})
			return err
		}(),
	} {
		if !errors.Is(err, fault.KindNotFound) {
			t.Errorf("a colleague %s: %v", name, err)
		}
	}
	if by := h.Text(`select a.name from pep_section s join account a on a.id = s.saved_by where s.pep_id = $1 and s.section = 'education'`, ref.PEPID); by != "Bo Bell" {
		t.Errorf("saved by %q", by)
	}
}

// TestAnInvitationEnds in every way there is, between reading and writing too: there is nothing there then.
func TestAnInvitationEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, ref pep.Ref, id int64){
		"the day after the last": func(h *house, _ pep.Ref, _ int64) { h.at("2026-12-05") },
		"withdrawn": func(h *house, ref pep.Ref, id int64) {
			if err := h.service.Withdraw(h.t.Context(), h.teacher, ref, "education", id); err != nil {
				h.t.Error(err)
			}
		},
		"the plan is submitted": func(h *house, ref pep.Ref, _ int64) {
			if err := h.service.Submit(h.t.Context(), h.teacher, ref, 1); err != nil {
				h.t.Error(err, fault.Of(err))
			}
		},
		"the plan is cancelled": func(h *house, ref pep.Ref, _ int64) {
			if err := h.service.Cancel(h.t.Context(), h.advisor, ref, 1, "a duplicate"); err != nil {
				h.t.Error(err)
			}
		},
		"the child moves school": func(h *house, _ pep.Ref, _ int64) {
			h.Exec(`update roll set period = '[2025-09-01,2026-11-23)' where child_id = $1`, h.child)
			h.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'main', '[2026-11-23,)', 'test')`, h.child, h.other)
		},
		"the child leaves care": func(h *house, _ pep.Ref, _ int64) {
			h.Exec(`update care_period set period = '[2026-06-01,2026-11-23)', end_code = 'E4A' where child_id = $1`, h.child)
		},
		"the record is restricted": func(h *house, _ pep.Ref, _ int64) {
			h.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, h.child)
		},
		"the person is blocked": func(h *house, _ pep.Ref, _ int64) {
			h.Exec(`insert into child_block (child_id, account_id, reason, period) select $1, id, 'family', '[2026-01-01,)' from account where email = 'bo@elm.test'`, h.child)
		},
		"the account ends": func(h *house, _ pep.Ref, _ int64) {
			h.Exec(`update account set state = 'ended', ended_at = '2026-11-23' where email = 'bo@elm.test'`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
			h.fill(ref, "2026-11-20", "2027-02-01")
			id, err := h.service.Invite(t.Context(), h.teacher, ref, ask("bo@elm.test"))
			if err != nil {
				t.Fatal(err)
			}
			bo := h.accepts("bo@elm.test")
			if _, err := h.reads(bo, ref); err != nil {
				t.Fatalf("before: %v", err)
			}
			end(h, ref, id)
			if _, err := h.reads(bo, ref); !errors.Is(err, fault.KindNotFound) {
				t.Errorf("still reads: %v", err)
			}
			if err := h.writes(bo, ref, "education"); !errors.Is(err, fault.KindNotFound) {
				t.Errorf("still writes: %v", err)
			}
		})
	}
}

func TestALastDayIsADay(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	if _, err := h.service.Invite(t.Context(), h.teacher, ref, ask("bo@elm.test")); err != nil {
		t.Fatal(err)
	}
	bo := h.accepts("bo@elm.test")
	h.at("2026-12-04")
	if err := h.writes(bo, ref, "education"); err != nil {
		t.Errorf("on the last day: %v", err)
	}
}

// TestTheInviterLeaves: who asked may go; the school still asks.
func TestTheInviterLeaves(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	id, err := h.service.Invite(t.Context(), h.teacher, ref, ask("bo@elm.test"))
	if err != nil {
		t.Fatal(err)
	}
	bo := h.accepts("bo@elm.test")
	h.Exec(`update account_setting set period = '[2026-01-01,2026-11-23)' where account_id = $1`, h.teacher.ID)
	if err := h.writes(bo, ref, "education"); err != nil {
		t.Errorf("the colleague: %v", err)
	}
	if err := h.service.Withdraw(t.Context(), h.teacher, ref, "education", id); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("who has left withdraws: %v", err)
	}
	successor := h.Person(access.School, "New Teacher")
	h.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'designated_teacher', '[2026-11-23,)')`, successor.ID, h.school)
	if err := h.service.Withdraw(t.Context(), successor, ref, "education", id); err != nil {
		t.Errorf("the successor withdraws: %v", err)
	}
	if err := h.service.Withdraw(t.Context(), successor, ref, "education", id); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
}

// TestWhoKeepsTheirRole: a teacher of another school, and a colleague at this one, write the section too.
func TestWhoKeepsTheirRole(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	near := h.Person(access.School, "Near Neighbour")
	h.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'colleague', '[2026-01-01,)')`, near.ID, h.school)
	for _, in := range []struct{ section, email string }{{"attainment", "olga.teacher@pep.test"}, {"education", near.Email}} {
		input := ask(in.email)
		input.Section = in.section
		if _, err := h.service.Invite(t.Context(), h.teacher, ref, input); err != nil {
			t.Fatalf("%s: %v %v", in.email, err, fault.Of(err))
		}
	}
	if notices := h.ID(`select count(*) from river_job where kind = 'notice' and args->>'path' = '/' and args::text not like '%attainment%'`); notices != 2 {
		t.Errorf("%d notices", notices)
	}
	if whole, err := h.reads(near, ref); err != nil || !whole.Related || !whole.InvitedTo("education") || len(whole.Form.Sections) < 2 {
		t.Errorf("a colleague of the school reads %v, %v", whole.Related, err)
	}
	if whole, err := h.reads(h.otherTeacher, ref); err != nil || whole.Related || len(whole.Form.Sections) != 1 {
		t.Errorf("a teacher of another school reads %v sections, %v", len(whole.Form.Sections), err)
	}
	if err := h.writes(h.otherTeacher, ref, "attainment"); err != nil {
		t.Errorf("a teacher of another school: %v", err)
	}
	// A school's section is open to the post; to somebody who is only invited it is not.
	for name, err := range map[string]error{
		"another section": h.writes(h.otherTeacher, ref, "education"), "the targets": h.service.SaveTargets(t.Context(), h.otherTeacher, ref, 1, nil),
		"submits": h.service.Submit(t.Context(), h.otherTeacher, ref, 1), "voice": h.service.SaveVoice(t.Context(), h.otherTeacher, ref, 1, pep.Voice{}),
	} {
		if !errors.Is(err, fault.KindNotFound) {
			t.Errorf("a teacher of another school %s: %v", name, err)
		}
	}
	if role := h.Text(`select role from account where id = $1`, h.otherTeacher.ID); role != "school" {
		t.Errorf("now a %s", role)
	}
}

func TestWhoMayInviteWhom(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	h.Exec(`insert into account (email, name, role, state, created_at, ended_at) values ('gone@elm.test', 'Gone', 'school', 'ended', '2026-01-01', '2026-02-01')`)
	h.Exec(`insert into child_block (child_id, account_id, reason, period) values ($1, $2, 'family', '[2026-01-01,)')`, h.child, h.otherTeacher.ID)
	var none fault.Kind
	invite := func(actor access.Actor, change func(*pep.InviteInput)) error {
		in := ask("new@elm.test")
		if change != nil {
			change(&in)
		}
		_, err := h.service.Invite(t.Context(), actor, ref, in)
		return err
	}
	to := func(email string) func(*pep.InviteInput) { return func(in *pep.InviteInput) { in.Email = email } }
	care := func(in *pep.InviteInput) { in.Section = "care" }
	for name, c := range map[string]struct {
		err   error
		kind  fault.Kind
		field string
	}{
		"another school":         {invite(h.otherTeacher, nil), fault.KindNotFound, ""},
		"another worker":         {invite(h.otherWorker, care), fault.KindNotFound, ""},
		"the school for care":    {invite(h.teacher, care), fault.KindForbidden, ""},
		"the worker for school":  {invite(h.worker, nil), fault.KindForbidden, ""},
		"the reviewing officer":  {invite(h.iro, nil), fault.KindForbidden, ""},
		"the data officer":       {invite(h.dataOfficer, nil), fault.KindForbidden, ""},
		"a part of every plan":   {invite(h.teacher, func(in *pep.InviteInput) { in.Section = "voice" }), fault.KindNotFound, ""},
		"no day":                 {invite(h.teacher, func(in *pep.InviteInput) { in.Until = calendar.Date{} }), fault.KindInvalid, "until"},
		"a day that was":         {invite(h.teacher, func(in *pep.InviteInput) { in.Until = day("2026-11-22") }), fault.KindInvalid, "until"},
		"a day too far":          {invite(h.teacher, func(in *pep.InviteInput) { in.Until = day("2027-03-24") }), fault.KindInvalid, "until"},
		"too long a note":        {invite(h.teacher, func(in *pep.InviteInput) { in.Note = strings.Repeat("é", 501) }), fault.KindInvalid, "note"},
		"no address":             {invite(h.teacher, to("bo at elm")), fault.KindInvalid, "email"},
		"no name":                {invite(h.teacher, func(in *pep.InviteInput) { in.Name = " " }), fault.KindInvalid, "name"},
		"themselves":             {invite(h.teacher, to("tia.teacher@pep.test")), fault.KindInvalid, "email"},
		"the deputy":             {invite(h.teacher, to("dee.deputy@pep.test")), fault.KindInvalid, "email"},
		"a reviewing officer":    {invite(h.teacher, to("ira.review@pep.test")), fault.KindInvalid, "email"},
		"an ended account":       {invite(h.teacher, to("gone@elm.test")), fault.KindInvalid, "email"},
		"somebody blocked":       {invite(h.teacher, to("olga.teacher@pep.test")), fault.KindInvalid, "email"},
		"the program":            {invite(h.teacher, to("system@virtualschool.invalid")), fault.KindInvalid, "email"},
		"the first time":         {invite(h.teacher, to("twice@elm.test")), none, ""},
		"the second time":        {invite(h.teacher, to("Twice@elm.test")), fault.KindInvalid, "email"},
		"the advisor, any":       {invite(h.advisor, func(in *pep.InviteInput) { care(in); in.Email = "foster@care.test" }), none, ""},
		"the worker, their part": {invite(h.worker, func(in *pep.InviteInput) { care(in); in.Email = "nurse@health.test" }), none, ""},
	} {
		if c.kind == none && c.err != nil || c.kind != none && !errors.Is(c.err, c.kind) || c.field != "" && !fault.Of(c.err).Has(c.field) {
			t.Errorf("%s: %v %v", name, c.err, fault.Of(c.err))
		}
	}
	if made := h.ID(`select count(*) from account where role = 'colleague'`); made != 3 {
		t.Errorf("%d accounts were made; what is refused makes none", made)
	}
	h.at("2026-12-05")
	if err := invite(h.teacher, func(in *pep.InviteInput) { in.Email, in.Until = "twice@elm.test", day("2026-12-11") }); err != nil {
		t.Errorf("again, once the first has run out: %v %v", err, fault.Of(err))
	}
	h.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2026-01-01,)')`, h.child)
	h.Exec(`insert into restriction_named (child_id, account_id, period) values ($1, $2, '[2026-01-01,)')`, h.child, h.teacher.ID)
	if err := invite(h.teacher, func(in *pep.InviteInput) { in.Until = day("2026-12-11") }); !errors.Is(err, fault.KindConflict) {
		t.Errorf("to a restricted record: %v", err)
	}
}

// TestTwoInviteTheSamePersonAtOnce: one account, one invitation.
func TestTwoInviteTheSamePersonAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	var invited, told atomic.Int32
	var wait sync.WaitGroup
	for _, actor := range []access.Actor{h.teacher, h.advisor, h.deputy} {
		wait.Go(func() {
			_, err := h.service.Invite(t.Context(), actor, ref, ask("bo@elm.test"))
			switch {
			case err == nil:
				invited.Add(1)
			case fault.Of(err).Has("email"):
				told.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if invited.Load() != 1 || told.Load() != 2 || h.ID(`select count(*) from account where email = 'bo@elm.test'`) != 1 {
		t.Errorf("%d invited, %d told", invited.Load(), told.Load())
	}
}

// TestAnExpiredLinkIsSentAgain, and to nobody who has opened their account.
func TestAnExpiredLinkIsSentAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	id, err := h.service.Invite(t.Context(), h.teacher, ref, ask("bo@elm.test"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []pep.Invitation
	var batch postgres.Batch
	pep.QueueInvitations(&batch, &listed, ref, "education")
	if err := h.db.View(t.Context(), h.teacher, &batch); err != nil || len(listed) != 1 || listed[0].State != account.Invited || listed[0].InvitedBy != "Tia Teacher" {
		t.Fatalf("%+v, %v", listed, err)
	}
	if err := h.service.SendAgain(t.Context(), h.teacher, ref, "education", id); err != nil {
		t.Error(err)
	}
	if letters := h.ID(`select count(*) from river_job where kind = 'account_link'`); letters != 2 {
		t.Errorf("%d letters", letters)
	}
	h.accepts("bo@elm.test")
	if err := h.service.SendAgain(t.Context(), h.teacher, ref, "education", id); !errors.Is(err, fault.KindConflict) {
		t.Errorf("to an open account: %v", err)
	}
}
