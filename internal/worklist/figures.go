package worklist

import "virtualschool/internal/pep"

// Figures are the few numbers a leader looks at first.
type Figures struct {
	Children int // in care today, of those the actor may see
	NoSchool int // of them, in scope of a plan and without a school place
	NoName   int
	NoUPN    int
	NoPerson int // without an advisor
	Waiting  int // requests that wait for a decision
	// PEPs in date this term (R13): signed off in the term, of the children whose review is due in it.
	TermLabel string // "Autumn 2026/27"; empty when no term dates are known
	TermDue   int
	TermDone  int
}

// Share is the share of plans done this term, halves up: "95.3%", and a whole "50%" of fewer than a
// hundred, of which a tenth would say more than is known. Empty when none is due.
func (f Figures) Share() string { return pep.Share{Done: f.TermDone, Due: f.TermDue}.Words() }

// FiguresOf counts the facts.
func FiguresOf(facts Facts, rules Rules) Figures {
	j := newJudge(rules)
	var f Figures
	term, _ := j.plans.TermAt(rules.Today)
	if !term.Starts.IsZero() {
		f.TermLabel = term.Label()
	}
	for _, p := range facts.places {
		if !p.Named {
			f.NoName++
		}
		if p.UPNQuality == "none" {
			f.NoUPN++
		}
	}
	for _, c := range facts.children() {
		f.Children++
		if c.AdvisorID == 0 {
			f.NoPerson++
		}
		of := c.Facts()
		if !of.InScope(j.deadlines, rules.Today) {
			continue
		}
		if c.SettingID == 0 {
			f.NoSchool++
		}
		if term.Starts.IsZero() {
			continue
		}
		if _, asked := pep.TermlyBy(term, c.InCareSince, of.LastMeeting(), of.Pauses, j.working, j.deadlines); asked {
			f.TermDue++
			if doneIn(term, c.Plans) {
				f.TermDone++
			}
		}
	}
	for _, r := range facts.requests {
		if r.State == "asked" {
			f.Waiting++
		}
	}
	return f
}

// doneIn says whether one of the plans is the term's, and signed off.
func doneIn(term pep.Term, plans []pep.PlanDates) bool {
	for _, plan := range plans {
		if (plan.State == pep.SignedOff || plan.State == pep.Superseded) && plan.AcademicYear == term.AcademicYear && plan.Term == term.Name {
			return true
		}
	}
	return false
}
