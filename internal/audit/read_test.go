package audit_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

func TestDifferencesAreFieldByField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		want          []audit.Difference
	}{
		{`{"Name":"Ann","Figures":{"Attended":41,"Late":0},"Names":["A","B"],"Same":1}`, `{"Name":"Anna","Figures":{"Attended":42,"Late":0},"Names":[],"Same":1}`,
			[]audit.Difference{{Field: "Figures, attended", Before: "41", After: "42"}, {Field: "Name", Before: "Ann", After: "Anna"}, {Field: "Names", Before: "A, B", After: "nothing"}}},
		{`{"DateOfBirth":"2014-01-05","state":"in_qa","Unaccompanied":false}`, `{"DateOfBirth":"2014-01-06","state":"signed_off","Unaccompanied":true}`,
			[]audit.Difference{{Field: "Date of birth", Before: "5 January 2014", After: "6 January 2014"}, {Field: "State", Before: "in qa", After: "signed off"},
				{Field: "Unaccompanied", Before: "no", After: "yes"}}},
		{`{"amount_pence":150000,"SettingID":7}`, `{"amount_pence":150050,"SettingID":0}`,
			[]audit.Difference{{Field: "Amount", Before: "£1,500.00", After: "£1,500.50"}, {Field: "Setting", Before: "number 7", After: "nothing"}}},
		{`null`, `"2026-11-09"`, []audit.Difference{{Field: "Value", Before: "nothing", After: "9 November 2026"}}},
		{`{"Lines":[{"What":"Book","Amount":300}]}`, `{"Lines":[{"What":"Book","Amount":400}]}`,
			[]audit.Difference{{Field: "Lines", Before: "(Amount £3.00; What Book)", After: "(Amount £4.00; What Book)"}}},
		{`{"LAChildID":"1","UPN":""}`, `{"LAChildID":"2","UPN":"B801200001001"}`,
			[]audit.Difference{{Field: "903 identifier", Before: "1", After: "2"}, {Field: "UPN", Before: "nothing", After: "B801200001001"}}},
	} {
		got := audit.SeenChange{Before: &c.before, After: &c.after}.Differences()
		if !slices.Equal(got, c.want) {
			t.Errorf("%s → %s: %+v", c.before, c.after, got)
		}
	}
	if got := (audit.SeenChange{}).Differences(); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestFieldsAreCalledAsOnScreens(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{"PreferredName": "Preferred name", "meeting_on": "Meeting on", "UPN": "UPN", "PEPID": "PEP", "in_authority": "Lives in the authority",
		"HoursPerWeek": "Hours per week", "AskedSENCo": "Asked SEN co", "ID": "Number", "a": "A", "School, SettingID": "School, setting"} {
		if got := audit.FieldName(field); got != want {
			t.Errorf("%s is called %q, not %q", field, got, want)
		}
	}
}

// TestALogIsReadByPages writes more than two pages and reads all of them back, each line once.
func TestALogIsReadByPages(t *testing.T) {
	t.Parallel()
	l := open(t, now)
	child, other := l.child(), int64(0)
	if err := l.sql.QueryRow(t.Context(), `insert into child (la_child_id, surname, date_of_birth, created_at, updated_at) values ('A2', 'Nowak', '2014-01-05', $1, $1) returning id`, now).Scan(&other); err != nil {
		t.Fatal(err)
	}
	for n := range 60 {
		db := l.db.At(func() time.Time { return now.Add(time.Duration(n/3) * time.Minute) }) // three at each moment
		ctx := audit.WithRequestID(t.Context(), fmt.Sprintf("%016x", n))
		var batch postgres.Batch
		audit.LookMany(ctx, &batch, access.System, []int64{child, other}[:1+n%2], "list")
		if err := db.View(ctx, access.System, &batch); err != nil {
			t.Fatal(err)
		}
		if err := db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
			return audit.Change(ctx, tx, audit.Entry{ChildID: []int64{child, other}[n%2], Subject: "child", SubjectID: n, Action: "edited", After: n})
		}); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		filter        audit.Filter
		changes, acts int
	}{
		"all":           {audit.Filter{}, 60, 60},
		"a child":       {audit.Filter{ChildID: other}, 30, 30},
		"a name":        {audit.Filter{Named: "nowák"}, 30, 30},
		"a person":      {audit.Filter{AccountID: access.System.ID}, 60, 60},
		"by their name": {audit.Filter{Named: "virtual school"}, 60, 60},
		"nobody":        {audit.Filter{AccountID: 99}, 0, 0},
		"another day":   {audit.Filter{From: calendar.New(2026, 11, 24)}, 0, 0},
		"that day":      {audit.Filter{From: calendar.New(2026, 11, 23), Until: calendar.New(2026, 11, 23)}, 60, 60},
	} {
		c.filter.Limit = 7
		seen := map[string]int{}
		for page := c.filter; ; {
			var changes []audit.SeenChange
			var batch postgres.Batch
			audit.QueueChangeLog(t.Context(), &batch, &changes, access.System, page)
			if err := l.db.View(t.Context(), access.System, &batch); err != nil {
				t.Fatal(err)
			}
			if len(changes) == 0 {
				break
			}
			for _, one := range changes {
				seen[*one.After]++
				page.After = audit.Cursor{At: one.At, Key: fmt.Sprint(one.ID)}
			}
		}
		if len(seen) != c.changes {
			t.Errorf("%s: %d changes, not %d", name, len(seen), c.changes)
		}
		acts := map[string]int{}
		for page := c.filter; ; {
			var looks []audit.Act
			var batch postgres.Batch
			audit.QueueLookLog(t.Context(), &batch, &looks, access.System, page)
			if err := l.db.View(t.Context(), access.System, &batch); err != nil {
				t.Fatal(err)
			}
			if len(looks) == 0 {
				break
			}
			for _, one := range looks {
				acts[one.RequestID]++
				page.After = audit.Cursor{At: one.At, Key: one.RequestID}
			}
		}
		if len(acts) != c.acts {
			t.Errorf("%s: %d acts, not %d", name, len(acts), c.acts)
		}
		for key, times := range acts {
			if times != 1 {
				t.Errorf("%s: act %s came %d times", name, key, times)
			}
		}
	}
	if n := l.count(`select count(*) from audit_look where screen = 'audit'`); n != 0 {
		t.Errorf("%d looks were written that nobody asked for", n)
	}
}
