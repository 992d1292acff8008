package attendance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

func view(t *testing.T, w *world, who access.Actor, batch *postgres.Batch) {
	t.Helper()
	if err := w.service.DB.View(t.Context(), who, batch); err != nil {
		t.Fatal(err)
	}
}

func TestAChildsDaysAndWhereTheyAreFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	w.mustKeep(w.head, attendance.Phone, w.at(w.birch, "2026-11-18", "NN"), w.at(w.ash, "2026-10-02", "I."))
	w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, "2026-11-18", `/.`), w.at(w.birch, "2026-11-19", `/\`))
	var all, birch []attendance.Day
	var deliveries []attendance.Delivered
	var corrections []attendance.Correction
	var batch postgres.Batch
	attendance.QueueDays(&batch, &all, w.child, on("2026-10-02"), on("2026-11-19"))
	attendance.QueueSettingDays(&batch, &birch, w.birch, on("2026-11-16"), on("2026-11-18"))
	attendance.QueueDeliveries(&batch, &deliveries, w.child, on("2026-11-16"), on("2026-11-30"))
	attendance.QueueCorrections(&batch, &corrections, w.child, on("2026-11-16"), on("2026-11-30"))
	view(t, w, w.head, &batch)
	if len(all) != 3 || all[0].HalfTerm != "A1" || all[0].AM != "I" || all[0].PM != "" || all[0].PMFrom != 0 || all[1].Code("AM") != "/" || all[1].Code("PM") != "N" || all[1].AMFrom == all[1].PMFrom {
		t.Errorf("days %+v", all)
	}
	if len(birch) != 1 || birch[0] != all[1] {
		t.Errorf("at Birch %+v", birch)
	}
	if len(deliveries) != 2 || deliveries[0].Source != attendance.SchoolTyped || deliveries[0].By != "Tia Teacher" || deliveries[0].Marks != 3 || deliveries[1].By != "Hal Head" || deliveries[1].Label != "week.csv" {
		t.Errorf("deliveries %+v", deliveries)
	}
	if len(corrections) != 1 || corrections[0] != (attendance.Correction{SettingID: w.birch, Day: on("2026-11-18"), Session: "AM", Was: "N", WasFrom: deliveries[1].ID, Became: "/", BecameFrom: deliveries[0].ID}) {
		t.Errorf("corrections %+v", corrections)
	}
	if attendance.SchoolTyped.Words() != "Typed by the school" || attendance.Source("x").Words() != "" {
		t.Error("the sources are not in words")
	}
}

func TestToday(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	ben, left := w.Child("Ben", "Adeyemi", "2014-05-06"), w.Child("Lee", "Left", "2014-05-06")
	w.OnRoll(ben, w.ash, "[2023-09-01,)")
	w.OnRoll(left, w.ash, "[2023-09-01,)")
	w.Exec(`update care_period set period = '[2025-09-01,2026-11-01)', end_code = 'E4A' where child_id = $1`, left)
	w.mustKeep(w.head, attendance.Phone, w.at(w.birch, "2026-11-23", "I."))
	w.mustKeep(w.teacher, attendance.SchoolTyped, w.at(w.birch, "2026-11-23", `.\`))
	for who, want := range map[access.Actor]string{
		w.head:    `Ash Primary Ben Adeyemi  false|Birch Primary Maya Okafor I phone \ school true`,
		w.teacher: `Birch Primary Maya Okafor I phone \ school true`, w.former: `Ash Primary Ben Adeyemi  false`, {}: ``,
	} {
		var today []attendance.Today
		var batch postgres.Batch
		attendance.QueueToday(&batch, &today, who, on("2026-11-23"))
		view(t, w, who, &batch)
		var lines []string
		for _, row := range today {
			lines = append(lines, strings.Join([]string{row.School, row.DisplayName(), strings.TrimSpace(fmt.Sprintf("%s %s %s %s", row.AM, row.AMSource, row.PM, row.PMSource)), fmt.Sprint(row.HeardAt != nil)}, " "))
		}
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("%s: %s; want %s", who.Name, got, want)
		}
	}
}

func TestUnexplainedAndClashes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	w.OnRollToo(w.ash, "[2026-11-02,)")
	w.mustKeep(w.head, attendance.RegisterFile, w.at(w.birch, "2026-11-16", "NN"), w.at(w.birch, "2026-11-17", "/N"), w.at(w.birch, "2026-11-18", `/\`))
	w.mustKeep(w.former, attendance.SchoolTyped, w.at(w.ash, "2026-11-17", "LI"), w.at(w.ash, "2026-11-18", `DV`))
	var since, all []attendance.Unexplained
	var clashes, later []attendance.Clash
	var batch postgres.Batch
	attendance.QueueUnexplained(&batch, &all, on("2026-09-01"))
	attendance.QueueUnexplained(&batch, &since, on("2026-11-17"))
	attendance.QueueClashes(&batch, &clashes, on("2026-09-01"))
	attendance.QueueClashes(&batch, &later, on("2026-11-19"))
	view(t, w, w.head, &batch)
	if len(all) != 3 || all[0].Session != "AM" || all[0].School != "Birch Primary" || all[2].Day != on("2026-11-17") || all[2].DisplayName() != "Maya Okafor" || len(since) != 1 {
		t.Errorf("%+v, %+v", all, since)
	}
	var told []string
	for _, c := range clashes {
		told = append(told, fmt.Sprintf("%s %s %s %s %s %s", c.Day, c.Session, c.One, c.OneCode, c.Other, c.OtherCode))
	}
	if want := []string{`2026-11-18 PM Ash Primary V Birch Primary \`, `2026-11-17 AM Ash Primary L Birch Primary /`}; !slices.Equal(told, want) || len(later) != 0 {
		t.Errorf("%q, %v; want %q", told, later, want)
	}
}

func TestFiguresOfTheCohort(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.terms()
	recent, unknown := w.Child("Ben", "Adeyemi", "2014-05-06"), w.Child("Una", "Known", "2014-05-06")
	w.OnRoll(recent, w.ash, "[2026-09-01,)")
	w.OnRoll(unknown, w.ash, "[2026-09-01,)")
	w.Exec(`update care_period set period = '[2026-05-01,)' where child_id = $1`, recent)
	w.Exec(`update placement set in_authority = false where child_id = $1`, recent)
	w.mustKeep(w.head, attendance.RegisterFile, w.at(w.ash, "2026-10-01", `/\`), w.at(w.birch, "2026-11-16", "IN"), w.at(w.birch, "2026-11-17", `/\`))
	first := w.child
	w.child = recent
	w.mustKeep(w.head, attendance.RegisterFile, w.at(w.ash, "2026-10-01", `OO`), w.at(w.ash, "2026-11-16", `O\`))
	w.child = first
	year := on("2026-09-01")
	var members, autumn []attendance.Member
	var stays []attendance.Stay
	var calendars setting.Calendars
	var termly []attendance.TermFigures
	var absent []attendance.Absentee
	var batch postgres.Batch
	attendance.QueueCohort(&batch, &members, 2026, on("2026-11-23"))
	attendance.QueueCohort(&batch, &autumn, 2026, on("2026-11-23"), "A2")
	attendance.QueueStays(&batch, &stays, 0, year, on("2026-11-23"))
	setting.QueueAllCalendars(&batch, &calendars)
	attendance.QueueTermly(&batch, &termly, 2026)
	attendance.QueueAbsentees(&batch, &absent, 2026, 4)
	view(t, w, w.head, &batch)
	attendance.Expect(members, stays, attendance.NewExpectation(calendars.BySetting()), year, on("2026-11-23"))
	var told []string
	for _, m := range members {
		told = append(told, fmt.Sprintf("%d %s %s %v %v %v: %d/%d, %d of %d, N %d", m.ChildID-first, m.School, m.Placement, *m.InAuthority, m.Live, m.Twelve, m.Attended, m.Possible, m.Received, m.Expected, m.Unknown))
	}
	if want := []string{"0 Ash Primary U6 true true true: 2/2, 2 of 76, N 0", "0 Birch Primary U6 true true true: 2/4, 4 of 30, N 1",
		"1 Ash Primary U6 false true false: 1/4, 4 of 108, N 0", "2 Ash Primary U6 true true true: 0/0, 0 of 108, N 0"}; !slices.Equal(told, want) {
		t.Errorf("members\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	if len(autumn) != 4 || autumn[0].Possible != 0 || autumn[2].Possible != 2 {
		t.Errorf("second half %+v", autumn)
	}
	live := attendance.GroupBy(members, 4, func(m attendance.Member) string { return map[bool]string{true: "in"}[m.Live] })
	twelve := attendance.GroupBy(members, 4, func(m attendance.Member) string { return map[bool]string{true: "in"}[m.Twelve] })
	if len(live) != 1 || live[0].Children != 3 || live[0].Rate() != "50.0%" || live[0].Persistent != 2 || live[0].Severe != 1 || twelve[0].Children != 2 || twelve[0].Rate() != "66.7%" || twelve[0].Persistent != 1 {
		t.Errorf("live %+v, twelve %+v", live, twelve)
	}
	if len(termly) != 2 || termly[0].Term != "autumn" || termly[0].Tally().Rate() != "66.7%" || termly[1].Tally().Absent() != 3 {
		t.Errorf("termly %+v", termly)
	}
	if len(absent) != 2 || absent[0].ID != recent || !absent[0].Severe || absent[0].School != "Ash Primary" || absent[0].Absent != 3 || absent[1].ID != first || absent[1].Severe || absent[1].Possible != 6 || absent[1].Unknown != 1 {
		t.Errorf("absentees %+v", absent)
	}
}
