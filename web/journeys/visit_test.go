package journeys

import "testing"

func TestASocialWorkerReadsBeforeAVisitAndWritesTheirPart(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	teacher := town.as(town.teacher)
	teacher.Opens(path(town.jon, "/peps/new"))
	teacher.Presses("Start the plan")

	worker := town.as(town.socialWorker)
	worker.Opens("/")
	worker.Opens("/children")
	worker.Follows("Jón Þórsson")
	worker.Sees("Year 9", "Ade Advisor", "Tess Teacher", "Attendance")
	worker.DoesNotSee("Correct the record", "Change school", "Pupil Premium Plus")

	worker.Opens(path(town.jon, "/peps"))
	worker.Follows("Initial plan, Autumn 2026/27")
	worker.Follows("Attainment and progress")
	worker.DoesNotSee("Save and mark as complete")
	worker.Follows("Back to the plan")
	worker.Follows("Home and care")
	worker.AnswersTheRest("Settled with the same carers.")
	worker.Presses("Save and mark as complete")
	worker.Sees("1 of 11 parts complete", "Saved by Sol Worker")
	worker.Opens(path(town.jon, "/edit"))
	worker.IsAnswered(403)
	worker.Opens(path(town.jon, "/premium"))
	worker.IsAnswered(403)
}
