package home

import (
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/worklist"
	"virtualschool/web/ui"
)

// bundle is what one line of the home page stands for: a duty, or several of one kind, the oldest first.
type bundle []worklist.Duty

// mostDecisions is how many requests for money stand each on its own line; more are one line that leads to
// their queue.
const mostDecisions = 3

// bundles are the lines of a part. What is to be chased stands by kind where it is more than fits: who
// oversees a cohort asks first what is late, and then for whom.
func (d day) bundles(of part, duties []worklist.Duty) []bundle {
	together := func(worklist.Duty) bool { return of.whose == chase && len(duties) > of.most }
	if of.whose == own && access.Can(d.Actor, access.DecidePremium) && worklist.Count(duties, worklist.DecideRequest) > mostDecisions {
		together = func(duty worklist.Duty) bool { return duty.Kind == worklist.DecideRequest }
	}
	var list []bundle
	for _, duty := range duties {
		at := -1
		if together(duty) {
			at = slices.IndexFunc(list, func(b bundle) bool { return b[0].Kind == duty.Kind })
		}
		if at < 0 {
			list = append(list, bundle{duty})
		} else {
			list[at] = append(list[at], duty)
		}
	}
	return list
}

// line is a bundle as the list shows it. One of several names nobody: its link leads to the list that does.
func (b bundle) line(d day, of part) ui.Duty {
	if len(b) == 1 {
		return lines(b, d.Today)[0]
	}
	oldest := b[0]
	line := ui.Duty{What: oldest.Kind.Name(), Href: d.listOf(of) + "&kind=" + string(oldest.Kind), Reason: b.count() + b.waitFor(d.Actor),
		Due: oldest.DueWords(d.Today), Urgency: urgencies[oldest.When(d.Today)]}
	if !oldest.Due.IsZero() {
		line.Due = "Oldest: " + line.Due
	}
	if oldest.Kind == worklist.DecideRequest {
		line.Href = "/premium/requests"
	}
	return line
}

// count is how many there are, and of how many children where those are fewer.
func (b bundle) count() string {
	children := map[int64]bool{}
	for _, duty := range b {
		children[duty.ChildID] = true
	}
	if len(children) == len(b) {
		return ui.Plural(len(b), "child", "children")
	}
	return ui.Thousands(len(b)) + " for " + ui.Plural(len(children), "child", "children")
}

// waitFor is whom they wait for, each once.
func (b bundle) waitFor(actor access.Actor) string {
	var whom []string
	for _, duty := range b {
		if one := duty.WaitsFor(actor); one != "" && !slices.Contains(whom, one) {
			whom = append(whom, one)
		}
	}
	if len(whom) == 0 {
		return ""
	}
	words := " · Waiting for " + whom[0]
	for n, one := range whom[1:] {
		if n == len(whom)-2 {
			words += " and " + one
		} else {
			words += ", " + one
		}
	}
	return words
}
