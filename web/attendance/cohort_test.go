package attendance_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/intake"
	"virtualschool/web/webtest"
)

// newCohort is a school with one child who is always there and one who is half the time.
func newCohort(t *testing.T) (p *place, noah int64) {
	t.Helper()
	p = newPlace(t)
	p.terms()
	noah = p.Child("Noah", "=Bright", "2015-05-05")
	p.OnRoll(noah, p.ash, "[2025-09-01,)")
	var maya, other []string
	for _, monday := range []string{"2026-11-02", "2026-11-09", "2026-11-16"} {
		maya, other = nil, nil
		for _, day := range week(monday) {
			for _, session := range []string{"AM", "PM"} {
				maya = append(maya, p.cell(day, session), "/")
				code := "/"
				if session == "PM" {
					code = "O"
				}
				other = append(other, "m-"+webtest.Number(noah)+"-"+day+"-"+session, code)
			}
		}
		p.key(t, p.teacher, p.ash, monday, append(maya, other...)...)
	}
	return p, noah
}

func week(monday string) (days []string) {
	for n := range 5 {
		days = append(days, calendar.MustParse(monday).AddDays(n).String())
	}
	return days
}

func TestFiguresOfMany(t *testing.T) {
	t.Parallel()
	p, noah := newCohort(t)
	page := p.head.Get("/attendance/cohort")
	for _, want := range []string{"75.0%", "1 of 2 (50.0%)", "Ash Primary"} {
		if !strings.Contains(page.Says(), want) {
			t.Errorf("the figures do not say %q: %s", want, page.Says())
		}
	}
	if page.Find("svg.vs-bar").Length() != 1 {
		t.Errorf("%d bars", page.Find("svg.vs-bar").Length())
	}
	severe := page.Find(`td a[href*="flag=severe"]`).First().AttrOr("href", "")
	list := p.head.Get(severe)
	if says := list.Says(); list.Status != 200 || !strings.Contains(says, "Noah =Bright") || strings.Contains(says, "Maya") || !strings.Contains(says, "50.0%") {
		t.Errorf("the children behind it: %d %s", list.Status, says)
	}
	if p.ID(`select count(*) from audit_look where child_id = $1 and screen = 'attendance figures'`, noah) != 1 {
		t.Error("no look at the child who was named")
	}
	for _, query := range []string{"?by=phase", "?by=placement&of=twelve", "?by=area&term=autumn", "?term=summer", "?year=2025&term=x", "?by=x&of=y&year=z"} {
		for _, path := range []string{"/attendance/cohort", "/attendance/cohort.csv", "/attendance/cohort.xlsx", "/attendance/cohort/children", "/attendance/cohort/children.xlsx"} {
			if answer := p.head.Get(path + query); answer.Status != 200 {
				t.Errorf("%s%s: %d", path, query, answer.Status)
			}
		}
	}
	if file := p.head.Get("/attendance/cohort/children.csv").Body; !strings.Contains(file, "Noah =Bright,Ash Primary,30,15,0,15,0,0,") {
		t.Errorf("the children's file: %s", file)
	}
	if answer := p.teacher.Get("/attendance/cohort"); answer.Status != 403 {
		t.Errorf("a school: %d", answer.Status)
	}
}

// TestMarksGoOutAndComeBack: the file of marks is one that the import of marks reads, and nothing is new in it.
func TestMarksGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	p, _ := newCohort(t)
	file := p.head.Get("/attendance/marks.csv?term=autumn").Body
	if lines := strings.Count(file, "\n"); lines != 61 {
		t.Fatalf("%d lines: %.200s", lines, file)
	}
	service := &intake.Service{DB: p.DB}
	result, err := service.Preview(t.Context(), p.Person(access.DataOfficer, "Dan Data"), intake.Marks, []intake.Upload{{Name: "marks.csv", Content: strings.NewReader(file), Size: int64(len(file))}})
	if err != nil || result.Counts != (intake.Counts{Same: 60}) {
		t.Errorf("read back: %+v %v", result, err)
	}
}
