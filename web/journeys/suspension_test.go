package journeys

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// phone makes the window as small as a phone's.
func (v *Visitor) phone() *Visitor {
	v.t.Helper()
	v.do(chromedp.EmulateViewport(375, 812))
	return v
}

func TestASuspensionIsReportedReadAndFollowed(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	teacher := town.as(town.teacher).phone()
	teacher.Opens(path(town.maya, "/suspensions"))
	teacher.Follows("Report a suspension")
	teacher.Chooses("Suspension", "What the school did")
	teacher.Types("Half-days", "72")
	teacher.Chooses("Persistent or general disruptive behaviour (DB)")
	teacher.Types("What happened", "Left the classroom again. A mentor and a time-out card were tried before.")
	teacher.TypesDate("Parents and carers", "23 11 2026")
	teacher.Picks("From the first day", "Work set and marked by the school")
	teacher.Presses("Send")
	teacher.Sees("The suspension is recorded", "Monday 30 November", "Monday 14 December", "The aim")
	teacher.Follows("Add a paper")
	teacher.AttachesIn("", "The paper", teacher.paper("Letter to parents.txt", "Dear parents"))
	teacher.Presses("Add")
	teacher.Sees("Letter to parents.txt")

	// Everybody who is to know finds it at once.
	worker, advisor, head := town.as(town.socialWorker), town.as(town.advisor), town.as(town.head)
	for _, reader := range []*Visitor{worker, advisor, head} {
		reader.Opens("/work")
		reader.Sees("Read about the suspension")
	}
	event := teacher.where()
	worker.Opens(event)
	worker.Presses("I have read this and told the officer")
	worker.Sees("Sol Worker")
	advisor.Opens(event)
	advisor.Types("What the Virtual School does", "Rang the school. A mentor begins on Monday.")
	advisor.TypesDate("The day the education plan is reviewed", "4 12 2026")
	advisor.Presses("I have read this")
	advisor.Follows("Record the meeting")
	advisor.TypesDate("Day of the meeting", "8 12 2026")
	advisor.Types("Who attends for the Virtual School and the social worker", "Ade Advisor and Sol Worker")
	advisor.Presses("Save")
	advisor.Sees("Tuesday 8 December 2026", "Ade Advisor and Sol Worker", "A mentor begins on Monday.")
	teacher.Opens(event)
	teacher.Follows("Add what is arranged")
	teacher.Picks("How the child is taught", "Pupil referral unit")
	teacher.TypesDate("From", "30 11 2026")
	teacher.Chooses("It is full-time")
	teacher.Presses("Save")
	teacher.Sees("Full-time education elsewhere by the sixth day", "Done")

	// The list, the file, and the signs of risk, of which one is challenged.
	head.Opens("/suspensions")
	head.Sees("1 suspension or exclusion", "36 days of education", "Board to meet")
	head.DoesNotSee("Day 6")
	if file := string(head.Downloads("link", "Download (CSV)")); !strings.Contains(file, "2026-11-23,72,36 days,DB") {
		t.Errorf("the file is %q", file)
	}
	head.Follows("Signs of risk")
	head.Sees("1 child", "Suspended once in the last 12 weeks", "9 days left of 45")
	head.Follows("Maya Okonkwo-Featherstonehaugh")
	head.Follows("Say that it is not so")
	head.Types("Why it is no sign of risk for this child", "The school has taken it back in all but name.")
	head.Presses("Save")
	head.Sees("3 points from 2 reasons", "Not counted", "Helen Head")
}
