package suspensions

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// atRisk is a child with the reasons for standing on the list.
type atRisk struct {
	suspension.Signs
	Reasons []suspension.Reason
	Points  int
}

func (a atRisk) name() string {
	return child.DisplayName(a.PreferredName, a.Forename, a.Surname, a.LAChildID)
}

type riskView struct {
	Challenged bool // those of whom somebody says that a reason is not so, however many points they have
	Rows       []atRisk
	Total      int
	Pages      ui.PaginationProps
}

// leastPoints is from how many points a child stands on the list.
const leastPoints = 4

// risk lists children by what in their records often comes before an exclusion, each reason shown with its points.
func (p *Pages) risk(w http.ResponseWriter, r *http.Request) error {
	var signs []suspension.Signs
	var challenges []suspension.Challenge
	var batch postgres.Batch
	today := p.Kit.Today()
	suspension.QueueSigns(&batch, &signs, today)
	suspension.QueueChallenges(&batch, &challenges, 0)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	filters := kit.FiltersOf("/suspensions/risk", r.URL.Query(), "challenged")
	v := riskView{Challenged: filters.Get("challenged") == "yes"}
	all := rank(signs, challenges, v.Challenged, today)
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = min(max(page, 1), max((len(all)+pageSize-1)/pageSize, 1))
	v.Rows, v.Total = all[(page-1)*pageSize:min(page*pageSize, len(all))], len(all)
	v.Pages = filters.Pages("Pages of children", page, pageSize, len(all))
	var ids []int64
	for _, one := range v.Rows {
		ids = append(ids, one.ChildID)
	}
	if err := p.Kit.Looked(r, "signs of risk of exclusion", ids); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Signs of risk", Back: "/suspensions", Wide: true}, riskPage(v))
}

// rank keeps those with enough points, or those with a reason that is challenged; the most points first.
func rank(signs []suspension.Signs, challenges []suspension.Challenge, challenged bool, today calendar.Date) []atRisk {
	of := map[int64][]suspension.Challenge{}
	for _, one := range challenges {
		of[one.ChildID] = append(of[one.ChildID], one)
	}
	var all []atRisk
	for _, one := range signs {
		reasons := suspension.Challenged(suspension.ReasonsOf(one, today), of[one.ChildID])
		points := suspension.PointsOf(reasons)
		if challenged && slices.ContainsFunc(reasons, func(r suspension.Reason) bool { return r.Challenge != nil }) || !challenged && points >= leastPoints {
			all = append(all, atRisk{one, reasons, points})
		}
	}
	slices.SortStableFunc(all, func(a, b atRisk) int { return cmp.Compare(b.Points, a.Points) })
	return all
}

func (v riskView) views() []ui.NavItem {
	return []ui.NavItem{{Text: fmt.Sprintf("%d points or more", leastPoints), Href: "/suspensions/risk", Current: !v.Challenged},
		{Text: "With a challenged reason", Href: "/suspensions/risk?challenged=yes", Current: v.Challenged}}
}

func (v riskView) rows() [][]templ.Component {
	var rows [][]templ.Component
	for _, one := range v.Rows {
		rows = append(rows, []templ.Component{ui.Anchor(ui.Link{Text: one.name(), Href: fmt.Sprintf("/children/%d/suspensions/risk", one.ChildID)}), ui.TextOr(one.School, "No school place"),
			ui.Text(strconv.Itoa(one.Points)), reasonList(one)})
	}
	return rows
}
