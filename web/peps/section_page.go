package peps

import (
	"fmt"
	"net/http"
	"slices"
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
	Section     forms.Section
	Known       forms.KnownFacts
	Invitations []pep.Invitation // that hold or ran out; for somebody who is only invited, their own
}

func (p *Pages) section(w http.ResponseWriter, r *http.Request) error {
	return p.showSection(w, r, nil, trouble{})
}

func (p *Pages) showSection(w http.ResponseWriter, r *http.Request, form *kit.Form, t trouble) error {
	var batch postgres.Batch
	known := p.queueKnown(&batch, kit.ChildID(r))
	key := chi.URLParam(r, "section")
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	var invitations []pep.Invitation
	pep.QueueInvitations(&batch, &invitations, ref, key)
	sectionOf := func(v partView) forms.Section { found, _ := v.Whole.Form.Section(key); return found }
	part, err := p.open(r, partForm{
		Part: pep.Part(key),
		Fill: func(v partView, form *kit.Form) {
			fillSection(form, sectionOf(v), v.Whole.AnswersIn(key), knownHere(v.Whole, known(), invitations))
		},
		Against: func(v partView, form *kit.Form) *pep.Collision {
			return v.Whole.Against(pep.OfSection(pep.SectionInput{Section: key, Answers: readSection(form, sectionOf(v))}))
		},
	}, form, t, &batch)
	if err != nil {
		return err
	}
	v := sectionView{partView: part, Known: knownHere(part.Whole, known(), invitations), Invitations: invitations}
	var there bool
	if v.Section, there = v.Whole.Form.Section(key); !there {
		return fault.NotFound()
	}
	v.Title = v.Section.Title
	v.Full = slices.ContainsFunc(v.Section.Questions, func(q forms.Question) bool {
		return q.Type == forms.TypeTable || q.Type == forms.TypeGradeGrid && !stacks(q)
	})
	return p.showPart(w, r, v.partView, sectionPage(v))
}

func (p *Pages) saveSection(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	// The form's questions and the facts that were offered have to be known before the answers can be read.
	var batch postgres.Batch
	known := p.queueKnown(&batch, ref.ChildID)
	queued := pep.QueueWhole(&batch, p.PEPs.Forms, ref)
	var invitations []pep.Invitation
	pep.QueueInvitations(&batch, &invitations, ref, chi.URLParam(r, "section"))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	form, whole := kit.FormOf(r), queued()
	in := pep.SectionInput{Section: chi.URLParam(r, "section"), Version: form.Version(), Complete: form.Value("complete") == "yes",
		Known: knownHere(whole, known(), invitations)}
	section, there := whole.Form.Section(in.Section)
	if !there {
		return fault.NotFound()
	}
	if addingRow(form, section) {
		return p.showSection(w, r, form, trouble{})
	}
	in.Answers = readSection(form, section)
	if err = form.Err(); err == nil {
		err = p.PEPs.SaveSection(r.Context(), kit.Actor(r), ref, in)
	}
	return p.kept(w, r, pep.Part(in.Section), form, !in.Complete && unanswered(in.Answers), err, func(form *kit.Form, t trouble) error { return p.showSection(w, r, form, t) })
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
		days := suspension.PositionOf(suspended, year).Used.Days()
		facts[forms.KnownSuspensions] = forms.KnownFact{Value: strings.Fields(days)[0], Source: "suspensions recorded this school year", AsAt: today}
		return facts
	}
}

// fillSection puts the saved answers into the form and, where there is none yet, the known fact.
func fillSection(form *kit.Form, section forms.Section, answers forms.Answers, known forms.KnownFacts) {
	for _, q := range section.Questions {
		answer, said := answers[q.Key]
		if fact, offered := known[q.Known]; offered && !said {
			answer.Text = fact.Value
		}
		switch q.Type {
		case forms.TypeDate:
			if day, err := calendar.Parse(answer.Text); err == nil {
				form.SetDate(q.Key, day)
			}
		case forms.TypeChoices:
			form.Set(q.Key, answer.Choices...)
		case forms.TypeTable:
			fillTable(form, q, answer)
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
}

// readSection takes the answers off the form. What each may be is judged by the section itself.
func readSection(form *kit.Form, section forms.Section) forms.Answers {
	answers := forms.Answers{}
	for _, q := range section.Questions {
		var answer forms.Answer
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
		answers[q.Key] = answer
	}
	return answers
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

// hint is what helps to answer: the form's own words, when the question applies, and where a
// filled-in fact is from.
func (v sectionView) hint(q forms.Question) string {
	var parts []string
	if when := q.ShownWhen; when != nil {
		for _, asked := range v.Section.Questions {
			if asked.Key != when.Question {
				continue
			}
			var values []string
			for _, value := range when.Is {
				values = append(values, "“"+asked.Words(forms.Answer{Text: value})+"”")
			}
			parts = append(parts, "Answer this if “"+asked.Label+"” is "+strings.Join(values, " or ")+".")
		}
	}
	if q.Hint != "" {
		parts = append(parts, q.Hint)
	}
	if fact, offered := v.Known[q.Known]; offered {
		words := "On record: " + q.Words(forms.Answer{Text: fact.Value}) + ", from " + fact.Source
		if !fact.AsAt.IsZero() {
			words += ", as at " + fact.AsAt.Words()
		}
		parts = append(parts, words+". Change it if it is wrong.")
	}
	return strings.Join(parts, " ")
}

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
