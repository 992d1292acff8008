package journeys

import (
	"fmt"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// town is a site with a few people and children who know each other.
type town struct {
	*webtest.Site
	t                                                      *testing.T
	head, deputy, lead, advisor, support, data             access.Actor
	socialWorker, reviewingOfficer, teacher, formerTeacher access.Actor
	school, otherSchool                                    int64
	maya, jon, amelie, restricted                          int64
}

// names are the children's, which no title or address may show.
var names = []string{"Maya", "Okonkwo-Featherstonehaugh", "Jón", "Amélie", "Hidden", "Ferreira", "Þórsson", "Ashworth"}

// newTown makes a site of its own for one test.
func newTown(t *testing.T) *town {
	t.Helper()
	needsBrowser(t)
	w := &town{Site: webtest.New(t), t: t}
	w.school, w.otherSchool = w.Setting("St Wulfstan’s Church of England Voluntary Aided Primary School"), w.Setting("Netherton Park Academy")
	w.head, w.deputy = w.Person(access.Head, "Helen Head"), w.Person(access.Deputy, "Dev Deputy")
	w.lead, w.advisor = w.Person(access.LeadAdvisor, "Leila Lead"), w.Person(access.Advisor, "Ade Advisor")
	w.support, w.data = w.Person(access.SupportAdvisor, "Sam Support"), w.Person(access.DataOfficer, "Dot Data")
	w.socialWorker, w.reviewingOfficer = w.Person(access.SocialWorker, "Sol Worker"), w.Person(access.ReviewingOfficer, "Rae Officer")
	w.teacher, w.formerTeacher = w.Teacher("Tess Teacher", w.school), w.Teacher("Fred Former", w.otherSchool)

	w.maya = w.Child("Maya", "Okonkwo-Featherstonehaugh", "2016-03-02")
	w.jon = w.Child("Jón", "Þórsson", "2012-10-11")
	w.amelie = w.Child("Amélie", "Ferreira", "2017-06-30")
	w.restricted = w.Child("Hidden", "Ashworth", "2015-01-20")
	for _, child := range []int64{w.maya, w.jon, w.amelie, w.restricted} {
		w.OnRoll(child, w.school, "[2025-09-01,)")
		w.Allocate(child, "advisor", w.advisor, "[2025-09-01,)")
		w.Allocate(child, "support_advisor", w.support, "[2025-09-01,)")
		w.Allocate(child, "social_worker", w.socialWorker, "[2025-09-01,)")
		w.Allocate(child, "reviewing_officer", w.reviewingOfficer, "[2025-09-01,)")
	}
	w.Exec(`update child set upn = 'A801200001001' where id = $1`, w.maya)
	w.Exec(`insert into restriction (child_id, reason, period) values ($1, 'adoption', '[2025-09-01,)')`, w.restricted)
	w.Exec(`insert into premium_year (financial_year) values (2026)`)
	w.lastTerm(w.maya)
	return w
}

// lastTerm gives a child a plan that was signed off in the summer, with a target to look back at.
func (w *town) lastTerm(child int64) {
	w.t.Helper()
	plan := w.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, setting_id, meeting_on, meeting_held, next_meeting_on, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2025, 'summer', $2, '2026-06-24', true, '2026-11-20', $3, '2026-06-01') returning id`, child, w.school, w.advisor.ID)
	w.Exec(`insert into pep_target (pep_id, child_id, position, area, what, measure, baseline, owner, due_on)
		values ($1, $2, 0, 'numeracy', 'Knows her tables to 6', 'Ten of twelve in a quiz', 'Tables to 3', 'Tess Teacher', '2026-11-20')`, plan, child)
	w.Exec(`update pep set state = 'submitted', submitted_by = $2, submitted_at = '2026-06-26' where id = $1`, plan, w.teacher.ID)
	w.Exec(`update pep set state = 'signed_off', signed_off_by = $2, signed_off_at = '2026-06-30' where id = $1`, plan, w.advisor.ID)
}

// visitor comes with scripts on and without a session.
func (w *town) visitor() *Visitor {
	w.t.Helper()
	v := newVisitor(w.t, w.HTTP.URL, true, patience)
	v.private = names
	return v
}

// as is a visitor with a session of the person's.
func (w *town) as(who access.Actor) *Visitor {
	w.t.Helper()
	v := w.visitor()
	v.HasSession(sessionOf(w.t, w.DB, who.ID))
	return v
}

// plainAs is a visitor with a session of the person's and scripts switched off.
func (w *town) plainAs(who access.Actor) *Visitor {
	w.t.Helper()
	v := newVisitor(w.t, w.HTTP.URL, false, patience)
	v.private = names
	v.HasSession(sessionOf(w.t, w.DB, who.ID))
	return v
}

// path is an address below a child's.
func path(child int64, below string) string { return fmt.Sprintf("/children/%d%s", child, below) }
