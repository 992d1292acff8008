package signin_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestAFormSentAfterTheSessionEndedSaysSo(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	site.Person(access.Head, "Hal Head")
	maya := site.Child("Maya", "Okafor", "2015-03-02")
	stranger := site.Visitor()
	const ended = "You were signed out before this was saved."

	sent := stranger.Post("/children/"+webtest.Number(maya)+"/notes", url.Values{"words": {"A good visit."}})
	if sent.Status != 303 || sent.Location != "/sign-in?ended=1" {
		t.Fatalf("%d to %s", sent.Status, sent.Location)
	}
	if page := stranger.Get(sent.Location); page.Status != 200 || !strings.Contains(page.Says(), ended) || page.Find("[role=region] .govuk-notification-banner__heading").Length() != 1 {
		t.Errorf("%d %s", page.Status, page.Says())
	}
	read := stranger.Get("/children/" + webtest.Number(maya))
	if page := stranger.Get(read.Location); page.Status != 200 || strings.Contains(page.Says(), ended) {
		t.Errorf("after reading only: %d %s", page.Status, page.Says())
	}
}
