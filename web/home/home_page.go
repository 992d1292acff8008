package home

import (
	"fmt"
	"net/http"

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
	More  *ui.Link // to the rest
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

// How many duties of each group the home page shows.
var shown = []struct {
	when  worklist.When
	title string
	most  int
}{{worklist.Overdue, "Overdue", 10}, {worklist.ThisWeek, "This week", 10}, {worklist.Later, "Later", 5}}

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
	for _, part := range shown {
		var duties []worklist.Duty
		all := 0
		for _, duty := range d.Duties {
			if duty.When(d.Today) == part.when {
				all++
				if !duty.Due.After(d.Today.AddDays(ahead)) {
					duties = append(duties, duty)
				}
			}
		}
		if all == 0 {
			continue
		}
		duties = duties[:min(len(duties), part.most)]
		g := group{Title: part.title, Note: ui.Thousands(all), Items: lines(duties, d.Today)}
		if all > len(duties) {
			g.More = &ui.Link{Text: "Show all " + ui.Thousands(all), Hidden: part.title, Href: "/work?when=" + string(part.when)}
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
	if err := p.looked(r.Context(), d.Actor, "home", children); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Home"}, homePage(view))
}

// lead answers the page's question in one sentence.
func (v homeView) lead() string {
	counts := map[worklist.When]int{}
	for _, d := range v.Duties {
		counts[d.When(v.Today)]++
	}
	switch {
	case len(v.Duties) == 0:
		return v.Today.WordsWithDay() + ". Nothing is waiting for you."
	case counts[worklist.Overdue] == 0:
		return fmt.Sprintf("%s. Nothing is overdue; %d this week.", v.Today.WordsWithDay(), counts[worklist.ThisWeek])
	}
	return fmt.Sprintf("%s. %s overdue, %s this week.", v.Today.WordsWithDay(), ui.Thousands(counts[worklist.Overdue]), ui.Thousands(counts[worklist.ThisWeek]))
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
	if tenths, known := f.Percent(); known {
		stat.Value = fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
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

var stageKinds = map[pep.Stage]ui.TagKind{pep.StageDue: ui.Orange, pep.StageInProgress: ui.Blue, pep.StageScheduled: ui.Blue, pep.StageSubmitted: ui.Yellow,
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
		if standing.Overdue > 0 && standing.Stage != pep.StageSubmitted { // submitted is not theirs to do
			one.Stage = ui.TagProps{Text: "Overdue", Kind: ui.Red}
		}
		v.Children = append(v.Children, one)
	}
}
