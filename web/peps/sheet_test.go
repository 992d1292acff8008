package peps_test

import (
	"strings"
	"testing"

	"virtualschool/web/webtest"
)

// record gives the child a need, attendance and a suspension.
func (h *house) record() {
	h.Exec(`insert into sen_status (child_id, status, period, source) values ($1, 'K', '[2026-01-01,)', 'test')`, h.child)
	h.Exec(`insert into attendance_half_term (child_id, setting_id, academic_year, half_term, possible, attended, authorised, unauthorised, source, as_at, recorded_by, recorded_at)
		select $1, id, 2026, 'A1', 70, 63, 7, 0, 'school', '2026-10-23', 1, now() from setting where name = 'Elm Primary'`, h.child)
	h.Exec(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at)
		select $1, id, 'suspension', '2026-10-05', 3, '{DB}', 1, now() from setting where name = 'Elm Primary'`, h.child)
}

func TestWhatTheRecordHoldsIsConfirmedChangedOrGone(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.record()
	plan := h.begin(t)
	page := plan + "/sections/education"
	shown := h.teacher.Get(page)
	form := shown.Form("/education")
	if form.Get("attendance") != "90.0" || form.Get("attendance-shown") != "90.0" || form.Get("attendance-fact") != "" {
		t.Errorf("filled in, and nothing said for anybody: %v", form)
	}
	if says := shown.Says(); !strings.Contains(says, "Attendance this school year: 90.0%From attendance recorded this school year, as at 23 October 2026, 4 weeks old.") {
		t.Errorf("no source and age: %s", says)
	}
	done(t, h.teacher.Post(page, webtest.With(form, "all-right-education", "yes", "suspensions-fact", "change", "suspensions", "2", "school_name-fact", "gone")))
	printed := h.advisor.Get(plan + "/print").Says()
	for _, words := range []string{"From attendance recorded this school year, as at 23 October 2026, confirmed by Tia Teacher on 23 November 2026", "2 days", "No longer true: Elm Primary"} {
		if !strings.Contains(printed, words) {
			t.Errorf("printed without %q: %s", words, printed)
		}
	}
	if strings.Contains(printed, "From suspensions recorded") {
		t.Error("a figure that was changed is still said to be the record's")
	}
	again := h.teacher.Get(page).Form("/education")
	if again.Get("attendance-fact") != "right" || again.Get("suspensions-fact") != "change" || again.Get("school_name-fact") != "gone" || again.Get("suspensions") != "2" {
		t.Errorf("what was said is shown: %v", again)
	}

	h.Exec(`update attendance_half_term set attended = 56, authorised = 14, as_at = '2026-11-20' where child_id = $1`, h.child)
	if stale := h.teacher.Post(page, again); stale.Status != 422 || !strings.Contains(strings.Join(stale.Errors(), ""), "has changed since you opened this page") || stale.Form("/education").Get("attendance-fact") != "" {
		t.Errorf("confirmed a figure that is no longer there: %d %v", stale.Status, stale.Errors())
	}
	flagged := h.worker.Get(page) // reads only
	if flagged.Find("form[data-vs-draft]").Length() != 0 {
		t.Error("a social worker writes the school's section")
	}
	done(t, h.teacher.Post(plan+"/drafts/education/drop", h.teacher.Get(page).Form("/drop")))
	now := h.teacher.Get(page)
	if says := now.Says(); !strings.Contains(says, "The record has changed since: it said “90.0%” when this was confirmed by Tia Teacher on 23 November 2026.") || now.Find(".vs-fact--changed").Length() != 1 {
		t.Errorf("not flagged: %s", says)
	}
	form = now.Form("/education")
	done(t, h.teacher.Post(page, webtest.With(form, "behaviour", "Kind")))
	if got := h.Text(`select value->>'text' from pep_answer where question = 'attendance'`); got != "90.0" {
		t.Errorf("what was confirmed stays until somebody says otherwise: %s", got)
	}
	both := h.teacher.Post(page, webtest.With(h.teacher.Get(page).Form("/education"), "attendance-fact", "right", "attendance", "85"))
	if both.Status != 422 || both.Form("/education").Get("attendance") != "85" || both.Find("#attendance-fact-error").Length() != 1 {
		t.Errorf("right and changed at once: %d %v", both.Status, both.Errors())
	}
	done(t, h.teacher.Post(page, webtest.With(both.Form("/education"), "attendance-fact", "", "attendance", "85")))
	if got := h.Text(`select value->>'text' || source from pep_answer where question = 'attendance'`); got != "85typed" {
		t.Errorf("a box that was changed without a word: %s", got)
	}
}

func TestASectionIsNotCompleteWhileAFactIsOpen(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	refused := send(t, h.teacher, plan+"/sections/education", "behaviour", "Kind", "full_time", "yes", "history", "Nothing new", "complete", "yes")
	if refused.Status != 422 || len(refused.Errors()) != 1 || refused.Find(`a[href="#school_name-fact"]`).Length() != 1 {
		t.Errorf("%d %v", refused.Status, refused.Errors())
	}
	done(t, h.teacher.Post(plan+"/sections/education", webtest.With(refused.Form("/education"), "school_name-fact", "right", "complete", "yes")))
}

func TestLastTermsAnswersStandBeside(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.before()
	last := h.ID(`select id from pep where term = 'summer'`)
	h.Exec(`alter table pep_answer disable trigger stays_signed; alter table pep_section disable trigger stays_signed`)
	h.Exec(`insert into pep_section (pep_id, child_id, section) values ($1, $2, 'education'), ($1, $2, 'attainment')`, last, h.child)
	for question, answer := range map[string]string{"behaviour": `{"text": "Kind to the small ones"}`, "attendance_comment": `{"text": "Buses"}`, "full_time": `{"text": "yes"}`, "history": `{"text": "Nothing new"}`} {
		h.Exec(`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at)
			select $1, $2, 'education', $3, $4::jsonb, id, '2026-07-15' from account where name = 'Tia Teacher'`, last, h.child, question, answer)
	}
	h.Exec(`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at)
		values ($1, $2, 'attainment', 'bands', '{"grades": {"reading": {"current": "Below"}}}', 1, '2026-07-15')`, last, h.child)
	h.Exec(`alter table pep_answer enable trigger stays_signed; alter table pep_section enable trigger stays_signed`)
	plan := h.begin(t)
	page := plan + "/sections/education"
	shown := h.teacher.Get(page)
	if says := shown.Find(".vs-asked__before").Text(); !strings.Contains(says, "Summer 2025/26, Tia Teacher") || !strings.Contains(says, "Kind to the small ones") {
		t.Errorf("beside: %q", says)
	}
	form := shown.Form("/education")
	if form.Get("behaviour") != "" || form.Get("behaviour-still") != "" {
		t.Error("copied in silence")
	}
	both := h.teacher.Post(page, webtest.With(form, "behaviour", "Quiet", "behaviour-still", "yes"))
	if both.Status != 422 || both.Form("/education").Get("behaviour") != "Quiet" {
		t.Errorf("new words and still true: %d", both.Status)
	}
	done(t, h.teacher.Post(page, webtest.With(both.Form("/education"), "behaviour-still", "", "all-still-education", "yes", "all-right-education", "yes", "complete", "yes")))
	if got := h.Text(`select string_agg(question || ':' || source, ' ' order by question) from pep_answer where pep_id <> $1 and question in ('behaviour', 'attendance_comment', 'full_time')`, last); got != "attendance_comment:carried from Summer 2025/26 behaviour:typed full_time:carried from Summer 2025/26" {
		t.Errorf("kept: %s", got)
	}
	if printed := h.advisor.Get(plan + "/print").Says(); !strings.Contains(printed, "Carried from Summer 2025/26, as at 15 July 2026, confirmed by Tia Teacher on 23 November 2026") {
		t.Error("the printed plan does not say what was kept")
	}
	if after := h.teacher.Get(page); !strings.Contains(after.Says(), "Carried from Summer 2025/26") || after.Find(`[name="attendance_comment-still"]`).Length() != 0 || after.Find(`[name="behaviour-still"]`).Length() != 1 {
		t.Errorf("after: %s", after.Says())
	}
	grid := plan + "/sections/attainment"
	done(t, send(t, h.teacher, grid, "bands-still", "yes"))
	if got := h.Text(`select value->'grades'->'reading'->>'current' from pep_answer where question = 'bands' and pep_id <> $1`, last); got != "Below" {
		t.Errorf("grades kept: %s", got)
	}
}
