package rights

import (
	"context"
	"errors"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

func saying(kind string) Saying {
	return Saying{Kind: kind, About: "notes", RecordSays: "Note of 2 November: was late", PersonSays: "I was at the dentist", AskedBy: "young_person", AskedName: "Maya", AskedOn: calendar.MustParse("2026-11-20")}
}

func (o *office) said(id int64) Correction {
	o.t.Helper()
	var one Correction
	var batch postgres.Batch
	QueueCorrection(&batch, &one, o.child, id)
	if err := o.db.View(o.t.Context(), o.head, &batch); err != nil {
		o.t.Fatal(err)
	}
	return one
}

func TestWhatSomebodySaysIsDecidedAndStays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.Allocate(o.child, "social_worker", o.stranger, "[2026-01-01,)")
	id, err := o.service.Hear(ctx, o.stranger, o.child, saying(IsStopped))
	if err != nil {
		t.Fatal(err)
	}
	if one := o.said(id); one.Decided() || !one.Stops() || one.Due().String() != "2026-12-20" {
		t.Errorf("heard: %+v", one)
	}
	if err := o.service.Answer(ctx, o.stranger, o.child, id, 1, "agreed", "n", "r"); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("decided by a social worker: %v", err)
	}
	if err := o.service.Lift(ctx, o.head, o.child, id, 1, "why"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("lifted before it is decided: %v", err)
	}
	if err := o.service.Answer(ctx, o.head, o.child, id, 1, "perhaps", "", ""); len(fault.Of(err)) != 3 {
		t.Errorf("decided nothing: %v", err)
	}
	if err := o.service.Answer(ctx, o.head, o.child, id, 1, "agreed", "She was at the dentist", "The letter was seen"); err != nil {
		t.Fatal(err)
	}
	if err := o.service.Answer(ctx, o.deputy, o.child, id, 1, "refused", "n", "r"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("decided from an old page: %v", err)
	}
	if err := o.service.Answer(ctx, o.deputy, o.child, id, 2, "refused", "n", "r"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("decided twice: %v", err)
	}
	if err := o.service.Lift(ctx, o.head, o.child, id, 2, " "); problemField(err) != "lifted_why" {
		t.Errorf("lifted without a reason: %v", err)
	}
	if err := o.service.Lift(ctx, o.head, o.child, id, 2, "It was looked into"); err != nil {
		t.Fatal(err)
	}
	if one := o.said(id); one.Stops() || one.Note != "She was at the dentist" || one.LiftedByName != "Hal Head" {
		t.Errorf("lifted: %+v", one)
	}
	for _, change := range []string{`person_says = 'x'`, `note = 'x'`, `outcome = 'refused'`, `lifted_on = null, lifted_by = null, lifted_why = ''`} {
		err := o.db.Change(ctx, o.head, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, `update correction set `+change+` where id = @id`, postgres.Args{"id": id})
			return err
		})
		if err == nil {
			t.Errorf("%s: nothing refused it", change)
		}
	}
}

func TestBadSayingsAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for field, change := range map[string]func(*Saying){
		"kind":        func(s *Saying) { s.Kind = "x" },
		"about":       func(s *Saying) { s.About = "looks" },
		"record_says": func(s *Saying) { s.RecordSays = "" },
		"person_says": func(s *Saying) { s.PersonSays = "" },
		"asked_by":    func(s *Saying) { s.AskedBy = "" },
		"asked_name":  func(s *Saying) { s.AskedName = "" },
		"asked":       func(s *Saying) { s.AskedOn = calendar.MustParse("2026-11-24") },
	} {
		one := saying(IsWrong)
		change(&one)
		if _, err := o.service.Hear(t.Context(), o.head, o.child, one); problemField(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := o.service.Hear(t.Context(), o.stranger, o.child, saying(IsWrong)); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("somebody else's child: %v", err)
	}
	officer := o.Person(access.DataOfficer, "Dot Data")
	if _, err := o.service.Hear(t.Context(), officer, o.child, saying(IsWrong)); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a data officer: %v", err)
	}
}
