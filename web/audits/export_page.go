package audits

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// exportLimit is the most lines of one file: a term of a busy council.
const exportLimit = 20000

var exportKeys = append([]string{"child", "person"}, filterKeys...)

type exportView struct {
	Form   *kit.Form
	Hidden []ui.Hidden
	Log    string
	Back   string
}

func (p *Pages) askExport(w http.ResponseWriter, r *http.Request) error {
	return p.showExport(w, r, kit.NewForm(nil), r.URL.Query())
}

func (p *Pages) showExport(w http.ResponseWriter, r *http.Request, form *kit.Form, of url.Values) error {
	v := exportView{Form: form, Log: "changes", Back: "/audit"}
	if of.Get("log") == looks {
		v.Log = "looks"
	}
	for _, key := range exportKeys {
		if value := of.Get(key); value != "" {
			v.Hidden = append(v.Hidden, ui.Hidden{Name: key, Value: value})
		}
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Download from the audit", Form: form, Back: v.Back}, exportPage(v))
}

// export sends a log as it was filtered. What for, and how many lines, goes into the audit with the looks at
// every child in the file.
func (p *Pages) export(w http.ResponseWriter, r *http.Request) error {
	form := kit.FormOf(r)
	of := url.Values{}
	for _, key := range exportKeys {
		of.Set(key, form.Value(key))
	}
	purpose := form.Required("purpose", "What it is for", 500)
	format := export.Format(form.Choice("format", "Kind of file", string(export.CSV), string(export.Excel)))
	asked := r.Clone(r.Context())
	asked.URL.RawQuery = of.Encode()
	v := p.readLog(asked, "/audit")
	for _, problem := range v.Form.Problems {
		form.Problems.Add("purpose", problem.Text+". Go back and put the days right.")
	}
	if form.Err() != nil {
		return p.showExport(w, r, form, of)
	}
	v.Filter.ChildID, v.Filter.AccountID = number(of.Get("child")), number(of.Get("person"))
	v.Search = p.Kit.KeptSearch(r, searched, of.Get("search"))
	v.Filter.Named = v.Search
	if v.Filter.ChildID == 0 && v.Filter.AccountID == 0 {
		v.bound(p.Kit.Today())
	}
	v.Filter.Limit, v.Filter.Request, v.Filter.Apart, v.Filter.After = exportLimit, "", true, audit.Cursor{}
	if err := p.readExport(r, &v, purpose); err != nil {
		return err
	}
	return p.Kit.SendTable(w, r, format, v.fileName(), v.file(kit.Actor(r), purpose, p.Kit.DB.Now()))
}

// readExport reads the lines, writes down the looks at the children they name, and then that they left.
func (p *Pages) readExport(r *http.Request, v *logView, purpose string) error {
	v.Filter.Looked = "audit downloaded"
	var batch postgres.Batch
	if v.Log == looks {
		audit.QueueLookLog(r.Context(), &batch, &v.Acts, kit.Actor(r), v.Filter)
	} else {
		audit.QueueChangeLog(r.Context(), &batch, &v.Changes, kit.Actor(r), v.Filter)
	}
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if err := p.name(r, v); err != nil {
		return err
	}
	return p.Kit.DB.Change(r.Context(), kit.Actor(r), func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(tx.Actor, access.ExportAudit, access.Facts{}); err != nil {
			return err
		}
		f := v.Filter
		return audit.Change(ctx, tx, audit.Entry{ChildID: f.ChildID, Subject: "audit", SubjectID: cmp.Or(f.ChildID, f.AccountID), Action: "downloaded", After: map[string]any{
			"log": cmp.Or(v.Log, "changes"), "purpose": purpose, "lines": len(v.Changes) + len(v.Acts), "account": f.AccountID,
			"first_day": f.From, "last_day": f.Until, "subject": f.Subject, "screen": f.Screen, "first_line": v.oldest()}})
	})
}

// oldest is the number of the oldest change in the file; looks are told apart by their days.
func (v *logView) oldest() int64 {
	if len(v.Changes) == 0 {
		return 0
	}
	return v.Changes[len(v.Changes)-1].ID
}

func (v *logView) fileName() string { return "audit-" + cmp.Or(v.Log, "changes") }

// file is the log as a table, marked at its end with who took it out, when and what for.
func (v *logView) file(by access.Actor, purpose string, now time.Time) export.Table {
	table := export.Table{Name: "Audit: " + cmp.Or(v.Log, "changes"), Heads: []string{"When", "Who", "Role", "Child", "What", "Before and after"}}
	if v.Log == looks {
		table.Heads = []string{"When", "Who", "Role", "Child", "Screen"}
	}
	line := func(words ...string) {
		cells := make([]export.Cell, len(table.Heads))
		for n, text := range words {
			cells[n] = export.Text(text)
		}
		table.Add(cells...)
	}
	for _, c := range v.Changes {
		var fields []string
		for _, d := range c.Differences() {
			fields = append(fields, fmt.Sprintf("%s: %s → %s", d.Field, d.Before, d.After))
		}
		line(calendar.Moment(c.At), c.Name, access.Role(c.Role).Name(), c.ChildName, audit.SubjectName(c.Subject)+": "+c.Action, strings.Join(fields, "\n"))
	}
	for _, a := range v.Acts {
		line(calendar.Moment(a.At), a.Name, access.Role(a.Role).Name(), a.ChildName, ui.Capital(a.Screen))
	}
	line("Taken out by "+by.Name+", "+calendar.Moment(now), "", "", "", "For: "+purpose)
	return table
}

func number(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}
