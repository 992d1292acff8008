package setting

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/identifier"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// Loaded counts what a calendar file brought.
type Loaded struct{ New, Changed, Same, Rejected int }

// Line is one line, as the commands end with it.
func (l Loaded) Line() string {
	return fmt.Sprintf("new %d, changed %d, same %d, conflict 0, rejected %d", l.New, l.Changed, l.Same, l.Rejected)
}

// LoadBankHolidays takes over the bank holidays of England and Wales from gov.uk's bank-holidays.json.
// It needs SetPolicy. A year that the file holds is taken from it whole, so a moved holiday moves;
// other years stay. Invalid, about the field "file": it is not such a file.
func (s *Service) LoadBankHolidays(ctx context.Context, actor access.Actor, file io.Reader) (Loaded, error) {
	if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
		return Loaded{}, err
	}
	holidays, err := calendar.ParseBankHolidays(file)
	if err != nil {
		return Loaded{}, fault.Invalid("file", "Choose the file bank-holidays.json from GOV.UK. "+sentence(err))
	}
	var loaded Loaded
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		loaded = Loaded{}
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `lock table bank_holiday in share row exclusive mode`, nil); err != nil {
			return err
		}
		var days []calendar.Date
		var titles []string
		for _, h := range holidays {
			days, titles = append(days, h.Date), append(titles, h.Name)
		}
		args := postgres.Args{"days": dates(days), "titles": titles}
		type change struct {
			Day   calendar.Date
			Title string
			What  string
		}
		changes, err := postgres.List[change](ctx, tx, `select coalesce(f.day, b.day) as day, coalesce(f.title, b.title) as title,
				case when b.day is null then 'new' when f.day is null then 'gone' when f.title <> b.title then 'changed' else 'same' end as what
			from unnest(@days::date[], @titles::text[]) as f (day, title)
			full join (select * from bank_holiday where extract(year from day) = any (select extract(year from d) from unnest(@days::date[]) d)) b on b.day = f.day
			order by 1`, args)
		if err != nil {
			return err
		}
		var news []change
		for _, c := range changes {
			switch c.What {
			case "new":
				loaded.New++
			case "changed", "gone":
				loaded.Changed++
			default:
				loaded.Same++
				continue
			}
			news = append(news, c)
		}
		if len(news) == 0 {
			return nil
		}
		if _, err := tx.Do(ctx, `delete from bank_holiday where extract(year from day) = any (select extract(year from d) from unnest(@days::date[]) d) and day <> all (@days::date[])`, args); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `insert into bank_holiday (day, title, source) select day, title, 'GOV.UK bank holidays' from unnest(@days::date[], @titles::text[]) as f (day, title)
			on conflict (day) do update set title = excluded.title, source = excluded.source`, args); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "bank holidays", SubjectID: "england", Action: "loaded", After: news})
	})
	return loaded, err
}

// dates are days as text, which the database reads as an array of dates.
func dates(days []calendar.Date) []string {
	texts := make([]string, len(days))
	for i, d := range days {
		texts[i] = d.String()
	}
	return texts
}

// sentence makes a sentence of an error's words.
func sentence(err error) string {
	text := []rune(err.Error())
	if len(text) == 0 {
		return ""
	}
	if text[0] >= 'a' && text[0] <= 'z' {
		text[0] -= 'a' - 'A'
	}
	return string(text) + "."
}

// TermLine is one term of a file beside what is stored.
type TermLine struct {
	Line   int
	Owner  Owner
	Place  string // the council's code, or the school's name
	Term   Term
	What   string // new, changed, same
	Before *Term
}

// TermLoad is what a file of term dates brings, or brought.
type TermLoad struct {
	Lines    []TermLine
	Problems []calendar.LineProblem
	Loaded   Loaded
}

// TermFile is a CSV of term dates, as calendar.ParseTermDates reads it.
type TermFile struct {
	Content       io.Reader
	AuthorityCode string // whose the lines are that name nobody; empty: the service's own council
	Source        string // where the dates come from, in words
}

// LoadTermDates reads a file of term dates and, when apply, stores them, all in one transaction. It
// needs SetPolicy. A line that names no council is the file's; one with a
// school's URN is that school's. Cut-offs stay as they are: files do not hold them. Lines with a problem
// are listed and left out. Invalid, about the field "file": it cannot be read at all.
func (s *Service) LoadTermDates(ctx context.Context, actor access.Actor, file TermFile, apply bool) (TermLoad, error) {
	if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
		return TermLoad{}, err
	}
	rows, unreadable, err := calendar.ParseTermDates(file.Content)
	if err != nil {
		return TermLoad{}, fault.Invalid("file", "Choose a CSV file of term dates. "+sentence(err))
	}
	var load TermLoad
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		load = TermLoad{Problems: append([]calendar.LineProblem(nil), unreadable...)}
		if err := access.Check(actor, access.SetPolicy, access.Facts{}); err != nil {
			return err
		}
		schools, err := schoolsOf(ctx, tx, rows)
		if err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `lock table term in share row exclusive mode`, nil); err != nil {
			return err
		}
		kept, err := postgres.List[KeptTerm](ctx, tx, keptTerms, nil)
		if err != nil {
			return err
		}
		lines, problems := termLines(rows, schools, kept, TermFile{AuthorityCode: cmp.Or(file.AuthorityCode, s.AuthorityCode), Source: file.Source})
		load.Problems = append(load.Problems, problems...)
		changed := map[int]bool{}
		for _, line := range lines {
			switch line.What {
			case "new":
				load.Loaded.New++
			case "changed":
				load.Loaded.Changed++
			default:
				load.Loaded.Same++
			}
			load.Lines = append(load.Lines, line.TermLine)
			if apply && line.What != "same" {
				if err := putTerm(ctx, tx, line.Owner, line.Term, line.kept); err != nil {
					return err
				}
				changed[line.Term.AcademicYear] = true
			}
		}
		for year := range changed {
			if err := job.Enqueue(ctx, tx, TermsChanged{year}); err != nil {
				return err
			}
		}
		rejected := map[int]bool{}
		for _, p := range load.Problems {
			rejected[p.Line] = true
		}
		load.Loaded.Rejected = len(rejected)
		return nil
	})
	return load, err
}

type school struct {
	ID   int64
	URN  int
	Name string
}

// schoolsOf finds the schools a file names, all at once.
func schoolsOf(ctx context.Context, tx *postgres.Tx, rows []calendar.TermRow) (map[int]school, error) {
	var urns []int
	for _, row := range rows {
		if urn, err := strconv.Atoi(row.SchoolURN); err == nil {
			urns = append(urns, urn)
		}
	}
	found, err := postgres.List[school](ctx, tx, `select id, urn, name from setting where urn = any(@urns)`, postgres.Args{"urns": urns})
	if err != nil {
		return nil, err
	}
	schools := map[int]school{}
	for _, one := range found {
		schools[one.URN] = one
	}
	return schools, nil
}

type keptLine struct {
	TermLine
	kept *KeptTerm
}

// termLines lays a file's lines over what is kept. Terms are looked at as they will be when all the
// lines are in, so that a file may move two terms at once.
func termLines(rows []calendar.TermRow, schools map[int]school, kept []KeptTerm, file TermFile) ([]keptLine, []calendar.LineProblem) {
	type key struct {
		owner Owner
		year  int
		name  string
	}
	stored := map[key]*KeptTerm{}
	will := map[Owner]map[key]Term{}
	put := func(k key, term Term) {
		if will[k.owner] == nil {
			will[k.owner] = map[key]Term{}
		}
		will[k.owner][k] = term
	}
	for i := range kept {
		owner := Owner{AuthorityCode: kept[i].AuthorityCode, SettingID: kept[i].SettingID}
		k := key{owner, kept[i].AcademicYear, kept[i].Name}
		stored[k] = &kept[i]
		put(k, kept[i].Term())
	}
	var lines []keptLine
	var problems []calendar.LineProblem
	note := func(line int, column, text string) {
		problems = append(problems, calendar.LineProblem{Line: line, Column: column, Text: text})
	}
	for _, row := range rows {
		line := keptLine{TermLine: TermLine{Line: row.Line, Term: Term{Term: row.Term, Source: file.Source}, What: "new"}}
		column, text := findOwner(row, schools, file.AuthorityCode, &line.TermLine)
		if text != "" {
			note(row.Line, column, text)
			continue
		}
		k := key{line.Owner, row.Term.AcademicYear, row.Term.Name}
		if line.kept = stored[k]; line.kept != nil {
			before := line.kept.Term()
			line.Before, line.What, line.Term.CutOff = &before, "changed", before.CutOff
			if before.Term == line.Term.Term {
				line.What = "same"
			}
		}
		if wrong := line.Term.problems(); len(wrong) > 0 {
			note(row.Line, fileColumns[wrong[0].Field], wrong[0].Text)
			continue
		}
		put(k, line.Term)
		lines = append(lines, line)
	}
	good := lines[:0]
	for _, line := range lines {
		other, overlaps := Term{}, false
		for k, t := range will[line.Owner] {
			if k.year == line.Term.AcademicYear && k.name == line.Term.Name {
				continue
			}
			if t.Range().Overlaps(line.Term.Range()) {
				other, overlaps = t, true
			}
		}
		if overlaps {
			note(line.Line, "starts", "these dates overlap those of "+other.Label())
			continue
		}
		good = append(good, line)
	}
	return good, problems
}

// fileColumns are the columns in which a file writes what a form calls otherwise.
var fileColumns = map[string]string{"year": "academic_year", "term": "term", "starts": "starts", "ends": "ends",
	"half_from": "half_term_from", "half_to": "half_term_to", "cut_off": "ends", "source": ""}

// findOwner says whose term a line is; or in which column that is wrong, and how.
func findOwner(row calendar.TermRow, schools map[int]school, authorityCode string, line *TermLine) (column, text string) {
	switch {
	case row.SchoolURN != "":
		urn, err := identifier.ParseURN(row.SchoolURN)
		if err != nil {
			return "school_urn", sentence(err)
		}
		number, _ := strconv.Atoi(string(urn))
		found, known := schools[number]
		if !known {
			return "school_urn", "no setting has the URN " + string(urn) + ": import the schools register first"
		}
		line.Owner, line.Place, line.Term.Own = Owner{SettingID: found.ID}, found.Name, true
	case row.LA != "" && !authorityShape.MatchString(row.LA):
		return "la", "a council's code has 3 numbers, like 332"
	default:
		line.Owner.AuthorityCode = cmp.Or(row.LA, authorityCode)
		if line.Owner.check() != nil {
			return "la", "say which council's term it is: 3 numbers, like 332"
		}
		line.Place = "Council " + line.Owner.AuthorityCode
	}
	return "", ""
}
