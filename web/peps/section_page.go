package peps

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/attendance"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

type sectionView struct {
	partView
	sheet
	Invitations []pep.Invitation // that hold or ran out; for somebody who is only invited, their own
}

func (p *Pages) section(w http.ResponseWriter, r *http.Request) error {
	return p.showSection(w, r, nil, trouble{})
}

func (p *Pages) showSection(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	key := chi.URLParam(r, "section")
	var invitations []pep.Invitation
	var batch postgres.Batch
	pep.QueueInvitations(&batch, &invitations, ref, key)
	sheetOf := p.queueSheets(&batch, ref, &invitations)
	part, err := p.open(r, partForm{
		Part: pep.Part(key),
		Fill: func(v partView, form *kit.Form) { sheetOf(v.Whole, key, form).fill() },
		Against: func(v partView, form *kit.Form) *pep.Collision {
			return v.Whole.Against(pep.OfSection(sheetOf(v.Whole, key, form).read()))
		},
	}, form, t, &batch)
	if err != nil {
		return err
	}
	v := sectionView{part, sheetOf(part.Whole, key, part.Form), invitations}
	if v.Section.Key == "" {
		return fault.NotFound()
	}
	if v.partView.Form != nil {
		v.settle()
	}
	v.partView.Title, v.partView.Full = v.Section.Title, v.wide()
	return p.showPart(w, r, v.partView, sectionPage(v))
}

func (p *Pages) saveSection(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	// The form's questions and the facts that were offered have to be known before the answers can be read.
	var invitations []pep.Invitation
	var batch postgres.Batch
	pep.QueueInvitations(&batch, &invitations, ref, chi.URLParam(r, "section"))
	sheetOf := p.queueSheets(&batch, ref, &invitations)
	whole := pep.QueueWhole(&batch, p.PEPs.Forms, ref)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	form, part := kit.FormOf(r), pep.Part(chi.URLParam(r, "section"))
	s := sheetOf(whole(), string(part), form)
	if s.Section.Key == "" {
		return fault.NotFound()
	}
	show := func(form *kit.Form, t trouble) error { return p.showSection(w, r, form, t) }
	if typed := draftOf(part, form); addingRow(form, s.Section) {
		p.keep(r, typed)
		return show(form, trouble{})
	}
	in := s.read()
	in.Version, in.Complete = form.Version(), form.Value("complete") == "yes"
	if err = form.Err(); err == nil {
		err = p.PEPs.SaveSection(r.Context(), kit.Actor(r), ref, in)
	}
	return p.kept(w, r, part, form, !in.Complete && unanswered(in.Answers), err, show)
}

// queueSheets queues what a section is written from beside the plan. The function it returns makes
// the sheet of a section of the plan, on a form; one without a section when there is none of that key.
// Invitations are those of somebody who may only be invited, queued before.
func (p *Pages) queueSheets(batch *postgres.Batch, ref pep.Ref, invitations *[]pep.Invitation) func(whole pep.Whole, key string, form *kit.Form) sheet {
	known, said := p.queueKnown(batch, ref.ChildID), pep.QueueSaid(batch, ref)
	return func(whole pep.Whole, key string, form *kit.Form) sheet {
		section, _ := whole.Form.Section(key)
		return sheet{Form: form, Section: section, Known: knownHere(whole, known(), *invitations), Said: said(), Whole: whole, Today: p.Kit.Today()}
	}
}

// knownHere is what the record holds for those who work with the child, and for somebody who is only
// invited what the invitation shares of it.
func knownHere(whole pep.Whole, known forms.KnownFacts, invitations []pep.Invitation) forms.KnownFacts {
	if whole.Related {
		return known
	}
	if len(invitations) > 0 {
		return invitations[0].Known
	}
	return nil
}

// queueKnown queues what the record holds that a section may take over, from all who hold it.
func (p *Pages) queueKnown(batch *postgres.Batch, childID int64) func() forms.KnownFacts {
	today := p.Kit.Today()
	year := calendar.AcademicYear(today)
	lower := pep.QueueKnown(batch, childID)
	var attended attendance.Summary
	var suspended []suspension.Event
	attendance.QueueSummary(batch, &attended, childID, year)
	suspension.QueueYear(batch, &suspended, childID, year)
	return func() forms.KnownFacts {
		facts := lower()
		if attended.Possible > 0 {
			facts[forms.KnownAttendance] = forms.KnownFact{Value: strings.TrimSuffix(attended.Figures().Rate(), "%"), Source: "attendance recorded this school year", AsAt: attended.AsAt}
		}
		days := suspension.PositionOf(suspended, year, calendar.SchoolDays{}).Used.Days()
		facts[forms.KnownSuspensions] = forms.KnownFact{Value: strings.Fields(days)[0], Source: "suspensions recorded this school year", AsAt: today}
		return facts
	}
}

// fillAnswer puts an answer into the fields of its question.
func fillAnswer(form *kit.Form, q forms.Question, answer forms.Answer) {
	switch q.Type {
	case forms.TypeDate:
		if day, err := calendar.Parse(answer.Text); err == nil {
			form.SetDate(q.Key, day)
		}
	case forms.TypeChoices:
		form.Set(q.Key, answer.Choices...)
	case forms.TypeTable:
		FillTable(form, q, answer)
	case forms.TypeGradeGrid:
		for subject, row := range answer.Grades {
			for column, grade := range row {
				form.Set(cell(q.Key, subject, column), grade)
			}
		}
	default:
		form.Set(q.Key, answer.Text)
		form.Set(reason(q.Key), answer.Reason)
	}
}

// readAnswer takes the answer to a question off the form.
func readAnswer(form *kit.Form, q forms.Question) (answer forms.Answer) {
	switch q.Type {
	case forms.TypeDate:
		answer.Text = form.OptionalDate(q.Key, q.Label).String()
	case forms.TypeChoices:
		answer.Choices = form.All(q.Key)
	case forms.TypeTable:
		answer = readTable(form, q)
	case forms.TypeGradeGrid:
		answer.Grades = map[string]map[string]string{}
		for _, subject := range q.Subjects {
			answer.Grades[subject.Value] = map[string]string{}
			for _, column := range q.Columns {
				name := cell(q.Key, subject.Value, column.Key)
				answer.Grades[subject.Value][column.Key] = form.Text(name, subject.Text+", "+column.Title, forms.GradeMax)
			}
		}
	case forms.TypeYesNoReason:
		answer.Text = form.Value(q.Key)
		answer.Reason = form.Text(reason(q.Key), "Details", forms.ReasonMax)
	case forms.TypeText:
		answer.Text = form.Text(q.Key, q.Label, q.Limit())
	default:
		answer.Text = strings.TrimSpace(form.Value(q.Key))
	}
	return answer
}

func unanswered(answers forms.Answers) bool {
	for _, answer := range answers {
		if !answer.Empty() {
			return false
		}
	}
	return true
}

func cell(question, subject, column string) string {
	return fmt.Sprintf("%s-%s-%s", question, subject, column)
}

func reason(question string) string { return question + "-reason" }

func optionsOf(q forms.Question) []ui.Choice { return choicesOf(q.Options) }

func choicesOf(list []forms.Choice) []ui.Choice {
	var choices []ui.Choice
	for _, option := range list {
		choices = append(choices, ui.Choice{Value: option.Value, Text: option.Text})
	}
	return choices
}

func selectOf(list []forms.Choice) []ui.Option {
	var options []ui.Option
	for _, option := range list {
		options = append(options, ui.Option{Value: option.Value, Text: option.Text})
	}
	return options
}
