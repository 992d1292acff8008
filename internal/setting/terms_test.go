package setting_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

var council = setting.Owner{AuthorityCode: "332"}

func autumn() setting.Term {
	t := term(2026, calendar.Autumn, "2026-09-02", "2026-12-18")
	t.HalfTermFrom, t.HalfTermTo, t.CutOff, t.Source = day("2026-10-26"), day("2026-10-30"), day("2026-11-27"), "Council website"
	return t
}

func (h *house) terms(t *testing.T) []setting.KeptTerm {
	t.Helper()
	var kept []setting.KeptTerm
	h.view(t, access.Head, func(b *postgres.Batch) { setting.QueueKeptTerms(b, &kept, "332") })
	return kept
}

func TestTermsAreSetAndChanged(t *testing.T) {
	t.Parallel()
	h := build(t)
	deputy := h.people[access.Deputy]
	if err := h.service.SetTerm(t.Context(), h.people[access.DataOfficer], council, autumn(), 0); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a data officer may not set terms: %v", err)
	}
	if err := h.service.SetTerm(t.Context(), deputy, council, autumn(), 0); err != nil {
		t.Fatal(err)
	}
	kept := h.terms(t)
	if len(kept) != 1 || kept[0].Term() != autumn() {
		t.Fatalf("%+v", kept)
	}
	if err := h.service.SetTerm(t.Context(), deputy, council, autumn(), 0); !errors.Is(err, fault.KindConflict) {
		t.Errorf("thought to be new, but was there: %v", err)
	}
	later := autumn()
	later.CutOff = day("2026-12-04")
	if err := h.service.SetTerm(t.Context(), deputy, council, later, kept[0].Term().Version()); err != nil {
		t.Fatal(err)
	}
	if err := h.service.SetTerm(t.Context(), deputy, council, later, kept[0].Term().Version()); !errors.Is(err, fault.KindConflict) {
		t.Errorf("changed since it was shown: %v", err)
	}
	own := autumn()
	own.Ends, own.CutOff = day("2026-12-11"), calendar.Date{}
	if err := h.service.SetTerm(t.Context(), deputy, setting.Owner{SettingID: h.oak}, own, 0); err != nil {
		t.Fatal(err)
	}
	kept = h.terms(t)
	if len(kept) != 2 || kept[1].School == "" || !kept[1].Term().Own {
		t.Fatalf("%+v", kept)
	}
	if err := h.service.RemoveTerm(t.Context(), deputy, kept[0].ID); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("the council's term was removed: %v", err)
	}
	if err := h.service.RemoveTerm(t.Context(), deputy, kept[1].ID); err != nil {
		t.Fatal(err)
	}
	if len(h.terms(t)) != 1 {
		t.Error("the school's own term is still there")
	}
	if n := h.id(t, `select count(*) from audit_change where subject = 'term'`); n != 4 {
		t.Errorf("%d changes in the audit; want 4", n)
	}
}

func TestWrongTermsAreRefused(t *testing.T) {
	t.Parallel()
	h := build(t)
	if err := h.service.SetTerm(t.Context(), h.people[access.Head], council, autumn(), 0); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		field  string
		change func(*setting.Term)
	}{
		"year":                 {"year", func(t *setting.Term) { t.AcademicYear = 26 }},
		"term":                 {"term", func(t *setting.Term) { t.Name = "winter" }},
		"no first day":         {"starts", func(t *setting.Term) { t.Starts = calendar.Date{} }},
		"no last day":          {"ends", func(t *setting.Term) { t.Ends = calendar.Date{} }},
		"turned round":         {"ends", func(t *setting.Term) { t.Starts, t.Ends = t.Ends, t.Starts }},
		"another year":         {"starts", func(t *setting.Term) { t.Starts = day("2025-09-02") }},
		"half of half-term":    {"half_to", func(t *setting.Term) { t.HalfTermTo = calendar.Date{} }},
		"half-term outside":    {"half_from", func(t *setting.Term) { t.HalfTermFrom, t.HalfTermTo = day("2027-02-15"), day("2027-02-19") }},
		"cut-off before":       {"cut_off", func(t *setting.Term) { t.CutOff = day("2026-08-01") }},
		"no source":            {"source", func(t *setting.Term) { t.Source = "  " }},
		"over the autumn term": {"starts", func(t *setting.Term) { t.Name = calendar.Spring }},
	} {
		wrong := autumn()
		c.change(&wrong)
		version := 0
		if wrong.Name == calendar.Autumn && wrong.AcademicYear == 2026 {
			version = autumn().Version()
		}
		if err := h.service.SetTerm(t.Context(), h.people[access.Head], setting.Owner{}, autumn(), 0); !fault.Of(err).Has("setting") {
			t.Errorf("nobody's term: %v", err)
		}
		if err := h.service.SetTerm(t.Context(), h.people[access.Head], council, wrong, version); !fault.Of(err).Has(c.field) {
			t.Errorf("%s: %v; want a problem with %s", name, err, c.field)
		}
	}
}

func TestTwoSetTheSameTermAtOnce(t *testing.T) {
	t.Parallel()
	h := build(t)
	var wait sync.WaitGroup
	var set sync.Map
	for n := range 6 {
		wait.Go(func() {
			mine := autumn()
			mine.CutOff = mine.CutOff.AddDays(n)
			switch err := h.service.SetTerm(t.Context(), h.people[access.Head], council, mine, 0); {
			case err == nil:
				set.Store(n, true)
			case !errors.Is(err, fault.KindConflict):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	won := 0
	set.Range(func(any, any) bool { won++; return true })
	if won != 1 || len(h.terms(t)) != 1 {
		t.Errorf("%d were told that theirs is set", won)
	}
}

func TestClosedDays(t *testing.T) {
	t.Parallel()
	h := build(t)
	head := h.people[access.Head]
	for _, reason := range []string{"Training", "Staff training"} { // the second time it is put right
		if err := h.service.CloseDay(t.Context(), head, setting.Owner{SettingID: h.oak}, day("2026-11-23"), reason); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.service.CloseDay(t.Context(), head, council, day("2026-11-23"), "Election"); err != nil {
		t.Fatal(err)
	}
	if err := h.service.CloseDay(t.Context(), head, council, calendar.Date{}, ""); !fault.Of(err).Has("day") || !fault.Of(err).Has("reason") {
		t.Errorf("nothing entered: %v", err)
	}
	var days []setting.ClosedDay
	h.view(t, access.Head, func(b *postgres.Batch) { setting.QueueClosedDays(b, &days, "332") })
	if len(days) != 2 || days[1].Reason != "Staff training" || days[0].SettingID != 0 {
		t.Fatalf("%+v", days)
	}
	if err := h.service.OpenDay(t.Context(), h.people[access.Advisor], days[0].ID); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("an advisor opened a school: %v", err)
	}
	if err := h.service.OpenDay(t.Context(), head, days[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := h.service.OpenDay(t.Context(), head, days[0].ID); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

const termFile = `la,school_urn,academic_year,term,starts,half_term_from,half_term_to,ends
,,2026/27,autumn,2026-09-02,2026-10-26,2026-10-30,2026-12-18
,,2026/27,spring,05/01/2027,15/02/2027,19/02/2027,25/03/2027
301,,2026/27,autumn,2026-09-01,,,2026-12-17
,100001,2026/27,autumn,2026-09-07,2026-10-19,2026-10-30,2026-12-11
,999998,2026/27,autumn,2026-09-07,,,2026-12-11
,,2026/27,summer,2027-03-01,,,2027-07-20
,,2026/27,winter,2027-03-01,,,2027-07-20
Dudley,,2026/27,summer,2027-04-12,,,2027-07-20
`

func TestATermFile(t *testing.T) {
	t.Parallel()
	h := build(t)
	head := h.people[access.Head]
	preview, err := h.service.LoadTermDates(t.Context(), head, setting.TermFile{Content: strings.NewReader(termFile), Source: "File of June"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if got := preview.Loaded.Line(); got != "new 3, changed 0, same 0, conflict 0, rejected 5" {
		t.Errorf("%s: %+v", got, preview.Problems)
	}
	if len(h.terms(t)) != 0 {
		t.Fatal("a preview stored terms")
	}
	about := map[int]string{}
	for _, p := range preview.Problems {
		about[p.Line] = p.Column
	}
	// Spring and the first summer overlap: neither can be taken for the right one.
	for line, column := range map[int]string{3: "starts", 6: "school_urn", 7: "starts", 8: "term", 9: "la"} {
		if about[line] != column {
			t.Errorf("line %d: problem in column %q; want %q", line, about[line], column)
		}
	}
	applied, err := h.service.LoadTermDates(t.Context(), head, setting.TermFile{Content: strings.NewReader(termFile), Source: "File of June"}, true)
	if err != nil || applied.Loaded != preview.Loaded {
		t.Fatalf("%+v, %v", applied.Loaded, err)
	}
	again, err := h.service.LoadTermDates(t.Context(), head, setting.TermFile{Content: strings.NewReader(termFile), Source: "File of July"}, true)
	if err != nil || again.Loaded.New != 0 || again.Loaded.Changed != 0 || again.Loaded.Same != 3 {
		t.Errorf("the second time: %+v, %v", again.Loaded, err)
	}
	if _, err := h.service.LoadTermDates(t.Context(), head, setting.TermFile{Content: strings.NewReader("a,b\n1,2\n"), Source: "x"}, true); !fault.Of(err).Has("file") {
		t.Errorf("another kind of file: %v", err)
	}
	if _, err := h.service.LoadTermDates(t.Context(), h.people[access.Advisor], setting.TermFile{Content: strings.NewReader(termFile), Source: "x"}, true); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("an advisor: %v", err)
	}
}

func TestAFileKeepsCutOffsAndMovesTwoTermsAtOnce(t *testing.T) {
	t.Parallel()
	h := build(t)
	head := h.people[access.Head]
	if err := h.service.SetTerm(t.Context(), head, council, autumn(), 0); err != nil {
		t.Fatal(err)
	}
	spring := term(2026, calendar.Spring, "2027-01-05", "2027-03-25")
	spring.Source = "Council website"
	if err := h.service.SetTerm(t.Context(), head, council, spring, 0); err != nil {
		t.Fatal(err)
	}
	load, err := h.service.LoadTermDates(t.Context(), head, setting.TermFile{Content: strings.NewReader("academic_year,term,starts,half_term_from,half_term_to,ends\n2026/27,autumn,2026-09-02,2026-10-26,2026-10-30,2027-01-08\n2026/27,spring,2027-01-18,,,2027-03-25\n"), Source: "File"}, true)
	if err != nil || load.Loaded.Changed != 2 || len(load.Problems) != 0 {
		t.Fatalf("%+v, %v", load, err)
	}
	kept := h.terms(t)
	if kept[0].Ends != day("2027-01-08") || kept[0].CutOff != day("2026-11-27") || load.Lines[0].Before == nil {
		t.Errorf("%+v", kept[0])
	}
}

func TestBankHolidays(t *testing.T) {
	t.Parallel()
	h := build(t)
	file := func(events string) *strings.Reader {
		return strings.NewReader(`{"england-and-wales":{"division":"england-and-wales","events":[` + events + `]},"scotland":{"events":[]}}`)
	}
	head := h.people[access.Head]
	first := `{"title":"Christmas Day","date":"2026-12-25"},{"title":"Old","date":"2026-06-01"}`
	loaded, err := h.service.LoadBankHolidays(t.Context(), head, file(first))
	if err != nil || loaded.New != 2 {
		t.Fatalf("%+v, %v", loaded, err)
	}
	if loaded, err = h.service.LoadBankHolidays(t.Context(), head, file(first)); err != nil || loaded.Line() != "new 0, changed 0, same 2, conflict 0, rejected 0" {
		t.Errorf("twice: %s, %v", loaded.Line(), err)
	}
	if loaded, err = h.service.LoadBankHolidays(t.Context(), head, file(`{"title":"Christmas","date":"2026-12-25"},{"title":"Moved","date":"2026-06-08"}`)); err != nil || loaded.New != 1 || loaded.Changed != 2 {
		t.Errorf("moved: %+v, %v", loaded, err)
	}
	if n := h.id(t, `select count(*) from bank_holiday`); n != 2 {
		t.Errorf("%d bank holidays; want 2: the moved one has gone from its old day", n)
	}
	if _, err := h.service.LoadBankHolidays(t.Context(), head, strings.NewReader("hello")); !fault.Of(err).Has("file") {
		t.Errorf("not such a file: %v", err)
	}
	if _, err := h.service.LoadBankHolidays(t.Context(), h.people[access.School], file(first)); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a school: %v", err)
	}
}

func TestThePublishedFiles(t *testing.T) {
	t.Parallel()
	const folder = "../../../shared/data/calendar/"
	holidays, err := os.Open(folder + "bank-holidays.json")
	if os.IsNotExist(err) {
		t.Log("the published files are not here; the files made in this test stand for them")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer holidays.Close()
	terms, err := os.Open(folder + "term_dates_dudley_2024-26.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer terms.Close()
	h := build(t)
	if loaded, err := h.service.LoadBankHolidays(t.Context(), h.people[access.Head], holidays); err != nil || loaded.New != 32 {
		t.Errorf("%+v, %v; want 32 bank holidays of 2024 to 2027", loaded, err)
	}
	if load, err := h.service.LoadTermDates(t.Context(), h.people[access.Head], setting.TermFile{Content: terms, Source: "School website"}, true); err != nil || load.Loaded.New != 6 || len(load.Problems) != 0 {
		t.Errorf("%+v, %v; want six terms", load, err)
	}
}
