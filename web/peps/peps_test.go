package peps_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

type selection = goquery.Selection

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// house is a child at a school and the people around her.
type house struct {
	*webtest.Site
	child                                   int64
	path                                    string
	advisor, teacher, worker, officer, data *webtest.Visitor
	colleague, elsewhere                    *webtest.Visitor
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: webtest.New(t)}
	school, other := h.Setting("Elm Primary"), h.Setting("Oak Primary")
	h.child = h.Child("Maya", "Okafor", "2017-03-02")
	h.path = "/children/" + webtest.Number(h.child) + "/peps"
	h.OnRoll(h.child, school, "[2025-09-01,)")
	for part, one := range map[string]struct {
		into **webtest.Visitor
		role access.Role
		name string
	}{"advisor": {&h.advisor, access.Advisor, "Ada Advisor"}, "social_worker": {&h.worker, access.SocialWorker, "Sam Worker"}, "reviewing_officer": {&h.officer, access.ReviewingOfficer, "Ira Review"}} {
		who := h.Person(one.role, one.name)
		h.Allocate(h.child, part, who, "[2026-01-01,)")
		*one.into = h.As(who)
	}
	h.teacher, h.colleague = h.As(h.Teacher("Tia Teacher", school)), h.As(h.Teacher("Col League", school))
	h.elsewhere, h.data = h.As(h.Teacher("Olga Other", other)), h.As(h.Person(access.DataOfficer, "Dan Data"))
	return h
}

// begin starts this term's plan as the school and gives its address.
func (h *house) begin(t *testing.T) string {
	t.Helper()
	answer := h.teacher.Post(h.path+"/new", h.teacher.Get(h.path+"/new").Form("/peps/new"))
	if answer.Status != 303 || !strings.HasPrefix(answer.Location, h.path+"/") {
		t.Fatalf("start: %d to %q %v", answer.Status, answer.Location, answer.Errors())
	}
	return answer.Location
}

// send opens a page's form, changes some fields and sends it.
func send(t *testing.T, who *webtest.Visitor, page string, pairs ...string) *webtest.Page {
	t.Helper()
	shown := who.Get(page)
	if shown.Status != 200 {
		t.Fatalf("%s: %d", page, shown.Status)
	}
	parts := strings.Split(page, "/")
	return who.Post(page, webtest.With(shown.Form("/"+parts[len(parts)-1]), pairs...))
}

func done(t *testing.T, answer *webtest.Page) {
	t.Helper()
	if answer.Status != 303 {
		t.Fatalf("%d: %v\n%s", answer.Status, answer.Errors(), answer.Says())
	}
}

func join(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// answers fills in a section's page as a person would: words in every box, the first of every choice.
func answers(t *testing.T, who *webtest.Visitor, page string) {
	t.Helper()
	shown := who.Get(page)
	form := shown.Form(page[strings.LastIndex(page, "/"):])
	for name := range form {
		if name != "key" && name != "version" && form.Get(name) == "" && !strings.HasPrefix(name, "tests-") && !strings.HasSuffix(name, "-day") && !strings.HasSuffix(name, "-month") && !strings.HasSuffix(name, "-year") {
			form.Set(name, "5")
		}
	}
	shown.Find("main select").Each(func(_ int, s *selection) { form.Set(s.AttrOr("name", ""), s.Find("option").Eq(1).AttrOr("value", "")) })
	shown.Find("main input[type=radio], main input[type=checkbox]").Each(func(_ int, s *selection) {
		if form.Get(s.AttrOr("name", "")) == "" {
			form.Set(s.AttrOr("name", ""), s.AttrOr("value", ""))
		}
	})
	done(t, who.Post(page, webtest.With(form, "complete", "yes")))
}

func TestATermlyReviewFromStartToSignOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	for section, who := range map[string]*webtest.Visitor{"care": h.worker, "education": h.teacher, "attainment": h.teacher, "support": h.teacher, "wellbeing": h.worker, "transition": h.advisor, "history": h.worker} {
		answers(t, who, plan+"/sections/"+section)
	}
	done(t, send(t, h.worker, plan+"/voice", join(webtest.Date("on", "20", "11", "2026"), []string{"words", "I like maths <b>now</b>", "how", "in_person", "with", "Sam Worker"})...))
	if page := h.teacher.Get(plan + "/submit"); !strings.Contains(page.Says(), "The meeting has not been recorded as held") || strings.Contains(page.Says(), "own words") {
		t.Errorf("what is missing: %s", page.Says())
	}
	if refused := h.teacher.Post(plan+"/submit", url.Values{"version": {"1"}}); refused.Status != 422 || !strings.Contains(refused.Says(), "Set at least one target") {
		t.Errorf("an unfinished plan is submitted: %d %s", refused.Status, refused.Says())
	}
	done(t, send(t, h.teacher, plan+"/meeting", join(webtest.Date("on", "20", "11", "2026"), webtest.Date("next", "1", "3", "2027"),
		[]string{"held", "yes", "name-0", "Maya", "name-3", "Tia Teacher", "name-1", "Pat Carer", "came-1", "no"})...))
	done(t, send(t, h.teacher, plan+"/targets", join(webtest.Date("due-0", "1", "3", "2027"),
		[]string{"what-0", "Read a chapter book", "area-0", "literacy", "measure-0", "One finished", "owner-0", "Tia Teacher"})...))
	done(t, send(t, h.worker, plan+"/actions", join(webtest.Date("due-1", "1", "12", "2026"), []string{"what-1", "Library card", "owner-1", "Pat Carer"})...))
	done(t, send(t, h.teacher, plan+"/submit"))
	if page := h.teacher.Get(plan + "/voice"); page.Find("form textarea").Length() != 0 || !strings.Contains(page.Says(), "I like maths <b>now</b>") {
		t.Error("a submitted plan is read, not written")
	}
	if refused := send(t, h.advisor, plan+"/return", "reason", " "); refused.Status != 422 || len(refused.Errors()) != 1 {
		t.Errorf("returned without a reason: %d %v", refused.Status, refused.Errors())
	}
	done(t, send(t, h.advisor, plan+"/return", "reason", "Say where Maya is now"))
	if page := h.teacher.Get(plan); !strings.Contains(page.Says(), "Returned to be corrected: Say where Maya is now") {
		t.Errorf("the reason is not shown: %s", page.Says())
	}
	done(t, send(t, h.teacher, plan+"/targets", "baseline-0", "Picture books"))
	done(t, send(t, h.teacher, plan+"/submit"))
	if refused := send(t, h.advisor, plan+"/sign-off"); refused.Status != 409 || !strings.Contains(refused.Says(), "picked for quality assurance") {
		t.Errorf("a new author's plan is signed off without a grade: %d", refused.Status)
	}
	form := h.advisor.Get(plan + "/quality").Form("/quality")
	for _, key := range form["criterion"] {
		form.Set("grade-"+key, "green")
		form.Set("note-"+key, "Seen in the plan")
	}
	done(t, h.advisor.Post(plan+"/quality", webtest.With(form, "act", "record", "shown", "green")))
	if page := h.teacher.Get(plan); !strings.Contains(page.Says(), "Graded by Ada Advisor") {
		t.Errorf("the plan does not say how it was graded: %s", page.Says())
	}

	page := h.officer.Get(plan + "/print")
	for _, words := range []string{"I like maths <b>now</b>", "Read a chapter book", "Picture books", "Pat Carer", "Sent apologies", "Signed off by Ada Advisor", "Library card", "Monday 1 March 2027"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("the printed plan lacks %q", words)
		}
	}
	if title := page.Find("title").Text(); strings.Contains(title, "Maya") || page.Find("h1").Length() != 1 {
		t.Errorf("title %q, %d h1", title, page.Find("h1").Length())
	}
	again := h.teacher.Get(plan)
	done(t, h.teacher.Post(plan+"/actions/done", again.Form("/actions/done")))
	if again = h.teacher.Get(plan); !strings.Contains(again.Says(), "23 Nov 2026") || again.Find(`form[action$="/actions/done"]`).Length() != 0 {
		t.Errorf("the action is not done: %s", again.Says())
	}
}

func TestWhoReadsAndWhoWrites(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	writes := func(who *webtest.Visitor, page string) bool { return who.Get(plan+page).Find("main form").Length() > 0 }
	for page, who := range map[string][4]bool{ // school, social worker, reviewing officer, advisor
		"/sections/care": {false, true, false, true}, "/sections/education": {true, false, false, true}, "/sections/wellbeing": {true, true, false, true},
		"/voice": {true, true, false, true}, "/meeting": {true, true, false, true}, "/targets": {true, true, false, true},
	} {
		for n, visitor := range []*webtest.Visitor{h.teacher, h.worker, h.officer, h.advisor} {
			if writes(visitor, page) != who[n] {
				t.Errorf("%s, person %d: writes %v", page, n, !who[n])
			}
		}
	}
	for _, c := range []struct {
		got, want int
		what      string
	}{
		{h.elsewhere.Get(plan).Status, 404, "another school"},
		{h.data.Get(plan).Status, 403, "a data officer"},
		{h.teacher.Get(plan + "/sign-off").Status, 403, "a school's sign-off"},
		{h.worker.Get(plan + "/submit").Status, 403, "a social worker's submit"},
		{h.teacher.Post(plan+"/sections/care", url.Values{"version": {"1"}, "care_now": {"x"}}).Status, 403, "a school in the social worker's section"},
		{h.officer.Post(plan+"/voice", url.Values{"version": {"1"}}).Status, 403, "a reviewing officer writing"},
		{h.advisor.Get(plan + "/sections/nonsense").Status, 404, "a section that is not there"},
		{h.advisor.Get(h.path + "/999999").Status, 404, "a plan that is not there"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d; want %d", c.what, c.got, c.want)
		}
	}
	hidden, missing := h.elsewhere.Get(plan), h.elsewhere.Get("/children/999999/peps/1")
	if hidden.Body != missing.Body {
		t.Error("hidden and missing differ")
	}
}

func TestTwoWriteTheSamePart(t *testing.T) {
	t.Parallel()
	h := open(t)
	page := h.begin(t) + "/sections/education"
	mine, theirs := h.teacher.Get(page).Form("/education"), h.colleague.Get(page).Form("/education")
	done(t, h.colleague.Post(page, webtest.With(theirs, "behaviour", "Kind to others")))
	clash := h.teacher.Post(page, webtest.With(mine, "behaviour", "Quiet lately", "attendance", "91.5"))
	if clash.Status != 409 || !strings.Contains(clash.Says(), "Kind to others") || !strings.Contains(clash.Says(), "Col League") || clash.Form("/education").Get("behaviour") != "Quiet lately" {
		t.Fatalf("%d %s", clash.Status, clash.Says())
	}
	done(t, h.teacher.Post(page, webtest.With(clash.Form("/education"), "behaviour", "Kind to others. Quiet lately")))
	if saved := h.worker.Get(page); !strings.Contains(saved.Says(), "Kind to others. Quiet lately") || !strings.Contains(saved.Says(), "91.5%") {
		t.Error(saved.Says())
	}
	// The plan is submitted while somebody writes: what they typed comes back to be copied.
	late := h.teacher.Get(page).Form("/education")
	h.Exec(`update pep set state = 'submitted', submitted_at = now(), submitted_by = started_by`)
	if refused := h.teacher.Post(page, webtest.With(late, "behaviour", "Too late")); refused.Status != 409 || refused.Form("/education").Get("behaviour") != "Too late" {
		t.Errorf("%d %s", refused.Status, refused.Says())
	}
}

func TestRowsGrowWithoutScripts(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	for page, c := range map[string]struct {
		field string
		rows  int
	}{"/targets": {"what", 3}, "/actions": {"what", 3}, "/meeting": {"name", 5}} {
		last := c.field + "-" + webtest.Number(int64(c.rows))
		shown := h.teacher.Get(plan + page)
		if shown.Find("[name="+c.field+"-2]").Length() != 1 || shown.Find("[name="+last+"]").Length() != 0 {
			t.Errorf("%s does not begin with %d rows", page, c.rows)
		}
		more := h.teacher.Post(plan+page, webtest.With(shown.Form(page), "add", "yes", c.field+"-2", "Kept <as typed>"))
		if more.Status != 200 || more.Find("[name="+last+"]").Length() != 1 || more.Form(page).Get(c.field+"-2") != "Kept <as typed>" {
			t.Errorf("%s: adding a row: %d", page, more.Status)
		}
	}
	done(t, send(t, h.teacher, plan+"/targets", "what-0", "Read", "area-0", "literacy", "what-2", "Count", "area-2", "numeracy"))
	shown := h.teacher.Get(plan + "/targets").Form("/targets")
	if shown.Get("what-0") != "Read" || shown.Get("what-1") != "Count" || shown.Get("id-1") == "0" {
		t.Fatalf("%v", shown)
	}
	done(t, h.teacher.Post(plan+"/targets", webtest.With(shown, "remove-0", "yes")))
	if left := h.teacher.Get(plan + "/targets").Form("/targets"); left.Get("what-0") != "Count" || left.Get("what-1") != "" {
		t.Errorf("after removing one: %v", left)
	}
}

func TestNonsenseIsRefusedWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	long := strings.Repeat("é", 10000)
	for name, c := range map[string]struct {
		page  string
		pairs []string
		field string
	}{
		"31 September":            {"/meeting", join(webtest.Date("on", "31", "9", "2026"), []string{"held", "yes"}), "on"},
		"held next week":          {"/meeting", join(webtest.Date("on", "30", "11", "2026"), []string{"held", "yes"}), "on"},
		"before coming into care": {"/meeting", join(webtest.Date("on", "1", "1", "2025"), []string{"held", "yes"}), "on"},
		"next before this":        {"/meeting", join(webtest.Date("on", "20", "11", "2026"), webtest.Date("next", "19", "11", "2026"), []string{"held", "yes"}), "next"},
		"a person without part":   {"/meeting", []string{"held", "no", "name-4", "Pat", "part-4", "wizard"}, "part-4"},
		"10,000 characters":       {"/voice", join(webtest.Date("on", "20", "11", "2026"), []string{"words", long, "how", "app"}), "words"},
		"a null byte":             {"/voice", join(webtest.Date("on", "20", "11", "2026"), []string{"words", "a\x00b", "how", "app"}), "words"},
		"telepathy":               {"/voice", join(webtest.Date("on", "20", "11", "2026"), []string{"words", "Hi", "how", "telepathy"}), "how"},
		"attendance of 101":       {"/sections/education", []string{"attendance", "101"}, "attendance"},
		"attendance in words":     {"/sections/education", []string{"attendance", "good"}, "attendance"},
		"a choice not offered":    {"/sections/support", []string{"sen_status", "zz"}, "sen_status"},
		"an empty section":        {"/sections/care", []string{"complete", "yes"}, "care_now"},
		"target in row 2":         {"/targets", []string{"what-2", "Read", "area-2", "juggling"}, "area-2"},
		"action by nobody":        {"/actions", join(webtest.Date("due-1", "1", "12", "2026"), []string{"what-1", "Ring"}), "owner-1"},
	} {
		h.Exec(`delete from pep_draft`) // the words of the case before, which would be refused again
		refused := send(t, h.advisor, plan+c.page, c.pairs...)
		at := refused.Find(".govuk-error-summary a").FilterFunction(func(_ int, s *selection) bool { return s.AttrOr("href", "") == "#"+c.field })
		if refused.Status != 422 || at.Length() != 1 || refused.Find("#"+c.field).Length() != 1 {
			t.Errorf("%s: %d, %v", name, refused.Status, refused.Errors())
		}
		if !strings.HasPrefix(refused.Find("title").Text(), "Error") {
			t.Errorf("%s: the title does not say that there is an error", name)
		}
	}
	form := h.teacher.Get(h.path + "/new").Form("/peps/new")
	for _, wrong := range [][]string{{"kind", "party"}, {"term", "2026-winter"}, {"term", "x"}, {"term", "2026-autumn"}} {
		if refused := h.teacher.Post(h.path+"/new", webtest.With(form, append(wrong, "key", "")...)); refused.Status != 422 || len(refused.Errors()) == 0 {
			t.Errorf("start with %v: %d %v", wrong, refused.Status, refused.Errors())
		}
	}
}

// TestWhatWasDecidedStandsBesideThePlan: whoever reads a plan reads the note that was put beside it, and not
// what nobody has decided or what is about another part of the record.
func TestWhatWasDecidedStandsBesideThePlan(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	for _, one := range []struct{ about, says, outcome string }{
		{"plans", "I never said I hate maths.", "agreed"},
		{"plans", "My mum was at the meeting.", ""},
		{"notes", "The visit was on another day.", "agreed"},
	} {
		id := h.ID(`insert into correction (child_id, kind, about, record_says, person_says, asked_by, asked_name, asked_on, recorded_by, recorded_at)
			values ($1, 'correction', $2, 'x', $3, 'young_person', 'Maya', '2026-11-10', 1, $4) returning id`, h.child, one.about, one.says, webtest.Now)
		if one.outcome != "" {
			h.Exec(`update correction set outcome = $2, note = 'She says: not maths, the noise.', reasons = 'She was asked.', decided_by = 1, decided_at = $3 where id = $1`, id, one.outcome, webtest.Now)
		}
	}
	for name, who := range map[string]*webtest.Visitor{"school": h.teacher, "social worker": h.worker, "reviewing officer": h.officer, "advisor": h.advisor} {
		for _, page := range []string{plan, plan + "/print"} {
			says := who.Get(page).Says()
			if !strings.Contains(says, "I never said I hate maths.") || !strings.Contains(says, "She says: not maths, the noise.") {
				t.Errorf("the %s does not read the note on %s", name, page)
			}
			if strings.Contains(says, "My mum was") || strings.Contains(says, "another day") {
				t.Errorf("the %s reads on %s what was not decided, or is about notes", name, page)
			}
		}
	}
}
