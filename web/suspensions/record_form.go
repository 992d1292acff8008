package suspensions

import (
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// readEntry reads an event; problems stay in the form. A permanent exclusion needs no length.
func readEntry(form *kit.Form) suspension.Entry {
	entry := suspension.Entry{
		SettingID: form.ID("setting"),
		Kind:      suspension.Kind(form.Choice("kind", "What the school did", kindValues()...)),
		StartsOn:  form.Date("starts", "First day"),
		Reasons:   form.All("reasons"),
		Note:      form.Text("note", "Note", suspension.NoteLimit),
	}
	if entry.Kind != suspension.Exclusion {
		entry.Sessions = form.Number("sessions", "Half-days", 1, suspension.MostSessions)
	}
	if entry.SettingID == 0 {
		form.Problems.Add("setting", "Choose a school")
	}
	if len(entry.Reasons) == 0 {
		form.Problems.Add("reasons", "Choose one to three reasons")
	}
	return entry
}

// eventForm is a form prefilled with an event as it is recorded.
func eventForm(event suspension.Event) *kit.Form {
	form := kit.NewForm(map[string]string{"setting": strconv.FormatInt(event.SettingID, 10), "kind": string(event.Kind), "note": event.Note})
	if event.Kind != suspension.Exclusion {
		form.Set("sessions", strconv.Itoa(event.Sessions))
	}
	form.Set("reasons", event.Reasons...)
	form.SetDate("starts", event.StartsOn)
	form.SetVersion(event.Version)
	return form
}

func kindValues() []string {
	var values []string
	for _, one := range suspension.Kinds {
		values = append(values, string(one.Kind))
	}
	return values
}

func kindChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range suspension.Kinds {
		choices = append(choices, ui.Choice{Value: string(one.Kind), Text: one.Name})
	}
	return choices
}

func reasonChoices() []ui.Choice {
	var choices []ui.Choice
	for _, one := range suspension.Reasons {
		choices = append(choices, ui.Choice{Value: one.Code, Text: fmt.Sprintf("%s (%s)", one.Name, one.Code)})
	}
	return choices
}

// reasonNames are reason codes in words, on one line.
func reasonNames(codes []string) string {
	var names []string
	for _, code := range codes {
		names = append(names, suspension.ReasonName(code))
	}
	return strings.Join(names, "; ")
}
