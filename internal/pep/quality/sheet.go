package quality

import (
	"slices"

	"virtualschool/internal/calendar"
)

// Sheet is what a marker is given: the criteria that apply to a plan and what the facts say of them,
// and those that do not, with why.
type Sheet struct {
	Rubric   Rubric
	Applying []Criterion
	Found    map[string]Finding // by criterion
	Left     []LeftOut
}

// LeftOut is a criterion that does not apply.
type LeftOut struct {
	Title   string
	Because string
}

// Lay lays out the sheet for a plan.
func (r Rubric) Lay(k Known) Sheet {
	sheet := Sheet{Rubric: r, Found: map[string]Finding{}}
	for _, c := range r.Criteria {
		finding := Finding{}
		if rule, named := Rules[c.Rule]; named {
			finding = rule(k)
		}
		switch {
		case len(c.KeyStages) > 0 && !slices.Contains(c.KeyStages, calendar.KeyStage(k.Year)):
			sheet.Left = append(sheet.Left, LeftOut{c.Title, "not for " + calendar.YearGroup(k.Year)})
		case len(c.Years) > 0 && !slices.Contains(c.Years, k.Year):
			sheet.Left = append(sheet.Left, LeftOut{c.Title, "not for " + calendar.YearGroup(k.Year)})
		case len(c.Kinds) > 0 && !slices.Contains(c.Kinds, k.Whole.Plan.Kind):
			sheet.Left = append(sheet.Left, LeftOut{c.Title, "not for: " + lowerFirst(k.Whole.Plan.Kind.Name())})
		case c.Rule != "" && finding.Level == "":
			sheet.Left = append(sheet.Left, LeftOut{c.Title, "the question does not arise in this plan"})
		default:
			sheet.Applying = append(sheet.Applying, c)
			if finding.Level != "" {
				sheet.Found[c.Key] = finding
			}
		}
	}
	return sheet
}

// Prefilled are the marks the facts give, for a sheet nobody has marked yet.
func (s Sheet) Prefilled() []Mark {
	var marks []Mark
	for _, c := range s.Applying {
		marks = append(marks, s.mark(c, s.Rubric.Facts[s.Found[c.Key].Level], ""))
	}
	return marks
}

// mark is a criterion's mark beside what the facts say of it.
func (s Sheet) mark(c Criterion, grade, note string) Mark {
	mark := Mark{Criterion: c.Key, Grade: grade, Note: note}
	if finding, found := s.Found[c.Key]; found {
		mark.Fact, mark.Because = s.Rubric.Facts[finding.Level], finding.Because
	}
	return mark
}
