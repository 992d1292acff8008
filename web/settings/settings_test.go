package settings_test

import (
	"os"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestSchoolsOurChildrenAttend(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	oak, elm, far := site.Setting("Oak Primary School"), site.Setting("Elm Green School"), site.Setting("Hollybush School")
	site.Exec(`update setting set authority_code = '383', authority_name = 'Leeds' where id = $1`, far)
	site.Exec(`update setting set status = 'closing' where id = $1`, elm)
	site.Exec(`update setting set rating = 'Good', rated_on = '2023-03-12' where id = $1`, oak)
	teacher := site.Teacher("Tess Teacher", oak)
	ann, head := site.Person(access.Advisor, "Ann Advisor"), site.Person(access.Head, "Hal Head")
	for i, at := range []int64{oak, oak, elm, far} {
		child := site.Child([]string{"Maya", "Tom", "Zoe", "Kai"}[i], "Okafor", "2016-01-05")
		site.OnRoll(child, at, "[2025-09-01,)")
		if i == 0 {
			site.Allocate(child, "advisor", ann, "[2025-09-01,)")
		}
	}
	page := site.As(head).Get("/schools")
	for _, words := range []string{"3 schools", "Oak Primary School", "Elm Green School", "Hollybush School", "Closing", "Tess Teacher", "Nobody named", "12 Mar 2023", "Leeds", "In the authority"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("nothing says %q: %s", words, page.Says())
		}
	}
	if page := site.As(head).Get("/schools?area=out"); strings.Contains(page.Find("table").Text(), "Oak") || !strings.Contains(page.Says(), "Hollybush") {
		t.Error(page.Says())
	}
	if page := site.As(ann).Get("/schools"); strings.Contains(page.Says(), "Hollybush") || !strings.Contains(page.Says(), "Oak") {
		t.Errorf("an advisor's own: %s", page.Says())
	}
	if page := site.As(teacher).Get("/schools"); !strings.Contains(page.Says(), "Oak Primary School") || strings.Contains(page.Says(), "Elm") {
		t.Errorf("a school user's own: %s", page.Says())
	}
	if page := site.As(teacher).Get("/schools?q=elm"); strings.Contains(page.Says(), "Elm Green") {
		t.Error("a school user searched the register")
	}
	for _, typed := range []string{"holly", "hollibush", "Elm%20Green"} {
		if page := site.As(ann).Get("/schools?q=" + typed); page.Find("tbody tr").Length() == 0 {
			t.Errorf("%q found nothing", typed)
		}
	}
	for _, odd := range []string{"/schools?q=%00%FF", "/schools?q=%3Cscript%3E", "/schools?page=-1", "/schools?phase=%00", "/schools?q=" + strings.Repeat("a", 5000)} {
		if page := site.As(head).Get(odd); page.Status != 200 {
			t.Errorf("%s: %d", odd[:12], page.Status)
		}
	}
}

func TestOneSchool(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	oak, elm := site.Setting("Oak Primary School"), site.Setting("Elm Academy")
	site.Exec(`update setting set status = 'closing', website = 'www.oak.example', telephone = '01384 000000' where id = $1`, oak)
	site.Exec(`insert into setting_link (urn, link_urn, link_name, link_type) select o.urn, e.urn, e.name, 'Successor' from setting o, setting e where o.id = $1 and e.id = $2`, oak, elm)
	site.Exec(`update setting set website = 'javascript:alert(1)' where id = $1`, elm)
	ann, head, bob := site.Person(access.Advisor, "Ann Advisor"), site.Person(access.Head, "Hal Head"), site.Person(access.Advisor, "Bob Advisor")
	maya, tom := site.Child("Maya", "Okafor", "2016-01-05"), site.Child("Tom", "Reid", "2016-01-05")
	for _, child := range []int64{maya, tom} {
		site.OnRoll(child, oak, "[2025-09-01,)")
	}
	site.Allocate(maya, "advisor", ann, "[2025-09-01,)")
	path := "/schools/" + webtest.Number(oak)
	page := site.As(head).Get(path)
	for _, words := range []string{"2 of our children are on its roll", "Maya Okafor", "Tom Reid", "Elm Academy", "No designated teacher named", "01384 000000"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("nothing says %q: %s", words, page.Says())
		}
	}
	if href := page.Find(`a[href="https://www.oak.example"]`); href.Length() != 1 {
		t.Error("the website is no link")
	}
	if page := site.As(ann).Get(path); strings.Contains(page.Body, "Tom Reid") || !strings.Contains(page.Says(), "1 of our children is on its roll") {
		t.Errorf("ann: %s", page.Says())
	}
	if page := site.As(bob).Get(path); page.Status != 200 || strings.Contains(page.Body, "Okafor") {
		t.Errorf("bob: %d", page.Status)
	}
	if page := site.As(head).Get("/schools/" + webtest.Number(elm)); strings.Contains(page.Body, `href="javascript`) {
		t.Error("a link that runs")
	}
	if n := site.ID(`select count(*) from audit_look where screen = 'school'`); n != 3 {
		t.Errorf("%d looks; want two by the head and one by ann", n)
	}
	other := site.As(site.Teacher("Eve Elm", elm))
	hidden, missing := other.Get(path), other.Get("/schools/999999")
	if hidden.Status != 404 || hidden.Body != missing.Body {
		t.Errorf("another school's page for a teacher: %d", hidden.Status)
	}
}

func TestASettingOutsideTheRegister(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	one, two := site.As(site.Person(access.Advisor, "Ann Advisor")), site.As(site.Person(access.Head, "Hal Head"))
	form := one.Get("/schools/new").Form("/schools/new")
	for field, typed := range map[string]string{"name": "", "postcode": "nowhere", "town": strings.Repeat("x", 10000), "street": "a\x00b", "type": "Shed"} {
		values := webtest.With(form, "name", "Bright Tutors", "type", "Other")
		answer := one.Post("/schools/new", webtest.With(values, field, typed))
		if answer.Status != 422 || len(answer.Errors()) != 1 {
			t.Errorf("%s: %d %v", field, answer.Status, answer.Errors())
		}
	}
	answer := one.Post("/schools/new", webtest.With(form, "name", "Bright <b>Tutors</b>", "type", "Tutor or tuition service", "town", "Dudley"))
	if answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	path := answer.Location
	page := one.Get(path)
	if !strings.Contains(page.Find("h1").Text(), "Bright <b>Tutors</b>") || !strings.Contains(page.Says(), "not in the national register") {
		t.Error(page.Says())
	}
	first, second := one.Get(path+"/edit").Form("/edit"), two.Get(path+"/edit").Form("/edit")
	if answer := one.Post(path+"/edit", webtest.With(first, "town", "Halesowen")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	conflict := two.Post(path+"/edit", webtest.With(second, "town", "Stourbridge"))
	if conflict.Status != 409 || !strings.Contains(conflict.Says(), "Halesowen") || conflict.Form("/edit").Get("town") != "Stourbridge" {
		t.Fatalf("%d %s", conflict.Status, conflict.Says())
	}
	if answer := two.Post(path+"/edit", conflict.Form("/edit")); answer.Status != 303 {
		t.Errorf("after comparing: %d %v", answer.Status, answer.Errors())
	}
	oak := "/schools/" + webtest.Number(site.Setting("Oak"))
	for _, answer := range []*webtest.Page{one.Get(oak + "/edit"), one.Post(oak+"/edit", webtest.With(first, "name", "Mine"))} {
		if answer.Status != 303 || answer.Location != oak {
			t.Errorf("a school of the register can be edited: %d to %s", answer.Status, answer.Location)
		}
	}
	if page := one.Get(oak); page.Find("h1").Text() != "Oak" || !strings.Contains(page.Find("main, .govuk-notification-banner").Text(), "corrected there") {
		t.Error("nothing says why")
	}
	if page := site.As(site.Person(access.SocialWorker, "Sue Worker")).Get("/schools/new"); page.Status != 403 {
		t.Errorf("a social worker enters settings: %d", page.Status)
	}
}
