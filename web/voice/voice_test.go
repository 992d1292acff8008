package voice_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/access"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/web/webtest"
)

type selection = goquery.Selection

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// house is a child with an open plan and the people around her.
type house struct {
	*webtest.Site
	child                                            int64
	plan                                             pep.Ref
	wishes, link                                     string // addresses
	advisor, worker, teacher, officer, data, stander *webtest.Visitor
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{Site: webtest.New(t)}
	school := h.Setting("Elm Primary")
	h.child = h.Child("Maya", "Okafor", "2015-03-02")
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
	h.teacher, h.data = h.As(h.Teacher("Tia Teacher", school)), h.As(h.Person(access.DataOfficer, "Dan Data"))
	h.stander = h.As(h.Teacher("Olga Other", h.Setting("Oak Primary")))
	id, err := h.Options.Services.PEPs.Start(t.Context(), access.System, pep.StartInput{ChildID: h.child, Kind: pep.Termly, AcademicYear: 2026, Term: "autumn"})
	if err != nil {
		t.Fatal(err)
	}
	h.plan = pep.Ref{ChildID: h.child, PEPID: id}
	h.wishes = fmt.Sprintf("/children/%d/wishes", h.child)
	h.link = fmt.Sprintf("/children/%d/peps/%d/link", h.child, id)
	return h
}

// give makes a link as a person does and returns the address of its page.
func (h *house) give(t *testing.T, who *webtest.Visitor, level string) string {
	t.Helper()
	made := who.Post(h.link, webtest.With(who.Get(h.link).Form("/link"), "level", level))
	if made.Status != http.StatusOK {
		t.Fatalf("make a link: %d %v", made.Status, made.Errors())
	}
	_, path, found := strings.Cut(made.Find(".vs-handout__address").Text(), "http://localhost:8080")
	if !found || !strings.HasPrefix(path, "/my-plan/") {
		t.Fatalf("no address on the page: %s", made.Says())
	}
	return path
}

// wish adds a wish as a person does and returns its number.
func (h *house) wish(t *testing.T, who *webtest.Visitor, pairs ...string) int64 {
	t.Helper()
	added := who.Post(h.wishes, webtest.With(who.Get(h.wishes).Form("/wishes"), pairs...))
	if added.Status != http.StatusSeeOther {
		t.Fatalf("add a wish: %d %v", added.Status, added.Errors())
	}
	return h.ID(`select max(id) from wish`)
}

func TestAWishIsAddedAnsweredAndTold(t *testing.T) {
	t.Parallel()
	h := open(t)
	empty := h.teacher.Post(h.wishes, webtest.With(h.teacher.Get(h.wishes).Form("/wishes"), webtest.Date("said", "31", "9", "2026")...))
	if empty.Status != 422 || len(empty.Errors()) != 2 || empty.Find("#words-error").Length() != 1 {
		t.Errorf("an empty wish: %d %v", empty.Status, empty.Errors())
	}
	early := h.teacher.Post(h.wishes, webtest.With(h.teacher.Get(h.wishes).Form("/wishes"), append(webtest.Date("said", "1", "1", "2020"), "words", "Kept")...))
	if early.Status != 422 || !strings.Contains(early.Says(), "after coming into care") || early.Find("#words").Text() != "\nKept" && early.Find("#words").Text() != "Kept" {
		t.Errorf("before care: %d %q", early.Status, early.Find("#words").Text())
	}
	id := h.wish(t, h.teacher, append(webtest.Date("said", "19", "10", "2026"), "words", "More <b>art</b>")...)
	path := func(act string) string { return fmt.Sprintf("%s/%d/%s", h.wishes, id, act) }
	page := h.officer.Get(h.wishes)
	for _, words := range []string{"More <b>art</b>", "Said 19 October 2026, written down by Tia Teacher", "Answer is late", "Waiting for 25 working days", "Monday 16 November 2026: 20 working days after it was said (usual practice"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("the page lacks %q: %s", words, page.Says())
		}
	}
	if page.Find("main form").Length() != 0 {
		t.Error("a reviewing officer is offered forms")
	}
	if title := page.Find("title").Text(); strings.Contains(title, "Maya") || page.Find("h1").Length() != 1 {
		t.Errorf("title %q", title)
	}
	form := h.worker.Get(h.wishes).Form("/answer")
	at := func(name string) string { return fmt.Sprintf("%s-%d", name, id) }
	wrong := h.worker.Post(path("answer"), webtest.With(form, at("kind"), "will_happen", at("answer"), "From Tuesday"))
	if wrong.Status != 422 || wrong.Find("#"+at("by")+"-error").Length() != 1 || !strings.Contains(wrong.Find("#"+at("answer")).Text(), "From Tuesday") {
		t.Errorf("a promise without a day: %d %v", wrong.Status, wrong.Errors())
	}
	if _, isOpen := wrong.Find("form[action$='/answer']").Closest("details").Attr("open"); !isOpen {
		t.Error("the form that came back is folded away")
	}
	if sent := h.worker.Post(path("answer"), webtest.With(form, at("kind"), "done", at("answer"), "Art is on Tuesdays now.")); sent.Status != 303 || sent.Location != h.wishes+"#wish-"+webtest.Number(id) {
		t.Fatalf("answer: %d %v", sent.Status, sent.Errors())
	}
	// The teacher had the page open before and answers too: nothing typed is lost, and both are shown.
	late := h.teacher.Post(path("answer"), webtest.With(form, "key", "", at("kind"), "cannot", at("answer"), "There is no room."))
	if late.Status != 409 || !strings.Contains(late.Says(), "answered by Sam Worker") || !strings.Contains(late.Says(), "Art is on Tuesdays now.") || !strings.Contains(late.Find("#"+at("answer")).Text(), "There is no room.") {
		t.Errorf("too late: %d %s", late.Status, late.Says())
	}
	if page := h.teacher.Get(h.wishes); !strings.Contains(page.Says(), "Child not told yet") || !strings.Contains(page.Says(), "We did: It is done") {
		t.Errorf("answered: %s", page.Says())
	}
	told := h.teacher.Post(path("told"), webtest.With(h.teacher.Get(h.wishes).Form("/told"), webtest.Date(at("told"), "22", "11", "2026")...))
	if told.Status != 422 || !strings.Contains(told.Says(), "before the answer was given") {
		t.Errorf("told before: %d %v", told.Status, told.Errors())
	}
	if told := h.teacher.Post(path("told"), h.teacher.Get(h.wishes).Form("/told")); told.Status != 303 {
		t.Errorf("told: %d %v", told.Status, told.Errors())
	}
	if page := h.teacher.Get(h.wishes); !strings.Contains(page.Says(), "The child was told on 23 November 2026 by Tia Teacher.") || page.Find("form[action$='/answer']").Length() != 0 {
		t.Errorf("told: %s", page.Says())
	}
	other := h.wish(t, h.worker, "words", "A later bus")
	withdraw := fmt.Sprintf("%s/%d/withdraw", h.wishes, other)
	if page := h.worker.Post(withdraw, h.worker.Get(h.wishes).Form(fmt.Sprintf("/%d/withdraw", other))); page.Status != 422 {
		t.Errorf("withdrawn without a note: %d", page.Status)
	}
	if page := h.worker.Post(withdraw, webtest.With(h.worker.Get(h.wishes).Form(fmt.Sprintf("/%d/withdraw", other)), fmt.Sprintf("note-%d", other), "Maya said so today")); page.Status != 303 {
		t.Errorf("withdrawn: %d %v", page.Status, page.Errors())
	}
	if page := h.worker.Get(h.wishes); !strings.Contains(page.Says(), "Withdrawn: Maya said so today") || !strings.Contains(page.Says(), "A later bus") {
		t.Errorf("withdrawn: %s", page.Says())
	}
	for _, visitor := range []*webtest.Visitor{h.stander} {
		if page := visitor.Get(h.wishes); page.Status != 404 || strings.Contains(page.Body, "Tuesdays") {
			t.Errorf("another school: %d", page.Status)
		}
	}
}

func TestTheListOfWishes(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.wish(t, h.teacher, append(webtest.Date("said", "19", "10", "2026"), "words", "More art")...)
	h.wish(t, h.worker, "words", "Away from Leo", "audience", "social_work")
	page := h.worker.Get("/wishes")
	for _, words := range []string{"2 wishes", "More art", "Away from Leo", "Only the social worker and the Virtual School", "25 working days ago", "due 16 Nov 2026", "Elm Primary", "Autumn 2026/27: 0 of 1, median Not known days", "0%"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("the list lacks %q: %s", words, page.Says())
		}
	}
	if page := h.teacher.Get("/wishes"); !strings.Contains(page.Says(), "1 wish ") || strings.Contains(page.Body, "Leo") {
		t.Errorf("the school's list: %s", page.Says())
	}
	if page := h.worker.Get("/wishes?show=late"); strings.Contains(page.Says(), "Away from Leo") || !strings.Contains(page.Says(), "More art") {
		t.Errorf("late: %s", page.Says())
	}
	if page := h.stander.Get("/wishes?show=all&page=99999999999999999999"); page.Status != 200 || strings.Contains(page.Body, "More art") {
		t.Errorf("another school's list: %d", page.Status)
	}
	if page := h.data.Get("/wishes"); page.Status != 403 {
		t.Errorf("the data officer: %d", page.Status)
	}
	if looks := h.ID(`select count(*) from audit_look where child_id = $1 and screen = 'list of wishes'`, h.child); looks != 3 {
		t.Errorf("%d looks are in the audit", looks)
	}
	if home := h.worker.Get("/"); !strings.Contains(home.Says(), "Answer what the child asked for") || strings.Contains(home.Body, "Leo") {
		t.Errorf("home: %s", home.Says())
	}
}

func TestALinkIsShownOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	form := h.teacher.Get(h.link).Form("/link")
	if wrong := h.teacher.Post(h.link, webtest.With(form, "days", "365", "level", "poem")); wrong.Status != 422 || len(wrong.Errors()) != 2 {
		t.Errorf("a wrong link: %d %v", wrong.Status, wrong.Errors())
	}
	made := h.teacher.Post(h.link, form)
	token := strings.TrimPrefix(made.Find(".vs-handout__address").Text(), "http://localhost:8080/my-plan/")
	if made.Status != 200 || len(token) != 26 || made.Find("svg.vs-handout__code path").AttrOr("d", "") == "" || strings.Contains(made.Body, "style=") {
		t.Fatalf("made: %d, token %q", made.Status, token)
	}
	if again := h.teacher.Post(h.link, form); again.Status != 303 || again.Location != h.link {
		t.Errorf("sent again: %d to %q", again.Status, again.Location)
	}
	if page := h.worker.Get(h.link); strings.Contains(page.Body, token) || !strings.Contains(page.Says(), "Not used yetworks until 7 December 2026") {
		t.Errorf("afterwards: %s", page.Says())
	}
	if strings.Contains(h.Log.String(), token) {
		t.Error("the log has the token")
	}
	if back := h.worker.Post(h.link+"/revoke", h.worker.Get(h.link).Form("/revoke")); back.Status != 303 {
		t.Errorf("taken back: %d", back.Status)
	}
	if page := h.Visitor().Get("/my-plan/" + token); page.Status != 404 {
		t.Errorf("taken back: %d", page.Status)
	}
	h.Exec(`update pep set state = 'cancelled', cancel_reason = 'Moved' where id = $1`, h.plan.PEPID)
	if page := h.teacher.Get(h.link); page.Status != 200 || page.Find("form[action$='/link']").Length() != 0 {
		t.Errorf("a closed plan: %d", page.Status)
	}
	if late := h.teacher.Post(h.link, webtest.With(form, "key", "")); late.Status != 409 {
		t.Errorf("a link for a closed plan: %d", late.Status)
	}
}

func TestTheYoungPersonsPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	path := h.give(t, h.teacher, "pictures")
	young := h.Visitor()
	page := young.Get(path)
	if page.Status != 200 || page.Find("h1").Length() != 1 || page.Find("h1").Text() != "Hello" {
		t.Fatalf("%d %s", page.Status, page.Says())
	}
	for _, header := range []struct{ name, want string }{{"Cache-Control", "no-store"}, {"X-Robots-Tag", "noindex, nofollow"}, {"Set-Cookie", ""}} {
		if got := page.Header.Get(header.name); got != header.want {
			t.Errorf("%s is %q", header.name, got)
		}
	}
	for _, name := range []string{"Maya", "Okafor", "Elm", "Tia", "LA1001", "2015"} {
		if strings.Contains(page.Body, name) {
			t.Errorf("the page says %s", name)
		}
	}
	if page.Find("input[type=radio]").Length() != 17 || page.Find("label svg[aria-hidden=true]").Length() < 15 || page.Find("nav").Length() != 0 {
		t.Errorf("%d radio buttons, %d faces", page.Find("input[type=radio]").Length(), page.Find("label svg").Length())
	}
	form := page.Form(path)
	nothing := young.Post(path, form)
	if nothing.Status != 422 || len(nothing.Errors()) != 2 || nothing.Find("#audience-error").Length() != 1 {
		t.Errorf("nothing: %d %v", nothing.Status, nothing.Errors())
	}
	long := young.Post(path, webtest.With(form, "good", strings.Repeat("a", 1001), "wish-2", "More <i>art</i>", "school", "5", "audience", "everyone"))
	if long.Status != 422 || !strings.Contains(long.Errors()[0], "too long") || long.Find("#wish-2").Text() != "\nMore <i>art</i>" && long.Find("#wish-2").Text() != "More <i>art</i>" ||
		long.Find("#school[checked]").Length() != 1 || len(strings.TrimSpace(long.Find("#good").Text())) != 1001 || long.Find("#audience[checked]").Length() != 1 {
		t.Errorf("too long: %d %v, %q", long.Status, long.Errors(), long.Find("#wish-2").Text())
	}
	if odd := young.Post(path, webtest.With(form, "school", "9", "audience", "nobody")); odd.Status != 422 || len(odd.Errors()) < 2 {
		t.Errorf("made up: %d %v", odd.Status, odd.Errors())
	}
	filled := webtest.With(form, "good", "Sharks\r\nand \x00art", "wish-1", "More art", "school", "4", "audience", "everyone")
	thanks := young.Post(path, filled)
	if thanks.Status != 200 || !strings.Contains(thanks.Says(), "Thank you") || !strings.Contains(thanks.Says(), "The people at your meeting read it") || thanks.Header.Get("Set-Cookie") != "" {
		t.Fatalf("sent: %d %s", thanks.Status, thanks.Says())
	}
	if twice := young.Post(path, filled); twice.Status != 200 || h.ID(`select count(*) from voice_reply`) != 1 {
		t.Errorf("the button pressed twice: %d", twice.Status)
	}
	if again := young.Get(path); again.Status != 404 {
		t.Errorf("opened again: %d", again.Status)
	}
	voicePage := fmt.Sprintf("/children/%d/peps/%d/voice", h.child, h.plan.PEPID)
	shown := h.teacher.Get(voicePage)
	for _, words := range []string{"How is school? Happy", "Sharks and art", "Written by the young person on their own page", "More art", "Waits for an answer since 23 November 2026"} {
		if !strings.Contains(shown.Says(), words) {
			t.Errorf("the plan lacks %q: %s", words, shown.Says())
		}
	}
	if !strings.Contains(shown.Find("textarea#words").Text(), "Sharks\nand art") || strings.Contains(shown.Says(), "Add these words") {
		t.Errorf("the plan's own part: %q", shown.Find("textarea#words").Text())
	}
}

func TestWordsKeptToFewAreShownToFew(t *testing.T) {
	t.Parallel()
	h := open(t)
	path := h.give(t, h.teacher, "adult")
	young := h.Visitor()
	thanks := young.Post(path, webtest.With(young.Get(path).Form(path), "hard", "Leo frightens me", "wish-1", "Sit away from Leo", "audience", "social_work"))
	if thanks.Status != 200 || !strings.Contains(thanks.Says(), "Only your social worker and the Virtual School read it.") {
		t.Fatalf("%d %s", thanks.Status, thanks.Says())
	}
	record := fmt.Sprintf("/children/%d", h.child)
	plan := fmt.Sprintf("%s/peps/%d", record, h.plan.PEPID)
	pages := []string{plan, plan + "/voice", plan + "/print", h.link, h.wishes, "/wishes", "/wishes?show=all", record, record + "/timeline", "/", "/work"}
	for name, who := range map[string]*webtest.Visitor{"the school": h.teacher, "the reviewing officer": h.officer} {
		for _, page := range pages {
			if shown := who.Get(page); strings.Contains(shown.Body, "Leo") {
				t.Errorf("%s finds the words on %s", name, page)
			}
		}
	}
	for name, who := range map[string]*webtest.Visitor{"the social worker": h.worker, "the advisor": h.advisor} {
		if shown := who.Get(plan + "/voice"); !strings.Contains(shown.Says(), "Leo frightens me") || !strings.Contains(shown.Says(), "Only the social worker and the Virtual School") || strings.Contains(shown.Find("textarea").Text(), "Leo") || strings.Contains(shown.Says(), "Add these words") {
			t.Errorf("%s: %s", name, shown.Says())
		}
		if shown := who.Get(h.wishes); !strings.Contains(shown.Says(), "Sit away from Leo") {
			t.Errorf("%s: %s", name, shown.Says())
		}
	}
	id := h.ID(`select id from wish`)
	if answered := h.teacher.Post(fmt.Sprintf("%s/%d/answer", h.wishes, id), url.Values{fmt.Sprintf("kind-%d", id): {"done"}, fmt.Sprintf("answer-%d", id): {"x"}, "version": {"1"}}); answered.Status != 404 {
		t.Errorf("the school answers what it may not see: %d", answered.Status)
	}
}

func TestWordsAreTakenOverByHand(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`update pep set voice_words = 'I said this to Sam.', voice_how = 'in_person', voice_on = '2026-11-20' where id = $1`, h.plan.PEPID)
	path := h.give(t, h.worker, "plain")
	young := h.Visitor()
	young.Post(path, webtest.With(young.Get(path).Form(path), "good", "Drama club", "audience", "everyone"))
	voicePage := fmt.Sprintf("/children/%d/peps/%d/voice", h.child, h.plan.PEPID)
	shown := h.worker.Get(voicePage)
	if strings.Contains(shown.Find("textarea#words").Text(), "Drama") {
		t.Error("taken over by itself")
	}
	href := shown.Find(`a[href*="?reply="]`).AttrOr("href", "")
	taken := h.worker.Get(href)
	if text := taken.Find("textarea#words").Text(); !strings.Contains(text, "I said this to Sam.\n\nWhat is going well?\nDrama club") {
		t.Errorf("the form: %q", text)
	}
	if saved := h.worker.Post(voicePage, taken.Form("/voice")); saved.Status != 303 {
		t.Fatalf("saved: %d %v", saved.Status, saved.Errors())
	}
	if shown := h.worker.Get(voicePage); shown.Find(`a[href*="?reply="]`).Length() != 0 {
		t.Error("what is in the plan is offered again")
	}
}

func TestTheDoorSaysWhatCameOfItLastTime(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.wish(t, h.teacher, "words", "A later bus")
	at := func(name string) string { return fmt.Sprintf("%s-%d", name, id) }
	answer := fmt.Sprintf("%s/%d/answer", h.wishes, id)
	h.teacher.Post(answer, webtest.With(h.teacher.Get(h.wishes).Form("/answer"), at("kind"), "done", at("answer"), "The bus comes at 8.40 now.", at("told"), "yes"))
	if page := h.Visitor().Get(h.give(t, h.teacher, "plain")); !strings.Contains(page.Says(), "You said: A later busWe did it: The bus comes at 8.40 now.") {
		t.Errorf("%s", page.Says())
	}
}

func TestLinksThatDoNotWorkLookAlike(t *testing.T) {
	t.Parallel()
	h := open(t)
	young := h.Visitor()
	used := h.give(t, h.teacher, "plain")
	form := young.Get(used).Form(used)
	young.Post(used, webtest.With(form, "good", "Art", "audience", "everyone"))
	revoked := h.give(t, h.teacher, "plain")
	expired := h.give(t, h.teacher, "plain") // which takes the one before back
	h.Exec(`update voice_link set made_at = '2026-10-01', expires_at = '2026-11-01' where used_at is null and revoked_at is null`)
	type seen struct {
		name   string
		status int
		body   []byte
		header string
	}
	var all []seen
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		for name, path := range map[string]string{"used": used, "taken back": revoked, "too old": expired, "made up": "/my-plan/AAAAAAAAAAAAAAAAAAAAAAAAAA", "odd": "/my-plan/%00%27"} {
			var page *webtest.Page
			if method == http.MethodGet {
				page = young.Get(path)
			} else {
				page = young.Post(path, webtest.With(form, "key", "", "good", "Art", "audience", "everyone"))
			}
			header := page.Header.Clone()
			header.Del("X-Request-Id")
			header.Del("Date")
			all = append(all, seen{method + " " + name, page.Status, []byte(page.Body), fmt.Sprint(header)})
		}
	}
	for _, one := range all {
		if one.status != http.StatusNotFound || !bytes.Equal(one.body, all[0].body) || one.header != all[0].header {
			t.Errorf("%s answers %d with %d bytes; %s answers %d with %d", one.name, one.status, len(one.body), all[0].name, all[0].status, len(all[0].body))
		}
	}
	if h.ID(`select count(*) from voice_reply`) != 1 {
		t.Error("a link that does not work was used")
	}
}

func TestTwoPostsAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	path := h.give(t, h.teacher, "plain")
	statuses := make([]int, 4)
	visitors := make([]*webtest.Visitor, 4)
	forms := make([]url.Values, 4)
	for n := range visitors {
		visitors[n] = h.Visitor()
		forms[n] = webtest.With(visitors[n].Get(path).Form(path), "wish-1", fmt.Sprint("Wish ", n), "audience", "everyone")
	}
	var all sync.WaitGroup
	for n := range visitors {
		all.Go(func() { statuses[n] = visitors[n].Post(path, forms[n]).Status })
	}
	all.Wait()
	counts := map[int]int{}
	for _, status := range statuses {
		counts[status]++
	}
	if counts[200] != 1 || counts[404] != 3 || h.ID(`select count(*) from wish`) != 1 {
		t.Errorf("answers %v", statuses)
	}
}

func TestGuessersWait(t *testing.T) {
	t.Parallel()
	h := open(t)
	path := h.give(t, h.teacher, "plain")
	young := h.Visitor()
	for n := range 30 { // opening a link that works is never slowed down
		if page := young.Get(path); page.Status != 200 {
			t.Fatalf("look %d: %d", n, page.Status)
		}
	}
	form := webtest.With(young.Get(path).Form(path), "good", "Line one\nline two", "audience", "everyone")
	tries := 0
	page := young.Get("/my-plan/guess")
	for ; page.Status == 404 && tries < 60; tries++ {
		page = young.Get(fmt.Sprint("/my-plan/guess", tries))
	}
	if page.Status != 429 || page.Header.Get("Retry-After") == "" || tries > 25 {
		t.Fatalf("after %d tries: %d", tries, page.Status)
	}
	waits := young.Post(path, form)
	if waits.Status != 429 || waits.Form(path).Get("good") != "Line one\nline two" || waits.Form(path).Get("audience") != "everyone" || waits.Form(path).Get("key") != form.Get("key") {
		t.Errorf("what was typed: %d %v", waits.Status, waits.Form(path))
	}
	h.Exec(`delete from sign_in_failure`)
	if sent := young.Post(path, waits.Form(path)); sent.Status != 200 || !strings.Contains(sent.Says(), "Thank you") {
		t.Errorf("after the wait: %d", sent.Status)
	}
}

func TestEveryLevelIsWorded(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, level := range voice.Levels {
		page := h.Visitor().Get(h.give(t, h.worker, string(level)))
		if page.Status != 200 || page.Find("fieldset legend").Length() < 5 || (page.Find(".vs-door__picture").Length() > 0) != (level == voice.Pictures) {
			t.Errorf("%s: %d, %d pictures", level, page.Status, page.Find(".vs-door__picture").Length())
		}
		page.Find("label, legend").Each(func(_ int, s *selection) {
			if strings.TrimSpace(s.Text()) == "" {
				t.Errorf("%s: a label without words", level)
			}
		})
	}
}
