package timetables

import (
	"strconv"

	"virtualschool/internal/timetable"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// goesOn is the decision of a review that ends nothing, as the form sends it.
const goesOn = "goes_on"

// readEntry reads a reduced timetable; problems stay in the form.
func readEntry(form *kit.Form) timetable.Entry {
	entry := timetable.Entry{
		SettingID:             form.ID("setting"),
		Hours:                 form.Hours("hours", "Hours a week offered"),
		FullHours:             form.Hours("full", "Full time, in hours a week"),
		StartsOn:              form.Date("starts", "First day"),
		PlannedEnd:            form.OptionalDate("ends", "First day back full time"),
		NextReviewOn:          form.OptionalDate("review", "Next review"),
		Reason:                timetable.Reason(form.Choice("reason", "Reason", reasonValues()...)),
		Note:                  form.Text("note", "Why", timetable.TextLimit),
		WayBack:               form.Text("way_back", "Plan back to full time", timetable.TextLimit),
		CarerAgreedOn:         form.OptionalDate("carer", "Carer or parent agreed"),
		WorkerAgreedOn:        form.OptionalDate("worker", "Social worker agreed"),
		VirtualSchoolAgreedOn: form.OptionalDate("virtual_school", "Virtual School agreed"),
		RiskAssessedOn:        form.OptionalDate("risk", "Risk assessed"),
		CouncilToldOn:         form.OptionalDate("council", "Council told"),
	}
	if entry.SettingID == 0 {
		form.Problems.Add("setting", "Choose a school")
	}
	return entry
}

// readReview reads a review. What would hold if it went on is read only then.
func readReview(form *kit.Form) timetable.Review {
	review := timetable.Review{
		HeldOn: form.Date("held", "Day of the review"),
		Words:  form.Required("words", "What was found and decided", timetable.TextLimit),
	}
	values := []string{goesOn}
	for _, one := range timetable.Outcomes {
		values = append(values, string(one.Outcome))
	}
	switch outcome := form.Choice("outcome", "Decision", values...); outcome {
	case goesOn:
		review.Hours = form.Hours("hours", "Hours a week from now on")
		review.PlannedEnd = form.OptionalDate("ends", "First day back full time")
		review.NextReviewOn = form.OptionalDate("review", "Next review")
	default:
		review.Outcome = timetable.Outcome(outcome)
	}
	return review
}

// entryForm is a form prefilled with a reduced timetable as it is recorded.
func entryForm(t timetable.Timetable) *kit.Form {
	form := kit.NewForm(map[string]string{"setting": strconv.FormatInt(t.SettingID, 10), "hours": t.Hours.Plain(), "full": t.FullHours.Plain(), "reason": string(t.Reason),
		"note": t.Note, "way_back": t.WayBack})
	form.SetDate("starts", t.StartsOn)
	form.SetDate("ends", t.PlannedEnd)
	form.SetDate("review", t.NextReviewOn)
	form.SetDate("carer", t.CarerAgreedOn)
	form.SetDate("worker", t.WorkerAgreedOn)
	form.SetDate("virtual_school", t.VirtualSchoolAgreedOn)
	form.SetDate("risk", t.RiskAssessedOn)
	form.SetDate("council", t.CouncilToldOn)
	form.SetVersion(t.Version)
	return form
}

// reviewForm is a form with what holds now, as a review may let it go on.
func reviewForm(t timetable.Timetable) *kit.Form {
	form := kit.NewForm(map[string]string{"hours": t.Hours.Plain()})
	form.SetDate("ends", t.PlannedEnd)
	form.SetVersion(t.Version)
	return form
}

func reasonValues() []string {
	var values []string
	for _, one := range timetable.Reasons {
		values = append(values, string(one.Reason))
	}
	return values
}

func reasonChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range timetable.Reasons {
		choice := ui.Choice{Value: string(one.Reason), Text: one.Name}
		if one.Reason == timetable.Behaviour {
			choice.Hint = "Guidance does not allow this. Record it where it is what the school says, so that it can be challenged."
		}
		choices = append(choices, choice)
	}
	return choices
}

func (v recordView) outcomeChoices() []ui.Choice {
	choices := []ui.Choice{{Value: goesOn, Text: "It goes on", Conditional: goesOnFields(v)}}
	for _, one := range timetable.Outcomes {
		choices = append(choices, ui.Choice{Value: string(one.Outcome), Text: one.Name})
	}
	return choices
}
