package audits

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const pageSize = 50

// usualDays is how far back the log of everybody goes when no day is given, and the most that it shows
// of at once: with a child or a person it goes back to the beginning.
const usualDays = 92

// mostOfAct is more children than any list shows.
const mostOfAct = 5000

// The two logs, as the address names them.
const changes, looks = "", "looks"

// filterKeys are the filters that live in the address. Names do not: a token stands for what was searched for.
var filterKeys = []string{"log", "search", "subject", "screen", "act", "from-day", "from-month", "from-year", "until-day", "until-month", "until-year"}

// logView is a page of one of the logs.
type logView struct {
	Title   string
	Lead    string
	Strip   *ui.IdentityStripProps // the page is about a child
	Person  *audit.Person          // the page is about a person
	Log     string
	Filters kit.Filters
	Form    *kit.Form // the days
	Filter  audit.Filter
	Search  string
	Kinds   audit.Kinds
	Changes []audit.SeenChange
	Acts    []audit.Act
	Older   string
	Newest  string
	Export  string
	All     bool // the reader may see the log of everybody
}

// readLog reads the address of a page of a log. An impossible day is a problem of its form.
func (p *Pages) readLog(r *http.Request, path string) logView {
	query := r.URL.Query()
	v := logView{Log: changes, Filters: kit.FiltersOf(path, query, filterKeys...), All: access.Can(kit.Actor(r), access.SeeAudit)}
	if query.Get("log") == looks {
		v.Log = looks
	}
	typed := map[string]string{}
	for _, key := range filterKeys {
		typed[key] = query.Get(key)
	}
	v.Form = kit.NewForm(typed)
	v.Filter = audit.Filter{From: v.Form.OptionalDate("from", "First day"), Until: v.Form.OptionalDate("until", "Last day"), Limit: pageSize + 1, After: cursorOf(query.Get("after"))}
	if v.Filter.Until.IsZero() == v.Filter.From.IsZero() && v.Filter.Until.Before(v.Filter.From) {
		v.Form.Problems.Add("until", "The last day must be the first day or after it")
	}
	if v.Log == changes {
		v.Filter.Subject = kit.SearchWords(query.Get("subject"))
	} else {
		v.Filter.Screen, v.Filter.Request = kit.SearchWords(query.Get("screen")), kit.SearchWords(query.Get("act"))
		v.Filter.Apart = v.Filter.Request != ""
	}
	return v
}

// bound keeps the log of everybody to a stretch of days.
func (v *logView) bound(today calendar.Date) {
	f := &v.Filter
	if f.Until.IsZero() || f.Until.After(today) {
		f.Until = today
		if !f.From.IsZero() && f.From.AddDays(usualDays).Before(today) {
			f.Until = f.From.AddDays(usualDays)
		}
	}
	if f.From.Before(f.Until.AddDays(-usualDays)) {
		f.From = f.Until.AddDays(-usualDays)
	}
}

// queue queues the page's lines; the names shown are looks under the screen given, or under none where
// the page's gate writes its own.
func (v *logView) queue(r *http.Request, batch *postgres.Batch, screen string) {
	v.Filter.Looked = screen
	if v.Filter.Apart {
		v.Filter.Limit = mostOfAct
	}
	if v.Form.Err() != nil {
		return
	}
	if v.Log == looks {
		audit.QueueLookLog(r.Context(), batch, &v.Acts, kit.Actor(r), v.Filter)
	} else {
		audit.QueueChangeLog(r.Context(), batch, &v.Changes, kit.Actor(r), v.Filter)
	}
	audit.QueueKinds(batch, &v.Kinds)
}

// finish cuts the extra line that tells whether there is more, and gives people and places their names.
func (p *Pages) finish(r *http.Request, v *logView) error {
	if len(v.Changes) > pageSize {
		v.Changes = v.Changes[:pageSize]
		last := v.Changes[pageSize-1]
		v.Older = v.Filters.With("after", cursor(last.At, strconv.FormatInt(last.ID, 10)))
	}
	// One act is shown whole.
	if len(v.Acts) > pageSize && !v.Filter.Apart {
		v.Acts = v.Acts[:pageSize]
		last := v.Acts[pageSize-1]
		v.Older = v.Filters.With("after", cursor(last.At, last.RequestID))
	}
	if !v.Filter.After.At.IsZero() {
		v.Newest = v.Filters.Href()
	}
	return p.name(r, v)
}

// name gives the people and places that changes hold by number their names.
func (p *Pages) name(r *http.Request, v *logView) error {
	var batch postgres.Batch
	settle := audit.QueueNames(&batch, v.Changes)
	if batch.Len() > 0 {
		if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
			return err
		}
	}
	settle()
	return nil
}

func cursor(at time.Time, key string) string { return fmt.Sprintf("%d-%s", at.UnixMicro(), key) }

// cursorOf reads a cursor; one that is not of ours begins at the newest.
func cursorOf(text string) audit.Cursor {
	micro, key, _ := strings.Cut(text, "-")
	at, err := strconv.ParseInt(micro, 10, 64)
	if err != nil || at < 0 || at > 1<<52 || len(key) > 40 || strings.Trim(key, "0123456789abcdef") != "" {
		return audit.Cursor{}
	}
	return audit.Cursor{At: time.UnixMicro(at).UTC(), Key: key}
}

func (p *Pages) everybody(w http.ResponseWriter, r *http.Request) error {
	v := p.readLog(r, "/audit")
	v.Title = "Audit"
	v.Search = p.Kit.KeptSearch(r, searched, r.URL.Query().Get("search"))
	v.Filter.Named = v.Search
	v.bound(p.Kit.Today())
	v.Lead = "Who changed what, and who looked at whom, from " + v.Filter.From.Words() + " to " + v.Filter.Until.Words() + ". Open a person or a child to go further back."
	v.offerExport(r, "", 0)
	var batch postgres.Batch
	v.queue(r, &batch, "audit")
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if err := p.finish(r, &v); err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: v.Title, Wide: true, Form: v.Form, Trail: []ui.Link{{Text: "Administration", Href: "/admin"}}}, logPage(v))
}

// searched is the log's name among those whose searches are kept.
const searched = "audit"

func (p *Pages) search(w http.ResponseWriter, r *http.Request) error {
	form, kept := kit.FormOf(r), url.Values{}
	for _, key := range filterKeys {
		kept.Set(key, form.Value(key))
	}
	token := ""
	if words := kit.SearchWords(form.Value("q")); words != "" {
		token = p.Kit.KeepSearch(r, searched, words)
	}
	http.Redirect(w, r, kit.FiltersOf("/audit", kept, filterKeys...).With("search", token), http.StatusSeeOther)
	return nil
}

func (p *Pages) person(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "accountID")
	if err != nil {
		return err
	}
	v := p.readLog(r, fmt.Sprintf("/audit/people/%d", id))
	v.Filter.AccountID = id
	v.offerExport(r, "person", id)
	var person audit.Person
	var batch postgres.Batch
	audit.QueuePerson(&batch, &person, id)
	v.queue(r, &batch, "audit")
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if err := p.finish(r, &v); err != nil {
		return err
	}
	v.Person, v.Title = &person, person.Name
	v.Lead = access.Role(person.Role).Name() + ". What they changed, and whom they looked at."
	return p.Kit.Show(w, r, kit.Page{Title: "Audit of one person", Wide: true, Form: v.Form, Trail: []ui.Link{{Text: "Administration", Href: "/admin"}, {Text: "Audit", Href: "/audit"}}}, logPage(v))
}

func (p *Pages) child(w http.ResponseWriter, r *http.Request) error {
	id := kit.ChildID(r)
	v := p.readLog(r, fmt.Sprintf("/children/%d/history", id))
	v.Title = "Who changed this record, and who looked"
	v.Filter.ChildID = id
	v.offerExport(r, "child", id)
	var batch postgres.Batch
	v.queue(r, &batch, "")
	strip, err := p.Kit.ViewChild(r, "history", &batch)
	if err != nil {
		return err
	}
	if err := p.finish(r, &v); err != nil {
		return err
	}
	v.Strip = &strip
	return p.Kit.Show(w, r, kit.Page{Title: v.Title, Wide: true, Form: v.Form, Back: fmt.Sprintf("/children/%d", id)}, logPage(v))
}

// offerExport links to the download of the same lines.
func (v *logView) offerExport(r *http.Request, about string, id int64) {
	if !access.Can(kit.Actor(r), access.ExportAudit) {
		return
	}
	query, err := url.ParseQuery(v.Filters.Encode())
	if err != nil {
		return // the filters' own writing is always read
	}
	query.Del("act")
	if about != "" {
		query.Set(about, strconv.FormatInt(id, 10))
	}
	v.Export = cmp.Or(map[bool]string{true: "/audit/export?" + query.Encode()}[len(query) > 0], "/audit/export")
}
