package journeys

import (
	"bytes"
	"strings"
	"testing"
)

// TestARecordIsAskedForAndHandedOver goes from a request to see the record to the copy in somebody's hands:
// one person prepares it, another releases it, and what was left out is nowhere in the files.
func TestARecordIsAskedForAndHandedOver(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.prints()
	town.Exec(`insert into note (child_id, on_day, kind, words, written_by, written_at) values ($1, '2026-11-02', 'call', $2, $3, '2026-11-03')`, town.jon, "Rang the carer. Uncle Zebedee was there. All is well.", town.advisor.ID)
	town.Exec(`insert into note (child_id, on_day, kind, words, third_party, written_by, written_at) values ($1, '2026-11-04', 'email', $2, 'from', $3, '2026-11-05')`, town.jon, "Zebedee wrote to us about the family.", town.advisor.ID)

	deputy := town.as(town.deputy)
	deputy.Opens(path(town.jon, ""))
	deputy.Follows("Requests to see this record")
	deputy.Sees("Nobody has asked yet")
	deputy.Follows("Write down a request")
	deputy.Chooses("The young person")
	deputy.Types("Their name", "The young man himself")
	deputy.Chooses("In person")
	deputy.Presses("Write it down")
	deputy.Sees("Wednesday 23 December 2026", "Being prepared")
	deputy.Types("How you checked who asks", "Known to his social worker, who was there")
	deputy.TypesDate("The day on which that was clear", "23 11 2026")
	deputy.Presses("Keep")
	deputy.Follows("Notes about you")
	deputy.Sees("Left out: marked by who wrote it")
	deputy.Follows("Change what is shared of this text")
	deputy.Chooses("All but the words between [[ and ]]")
	deputy.Types("The text", "Rang the carer. [[Uncle Zebedee was there.]] All is well.")
	deputy.Chooses("It is about somebody else, or came from them (Data Protection Act 2018, Schedule 2, paragraph 16)")
	deputy.Presses("Keep")
	deputy.Sees("Left out by Dev Deputy: about or from somebody else")
	deputy.Presses("I have read all 2 texts here")
	deputy.Follows("Who works with you and who could see your record")
	deputy.Presses("I have read all 4 texts here")
	deputy.Follows("What was asked about your record, and put right")
	deputy.Presses("I have read all 2 texts here")
	deputy.Sees("Everything is read")
	deputy.Presses("Make the copy")
	deputy.Sees("Waits for release", "somebody else than who prepared it")
	request := deputy.where()

	head := town.as(town.head)
	head.Opens("/rights/subject-access")
	head.Sees("1 request is under way")
	head.Opens(request)
	paper := head.Downloads("link", "The record, to read (PDF)")
	data := head.Downloads("link", "The record, for other programs (JSON)")
	words := wordsOf(paper)
	if !strings.Contains(words, "[leftout]Alliswell.") || strings.Contains(words, "Zebedee") || !bytes.Contains(paper, []byte("/StructTreeRoot")) {
		t.Errorf("the paper says what was left out: %v", strings.Contains(words, "Zebedee"))
	}
	if !strings.Contains(string(data), "[left out] All is well.") || strings.Contains(string(data), "Zebedee") || bytes.Contains(paper, []byte("Zebedee")) {
		t.Error("the files say what was left out")
	}
	head.Chooses("I have looked at the copy: nothing is in it that must be left out, and nothing is left out that they may have")
	head.Presses("Release the copy")
	head.Sees("Released, to hand over")
	head.TypesDate("The day it was handed over", "23 11 2026")
	head.Types("How, and to whom", "Printed, to him, with his social worker")
	head.Presses("Keep")
	head.Sees("Handed over", "Written down by Helen Head")
}
