package peps_test

import (
	"strings"
	"testing"
)

func TestATableIsFilledRowByRow(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	page := plan + "/sections/attainment"
	shown := h.teacher.Get(page)
	if cells := shown.Find(`input[name^="tests-"]`).Length(); cells != 3 {
		t.Errorf("an empty table begins with one row; it has %d cells", cells)
	}
	more := send(t, h.teacher, page, "tests-0-test", "Single word reading", "add-row", "tests")
	if more.Status != 200 || more.Form("/attainment").Get("tests-0-test") != "Single word reading" || more.Find(`input[name="tests-1-taken"]`).Length() != 1 {
		t.Errorf("another row: %d %v", more.Status, more.Form("/attainment"))
	}
	for typed, message := range map[string]string{"31/9/2026": "real date", "Tuesday": "like 4/9/2026", "4/9/26": "4 numbers", "\x00": ""} {
		refused := send(t, h.teacher, page, "tests-0-test", "Single word reading", "tests-0-taken", typed)
		if message == "" {
			message = "like 4/9/2026"
		}
		if refused.Status != 422 || !strings.Contains(strings.Join(refused.Errors(), " "), message) || refused.Form("/attainment").Get("tests-0-test") != "Single word reading" {
			t.Errorf("%q: %d %v", typed, refused.Status, refused.Errors())
		}
	}
	support := plan + "/sections/support"
	if refused := send(t, h.teacher, support, "provision-0-support", "Tuition", "provision-0-hours", "many"); refused.Status != 422 || !strings.Contains(strings.Join(refused.Errors(), " "), "row 1") {
		t.Errorf("hours: %d %v", refused.Status, refused.Errors())
	}
	done(t, send(t, h.teacher, support, "provision-0-support", "Tuition", "provision-0-hours", "1.5", "provision-0-helps", "Yes", "complete", "no"))
	done(t, send(t, h.teacher, page, "tests-0-test", "Single word reading", "tests-0-taken", "4 September 2026", "tests-0-result", "9 years 2 months", "complete", "no"))
	if form := h.teacher.Get(page).Form("/attainment"); form.Get("tests-0-taken") != "4/9/2026" || !form.Has("tests-1-test") || form.Has("tests-2-test") {
		t.Errorf("filled in again: %v", form)
	}
	printed := h.advisor.Get(plan + "/print").Says()
	for _, words := range []string{"Single word reading", "4 September 2026", "9 years 2 months", "Tuition", "1.5"} {
		if !strings.Contains(printed, words) {
			t.Errorf("the printed plan lacks %q", words)
		}
	}
}
