package pep

import (
	"context"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

// SectionInput is what was typed in a section, or said of what was there already. Questions left out
// or empty are emptied.
type SectionInput struct {
	Section  string
	Version  int
	Answers  forms.Answers
	Complete bool             // the section is done: what it requires must be there
	Known    forms.KnownFacts // the facts that were offered: an answer equal to one keeps its source
	// Right are the questions whose fact was said to be right: their answers are the facts.
	Right []string
	// Still are the questions whose answer of the last plan was said to hold still: their answers are
	// those. An answer that is another after all counts as typed.
	Still []string
}

// SaveSection saves a section of the form. Problems are about the questions' keys.
func (s *Service) SaveSection(ctx context.Context, actor access.Actor, ref Ref, in SectionInput) error {
	return s.save(ctx, actor, ref, Part(in.Section), in.Version, OfSection(in).does)
}

// SaveSections saves several sections of one plan: all of them, or none. Problems have the section
// before the question ("education/attendance"). Sections that somebody else has saved since fail
// together with Collisions.
func (s *Service) SaveSections(ctx context.Context, actor access.Actor, ref Ref, sections []SectionInput) error {
	var parts []Saving
	for _, in := range sections {
		parts = append(parts, OfSection(in))
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.SaveAllIn(ctx, tx, ref, parts...); err != nil {
			return err
		}
		for _, one := range parts { // what is saved is the writer's draft no longer
			if err := dropDraft(ctx, tx, ref, one.Part); err != nil {
				return err
			}
		}
		return nil
	})
}

// OfSection is SaveSection as one of several parts that are saved together.
func OfSection(in SectionInput) Saving {
	section := func(whole Whole) forms.Section { found, _ := whole.Form.Section(in.Section); return found }
	return Saving{Part(in.Section), in.Version, partSave{
		check:    func(whole Whole, _ calendar.Date) error { return section(whole).Check(in.Answers, in.Complete).Err() },
		yours:    func(whole Whole) []line { return in.lines(whole, section(whole)) },
		saved:    func(whole Whole) []line { return savedLines(whole, section(whole)) },
		complete: func(Whole) bool { return in.Complete },
		write: func(ctx context.Context, tx *postgres.Tx, whole Whole) error {
			var last Said
			if len(in.Still) > 0 {
				var err error
				if last, err = loadSaid(ctx, tx, whole.ref()); err != nil {
					return err
				}
			}
			var changed []answerChange
			var emptied []string
			for _, question := range section(whole).Questions {
				answer := in.Answers[question.Key]
				switch {
				case !in.changes(whole, question):
				case answer.Empty():
					emptied = append(emptied, question.Key)
				default:
					changed = append(changed, in.change(question, last))
				}
			}
			return writeAnswers(ctx, tx, whole.ref(), in.Section, changed, emptied)
		},
	}}
}

// confirms says whether the answer was taken over by an act of its own.
func (in SectionInput) confirms(question string) bool {
	return slices.Contains(in.Right, question) || slices.Contains(in.Still, question)
}

// changes says whether there is anything to write: another answer, or one confirmed that nobody had confirmed.
func (in SectionInput) changes(whole Whole, q forms.Question) bool {
	saved, _ := whole.Answer(q.Key)
	answer := in.Answers[q.Key]
	return !answer.Same(saved.Value) || in.confirms(q.Key) && !answer.Empty() && saved.ConfirmedAt == nil
}

// change is an answer with its source: the record, the last plan, or the person.
func (in SectionInput) change(q forms.Question, last Said) answerChange {
	answer := in.Answers[q.Key]
	change := answerChange{Question: q.Key, Value: answer.Tidy(), Source: Typed}
	fact, offered := in.Known[q.Known]
	before, said := last[q.Key]
	switch {
	case slices.Contains(in.Still, q.Key) && said && answer.Same(before.Value):
		change.Source, change.AsAt, change.Confirmed = carriedFrom+before.TermLabel(), before.On, true
	case offered && answer.Same(forms.Answer{Text: fact.Value}):
		change.Source, change.AsAt, change.Confirmed = fact.Source, fact.AsAt, slices.Contains(in.Right, q.Key)
	case offered && answer.NoLonger != "":
		change.Source, change.AsAt, change.Confirmed = fact.Source, fact.AsAt, true
	}
	return change
}

// lines are the section as it was sent. A confirmation is part of what was said, so that confirming
// what is there is a change.
func (in SectionInput) lines(whole Whole, s forms.Section) []line {
	var lines []line
	for _, q := range s.Questions {
		saved, _ := whole.Answer(q.Key)
		answer := in.Answers[q.Key]
		lines = append(lines, line{q.Label, answerText(q, answer, in.confirms(q.Key) || answer.Same(saved.Value) && saved.ConfirmedAt != nil)})
	}
	return lines
}

func savedLines(whole Whole, s forms.Section) []line {
	var lines []line
	for _, q := range s.Questions {
		saved, _ := whole.Answer(q.Key)
		lines = append(lines, line{q.Label, answerText(q, saved.Value, saved.ConfirmedAt != nil)})
	}
	return lines
}

func answerText(q forms.Question, a forms.Answer, confirmed bool) string {
	words := q.Words(a)
	if confirmed && words != "" && a.NoLonger == "" {
		words += " (confirmed)"
	}
	return words
}
