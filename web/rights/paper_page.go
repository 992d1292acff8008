package rights

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/a-h/templ"

	"virtualschool/internal/pdf"
	"virtualschool/internal/rights"
	"virtualschool/internal/rights/record"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Paper is a copy of a record as it goes on paper.
func Paper(site kit.Site) func(ctx context.Context, copy rights.Copy) (pdf.Document, error) {
	return func(ctx context.Context, copy rights.Copy) (pdf.Document, error) {
		return site.Document(ctx, "Copy of a record", kit.Sheet{Foot: "Copy of a record, made on " + copy.MadeOn.Words(), Content: recordPaper(paperView{copy, site.Authority})})
	}
}

type paperView struct {
	rights.Copy
	Authority string
}

// name is whom the record is about, as the record itself says it.
func (v paperView) name() string {
	names := map[string]string{}
	for _, part := range v.Record.Of(record.You)[:min(1, len(v.Record.Of(record.You)))] {
		for _, value := range part.Entries[0].Values {
			names[value.Label] = value.Text
		}
	}
	name := names["Forename"] + " " + names["Surname"]
	if name == " " {
		return "Child " + names["Social care identifier"]
	}
	return name
}

func (v paperView) chapters() []record.Chapter {
	var list []record.Chapter
	for _, chapter := range record.Chapters {
		if len(v.Record.Of(chapter)) > 0 {
			list = append(list, chapter)
		}
	}
	return list
}

// short says whether the entries of a part are short and alike enough to be read as the rows of a table.
func short(part record.Part) bool {
	columns := labels(part)
	if len(part.Entries) < 2 || len(columns) < 2 || len(columns) > 5 {
		return false
	}
	for _, entry := range part.Entries {
		for _, value := range entry.Main() {
			if utf8.RuneCountInString(value.Text) > 60 {
				return false
			}
		}
	}
	return true
}

// grouped says whether an entry is about something else than the one before it.
func grouped(part record.Part, n int) string {
	group := part.Entries[n].Group()
	if n > 0 && part.Entries[n-1].Group() == group {
		return ""
	}
	return group
}

// labels are what the entries of a part say, in the order in which it first comes.
func labels(part record.Part) []string {
	var list []string
	seen := map[string]bool{}
	for _, entry := range part.Entries {
		for _, value := range tableValues(entry) {
			if !seen[value.Label] {
				seen[value.Label] = true
				list = append(list, value.Label)
			}
		}
	}
	return list
}

// tableValues are an entry's facts with what it is about, which in a table is a column.
func tableValues(entry record.Entry) []record.Value {
	var list []record.Value
	for _, value := range entry.Values {
		if !value.Quiet {
			list = append(list, value)
		}
	}
	return list
}

func columnsOf(part record.Part) []ui.Column {
	var columns []ui.Column
	for _, label := range labels(part) {
		columns = append(columns, ui.Column{Text: label})
	}
	if printsSmall(part) {
		columns = append(columns, ui.Column{Text: "Source and time"})
	}
	return columns
}

// printsSmall says whether any entry of a part says who wrote it.
func printsSmall(part record.Part) bool {
	return slices.ContainsFunc(part.Entries, func(entry record.Entry) bool { return entry.SmallPrint() != "" })
}

func cellsOf(part record.Part) [][]templ.Component {
	var rows [][]templ.Component
	for _, entry := range part.Entries {
		texts := map[string]string{}
		for _, value := range tableValues(entry) {
			texts[value.Label] = value.Text
		}
		var row []templ.Component
		for _, label := range labels(part) {
			row = append(row, ui.Text(texts[label]))
		}
		if printsSmall(part) {
			row = append(row, smallCell(entry.SmallPrint()))
		}
		rows = append(rows, row)
	}
	return rows
}
