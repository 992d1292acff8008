package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/census"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

// censusTaker takes in the session totals of the school census: tables of pupils, and of how many sessions
// each missed under which code. Only children in care are kept of them. They are a check of the marks and
// never become figures.
type censusTaker struct {
	year    int // the academic year and
	term    string
	pupils  map[string]*counted // by the export's own number
	totals  map[censusPlace]*counted
	ordered []censusPlace
}

// counted is a child's sessions of the term at a school.
type counted struct {
	at     censusPlace
	laID   string
	school string
	file   string
	line   int
	census.Totals
}

type censusPlace struct{ childID, settingID int64 }

// Headings of the export, which joins its tables by numbers of its own.
var (
	pupilIDs      = []string{"pupilonrolltableid", "pupilnolongeronrolltableid"}
	sessionTables = []string{"sessions", "attendancereason"}
	pupilTables   = []string{"upn", "termlysessionspossible"}
)

// censusTable says whether a header is that of a table of the census, and which.
func censusTable(h table.Header) (pupils, sessions bool) {
	if h.Find(pupilIDs...) < 0 {
		return false, false
	}
	return h.Has(pupilTables...), h.Has(sessionTables...)
}

func (c *censusTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	c.pupils, c.totals = map[string]*counted{}, map[censusPlace]*counted{}
	if err := c.sort(files); err != nil {
		return err
	}
	var known censusChildren
	if err := known.load(ctx, tx, c.year, c.term); err != nil {
		return err
	}
	all := 0
	for _, wanted := range []bool{true, false} { // pupils first: sessions are found by them
		for _, file := range files {
			read, err := c.readFile(file, wanted, &known, out)
			if err != nil {
				return err
			}
			all += read
			out.progress(all)
		}
	}
	out.note("Read as the sessions of the %s term %s. Of the pupils in the file, %d are children in care; nothing is kept of the others.", c.term, calendar.AcademicYearLabel(c.year), len(c.totals))
	return c.compare(ctx, tx, out)
}

// sort finds out which term the files count, by their names.
func (c *censusTaker) sort(files []*table.File) error {
	for _, file := range files {
		year, term, known := census.TermOf(file.Name)
		if !known {
			continue
		}
		if c.term != "" && (c.year != year || c.term != term) {
			return &table.FileError{File: file.Name, Rule: "two-censuses", Text: "These are files of two censuses. Send each census by itself."}
		}
		c.year, c.term = year, term
	}
	if c.term == "" {
		return &table.FileError{File: files[0].Name, Rule: "which-census", Text: "The file’s name does not say which census it is. Name it like 2026_spring_pupilonroll.csv."}
	}
	return nil
}

// readFile reads one table: the pupils, or the sessions. Another table of the census is passed over.
func (c *censusTaker) readFile(file *table.File, wantPupils bool, known *censusChildren, out *outcome) (read int, err error) {
	rows, err := file.Rows(out.problem)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	pupils, sessions := censusTable(rows.Header)
	switch {
	case !pupils && !sessions && wantPupils:
		out.problem(table.Problem{File: file.Name, Line: rows.Header.Line, Rule: "other-table", Severity: table.Info, Text: "This table has no session totals. It is passed over."})
		return 0, nil
	case pupils && wantPupils:
		c.readPupils(file.Name, rows, known, out)
	case sessions && !wantPupils:
		c.readSessions(file.Name, rows, out)
	}
	return rows.Count, rows.Err()
}

func (c *censusTaker) readPupils(file string, rows *table.Rows, known *censusChildren, out *outcome) {
	h := rows.Header
	number, upn, born, possible, status := h.Find(pupilIDs...), h.Find("upn"), h.Find("dob"), h.Find("termlysessionspossible"), h.Find("enrolstatus")
	for row := range rows.All() {
		child := known.byUPN[strings.ToUpper(row.Get(upn))]
		if child == nil {
			continue // another family's child: nothing of the row is kept, not even that it is wrong
		}
		problem := func(column, rule, words string) {
			value := ""
			if column != "" {
				value = row.Get(h.Find(column))
			}
			out.problem(table.Problem{File: file, Line: row.Line, Column: column, Value: value, About: child.LAID, Rule: rule, Severity: table.Error, Text: words + " The row is left out."})
		}
		if day, err := table.ParseDate(row.Get(born)); err == nil && !day.IsZero() && day != child.Born {
			problem("dob", "other-birthday", "The UPN is of a child in care who was born on another day.")
			continue
		}
		sessions, ok := sessionCount(row.Get(possible))
		if !ok {
			problem("termlysessionspossible", "bad-number", "The possible sessions are not a whole number.")
			continue
		}
		at, ok := child.at(row.Get(status) == "S")
		if !ok {
			problem("", "no-roll", "The child was on no school’s roll in that term. Correct the child’s school history.")
			continue
		}
		one := c.totals[at]
		if one == nil {
			one = &counted{at: at, laID: child.LAID, school: known.schools[at.settingID], file: file, line: row.Line, Totals: census.Totals{Codes: map[mark.Code]int{}}}
			c.totals[at] = one
			c.ordered = append(c.ordered, at)
		}
		one.Possible += sessions
		c.pupils[strings.Clone(row.Get(number))] = one
	}
}

func (c *censusTaker) readSessions(file string, rows *table.Rows, out *outcome) {
	h := rows.Header
	number, count, reason := h.Find(pupilIDs...), h.Find("sessions"), h.Find("attendancereason")
	for row := range rows.All() {
		one := c.pupils[row.Get(number)]
		if one == nil {
			continue
		}
		code, err := mark.Parse(row.Get(reason))
		sessions, ok := sessionCount(row.Get(count))
		if err != nil || code == "" || !ok {
			out.problem(table.Problem{File: file, Line: row.Line, Column: "attendancereason", Value: table.Short(row.Get(reason)), About: one.laID, Rule: "bad-count", Severity: table.Error,
				Text: "The row is no count of sessions under an attendance code. It is left out."})
			continue
		}
		one.Codes[code] += sessions
	}
}

// sessionCount reads a count as the export writes it, "134.0"; a blank is nought.
func sessionCount(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 1000 || n != float64(int(n)) {
		return 0, false
	}
	return int(n), true
}

// compare says what is new, what the last file of this census said otherwise, and what is the same.
func (c *censusTaker) compare(ctx context.Context, tx *postgres.Tx, out *outcome) error {
	type row struct {
		ChildID, SettingID int64
		Possible           int
		Codes              map[mark.Code]int
	}
	kept, err := postgres.List[row](ctx, tx, `select child_id, setting_id, possible, codes from attendance_census where academic_year = @year and term = @term`, postgres.Args{"year": c.year, "term": c.term})
	if err != nil {
		return err
	}
	before := map[censusPlace]row{}
	for _, k := range kept {
		before[censusPlace{k.ChildID, k.SettingID}] = k
	}
	var items []Item
	for _, at := range c.ordered {
		one := c.totals[at]
		item := Item{Action: ActionNew, Key: one.laID, Name: one.school, ChildID: at.childID, File: one.file, Line: one.line, Words: fmt.Sprintf("%d possible sessions", one.Possible)}
		if was, there := before[at]; there {
			if was.Possible == one.Possible && maps.Equal(was.Codes, one.Codes) {
				out.counts.Same++
				continue
			}
			item.Action = ActionChanged
			item.Changes = differences([]Change{{What: "Possible sessions", Before: fmt.Sprint(was.Possible), After: fmt.Sprint(one.Possible)}})
		}
		items = append(items, item)
	}
	return out.add(ctx, append(items, out.rejectRows(func(table.Problem) bool { return true })...))
}

func (c *censusTaker) apply(ctx context.Context, tx *postgres.Tx, by access.Actor, importID int64) error {
	var children, settings []int64
	var possible []int32
	var codes []map[mark.Code]int
	for _, at := range c.ordered {
		one := c.totals[at]
		children, settings, possible, codes = append(children, at.childID), append(settings, at.settingID), append(possible, int32(one.Possible)), append(codes, one.Codes)
	}
	_, err := tx.Do(ctx, `with kept as (
			insert into attendance_census as t (child_id, setting_id, academic_year, term, possible, codes, import_id)
			select c, s, @year, @term, p, k, @import from unnest(@children::bigint[], @settings::bigint[], @possible::int[], @codes::jsonb[]) x(c, s, p, k)
			on conflict (child_id, setting_id, academic_year, term) do update set possible = excluded.possible, codes = excluded.codes, import_id = excluded.import_id
				where (t.possible, t.codes) is distinct from (excluded.possible, excluded.codes)
			returning child_id)
		insert into audit_change (at, account_id, child_id, subject, subject_id, action, request_id)
		select distinct @now::timestamptz, @by::bigint, child_id, 'attendance_census', @import::bigint::text, 'census totals kept', @request::text from kept`,
		postgres.Args{"year": c.year, "term": c.term, "children": children, "settings": settings, "possible": possible, "codes": codes, "import": importID, "by": by.ID, "request": audit.RequestID(ctx)})
	return err
}

// censusChildren are the children in care a census may speak of, and where they were on roll in its term.
type censusChildren struct {
	byUPN   map[string]*censusChild // nil: two have it
	schools map[int64]string
}

type censusChild struct {
	ID    int64
	LAID  string
	UPN   string
	Born  calendar.Date
	rolls []censusRoll // the latest first
}

type censusRoll struct {
	settingID int64
	dual      bool
}

// at is where a child's sessions were: at the main school, or at the other one for a subsidiary registration.
func (c *censusChild) at(subsidiary bool) (censusPlace, bool) {
	i := slices.IndexFunc(c.rolls, func(r censusRoll) bool { return r.dual == subsidiary })
	if i < 0 {
		return censusPlace{}, false
	}
	return censusPlace{c.ID, c.rolls[i].settingID}, true
}

// termMonths are days between which a term lies anywhere in England.
func termMonths(academicYear int, term string) calendar.Range {
	switch term {
	case calendar.Autumn:
		return calendar.Range{Start: calendar.New(academicYear, 9, 1), End: calendar.New(academicYear+1, 1, 1)}
	case calendar.Spring:
		return calendar.Range{Start: calendar.New(academicYear+1, 1, 1), End: calendar.New(academicYear+1, 4, 1)}
	}
	return calendar.Range{Start: calendar.New(academicYear+1, 4, 1), End: calendar.New(academicYear+1, 8, 1)}
}

func (c *censusChildren) load(ctx context.Context, tx *postgres.Tx, academicYear int, term string) error {
	c.byUPN, c.schools = map[string]*censusChild{}, map[int64]string{}
	children, err := postgres.List[censusChild](ctx, tx, `select id, la_child_id as la_id, upn, date_of_birth as born from child where upn is not null and sealed_on is null`, nil)
	if err != nil {
		return err
	}
	byID := map[int64]*censusChild{}
	for i := range children {
		one := &children[i]
		byID[one.ID] = one
		if upn, quality, _ := identifier.CheckUPN(one.UPN); quality.Usable() {
			if _, twice := c.byUPN[string(upn)]; twice {
				one = nil
			}
			c.byUPN[string(upn)] = one
		}
	}
	type stay struct {
		ChildID, SettingID int64
		School, Kind       string
	}
	within := termMonths(academicYear, term)
	stays, err := postgres.List[stay](ctx, tx, `select r.child_id, r.setting_id, s.name as school, r.kind from roll r join setting s on s.id = r.setting_id
		where r.period && daterange(@from, @to) order by r.child_id, r.period desc`, postgres.Args{"from": within.Start, "to": within.End})
	for _, s := range stays {
		c.schools[s.SettingID] = s.School
		if one := byID[s.ChildID]; one != nil {
			one.rolls = append(one.rolls, censusRoll{s.SettingID, s.Kind == "dual"})
		}
	}
	return err
}
