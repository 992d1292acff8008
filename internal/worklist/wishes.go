package worklist

import (
	"fmt"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/policy"
)

// wishes are what a child asked for that waits for an answer, and promises that wait to be kept: one
// line for each sort, by the first of them. A line never says what was asked, for it may be read aloud.
func (j *judge) wishes(base Duty, c pep.FactsRow, p place) {
	days := j.Values.VoiceAnswerWorkingDays()
	var open, promised []openWish
	for _, wish := range p.Wishes {
		if wish.PromisedFor.IsZero() {
			open = append(open, wish)
		} else {
			promised = append(promised, wish)
		}
	}
	if len(open) > 0 {
		d := j.wishDuty(base, c, open)
		d.Kind, d.What = AnswerWish, "Answer what the child asked for"
		if len(open) > 1 {
			d.Why = fmt.Sprintf("%d wishes are open", len(open))
		}
		d.Due = j.working.Add(open[0].SaidOn, days)
		d.Words = fmt.Sprintf("due %s: asked for on %s, %s", j.day(d.Due), j.shortDay(open[0].SaidOn), count(days, "working day"))
		d.Because = fmt.Sprintf("What a child asks for is answered within %s. Where this comes from: %s.", count(days, "working day"),
			strings.TrimSuffix(j.Values.Source(policy.VoiceAnswerWorkingDays), "."))
		j.addSoon(d)
	}
	if len(promised) > 0 {
		d := j.wishDuty(base, c, promised)
		d.Kind, d.What, d.Due = KeepPromise, "Keep a promise to the child, or say why not", promised[0].PromisedFor
		for _, wish := range promised {
			d.Due = calendar.Earliest(d.Due, wish.PromisedFor)
		}
		d.Words = "promised for " + j.day(d.Due)
		d.Because = "The child was promised it by this day."
		j.addSoon(d)
	}
}

// wishDuty says whose it is: the school's, unless the child has none or kept the words from it.
func (j *judge) wishDuty(base Duty, c pep.FactsRow, wishes []openWish) Duty {
	d := base
	d.Href = childPage(c.ChildID, "/wishes")
	d.Owner, d.owners = access.SocialWorker, []access.Role{access.SocialWorker, access.Advisor, access.SupportAdvisor}
	for _, wish := range wishes {
		if !wish.KeptToFew && c.SettingID != 0 {
			d.Owner, d.owners = access.School, meetingRole
		}
	}
	return d
}

// addSoon keeps a duty that is due in the coming working days or past its day.
func (j *judge) addSoon(d Duty) {
	if j.soon(d.Due) {
		j.add(d)
	}
}
