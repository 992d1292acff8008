package places

import (
	"virtualschool/internal/schoolplace"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const mistaken = "mistaken"

// readSearch reads why there is no place and what comes next; problems stay in the form.
func readSearch(form *kit.Form) schoolplace.Search {
	return schoolplace.Search{
		Reason:    schoolplace.Reason(form.Choice("reason", "Why there is no place", values(reasonChoices())...)),
		Emergency: form.Choice("emergency", "Whether it was an emergency placement", "yes", "no") == "yes",
		Note:      form.Text("note", "More about it", schoolplace.TextLimit),
		NextTask:  form.Required("task", "What is done next", schoolplace.NameLimit),
		NextBy:    schoolplace.Doer(form.Choice("task_by", "Who does it", values(doerChoices())...)),
		NextOn:    form.Date("task_on", "By when"),
	}
}

func readStep(form *kit.Form) schoolplace.Step {
	return schoolplace.Step{
		Kind:     schoolplace.StepKind(form.Choice("kind", "What was done", kindValues()...)),
		TakenOn:  form.Date("taken", "The day"),
		School:   form.Text("school", "School", schoolplace.NameLimit),
		Words:    form.Text("words", "What was said or decided", schoolplace.TextLimit),
		Mistaken: form.Checked("mistaken", mistaken),
	}
}

// searchForm is a form prefilled with the search as it is recorded.
func searchForm(of schoolplace.Kept) *kit.Form {
	form := kit.NewForm(map[string]string{"reason": string(of.Reason), "emergency": "no", "note": of.Note, "task": of.NextTask, "task_by": string(of.NextBy)})
	if of.Emergency {
		form.Set("emergency", "yes")
	}
	form.SetDate("task_on", of.NextOn)
	form.SetVersion(of.Version)
	return form
}

func stepForm(of schoolplace.Taken) *kit.Form {
	form := kit.NewForm(map[string]string{"kind": string(of.Kind), "school": of.School, "words": of.Words})
	if of.Mistaken {
		form.Set("mistaken", mistaken)
	}
	form.SetDate("taken", of.TakenOn)
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

func reasonChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range schoolplace.Reasons {
		choices = append(choices, ui.Choice{Value: string(one.Reason), Text: one.Name})
	}
	return choices
}

func doerChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range schoolplace.Doers {
		choices = append(choices, ui.Choice{Value: string(one.Doer), Text: one.Name})
	}
	return choices
}

func kindValues() []string {
	var list []string
	for _, one := range schoolplace.StepKinds {
		list = append(list, string(one.Kind))
	}
	return list
}

func kindOptions() []ui.Option {
	var options []ui.Option
	for _, one := range schoolplace.StepKinds {
		options = append(options, ui.Option{Value: string(one.Kind), Text: one.Name})
	}
	return options
}
