package timeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Kind is what sort of thing happened.
type Kind string

// Item is one thing that happened.
type Item struct {
	Kind   Kind
	Title  string        // "Started at Oak Primary School"
	Words  string        // what was said or written about it; may be empty
	When   string        // "7 December 2026", or with the time where it is known
	Day    calendar.Date // the day in England
	By     string        // who did it; empty when nobody in particular
	Source string        // where it is known from
	Href   string        // its page; empty: none
	at     time.Time
	key    string
}

// Machine is the day as machines read it.
func (i Item) Machine() string { return i.Day.String() }

// Cursor is where the next page begins.
func (i Item) Cursor() Cursor { return Cursor{at: i.at, key: i.key} }

// Cursor is a place between two items. The zero Cursor is the newest end.
type Cursor struct {
	at  time.Time
	key string
}

// IsZero says whether it is the newest end.
func (c Cursor) IsZero() bool { return c.at.IsZero() }

// String is the cursor as an address carries it.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return strconv.FormatInt(c.at.UnixMicro(), 10) + "-" + c.key
}

// ParseCursor reads a cursor from an address; anything else is the newest end.
func ParseCursor(text string) Cursor {
	micros, key, found := strings.Cut(text, "-")
	number, err := strconv.ParseInt(micros, 10, 64)
	at := time.UnixMicro(number).UTC()
	odd := strings.ContainsFunc(key, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
	if !found || err != nil || key == "" || len(key) > 40 || odd || at.Year() < 1900 || at.Year() > 2200 {
		return Cursor{}
	}
	return Cursor{at: at, key: key}
}

// Options say which parts of the record the reader may see, and which page of the history.
type Options struct {
	Notes  bool // access.SeeNotes
	Care   bool // access.SeeCareHistory
	Money  bool // access.SeePremium
	Plans  bool // access.SeePEP
	Places bool // access.SeePlaceSearch
	Before Cursor
	Limit  int // 30 when 0
}

// For is what an actor may see of a timeline.
func For(actor access.Actor) Options {
	return Options{Notes: access.Can(actor, access.SeeNotes), Care: access.Can(actor, access.SeeCareHistory),
		Money: access.Can(actor, access.SeePremium), Plans: access.Can(actor, access.SeePEP), Places: access.Can(actor, access.SeePlaceSearch)}
}

// Timeline is a page of a child's history once its batch has run.
type Timeline struct {
	rows    []row
	limit   int
	childID int64
}

// Queue queues a page of what happened to a child. One statement. A child the actor may not see has
// no history.
func Queue(batch *postgres.Batch, into *Timeline, childID int64, o Options) {
	if o.Limit <= 0 {
		o.Limit = 30
	}
	into.limit, into.childID = o.Limit, childID
	before, key := o.Before.at, o.Before.key
	if o.Before.IsZero() {
		before = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	postgres.Many(batch, &into.rows, timelineSQL(o), postgres.Args{"child": childID, "before": before, "key": key, "limit": o.Limit + 1, "care": o.Care})
}

// More says whether there is more beyond this page.
func (t Timeline) More() bool { return len(t.rows) > t.limit }

// Next is where the next page begins; the zero Cursor when there is none.
func (t Timeline) Next() Cursor {
	if !t.More() {
		return Cursor{}
	}
	last := t.rows[t.limit-1]
	return Cursor{at: last.At, key: last.Key}
}

// Items are the page's items, newest first, as of today.
func (t Timeline) Items() []Item {
	rows := t.rows[:min(len(t.rows), t.limit)]
	items := make([]Item, len(rows))
	for i, r := range rows {
		items[i] = r.item(t.childID)
	}
	return items
}

// sourceName says in words where a fact comes from.
func sourceName(source string) string {
	switch source {
	case "":
		return ""
	case "903":
		return "903 return"
	case "entered":
		return "Entered here"
	case "roll":
		return "Roll file"
	case "seed":
		return "Made up for the demonstration"
	}
	return source
}

func when(at time.Time, wholeDay bool) string {
	if wholeDay {
		return calendar.Of(at).Words()
	}
	return calendar.Moment(at)
}

func path(childID int64, format string, args ...any) string {
	return fmt.Sprintf("/children/%d", childID) + fmt.Sprintf(format, args...)
}
