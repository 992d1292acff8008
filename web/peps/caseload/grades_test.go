package caseload_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// handedIn arranges a plan that was held, submitted and taken in, of a term of 2025/26.
func (h *town) handedIn(child int64, term, day string) int64 {
	return h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, started_by, started_at, submitted_by, submitted_at, signed_off_by, signed_off_at)
		values ($1, 'termly', 'primary', 1, 2025, $2, 'signed_off', $3::text::date, true, 1, $3::text::date - 9, 1, $3::text::date, 1, $3::text::date + 1) returning id`, child, term, day)
}

// graded arranges a grading by somebody.
func (h *town) graded(plan, child int64, submission int, grade string, by access.Actor) int64 {
	return h.ID(`insert into pep_grading (pep_id, child_id, submission, round, rubric, rubric_version, grade, effect, because, marked_by, marked_at)
		values ($1, $2, $3, 'first', 'rag', 1, $4, case $4 when 'red' then 'return' when 'amber' then 'follow_up' else 'accept' end, 'as arranged', $5, '2026-07-20') returning id`,
		plan, child, submission, grade, by.ID)
}

func TestPlansAreFoundByTheirGrade(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Exec(`update care_period set period = '[2025-09-01,)'`)
	lea := h.Person(access.LeadAdvisor, "Lea Lead")
	lead, support := h.As(lea), h.Person(access.SupportAdvisor, "Sue Support")
	h.Allocate(h.maya, "support_advisor", support, "[2026-01-01,)")
	before, after := h.handedIn(h.maya, "spring", "2026-02-10"), h.handedIn(h.maya, "summer", "2026-06-10")
	h.graded(before, h.maya, 1, "red", h.ada)
	h.graded(after, h.maya, 1, "red", h.ada)
	h.graded(after, h.maya, 2, "amber", lea) // corrected, and graded anew
	seen := h.handedIn(h.late, "summer", "2026-06-12")
	second := h.graded(seen, h.late, 1, "green", h.bob)
	h.Exec(`insert into pep_second_marking (grading_id, pep_id, child_id, first_marker, submission, rubric, rubric_version, picked_because, picked_at)
		values ($1, $2, $3, $4, 1, 'rag', 1, 'chance', '2026-07-20')`, second, seen, h.late, h.bob.ID)
	h.Child("Nia", "New", "2015-01-09")

	check := func(who *webtest.Visitor, want map[string]string) {
		t.Helper()
		for query, names := range want {
			rows := who.Get("/peps" + query).Find("main tbody tr")
			csv := who.Get("/peps.csv" + query)
			for _, name := range []string{"Maya", "Late", "Nia"} {
				if in := strings.Contains(names, name); strings.Contains(rows.Text(), name) != in || strings.Contains(csv.Body, name) != in {
					t.Errorf("%s: %s\n%s", query, rows.Text(), csv.Body)
				}
			}
		}
	}
	// The grade of the plan submitted last counts, of its last submission. Who marks second is not told the first grade.
	check(lead, map[string]string{"?grade=amber": "Maya", "?grade=red": "", "?grade=green": "", "?grade=second-marking": "Late", "?grade=not-graded": "Nia", "?grade=gold": "",
		"?term=2025-spring&grade=red": "Maya", "?term=2025-spring&grade=not-graded": "Late Nia", "?grade=amber&advisor=" + webtest.Number(h.bob.ID): ""})
	check(h.As(h.bob), map[string]string{"?grade=green": "Late", "?grade=second-marking": ""})
	page := lead.Get("/peps?grade=amber")
	if !strings.Contains(page.Find("main thead").Text(), "Grade") || page.Find("main tbody tr .govuk-tag--orange").Text() != "Amber" || !strings.Contains(page.Find("main tbody").Text(), "Summer 2025/26") ||
		!strings.Contains(page.Find(".vs-filter__selected").Text(), "Grade: Amber") || page.Find(`select[name="grade"] option`).Length() != 6 || !strings.Contains(page.Says(), "1 child") {
		t.Errorf("the lead reads %s", page.Says())
	}
	if csv := lead.Get("/peps.csv?grade=amber").Body; !strings.Contains(csv, `Last submitted plan,Its grade`) || !strings.Contains(csv, `"Termly review, Summer 2025/26",Amber`) {
		t.Errorf("downloaded: %s", csv)
	}
	if reminded := lead.Get("/peps/remind?all=yes&grade=red"); !strings.Contains(reminded.Says(), "No child was chosen") {
		t.Errorf("all of none are chosen: %s", reminded.Says())
	}

	// Whoever does not grade has neither the column nor the filter, and cannot ask by the address.
	for name, who := range map[string]*webtest.Visitor{"school": h.teacher, "social worker": h.worker, "support advisor": h.As(support)} {
		page := who.Get("/peps?grade=green")
		if page.Status != 200 || !strings.Contains(page.Find("main tbody").Text(), "Maya") || strings.Contains(page.Find("main thead").Text(), "Grade") || strings.Contains(page.Says(), "Amber") || page.Find(`select[name="grade"]`).Length() != 0 {
			t.Errorf("%s: %s", name, page.Says())
		}
	}
	if csv := h.As(support).Get("/peps.csv?grade=green"); csv.Status != 200 || !strings.Contains(csv.Body, "Maya") || strings.Contains(csv.Body, "Amber") || strings.Contains(csv.Body, "Its grade") {
		t.Errorf("a support advisor downloads %s", csv.Body)
	}
}
