package record

import (
	"encoding/json"
	"strconv"
	"strings"

	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
)

type row struct {
	Place int
	Key   string
	Cells []string
	About []bool
}

// Queue queues everything that is held about a child, in one statement; chapters limit it to some. The
// function it returns makes the record once the batch has run. It reads what the actor may: a record to
// share is read as the program itself (access.System), by a service that has asked whether the actor may.
// A request for money that is still somebody's own draft, and words typed and not yet saved, belong to
// nobody's record.
func Queue(batch *postgres.Batch, plans forms.Set, childID int64, chapters ...Chapter) func() Record {
	wanted := map[Chapter]bool{}
	for _, chapter := range chapters {
		wanted[chapter] = true
	}
	var branches []string
	for place, s := range sources {
		if len(wanted) == 0 || wanted[s.chapter] {
			branches = append(branches, s.sql(place))
		}
	}
	rows := new([]row)
	postgres.Many(batch, rows, `select place, key, cells, about from (`+strings.Join(branches, "\nunion all\n")+`) held order by place, n`, postgres.Args{"child": childID})
	return func() Record { return made(*rows, plans) }
}

func made(rows []row, plans forms.Set) Record {
	var record Record
	for _, r := range rows {
		s := sources[r.Place]
		if last := len(record.Parts) - 1; last < 0 || record.Parts[last].Title != s.title {
			record.Parts = append(record.Parts, Part{Chapter: s.chapter, Title: s.title})
		}
		part := &record.Parts[len(record.Parts)-1]
		part.Entries = append(part.Entries, Entry{Values: s.values(r, plans)})
	}
	return record
}

// values are a row's facts in words, without those that are not there.
func (s source) values(r row, plans forms.Set) []Value {
	var list []Value
	for n, f := range s.fields {
		text := r.Cells[n]
		value := Value{Label: f.label, Text: text, Quiet: f.quiet, Group: f.group}
		switch {
		case text == "":
			continue
		case f.answer:
			value.Label, value.Text = answered(text, plans)
		case f.say != nil:
			value.Text = f.say(text)
		}
		if value.Text == "" {
			continue
		}
		if f.typed {
			value.Passage, value.About = s.passage(r.Key, n), r.About[n]
		}
		if f.file {
			value.File = fileNumber(r.Key)
		}
		list = append(list, value)
	}
	return list
}

// answered is a plan's question and its answer, as the form that asked it says them. Of a form that is
// not there any more, they are as they are kept.
func answered(text string, plans forms.Set) (question, words string) {
	var kept struct {
		Form, Section, Question string
		Version                 int
		Value                   json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return "Answer", text
	}
	var answer forms.Answer
	if err := json.Unmarshal(kept.Value, &answer); err != nil {
		return nameWords(kept.Question), string(kept.Value)
	}
	form, _ := plans.Form(kept.Form, kept.Version)
	section, _ := form.Section(kept.Section)
	for _, asked := range section.Questions {
		if asked.Key == kept.Question {
			return asked.Label, asked.Words(answer)
		}
	}
	if answer.Text != "" {
		return nameWords(kept.Question), answer.Text
	}
	return nameWords(kept.Question), string(kept.Value)
}

// fileNumber is the number of the document whose row it is.
func fileNumber(key string) int64 {
	number, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		return 0
	}
	return number
}
