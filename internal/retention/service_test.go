package retention

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// office is a council with one record whose time is over, today being 23 November 2026.
type office struct {
	*pgtest.Facts
	t            *testing.T
	db           *postgres.DB
	service      Service
	child        int64
	head, deputy access.Actor
}

func newOffice(t *testing.T) *office {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC) })
	o := &office{Facts: pgtest.NewFacts(t, db), t: t, db: db, service: Service{DB: db}}
	o.head, o.deputy = o.Person(access.Head, "Hal Head"), o.Person(access.Deputy, "Dana Deputy")
	o.child = o.left("Maya", "1951-11-22")
	return o
}

// left is somebody who was in care long ago.
func (o *office) left(name, born string) int64 {
	o.t.Helper()
	id := o.Child(name, "Okafor", born)
	o.Exec(`update care_period set period = '[1960-01-01,1969-01-01)', end_code = 'E8' where child_id = $1`, id)
	return id
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) record(child int64) Record {
	o.t.Helper()
	var batch postgres.Batch
	made := Queue(&batch, child)
	o.must(o.db.View(o.t.Context(), o.head, &batch))
	return made()
}

func (o *office) list(who access.Actor) []Listed {
	o.t.Helper()
	var list []Listed
	var batch postgres.Batch
	QueueList(&batch, &list)
	o.must(o.db.View(o.t.Context(), who, &batch))
	return list
}

func (o *office) does(who access.Actor, sql string, args postgres.Args) error {
	return o.db.Change(o.t.Context(), who, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, sql, args)
		return err
	})
}

func TestTwoPeopleDecide(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	if err := o.service.Propose(ctx, o.deputy, o.child, " "); problemField(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	o.must(o.service.Propose(ctx, o.deputy, o.child, "Nothing in it is needed"))
	if err := o.service.Propose(ctx, o.head, o.child, "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("proposed twice: %v", err)
	}
	if err := o.service.Decide(ctx, o.deputy, o.child, 1, "approved", ""); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("who proposed approves: %v", err)
	}
	for who, sql := range map[string]string{
		"retention_two_people": `update retention_proposal set state = 'approved', decided_by = proposed_by, decided_at = @now`,
		"retention_own_name":   `update retention_proposal set state = 'approved', decided_by = (select id from account where role = 'head'), decided_at = @now`,
		"retention_stays":      `update retention_proposal set reason = 'Another'`,
	} {
		if err := o.does(o.deputy, sql, nil); postgres.Constraint(err) != who {
			t.Errorf("%s: %v", who, err)
		}
	}
	if err := o.service.Decide(ctx, o.head, o.child, 1, "refused", ""); problemField(err) != "words" {
		t.Errorf("refused without words: %v", err)
	}
	if err := o.service.Decide(ctx, o.head, o.child, 1, "perhaps", ""); problemField(err) != "outcome" {
		t.Errorf("neither: %v", err)
	}
	if err := o.service.Decide(ctx, o.head, o.child, 7, "approved", ""); !errors.Is(err, fault.KindConflict) {
		t.Errorf("from an old page: %v", err)
	}
	o.must(o.service.Decide(ctx, o.head, o.child, 1, "approved", ""))
	if under := o.record(o.child).UnderWay(); under == nil || under.State != "approved" || under.DecidedByName != "Hal Head" || under.KeptUntil.String() != "2026-11-22" {
		t.Errorf("%+v", under)
	}
	if err := o.service.Decide(ctx, o.head, o.child, 2, "refused", "No"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("decided twice: %v", err)
	}
	if err := o.service.Withdraw(ctx, o.head, o.child, 2, ""); problemField(err) != "words" {
		t.Errorf("taken back without words: %v", err)
	}
	o.must(o.service.Withdraw(ctx, o.head, o.child, 2, "A daughter wrote"))
	if err := o.does(o.head, `update retention_proposal set words = 'x', decided_by = @actor`, postgres.Args{"actor": o.head.ID}); postgres.Constraint(err) != "retention_stays" {
		t.Errorf("history is rewritten: %v", err)
	}
	o.must(o.service.Propose(ctx, o.head, o.child, "After all"))
	o.must(o.service.Decide(ctx, o.deputy, o.child, 1, "refused", "Not yet"))
	if record := o.record(o.child); len(record.Proposals) != 2 || record.UnderWay() != nil {
		t.Errorf("%+v", record.Proposals)
	}
	if n := o.ID(`select count(*) from audit_change where subject = 'retention_proposal' and child_id = $1`, o.child); n != 5 {
		t.Errorf("%d acts are written down", n)
	}
}

func TestAHoldStopsAProposal(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.must(o.service.Propose(ctx, o.head, o.child, "Nothing in it is needed"))
	o.must(o.service.Decide(ctx, o.deputy, o.child, 1, "approved", ""))
	for field, hold := range map[string]struct{ kind, reason, until string }{
		"kind": {"x", "r", "2027-01-01"}, "hold_reason": {"claim", " ", "2027-01-01"}, "until": {"claim", "r", "2026-11-22"},
	} {
		if err := o.service.Hold(ctx, o.head, o.child, hold.kind, hold.reason, day(hold.until)); problemField(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if err := o.service.Hold(ctx, o.head, o.child, "claim", "r", day("2051-11-24")); problemField(err) != "until" {
		t.Errorf("for ever: %v", err)
	}
	o.must(o.service.Hold(ctx, o.head, o.child, "claim", "Solicitors wrote", day("2027-01-01")))
	record := o.record(o.child)
	if record.UnderWay() != nil || record.Proposals[0].State != "held" || !slices.Equal(record.Against, []string{"hold"}) || !record.Holds[0].InForce(day("2027-01-01")) || record.Holds[0].InForce(day("2027-01-02")) {
		t.Errorf("%+v", record)
	}
	if err := o.service.Propose(ctx, o.deputy, o.child, "Still"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("proposed while it is held: %v", err)
	}
	if err := o.proposes(o.deputy, o.child, "2026-11-22"); postgres.Constraint(err) != "retention_stands_against" {
		t.Errorf("proposed in SQL while it is held: %v", err)
	}
	hold := record.Holds[0].ID
	if err := o.service.EndHold(ctx, o.deputy, o.child, hold, ""); problemField(err) != "ended_why" {
		t.Errorf("ended without a reason: %v", err)
	}
	if err := o.service.EndHold(ctx, o.deputy, o.left("Ben", "1950-01-01"), hold, "why"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("another child's hold: %v", err)
	}
	o.must(o.service.EndHold(ctx, o.deputy, o.child, hold, "The claim is settled"))
	if err := o.service.EndHold(ctx, o.deputy, o.child, hold, "Again"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("ended twice: %v", err)
	}
	for _, change := range []string{`reason = 'x'`, `until = '2030-01-01'`, `ended_on = null, ended_why = '', ended_by = null`} {
		if err := o.does(o.head, `update retention_hold set `+change, nil); postgres.Constraint(err) != "retention_stays" {
			t.Errorf("%s: %v", change, err)
		}
	}
	o.must(o.service.Propose(ctx, o.deputy, o.child, "Still"))
}

func (o *office) proposes(who access.Actor, child int64, until string) error {
	return o.does(who, `insert into retention_proposal (child_id, kept_until, reason, proposed_by, proposed_at) values (@child, @until, 'r', @actor, @now)`,
		postgres.Args{"child": child, "until": day(until), "actor": who.ID})
}

func TestWhatStandsAgainst(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	young := o.Child("Ada", "Young", "2015-05-15")
	last := o.left("Lou", "1951-11-23") // kept to the end of today
	for _, child := range []int64{young, last} {
		if err := o.service.Propose(ctx, o.head, child, "r"); !errors.Is(err, fault.KindConflict) {
			t.Errorf("before its time: %v", err)
		}
		for _, until := range []string{"2026-11-22", o.Text(`select ($1::date + interval '75 years')::date::text`, o.Text(`select date_of_birth::text from child where id = $1`, child))} {
			if err := o.proposes(o.head, child, until); postgres.Constraint(err) != "retention_not_due" {
				t.Errorf("before its time, in SQL, said to be over on %s: %v", until, err)
			}
		}
	}
	for want, sql := range map[string]string{
		"subject_access": `insert into subject_access (child_id, asked_by, asked_name, came_how, received_on, logged_by, logged_at) values ($1, 'young_person', 'M', 'letter', '2026-11-10', $2, '2026-11-10')`,
		"correction":     `insert into correction (child_id, kind, about, record_says, person_says, asked_by, asked_name, asked_on, recorded_by, recorded_at) values ($1, 'objection', 'notes', '', 'x', 'parent', 'M', '2026-11-10', $2, '2026-11-10')`,
	} {
		child := o.left("Of "+want, "1950-01-01")
		o.Exec(sql, child, o.head.ID)
		if against := o.record(child).Against; !slices.Equal(against, []string{want}) || AgainstText(want) == "" {
			t.Errorf("%s: %v", want, against)
		}
		if err := o.service.Propose(ctx, o.head, child, "r"); !errors.Is(err, fault.KindConflict) {
			t.Errorf("%s: %v", want, err)
		}
	}
	wrong := o.Child("Ida", "Wrong", "1950-01-01")
	if against := o.record(wrong).Against; !slices.Equal(against, []string{"in_care"}) {
		t.Errorf("in care today: %v", against)
	}
}

func TestMoneyStandsAgainst(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Exec(`insert into premium_year (financial_year) values (2026)`)
	child := o.Child("Pia", "Paid", "1950-01-01")
	o.Exec(`insert into premium_request (child_id, financial_year, category, purpose, expected_difference, amount_pence, asked_by, asked_at) values ($1, 2026, 'mentoring', 'p', 'd', 1000, $2, '2026-11-01')`, child, o.deputy.ID)
	o.Exec(`update care_period set period = '[1960-01-01,1969-01-01)', end_code = 'E8' where child_id = $1`, child)
	if against := o.record(child).Against; !slices.Equal(against, []string{"money"}) {
		t.Errorf("a request that waits: %v", against)
	}
}

func TestTheListIsWhatIsOverAndWhatSoonIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	soon := o.left("Sue", "1952-11-23")
	o.left("Tom", "1952-11-24")
	died := o.left("Dee", "2000-01-01")
	o.Exec(`update care_period set period = '[2005-01-01,2010-01-01)', end_code = 'E2' where child_id = $1`, died)
	adopted := o.left("Abe", "1930-01-01")
	o.Exec(`update care_period set end_code = 'E11' where child_id = $1`, adopted)
	never := o.left("Nan", "2015-01-01")
	o.Exec(`delete from care_period where child_id = $1`, never)
	o.Exec(`update child set updated_at = '2020-05-01' where id = $1`, never)
	var got []int64
	for _, one := range o.list(o.head) {
		got = append(got, one.ChildID)
		if until := Rule(one.Facts).Until; until.After(day("2027-11-23")) {
			t.Errorf("%s is kept until %s", one.Forename, until)
		}
	}
	if want := []int64{died, never, o.child, soon}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	o.must(policy.Set(t.Context(), o.db, o.head, policy.RetentionWithoutCareYears, 20, calendar.New(2026, 11, 1), "The council's own schedule"))
	if facts := o.record(never).Facts; facts.YearsWithoutCare != 20 || Rule(facts).Until.String() != "2040-05-01" {
		t.Errorf("%+v", facts)
	}
	o.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, died)
	if list := o.list(o.head); slices.ContainsFunc(list, func(one Listed) bool { return one.ChildID == died }) {
		t.Error("a record restricted to others is listed")
	}
	if err := o.service.Hold(t.Context(), o.head, died, "claim", "r", day("2027-01-01")); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a record restricted to others: %v", err)
	}
}

func TestOnlyTheHeadAndTheDeputyDecide(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.must(o.service.Hold(ctx, o.head, o.child, "claim", "r", day("2027-01-01")))
	for _, role := range []access.Role{access.LeadAdvisor, access.DataOfficer} {
		who := o.Person(role, "Some "+string(role))
		for name, err := range map[string]error{
			"hold": o.service.Hold(ctx, who, o.child, "claim", "r", day("2027-01-01")), "end": o.service.EndHold(ctx, who, o.child, 1, "r"),
			"propose": o.service.Propose(ctx, who, o.child, "r"), "decide": o.service.Decide(ctx, who, o.child, 1, "approved", ""), "withdraw": o.service.Withdraw(ctx, who, o.child, 1, "r"),
		} {
			if !errors.Is(err, fault.KindForbidden) {
				t.Errorf("%s: %s: %v", role, name, err)
			}
		}
	}
	if err := o.service.Propose(ctx, o.Person(access.Advisor, "Ada Advisor"), o.child, "r"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("an advisor who does not work with them: %v", err)
	}
}

// TestAHoldAndAnApprovalDoNotPass has two people at once: whichever is first, the record ends up held.
func TestAHoldAndAnApprovalDoNotPass(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.must(o.service.Propose(ctx, o.head, o.child, "r"))
	var both sync.WaitGroup
	both.Go(func() {
		if err := o.service.Hold(ctx, o.head, o.child, "claim", "r", day("2027-01-01")); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() {
		if err := o.service.Decide(ctx, o.deputy, o.child, 1, "approved", ""); err != nil && !errors.Is(err, fault.KindConflict) {
			t.Error(err)
		}
	})
	both.Wait()
	if record := o.record(o.child); record.UnderWay() != nil || !slices.Equal(record.Against, []string{"hold"}) {
		t.Errorf("%+v", record)
	}
}

func problemField(err error) string {
	if problems := fault.Of(err); len(problems) == 1 {
		return problems[0].Field
	}
	return ""
}
