package peps

import (
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/web/ui"
)

// waitsForReader says whether a section of the plan is the reader's to write.
func (v PlanView) waitsForReader() bool {
	for _, section := range v.Whole.Form.Sections {
		if v.Whole.Awaits(v.Actor, pep.Part(section.Key)) {
			return true
		}
	}
	return false
}

// tasks are the parts of the plan, each with who has it or whose turn it is.
func (v PlanView) tasks() []ui.Task {
	var tasks []ui.Task
	for _, one := range v.parts() {
		row := v.Whole.Part(one.Key)
		task := ui.Task{Text: one.Title, Href: v.Path + "/" + one.Path, Hint: one.Whose}
		if names := v.turn(one.Key); names != "" && !row.Complete() && v.Whole.Plan.State.Editable() {
			task.Hint = names + ", since " + v.turnSince().Words()
		}
		if row.SavedAt != nil {
			task.Hint += ". Saved by " + row.SavedBy + ", " + calendar.Of(*row.SavedAt).Words()
		}
		switch {
		case row.Complete():
			task.Status = "Complete"
		case row.SavedAt != nil:
			task.Tag = &ui.TagProps{Text: "In progress"}
		case v.Whole.Awaits(v.Actor, one.Key):
			task.Tag = &ui.TagProps{Text: "Your turn", Kind: ui.Yellow}
		default:
			task.Tag = &ui.TagProps{Text: "Not started", Kind: ui.Grey}
		}
		tasks = append(tasks, task)
	}
	return tasks
}

// turn names the people whose turn a section is: "Tia Teacher (school) or Sam Worker (social worker)".
func (v PlanView) turn(key pep.Part) string {
	section, known := v.Whole.Form.Section(string(key))
	if !known {
		return ""
	}
	var names []string
	for _, role := range section.Roles(v.Whole.Plan.HasSchool()) {
		for _, writer := range v.Writers {
			if name := writer.Name + " (" + writerRoles[role] + ")"; writer.Role == role && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, " or ")
}

var writerRoles = map[access.Role]string{access.School: "school", access.SocialWorker: "social worker", access.Advisor: "Virtual School", access.SupportAdvisor: "Virtual School"}

// turnSince is the day from which the open parts have waited: since the plan began, or came back.
func (v PlanView) turnSince() calendar.Date {
	if back := v.Whole.Plan.ReturnedAt; back != nil {
		return calendar.Of(*back)
	}
	return calendar.Of(v.Whole.Plan.StartedAt)
}
