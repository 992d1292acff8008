package attendance_test

import (
	"fmt"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// The week of webtest.Now, a Monday, and the one before it.
const (
	registerPath = "/attendance/register"
	lastWeek     = registerPath + "?week=2026-11-16"
)

func (p *place) mark(day, session string) string {
	return fmt.Sprintf("m-%d-%s-%s", p.child, day, session)
}

func (p *place) stands(day string) string {
	return p.Text(`select coalesce((select coalesce(d.am, '.') || coalesce(d.pm, '.') || ' ' || f.kind from attendance_day d
		join attendance_delivery f on f.id = coalesce(d.am_from, d.pm_from) where d.child_id = $1 and d.day = $2::text::date), 'nothing')`, p.child, day)
}

func TestASchoolKeysItsWeek(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	page := p.teacher.Get(lastWeek)
	if page.Status != 200 || page.Find(`input[name^="m-"]`).Length() != 10 || !strings.Contains(page.Says(), "10 sessions have no mark yet") || strings.Contains(page.Find("title").Text(), "Maya") {
		t.Fatalf("%d %s", page.Status, page.Says())
	}
	form := page.Form(registerPath)
	wrong := p.teacher.Post(registerPath, webtest.With(form, p.mark("2026-11-16", "AM"), "qq", p.mark("2026-11-16", "PM"), `\`))
	if wrong.Status != 422 || wrong.Form(registerPath).Get(p.mark("2026-11-16", "AM")) != "qq" || wrong.Form(registerPath).Get(p.mark("2026-11-16", "PM")) != `\` || !strings.Contains(strings.Join(wrong.Errors(), " "), "is not an attendance code") || p.stands("2026-11-16") != "nothing" {
		t.Errorf("a wrong code: %d %q", wrong.Status, wrong.Errors())
	}
	form = webtest.With(wrong.Form(registerPath), p.mark("2026-11-16", "AM"), "/", p.mark("2026-11-17", "PM"), "n")
	if kept := p.teacher.Post(registerPath, form); kept.Status != 303 || !strings.HasPrefix(kept.Location, registerPath) {
		t.Fatalf("keeping: %d %q", kept.Status, kept.Errors())
	}
	if a, b := p.stands("2026-11-16"), p.stands("2026-11-17"); a != `/\ school` || b != ".N school" {
		t.Errorf("%s, %s", a, b)
	}
	stale := p.teacher.Get(lastWeek).Form(registerPath)
	again := p.teacher.Get(lastWeek).Form(registerPath)
	if again.Get(p.mark("2026-11-17", "PM")) != "N" {
		t.Errorf("the page does not show what is kept: %v", again)
	}
	if kept := p.teacher.Post(registerPath, webtest.With(again, p.mark("2026-11-17", "PM"), "I", p.mark("2026-11-16", "AM"), "")); kept.Status != 303 {
		t.Errorf("a correction: %d", kept.Status)
	}
	// What the other page still shows as it was does not come back with something else it keeps.
	if kept := p.teacher.Post(registerPath, webtest.With(stale, p.mark("2026-11-18", "AM"), "L")); kept.Status != 303 {
		t.Errorf("a page that was open longer: %d", kept.Status)
	}
	if a, b, c := p.stands("2026-11-16"), p.stands("2026-11-17"), p.stands("2026-11-18"); a != `/\ school` || b != ".I school" || c != "L. school" {
		t.Errorf("%s, %s, %s", a, b, c)
	}
}

func TestWhoseRegisterItIs(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	birch := p.Setting("Birch Primary")
	other := p.As(p.Teacher("Cy Birch", birch))
	if page := other.Get(lastWeek); page.Status != 200 || strings.Contains(page.Body, "Okafor") || !strings.Contains(page.Says(), "no child in care on roll") {
		t.Errorf("another school: %d %s", page.Status, page.Says())
	}
	ash := fmt.Sprintf("%s&setting=%d", lastWeek, p.ash)
	if page := other.Get(ash); page.Status != 404 {
		t.Errorf("another school's week: %d", page.Status)
	}
	form := p.teacher.Get(ash).Form(registerPath)
	if answer := other.Post(registerPath, webtest.With(form, p.mark("2026-11-16", "AM"), "O")); answer.Status != 404 || p.stands("2026-11-16") != "nothing" {
		t.Errorf("another school wrote: %d %s", answer.Status, p.stands("2026-11-16"))
	}
	for _, path := range []string{registerPath + "?setting=x", registerPath + "?setting=-1", fmt.Sprintf("%s?setting=%d", registerPath, birch)} {
		if page := p.head.Get(path); page.Status != 404 {
			t.Errorf("%s: %d", path, page.Status)
		}
	}
	if page := p.teacher.Get(registerPath + "?week=2099-01-01"); page.Status != 200 || !strings.Contains(page.Says(), "23 November 2026") {
		t.Errorf("a week to come: %d", page.Status)
	}
}

func TestEveryonePresentIsFilledInAndKeptOnlyWhenSent(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	form := p.teacher.Get(lastWeek).Form(registerPath)
	if kept := p.teacher.Post(registerPath, webtest.With(form, p.mark("2026-11-17", "AM"), "I")); kept.Status != 303 {
		t.Fatalf("%d", kept.Status)
	}
	page := p.teacher.Get(lastWeek)
	links := page.Find("a[data-vs-present]")
	if links.Length() != 6 || links.First().Text() != "Monday" {
		t.Fatalf("%d links: %s", links.Length(), links.Text())
	}
	day := p.teacher.Get(links.Eq(1).AttrOr("href", ""))
	filled := day.Form(registerPath)
	if filled.Get(p.mark("2026-11-17", "AM")) != "I" || filled.Get(p.mark("2026-11-17", "PM")) != `\` || filled.Get(p.mark("2026-11-18", "AM")) != "" || !strings.Contains(day.Says(), "1 filled in as present") {
		t.Errorf("a day: %v", filled)
	}
	all := p.teacher.Get(links.Last().AttrOr("href", ""))
	if !strings.Contains(all.Says(), "9 filled in as present") || p.stands("2026-11-18") != "nothing" {
		t.Errorf("every day: %s; %s", all.Says(), p.stands("2026-11-18"))
	}
	if kept := p.teacher.Post(registerPath, all.Form(registerPath)); kept.Status != 303 || p.stands("2026-11-18") != `/\ school` || p.stands("2026-11-17") != `I\ school` {
		t.Errorf("kept: %d %s %s", kept.Status, p.stands("2026-11-18"), p.stands("2026-11-17"))
	}
}

func TestAPhoneRound(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Exec(`update setting set telephone = '01384 555 0100' where id = $1`, p.ash)
	if page := p.teacher.Get("/attendance/calls"); page.Status != 403 {
		t.Errorf("a school rings itself: %d", page.Status)
	}
	if page := p.head.Get(registerPath); page.Status != 303 || page.Location != "/attendance/calls" {
		t.Errorf("no school: %d %s", page.Status, page.Location)
	}
	calls := p.head.Get("/attendance/calls")
	if !strings.Contains(calls.Says(), "Ash Primary") || !strings.Contains(calls.Says(), "12 sessions, since 16 November 2026 (2 today)") || calls.Find(`a[href="tel:013845550100"]`).Length() != 1 {
		t.Fatalf("%d %s", calls.Status, calls.Says())
	}
	week := calls.Find(`main a[href^="/attendance/register"]`).AttrOr("href", "")
	form := p.head.Get(week).Form(registerPath)
	for _, day := range []string{"2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"} {
		form = webtest.With(form, p.mark(day, "AM"), "/", p.mark(day, "PM"), "/")
	}
	if answer := p.head.Post(registerPath, form); answer.Status != 422 || !strings.Contains(strings.Join(answer.Errors(), " "), "who told you") {
		t.Errorf("nobody said so: %d %q", answer.Status, answer.Errors())
	}
	if answer := p.head.Post(registerPath, webtest.With(form, "who", "Mrs Hill, office")); answer.Status != 303 || answer.Location != "/attendance/calls" {
		t.Fatalf("%d %q", answer.Status, answer.Errors())
	}
	if p.stands("2026-11-17") != `/\ phone` || p.Text(`select label from attendance_delivery`) != "Mrs Hill, office" {
		t.Errorf("%s", p.stands("2026-11-17"))
	}
	if calls := p.head.Get("/attendance/calls"); !strings.Contains(calls.Says(), "2 sessions, since 23 November 2026") {
		t.Errorf("afterwards: %s", calls.Says())
	}
	if page := p.As(p.Person(access.SocialWorker, "Sam Worker")).Get("/attendance/calls"); page.Status != 403 {
		t.Errorf("a social worker: %d", page.Status)
	}
}
