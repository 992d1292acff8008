package worklist_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/worklist"
)

// TestWhoHearsOfAnInvitation: the invited while it holds, without the child's name where the child is not
// theirs; then those whose post it was to ask, and nobody else.
func TestWhoHearsOfAnInvitation(t *testing.T) {
	t.Parallel()
	h := build(t)
	oak, elm := h.Setting("Oak"), h.Setting("Elm")
	ann, bo, head, worker := h.Person(access.Advisor, "ann"), h.Person(access.Colleague, "Bo Bell"), h.Person(access.Head, "head"), h.Person(access.SocialWorker, "worker")
	teacher, near, far := h.Teacher("teacher", oak), h.Teacher("near", oak), h.Teacher("far", elm)
	h.children(1, oak, ann)
	child := h.ID(`select id from child`)
	h.Allocate(child, "social_worker", worker, "[2026-09-10,)")
	plan := h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, setting_id, started_by, started_at) values ($1, 'initial', 'primary', 1, 2026, 'autumn', $2, $3, '2026-11-02') returning id`, child, oak, ann.ID)
	h.Exec(`insert into pep_section (pep_id, child_id, section) values ($1, $2, 'education')`, plan, child)
	for _, who := range []access.Actor{bo, near, far} {
		h.Exec(`insert into pep_invitation (pep_id, child_id, section, account_id, setting_id, invited_by, invited_at, until) values ($1, $2, 'education', $3, $4, $5, '2026-11-16', '2026-12-04')`, plan, child, who.ID, oak, teacher.ID)
	}
	heard := func(who access.Actor) (asked, over []worklist.Duty) {
		facts, rules := h.read(who, 0)
		for _, d := range worklist.Duties(facts, rules, who) {
			switch {
			case strings.HasPrefix(d.What, "Write the section “"):
				asked = append(asked, d)
			case strings.HasPrefix(d.What, "Finish the section “"):
				over = append(over, d)
			}
		}
		return asked, over
	}
	for _, c := range []struct {
		who   access.Actor
		asked int
		named bool
	}{{bo, 1, false}, {far, 1, false}, {near, 1, true}, {teacher, 0, false}, {head, 0, false}, {ann, 0, false}, {worker, 0, false}} {
		asked, over := heard(c.who)
		if len(asked) != c.asked || len(over) != 0 {
			t.Errorf("%s: asked %d, over %d", c.who.Name, len(asked), len(over))
		}
		for _, d := range asked {
			if (d.ChildID != 0) != c.named || (d.Child != "") != c.named || d.Due.String() != "2026-12-04" || d.Why != "Asked by teacher, Oak" || strings.Contains(d.What+d.Why+d.Words, "Surname") {
				t.Errorf("%s: %+v", c.who.Name, d)
			}
		}
	}
	h.Exec(`update pep_invitation set until = '2026-11-20' where account_id = $1`, bo.ID)
	h.Exec(`delete from pep_invitation where account_id <> $1`, bo.ID)
	for _, c := range []struct {
		who  access.Actor
		over int
	}{{bo, 0}, {far, 0}, {teacher, 1}, {near, 1}, {head, 0}, {ann, 0}, {worker, 0}} {
		if asked, over := heard(c.who); len(asked) != 0 || len(over) != c.over {
			t.Errorf("once it is over, %s: asked %d, over %d", c.who.Name, len(asked), len(over))
		}
	}
	h.Exec(`update pep_section set state = 'complete', completed_by = $1, completed_at = '2026-11-19'`, bo.ID)
	if _, over := heard(teacher); len(over) != 0 {
		t.Errorf("complete, and still: %+v", over)
	}
	h.Exec(`update pep_section set state = 'open', completed_by = null, completed_at = null`)
	h.Exec(`update roll set setting_id = $1`, elm)
	if _, over := heard(far); len(over) != 0 {
		t.Errorf("the new school is told of what the old one asked: %+v", over)
	}
}
