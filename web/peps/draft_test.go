package peps_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// typing is what a page's script sends of a form: all but the key, under the name of the page.
func typing(form url.Values, turn string, pairs ...string) url.Values {
	typed := webtest.With(form, append([]string{"draft_page", form.Get("key"), "draft_turn", turn}, pairs...)...)
	typed.Del("key")
	return typed
}

func TestWordsAreKeptAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	page, drafts := plan+"/sections/education", plan+"/drafts/education"
	first := h.teacher.Get(page)
	form := first.Form("/education")
	if target := first.Find("form[data-vs-draft]").AttrOr("data-vs-draft", ""); target != drafts || first.Find("[data-vs-draft-status][role=status]").Length() != 1 {
		t.Fatalf("the page keeps drafts at %q", target)
	}
	kept := h.teacher.Post(drafts, typing(form, "1", "behaviour", "Kind to <b>others</b>"))
	if kept.Status != 200 || kept.Body != "Draft saved 10am" || !strings.HasPrefix(kept.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("%d %q", kept.Status, kept.Body)
	}
	again := h.teacher.Get(page)
	if got := again.Form("/education"); got.Get("behaviour") != "Kind to <b>others</b>" || got.Get("draft_from") != form.Get("key") || got.Get("version") != "1" {
		t.Errorf("shown again: %v", got)
	}
	if !strings.Contains(again.Says(), "These are your unsaved words of 23 November 2026 at 10am") || !strings.Contains(again.Says(), "kept until 23 December 2026") {
		t.Error(again.Says())
	}
	seen := h.colleague.Get(page)
	if !strings.Contains(seen.Says(), "Tia Teacher has unsaved words here from 23 November 2026.") || strings.Contains(seen.Body, "Kind to") || seen.Find(`form[action$="/take"]`).Length() != 0 {
		t.Errorf("a colleague sees: %s", seen.Says())
	}
	if strings.Contains(h.worker.Get(page).Says(), "unsaved") {
		t.Error("who does not write the section hears of unsaved words")
	}
	elsewhere := h.Child("Noah", "Bell", "2017-05-05")
	h.OnRoll(elsewhere, h.ID(`select setting_id from roll where child_id = $1`, h.child), "[2025-09-01,)")
	for path, want := range map[string]int{
		"/children/" + webtest.Number(elsewhere) + strings.TrimPrefix(drafts, "/children/"+webtest.Number(h.child)): 404,
		plan + "/drafts/nonsense": 404, plan + "/drafts/care": 403,
	} {
		if answer := h.teacher.Post(path, typing(form, "2", "behaviour", "x")); answer.Status != want {
			t.Errorf("%s: %d", path, answer.Status)
		}
	}
	other := h.teacher.Post(drafts, typing(webtest.With(form, "key", "11111111-1111-4111-8111-111111111111"), "1", "behaviour", "In another window"))
	if other.Status != 409 || !strings.Contains(other.Body, "another window") {
		t.Errorf("another window: %d %s", other.Status, other.Body)
	}
	done(t, h.teacher.Post(page, webtest.With(again.Form("/education"), "complete", "no")))
	if after := h.teacher.Get(page); strings.Contains(after.Says(), "unsaved") || after.Form("/education").Get("behaviour") != "Kind to <b>others</b>" {
		t.Errorf("after the save: %s", after.Says())
	}
}

func TestUnsavedWordsAreThrownAwayOrHandedOver(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	page, drafts := plan+"/sections/education", plan+"/drafts/education"
	later := h.teacher.Post(drafts, webtest.With(h.teacher.Get(page).Form("/education"), "behaviour", "Kind", "later", "yes"))
	if later.Status != 303 || later.Location != plan || !strings.Contains(h.teacher.Get(plan).Find(".govuk-notification-banner").Text(), "kept until 23 December 2026") {
		t.Fatalf("finish later: %d %s", later.Status, later.Location)
	}
	done(t, send(t, h.teacher, page, "complete", "no")) // the key has not been used up
	later = h.teacher.Post(drafts, webtest.With(h.teacher.Get(page).Form("/education"), "behaviour", "Kinder", "later", "yes"))
	done(t, later)
	done(t, h.teacher.Post(drafts+"/drop", h.teacher.Get(page).Form("/drop")))
	if got := h.teacher.Get(page).Form("/education").Get("behaviour"); got != "Kind" {
		t.Errorf("thrown away: %q", got)
	}
	done(t, h.teacher.Post(drafts, webtest.With(h.teacher.Get(page).Form("/education"), "behaviour", "Kindest", "later", "yes")))
	if early := h.colleague.Post(drafts+"/take", url.Values{"from": {"2"}}); early.Status != 409 {
		t.Errorf("taken while at work: %d", early.Status)
	}
	done(t, h.teacher.Post(drafts+"/hand-over", h.teacher.Get(page).Form("/hand-over")))
	seen := h.colleague.Get(page)
	if !strings.Contains(seen.Says(), "Tia Teacher left unsaved words here on 23 November 2026") {
		t.Fatal(seen.Says())
	}
	done(t, h.colleague.Post(drafts+"/take", seen.Form("/take")))
	if got := h.colleague.Get(page).Form("/education").Get("behaviour"); got != "Kindest" {
		t.Errorf("taken over: %q", got)
	}
	if page := h.teacher.Get(page); strings.Contains(page.Find("textarea").Text(), "Kindest") {
		t.Error("the words have two owners")
	}
}

// Where no script runs, a form that comes back is kept all the same.
func TestWhatComesBackIsKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	refused := send(t, h.teacher, plan+"/sections/education", "behaviour", "Kind", "attendance", "lots", "complete", "yes")
	if refused.Status != 422 {
		t.Fatal(refused.Status)
	}
	if got := h.teacher.Get(plan + "/sections/education").Form("/education"); got.Get("behaviour") != "Kind" || got.Get("attendance") != "lots" || got.Get("complete") != "" {
		t.Errorf("refused: %v", got)
	}
	done(t, h.teacher.Post(plan+"/sections/education", webtest.With(refused.Form("/education"), "attendance", "93", "complete", "no")))
	if says := h.teacher.Get(plan + "/sections/education").Says(); strings.Contains(says, "unsaved") {
		t.Errorf("corrected and saved: %s", says)
	}
	added := send(t, h.teacher, plan+"/meeting", "name-0", "Maya", "name-4", "Pat Carer", "add", "yes")
	if added.Status != 200 || added.Find(`[name="name-5"]`).Length() != 1 {
		t.Fatal(added.Status)
	}
	form := h.teacher.Get(plan + "/meeting").Form("/meeting")
	if form.Get("name-0") != "Maya" || form.Get("name-4") != "Pat Carer" {
		t.Errorf("add another: %v", form)
	}
	done(t, h.teacher.Post(plan+"/meeting", webtest.With(form, webtest.Date("on", "1", "12", "2026")...)))

	mine, theirs := h.teacher.Get(plan+"/voice").Form("/voice"), h.worker.Get(plan+"/voice").Form("/voice")
	asked := join(webtest.Date("on", "20", "11", "2026"), []string{"how", "in_person", "with", "Tia"})
	done(t, h.worker.Post(plan+"/voice", webtest.With(theirs, append(asked, "words", "I like maths")...)))
	if late := h.teacher.Post(plan+"/voice", webtest.With(mine, append(asked, "words", "I like art")...)); late.Status != 409 {
		t.Fatal(late.Status)
	}
	page := h.teacher.Get(plan + "/voice")
	if got := page.Form("/voice"); got.Get("words") != "I like art" || got.Get("version") != "2" {
		t.Errorf("both texts later: %v", got)
	}
	if says := page.Says(); !strings.Contains(says, "Sam Worker saved this part on 23 November 2026 at 10am, after you had begun") || !strings.Contains(page.Find("table").Text(), "I like maths") {
		t.Errorf("both texts later: %s", says)
	}
	done(t, h.teacher.Post(plan+"/voice", webtest.With(page.Form("/voice"), "words", "I like maths and art")))
}

// Words typed before somebody else submitted the plan are still there to be copied.
func TestWordsOutliveTheirPlan(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	form := h.teacher.Get(plan + "/targets").Form("/targets")
	h.Exec(`update pep set state = 'submitted', submitted_at = '2026-11-23' where child_id = $1`, h.child)
	if kept := h.teacher.Post(plan+"/drafts/targets", typing(form, "1", "what-0", "Read aloud")); kept.Status != 200 {
		t.Fatal(kept.Status)
	}
	if page := h.teacher.Get(plan + "/targets"); page.Find("main textarea").Length() != 0 || !strings.Contains(page.Find("table").Text(), "Read aloud") {
		t.Errorf("%s", page.Says())
	}
}

func TestASessionThatEndsLeadsBackToTheWords(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	page := plan + "/sections/education"
	form := h.teacher.Get(page).Form("/education")
	if kept := h.teacher.Post(plan+"/drafts/education", typing(form, "1", "behaviour", strings.Repeat("Two thousand words. ", 600))); kept.Status != 200 {
		t.Fatal(kept.Status)
	}
	who := h.ID(`select account_id from pep_draft`)
	visitor := h.Visitor() // the session has ended
	sent := visitor.PostFrom(page, page, form)
	if sent.Status != 303 || sent.Location != "/sign-in?ended=1&then="+url.QueryEscape(page) {
		t.Fatalf("%d %s", sent.Status, sent.Location)
	}
	entry := visitor.Get(sent.Location)
	if got := entry.Form("/sign-in").Get("then"); got != page || !strings.Contains(entry.Says(), "your words are there after you sign in") {
		t.Errorf("%q %s", got, entry.Says())
	}
	if foreign := visitor.PostFrom(page, "https://elsewhere.test/x", form); strings.Contains(foreign.Location, "then") {
		t.Errorf("sent to %s", foreign.Location)
	}
	h.Password(access.Actor{ID: who}, "a long enough phrase")
	email := h.Text(`select email from account where id = $1`, who)
	in := visitor.Post("/sign-in", webtest.With(entry.Form("/sign-in"), "email", email, "password", "a long enough phrase"))
	if in.Status != 303 || in.Location != page {
		t.Errorf("%d to %s", in.Status, in.Location)
	}
	if got := h.As(access.Actor{ID: who}).Get(page).Form("/education").Get("behaviour"); len(got) < 10_000 {
		t.Errorf("%d characters are there", len(got))
	}
}

// TestTwoThousandWordsOutliveASession types a plan's section and goes away until the session is over, once by
// lying unused and once by its longest time: after signing in again every word is there.
//
// ASVS 5.0: 7.3.1, 7.3.2
func TestTwoThousandWordsOutliveASession(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	page, drafts := plan+"/sections/education", plan+"/drafts/education"
	who := h.ID(`select id from account where name = 'Tia Teacher'`)
	h.Password(access.Actor{ID: who}, "a long enough phrase")
	email := h.Text(`select email from account where id = $1`, who)
	for turn, away := range []time.Duration{21 * time.Minute, 9 * time.Hour} {
		var words []string
		for n := range 2000 {
			words = append(words, fmt.Sprintf("wörd%d-%d", turn, n))
		}
		text := strings.Join(words, " ")
		form := h.teacher.Get(page).Form("/education")
		if kept := h.teacher.Post(drafts, typing(form, "1", "behaviour", text)); kept.Status != 200 {
			t.Fatalf("%d %s", kept.Status, kept.Body)
		}
		before := h.teacher.Token()
		h.Passes(away)
		sent := h.teacher.PostFrom(page, page, webtest.With(form, "behaviour", text))
		if sent.Status != 303 || !strings.HasPrefix(sent.Location, "/sign-in?ended=1&then=") {
			t.Fatalf("after %v: %d %s", away, sent.Status, sent.Location)
		}
		in := h.teacher.Post("/sign-in", webtest.With(h.teacher.Get(sent.Location).Form("/sign-in"), "email", email, "password", "a long enough phrase"))
		if in.Status != 303 || in.Location != page || h.teacher.Token() == before {
			t.Fatalf("%d to %s", in.Status, in.Location)
		}
		if got := h.teacher.Get(in.Location).Form("/education").Get("behaviour"); got != text {
			t.Errorf("after %v: %d words came back, %d characters of %d", away, len(strings.Fields(got)), len(got), len(text))
		}
	}
}
