package home

import (
	"fmt"
	"net/http"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// group is one part of the list on the home page, cut to what fits the eye.
type group struct {
	Title string
	Note  string // how many there are in all
	Items []ui.Duty
	More  []ui.Link // to the rest
}

// share is whose duties a reader sees: their own, or those of others that are to be chased.
type share string

const (
	own   share = "mine"
	chase share = "others"
)

// shareOf is the reader's share in a duty.
func (d day) shareOf(duty worklist.Duty) share {
	if duty.ToChase(d.Actor) {
		return chase
	}
	return own
}

type homeView struct {
	day
	Groups   []group
	Tiles    []ui.Stat
	Children []pupil // a school's own
	Hidden   int     // children of the school beyond those shown
}

// pupil is a child on the school's home page.
type pupil struct {
	Name, Href, Year string
	Stage            ui.TagProps
	Next             string
}

// part is a group of duties and how many of it the home page shows. Titles are for a list in which all
// is the reader's own, and for one in which it is not.
type part struct {
	whose         share
	when          worklist.When
	alone, beside string
	most          int
}

var parts = []part{{own, worklist.Overdue, "Overdue", "Yours to do: overdue", 10}, {own, worklist.ThisWeek, "This week", "Yours to do: this week", 10},
	{own, worklist.Later, "Later", "Yours to do: later", 5}, {chase, worklist.Overdue, "To chase", "To chase: overdue, and waiting for others", 12}}

const mostPupils = 40

// ahead is how many days the home page looks ahead: what is further off is in the whole list.
const ahead = 42

func (p *Pages) home(w http.ResponseWriter, r *http.Request) error {
	d, err := p.read(r)
	if err != nil {
		return err
	}
	view := homeView{day: d}
	var children []int64
	for _, one := range parts {
		g, duties := d.group(one)
		if g.Note == "" {
			continue
		}
		children = append(children, childrenOf(duties)...)
		view.Groups = append(view.Groups, g)
	}
	view.Tiles = tiles(d)
	if d.Actor.Role == access.School {
		view.pupils()
		for i := range view.Children {
			children = append(children, d.Facts.Children[i].ChildID)
		}
	}
	if err := p.Kit.Looked(r, "home", children); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Home"}, homePage(view))
}

// group is a part of the day's duties, with those of them that are named; without a note when there is none.
func (d day) group(of part) (g group, named []worklist.Duty) {
	all, near := 0, []worklist.Duty{}
	for _, duty := range d.Duties {
		if d.shareOf(duty) != of.whose || duty.When(d.Today) != of.when {
			continue
		}
		all++
		if !duty.Due.After(d.Today.AddDays(ahead)) {
			near = append(near, duty)
		}
	}
	if all == 0 {
		return group{}, nil
	}
	g = group{Title: of.alone, Note: ui.Thousands(all)}
	if d.chases() {
		g.Title = of.beside
	}
	shown := 0
	for n, one := range d.bundles(of, near) {
		if n == of.most && of.whose == own { // kinds that are late are few, and none is left out
			break
		}
		g.Items = append(g.Items, one.line(d, of))
		if len(one) == 1 {
			named = append(named, one[0])
		}
		shown += len(one)
	}
	if all > shown || len(g.Items) < shown {
		g.More = []ui.Link{{Text: "Show all " + ui.Thousands(all), Hidden: g.Title, Href: d.listOf(of)}}
	}
	return g, named
}

// listOf is the address of the whole list of a part.
func (d day) listOf(of part) string {
	query := "/work?when=" + string(of.when)
	if d.chases() {
		query += "&whose=" + string(of.whose)
	}
	return query
}

// chases says whether anything on the reader's list is to be chased.
func (d day) chases() bool {
	return slices.ContainsFunc(d.Duties, func(duty worklist.Duty) bool { return d.shareOf(duty) == chase })
}

// lead answers the page's question in one sentence.
func (v homeView) lead() string {
	counts, others := map[worklist.When]int{}, 0
	for _, d := range v.Duties {
		if v.shareOf(d) == chase {
			others++
		} else {
			counts[d.When(v.Today)]++
		}
	}
	words := ""
	switch {
	case len(v.Duties) == 0:
		return v.Today.WordsWithDay() + ". Nothing is waiting for you."
	case len(v.Duties) == others:
		words = "Nothing of your own is waiting"
	case counts[worklist.Overdue] == 0 && others == 0:
		words = fmt.Sprintf("Nothing is overdue; %s this week", ui.Thousands(counts[worklist.ThisWeek]))
	case counts[worklist.Overdue] == 0:
		words = fmt.Sprintf("Nothing of your own is overdue; %s this week", ui.Thousands(counts[worklist.ThisWeek]))
	default:
		words = fmt.Sprintf("%s overdue, %s this week", ui.Thousands(counts[worklist.Overdue]), ui.Thousands(counts[worklist.ThisWeek]))
	}
	if others > 0 {
		words += "; " + ui.Thousands(others) + " to chase"
	}
	return v.Today.WordsWithDay() + ". " + words + "."
}

// standLine says who decides in whose place today, or what else is not a duty of a case, and leads to what
// there is to do about it.
type standLine struct {
	Words string
	Link  ui.Link
}

// standing is who stands in, the reader for somebody who is away or somebody for a decider, and what was found in
// the audit.
func (v homeView) standing() (lines []standLine) {
	if away := v.Actor.StandsInFor; away.ID != 0 {
		lines = append(lines, standLine{"You decide about Pupil Premium Plus for " + away.Name + ", who is away until " + away.Until.WordsWithDay() + ".",
			ui.Link{Text: "See the requests that wait", Href: "/premium/requests"}})
	}
	for _, one := range v.StandIns {
		whom := one.ForName
		if one.ForAccount == v.Actor.ID {
			whom = "you"
		}
		lines = append(lines, standLine{one.Name + " decides about Pupil Premium Plus for " + whom + " until " + one.Until.WordsWithDay() + ".",
			ui.Link{Text: "See who stands in", Href: "/premium/delegations"}})
	}
	if v.Unusual > 0 {
		lines = append(lines, standLine{"Looking at records that is out of the usual waits for you: " + ui.Plural(v.Unusual, "person", "people") + ".",
			ui.Link{Text: "See what was found", Href: "/audit/unusual"}})
	}
	return lines
}

// tiles are the few figures that a role looks at first.
func tiles(d day) []ui.Stat {
	f := worklist.FiguresOf(d.Facts, d.Rules)
	children := ui.Stat{Label: "Children in care", Value: ui.Thousands(f.Children), Href: "/children"}
	noSchool := ui.Stat{Label: "Without a school place", Value: ui.Thousands(f.NoSchool), Href: "/children?status=no_school", Kind: alarm(f.NoSchool, ui.Red)}
	switch d.Actor.Role {
	case access.Head, access.Deputy, access.LeadAdvisor:
		list := []ui.Stat{children, inDate(f), noSchool}
		if access.Can(d.Actor, access.DecidePremium) {
			list = append(list, ui.Stat{Label: "Requests waiting", Value: ui.Thousands(f.Waiting), Detail: "Pupil Premium Plus", Href: "/premium/requests"})
		}
		return list
	case access.Advisor, access.SupportAdvisor:
		children.Label = "Your children"
		return []ui.Stat{children, inDate(f), noSchool}
	case access.SocialWorker, access.ReviewingOfficer:
		children.Label = "Your children"
		return []ui.Stat{children, inDate(f)}
	case access.DataOfficer:
		return []ui.Stat{children,
			{Label: "Without a name", Value: ui.Thousands(f.NoName), Href: "/work?kind=" + string(worklist.MissingName), Kind: alarm(f.NoName, ui.Orange)},
			{Label: "Without a UPN", Value: ui.Thousands(worklist.Count(d.Duties, worklist.MissingUPN)), Detail: "Reception to Year 11", Href: "/work?kind=" + string(worklist.MissingUPN), Kind: alarm(worklist.Count(d.Duties, worklist.MissingUPN), ui.Orange)},
			{Label: "UPN to correct", Value: ui.Thousands(worklist.Count(d.Duties, worklist.CorrectUPN)), Href: "/work?kind=" + string(worklist.CorrectUPN), Kind: alarm(worklist.Count(d.Duties, worklist.CorrectUPN), ui.Orange)},
			register(d),
			{Label: "Without an advisor", Value: ui.Thousands(f.NoPerson), Href: "/work?kind=" + string(worklist.NameAdvisor), Kind: alarm(f.NoPerson, ui.Red)},
		}
	}
	return nil
}

// register is how old the schools register is, with the way to a newer one.
func register(d day) ui.Stat {
	if d.AsAt.IsZero() {
		return ui.Stat{Label: "Schools register", Value: "None", Detail: "Import it from GIAS", Href: "/imports", Kind: ui.Orange}
	}
	return ui.Stat{Label: "Schools register", Value: d.AsAt.Short(), Detail: d.AsAt.Relative(d.Today), Href: "/imports"}
}

// inDate is the share of this term's plans that are done (R13).
func inDate(f worklist.Figures) ui.Stat {
	stat := ui.Stat{Label: "PEPs signed off this term", Value: "None due", Href: "/peps"}
	if f.TermLabel == "" {
		stat.Value, stat.Detail = "Not known", "No term dates are entered"
	}
	if f.TermDue > 0 {
		stat.Value = f.Share()
		stat.Detail = fmt.Sprintf("%s of %s due, %s", ui.Thousands(f.TermDone), ui.Thousands(f.TermDue), f.TermLabel)
	}
	return stat
}

func alarm(n int, kind ui.TagKind) ui.TagKind {
	if n == 0 {
		return ui.Green
	}
	return kind
}

var stageKinds = map[pep.Stage]ui.TagKind{pep.StageDue: ui.Orange, pep.StageInProgress: ui.Blue, pep.StageScheduled: ui.Blue, pep.StageSubmitted: ui.Yellow, pep.StageInQA: ui.Purple,
	pep.StageReturned: ui.Orange, pep.StageNotDue: ui.Green, pep.StageNone: ui.Grey}

// pupils are the school's children and how the plan of each stands.
func (v *homeView) pupils() {
	rules := worklist.PlanRules(v.Rules)
	for i, c := range v.Facts.Children {
		if i == mostPupils {
			v.Hidden = len(v.Facts.Children) - mostPupils
			return
		}
		standing := pep.StandingOf(c.Facts(), rules.Calendar, rules.Deadlines, v.Today)
		one := pupil{Name: child.DisplayName(c.PreferredName, c.Forename, c.Surname, c.LAChildID), Href: fmt.Sprintf("/children/%d", c.ChildID),
			Year:  child.Identity{DateOfBirth: c.DateOfBirth, YearOffset: c.YearOffset}.YearGroup(v.Today),
			Stage: ui.TagProps{Text: standing.Stage.Name(), Kind: stageKinds[standing.Stage]}}
		if !standing.Due.IsZero() {
			one.Next = standing.Due.Due.WordsNear(v.Today) + ", " + standing.Due.Due.Relative(v.Today)
		}
		if !standing.Paused.IsZero() {
			one.Stage = ui.TagProps{Text: "Paused", Kind: ui.Grey}
		} else if standing.Overdue > 0 && !standing.Stage.WithAdvisor() { // what is submitted is not theirs to do
			one.Stage = ui.TagProps{Text: "Overdue", Kind: ui.Red}
		}
		v.Children = append(v.Children, one)
	}
}
