package attendance

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/internal/returncode"
	"virtualschool/internal/setting"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const (
	cohortPath   = "/attendance/cohort"
	childrenPath = cohortPath + "/children"
	shownYears   = 5
)

// cohortFilters are what a page of figures is narrowed by, as its address says it.
var cohortFilters = []string{"year", "term", "by", "of"}

// by is a way of putting children together.
type by struct {
	Key, Label string
	group      func(attendance.Member) string
}

var ways = []by{
	{"school", "School", func(m attendance.Member) string { return m.School }},
	{"phase", "Phase of education", func(m attendance.Member) string { return orNone(m.Phase) }},
	{"placement", "Placement", func(m attendance.Member) string {
		if m.Placement == "" {
			return notOnRecord
		}
		return returncode.Label("PLACE", m.Placement)
	}},
	{"area", "In or out of the authority", func(m attendance.Member) string {
		switch {
		case m.InAuthority == nil:
			return notOnRecord
		case *m.InAuthority:
			return "Lives in the authority"
		}
		return "Lives out of the authority"
	}},
}

const notOnRecord = "Not on record"

func orNone(name string) string {
	if name == "" {
		return notOnRecord
	}
	return name
}

// cohorts are whose figures are shown.
var cohorts = []struct {
	Key, Name string
	takes     func(attendance.Member) bool
}{
	{"live", "Children in care", func(m attendance.Member) bool { return m.Live }},
	{"twelve", "In care for twelve months", func(m attendance.Member) bool { return m.Twelve }},
}

// cohortView is a year's or a term's figures of many children.
type cohortView struct {
	Actor   access.Actor
	Today   calendar.Date
	Filters kit.Filters
	Year    int
	Term    string // empty: the year so far
	By      by
	From    calendar.Date
	To      calendar.Date
	Minimum int
	Members []attendance.Member // of both cohorts
	Groups  []attendance.Group  // of the chosen cohort
	names   map[int64]attendance.Named
}

// find reads the figures that an address asks for.
func (p *Pages) find(r *http.Request, names bool) (cohortView, error) {
	v := cohortView{Actor: kit.Actor(r), Today: p.Kit.Today(), Filters: kit.FiltersOf(cohortPath, r.URL.Query(), cohortFilters...)}
	rules, err := p.Rules(r.Context())
	if err != nil {
		return v, err
	}
	v.Minimum = rules.Values.AttendanceMinimumSessions()
	v.choose(rules.Calendar.TermDates())
	var stays []attendance.Stay
	var calendars setting.Calendars
	var named []attendance.Named
	var batch postgres.Batch
	attendance.QueueCohort(&batch, &v.Members, v.Year, v.Today, attendance.HalvesOf(v.Term)...)
	attendance.QueueStays(&batch, &stays, 0, v.From, v.To)
	setting.QueueAllCalendars(&batch, &calendars)
	if names {
		attendance.QueueNames(&batch, &named, v.Year)
	}
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return v, err
	}
	attendance.Expect(v.Members, stays, attendance.NewExpectation(calendars.BySetting()), v.From, v.To)
	for i, m := range v.Members {
		if m.Reported && m.Received == 0 {
			v.Members[i].Expected = 0 // nobody waits for marks of what was reported
		}
	}
	v.names = make(map[int64]attendance.Named, len(named))
	for _, one := range named {
		v.names[one.ID] = one
	}
	v.Groups = attendance.GroupBy(v.cohort(v.of()), v.Minimum, v.By.group)
	return v, nil
}

// choose reads the filters; what is not known is as if it were not there.
func (v *cohortView) choose(terms []calendar.Term) {
	v.Year = calendar.AcademicYear(v.Today)
	if year, err := strconv.Atoi(v.Filters.Get("year")); err == nil && year <= v.Year && year > v.Year-shownYears {
		v.Year = year
	}
	v.By = ways[0]
	if i := slices.IndexFunc(ways, func(one by) bool { return one.Key == v.Filters.Get("by") }); i >= 0 {
		v.By = ways[i]
	}
	year := calendar.AcademicYearRange(v.Year)
	v.From, v.To = year.Start, year.LastDay()
	if term := v.Filters.Get("term"); len(attendance.HalvesOf(term)) > 0 {
		v.Term = term
		for _, one := range terms {
			if one.AcademicYear == v.Year && one.Name == term {
				v.From, v.To = one.Starts, one.Ends
			}
		}
	}
	v.To = calendar.Earliest(v.To, v.Today)
}

// of is the place of the chosen cohort.
func (v cohortView) of() int {
	return max(0, slices.IndexFunc(cohorts, func(one struct {
		Key, Name string
		takes     func(attendance.Member) bool
	}) bool {
		return one.Key == v.Filters.Get("of")
	}))
}

// cohort are the members of one.
func (v cohortView) cohort(n int) []attendance.Member {
	var members []attendance.Member
	for _, m := range v.Members {
		if cohorts[n].takes(m) {
			members = append(members, m)
		}
	}
	return members
}

// together are a cohort's figures as one group.
func (v cohortView) together(n int) attendance.Group {
	groups := attendance.GroupBy(v.cohort(n), v.Minimum, func(attendance.Member) string { return cohorts[n].Name })
	if len(groups) == 0 {
		return attendance.Group{Name: cohorts[n].Name}
	}
	return groups[0]
}

func (p *Pages) cohort(w http.ResponseWriter, r *http.Request) error {
	v, err := p.find(r, false)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Attendance figures", Wide: true}, cohortPage(v))
}

// cohortName is whose figures they are and of which day.
func (v cohortView) cohortName(n int) string {
	if n > 0 {
		return fmt.Sprintf("%s from 1 April %d", cohorts[n].Name, v.Year)
	}
	return cohorts[n].Name + " on " + calendar.Earliest(v.Today, calendar.AcademicYearRange(v.Year).LastDay()).Words()
}

// period is the time of the figures in words.
func (v cohortView) period() string {
	label := calendar.AcademicYearLabel(v.Year)
	if v.Term == "" {
		return "Academic year " + label
	}
	return calendar.Term{Name: v.Term, AcademicYear: v.Year}.Label()
}

func (v cohortView) lead() string {
	return fmt.Sprintf("%s, %s to %s, in half-day sessions.", v.period(), v.From.Words(), v.To.Words())
}

// childrenHref is the list of the children behind a number.
func (v cohortView) childrenHref(of, group, flag string) string {
	query := url.Values{}
	for _, name := range cohortFilters {
		if value := v.Filters.Get(name); value != "" {
			query.Set(name, value)
		}
	}
	for name, value := range map[string]string{"of": of, "group": group, "flag": flag} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return childrenPath + "?" + query.Encode()
}

// known says how much of a group's time is known (R24): "99.4% marked, 2 reported".
func known(g attendance.Group) string {
	var words []string
	if g.Expected > 0 {
		words = append(words, attendance.Share(min(g.Received, g.Expected), g.Expected)+" marked")
	}
	if g.Reported > 0 {
		words = append(words, fmt.Sprintf("%d reported", g.Reported))
	}
	if len(words) == 0 {
		return "Nothing"
	}
	return strings.Join(words, ", ")
}

func share(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return attendance.Share(part, whole)
}

// flagged is so many children of those who can be judged.
func flagged(n, judged int) string {
	if judged == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d (%s)", n, judged, attendance.Share(n, judged))
}

func rate(g attendance.Group) string { return share(g.Attended, g.Possible) }

// measures are the rows of the two cohorts side by side.
func (v cohortView) measures() [][]templ.Component {
	groups := make([]attendance.Group, len(cohorts))
	for n := range cohorts {
		groups[n] = v.together(n)
	}
	row := func(name string, cell func(n int, g attendance.Group) templ.Component) []templ.Component {
		cells := []templ.Component{ui.Text(name)}
		for n, g := range groups {
			cells = append(cells, cell(n, g))
		}
		return cells
	}
	text := func(words func(g attendance.Group) string) func(int, attendance.Group) templ.Component {
		return func(_ int, g attendance.Group) templ.Component { return ui.Text(words(g)) }
	}
	link := func(words func(g attendance.Group) string, flag string, hidden string) func(int, attendance.Group) templ.Component {
		return func(n int, g attendance.Group) templ.Component {
			if g.Children == 0 {
				return ui.Text(words(g))
			}
			return ui.Anchor(ui.Link{Text: words(g), Hidden: hidden + ", " + cohorts[n].Name, Href: v.childrenHref(cohorts[n].Key, "", flag)})
		}
	}
	return [][]templ.Component{
		row("Children", link(func(g attendance.Group) string { return ui.Thousands(g.Children) }, "", "children")),
		row("Attendance", text(rate)),
		row("Authorised absence", text(func(g attendance.Group) string { return share(g.Authorised, g.Possible) })),
		row("Unauthorised absence", text(func(g attendance.Group) string { return share(g.Unauthorised, g.Possible) })),
		row("Persistently absent, a tenth or more missed", link(func(g attendance.Group) string { return flagged(g.Persistent, g.Judged) }, flagPersistent, "persistently absent")),
		row("Severely absent, half or more missed", link(func(g attendance.Group) string { return flagged(g.Severe, g.Judged) }, flagSevere, "severely absent")),
		row("Late", text(func(g attendance.Group) string { return ui.Plural(g.Late, "session", "sessions") })),
		row("How much is known", text(known)),
	}
}

func (v cohortView) groupRows() [][]templ.Component {
	of := v.Filters.Get("of")
	var rows [][]templ.Component
	for _, g := range v.Groups {
		persistent, severe := ui.Text(flagged(g.Persistent, g.Judged)), ui.Text("0")
		if g.Persistent > 0 {
			persistent = ui.Anchor(ui.Link{Text: flagged(g.Persistent, g.Judged), Hidden: "persistently absent, " + g.Name, Href: v.childrenHref(of, g.Name, flagPersistent)})
		}
		if g.Severe > 0 {
			severe = ui.Anchor(ui.Link{Text: fmt.Sprint(g.Severe), Hidden: "severely absent, " + g.Name, Href: v.childrenHref(of, g.Name, flagSevere)})
		}
		rows = append(rows, []templ.Component{ui.Text(g.Name), ui.Anchor(ui.Link{Text: fmt.Sprint(g.Children), Hidden: "children, " + g.Name, Href: v.childrenHref(of, g.Name, "")}),
			rateCell(g), ui.Text(share(g.Authorised, g.Possible)), ui.Text(share(g.Unauthorised, g.Possible)), persistent, severe, ui.Text(fmt.Sprint(g.Late)), ui.Text(known(g))})
	}
	return rows
}
