// Package ics writes days into a file that every calendar program reads: iCalendar (RFC 5545). The days of
// a plan have no time of day, so every event lasts all day and needs no time zone. An event keeps its UID
// when its day moves and is sent with a higher SEQUENCE, so that whoever opens a newer file moves the event
// they have and does not get a second one. Such files leave the building: what goes into one names nobody.
package ics

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/calendar"
)

// Event is one day in a calendar.
type Event struct {
	UID      string // the same for the same thing, whenever and however often it is written
	Sequence int    // higher each time the event has changed
	Day      calendar.Date
	Summary  string
	Details  string // empty: none
	URL      string // the page to open; empty: none
}

// MediaType is what a file is sent as.
const MediaType = "text/calendar; charset=utf-8"

// most is the octets of a line without its end (RFC 5545, 3.1).
const most = 75

// Write makes a file of events. The stamp is the moment at which it is made.
func Write(stamp time.Time, events []Event) []byte {
	var file strings.Builder
	line := func(name, value string) { fold(&file, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Virtual School//Plans//EN")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	for _, event := range events {
		line("BEGIN", "VEVENT")
		line("UID", event.UID)
		line("DTSTAMP", stamp.UTC().Format("20060102T150405Z"))
		line("SEQUENCE", fmt.Sprint(event.Sequence))
		line("DTSTART;VALUE=DATE", day(event.Day))
		line("DTEND;VALUE=DATE", day(event.Day.AddDays(1))) // the first day that is not part of it (3.6.1)
		line("SUMMARY", text(event.Summary))
		if event.Details != "" {
			line("DESCRIPTION", text(event.Details))
		}
		if event.URL != "" {
			line("URL", event.URL)
		}
		line("CLASS", "PRIVATE")
		line("TRANSP", "TRANSPARENT") // the whole day is not taken
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return []byte(file.String())
}

func day(d calendar.Date) string { return fmt.Sprintf("%04d%02d%02d", d.Year, int(d.Month), d.Day) }

var escaper = strings.NewReplacer(`\`, `\\`, `;`, `\;`, `,`, `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text is a value of type TEXT (3.3.11). Other control characters have no place in one and are left out.
func text(value string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, escaper.Replace(strings.ToValidUTF8(value, "�")))
}

// fold writes a line, broken where it is too long: what follows begins with a space, which the reader
// drops. No character is broken in two.
func fold(file *strings.Builder, line string) {
	room := most
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		file.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], most-1
	}
	file.WriteString(line + "\r\n")
}
