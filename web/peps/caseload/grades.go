package caseload

import (
	"context"
	"net/http"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/postgres"
	"virtualschool/web/ui"
)

// What the filter of grades takes besides the grades of the council's rubric, whose keys have no hyphen.
const (
	notGraded     = "not-graded"
	secondMarking = "second-marking"
)

// seesGrades says whether the list tells the reader how plans were graded: those who grade. Whoever
// else reads plans sees the grade on the plan itself.
func seesGrades(actor access.Actor) bool { return access.Can(actor, access.ReviewQuality) }

// namesFor are the filters that the reader has.
func namesFor(actor access.Actor) []string {
	if seesGrades(actor) {
		return filterNames
	}
	return slices.DeleteFunc(slices.Clone(filterNames), func(name string) bool { return name == "grade" })
}

// handedIn is the newest plan that was ever submitted, in a term where one is asked for: the plan
// whose grade the list tells. Zero: none.
func (v listView) handedIn(plans []pep.PlanDates) pep.PlanDates {
	year, term := parseTerm(v.Filters.Get("term"))
	for _, plan := range plans {
		if !plan.SubmittedOn.IsZero() && (year == 0 || plan.AcademicYear == year && plan.Term == term) {
			return plan
		}
	}
	return pep.PlanDates{}
}

// queueGrades queues how the rows' plans were graded.
func queueGrades(batch *postgres.Batch, into *[]quality.PlanGrade, rows []row) {
	var plans []int64
	for _, one := range rows {
		if one.HandedIn.ID != 0 {
			plans = append(plans, one.HandedIn.ID)
		}
	}
	quality.QueueGrades(batch, into, plans)
}

func putGrades(rows []row, grades []quality.PlanGrade) {
	of := map[int64]quality.PlanGrade{}
	for _, grade := range grades {
		of[grade.PEPID] = grade
	}
	for n := range rows {
		rows[n].Grade = of[rows[n].HandedIn.ID]
	}
}

// takeGrade keeps the rows with the grade asked for.
func (p *Pages) takeGrade(ctx context.Context, v *listView) error {
	want := v.Filters.Get("grade")
	if want == "" {
		return nil
	}
	var grades []quality.PlanGrade
	var batch postgres.Batch
	queueGrades(&batch, &grades, v.All)
	if err := p.Kit.DB.View(ctx, v.Actor, &batch); err != nil {
		return err
	}
	putGrades(v.All, grades)
	v.All = slices.DeleteFunc(v.All, func(one row) bool { return one.gradeKey() != want })
	return nil
}

// lookedAndGraded is looked for rows of the list, which tell a reader who grades how the plans were graded.
func (p *Pages) lookedAndGraded(r *http.Request, v listView, rows []row, screen string) error {
	if !v.Grades {
		return p.looked(r, rows, screen, nil)
	}
	var grades []quality.PlanGrade
	var batch postgres.Batch
	queueGrades(&batch, &grades, rows)
	err := p.looked(r, rows, screen, &batch)
	putGrades(rows, grades)
	return err
}

// gradeKey is the row's grade as a value of the filter.
func (r row) gradeKey() string {
	switch {
	case r.Grade.Waiting:
		return secondMarking
	case r.Grade.Grade == "":
		return notGraded
	}
	return r.Grade.Grade
}

// gradeOptions are the grades of the council's rubric, the best first, and what is no grade.
func (v listView) gradeOptions() []ui.Option {
	var options []ui.Option
	for _, grade := range v.Rubric.Grades {
		options = append(options, ui.Option{Value: grade.Key, Text: grade.Name})
	}
	return append(options, ui.Option{Value: notGraded, Text: "Not graded"}, ui.Option{Value: secondMarking, Text: "Waits for second marking"})
}

// gradeName is the row's grade in words; those of an older rubric are told by that one.
func (v listView) gradeName(one row) string {
	switch one.gradeKey() {
	case secondMarking:
		return "Waits for second marking"
	case notGraded:
		return "Not graded"
	}
	return v.Rubrics.Name(one.Grade).Name
}
