package quality

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// queueView is what waits: plans to be graded, to be marked a second time, and to be settled.
type queueView struct {
	Actor    access.Actor
	Today    calendar.Date
	ToGrade  []quality.ToGrade
	ToSecond []quality.ToSecond
	Differ   []quality.Pair
	Values   policy.Values
	Rubric   quality.Rubric
	Known    bool
	Rubrics  quality.Set
}

func (p *Pages) queue(w http.ResponseWriter, r *http.Request) error {
	v := queueView{Actor: kit.Actor(r), Today: p.Kit.Today(), Rubrics: p.Quality.Rubrics}
	var pairs []quality.Pair
	var batch postgres.Batch
	quality.QueueToGrade(&batch, &v.ToGrade)
	quality.QueueToSecond(&batch, &v.ToSecond)
	quality.QueuePairs(&batch, &pairs)
	policy.Queue(&batch, &v.Values)
	if err := p.Kit.DB.View(r.Context(), v.Actor, &batch); err != nil {
		return err
	}
	v.Rubric, v.Known = p.Quality.Rubrics.Pick(v.Values.PEPQualityRubric())
	var looked []int64
	for _, one := range v.ToGrade {
		looked = append(looked, one.ChildID)
	}
	for _, one := range v.ToSecond {
		looked = append(looked, one.ChildID)
	}
	for _, pair := range pairs {
		if pair.Differ() && pair.Settled == "" && pair.SettledBy == "" {
			v.Differ = append(v.Differ, pair)
			looked = append(looked, pair.ChildID)
		}
	}
	// Whoever is named on the page was looked at.
	if err := p.Kit.Looked(r, "quality of PEPs", looked); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Quality of PEPs", Wide: true}, queuePage(v))
}

// sampled splits the plans to be graded into those that must be and those that need not.
func (v queueView) sampled(picked bool) []quality.ToGrade {
	var list []quality.ToGrade
	for _, one := range v.ToGrade {
		if v.pick(one).Picked == picked {
			list = append(list, one)
		}
	}
	return list
}

func (v queueView) pick(one quality.ToGrade) quality.Pick {
	return quality.Sample(one.Handed, quality.SamplingOf(v.Values))
}

// lead says how much waits.
func (v queueView) lead() string {
	return fmt.Sprintf("%s to be graded, %s not picked, %s to be marked a second time.", ui.Plural(len(v.sampled(true)), "plan", "plans"),
		ui.Thousands(len(v.sampled(false))), ui.Thousands(len(v.ToSecond)))
}

func termLabel(year int, term string) string {
	return calendar.Term{AcademicYear: year, Name: term}.Label()
}

func gradeHref(one quality.ToGrade) string {
	return planPath(pep.Ref{ChildID: one.ChildID, PEPID: one.PEPID})
}

// whose says why the reader does not grade a plan themselves; empty when they may.
func (v queueView) whose(one quality.ToGrade) string {
	if one.SubmittedBy == v.Actor.ID {
		return "You submitted it, so someone else grades it"
	}
	return ""
}

func nameOf(preferred, forename, surname, la string) string {
	return child.DisplayName(preferred, forename, surname, la)
}

// navigation leads between the pages about quality.
func navigation(current string) ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Quality of PEPs"}
	for _, page := range []struct{ text, href string }{{"To do", "/quality"}, {"Grades", "/quality/grades"}, {"Agreement", "/quality/agreement"}, {"Waiting times", "/quality/waiting"}} {
		props.Items = append(props.Items, ui.NavItem{Text: page.text, Href: page.href, Current: page.href == current})
	}
	return props
}
