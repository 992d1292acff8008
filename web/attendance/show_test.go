package attendance_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// terms gives the council its term dates.
func (p *place) terms() {
	p.Exec(`insert into term (authority_code, academic_year, name, starts, ends, half_term_from, half_term_to, source)
		values ('332', 2026, 'autumn', '2026-09-03', '2026-12-18', '2026-10-26', '2026-10-30', 'test'), ('332', 2025, 'autumn', '2025-09-03', '2025-12-19', '2025-10-27', '2025-10-31', 'test')
		on conflict do nothing`)
}

// key types a week's marks as somebody's page would.
func (p *place) key(t *testing.T, who *webtest.Visitor, setting int64, monday string, pairs ...string) {
	t.Helper()
	path := "/attendance/register?setting=" + webtest.Number(setting) + "&week=" + monday
	form := webtest.With(who.Get(path).Form("/attendance/register"), pairs...)
	if answer := who.Post("/attendance/register", form); answer.Status != 303 {
		t.Fatalf("marks of %s: %d %v", monday, answer.Status, answer.Errors())
	}
}

func (p *place) cell(day, session string) string {
	return "m-" + webtest.Number(p.child) + "-" + day + "-" + session
}

func TestTheYearAtAGlance(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.terms()
	p.key(t, p.teacher, p.ash, "2026-11-16", p.cell("2026-11-16", "AM"), "/", p.cell("2026-11-16", "PM"), "I", p.cell("2026-11-17", "AM"), "L", p.cell("2026-11-18", "AM"), "N", p.cell("2026-11-18", "PM"), "N")
	p.key(t, p.teacher, p.ash, "2026-11-16", p.cell("2026-11-16", "PM"), "M")
	page := p.head.Get(p.path + "?week=2026-11-18")
	for _, want := range []string{"40.0%", "of 5 possible sessions", "1 authorised, 2 unauthorised", "Present, late 1", "Absent, no reason yet 2", "Medical or dental appointment",
		"was I (Illness), became M (Medical or dental appointment)", "Typed by the school, Tia Teacher", "AM Present, PM M"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the page does not say %q: %s", want, page.Says())
		}
	}
	if boxes := strings.Count(page.Find(".vs-mark--here").AttrOr("d", ""), "z"); boxes != 1 {
		t.Errorf("%d boxes of sessions present", boxes)
	}
	if last := p.head.Get(p.path + "?year=2025"); last.Status != 200 || !strings.Contains(last.Says(), "No attendance is recorded for the academic year 2025/26") {
		t.Errorf("the year before: %d %s", last.Status, last.Says())
	}
	for _, query := range []string{"?year=1066", "?year=x&week=31", "?week=2031-01-01", "?year=2025&week=2026-11-18"} {
		if answer := p.head.Get(p.path + query); answer.Status != 200 {
			t.Errorf("%s: %d", query, answer.Status)
		}
	}
}

// TestASchoolSeesItsOwnMarks: what another school marked is counted neither as known nor as missing.
func TestASchoolSeesItsOwnMarks(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.terms()
	oak := p.Setting("Oak Unit")
	p.Exec(`insert into roll (child_id, setting_id, kind, period, source) values ($1, $2, 'dual', '[2026-09-01,)', 'test')`, p.child, oak)
	p.key(t, p.teacher, p.ash, "2026-11-16", p.cell("2026-11-16", "AM"), "/", p.cell("2026-11-17", "AM"), "D")
	other := p.As(p.Teacher("Una Unit", oak))
	p.key(t, other, oak, "2026-11-16", p.cell("2026-11-16", "AM"), "D", p.cell("2026-11-17", "AM"), "V")
	if says := p.head.Get(p.path).Says(); !strings.Contains(says, "Educational visit") || !strings.Contains(says, "Oak Unit") || strings.Contains(says, "Not a session to attend") {
		t.Errorf("the head sees: %s", says)
	}
	if says := p.teacher.Get(p.path + "?week=2026-11-16").Find("#week").Text(); strings.Contains(says, "Educational visit") || strings.Contains(says, "Oak Unit") {
		t.Errorf("the other school's marks: %s", says)
	}
}

func TestWhoIsNotInSchool(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.terms()
	noah := p.Child("Noah", "Bright", "2015-05-05")
	p.OnRoll(noah, p.ash, "[2025-09-01,)")
	advisor := p.Person(access.Advisor, "Ann Advisor")
	p.Allocate(noah, "advisor", advisor, "[2026-01-01,)")
	p.key(t, p.teacher, p.ash, "2026-11-16", p.cell("2026-11-20", "AM"), "N", p.cell("2026-11-10", "AM"), "")
	p.key(t, p.teacher, p.ash, "2026-11-09", p.cell("2026-11-10", "AM"), "N", p.cell("2026-11-10", "PM"), "N", p.cell("2026-11-12", "PM"), "N")
	page := p.head.Get("/attendance?day=2026-11-20")
	for section, want := range map[string]string{"#away": "Maya Okafor", "#unheard": "Noah Bright", "#reasons": "10, 12 and 20 NovemberLate 17 Nov 2026"} {
		if says := page.Find(section).Text(); !strings.Contains(strings.Join(strings.Fields(says), " "), want) {
			t.Errorf("%s does not say %q: %s", section, want, says)
		}
	}
	if says := p.As(advisor).Get("/attendance?day=2026-11-20").Says(); strings.Contains(says, "Maya") || !strings.Contains(says, "Noah Bright") {
		t.Errorf("the advisor sees: %s", says)
	}
	if says := p.head.Get("/attendance?day=2026-11-20&advisor=" + webtest.Number(advisor.ID)).Says(); strings.Contains(says, "Maya Okafor") {
		t.Errorf("filtered by advisor: %s", says)
	}
	for _, query := range []string{"", "?day=2026-11-22", "?day=1900-01-01", "?day=x&advisor=-1&school=x"} {
		if answer := p.teacher.Get("/attendance" + query); answer.Status != 200 {
			t.Errorf("%s: %d", query, answer.Status)
		}
	}
	if says := p.head.Get("/attendance?day=2026-11-22").Says(); !strings.Contains(says, "Nobody is marked absent") {
		t.Errorf("on a Sunday: %s", says)
	}
}
