package premium_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestItemsAreAddedUpAndKeptThroughEveryMistake(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	form := p.wish(p.teacher, "amount", "", "items-what-0", "Tuition, an hour", "items-quantity-0", "10", "items-price-0", "42.50")
	more := p.teacher.Post(p.path+"/new", webtest.With(form, "add", "items"))
	if more.Status != 200 || more.Find("[data-vs-row]").Length() != 2 || more.Form("/premium/new").Get("items-what-0") != "Tuition, an hour" || len(more.Errors()) != 0 {
		t.Fatalf("one more row: %d, %d rows, %v", more.Status, more.Find("[data-vs-row]").Length(), more.Errors())
	}
	// A row left empty in the middle closes up; what is wrong is told beside its field and nothing is lost.
	typed := webtest.With(form, "items-what-1", "", "items-quantity-1", "", "items-price-1", "", "items-what-2", "School blazers", "items-quantity-2", "many", "items-price-2", "12.345",
		"difference", strings.Repeat("word ", 900), "ends-day", "31", "ends-month", "9", "ends-year", "2027", "group", "1")
	wrong := p.teacher.Post(p.path+"/new", typed)
	kept := wrong.Form("/premium/new")
	if wrong.Status != 422 || kept.Get("items-what-1") != "School blazers" || kept.Get("items-quantity-1") != "many" || kept.Get("items-price-1") != "12.345" ||
		kept.Get("items-price-0") != "42.50" || kept.Get("difference") != typed.Get("difference") || kept.Get("ends-day") != "31" || kept.Get("group") != "1" {
		t.Errorf("not kept: %d %v", wrong.Status, kept)
	}
	for _, field := range []string{"items-quantity-1", "items-price-1", "difference", "ends", "group"} {
		if wrong.Find(`.govuk-error-summary a[href^="#`+field+`"]`).Length() != 1 {
			t.Errorf("nothing is told about %s: %v", field, wrong.Errors())
		}
	}
	refused := p.teacher.Post(p.path+"/new", webtest.With(form, "items-what-1", "School blazers", "items-quantity-1", "2", "items-price-1", "30"))
	if refused.Status != 422 || !strings.Contains(refused.Says(), "Uniform is part of the carer's allowance") || refused.Find("textarea[name=exception]").Length() != 1 {
		t.Fatalf("not funded: %d %s", refused.Status, refused.Says())
	}
	sent := p.teacher.Post(p.path+"/new", webtest.With(refused.Form("/premium/new"), "exception", "The placement has just begun"))
	if sent.Status != 303 {
		t.Fatalf("with a reason: %d %v", sent.Status, sent.Errors())
	}
	for who, page := range map[string]*webtest.Page{"the teacher": p.teacher.Get(sent.Location), "the deputy": p.deputy.Get(sent.Location)} {
		for _, words := range []string{"£485.00", "School blazers", "£425.00", "The placement has just begun"} {
			if !strings.Contains(page.Says(), words) {
				t.Errorf("%s is not told %q", who, words)
			}
		}
	}
	again := p.teacher.Get(sent.Location + "/change").Form("/change")
	if again.Get("items-quantity-0") != "10" || again.Get("items-price-1") != "30.00" || again.Get("amount") != "" {
		t.Errorf("to be changed: %v", again)
	}
	alike := p.advisor.Post(p.path+"/new", webtest.With(p.wish(p.advisor), "add", "items"))
	if !strings.Contains(alike.Says(), "may already have been asked for") {
		t.Errorf("a second request for the same: %s", alike.Says())
	}
	if second := p.advisor.Post(p.path+"/new", p.wish(p.advisor)); second.Status != 303 {
		t.Errorf("advice stops nobody: %d %v", second.Status, second.Errors())
	} else if says := p.deputy.Get(second.Location).Says(); !strings.Contains(says, "may be for the same need") {
		t.Errorf("the deputy is not told: %s", says)
	}
	if torn := p.teacher.Post(p.path+"/new", webtest.With(form, "items-what-0", "A\x00B", "items-quantity-0", "99999999999999999999", "items-price-0", "99999999999999999999")); torn.Status != 422 {
		t.Errorf("torture: %d", torn.Status)
	}
}

func TestADraftIsKeptAndSentFromItsPage(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	blank := p.teacher.Get(p.path + "/new").Form("/premium/new")
	kept := p.teacher.Post(p.path+"/new", webtest.With(blank, "save", "draft", "purpose", "Half a thought"))
	if kept.Status != 303 || !strings.HasSuffix(kept.Location, "/change") {
		t.Fatalf("a draft: %d %s %v", kept.Status, kept.Location, kept.Errors())
	}
	request := strings.TrimSuffix(kept.Location, "/change")
	if says := p.teacher.Get(p.path).Says(); !strings.Contains(says, "Draft") {
		t.Errorf("not listed to its writer: %s", says)
	}
	for name, who := range map[string]*webtest.Visitor{"the advisor": p.advisor, "the deputy": p.deputy} {
		if got := who.Get(request).Status; got != 404 {
			t.Errorf("%s opens it: %d", name, got)
		}
		if says := who.Get(p.path).Says(); !strings.Contains(says, "Nothing asked for yet") {
			t.Errorf("%s sees it: %s", name, says)
		}
	}
	form := p.teacher.Get(kept.Location).Form("/change")
	if form.Get("purpose") != "Half a thought" {
		t.Errorf("the draft: %v", form)
	}
	if early := p.teacher.Post(kept.Location, form); early.Status != 422 || early.Form("/change").Get("purpose") != "Half a thought" {
		t.Errorf("sent half-finished: %d", early.Status)
	}
	whole := webtest.With(form, "key", "", "category", "literacy", "difference", "Reads more", "items-what-0", "Books", "items-price-0", "20")
	if saved := p.teacher.Post(kept.Location, webtest.With(whole, "save", "draft")); saved.Status != 303 || saved.Location != kept.Location {
		t.Errorf("kept again: %d %s", saved.Status, saved.Location)
	}
	if stale := p.teacher.Post(kept.Location, whole); stale.Status != 409 || stale.Form("/change").Get("difference") != "Reads more" {
		t.Errorf("from a stale page: %d", stale.Status)
	}
	if sent := p.teacher.Post(kept.Location, p.teacher.Get(kept.Location).Form("/change")); sent.Status != 303 || sent.Location != request {
		t.Fatalf("sent: %d %s %v", sent.Status, sent.Location, sent.Errors())
	}
	if page := p.deputy.Get(request); page.Status != 200 || !strings.Contains(page.Says(), "Waiting for a decision") {
		t.Errorf("the deputy: %d", page.Status)
	}
}

func TestThePayingPolicyIsShownToWhoeverMayAsk(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	page := p.teacher.Get("/premium/scheme")
	for _, words := range []string{"Needs-led", "invoice or receipt", "Taxi", "is not a personal budget"} {
		if !strings.Contains(strings.ToLower(page.Says()), strings.ToLower(words)) {
			t.Errorf("the page does not say %q: %s", words, page.Says())
		}
	}
	if strings.Contains(page.Says(), "Change the policy") || !strings.Contains(p.head.Get("/premium/scheme").Says(), "Change the policy") {
		t.Error("the head sets the policy and nobody else")
	}
	p.Exec(`insert into policy_value (key, value, valid, source, set_at) values ('premium.scheme', '"termly_release"', '[2026-09-01,)', 'Schools forum', '2026-09-01')`)
	if says := p.teacher.Get("/premium/scheme").Says(); !strings.Contains(says, "£550.00 for each child and term") || !strings.Contains(says, "Schools forum") {
		t.Errorf("termly: %s", says)
	}
	p.Exec(`update policy_value set value = '"gone"' where key = 'premium.scheme'`)
	if says := p.head.Get("/premium/scheme").Says(); !strings.Contains(says, "“gone” is set and is not there") || !strings.Contains(says, "Needs-led") {
		t.Errorf("a policy that is not there: %s", says)
	}
	if got := p.As(p.Person(access.SocialWorker, "Sal Worker")).Get("/premium/scheme").Status; got != 403 {
		t.Errorf("a social worker: %d", got)
	}
}
