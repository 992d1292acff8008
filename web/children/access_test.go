package children_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

func TestWhoChangedTheRecordIsToldInWords(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	head := site.As(site.Person(access.Head, "Hal Head"))
	maya := site.Child("Maya", "Okafor", "2015-03-02")
	site.OnRoll(maya, site.Setting("Old Hall Primary"), "[2025-09-01,)")
	after := site.Setting("New Meadow School")
	path := "/children/" + webtest.Number(maya)

	move := head.Get(path + "/school?school=Meadow").Form("/school")
	move = webtest.With(move, append(webtest.Date("from", "23", "11", "2026"), "setting", webtest.Number(after))...)
	if answer := head.Post(path+"/school", move); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	if answer := head.Post(path+"/peps/new", head.Get(path+"/peps/new").Form("/peps/new")); answer.Status != 303 {
		t.Fatalf("%d %v", answer.Status, answer.Errors())
	}
	page := head.Get(path + "/access")
	for _, words := range []string{"School: changed school", "PEP: started", "Hal Head " + access.Head.Name()} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("%q is not on the page: %s", words, page.Says())
		}
	}
}
