package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"virtualschool/internal/intake/table"
)

// Columns say which heading of a file holds what; empty: none does. They are stored as JSON.
type Columns struct {
	ChildID string `json:"child_id,omitempty"` // the authority's identifier of the child
	UPN     string `json:"upn,omitempty"`
	School  string `json:"school,omitempty"` // a URN
	Date    string `json:"date,omitempty"`
	Session string `json:"session,omitempty"`
	Mark    string `json:"mark,omitempty"` // one session's, or a whole day's where there is no session
	AM      string `json:"am,omitempty"`
	PM      string `json:"pm,omitempty"`
	Week    string `json:"week,omitempty"`  // any day of the week whose days are columns
	Start   string `json:"start,omitempty"` // the first day of a string of marks
	Marks   string `json:"marks,omitempty"` // the string
}

// Role is one thing that a column can hold.
type Role struct {
	Name   string // as in a form and a shell
	Label  string // on screen
	usual  []string
	choose func(*Columns) *string
}

// Roles are all of them, in the order they are asked for.
var Roles = []Role{
	{"child_id", "The council’s identifier of the child", []string{"la child id", "child id", "local authority child id", "child reference", "person id", "case id"}, func(c *Columns) *string { return &c.ChildID }},
	{"upn", "UPN", []string{"upn", "unique pupil number", "pupil reference number", "pupil upn", "upn number"}, func(c *Columns) *string { return &c.UPN }},
	{"school", "The school’s URN", []string{"urn", "school urn", "setting urn", "establishment urn", "school reference number"}, func(c *Columns) *string { return &c.School }},
	{"date", "Date", []string{"date", "day", "session date", "attendance date", "mark date"}, func(c *Columns) *string { return &c.Date }},
	{"session", "Session, AM or PM", []string{"session", "am/pm", "ampm", "am pm", "session name", "half day"}, func(c *Columns) *string { return &c.Session }},
	{"mark", "Mark", []string{"mark", "code", "attendance code", "attendance mark", "session code", "session mark", "mark code"}, func(c *Columns) *string { return &c.Mark }},
	{"am", "Mark of the morning", []string{"am", "am mark", "am code", "morning", "morning mark"}, func(c *Columns) *string { return &c.AM }},
	{"pm", "Mark of the afternoon", []string{"pm", "pm mark", "pm code", "afternoon", "afternoon mark"}, func(c *Columns) *string { return &c.PM }},
	{"week", "Week commencing", []string{"week commencing", "week beginning", "week starting", "w/c", "w/b", "wc", "week"}, func(c *Columns) *string { return &c.Week }},
	{"start", "First day of a string of marks", []string{"start date", "attendance start date", "attendancestartdate", "marks start date", "marks from", "start"}, func(c *Columns) *string { return &c.Start }},
	{"marks", "String of marks", []string{"marks", "attendance marks", "attendancemarks", "marks string", "mark string"}, func(c *Columns) *string { return &c.Marks }},
}

// Of is the heading that a role has; empty: none.
func (r Role) Of(c Columns) string { return *r.choose(&c) }

// Set gives a role its heading.
func (r Role) Set(c *Columns, heading string) { *r.choose(c) = heading }

// recognise finds headings that are called as such columns usually are. A heading that a person
// named before goes first.
func recognise(h table.Header, said Columns) Columns {
	found := said
	for _, role := range Roles {
		if role.Of(found) != "" {
			continue
		}
		for _, name := range role.usual {
			if at := find(h, name); at >= 0 {
				role.Set(&found, h.Names[at])
				break
			}
		}
	}
	return found
}

// find is the place of a heading, or -1; underscores are spaces in headings that programs made.
func find(h table.Header, name string) int {
	return slices.IndexFunc(h.Names, func(n string) bool { return key(n) == key(name) && key(n) != "" })
}

func key(heading string) string { return table.Key(strings.ReplaceAll(heading, "_", " ")) }

// shape is how a table is laid out.
type shape int

const (
	unknownShape shape = iota
	bySession          // a row for each session
	byDay              // a row for each day, morning and afternoon beside each other
	wide               // a column for each day or session
	packed             // a string of marks from a start date
)

// Words says how a table was read, for the preview.
func (s shape) words() string {
	return [...]string{"", "a row for each session", "a row for each day", "a column for each day", "a string of marks from a start date"}[s]
}

func (c Columns) shape(days []dayColumn) shape {
	switch {
	case len(days) > 0:
		return wide
	case c.Start != "" && c.Marks != "":
		return packed
	case c.Date != "" && (c.AM != "" || c.PM != ""):
		return byDay
	case c.Date != "" && c.Mark != "" && c.Session != "":
		return bySession
	case c.Date != "" && c.Mark != "":
		return byDay
	}
	return unknownShape
}

// Fingerprint is the same for files with the same headings, apart from those that are days: what a
// person said of one holds for the next.
func Fingerprint(headings []string) string {
	digest := sha256.New()
	for _, heading := range headings {
		if _, day, err := dayHeading(heading); day || err != "" {
			continue
		}
		digest.Write([]byte(key(heading)))
		digest.Write([]byte{0})
	}
	return hex.EncodeToString(digest.Sum(nil)[:16])
}
