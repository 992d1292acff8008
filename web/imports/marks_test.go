package imports_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// A file whose headings say nothing waits until a person has said what they hold, and what is wrong in it then stops all of it.
func TestMarksWhoseColumnsAreAskedFor(t *testing.T) {
	t.Parallel()
	s := newSite(t, access.DataOfficer)
	id := s.idOf(s.send("marks", s.get("/imports").key("/imports/marks"), "odd.csv", "Pupil,Tag,Half,Sign\nC9,19/11/2025,AM,/\n").location)
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/imports/%d", id)
	asked := s.get(path)
	if asked.Find(`select[name="child_id"] option[value="Pupil"]`).Length() != 1 || !strings.Contains(asked.says(), "line 1: No heading says which child") {
		t.Fatalf("asked: %s", asked.says())
	}
	none := s.post(path+"/columns", asked.key(path+"/columns")+"&date=Tag")
	if none.status != http.StatusUnprocessableEntity || none.Find(`.govuk-error-summary a[href="#child_id"]`).Length() != 1 || none.Find(`select[name="date"] option[selected]`).Text() != "Tag" {
		t.Errorf("no child: %d %s", none.status, none.says())
	}
	said := s.post(path+"/columns", none.key(path+"/columns")+"&child_id=Pupil&date=Tag&session=Half&mark=Sign")
	if said.location != path {
		t.Fatalf("said: %d %s", said.status, said.says())
	}
	if err := s.Intake.Check(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	preview := s.get(path)
	if preview.Find(`form[action$="/confirm"]`).Length() != 0 || !strings.Contains(preview.says(), "Nothing can go in yet") || !strings.Contains(preview.says(), "odd.csv, line 2") {
		t.Errorf("preview: %s", preview.says())
	}
	if again := s.post(path+"/columns", said.key(path+"/columns")+"&child_id=Pupil"); again.status != http.StatusConflict {
		t.Errorf("said twice: %d", again.status)
	}
}
