package children

import (
	"net/http"

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
	filter.Search = p.Kit.KeptSearch(r, searched, query.Get("search"))
	filter.After, filter.Before, filter.Limit, filter.Screen = 0, 0, exportLimit, "list downloaded"
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
	lines := [][]string{{"903 identifier", "Name", "Date of birth", "Year group", "School", "Advisor", "Last PEP meeting", "PEP this term"}}
	for _, row := range rows {
		state := row.PEPState
		if row.PEPOverdue {
			state = "overdue"
		}
		lines = append(lines, []string{row.LAChildID, row.DisplayName(), row.DateOfBirth.String(), row.YearGroup(p.Kit.Today()),
			row.School, row.Advisor, row.LastMeeting.String(), state})
	}
	return p.Kit.SendCSV(w, r, "children", lines)
}
