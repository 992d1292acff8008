package rights

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"virtualschool/internal/export"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// activities are the lines of the register, with the values that hold today.
func (p *Pages) activities(r *http.Request) ([]rights.Activity, error) {
	var values policy.Values
	var batch postgres.Batch
	policy.Queue(&batch, &values)
	err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch)
	return rights.Register(values), err
}

// register is the record of processing activities, as it stands today.
func (p *Pages) register(w http.ResponseWriter, r *http.Request) error {
	list, err := p.activities(r)
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Register of processing", Back: "/rights"}, registerPage(p.Kit.Site.Authority, list))
}

// registerFile is the register for a spreadsheet.
func (p *Pages) registerFile(w http.ResponseWriter, r *http.Request) error {
	list, err := p.activities(r)
	if err != nil {
		return err
	}
	table := export.Table{Name: "Register of processing", Heads: []string{"Activity", "Purpose", "Lawful basis", "Whose data", "What is held", "Who receives it", "How long it is kept"}}
	for _, one := range list {
		table.Add(export.Text(one.Name), export.Text(one.Purpose), export.Text(one.Basis), export.Text(one.About), export.Text(strings.Join(one.Categories, "; ")), export.Text(strings.Join(one.Recipients, "; ")), export.Text(one.Kept))
	}
	return p.Kit.SendTable(w, r, export.CSV, "register-of-processing", table)
}

func activityRows(one rights.Activity) []ui.SummaryRow {
	row := func(key, value string) ui.SummaryRow { return ui.SummaryRow{Key: key, Value: value} }
	return []ui.SummaryRow{row("Purpose", one.Purpose), row("Lawful basis", one.Basis), row("Whose data", one.About),
		row("What is held", strings.Join(one.Categories, "; ")), row("Who receives it", strings.Join(one.Recipients, ", ")), row("How long it is kept", one.Kept)}
}

func registerActions() []templ.Component {
	return []templ.Component{ui.Button(ui.ButtonProps{Text: "Download as CSV", Href: "/rights/register.csv", Kind: ui.Secondary}), ui.PrintButton("Print")}
}
