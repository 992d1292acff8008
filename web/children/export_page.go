package children

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"

	"virtualschool/internal/audit"
	"virtualschool/internal/child"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// exportLimit is far above any council's cohort.
const exportLimit = 20000

// export sends the list as it is filtered, whole. Every child in it is audited as looked at.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	filter := readFilter(query)
	filter.Search = p.searchOf(r, query.Get("search"))
	filter.After, filter.Before, filter.Limit = 0, 0, exportLimit
	term, err := p.Term(r.Context())
	if err != nil {
		return err
	}
	var rows []child.Row
	var batch postgres.Batch
	child.QueueList(&batch, &rows, filter, term, kit.Actor(r), audit.RequestID(r.Context()))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	var file bytes.Buffer
	file.WriteString("\ufeff") // spreadsheets read UTF-8 only when told
	lines := csv.NewWriter(&file)
	lines.UseCRLF = true
	lines.Write([]string{"903 identifier", "Name", "Date of birth", "Year group", "School", "Advisor", "Last PEP meeting", "PEP this term"})
	for _, row := range rows {
		state := row.PEPState
		if row.PEPOverdue {
			state = "overdue"
		}
		lines.Write([]string{cell(row.LAChildID), cell(row.DisplayName()), row.DateOfBirth.String(), row.YearGroup(p.Kit.Today()),
			cell(row.School), cell(row.Advisor), row.LastMeeting.String(), state})
	}
	lines.Flush()
	return p.Kit.Send(w, r, "text/csv; charset=utf-8", "children.csv", file.Bytes())
}

// cell keeps a spreadsheet from taking a name for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}
