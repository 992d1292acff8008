package child_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

// house is a restricted child, the head and deputy who are named on the record, and others.
type house struct {
	*pgtest.Facts
	t                    *testing.T
	db                   *postgres.DB
	children             *child.Service
	head, deputy, worker access.Actor
	child, school        int64
}

func newHouse(t *testing.T) *house {
	db := pgtest.Open(t).At(func() time.Time { return now })
	h := &house{Facts: pgtest.NewFacts(t, db), t: t, db: db, children: &child.Service{DB: db}}
	h.head, h.deputy, h.worker = h.Person(access.Head, "Hal Head"), h.Person(access.Deputy, "Dana Deputy"), h.Person(access.SocialWorker, "Sam Worker")
	h.child, h.school = h.Child("Ada", "Ash", "2015-03-02"), h.Setting("Oak Primary School")
	h.OnRoll(h.child, h.school, "[2026-01-01,)")
	h.Allocate(h.child, "social_worker", h.worker, "[2026-01-01,)")
	h.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '2026-11-20', 'call', 'At Oak', $2, $3)`, h.child, h.worker.ID, now)
	h.must(h.children.Restrict(t.Context(), h.head, h.child, child.Restriction{Reason: "protection", Words: "A parent looks for the child", From: today, Named: []int64{h.deputy.ID, h.worker.ID}}))
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// rows counts what somebody sees of the child in a table.
func (h *house) rows(who access.Actor, table string) (n int) {
	h.t.Helper()
	column := "child_id"
	if table == "child" {
		column = "id"
	}
	var batch postgres.Batch
	postgres.Value(&batch, &n, `select count(*)::int from `+table+` where `+column+` = @child`, postgres.Args{"child": h.child})
	h.must(h.db.View(h.t.Context(), who, &batch))
	return n
}

func TestARestrictedRecordIsForThoseNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lead, other := h.Person(access.LeadAdvisor, "Lea Lead"), h.Person(access.SocialWorker, "Olga Other")
	for who, want := range map[access.Actor]int{h.head: 1, h.deputy: 1, h.worker: 1, lead: 0, other: 0} {
		if n := h.rows(who, "child"); n != want {
			t.Errorf("%s sees %d", who.Name, n)
		}
	}
	naming := child.Naming{AccountID: lead.ID, SeesPlace: true, Why: "Plans the reviews"}
	if err := h.children.Name(t.Context(), lead, h.child, naming); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("who is not named names themselves: %v", err)
	}
	if err := h.children.Name(t.Context(), h.worker, h.child, naming); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a social worker names: %v", err)
	}
	for name, wrong := range map[string]child.Naming{
		"nobody":                 {SeesPlace: true, Why: "x"},
		"no reason":              {AccountID: lead.ID},
		"a day gone by":          {AccountID: lead.ID, Why: "x", Until: today.AddDays(-1)},
		"a teacher of elsewhere": {AccountID: h.Teacher("Ted Teacher", h.Setting("Elm")).ID, Why: "x"},
	} {
		if err := h.children.Name(t.Context(), h.head, h.child, wrong); len(fault.Of(err)) == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.must(h.children.Name(t.Context(), h.head, h.child, naming))
	teacher := h.Teacher("Tina Teacher", h.school)
	h.must(h.children.Name(t.Context(), h.head, h.child, child.Naming{AccountID: teacher.ID, SeesPlace: true, Why: "Writes the plan", Until: today}))
	if h.rows(lead, "child") != 1 || h.rows(teacher, "child") != 1 {
		t.Error("who is named does not see the record")
	}
	if n := h.ID(`select count(*) from restriction_named where child_id = $1 and account_id = $2 and upper(period) = '2026-11-24'`, h.child, teacher.ID); n != 1 {
		t.Error("the last day is not the one given")
	}
	h.must(h.children.Unname(t.Context(), h.head, h.child, lead.ID))
	if h.rows(lead, "child") != 0 {
		t.Error("taken off, and sees the record")
	}
	if err := h.children.Unname(t.Context(), h.head, h.child, lead.ID); !errors.Is(err, fault.KindConflict) {
		t.Errorf("taken off twice: %v", err)
	}
}

// TestSomebodyAlwaysAnswersForTheRecord: the last of the head and deputies who are named cannot go.
func TestSomebodyAlwaysAnswersForTheRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.must(h.children.Unname(t.Context(), h.head, h.child, h.deputy.ID))
	if err := h.children.Unname(t.Context(), h.head, h.child, h.head.ID); len(fault.Of(err)) == 0 {
		t.Errorf("the last one goes: %v", err)
	}
	for name, less := range map[string]child.Naming{
		"a last day":    {AccountID: h.head.ID, SeesPlace: true, Why: "x", Until: today.AddDays(7)},
		"not the place": {AccountID: h.head.ID, Why: "x"},
	} {
		if err := h.children.Name(t.Context(), h.head, h.child, less); len(fault.Of(err)) == 0 {
			t.Errorf("the last one gets %s: %v", name, err)
		}
	}
	h.must(h.children.Name(t.Context(), h.head, h.child, child.Naming{AccountID: h.deputy.ID, SeesPlace: true, Why: "While the head is away"}))
	h.must(h.children.Unname(t.Context(), h.head, h.child, h.head.ID))
	if h.rows(h.head, "child") != 0 {
		t.Error("the head took themselves off, and sees the record")
	}
}

// TestWhoIsNotToldThePlace is behind the wall table by table: what may be seen is listed here, and a table to come
// is hidden from them.
func TestWhoIsNotToldThePlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.must(h.children.KeepPlace(t.Context(), h.head, h.child, "address", "1 Secret Lane"))
	if err := h.children.KeepPlace(t.Context(), h.worker, h.child, "address", "x"); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a social worker writes the place down: %v", err)
	}
	h.must(h.children.Name(t.Context(), h.head, h.child, child.Naming{AccountID: h.worker.ID, Why: "Knows the family"}))
	for table, want := range map[string]int{"child": 1, "care_period": 1, "allocation": 1, "restriction": 1, "roll": 0, "placement": 0, "note": 0, "protected_place": 0} {
		if n := h.rows(h.worker, table); n != want {
			t.Errorf("who is not told the place sees %d rows of %s", n, table)
		}
		if n := h.rows(h.head, table); n != max(want, 1) {
			t.Errorf("the head sees %d rows of %s", n, table)
		}
	}
	told := []string{"allocation", "audit_look", "break_glass_child", "care_period", "care_review", "category_of_need", "child_as_returned", "child_block", "legal_status",
		"previous_permanence", "protected_place", "restriction", "restriction_named", "sdq_assessment", "sen_status"}
	open, err := postgresNames(h, `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'child_id' and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'place' and not p.polpermissive) order by 1`)
	if err != nil || !slices.Equal(open, told) {
		t.Errorf("open to who is not told the place: %v, want %v; %v", open, told, err)
	}
	var record child.Record
	var header child.Header
	var batch postgres.Batch
	child.QueueRecord(&batch, &record, h.child, true)
	child.QueueHeader(&batch, &header, h.child)
	h.must(h.db.View(t.Context(), h.worker, &batch))
	if !record.PlaceHidden || !header.PlaceHidden || header.School != "" || len(record.Rolls)+len(record.Placements)+len(record.Places)+len(record.Teachers) > 0 {
		t.Errorf("%+v, %+v", header, record)
	}
	if err := h.children.WriteNote(t.Context(), h.worker, h.child, child.Note{On: today, Kind: "call", Words: "x"}); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("who is not told the place writes a note: %v", err)
	}
}

func postgresNames(h *house, sql string) (names []string, err error) {
	rows, err := h.SQL.Query(h.t.Context(), sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

func TestTheEndOfARestriction(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lead := h.Person(access.LeadAdvisor, "Lea Lead")
	h.must(h.children.KeepPlace(t.Context(), h.head, h.child, "contact", "Auntie May"))
	h.Exec(`update restriction set period = '[2026-11-01,)'`)
	if err := h.children.Unrestrict(t.Context(), h.head, h.child, ""); len(fault.Of(err)) == 0 {
		t.Errorf("without a reason: %v", err)
	}
	h.must(h.children.Unrestrict(t.Context(), h.head, h.child, "The order was lifted"))
	if h.rows(lead, "child") != 1 {
		t.Error("the record is not open again")
	}
	if h.rows(h.head, "protected_place") != 0 {
		t.Error("where the child was is still shown")
	}
	if err := h.children.Unrestrict(t.Context(), h.head, h.child, "again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("twice: %v", err)
	}
}

// TestAdoptionClosesTheFile: on the day the child is adopted the record is restricted, whoever ends the care, and
// keeps who the child was. What comes under the new identity is another child.
func TestAdoptionClosesTheFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lead, officer := h.Person(access.LeadAdvisor, "Lea Lead"), h.Person(access.DataOfficer, "Olu Officer")
	bea := h.Child("Bea", "Birch", "2020-05-04")
	h.Exec(`update child set upn = 'B801200005001', upn_quality = 'valid' where id = $1`, bea)
	h.must(h.children.LeaveCare(t.Context(), lead, bea, child.Leaving{On: calendar.New(2026, 11, 20), Code: "E11"}))
	for who, want := range map[access.Actor]int64{h.head: 1, lead: 1, officer: 0, h.deputy: 0} {
		var n int64
		var batch postgres.Batch
		postgres.Value(&batch, &n, `select count(*) from child where id = @child`, postgres.Args{"child": bea})
		h.must(h.db.View(t.Context(), who, &batch))
		if n != want {
			t.Errorf("%s sees %d", who.Name, n)
		}
	}
	if n := h.ID(`select count(*) from child where id = $1 and sealed_on = '2026-11-20'`, bea); n != 1 {
		t.Error("the file is not closed")
	}
	var before child.Identity
	var batch postgres.Batch
	child.QueueIdentity(&batch, &before, bea)
	h.must(h.db.View(t.Context(), h.head, &batch))
	err := h.children.Edit(t.Context(), h.head, bea, child.Changes{Forename: "Nova", Surname: "Newname", DateOfBirth: before.DateOfBirth, UPN: "", Version: before.Version})
	if len(fault.Of(err)) == 0 {
		t.Errorf("the new name can be written on the old file: %v", err)
	}
	if again, err := h.children.Add(t.Context(), officer, child.Arrival{LAChildID: "NEW1", Forename: "Nova", Surname: "Newname", DateOfBirth: before.DateOfBirth, UPN: "B801200005001",
		CareFrom: calendar.New(2026, 11, 22), LegalStatus: "C2", Placement: "U4"}); err != nil || again == bea {
		t.Errorf("the child comes back under the new identity: %d, %v", again, err)
	}
}
