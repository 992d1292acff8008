package peps_test

import (
	"regexp"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/webtest"
)

// eventsOf reads a calendar file's events by the grammar of RFC 5545: a map of name to value each.
func eventsOf(t *testing.T, page *webtest.Page) []map[string]string {
	t.Helper()
	if page.Status != 200 || page.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || !strings.Contains(page.Header.Get("Content-Disposition"), ".ics") {
		t.Fatalf("%d %v", page.Status, page.Header)
	}
	var events []map[string]string
	for _, line := range strings.Split(regexp.MustCompile("\r\n[ \t]").ReplaceAllString(page.Body, ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		if line == "BEGIN:VEVENT" {
			events = append(events, map[string]string{})
		} else if len(events) > 0 {
			events[len(events)-1][name] = value
		}
	}
	return events
}

func TestTheMeetingGoesIntoACalendar(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	if page := h.teacher.Get(plan + "/meeting.ics"); page.Status != 404 {
		t.Errorf("without a day: %d", page.Status)
	}
	if h.teacher.Get(plan).Find(`a[href$="/meeting.ics"]`).Length() != 0 {
		t.Error("a link to a file that is not there")
	}
	done(t, send(t, h.worker, plan+"/meeting", join(webtest.Date("on", "4", "12", "2026"), webtest.Date("next", "1", "3", "2027"), []string{"held", "no"})...))
	if h.teacher.Get(plan).Find(`a[href="`+plan+`/meeting.ics"]`).Length() != 1 {
		t.Error("no link on the plan")
	}
	page := h.teacher.Get(plan + "/meeting.ics")
	first := eventsOf(t, page)
	if len(first) != 2 || first[0]["DTSTART"] != "20261204" || first[0]["DTEND"] != "20261205" || first[1]["DTSTART"] != "20270301" || first[0]["SUMMARY"] != "PEP meeting" ||
		first[0]["URL"] != "http://localhost:8080"+plan || first[0]["DTSTAMP"] != "20261123T100000Z" || first[0]["UID"] == first[1]["UID"] {
		t.Errorf("%v", first)
	}
	for _, name := range []string{"Maya", "Okafor", "Elm", "Teacher", "Worker"} {
		if strings.Contains(page.Body, name) {
			t.Errorf("the file says %q", name)
		}
	}
	done(t, send(t, h.teacher, plan+"/meeting", webtest.Date("on", "7", "12", "2026")...))
	moved := eventsOf(t, h.worker.Get(plan+"/meeting.ics"))
	if moved[0]["UID"] != first[0]["UID"] || moved[0]["DTSTART"] != "20261207" || moved[0]["SEQUENCE"] <= first[0]["SEQUENCE"] {
		t.Errorf("moved: %v, was %v", moved[0], first[0])
	}
	if elsewhere := h.elsewhere.Get(plan + "/meeting.ics"); elsewhere.Status != 404 {
		t.Errorf("another school: %d", elsewhere.Status)
	}
	if looks := h.ID(`select count(*) from audit_look where screen = 'PEP meeting for a calendar' and child_id = $1`, h.child); looks < 3 {
		t.Errorf("%d looks written down", looks)
	}

	// Another child has come into care, so a first plan is to be started within 10 working days (R6).
	newcomer := h.Child("New", "Comer", "2017-05-01")
	h.Exec(`update care_period set period = '[2026-11-16,)' where child_id = $1`, newcomer)
	h.OnRoll(newcomer, h.ID(`select id from setting where name = 'Elm Primary'`), "[2026-11-16,)")
	mine := eventsOf(t, h.teacher.Get("/peps/meetings.ics"))
	uids, days, start := map[string]bool{}, []string{}, ""
	for _, event := range mine {
		if uids[event["UID"]] || event["DTSTART"] < "20261123" {
			t.Errorf("twice, or over: %v", event)
		}
		if event["SUMMARY"] == "Last day to start a PEP" {
			start = event["DTSTART"] + " " + event["URL"]
		}
		uids[event["UID"]], days = true, append(days, event["DTSTART"])
	}
	if !uids[moved[0]["UID"]] || uids[first[1]["UID"]] || start != "20261130 http://localhost:8080/children/"+webtest.Number(newcomer)+"/peps" {
		t.Errorf("all the teacher's, with %q: %v", start, mine)
	}
	for n := 1; n < len(days); n++ {
		if days[n] < days[n-1] {
			t.Errorf("out of order: %v", days)
		}
	}
	if head := eventsOf(t, h.As(h.Person(access.Head, "Hedda Head")).Get("/peps/meetings.ics")); len(head) != 1 {
		t.Errorf("the head has meetings only: %v", head)
	}
	if theirs := eventsOf(t, h.elsewhere.Get("/peps/meetings.ics")); len(theirs) != 0 {
		t.Errorf("another school's: %v", theirs)
	}
	if h.teacher.Get("/peps").Find(`a[href="/peps/meetings.ics"]`).Length() != 1 {
		t.Error("no link on the list")
	}
}

// TestANextMeetingWaitsForItsPlan: it is in the file of all dates until a plan is begun for it, and once held
// nothing of the old plan comes back.
func TestANextMeetingWaitsForItsPlan(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan := h.begin(t)
	done(t, send(t, h.worker, plan+"/meeting", join(webtest.Date("on", "20", "11", "2026"), webtest.Date("next", "1", "3", "2027"), []string{"held", "yes", "name-0", "Tia"})...))
	on := func(who *webtest.Visitor, day string) int {
		n := 0
		for _, event := range eventsOf(t, who.Get("/peps/meetings.ics")) {
			if event["SUMMARY"] == "PEP meeting" && event["DTSTART"] == day {
				n++
			}
		}
		return n
	}
	if on(h.teacher, "20270301") != 1 || on(h.teacher, "20261120") != 0 {
		t.Errorf("next %d, past %d", on(h.teacher, "20270301"), on(h.teacher, "20261120"))
	}
	// Somebody invited to one section of the plan works with none of its days.
	guest := h.Teacher("Gus Guest", h.Setting("Far School"))
	h.Exec(`insert into pep_invitation (pep_id, child_id, section, account_id, invited_by, invited_at, until) select id, child_id, 'education', $1, started_by, $2, '2026-12-04' from pep`, guest.ID, webtest.Now)
	if on(h.As(guest), "20270301") != 0 {
		t.Error("a guest is told of the meeting")
	}
	h.Exec(`insert into pep (child_id, kind, form, form_version, academic_year, term, meeting_on, started_by, started_at) select child_id, 'termly', form, form_version, 2026, 'spring', '2027-03-02', started_by, $1 from pep`, webtest.Now)
	if on(h.teacher, "20270301") != 0 || on(h.teacher, "20270302") != 1 {
		t.Errorf("once the next plan is begun: %d and %d", on(h.teacher, "20270301"), on(h.teacher, "20270302"))
	}
}
