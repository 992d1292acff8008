package journeys

import (
	"strings"
	"testing"
)

func TestAnAdvisorLogsATermlyReview(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	logsAReview(town, town.as(town.advisor), town.as(town.lead))

	officer := town.as(town.reviewingOfficer)
	officer.Opens(path(town.maya, "/peps"))
	officer.Sees("Signed off")
	officer.Opens(path(town.maya, ""))
	officer.Follows("All plans")
	officer.Follows("Termly review, Autumn 2026/27")
	officer.Sees("I like it when Miss reads <quietly> to us & we draw.", "Reads a chapter book to an adult")
	officer.DoesNotSee("Check and submit", "Return to be corrected")
	officer.Follows("Print the whole plan")
	officer.SeesOnPaper("Personal Education Plan", "Reads a chapter book to an adult", "Library card")
	officer.DoesNotSeeOnPaper("Sign out", "Accessibility statement")
	officer.Prints(1, 6)
}

func TestAReviewIsLoggedWithScriptsOff(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	logsAReview(town, town.plainAs(town.advisor), town.plainAs(town.lead))
}

// logsAReview takes a plan from its start to its sign-off, by somebody else than who submitted it.
func logsAReview(town *town, advisor, lead *Visitor) {
	advisor.Opens(path(town.maya, "/peps"))
	advisor.Follows("Start a plan")
	advisor.Presses("Start the plan")
	advisor.Sees("0 of 12 parts complete")
	plan := advisor.where()

	advisor.Follows("The child’s own words")
	advisor.Types("What the child said", "I like it when Miss reads <quietly> to us & we draw.")
	advisor.Chooses("In person", "How they were asked")
	advisor.Types("Who asked", "Tess Teacher")
	advisor.TypesDate("When they were asked", "19 11 2026")
	advisor.Presses("Save")
	advisor.IsAt(plan)
	advisor.Sees("1 of 12 parts complete", "I like it when Miss reads <quietly> to us & we draw.")

	for _, section := range []string{"Home and care", "School now", "Attainment and progress",
		"Needs and support", "Wellbeing and interests", "Transition and next school", "Looking ahead"} {
		advisor.Follows(section)
		advisor.AnswersTheRest("As at the last review.")
		advisor.Presses("Save and mark as complete")
		advisor.IsAt(plan)
	}

	advisor.Follows("The meeting")
	advisor.TypesDate("Day of the meeting", "20 11 2026")
	advisor.Chooses("Held")
	advisor.TypesIn("Person 1", "Name", "Maya")
	advisor.TypesIn("Person 4", "Name", "Tess Teacher")
	advisor.TypesDate("Day of the next meeting", "31 9 2027")
	advisor.Presses("Save")
	advisor.IsAnswered(422)
	advisor.TypesDate("Day of the next meeting", "8 3 2027")
	advisor.Presses("Save")
	advisor.IsAt(plan)

	advisor.Follows("How the last targets went")
	advisor.Sees("Knows her tables to 6", "Ten of twelve in a quiz")
	advisor.Chooses("Not met")
	advisor.Presses("Save")
	advisor.IsAnswered(422)
	advisor.Types("Note on: Knows her tables to 6", "She missed two weeks with the move.")
	advisor.Presses("Save")
	advisor.IsAt(plan)

	advisor.Follows("New targets")
	advisor.TypesIn("Target 1", "What will be reached", "Reads a chapter book to an adult")
	advisor.PicksIn("Target 1", "What it is about", "Literacy")
	advisor.TypesIn("Target 1", "How we will know", "One book finished and talked about")
	advisor.TypesIn("Target 1", "Where the child is now", "Picture books")
	advisor.TypesIn("Target 1", "Who helps", "Tess Teacher")
	for i, part := range strings.Fields("8 3 2027") {
		advisor.TypesIn("Target 1", []string{"Day", "Month", "Year"}[i], part)
	}
	advisor.Presses("Save")
	advisor.IsAt(plan)

	advisor.Follows("What we agreed to do")
	advisor.TypesIn("Action 1", "What will be done", "Library card")
	advisor.TypesIn("Action 1", "Who will do it", "Sol Worker")
	for i, part := range strings.Fields("1 12 2026") {
		advisor.TypesIn("Action 1", []string{"Day", "Month", "Year"}[i], part)
	}
	advisor.Presses("Save")
	advisor.IsAt(plan)

	advisor.Follows("Check and submit")
	advisor.Presses("Submit the plan")
	advisor.Sees("Submitted")
	advisor.DoesNotSee("Sign off without a grade")

	lead.Opens(plan)
	lead.Presses("Grade the plan")
	lead.Sees("I like it when Miss reads <quietly> to us & we draw.", "Green by the facts: Own words", "Not gradable yet")
	for _, criterion := range []string{"The plan answers the child", "Attainment and its gaps", "Needs understood", "What adults will do", "The carer’s part"} {
		lead.Chooses("Green", criterion)
	}
	lead.Chooses("Amber", "Targets are worth reaching")
	lead.Types("Note on: Targets are worth reaching", "Which book would she choose?")
	lead.Presses("Work out the grade")
	lead.Sees("The plan is signed off")
	lead.Presses("Record Amber and sign off the plan")
	lead.IsAt(plan)
	lead.Sees("Signed off by Leila Lead")
	lead.DoesNotSee("Check and submit")
}
