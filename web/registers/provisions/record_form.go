package provisions

import (
	"virtualschool/internal/access"
	"virtualschool/internal/provision"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// readEntry reads provision; problems stay in the form.
func readEntry(form *kit.Form) provision.Entry {
	return provision.Entry{
		Place:        form.Required("place", "Where it takes place", provision.NameLimit),
		Registration: provision.Registration(form.Choice("registration", "Whether the place is registered", values(registrationChoices())...)),
		ArrangedBy:   provision.Arranger(form.Choice("arranged_by", "Who arranged it", arrangerValues()...)),
		Hours:        form.Hours("hours", "Hours a week"),
		StartsOn:     form.Date("starts", "First day"),
		PlannedEnd:   form.OptionalDate("ends", "Planned end"),
		Purpose:      form.Text("purpose", "What it is for", provision.TextLimit),
		EndedOn:      form.OptionalDate("ended", "Ended on"),
	}
}

func readCheck(form *kit.Form) provision.Check {
	return provision.Check{
		CheckedOn: form.Date("checked", "Day of the check"),
		CheckedBy: form.Required("checked_by", "Who checked it", provision.NameLimit),
		Safe:      form.Choice("safe", "Whether safeguarding checks were seen", "yes", "no") == "yes",
		Finding:   provision.Finding(form.Choice("finding", "What was found", values(findingChoices())...)),
		Words:     form.Required("words", "What was seen", provision.TextLimit),
	}
}

// entryForm is a form prefilled with provision as it is recorded.
func entryForm(of provision.Provision) *kit.Form {
	form := kit.NewForm(map[string]string{"place": of.Place, "registration": string(of.Registration), "arranged_by": string(of.ArrangedBy), "hours": of.Hours.Plain(), "purpose": of.Purpose})
	form.SetDate("starts", of.StartsOn)
	form.SetDate("ends", of.PlannedEnd)
	form.SetDate("ended", of.EndedOn)
	form.SetVersion(of.Version)
	return form
}

func values(choices []ui.Choice) []string {
	var list []string
	for _, choice := range choices {
		list = append(list, choice.Value)
	}
	return list
}

func registrationChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range provision.Registrations {
		choices = append(choices, ui.Choice{Value: string(one.Registration), Text: one.Name})
	}
	return choices
}

func findingChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range provision.Findings {
		choices = append(choices, ui.Choice{Value: string(one.Finding), Text: one.Name})
	}
	return choices
}

func arrangerValues() []string {
	var list []string
	for _, one := range provision.Arrangers {
		list = append(list, string(one.Arranger))
	}
	return list
}

// arrangerChoices are all, or for a school's own people their school.
func (v recordView) arrangerChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range provision.Arrangers {
		if v.Role != access.School || one.Arranger == provision.BySchool {
			choices = append(choices, ui.Choice{Value: string(one.Arranger), Text: one.Name})
		}
	}
	return choices
}
