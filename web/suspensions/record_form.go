package suspensions

import (
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// readReport reads a notification; problems stay in the form. A permanent exclusion needs no length.
func readReport(form *kit.Form, actor access.Actor) suspension.Report {
	report := suspension.Report{Entry: readEntry(form, actor), Told: readTold(form, actor)}
	if kind := form.OptionalChoice("education", "How the child is taught", educationValues()...); kind != "" {
		report.Education = &suspension.Education{StartsOn: report.StartsOn, Kind: suspension.EducationKind(kind), FullTime: form.Checked("full_time", "yes"),
			Words: form.Text("where", "Where and how much", 1000)}
	}
	return report
}

// readEntry reads an event.
func readEntry(form *kit.Form, actor access.Actor) suspension.Entry {
	entry := suspension.Entry{
		SettingID: form.ID("setting"),
		Kind:      suspension.Kind(form.Choice("kind", "What the school did", kindValues()...)),
		DecidedOn: form.Date("decided", "The day the head teacher decided"),
		StartsOn:  form.Date("starts", "First day"),
		Afternoon: form.Checked("afternoon", "yes"),
		Reasons:   form.All("reasons"),
		Exam:      suspension.Exam(form.OptionalChoice("exam", "What the child would miss", string(suspension.PublicExam), string(suspension.NationalTest))),
		Note:      form.Text("note", "What happened", suspension.NoteLimit),
	}
	if entry.Kind != suspension.Exclusion {
		entry.Sessions = form.Number("sessions", "Half-days", 1, suspension.MostSessions)
	}
	if entry.Exam != suspension.NoExam {
		entry.ExamOn = form.Date("exam-on", "Day of the examination or test")
	}
	if actor.Role != access.School {
		entry.CameBy = suspension.CameBy(form.OptionalChoice("came", "How the school told you", cameValues()...))
	}
	if entry.SettingID == 0 {
		form.Problems.Add("setting", "Choose a school")
	}
	if len(entry.Reasons) == 0 {
		form.Problems.Add("reasons", "Choose one to three reasons")
	}
	return entry
}

// readTold reads when each party was told; those left empty have not been, as far as is known.
func readTold(form *kit.Form, actor access.Actor) suspension.Told {
	told := suspension.Told{}
	for _, party := range partiesFor(actor) {
		if on := form.OptionalDate("told-"+string(party), party.Name()); !on.IsZero() {
			told[party] = on
		}
	}
	return told
}

// partiesFor are those whose day a person types: a school tells the Virtual School by sending the form, and the
// reviewing officer is the social worker's to tell.
func partiesFor(actor access.Actor) (parties []suspension.Party) {
	for _, one := range suspension.Parties {
		if one.Party != suspension.ReviewingOfficer && (one.Party != suspension.VirtualSchool || actor.Role != access.School) {
			parties = append(parties, one.Party)
		}
	}
	return parties
}

// eventForm is a form prefilled with an event as it is recorded.
func eventForm(event suspension.Event) *kit.Form {
	form := kit.NewForm(map[string]string{"setting": strconv.FormatInt(event.SettingID, 10), "kind": string(event.Kind), "note": event.Note, "exam": string(event.Exam), "came": string(event.CameBy)})
	if event.Kind != suspension.Exclusion {
		form.Set("sessions", strconv.Itoa(event.Sessions))
	}
	if event.Afternoon {
		form.Set("afternoon", "yes")
	}
	form.Set("reasons", event.Reasons...)
	form.SetDate("decided", event.DecidedOn)
	form.SetDate("starts", event.StartsOn)
	form.SetDate("exam-on", event.ExamOn)
	form.SetVersion(event.Version)
	return form
}

func educationValues() (values []string) {
	for _, one := range suspension.EducationKinds {
		values = append(values, string(one.Kind))
	}
	return values
}

func educationOptions() (options []ui.Option) {
	for _, one := range suspension.EducationKinds {
		options = append(options, ui.Option{Value: string(one.Kind), Text: one.Name})
	}
	return options
}

func cameValues() []string {
	values := []string{string(suspension.NotSaid), string(suspension.BySchool)}
	for _, one := range suspension.CameByWays {
		values = append(values, string(one.Way))
	}
	return values
}

func cameOptions(now string) (options []ui.Option) {
	if now == string(suspension.BySchool) {
		options = append(options, ui.Option{Value: now, Text: suspension.BySchool.Name()})
	}
	for _, one := range suspension.CameByWays {
		options = append(options, ui.Option{Value: string(one.Way), Text: one.Name})
	}
	return options
}

func examOptions() []ui.Option {
	return []ui.Option{{Value: string(suspension.PublicExam), Text: suspension.PublicExam.Name()}, {Value: string(suspension.NationalTest), Text: suspension.NationalTest.Name()}}
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
