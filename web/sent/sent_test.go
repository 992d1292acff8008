package sent_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

const register = "/attendance/register?week=2026-11-16"

// keyed is a school whose teacher has typed a mark and then put it right.
func keyed(t *testing.T) (s *webtest.Site, teacher, head *webtest.Visitor, child int64) {
	t.Helper()
	s = webtest.New(t)
	ash := s.Setting("Ash Primary")
	child = s.Child("Maya", "Okafor", "2016-03-04")
	s.OnRoll(child, ash, "[2025-09-01,)")
	teacher, head = s.As(s.Teacher("Tia Teacher", ash)), s.As(s.Person(access.Head, "Hal Head"))
	for _, code := range []string{"N", "I"} {
		form := teacher.Get(register).Form("/attendance/register")
		if kept := teacher.Post("/attendance/register", webtest.With(form, fmt.Sprintf("m-%d-2026-11-17-AM", child), code)); kept.Status != 303 {
			t.Fatalf("keeping: %d", kept.Status)
		}
	}
	return s, teacher, head, child
}

func TestASchoolTakesBackWhatItSent(t *testing.T) {
	t.Parallel()
	s, teacher, head, child := keyed(t)
	list := teacher.Get("/attendance/sent")
	if list.Status != 200 || list.Find("tbody tr").Length() != 2 || !strings.Contains(list.Says(), "Tia Teacher") {
		t.Fatalf("%d %s", list.Status, list.Says())
	}
	path := list.Find("tbody a").First().AttrOr("href", "")
	page := head.Get(path)
	if !strings.Contains(page.Says(), "1 session stands as sent, of 1 child") || !strings.Contains(page.Says(), "Maya Okafor") || strings.Contains(page.Find("title").Text(), "Maya") {
		t.Errorf("%s", page.Says())
	}
	if n := s.ID(`select count(*) from audit_look where child_id = $1 and screen = 'marks sent'`, child); n != 1 {
		t.Errorf("%d looks", n)
	}
	form := teacher.Get(path).Form(path + "/back")
	if none := teacher.Post(path+"/back", form); none.Status != 422 || len(none.Errors()) == 0 {
		t.Errorf("no reason: %d %q", none.Status, none.Errors())
	}
	taken := teacher.Post(path+"/back", webtest.With(form, "why", "The wrong week"))
	if taken.Status != 303 || taken.Location != path || s.Text(`select am from attendance_day`) != "N" {
		t.Fatalf("%d %q", taken.Status, taken.Errors())
	}
	after := teacher.Get(path)
	if !strings.Contains(after.Says(), "The wrong week") || after.Find(`form[action$="/back"]`).Length() != 0 {
		t.Errorf("%s", after.Says())
	}
	if again := head.Post(path+"/back", webtest.With(page.Form(path+"/back"), "why", "Too late")); again.Status != 409 {
		t.Errorf("twice: %d", again.Status)
	}
	if unsaid := head.Post(path+"/back", page.Form(path+"/back")); unsaid.Status != 409 || len(unsaid.Errors()) != 0 {
		t.Errorf("too late and without a reason: %d %v", unsaid.Status, unsaid.Errors())
	}
}

func TestWhoSeesWhatWasSent(t *testing.T) {
	t.Parallel()
	s, teacher, _, _ := keyed(t)
	path := teacher.Get("/attendance/sent").Find("tbody a").First().AttrOr("href", "")
	other := s.As(s.Teacher("Oli Other", s.Setting("Oak Primary")))
	if page := other.Get(path); page.Status != 404 || other.Get("/attendance/sent").Find("tbody tr").Length() != 0 {
		t.Errorf("another school: %d", page.Status)
	}
	form := teacher.Get(path).Form(path + "/back")
	advisor := s.As(s.Person(access.Advisor, "Ann Advisor"))
	if page := advisor.Get(path); page.Status != 200 || page.Find(`form[action$="/back"]`).Length() != 0 || strings.Contains(page.Says(), "Maya") {
		t.Errorf("an advisor of other children: %d %s", page.Status, page.Says())
	}
	if page := advisor.Post(path+"/back", webtest.With(form, "why", "x")); page.Status != 403 {
		t.Errorf("an advisor takes it back: %d", page.Status)
	}
	if page := s.As(s.Person(access.SocialWorker, "Sam Worker")).Get("/attendance/sent"); page.Status != 403 {
		t.Errorf("a social worker: %d", page.Status)
	}
}
