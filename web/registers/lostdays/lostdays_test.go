package lostdays_test

import (
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestDaysLostOfAChildAndOfAll(t *testing.T) {
	t.Parallel()
	s := webtest.New(t)
	for name, days := range map[string][2]string{"autumn": {"2026-09-01", "2026-12-18"}, "spring": {"2027-01-04", "2027-03-25"}, "summer": {"2027-04-12", "2027-07-20"}} {
		s.Exec(`insert into term (authority_code, academic_year, name, starts, ends, source) values ('332', 2026, $1, $2, $3, 'test') on conflict do nothing`, name, days[0], days[1])
	}
	head := s.As(s.Person(access.Head, "Hal Head"))
	if says := head.Get("/registers/lost").Says(); !strings.Contains(says, "No child lost a day of education in 2026/27") {
		t.Errorf("before anything: %s", says)
	}
	ash := s.Setting("Ash Primary")
	maya, ben := s.Child("Maya", "Okafor", "2016-03-04"), s.Child("Ben", "Adeyemi", "2014-05-06")
	s.OnRoll(maya, ash, "[2024-09-01,2026-11-18)") // two days, and today and the day before the weekend
	s.OnRoll(ben, ash, "[2024-09-01,)")
	s.Exec(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at) values ($1, $2, 'suspension', '2026-11-10', 3, '{DB}', 1, '2026-11-10')`, ben, ash)
	path := "/children/" + webtest.Number(maya) + "/lost"
	says := head.Get(path).Says()
	for _, want := range []string{"4 days lost in 2026/27, most of it to: no school place", "The Virtual School, with the council’s admissions team", "18 Nov 2026", "today, and goes on", "By the record"} {
		if !strings.Contains(says, want) {
			t.Errorf("the child's page does not say %q: %s", want, says)
		}
	}
	if head.Get(path).Find(`a[href$="/school-place"]`).Length() == 0 {
		t.Error("nothing leads to where it is mended")
	}
	if says := head.Get(path + "?year=2025").Says(); !strings.Contains(says, "No day of education was lost in 2025/26") {
		t.Errorf("last year: %s", says)
	}
	if says := head.Get("/children/" + webtest.Number(maya)).Says(); !strings.Contains(says, "Education lost 2026/27") || !strings.Contains(says, "most of it: no school place") {
		t.Errorf("the tile: %s", says)
	}
	says = head.Get("/registers/lost").Says()
	for _, want := range []string{"5.5 days of education lost by 2 children in 2026/27", "Maya Okafor", "Ben Adeyemi"} {
		if !strings.Contains(says, want) {
			t.Errorf("the list does not say %q: %s", want, says)
		}
	}
	if strings.Index(says, "Maya Okafor") > strings.Index(says, "Ben Adeyemi") {
		t.Error("whoever lost most does not come first")
	}
	if looks := s.ID(`select count(*) from audit_look where screen = 'days of education lost, all children'`); looks != 2 {
		t.Errorf("%d looks; want 2", looks)
	}
	for query, want := range map[string][2]bool{"?cause=suspended": {false, true}, "?cause=no_place": {true, false}, "?going=yes": {true, false}, "?cause=weak": {false, false}, "?year=2025": {false, false}, "?page=9": {true, true}} {
		says := head.Get("/registers/lost" + query).Says()
		if strings.Contains(says, "Maya Okafor") != want[0] || strings.Contains(says, "Ben Adeyemi") != want[1] {
			t.Errorf("%s: %s", query, says)
		}
	}
	if file := head.Get("/registers/lost.csv?cause=no_place"); file.Status != 200 || !strings.Contains(file.Body, "Maya Okafor,,,8,4,8,0,0,0,0,0,2026-11-23") || strings.Contains(file.Body, "Ben") {
		t.Errorf("the file: %d %s", file.Status, file.Body)
	}
	if file := head.Get("/registers/lost.xlsx"); file.Status != 200 || !strings.HasPrefix(file.Body, "PK") {
		t.Errorf("the workbook: %d", file.Status)
	}
	worker := s.Person(access.SocialWorker, "Sam Worker")
	s.Allocate(ben, "social_worker", worker, "[2024-01-10,)")
	visitor := s.As(worker)
	if says := visitor.Get("/registers/lost").Says(); strings.Contains(says, "Maya") || !strings.Contains(says, "1.5 days of education lost by 1 child") {
		t.Errorf("the social worker's list: %s", says)
	}
	if page := visitor.Get(path); page.Status != 404 {
		t.Errorf("another's child: %d", page.Status)
	}
	if page := s.As(s.Teacher("Tia Teacher", ash)).Get("/registers/lost"); page.Status != 403 {
		t.Errorf("a school: %d", page.Status)
	}
}
