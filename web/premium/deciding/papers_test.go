package deciding_test

import (
	"strings"
	"testing"

	"virtualschool/internal/document"
)

func TestDocumentsStandWhereMoneyIsDecided(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	with, without := d.ask(0, 300, 2), d.ask(1, 200, 1)
	err := d.Options.Services.Premium.AddDocument(t.Context(), d.teacherActor, d.children[0], d.ID(`select id from premium_request where child_id = $1`, d.children[0]),
		document.Upload{Name: "quotation.txt", Content: []byte("Ten hours at £30")})
	if err != nil {
		t.Fatal(err)
	}
	rows := d.deputy.Get("/premium/requests").Find("tbody tr")
	if first, second := rows.Eq(0).Text(), rows.Eq(1).Text(); !strings.Contains(first, "1 document") || strings.Contains(second, "document") {
		t.Errorf("the queue: %q, %q", first, second)
	}
	if link := d.deputy.Get(with).Find(`a[href*="/documents/"]`); link.Text() != "quotation.txt" {
		t.Errorf("where it is decided: %q", link.Text())
	}
	if says := d.deputy.Get(without).Says(); strings.Contains(says, "Documents") {
		t.Errorf("a request without documents: %s", says)
	}
}
