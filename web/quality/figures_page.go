package quality

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
	"virtualschool/web/chart"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// figuresView is how plans went since the beginning of last school year, told apart by term, school
// or advisor.
type figuresView struct {
	Filters kit.Filters
	By      quality.By
	ByName  string
	Rubric  quality.Rubric
	Courses []quality.Course
	Working calendar.WorkingDays
}

var ways = []struct {
	value, text string
	by          quality.By
}{{"term", "Term", quality.ByTerm}, {"school", "School", quality.BySchool}, {"advisor", "Advisor", quality.ByAdvisor}}

func (p *Pages) figures(r *http.Request, path string) (figuresView, error) {
	v := figuresView{Filters: kit.FiltersOf(path, r.URL.Query(), "by"), By: quality.ByTerm, ByName: "Term"}
	for _, way := range ways {
		if v.Filters.Get("by") == way.value {
			v.By, v.ByName = way.by, way.text
		}
	}
	var dates setting.Calendar
	var values policy.Values
	var batch postgres.Batch
	quality.QueueCourses(&batch, &v.Courses, calendar.AcademicYear(p.Kit.Today())-1)
	setting.QueueCalendar(&batch, &dates, p.Quality.PEPs.Authority, 0)
	policy.Queue(&batch, &values)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return v, err
	}
	v.Working = dates.WorkingDays()
	v.Rubric, _ = p.Quality.Rubrics.Pick(values.PEPQualityRubric())
	return v, nil
}

func (p *Pages) grades(w http.ResponseWriter, r *http.Request) error {
	v, err := p.figures(r, "/quality/grades")
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Grades of PEPs", Wide: true}, gradesPage(v))
}

func (p *Pages) waiting(w http.ResponseWriter, r *http.Request) error {
	v, err := p.figures(r, "/quality/waiting")
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Waiting times of PEPs", Wide: true}, waitingPage(v))
}

// shares are the grades of signed-off plans.
func (v figuresView) shares() []quality.Share {
	return quality.Shares(v.Courses, v.By, v.Rubric.Name)
}

// gradesFigure is the grades as shares of the graded plans.
func (v figuresView) gradesFigure() chart.FigureProps {
	drawing := chart.Stacked{Of: v.ByName, Share: true}
	for _, grade := range v.Rubric.Grades {
		drawing.Parts = append(drawing.Parts, grade.Name)
	}
	for _, share := range v.shares() {
		if share.Total == share.None {
			continue
		}
		item := chart.StackedItem{Label: share.Name}
		for _, grade := range v.Rubric.Grades {
			n := share.Counts[grade.Key]
			item.Points = append(item.Points, chart.Point{Value: float64(n), Text: strconv.Itoa(n)})
		}
		drawing.Items = append(drawing.Items, item)
	}
	return chart.FigureProps{ID: "grades", Title: "Signed-off plans by grade", Chart: drawing,
		Note: "Plans by the grade with which they were signed off, graded by “" + v.Rubric.Title + "”. A grade that waits for a second marking is not counted yet."}
}

// waitingFigure is the median days from submitted to signed off.
func (v figuresView) waitingFigure() chart.FigureProps {
	bars := chart.Bars{Of: v.ByName, Measure: "Median working days"}
	for _, t := range v.turnarounds() {
		if t.Done.Count > 0 {
			bars.Items = append(bars.Items, chart.Item{Label: t.Name, Point: chart.Point{Value: t.Done.Median, Text: days(t.Done.Median)}})
		}
	}
	return chart.FigureProps{ID: "waiting", Title: "From submitted to signed off", Chart: bars, Note: "Half of the plans took no longer."}
}

func (v figuresView) turnarounds() []quality.Turnaround {
	return quality.Turnarounds(v.Courses, v.By, v.Working)
}

// lead says it for all plans.
func (v figuresView) lead() string {
	all := quality.All(v.Courses, v.Working)
	if all.Done.Count == 0 {
		return "No plan has been signed off since the beginning of last school year."
	}
	return fmt.Sprintf("Half of the plans were signed off within %s of being submitted, nine in ten within %d. For every 100 plans, %.0f came back to be corrected.",
		days(all.Done.Median), all.Done.Ninety, 100*all.Rework)
}

// days is a median in words: "2.5 working days".
func days(median float64) string {
	if median == 1 {
		return "1 working day"
	}
	return strconv.FormatFloat(median, 'f', -1, 64) + " working days"
}

// choices are the ways to tell plans apart, as links.
func (v figuresView) choices() []ui.NavItem {
	var items []ui.NavItem
	for _, way := range ways {
		items = append(items, ui.NavItem{Text: "By " + lower(way.text), Href: v.Filters.With("by", way.value), Current: way.text == v.ByName})
	}
	return items
}

func lower(text string) string { return string(text[0]+'a'-'A') + text[1:] }

// agreementView is how well markers agree.
type agreementView struct {
	Pairs   []quality.Pair
	Rubrics quality.Set
}

func (p *Pages) agreement(w http.ResponseWriter, r *http.Request) error {
	v := agreementView{Rubrics: p.Quality.Rubrics}
	var batch postgres.Batch
	quality.QueuePairs(&batch, &v.Pairs)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Agreement of markers", Wide: true}, agreementPage(v))
}

func (v agreementView) lead() string {
	all := quality.Agree(v.Pairs)
	if all.Pairs == 0 {
		return "No plan has been marked by two people yet."
	}
	return fmt.Sprintf("%s marked by two people, %d with the same grade: %s. %s", ui.Plural(all.Pairs, "plan", "plans"), all.Same, percent(all), kappaWords(all))
}

func percent(a quality.Agreement) string { return strconv.FormatFloat(a.Percent(), 'f', 0, 64) + "%" }

func kappa(a quality.Agreement) string {
	if !a.Known {
		return ""
	}
	return strconv.FormatFloat(a.Kappa, 'f', 2, 64)
}

// kappaWords reads Cohen's kappa by the bands that Landis and Koch gave it in 1977.
func kappaWords(a quality.Agreement) string {
	if !a.Known {
		return "Too few, or too much alike, to say whether that is more than chance."
	}
	bands := []struct {
		from  float64
		words string
	}{{0.81, "almost perfect"}, {0.61, "substantial"}, {0.41, "moderate"}, {0.21, "fair"}, {0, "slight"}, {-1, "worse than chance"}}
	for _, band := range bands {
		if a.Kappa >= band.from {
			return "Beyond chance (Cohen’s kappa " + kappa(a) + ") that is " + band.words + "."
		}
	}
	return ""
}

// termFigure is the agreement term by term.
func (v agreementView) termFigure() chart.FigureProps {
	bars := chart.Bars{Of: "Term", Measure: "Same grade", Max: 100}
	for _, period := range quality.PerTerm(v.Pairs) {
		bars.Items = append(bars.Items, chart.Item{Label: period.Label(), Point: chart.Point{Value: period.Percent(), Text: percent(period.Agreement)}})
	}
	return chart.FigureProps{ID: "agreement", Title: "Plans given the same grade twice, by term of the plan", Chart: bars}
}

// gradeName is a pair's grade on screen.
func gradeName(rubrics quality.Set, pair quality.Pair, key string) string {
	if rubric, kept := rubrics.Rubric(pair.Rubric, pair.RubricVersion); kept {
		return cmp.Or(rubric.Grade(key).Name, key)
	}
	return key
}

// drift says in which direction a marker differs.
func drift(m quality.Marker) string {
	switch {
	case m.Drift >= 0.05:
		return fmt.Sprintf("Harsher by %.1f grades", m.Drift)
	case m.Drift <= -0.05:
		return fmt.Sprintf("Kinder by %.1f grades", -m.Drift)
	}
	return "None"
}
