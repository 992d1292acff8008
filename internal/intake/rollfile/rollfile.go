package rollfile

import (
	"fmt"
	"net/mail"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/table"
)

// columns are the template's, in its order. Only the first is needed in a file.
var columns = []string{
	"la_child_id", "forename", "surname", "preferred_name", "upn",
	"setting_urn", "roll_start", "roll_end", "roll_kind",
	"advisor_email", "social_worker_email", "reviewing_officer_email", "from",
}

// Template is the empty file to fill in, as spreadsheets like to open it.
func Template() []byte {
	return []byte("\ufeff" + strings.Join(columns, ",") + "\r\n")
}

// Entry is one row. What is empty or zero is to be left as it is.
type Entry struct {
	Line          int
	ChildID       string // la_child_id
	Forename      string
	Surname       string
	PreferredName string
	UPN           string
	UPNQuality    identifier.Quality

	SettingURN int           // the school's six-digit URN
	RollStart  calendar.Date // the first day on roll
	RollEnd    calendar.Date // the last day on roll: it is still a day on roll
	RollKind   string        // main or dual; main when a roll is given without a kind

	AdvisorEmail          string // in small letters, as all three
	SocialWorkerEmail     string
	ReviewingOfficerEmail string
	From                  calendar.Date // since when the people work with the child; zero: from the day of the import
}

// HasRoll says whether the row adds, changes or ends a roll.
func (e Entry) HasRoll() bool { return e.SettingURN != 0 }

// HasPeople says whether the row names anybody who works with the child.
func (e Entry) HasPeople() bool {
	return e.AdvisorEmail != "" || e.SocialWorkerEmail != "" || e.ReviewingOfficerEmail != ""
}

// Summary is what came of reading a file.
type Summary struct {
	Rows     int // rows that fitted the header
	Given    int // entries handed out
	Rejected int // rows left out
}

// Recognise says whether a header is that of a roll file.
func Recognise(h table.Header) bool {
	return h.Has("la_child_id") && len(h.Missing(columns...)) < len(columns)-1
}

// Read hands out the rows that are right in themselves and tells problem of
// everything else; a row with an error is left out whole. It stops with the error
// yield gives, or with a *table.FileError when the file cannot be used at all.
// today is used to notice dates that are too far ahead.
func Read(f *table.File, today calendar.Date, yield func(Entry) error, problem func(table.Problem)) (Summary, error) {
	ragged := 0
	rows, err := f.Rows(func(p table.Problem) {
		if p.Rule == "ragged" {
			ragged++
		}
		problem(p)
	})
	if err != nil {
		return Summary{}, err
	}
	defer rows.Close()
	r := &reader{file: f.Name, today: today, problem: problem, at: map[string]int{}, before: map[string]Entry{}, rolls: map[rollKey]int{}}
	if err := r.columns(rows.Header); err != nil {
		return Summary{}, err
	}
	given := 0
	for row := range rows.All() {
		r.row, r.wrong = row, false
		e := r.entry()
		if r.wrong {
			continue
		}
		r.remember(e)
		given++
		if err := yield(e); err != nil {
			return Summary{}, err
		}
	}
	if rows.Err() != nil {
		return Summary{}, rows.Err()
	}
	return Summary{Rows: rows.Count, Given: given, Rejected: rows.Count - given + ragged}, nil
}

type rollKey struct {
	child string
	urn   int
	start calendar.Date
}

type reader struct {
	file    string
	today   calendar.Date
	problem func(table.Problem)
	at      map[string]int
	row     table.Row
	wrong   bool             // the row has an error
	before  map[string]Entry // what the rows so far say of each child
	rolls   map[rollKey]int
}

func (r *reader) columns(h table.Header) error {
	if !Recognise(h) {
		return &table.FileError{File: r.file, Line: h.Line, Rule: "not-roll", Text: "This is not a roll file: it needs the column la_child_id and at least one other of the template. Download the template and fill it in."}
	}
	for _, column := range columns {
		if h.Twice(column) {
			return &table.FileError{File: r.file, Line: h.Line, Rule: "column-twice", Text: fmt.Sprintf(
				"The column %s stands in the header twice. Remove one of them.", column)}
		}
		r.at[column] = h.Find(column)
	}
	if others := h.Others(columns); len(others) > 0 {
		r.problem(table.Problem{File: r.file, Line: h.Line, Rule: "extra-columns", Severity: table.Info,
			Text: "These columns are not part of the template and are passed over: " + table.Short(strings.Join(others, ", ")) + "."})
	}
	return nil
}

func (r *reader) say(column, rule string, severity table.Severity, text string) {
	if severity == table.Error {
		r.wrong = true
		text += " The row is left out."
	}
	r.problem(table.Problem{File: r.file, Line: r.row.Line, About: table.Short(r.row.Get(r.at["la_child_id"])), Column: column, Value: table.Short(r.row.Get(r.at[column])), Rule: rule, Severity: severity, Text: text})
}

func (r *reader) text(column string) string {
	cell := r.row.Get(r.at[column])
	if table.Broken(cell) {
		r.say(column, "broken-cell", table.Warning, "A spreadsheet has put an error where the value was. It is taken as empty.")
		return ""
	}
	return strings.Clone(cell)
}

const longestName = 100 // characters

func (r *reader) name(column string) string {
	name := r.text(column)
	if len([]rune(name)) > longestName {
		r.say(column, "long-name", table.Error, fmt.Sprintf("A name has at most %d characters.", longestName))
	}
	return name
}

func (r *reader) entry() Entry {
	e := Entry{Line: r.row.Line, ChildID: r.text("la_child_id"), UPNQuality: identifier.None,
		Forename: r.name("forename"), Surname: r.name("surname"), PreferredName: r.name("preferred_name")}
	if e.ChildID == "" {
		r.say("la_child_id", "no-child", table.Error, "The row does not say which child it is about.")
		return e
	}
	r.upn(&e)
	r.roll(&e)
	r.people(&e)
	r.agrees(e)
	if !r.wrong && e == (Entry{Line: e.Line, ChildID: e.ChildID, UPNQuality: identifier.None}) {
		r.say("la_child_id", "nothing-to-change", table.Info, "Nothing stands beside the child's identifier, so the row changes nothing.")
	}
	return e
}

func (r *reader) upn(e *Entry) {
	text := r.text("upn")
	upn, quality, words := identifier.CheckUPN(text)
	switch quality {
	case identifier.None:
	case identifier.UnknownCode:
		r.say("upn", "upn-code", table.Warning, "This is a code for having no UPN. The UPN is left as it is.")
	case identifier.WrongShape:
		r.say("upn", "upn-wrong-shape", table.Error, words+".")
	case identifier.WrongLetter:
		r.say("upn", "upn-wrong-letter", table.Warning, words+". It is kept and marked.")
		fallthrough
	default:
		e.UPN, e.UPNQuality = string(upn), quality
	}
}

func (r *reader) date(column string) calendar.Date {
	day, err := table.ParseDate(r.text(column))
	switch {
	case err != nil:
		r.say(column, "bad-date", table.Error, fmt.Sprintf("%s %s.", column, err))
	case day.After(r.today.AddYears(2)), !day.IsZero() && day.Before(r.today.AddYears(-30)):
		r.say(column, "far-date", table.Error, fmt.Sprintf("%s is %s, which cannot be right.", column, day.Words()))
	}
	return day
}

func (r *reader) roll(e *Entry) {
	e.RollStart, e.RollEnd = r.date("roll_start"), r.date("roll_end")
	kind := strings.ToLower(r.text("roll_kind"))
	if kind != "" && kind != "main" && kind != "dual" {
		r.say("roll_kind", "bad-kind", table.Error, "The kind of roll is main or dual.")
	}
	text := r.text("setting_urn")
	if text == "" {
		switch {
		case !e.RollStart.IsZero() || !e.RollEnd.IsZero():
			r.say("setting_urn", "no-setting", table.Error, "There is a date on roll but no setting. Give the setting's URN.")
		case kind != "":
			r.say("roll_kind", "no-setting", table.Warning, "There is a kind of roll but no setting. It is passed over.")
		}
		return
	}
	urn, err := identifier.ParseURN(text)
	if err != nil {
		r.say("setting_urn", "bad-urn", table.Error, err.Error()+".")
		return
	}
	if e.SettingURN, err = strconv.Atoi(string(urn)); err != nil {
		r.say("setting_urn", "bad-urn", table.Error, "A school's URN has 6 numbers.")
	}
	if e.RollKind = kind; kind == "" {
		e.RollKind = "main"
	}
	switch {
	case e.RollStart.IsZero() && e.RollEnd.IsZero():
		r.say("roll_start", "no-roll-date", table.Error, "There is a setting but no date. Give the first day on roll, or the last.")
	case !e.RollStart.IsZero() && !e.RollEnd.IsZero() && e.RollEnd.Before(e.RollStart):
		r.say("roll_end", "ends-before-start", table.Error, "The last day on roll is before the first.")
	}
	if line, twice := r.rolls[rollKey{e.ChildID, e.SettingURN, e.RollStart}]; twice {
		r.say("setting_urn", "roll-twice", table.Error, fmt.Sprintf("The same roll is on line %d.", line))
	}
}

func (r *reader) people(e *Entry) {
	e.AdvisorEmail, e.SocialWorkerEmail, e.ReviewingOfficerEmail = r.email("advisor_email"), r.email("social_worker_email"), r.email("reviewing_officer_email")
	e.From = r.date("from")
	if !e.From.IsZero() && !e.HasPeople() {
		r.say("from", "from-nobody", table.Warning, "There is a date for the people but nobody is named. It is passed over.")
		e.From = calendar.Date{}
	}
}

func (r *reader) email(column string) string {
	text := strings.ToLower(r.text(column))
	if text == "" {
		return ""
	}
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || len(text) > 254 {
		r.say(column, "bad-email", table.Error, "This is not an email address like name@council.gov.uk.")
	}
	return text
}

// agrees checks that two rows of one child do not contradict each other.
func (r *reader) agrees(e Entry) {
	before, ok := r.before[e.ChildID]
	if !ok {
		return
	}
	for _, c := range []struct{ column, was, is string }{
		{"forename", before.Forename, e.Forename},
		{"surname", before.Surname, e.Surname},
		{"preferred_name", before.PreferredName, e.PreferredName},
		{"upn", before.UPN, e.UPN},
		{"advisor_email", before.AdvisorEmail, e.AdvisorEmail},
		{"social_worker_email", before.SocialWorkerEmail, e.SocialWorkerEmail},
		{"reviewing_officer_email", before.ReviewingOfficerEmail, e.ReviewingOfficerEmail},
	} {
		if c.was != "" && c.is != "" && c.was != c.is {
			r.say(c.column, "rows-differ", table.Error, fmt.Sprintf("An earlier row about this child (line %d) says something else.", before.Line))
		}
	}
}

// remember keeps what a good row says for comparing later rows with it.
func (r *reader) remember(e Entry) {
	if e.HasRoll() {
		r.rolls[rollKey{e.ChildID, e.SettingURN, e.RollStart}] = e.Line
	}
	before, ok := r.before[e.ChildID]
	if !ok {
		r.before[e.ChildID] = e
		return
	}
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	fill(&before.Forename, e.Forename)
	fill(&before.Surname, e.Surname)
	fill(&before.PreferredName, e.PreferredName)
	fill(&before.UPN, e.UPN)
	fill(&before.AdvisorEmail, e.AdvisorEmail)
	fill(&before.SocialWorkerEmail, e.SocialWorkerEmail)
	fill(&before.ReviewingOfficerEmail, e.ReviewingOfficerEmail)
	r.before[e.ChildID] = before
}
