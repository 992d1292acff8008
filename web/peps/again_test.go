package peps_test

import (
	"strings"
	"testing"

	"virtualschool/web/webtest"
)

// before arranges a signed-off plan of the summer with two targets.
func (h *house) before() (read, count int64) {
	plan := h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, started_by, started_at, submitted_at, meeting_on, meeting_held)
		values ($1, 'termly', 'primary', 1, 2025, 'summer', 1, '2026-06-01', '2026-07-21', '2026-07-20', true) returning id`, h.child)
	add := func(position int, area, what string) int64 {
		return h.ID(`insert into pep_target (pep_id, child_id, position, area, what, measure, owner) values ($1, $2, $3, $4, $5, 'Seen by all', 'Tia Teacher') returning id`,
			plan, h.child, position, area, what)
	}
	read, count = add(1, "literacy", "Read aloud"), add(2, "numeracy", "Count money")
	h.Exec(`update pep set state = 'signed_off', signed_off_at = '2026-07-22', signed_off_by = 1 where id = $1`, plan)
	return read, count
}

func TestLastTermsTargetsAreReviewedAndCarriedForward(t *testing.T) {
	t.Parallel()
	h := open(t)
	read, count := h.before()
	plan := h.begin(t)
	page := h.teacher.Get(plan + "/reviews")
	if says := page.Says(); !strings.Contains(says, "Summer 2025/26") || !strings.Contains(says, "20 July 2026") || !strings.Contains(says, "Read aloud") {
		t.Fatal(says)
	}
	outcome := func(target int64) string { return "outcome-" + webtest.Number(target) }
	note := func(target int64) string { return "note-" + webtest.Number(target) }
	refused := send(t, h.teacher, plan+"/reviews", outcome(read), "not_met", outcome(count), "carried_forward", note(count), "Nearly there")
	if refused.Status != 422 || refused.Form("/reviews").Get(note(count)) != "Nearly there" || refused.Find("#"+note(read)+"-error").Length() != 1 {
		t.Errorf("not met without a reason: %d %v", refused.Status, refused.Errors())
	}
	done(t, send(t, h.teacher, plan+"/reviews", outcome(read), "met", outcome(count), "carried_forward"))
	targets := h.teacher.Get(plan + "/targets")
	form := targets.Form("/targets")
	if form.Get("what-0") != "Count money" || form.Get("from-0") != webtest.Number(count) || form.Get("what-1") != "" || !strings.Contains(targets.Says(), "Target 1, carried forward") {
		t.Errorf("carried forward: %v", form)
	}
	done(t, h.teacher.Post(plan+"/targets", form))
	if kept := h.ID(`select carried_from from pep_target where what = 'Count money' and carried_from is not null`); kept != count {
		t.Errorf("carried from %d", kept)
	}
	early := send(t, h.teacher, plan+"/meeting", append(webtest.Date("on", "19", "7", "2026"), "held", "yes")...)
	if early.Status != 422 || !strings.Contains(strings.Join(early.Errors(), ""), "after the last one, on 20 July 2026") {
		t.Errorf("a review before the plan it reviews: %d %v", early.Status, early.Errors())
	}
	if foreign := send(t, h.teacher, plan+"/targets", "from-0", webtest.Number(read+1000)); foreign.Status != 422 {
		t.Errorf("carried forward from nowhere: %d", foreign.Status)
	}
}

// A page about a plan is one round trip after the session's, however full the plan.
func TestWhatThePagesCost(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.before()
	plan := h.begin(t)
	answers(t, h.teacher, plan+"/sections/education")
	for path, most := range map[string]int{h.path: 6, plan: 8, plan + "/print": 7, plan + "/sections/education": 10, plan + "/targets": 9, plan + "/room": 13, plan + "/submit": 7} {
		cost := h.CostOf(h.teacher, path)
		if own := cost.Own(); cost.Trips > 2 || len(own) > most {
			t.Errorf("%s: %d trips, %d statements of its own", path, cost.Trips, len(own))
		}
	}
}
