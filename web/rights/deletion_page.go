package rights

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/retention"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const deletionsPath = "/rights/deletions"

type confirmView struct {
	Strip     ui.IdentityStripProps
	Form      *kit.Form
	ChildID   int64
	Under     *retention.Proposal
	Kept      retention.Kept
	Rows      map[string]int
	Reference string
}

// confirmDeletion says what goes and what stays, before a record is deleted.
func (p *Pages) confirmDeletion(w http.ResponseWriter, r *http.Request) error {
	view := confirmView{Form: kit.NewForm(nil), ChildID: kit.ChildID(r)}
	var batch postgres.Batch
	record, size := retention.Queue(&batch, view.ChildID), retention.QueueSize(&batch, view.ChildID)
	var err error
	if view.Strip, err = p.Kit.ViewChild(r, "deletion", &batch); err != nil {
		return err
	}
	view.Rows, view.Reference = size()
	of := record()
	view.Kept, view.Under = retention.Rule(of.Facts), of.UnderWay()
	if view.Under != nil {
		view.Form.SetVersion(view.Under.Version)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Delete this record", Back: keptPath(view.ChildID)}, confirmPage(view))
}

// deleteRecord deletes it. Whoever presses twice finds the certificate twice.
func (p *Pages) deleteRecord(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	childID, reference := form.ID("child"), form.Required("reference", "The reference of the record", 100)
	var id int64
	err := form.Err()
	if err == nil {
		id, err = p.Retention.Delete(r.Context(), kit.Actor(r), childID, form.Version(), reference)
	}
	switch {
	case form.Refuses(err):
		return p.Kit.Show(w, r, kit.Page{Title: "Delete a record", Back: backFrom(childID), Form: form}, refusedPage(form, childID))
	case errors.Is(err, fault.KindConflict) && fault.Words(err) != "":
		form.Overtaken(0)
		form.Problems.Add("", fault.Words(err))
		return p.Kit.Show(w, r, kit.Page{Title: "Delete a record", Back: backFrom(childID), Form: form}, refusedPage(form, childID))
	case err != nil:
		return err
	}
	return p.Kit.Done(w, r, certificatePath(id), "The record is deleted.")
}

func backFrom(childID int64) string {
	if childID == 0 {
		return retentionPath
	}
	return keptPath(childID) + "/deletion"
}

// certificates are what stays of all records that were deleted.
func (p *Pages) certificates(w http.ResponseWriter, r *http.Request) error {
	var list []retention.Certificate
	var batch postgres.Batch
	retention.QueueCertificates(&batch, &list)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Records that were deleted", Back: "/rights", Wide: true}, certificatesPage(list))
}

// certificate is what stays of one.
func (p *Pages) certificate(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "deletionID")
	if err != nil {
		return err
	}
	var found retention.Certificate
	var batch postgres.Batch
	retention.QueueCertificate(&batch, &found, id)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: certificateTitle(found), Back: deletionsPath}, certificatePage(found))
}

func certificatePath(id int64) string { return fmt.Sprintf("%s/%d", deletionsPath, id) }

func certificateTitle(c retention.Certificate) string {
	return "Certificate of deletion " + strconv.FormatInt(c.ID, 10)
}

func referenceHint(reference string) string {
	if reference == "" {
		return "The page before this one shows it."
	}
	return "So that it is this record and no other: " + reference
}

// sizeTable is what a record is made of and how much of each there is, without the ledger's entries, which stay.
func sizeTable(caption string, rows map[string]int) ui.TableProps {
	goes, together := map[string]int{"child": 1}, 1
	for table, n := range rows {
		if table != retention.Ledger {
			goes[table] += n
			together += n
		}
	}
	table := ui.TableProps{Caption: caption, RowHeaders: true, Columns: []ui.Column{{Text: "What"}, {Text: "Entries", Numeric: true}},
		Foot: []templ.Component{ui.Text("Together"), ui.Text(strconv.Itoa(together))}}
	names, counts := rights.Kinds(goes)
	for n, name := range names {
		table.Rows = append(table.Rows, []templ.Component{ui.Text(name), ui.Text(strconv.Itoa(counts[n]))})
	}
	return table
}

func (v confirmView) facts() []ui.SummaryRow {
	return append([]ui.SummaryRow{
		{Key: "Kept until", Value: v.Kept.Until.WordsWithDay(), Source: &ui.SourceProps{From: v.Kept.Why + " (" + v.Kept.Source + ")"}},
	}, proposalFacts(*v.Under)...)
}

func certificateRows(list []retention.Certificate) [][]templ.Component {
	var rows [][]templ.Component
	for _, c := range list {
		rule, _ := c.Basis()
		rows = append(rows, []templ.Component{
			ui.Anchor(ui.Link{Text: "Certificate " + strconv.FormatInt(c.ID, 10), Href: certificatePath(c.ID)}),
			ui.Text(calendar.Of(c.DeletedAt).Short()), ui.Text(rule), ui.Text(c.KeptUntil.Short()),
			ui.Text(c.ProposedByName + " and " + c.ApprovedByName), ui.Text(strconv.Itoa(c.Rows())),
		})
	}
	return rows
}

func certificateFacts(c retention.Certificate) []ui.SummaryRow {
	rule, source := c.Basis()
	words := c.Words
	if words == "" {
		words = "Approved"
	}
	return []ui.SummaryRow{
		{Key: "Rule", Value: rule, Source: &ui.SourceProps{From: source}},
		{Key: "Kept until", Value: c.KeptUntil.WordsWithDay()},
		{Key: "Why it was proposed", Component: ui.Prose(c.Reason), Source: &ui.SourceProps{From: calendar.Moment(c.ProposedAt) + " by " + c.ProposedByName}},
		{Key: "Approved", Component: ui.Prose(words), Source: &ui.SourceProps{From: calendar.Moment(c.ApprovedAt) + " by " + c.ApprovedByName}},
		{Key: "Deleted", Value: calendar.Moment(c.DeletedAt) + " by " + c.DeletedByName},
	}
}
