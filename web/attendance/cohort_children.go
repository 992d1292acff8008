package attendance

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// The children behind a number can be those with a flag only.
const (
	flagPersistent = "persistent"
	flagSevere     = "severe"
	pageSize       = 50
)

// pupil is one of the children behind a number.
type pupil struct {
	attendance.Named
	Schools []string
	Flag    attendance.Flag
	attendance.Tally
}

// childrenView is the children behind a number.
type childrenView struct {
	cohortView
	Group string
	Only  string // flagPersistent, flagSevere, or empty
	All   []pupil
	Rows  []pupil
	Pages ui.PaginationProps
}

func (p *Pages) pupils(r *http.Request) (childrenView, error) {
	found, err := p.find(r, true)
	if err != nil {
		return childrenView{}, err
	}
	v := childrenView{cohortView: found}
	v.Filters = kit.FiltersOf(childrenPath, r.URL.Query(), append(slices.Clone(cohortFilters), "group", "flag")...)
	v.Group, v.Only = v.Filters.Get("group"), v.Filters.Get("flag")
	byChild := map[int64]*pupil{}
	for _, m := range v.cohort(v.of()) {
		named, known := v.names[m.ChildID]
		if !known || v.Group != "" && v.By.group(m) != v.Group {
			continue
		}
		one := byChild[m.ChildID]
		if one == nil {
			one = &pupil{Named: named}
			byChild[m.ChildID] = one
		}
		one.Tally = one.Plus(m.Tally())
		one.Schools = append(one.Schools, m.School)
	}
	for _, one := range byChild {
		one.Flag = one.Tally.Flag(v.Minimum)
		if v.Only == "" || one.Flag == attendance.Severe || v.Only == flagPersistent && one.Flag == attendance.Persistent {
			v.All = append(v.All, *one)
		}
	}
	slices.SortFunc(v.All, func(a, b pupil) int {
		return cmp.Or(b.missed()-a.missed(), cmp.Compare(a.DisplayName(), b.DisplayName()), cmp.Compare(a.ID, b.ID))
	})
	return v, nil
}

// missed is the share of possible sessions that were missed, in thousandths; of whom nothing is known it says -1.
func (p pupil) missed() int {
	if p.Possible == 0 {
		return -1
	}
	return p.Absent() * 1000 / p.Possible
}

func (p *Pages) cohortChildren(w http.ResponseWriter, r *http.Request) error {
	v, err := p.pupils(r)
	if err != nil {
		return err
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = min(max(page, 1), max((len(v.All)+pageSize-1)/pageSize, 1))
	v.Rows = v.All[(page-1)*pageSize : min(page*pageSize, len(v.All))]
	v.Pages = v.Filters.Pages("Pages of children", page, pageSize, len(v.All))
	if err := p.Kit.Looked(r, "attendance figures", idsOf(v.Rows)); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Children behind the figures", Back: v.back(), Wide: true}, childrenPage(v))
}

func idsOf(pupils []pupil) (ids []int64) {
	for _, one := range pupils {
		ids = append(ids, one.ID)
	}
	return ids
}

// back is the page of figures that the children were chosen from.
func (v childrenView) back() string {
	query := url.Values{}
	for _, name := range cohortFilters {
		query.Set(name, v.Filters.Get(name))
	}
	return kit.FiltersOf(cohortPath, query, cohortFilters...).Href()
}

// title says whose names follow: "Persistently absent, Kingsbourne Academy".
func (v childrenView) title() string {
	words := []string{cohorts[v.of()].Name}
	switch v.Only {
	case flagPersistent:
		words = append(words, "persistently absent")
	case flagSevere:
		words = append(words, "severely absent")
	}
	if v.Group != "" {
		words = append(words, v.Group)
	}
	return strings.Join(words, ", ")
}

func (v childrenView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Rows {
		rows = append(rows, []templ.Component{pupilCell(one), ui.Text(strings.Join(one.Schools, ", ")), ui.Text(share(one.Attended, one.Possible)), ui.Text(fmt.Sprint(one.Possible)),
			ui.Text(fmt.Sprint(one.Authorised)), ui.Text(fmt.Sprint(one.Unauthorised)), ui.Text(fmt.Sprint(one.Late)), ui.Text(pupilKnown(one))})
	}
	return rows
}

func pupilKnown(one pupil) string {
	switch {
	case one.Received == 0 && one.Possible > 0:
		return "As reported"
	case one.Received == 0 && one.Expected == 0:
		return "Nothing is known"
	}
	return one.Coverage()
}

// downloads are the figures shown as files, for a page at path.
func (v cohortView) downloads(path, query string) []ui.Link {
	if query != "" {
		query = "?" + query
	}
	return []ui.Link{{Text: "Download (Excel)", Href: path + ".xlsx" + query}, {Text: "Download (CSV)", Href: path + ".csv" + query}}
}

// downloadCohort sends the figures of the groups, which name nobody.
func (p *Pages) downloadCohort(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.find(r, false)
		if err != nil {
			return err
		}
		table := export.Table{Name: "Attendance", Heads: append([]string{v.By.Label, "Children"}, figureHeads("Children who can be judged", "Persistently absent", "Severely absent")...)}
		for _, g := range v.Groups {
			table.Add(append([]export.Cell{export.Text(g.Name), export.Number(g.Children)}, figureCells(g.Tally, export.Number(g.Judged), export.Number(g.Persistent), export.Number(g.Severe))...)...)
		}
		return p.Kit.SendTable(w, r, format, "attendance-"+v.By.Key+"-"+v.fileTime(), table)
	}
}

// downloadChildren sends the children behind a number, each audited as looked at.
func (p *Pages) downloadChildren(format export.Format) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.pupils(r)
		if err != nil {
			return err
		}
		table := export.Table{Name: "Attendance", Heads: append([]string{"903 identifier", "Name", "School"}, figureHeads("Flag")...)}
		for _, one := range v.All {
			table.Add(append([]export.Cell{export.Text(one.LAChildID), export.Text(one.DisplayName()), export.Text(strings.Join(one.Schools, "; "))}, figureCells(one.Tally, export.Text(string(one.Flag)))...)...)
		}
		if err := p.Kit.Looked(r, "attendance figures downloaded", idsOf(v.All)); err != nil {
			return err
		}
		return p.Kit.SendTable(w, r, format, "attendance-children-"+v.fileTime(), table)
	}
}

func figureHeads(more ...string) []string {
	return append([]string{"Possible sessions", "Attended", "Authorised absence", "Unauthorised absence", "No reason yet", "Late", "Sessions expected", "Sessions marked", "Attendance"}, more...)
}

func figureCells(t attendance.Tally, more ...export.Cell) []export.Cell {
	return append([]export.Cell{export.Number(t.Possible), export.Number(t.Attended), export.Number(t.Authorised), export.Number(t.Unauthorised), export.Number(t.Unknown), export.Number(t.Late),
		export.Number(t.Expected), export.Number(t.Received), export.Text(share(t.Attended, t.Possible))}, more...)
}

func (v cohortView) fileTime() string {
	name := calendar.AcademicYearLabel(v.Year)
	if v.Term != "" {
		name += "-" + v.Term
	}
	return strings.ReplaceAll(name, "/", "-")
}

// downloadMarks sends the marks themselves, a row for each session, in the shape that the import of marks reads.
func (p *Pages) downloadMarks(w http.ResponseWriter, r *http.Request) error {
	v := cohortView{Actor: kit.Actor(r), Today: p.Kit.Today(), Filters: kit.FiltersOf(cohortPath, r.URL.Query(), cohortFilters...)}
	rules, err := p.Rules(r.Context())
	if err != nil {
		return err
	}
	v.choose(rules.Calendar.TermDates())
	var days []attendance.Taken
	var batch postgres.Batch
	attendance.QueueTaken(&batch, &days, v.From, v.To)
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return err
	}
	table := export.Table{Name: "Marks", Heads: []string{"Child ID", "School URN", "Date", "Session", "Mark"}}
	var seen []int64
	for _, day := range days {
		if n := len(seen); n == 0 || seen[n-1] != day.ChildID {
			seen = append(seen, day.ChildID)
		}
		urn := export.Text("")
		if day.URN != 0 {
			urn = export.Text(strconv.Itoa(day.URN))
		}
		for _, half := range day.Halves() {
			table.Add(export.Text(day.LAChildID), urn, export.Day(day.Day), export.Text(string(half.Session)), export.Text(string(half.Code)))
		}
	}
	if err := p.Kit.Looked(r, "attendance marks downloaded", seen); err != nil {
		return err
	}
	return p.Kit.SendTable(w, r, export.CSV, "marks-"+v.fileTime(), table)
}
