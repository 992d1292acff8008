package peps_test

import (
	"net/url"
	"strings"
	"testing"

	"virtualschool/web/webtest"
)

// round begins this term's plan of a child who has a signed-off one with a target, and a wish that
// waits for an answer. It gives the plan's address, the target and the wish.
func (h *house) round(t *testing.T) (plan, target, wish string) {
	t.Helper()
	before := h.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, state, meeting_on, meeting_held, started_by, started_at)
		values ($1, 'termly', 'primary', 1, 2025, 'summer', 'draft', '2026-06-15', true, 1, '2026-06-01') returning id`, h.child)
	old := h.ID(`insert into pep_target (pep_id, child_id, position, area, what, measure, owner) values ($1, $2, 1, 'numeracy', 'Knows her tables to 6', 'Ten of twelve', 'Tia Teacher') returning id`, before, h.child)
	h.Exec(`insert into pep_attendee (pep_id, child_id, position, name, part, present) values ($1, $2, 1, 'Pat Carer', 'carer', true)`, before, h.child)
	h.Exec(`update pep set state = 'signed_off', submitted_at = '2026-06-16', submitted_by = 1, signed_off_at = '2026-06-17', signed_off_by = 1 where id = $1`, before)
	asked := h.ID(`insert into wish (child_id, words, said_on, recorded_by, recorded_at) values ($1, 'More <football>', '2026-11-02', 1, '2026-11-02') returning id`, h.child)
	h.Exec(`insert into wish (child_id, words, said_on, audience, recorded_by, recorded_at) values ($1, 'Not to see Dad', '2026-11-02', 'social_work', 1, '2026-11-02')`, h.child)
	return h.begin(t), webtest.Number(old), webtest.Number(asked)
}

// decided is what an ordinary meeting types into the room.
func decided(target, wish string) []string {
	return join(webtest.Date("voice-on", "23", "11", "2026"), webtest.Date("meeting-on", "23", "11", "2026"), webtest.Date("meeting-next", "1", "3", "2027"),
		webtest.Date("actions-due-0", "1", "12", "2026"), webtest.Date("wishes-by-"+wish, "11", "1", "2027"), []string{
			"voice-words", "I like <maths> now", "voice-how", "in_person", "voice-with", "Sam Worker", "meeting-held", "yes",
			"reviews-outcome-" + target, "carried_forward", "reviews-note-" + target, "Began late",
			"targets-what-1", "Reads a chapter book", "targets-area-1", "literacy", "targets-measure-1", "One finished", "targets-owner-1", "Tia Teacher",
			"actions-what-0", "Library card", "actions-owner-0", "Pat Carer",
			"wishes-kind-" + wish, "will_happen", "wishes-answer-" + wish, "Football club from January", "wishes-new", "A desk of my own\n\nTo sit by the window",
			"meeting-came-0", "yes", "meeting-came-1", "no",
		})
}

var tuition = []string{"money-purpose-0", "Ten hours of tuition", "money-difference-0", "Reads every day", "money-category-0", "literacy", "money-amount-0", "400", "money-target-0", "2", "money-owner-0", "Tia Teacher"}

func TestAMeetingIsWrittenDownOnOnePage(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan, target, wish := h.round(t)
	page := h.teacher.Get(plan + "/room")
	for _, words := range []string{"Knows her tables to 6", "More <football>", "Suggested:", "What good targets look like"} {
		if !strings.Contains(page.Says(), words) {
			t.Errorf("the room does not show %q", words)
		}
	}
	if strings.Contains(page.Body, "Not to see Dad") || strings.Contains(h.advisor.Get(plan+"/room").Body, "Not to see Dad") {
		t.Error("a wish that the child keeps to few is on everyone's screen")
	}
	form := page.Form("/room")
	for field, want := range map[string]string{"meeting-name-0": "Maya Okafor", "meeting-name-1": "Pat Carer", "meeting-name-4": "Tia Teacher", "meeting-part-4": "designated_teacher", "meeting-came-0": "",
		"meeting-on-day": "23", "meeting-next-year": "2027", "targets-version": "1", "voice-on-day": "23"} {
		if form.Get(field) != want {
			t.Errorf("%s is %q; want %q", field, form.Get(field), want)
		}
	}
	saved := h.teacher.Post(plan+"/room", webtest.With(form, join(decided(target, wish), tuition)...))
	done(t, saved)
	if saved.Location != plan+"/agreed" {
		t.Errorf("leads to %s", saved.Location)
	}
	agreed := h.teacher.Get(saved.Location)
	for _, words := range []string{"I like <maths> now", "Reads a chapter book", "Knows her tables to 6", "Carried forward once, since 15 June 2026", "See to: Ten hours of tuition", "£400.00",
		"Football club from January", "A desk of my own", "To sit by the window", "Monday 1 March 2027", "Who was there", "Maya Okafor.", "Apologies: Pat Carer."} {
		if !strings.Contains(agreed.Says(), words) {
			t.Errorf("what we agreed lacks %q", words)
		}
	}
	if agreed.Find("title").Text() != "" && strings.Contains(agreed.Find("title").Text(), "Maya") {
		t.Error("the title names the child")
	}
	if n := h.ID(`select count(*) from premium_request r join pep_target t on t.id = r.target_id where t.what = 'Reads a chapter book' and r.amount_pence = 40000`); n != 1 {
		t.Errorf("%d requests for the target", n)
	}
	// The same press again does nothing twice.
	again := h.teacher.Post(plan+"/room", webtest.With(form, join(decided(target, wish), tuition)...))
	if again.Status != 303 || again.Location != plan+"/agreed" {
		t.Errorf("sent twice: %d to %q", again.Status, again.Location)
	}
	if n := h.ID(`select count(*) from premium_request`) + h.ID(`select count(*) from wish_answer`); n != 2 {
		t.Errorf("%d requests and answers after a double press", n)
	}
	if page := h.worker.Get(plan + "/agreed"); strings.Contains(page.Body, "£400") {
		t.Error("a social worker sees the money asked for")
	}
	// The separate pages show the same and go on working.
	if form := h.worker.Get(plan + "/targets").Form("/targets"); form.Get("what-0") != "Reads a chapter book" || form.Get("version") != "2" {
		t.Errorf("the page of targets: %v", form)
	}
}

func TestTheRoomKeepsEveryRow(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan, target, wish := h.round(t)
	form := h.teacher.Get(plan + "/room").Form("/room")
	for name, c := range map[string]struct {
		pairs []string
		field string
	}{
		"31 September":              {webtest.Date("meeting-next", "31", "9", "2027"), "meeting-next"},
		"a target about nothing":    {[]string{"targets-area-1", ""}, "targets-area-1"},
		"an action by nobody":       {[]string{"actions-owner-0", ""}, "actions-owner-0"},
		"money in words":            {[]string{"money-amount-0", "lots"}, "money-amount-0"},
		"money for an empty row":    {[]string{"money-target-0", "3"}, "money-target-0"},
		"no kind of spending":       {[]string{"money-category-0", ""}, "money-category-0"},
		"an answer with no kind":    {[]string{"wishes-kind-" + wish, ""}, "wishes-kind-" + wish},
		"a promise without a day":   {webtest.Date("wishes-by-"+wish, "", "", ""), "wishes-by-" + wish},
		"goes on without a word":    {[]string{"reviews-note-" + target, ""}, "reviews-note-" + target},
		"words and no way of them":  {[]string{"voice-how", ""}, "voice-how"},
		"a person without a part":   {[]string{"meeting-name-6", "Grace", "meeting-part-6", "wizard"}, "meeting-part-6"},
		"ten thousand characters":   {[]string{"voice-words", strings.Repeat("é", 10000)}, "voice-words"},
		"a null byte":               {[]string{"actions-what-0", "a\x00b"}, "actions-what-0"},
		"a wish of many characters": {[]string{"wishes-new", strings.Repeat("wish ", 300)}, "wishes-new"},
	} {
		typed := webtest.With(form, join(decided(target, wish), tuition, c.pairs)...)
		refused := h.teacher.Post(plan+"/room", typed)
		at := refused.Find(".govuk-error-summary a").FilterFunction(func(_ int, s *selection) bool { return s.AttrOr("href", "") == "#"+c.field })
		if refused.Status != 422 || at.Length() != 1 || refused.Find(`[id="`+c.field+`"]`).Length() != 1 {
			t.Errorf("%s: %d, %v", name, refused.Status, refused.Errors())
			continue
		}
		back := refused.Form("/room")
		for field, values := range typed {
			if field != "key" && !strings.HasPrefix(field, "draft_") && strings.Join(back[field], "|") != strings.Join(values, "|") && name != "a null byte" && field != "wishes-new" && field != c.field {
				t.Errorf("%s: %s was %q and is %q", name, field, values, back[field])
			}
		}
		if n := h.ID(`select count(*) from pep_section where version > 1`) + h.ID(`select count(*) from premium_request`); n != 0 {
			t.Fatalf("%s: something was saved", name)
		}
	}
	for group, field := range map[string]string{"targets": "targets-what-3", "actions": "actions-what-3", "money": "money-purpose-1", "meeting": "meeting-name-6"} {
		more := h.teacher.Post(plan+"/room", webtest.With(form, join(decided(target, wish), []string{"add", group})...))
		if more.Status != 200 || more.Find("[name="+field+"]").Length() != 1 || more.Form("/room").Get("targets-what-1") != "Reads a chapter book" {
			t.Errorf("another row of %s: %d", group, more.Status)
		}
	}
}

func TestTheRoomAdvisesOnWhatIsTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan, _, _ := h.round(t)
	form := h.teacher.Get(plan + "/room").Form("/room")
	looked := h.teacher.Post(plan+"/room", webtest.With(form, "add", "advice", "targets-what-0", "Enjoyment of stories", "targets-area-0", "literacy", "targets-owner-0", "All staff"))
	for _, words := range []string{"things would make target 1 better", "Nothing says how anyone will know.", "“All staff” names no one person.", "There is one target."} {
		if !strings.Contains(looked.Says(), words) {
			t.Errorf("no advice %q", words)
		}
	}
	if n := h.ID(`select count(*) from pep_target t join pep p on p.id = t.pep_id where p.state = 'draft'`); n != 0 {
		t.Error("looking saved something")
	}
	// On the targets' own page too, and never in the way.
	done(t, send(t, h.teacher, plan+"/targets", "what-0", "Enjoyment of stories", "area-0", "literacy", "owner-0", "School"))
	if page := h.worker.Get(plan + "/targets"); !strings.Contains(page.Says(), "“School” names no one person.") || !strings.Contains(page.Says(), "Name one adult, with their part") {
		t.Errorf("%s", page.Says())
	}
}

func TestTwoScreensOfOneMeeting(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan, target, wish := h.round(t)
	mine, theirs := h.teacher.Get(plan+"/room").Form("/room"), h.worker.Get(plan+"/room").Form("/room")
	done(t, h.worker.Post(plan+"/room", webtest.With(theirs, decided(target, wish)...)))
	pairs := join(decided(target, wish), tuition, []string{"voice-words", "I like art", "targets-what-1", "Reads two books", "wishes-kind-" + wish, "", "wishes-answer-" + wish, "", "wishes-new", ""})
	clash := h.teacher.Post(plan+"/room", webtest.With(mine, pairs...))
	for _, words := range []string{"Sam Worker saved this part", "I like <maths> now", "I like art", "Reads a chapter book"} {
		if !strings.Contains(clash.Says(), words) {
			t.Errorf("the other text is not shown: %q", words)
		}
	}
	form := clash.Form("/room")
	if clash.Status != 409 || form.Get("targets-what-1") != "Reads two books" || form.Get("money-purpose-0") != "Ten hours of tuition" || form.Get("voice-version") != "2" {
		t.Fatalf("%d %v", clash.Status, form)
	}
	if n := h.ID(`select count(*) from premium_request`); n != 0 {
		t.Error("money was asked for though the rest was not saved")
	}
	done(t, h.teacher.Post(plan+"/room", form))
	if said := h.worker.Get(plan + "/agreed").Says(); !strings.Contains(said, "I like art") || !strings.Contains(said, "Reads two books") {
		t.Error(said)
	}
	// A wish that somebody has answered meanwhile: nothing is lost.
	late := h.teacher.Get(plan + "/room").Form("/room")
	late.Set("wishes-wish", wish)
	lost := h.teacher.Post(plan+"/room", webtest.With(late, "wishes-kind-"+wish, "done", "wishes-answer-"+wish, "You have a place", "wishes-version-"+wish, "1"))
	if lost.Status != 409 || !strings.Contains(lost.Says(), "You have a place") {
		t.Errorf("%d %s", lost.Status, lost.Says())
	}
}

func TestWhoSitsInTheRoom(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan, target, wish := h.round(t)
	if page := h.worker.Get(plan + "/room"); page.Find("#money").Length() != 0 {
		t.Error("a social worker is offered lines of money")
	}
	form := h.worker.Get(plan + "/room").Form("/room")
	refused := h.worker.Post(plan+"/room", webtest.With(form, join(decided(target, wish), tuition)...))
	if refused.Status != 422 || !strings.Contains(refused.Says(), "Your role cannot ask for Pupil Premium Plus") || refused.Form("/room").Get("money-purpose-0") != "Ten hours of tuition" {
		t.Errorf("%d %v", refused.Status, refused.Errors())
	}
	if page := h.officer.Get(plan + "/room"); page.Status != 200 || page.Find("main form").Length() != 0 {
		t.Errorf("a reviewing officer writes in the room: %d", page.Status)
	}
	if page := h.elsewhere.Get(plan + "/room"); page.Status != 404 {
		t.Errorf("another school: %d", page.Status)
	}
	done(t, h.worker.Post(plan+"/room", webtest.With(form, decided(target, wish)...)))
	h.Exec(`update pep set state = 'submitted', submitted_at = now(), submitted_by = started_by where state = 'draft'`)
	if page := h.teacher.Get(plan + "/room"); page.Find("main form").Length() != 0 || page.Find(`a[href$="/agreed"]`).Length() != 1 {
		t.Error("a submitted plan is written in the room")
	}
}

func TestTheRoomsWordsAreKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	plan, target, wish := h.round(t)
	form := h.teacher.Get(plan + "/room").Form("/room")
	kept := h.teacher.Post(plan+"/drafts/room", typing(form, "1", join(tuition, []string{"actions-what-5", "Ring the club", "targets-what-0", "Reads"})...))
	if kept.Status != 200 {
		t.Fatalf("%d %s", kept.Status, kept.Body)
	}
	page := h.teacher.Get(plan + "/room")
	if got := page.Form("/room"); got.Get("actions-what-5") != "Ring the club" || got.Get("money-purpose-0") != "Ten hours of tuition" || got.Get("targets-what-0") != "Reads" {
		t.Errorf("%v", got)
	}
	if !strings.Contains(page.Says(), "These are your unsaved words") {
		t.Error("nothing says that these are unsaved words")
	}
	if page := h.worker.Get(plan + "/room"); strings.Contains(page.Body, "Ring the club") {
		t.Error("somebody else reads them")
	}
	done(t, h.teacher.Post(plan+"/room", webtest.With(page.Form("/room"), join(decided(target, wish), webtest.Date("actions-due-5", "2", "12", "2026"), []string{"actions-owner-5", "Pat", "targets-area-0", "literacy"})...)))
	if left := h.ID(`select count(*) from pep_draft where part = 'room'`); left != 0 {
		t.Errorf("%d drafts are left after saving", left)
	}
	if thrown := h.teacher.Post(plan+"/drafts/room/drop", url.Values{}); thrown.Status != 303 || thrown.Location != plan+"/room" {
		t.Errorf("thrown away: %d to %q", thrown.Status, thrown.Location)
	}
}
