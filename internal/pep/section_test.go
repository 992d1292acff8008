package pep_test

import (
	"errors"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

func (h *house) answer(ref pep.Ref, question string) pep.AnswerRow {
	h.t.Helper()
	row, _ := h.whole(ref).Answer(question)
	return row
}

func (h *house) said(ref pep.Ref) pep.Said {
	h.t.Helper()
	var batch postgres.Batch
	said := pep.QueueSaid(&batch, ref)
	if err := h.db.View(h.t.Context(), h.teacher, &batch); err != nil {
		h.t.Fatal(err)
	}
	return said()
}

func TestAFactIsConfirmedChangedOrNoLongerTrue(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	known := forms.KnownFacts{forms.KnownSchool: {Value: "Elm Primary", Source: "the school roll", AsAt: day("2026-09-01")},
		forms.KnownAttendance: {Value: "93.5", Source: "attendance recorded this school year", AsAt: day("2026-11-20")}}
	save := func(version int, right []string, answers forms.Answers) error {
		return h.service.SaveSection(t.Context(), h.teacher, ref, pep.SectionInput{Section: "education", Version: version, Answers: answers, Known: known, Right: right})
	}
	if err := save(1, nil, forms.Answers{"school_name": {Text: "Elm Primary"}}); err != nil {
		t.Fatal(err)
	}
	if row := h.answer(ref, "school_name"); row.From() != "From the school roll, as at 1 September 2026" || row.Confirmation() != "" {
		t.Errorf("taken over without a word: %q %q", row.From(), row.Confirmation())
	}
	if err := save(2, []string{"school_name", "attendance"}, forms.Answers{"school_name": {Text: "Elm Primary"}, "attendance": {Text: "93.5"}}); err != nil {
		t.Fatal(err)
	}
	for _, question := range []string{"school_name", "attendance"} {
		if row := h.answer(ref, question); row.Confirmation() != "confirmed by Tia Teacher on 23 November 2026" {
			t.Errorf("%s: %q", question, row.Confirmation())
		}
	}
	if err := save(2, []string{"school_name"}, forms.Answers{"school_name": {Text: "Elm Primary"}, "attendance": {Text: "93.5"}}); err != nil {
		t.Errorf("the same again is no collision: %v", err)
	}
	if err := save(3, nil, forms.Answers{"school_name": {NoLonger: "Elm Primary"}, "attendance": {Text: "91"}}); err != nil {
		t.Fatal(err)
	}
	gone, changed := h.answer(ref, "school_name"), h.answer(ref, "attendance")
	if gone.Value.NoLonger != "Elm Primary" || gone.Source != "the school roll" || gone.ConfirmedAt == nil || changed.Source != pep.Typed || changed.ConfirmedAt != nil {
		t.Errorf("%+v %+v", gone, changed)
	}
	for name, answers := range map[string]forms.Answers{
		"both":                  {"school_name": {Text: "Oak", NoLonger: "Elm Primary"}},
		"of a question of ours": {"behaviour": {NoLonger: "Kind"}},
	} {
		if err := save(4, nil, answers); !errors.Is(err, fault.KindInvalid) {
			t.Errorf("no longer true, %s: %v", name, err)
		}
	}
}

func TestWhatWasSaidLastTermIsKeptByAnActOfItsOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.at("2026-10-05")
	first := h.start(h.teacher, pep.Emergency, calendar.Autumn)
	h.fill(first, "2026-10-05", "2027-02-01")
	if len(h.said(first)) != 0 {
		t.Error("there was nothing before the first plan")
	}
	h.signOff(first)
	h.at("2026-11-23")
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	said := h.said(ref)
	before := said["behaviour"]
	if before.Value.Text != "About behaviour" || before.By != "Tia Teacher" || before.On != day("2026-10-05") || before.TermLabel() != "Autumn 2026/27" {
		t.Fatalf("%+v", before)
	}
	section, _ := h.whole(ref).Form.Section("education")
	for _, q := range section.Questions {
		if _, fits := said.Fits(q); !fits {
			t.Errorf("%s does not fit itself", q.Key)
		}
		q.Type, q.Options = forms.TypeChoice, []forms.Choice{{Value: "a", Text: "A"}}
		if _, fits := said.Fits(q); fits {
			t.Errorf("%s fits a choice that does not offer it", q.Key)
		}
	}
	if h.answer(ref, "behaviour").Value.Text != "" {
		t.Error("copied in silence")
	}
	in := pep.SectionInput{Section: "education", Version: 1, Still: []string{"behaviour", "history"},
		Answers: forms.Answers{"behaviour": before.Value, "history": {Text: "Something that nobody said"}}}
	if err := h.service.SaveSection(t.Context(), h.advisor, ref, in); err != nil {
		t.Fatal(err)
	}
	kept, forged := h.answer(ref, "behaviour"), h.answer(ref, "history")
	if kept.From() != "Carried from Autumn 2026/27, as at 5 October 2026" || kept.Confirmation() != "confirmed by Ada Advisor on 23 November 2026" {
		t.Errorf("%q %q", kept.From(), kept.Confirmation())
	}
	if forged.Source != pep.Typed || forged.ConfirmedAt != nil {
		t.Errorf("what was not said last term counts as typed: %+v", forged)
	}

	h.Exec(`update care_period set period = '[2026-06-01,2026-11-01)' where child_id = $1`, h.child)
	h.Exec(`insert into care_period (child_id, period, source) values ($1, '[2026-11-10,)', 'test')`, h.child)
	if len(h.said(ref)) != 0 {
		t.Error("words of an earlier time in care are offered")
	}
}

func TestSectionsAreSavedTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := open(t)
	ref := h.start(h.teacher, pep.Termly, calendar.Autumn)
	save := func(behaviour, strengths string, versions ...int) error {
		return h.service.SaveSections(t.Context(), h.teacher, ref, []pep.SectionInput{
			{Section: "education", Version: versions[0], Answers: forms.Answers{"behaviour": {Text: behaviour}}},
			{Section: "attainment", Version: versions[1], Answers: forms.Answers{"strengths": {Text: strengths}, "gaps": {Text: "Times tables"}}}})
	}
	if err := save("Kind", "Reads", 1, 1); err != nil {
		t.Fatal(err)
	}
	err := save("Kinder", "Counts", 1, 2)
	var collisions pep.Collisions
	if !errors.As(err, &collisions) || len(collisions) != 1 || collisions[0].Part != "education" || h.answer(ref, "strengths").Value.Text != "Reads" {
		t.Errorf("one of them collides: %v", err)
	}
	if err := save("Kinder", "Counts", 2, 2); err != nil || h.answer(ref, "strengths").Value.Text != "Counts" {
		t.Errorf("after comparing: %v", err)
	}
}
