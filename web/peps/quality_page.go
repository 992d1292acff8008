package peps

import (
	"cmp"

	"virtualschool/internal/access"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/web/ui"
)

// qualityView is how good a plan was found, and what stands in it from the plans before.
type qualityView struct {
	Rubrics  quality.Set
	Latest   quality.Latest
	Sampling quality.Sampling
	Picked   bool // a submitted plan that is graded before it is signed off
}

// mayGrade says whether the plan waits for a grade and the actor's role gives grades; that it is not
// their own plan is said where they do.
func (v PlanView) mayGrade() bool {
	return access.Can(v.Actor, access.ReviewQuality) && v.Whole.Plan.State.CanMove(pep.ActSignOff)
}

// grade is the grade that counts, in words and colour.
func (v qualityView) grade() ui.TagProps {
	grade := v.Rubrics.Name(quality.PlanGrade{Rubric: v.Latest.Rubric, RubricVersion: v.Latest.RubricVersion, Grade: cmp.Or(v.Latest.Settled, v.Latest.Grade)})
	return ui.TagProps{Text: grade.Name, Kind: ui.KindOf(grade.Colour)}
}

// standing are the follow-ups that concern a part; of all parts for "".
func (v qualityView) standing(part pep.Part) []quality.FollowUp {
	var list []quality.FollowUp
	for _, one := range v.Latest.FollowUps {
		if part == "" || one.Part == part {
			list = append(list, one)
		}
	}
	return list
}

func open(list []quality.FollowUp) int {
	n := 0
	for _, one := range list {
		if one.Open() {
			n++
		}
	}
	return n
}
