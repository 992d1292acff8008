package journeys

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
)

// The most that logging a termly review of a prepared child may ask of an advisor when nothing changed.
const mostPages, mostFields = 8, 60

// prepared starts this term's plan, has the school and the social worker do their sections, and gives
// the plan's address.
func (w *town) prepared(advisor access.Actor) string {
	starter := w.as(w.teacher)
	starter.looksOver = false
	starter.Opens(path(w.maya, "/peps"))
	starter.Follows("Start a plan")
	starter.Presses("Start the plan")
	plan := starter.where()
	w.Exec(`update pep_section s set state = 'complete', version = 2, saved_by = $1, saved_at = now(), completed_by = $1, completed_at = now()
		from pep p where p.id = s.pep_id and p.state = 'draft' and s.section not in ('voice', 'meeting', 'reviews', 'targets', 'actions')`, w.teacher.ID)
	return plan
}

func TestAnAdvisorLogsAPreparedReviewInTheRoom(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	plan := town.prepared(town.advisor)
	advisor := town.as(town.advisor)

	advisor.Opens("/")
	advisor.Opens(plan)
	advisor.Follows("Open the meeting")
	advisor.Types("What the child said", "I like it when Miss reads <quietly> to us & we draw.")
	advisor.Chooses("In person", "How they were asked")
	advisor.Types("Who asked", "Tess Teacher")
	advisor.Sees("Knows her tables to 6")
	advisor.Chooses("Carried forward")
	advisor.Types("Note on: Knows her tables to 6", "Two weeks were lost with the move. Ten minutes a day from now on.")
	advisor.TypesIn("Action 1", "What will be done", "Library card")
	advisor.TypesIn("Action 1", "Who will do it", "Sol Worker")
	advisor.Chooses("Present", "Person 1")
	advisor.Chooses("Present", "Person 2")
	advisor.Presses("Save the meeting")
	advisor.Sees("What we agreed", "Knows her tables to 6", "Carried forward once", "Library card", "quietly")
	advisor.Follows("Check and submit")
	advisor.Presses("Submit the plan")
	advisor.Sees("Submitted") // picked to be graded, by somebody else: that is where the advisor’s part ends
	advisor.DoesNotSee("Sign off without a grade")

	if pages, fields := advisor.pages, len(advisor.touched); pages > mostPages || fields > mostFields {
		t.Errorf("%d page loads and %d fields; at most %d and %d", pages, fields, mostPages, mostFields)
	} else {
		t.Logf("a termly review was logged in %d page loads and %d fields", pages, fields)
	}
}

func TestAMeetingGrowsRowsAndAdvises(t *testing.T) {
	t.Parallel()
	for name, as := range map[string]func(*town, access.Actor) *Visitor{"with scripts": (*town).as, "without": (*town).plainAs} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			town := newTown(t)
			plan := town.prepared(town.advisor)
			advisor := as(town, town.advisor)
			advisor.Opens(plan + "/room")
			before := advisor.pages
			advisor.TypesIn("Target 1", "What will be reached", "Enjoyment of stories")
			advisor.PicksIn("Target 1", "What it is about", "Literacy")
			if advisor.scripts {
				advisor.PressesInPlace("Add another target")
				advisor.PressesInPlace("Add another line")
			} else {
				advisor.Presses("Add another target")
				advisor.Presses("Add another line")
			}
			if grown := advisor.pages - before; advisor.scripts != (grown == 0) {
				t.Errorf("two more rows took %d pages", grown)
			}
			advisor.TypesIn("Target 4", "What will be reached", "Reads a chapter book to an adult")
			advisor.PicksIn("Target 4", "What it is about", "Literacy")
			advisor.TypesIn("Line 2", "What is paid for", "Ten hours of tuition")
			advisor.TypesIn("Line 2", "Why: what will be different for the child", "Reads every day")
			advisor.PicksIn("Line 2", "Kind of spending", "Literacy")
			advisor.TypesIn("Line 2", "Cost", "400")
			advisor.TypesIn("Line 2", "Who sees to it", "Tess Teacher")
			advisor.Presses("Look at the targets again without saving")
			advisor.Sees("things would make target 1 better")
			advisor.Chooses("Present", "Person 1")
			advisor.Chooses("Met")
			advisor.Presses("Save the meeting")
			advisor.Sees("What we agreed", "Enjoyment of stories", "Reads a chapter book to an adult", "See to: Ten hours of tuition", "£400.00")
			advisor.SeesOnPaper("What we agreed", "Who does what")
			advisor.Follows("Send to those who work with the child")
			advisor.Sees("They get a link and no word about the child.")
			advisor.Chooses("Sol Worker")
			advisor.Presses("Send the link")
			advisor.Sees("Sent to")
		})
	}
}
