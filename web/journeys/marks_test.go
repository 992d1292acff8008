package journeys

import (
	"testing"

	"github.com/chromedp/chromedp"
)

func TestASchoolKeysAWeekAndAnswersALink(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	teacher := town.as(town.teacher)
	teacher.Opens("/attendance/register?week=2026-11-16")
	teacher.TabsTo("AM")
	teacher.PressesKeys("/\t\\\tn\tn")
	teacher.TabsTo("Keep these marks")
	teacher.EntersByKey()
	teacher.Sees("kept")

	// What was not known is put right, and what stood before stays to be read.
	teacher.Opens("/attendance/register?week=2026-11-16")
	teacher.TabsTo("AM")
	teacher.PressesKeys("\t\tI\tI")
	teacher.TabsTo("Keep these marks")
	teacher.EntersByKey()
	first := teacher.firstPupil()
	if stay := town.ID(`select count(*) from attendance_correction where was = 'N' and became = 'I'`); stay != 2 {
		t.Errorf("%d of 2 corrections are kept", stay)
	}
	advisor := town.as(town.advisor)
	advisor.Opens(first + "?week=2026-11-16")
	advisor.Sees("was N", "became I")
	advisor.Opens(first + "/ask")
	advisor.Presses("Make the link")
	advisor.Sees("The link is shown only now")
	link, err := chromedp.Run(advisor.ctx, chromedp.Evaluate[string](`new URL(document.querySelector("main code").innerText).pathname`))
	advisor.must(err)
	office := town.visitor().phone()
	office.Opens(link)
	office.DoesNotSee("Okonkwo", "Ferreira")
	office.Chooses("Not in: ill")
	office.Presses("Send")
	office.Sees("Thank you")
	office.Opens(link)
	office.IsAnswered(404)
}

// firstPupil is the attendance page of the first child of the register.
func (v *Visitor) firstPupil() string {
	v.t.Helper()
	href, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](`document.querySelector("main table tbody a").getAttribute("href")`))
	v.must(err)
	return href
}
