package journeys

import "testing"

func TestAnAdvisorFindsAChildAndWritesANote(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	advisor := town.as(town.advisor)
	advisor.Opens("/children")
	advisor.Sees("Maya Okonkwo-Featherstonehaugh", "3 children")
	advisor.DoesNotSee("Hidden Ashworth")

	advisor.Types("Find a child", "okonkwo")
	advisor.Presses("Search")
	advisor.Sees("1 child found for “okonkwo”")
	advisor.Follows("Maya Okonkwo-Featherstonehaugh")
	advisor.Sees("Year 6", "St Wulfstan’s", "Full care order")

	advisor.Follows("Write a note")
	advisor.Presses("Save note")
	advisor.IsAnswered(422)
	advisor.Sees("There is a problem")

	advisor.Chooses("Phone call")
	advisor.TypesDate("Day", "31 9 2026")
	advisor.Types("Note", "Rang the school about the <b>reading</b> group; £5 & more.")
	advisor.Presses("Save note")
	advisor.IsAnswered(422)
	advisor.Sees("Day must be a real date")
	advisor.Holds("Note", "Rang the school about the <b>reading</b> group; £5 & more.")

	advisor.TypesDate("Day", "20 11 2026")
	advisor.Presses("Save note")
	advisor.IsAt(path(town.maya, ""))
	advisor.IsAnswered(200)
}

func TestAChildWhoChangesSchoolIsOutOfTheOldOnesSight(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	advisor, old, new := town.as(town.advisor), town.as(town.teacher), town.as(town.formerTeacher)
	old.Opens(path(town.amelie, ""))
	old.IsAnswered(200)
	new.Opens(path(town.amelie, ""))
	new.IsAnswered(404)

	advisor.Opens(path(town.amelie, "/school"))
	advisor.Types("Find the school", "Netherton")
	advisor.Presses("Find schools")
	advisor.Chooses("Netherton Park Academy", "School")
	advisor.Chooses("Main school")
	advisor.TypesDate("First day", "23 11 2026")
	advisor.Types("Why the former school ended", "Moved nearer to the placement")
	advisor.Presses("Change school")
	advisor.Sees("Netherton Park Academy")

	old.Opens(path(town.amelie, ""))
	old.IsAnswered(404)
	old.DoesNotSee("Ferreira")
	old.Opens("/children")
	old.DoesNotSee("Ferreira")
	new.Opens(path(town.amelie, ""))
	new.IsAnswered(200)
	new.Sees("Amélie Ferreira", "Netherton Park Academy")
}

func TestTheHeadSeesWhoLooked(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.as(town.socialWorker).Opens(path(town.jon, ""))
	head := town.as(town.head)
	head.Opens(path(town.jon, ""))
	head.Follows("Who looked and who changed")
	head.Sees("Sol Worker", "Social Worker", "Helen Head")

	// Someone who has no part in it has nobody's looks to read.
	advisor := town.as(town.advisor)
	advisor.Opens(path(town.jon, ""))
	advisor.DoesNotSee("Who looked and who changed")
	advisor.Opens(path(town.jon, "/access"))
	advisor.IsAnswered(403)
}

func TestAChildsRecordPrintsWithoutNavigation(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	worker := town.as(town.socialWorker)
	worker.Opens(path(town.maya, ""))
	worker.Sees("Children", "Sign out")
	worker.SeesOnPaper("Maya Okonkwo-Featherstonehaugh", "Year 6", "St Wulfstan’s")
	worker.DoesNotSeeOnPaper("Skip to main content", "Sign out", "Write a note", "Accessibility statement")
	worker.Prints(1, 3)
}
