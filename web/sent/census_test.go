package sent_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
)

func TestWhereCensusAndMarksDiffer(t *testing.T) {
	t.Parallel()
	s, teacher, head, child := keyed(t)
	if page := head.Get("/attendance/census"); page.Status != 200 || !strings.Contains(page.Says(), "Nothing to compare") {
		t.Errorf("none: %d %s", page.Status, page.Says())
	}
	s.Exec(`insert into import (kind, state, uploaded_by, uploaded_at) select 'census', 'uploaded', min(id), now() from account`)
	s.Exec(`insert into attendance_census (child_id, setting_id, academic_year, term, possible, codes, import_id)
		select $1, r.setting_id, 2026, 'autumn', 140, '{"I": 4}', i.id from roll r, import i where r.child_id = $1`, child)
	page := head.Get("/attendance/census")
	if says := page.Says(); !strings.Contains(says, "1 child’s marks differ") || !strings.Contains(says, "Autumn 2026/27") || !strings.Contains(says, "I: 4 by the census, 1 marked") ||
		!strings.Contains(says, "139 sessions are not marked here") || strings.Contains(page.Find("title").Text(), "Maya") {
		t.Errorf("%s", says)
	}
	if n := s.ID(`select count(*) from audit_look where child_id = $1 and screen = 'census check'`, child); n != 1 {
		t.Errorf("%d looks", n)
	}
	s.Exec(`update attendance_census set possible = 1, codes = '{"I": 1}'`)
	if page := head.Get("/attendance/census"); !strings.Contains(page.Says(), "For every child the marks agree") || strings.Contains(page.Says(), "Maya") {
		t.Errorf("agree: %s", page.Says())
	}
	if page := teacher.Get("/attendance/census"); page.Status != 403 {
		t.Errorf("a school: %d", page.Status)
	}
	if page := s.As(s.Person(access.Advisor, "Ann Advisor")).Get("/attendance/census"); page.Status != 200 || strings.Contains(page.Says(), "Maya") {
		t.Errorf("an advisor of other children: %d", page.Status)
	}
}
