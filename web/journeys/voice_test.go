package journeys

import (
	"regexp"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

var doorAddress = regexp.MustCompile(`/my-plan/[A-Z2-7]{26}`)

// TestAYoungPersonSaysWhatTheyWant goes from a link on paper to an answer that the child was told. The
// young person comes without scripts, and looks at every level of words with them, for axe.
func TestAYoungPersonSaysWhatTheyWant(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	teacher := town.as(town.teacher)
	teacher.Opens(path(town.jon, "/peps/new"))
	teacher.Presses("Start the plan")
	teacher.Follows("The child’s own words")
	teacher.Follows("Give the young person a page of their own")
	link := ""
	for _, level := range []string{"As adults read", "Plain words", "Short words with pictures"} { // each takes the one before back
		teacher.Chooses(level)
		teacher.Presses("Make the link")
		teacher.Sees("Tell us how school is", "The code is shown only now.", "Not used yet")
		link = doorAddress.FindString(teacher.Reads())
		looker := town.visitor()
		looker.Opens(link)
		looker.Sees("Hello", "Childline")
		looker.DoesNotSee("Jón", "Wulfstan", "Tess")
	}
	teacher.SeesOnPaper("Tell us how school is", "It works once")
	teacher.DoesNotSeeOnPaper("Jón", "Make a link", "Taken back")

	young := newVisitor(t, town.HTTP.URL, false, patience)
	young.Opens(link)
	young.Chooses("Sad", "How are the people at school?")
	young.Types("What is good?", "Maths with Mr Khan")
	young.Types("Thing 1", "One person I can go to")
	young.Presses("Send")
	young.Sees("Choose who can see this")
	young.Holds("Thing 1", "One person I can go to")
	young.Chooses("All the people at my meeting")
	young.Presses("Send")
	young.Sees("Thank you", "Then they tell you what we did.")
	young.Opens(link)
	young.IsAnswered(404)
	young.Sees("This link does not work")
	town.visitor().Opens(link)

	worker := town.as(town.socialWorker)
	worker.Opens("/wishes")
	worker.Sees("One person I can go to", "1 wish")
	worker.Follows("Jón Þórsson")
	worker.Sees("Written by the young person", "Waits for an answer")
	worker.TabsTo("Answer this wish")
	worker.PressesKeys(kb.Enter)
	worker.Chooses("It is done")
	worker.Types("Answer, in plain words", "Mrs Lowe is your person. Her door is open at break.")
	worker.Chooses("I told the child today")
	worker.Presses("Save the answer")
	worker.Sees("We did: It is done", "The child was told on 23 November 2026 by Sol Worker.", "Every wish has an answer.")
	worker.Opens(path(town.jon, "/timeline"))
	worker.Sees("Asked for something", "A wish answered: it is done")
}
