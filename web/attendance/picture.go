package attendance

import (
	"fmt"
	"strings"

	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/web/ui"
)

// The picture of a year: a column for each week, a row for each weekday, and each day's morning and afternoon
// side by side. Every look has a shape beside its colour, so that it reads in grey.
const (
	columnWidth = 24
	rowHeight   = 23
	markWidth   = 10
	markHeight  = 20
	leftEdge    = 20
	topEdge     = 20
)

// look is how a session is drawn: glyph draws the shape inside a mark whose corner is at x, y.
type look struct {
	look  attendance.Look
	class string
	words string
	glyph func(x, y int) string
}

func nothing(int, int) string { return "" }

func shape(path string, dx, dy int) func(x, y int) string {
	return func(x, y int) string { return fmt.Sprintf("M%d %d%s", x+dx, y+dy, path) }
}

// looks are all that a key explains, in its order.
var looks = []look{
	{attendance.Here, "here", "Present", nothing},
	{attendance.HereLate, "late", "Present, late", shape("h8l-8 9z", 1, 1)},
	{attendance.Away, "away", "At education elsewhere", shape("a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0", 2, 10)},
	{attendance.Excused, "excused", "Absent, authorised", shape("l7-14", 1, 17)},
	{attendance.Suspension, "suspended", "Suspended or excluded", shape("h7", 1, 10)},
	{attendance.Unexcused, "unexcused", "Absent, unauthorised", shape("l6 10m0-10l-6 10", 2, 5)},
	{attendance.NoReason, "unexcused", "Absent, no reason yet", shape("q0-3 2-3t2 2.6q0 2-2 3v2m0 2.5v.8", 3, 8)},
	{attendance.NotCounted, "uncounted", "Not a session to attend", shape("h5m-5 5h5", 3, 8)},
	{attendance.Missing, "missing", "No mark", nothing},
	{attendance.NotOnTheRoll, "off-roll", "On no school’s roll", nothing},
	{attendance.Ahead, "ahead", "Still to come", nothing},
}

// picture is a term as it is drawn.
type picture struct {
	attendance.SeenTerm
	Name   string
	Chosen calendar.Date
	href   func(calendar.Date) string
}

func (v showView) pictures() []picture {
	var list []picture
	for _, term := range v.child.Seen(v.terms, v.Year) {
		one := picture{SeenTerm: term, Name: v.label(), Chosen: v.Monday, href: func(monday calendar.Date) string { return v.href(v.Year, monday) }}
		if term.Name != "" {
			one.Name = calendar.Term{Name: term.Name, AcademicYear: v.Year}.Label()
		}
		list = append(list, one)
	}
	return list
}

func (p picture) width() int  { return leftEdge + len(p.Weeks)*columnWidth + 2 }
func (p picture) height() int { return topEdge + 5*rowHeight + 2 }

// layer is all marks of one look: their boxes and their shapes, each as one path.
type layer struct{ class, boxes, glyphs string }

// layers gathers the marks of a look into two paths: a year has 380 marks, and an element for each would be most of the page.
func (p picture) layers() []layer {
	var layers []layer
	for _, one := range looks {
		var boxes, glyphs strings.Builder
		for column, week := range p.Weeks {
			for row, day := range week.Days {
				for half, seen := range day.Halves {
					if seen.Look != one.look {
						continue
					}
					x, y := leftEdge+column*columnWidth+1+half*(markWidth+1), topEdge+row*rowHeight+1
					fmt.Fprintf(&boxes, "M%d %dh%dv%dh-%dz", x, y, markWidth, markHeight, markWidth)
					glyphs.WriteString(one.glyph(x, y))
				}
			}
		}
		if boxes.Len() > 0 {
			layers = append(layers, layer{one.class, boxes.String(), glyphs.String()})
		}
	}
	return layers
}

// month is a month's name over the first week that begins in it.
type month struct {
	x    int
	name string
}

func (p picture) months() []month {
	var months []month
	for column, week := range p.Weeks {
		friday := week.Monday.AddDays(4)
		if column == 0 && len(p.Weeks) > 1 && p.Weeks[1].Monday.AddDays(4).Month != friday.Month {
			continue // no room for a month of one week
		}
		if column == 0 || p.Weeks[column-1].Monday.AddDays(4).Month != friday.Month || len(months) == 0 {
			months = append(months, month{leftEdge + column*columnWidth + 1, friday.Month.String()[:3]})
		}
	}
	return months
}

// keyItem explains a look and says how many sessions have it.
type keyItem struct {
	look
	Sessions int
}

func (v showView) key(pictures []picture) []keyItem {
	counts := map[attendance.Look]int{}
	for _, p := range pictures {
		for _, week := range p.Weeks {
			for _, day := range week.Days {
				for _, half := range day.Halves {
					counts[half.Look]++
				}
			}
		}
	}
	var items []keyItem
	for _, one := range looks {
		if counts[one.look] > 0 {
			items = append(items, keyItem{one, counts[one.look]})
		}
	}
	return items
}

// count is how many sessions have the look; of what is still to come it says nothing.
func (k keyItem) count() string {
	if k.look.look == attendance.Ahead || k.look.look == attendance.NotOnTheRoll {
		return ""
	}
	return ui.Thousands(k.Sessions)
}

// sayDay is a day of the picture in the words of its table.
func sayDay(day attendance.SeenDay) string {
	am, pm := saySeen(day.Halves[0]), saySeen(day.Halves[1])
	switch {
	case am == pm:
		return am
	case am == "":
		return "PM " + pm
	case pm == "":
		return "AM " + am
	}
	return "AM " + am + ", PM " + pm
}

func saySeen(seen attendance.Seen) string {
	switch seen.Look {
	case attendance.Ahead:
		return ""
	case attendance.Shut:
		return "Closed"
	case attendance.Here:
		return "Present"
	case attendance.Missing:
		return "No mark"
	case attendance.NotOnTheRoll:
		return "Not on roll"
	}
	return string(seen.Code)
}

// codes are the codes of the year other than present, with how each is counted.
func (v showView) codes() []attendance.CodeCount {
	year := calendar.AcademicYearRange(v.Year)
	return attendance.Codes(attendance.Between(v.Days, year.Start, year.LastDay()))
}

// countedAs is a class of marks in words.
func countedAs(class mark.Class) string {
	switch class {
	case mark.Present, mark.Elsewhere:
		return "Attended"
	case mark.Authorised:
		return "Absent, authorised"
	case mark.Unauthorised:
		return "Absent, unauthorised"
	}
	return "Not counted"
}
