package journeys

import "testing"

func TestASchoolAsksAndTheDeputyApprovesPart(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.funded("needs_led")
	teacher := town.as(town.teacher)
	teacher.Opens(path(town.maya, "/premium"))
	teacher.Follows("Ask for Pupil Premium Plus")
	teacher.Picks("What the money is for", "One-to-one tuition")
	teacher.Types("What the money will pay for", "Twelve hours of reading tuition & books")
	teacher.Types("What will be different for the child", "Reads at her age")
	teacher.Types("Amount", "£1.005")
	teacher.Presses("Send the request")
	teacher.IsAnswered(422)
	teacher.Holds("Amount", "£1.005")
	teacher.Holds("What the money will pay for", "Twelve hours of reading tuition & books")
	teacher.Types("Amount", "£-5")
	teacher.Presses("Send the request")
	teacher.IsAnswered(422)
	teacher.Types("Amount", "480.00")
	teacher.Presses("Send the request")
	teacher.Sees("£480.00")

	// Another school has no part in it.
	elsewhere := town.as(town.formerTeacher)
	elsewhere.Opens(path(town.maya, "/premium"))
	elsewhere.IsAnswered(404)

	deputy := town.as(town.deputy)
	deputy.Opens("/premium/requests")
	deputy.Sees("1 request waiting")
	deputy.Follows("Maya Okonkwo-Featherstonehaugh")
	deputy.Sees("Twelve hours of reading tuition & books")
	deputy.Chooses("Approve part of it")
	deputy.Types("Amount approved", "600.00")
	deputy.Types("Reason or question", "Six hours first, then we look again.")
	deputy.Presses("Save the decision")
	deputy.IsAnswered(422)
	deputy.Holds("Reason or question", "Six hours first, then we look again.")
	deputy.Types("Amount approved", "240.00")
	deputy.Presses("Save the decision")
	deputy.Sees("Part approved. The money is committed.", "£240.00")

	teacher.Opens(path(town.maya, "/premium"))
	teacher.Sees("Part approved", "£240.00")
}
