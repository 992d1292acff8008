package journeys

import "testing"

func TestADesignatedTeacherDoesTheirPart(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	advisor := town.as(town.advisor)
	advisor.Opens(path(town.maya, "/peps/new"))
	advisor.Presses("Start the plan")

	teacher := town.as(town.teacher)
	teacher.Opens("/")
	teacher.Sees("Your children", "Write your part of the PEP")
	teacher.DoesNotSee("Hidden Ashworth")
	teacher.Follows("Write your part of the PEP")
	teacher.IsAt(path(town.maya, "/peps/"))
	teacher.Opens(path(town.maya, "/peps"))
	teacher.Follows("Termly review, Autumn 2026/27")
	teacher.DoesNotSee("Sign off")
	teacher.Follows("School now")
	teacher.Presses("Save and mark as complete")
	teacher.IsAnswered(422)
	teacher.AnswersTheRest("Settled, and early every day.")
	teacher.Presses("Save and mark as complete")
	teacher.Sees("1 of 12 parts complete")

	// What is the social worker's is read, not written.
	teacher.Follows("Home and care")
	teacher.DoesNotSee("Save and mark as complete")

	// A child who is no longer theirs is not there at all.
	former := town.as(town.formerTeacher)
	former.Opens("/")
	former.DoesNotSee("Maya Okonkwo-Featherstonehaugh")
	former.Opens(path(town.maya, "/peps"))
	former.IsAnswered(404)
}

func TestTwoWhoWriteAtOnceLoseNoWords(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	advisor, teacher := town.as(town.advisor), town.as(town.teacher)
	advisor.Opens(path(town.maya, "/peps/new"))
	advisor.Presses("Start the plan")
	advisor.Follows("The child’s own words")
	plan := advisor.where()
	teacher.Opens(plan)
	for who, words := range map[*Visitor]string{teacher: "Lunch is too loud.", advisor: "I want to be a vet."} {
		who.Types("What the child said", words)
		who.Chooses("In person", "How they were asked")
		who.Types("Who asked", "Tess Teacher")
		who.TypesDate("When they were asked", "19 11 2026")
	}
	teacher.Presses("Save")
	advisor.Presses("Save")
	advisor.IsAnswered(409)
	advisor.Sees("Tess Teacher saved this part", "Lunch is too loud.")
	advisor.Holds("What the child said", "I want to be a vet.")
	advisor.Types("What the child said", "Lunch is too loud. I want to be a vet.")
	advisor.Presses("Save")
	advisor.Sees("Lunch is too loud. I want to be a vet.")
}
