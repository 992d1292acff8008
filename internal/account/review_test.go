package account

import (
	"context"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// reviewed is the review of one place as its page shows it.
func reviewed(t *testing.T, s *Service, settingID int64) (term *ReviewTerm, places []ReviewPlace, people []Reviewed) {
	t.Helper()
	var batch postgres.Batch
	QueueReviewTerm(&batch, &term, "332")
	QueueReview(&batch, &places, "332")
	QueueReviewed(&batch, &people, "332", settingID)
	if err := s.DB.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	return term, places, people
}

func TestEachTermSaysWhoKeepsAccess(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	facts := pgtest.NewFacts(t, s.DB)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	data := establish(t, s, "data@westmoor.test", access.DataOfficer, good)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	ama := establish(t, s, "ama@school.test", access.School, good)
	ben := establish(t, s, "ben@school.test", access.School, good)
	establish(t, s, "kim@school.test", access.Colleague, good)
	school := ask[int64](t, s, `select setting_id from account_setting where account_id = $1`, ama.ID)
	other := ask[int64](t, s, `select setting_id from account_setting where account_id = $1`, ben.ID)
	facts.Exec(`insert into account_setting (account_id, setting_id, post, period) values ($1, $2, 'colleague', '[2026-01-01,)')`, ben.ID, school)
	if term, places, _ := reviewed(t, s, 0); term != nil || len(places) != 0 {
		t.Errorf("before any term: %+v, %+v", term, places)
	}
	facts.Term(2026, "autumn", "2026-09-01", "2026-12-18", "2026-12-04")
	facts.Term(2026, "spring", "2027-01-04", "2027-03-25", "2027-03-12")
	term, places, people := reviewed(t, s, 0)
	if term.Label() != "Autumn 2026/27" || term.Due(policy.Values{}) != calendar.MustParse("2026-09-29") {
		t.Errorf("%+v", term)
	}
	if len(places) != 3 || places[0] != (ReviewPlace{Name: TeamName, People: 3, Unanswered: 3}) || len(people) != 3 {
		t.Fatalf("%+v, %+v", places, people)
	}
	for name, wrong := range map[string][]Said{
		"oneself":        {{AccountID: data.ID, Answer: Keep}},
		"no reason":      {{AccountID: ruth.ID, Answer: EndHere, Reason: " "}},
		"no such answer": {{AccountID: ruth.ID, Answer: "perhaps"}},
	} {
		if err := s.Review(t.Context(), data, "332", 0, wrong); len(fault.Of(err)) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	kind(t, s.Review(t.Context(), ruth, "332", 0, []Said{{AccountID: ruth.ID, Answer: Keep}}), fault.KindForbidden)
	kind(t, s.Review(t.Context(), data, "332", 0, []Said{{AccountID: head.ID, Answer: Keep}}), fault.KindForbidden)
	kind(t, s.Review(t.Context(), head, "332", 0, []Said{{AccountID: ama.ID, Answer: Keep}}), fault.KindNotFound)
	// All or nothing: the second is not of this place.
	kind(t, s.Review(t.Context(), head, "332", 0, []Said{{AccountID: ruth.ID, Answer: Keep}, {AccountID: ama.ID, Answer: Keep}}), fault.KindNotFound)
	if n := ask[int](t, s, `select count(*) from access_answer`); n != 0 {
		t.Fatalf("%d answers of a review that was refused", n)
	}

	token := signIn(t, s, ama)
	if err := s.Review(t.Context(), head, "332", school, []Said{{AccountID: ama.ID, Answer: EndHere, Reason: "Left"}, {AccountID: ben.ID, Answer: EndHere, Reason: "Only at his own school"}}); err != nil {
		t.Fatal(err)
	}
	if whose(t, s, token).Somebody() || ask[string](t, s, `select state from account where id = $1`, ama.ID) != "ended" {
		t.Error("who belongs to no other school is out at once")
	}
	if state := ask[string](t, s, `select state from account where id = $1`, ben.ID); state != "active" {
		t.Errorf("who belongs to another school is %s", state)
	}
	kind(t, s.Review(t.Context(), head, "332", school, []Said{{AccountID: ben.ID, Answer: Keep}}), fault.KindConflict)
	if err := s.Review(t.Context(), head, "332", other, []Said{{AccountID: ben.ID, Answer: Keep}}); err != nil {
		t.Errorf("kept at the other school: %v", err)
	}
	_, places, people = reviewed(t, s, school)
	if len(people) != 2 || people[0].Asked() || people[1].Asked() || places[len(places)-1].Unanswered != 0 {
		t.Errorf("%+v, %+v", places, people)
	}
	m.on(70 * 24 * time.Hour) // January: everything is asked anew
	_, places, _ = reviewed(t, s, 0)
	for _, place := range places {
		if place.Unanswered != place.People {
			t.Errorf("%+v", place)
		}
	}
}

func TestTwoWhoReviewAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	pgtest.NewFacts(t, s.DB).Term(2026, "autumn", "2026-09-01", "2026-12-18", "2026-12-04")
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	results := make(chan error, 2)
	for _, name := range []string{"a", "b"} {
		head := establish(t, s, name+"@westmoor.test", access.Head, good)
		go func() {
			results <- s.Review(context.Background(), head, "332", 0, []Said{{AccountID: ruth.ID, Answer: Keep}})
		}()
	}
	if first, second := <-results, <-results; (first == nil) == (second == nil) {
		t.Errorf("one answers and the other is told: %v, %v", first, second)
	}
}

func TestQuietAccounts(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	head := establish(t, s, "head@westmoor.test", access.Head, good)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	owen := establish(t, s, "owen@westmoor.test", access.Advisor, good)
	quiet := func() (list []Quiet) {
		t.Helper()
		var batch postgres.Batch
		QueueQuiet(&batch, &list)
		if err := s.DB.View(t.Context(), head, &batch); err != nil {
			t.Fatal(err)
		}
		return list
	}
	m.on(90*24*time.Hour - time.Second)
	if list := quiet(); len(list) != 0 {
		t.Errorf("a second too early: %+v", list)
	}
	for _, person := range []access.Actor{head, owen} {
		if err := s.SignedIn(t.Context(), person, Proof{By: ByPassword}); err != nil {
			t.Fatal(err)
		}
	}
	m.on(time.Second)
	if list := quiet(); len(list) != 1 || list[0].ID != ruth.ID {
		t.Errorf("%+v", list)
	}
	if err := s.EndMany(t.Context(), head, nil, ""); len(fault.Of(err)) != 2 {
		t.Error(err)
	}
	kind(t, s.EndMany(t.Context(), owen, []int64{ruth.ID}, "why"), fault.KindForbidden)
	kind(t, s.EndMany(t.Context(), head, []int64{ruth.ID, head.ID}, "why"), fault.KindForbidden)
	if n := ask[int](t, s, `select count(*) from account where state = 'ended'`); n != 0 {
		t.Error("ended although the whole was refused")
	}
	if err := s.EndMany(t.Context(), head, []int64{ruth.ID, owen.ID}, "Asked twice"); err != nil {
		t.Fatal(err)
	}
	if n := ask[int](t, s, `select count(*) from account where state = 'ended'`); n != 2 {
		t.Errorf("%d have ended", n)
	}
	kind(t, s.EndMany(t.Context(), head, []int64{ruth.ID}, "again"), fault.KindConflict)
}
