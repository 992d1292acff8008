package lost

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/calendar"
	"virtualschool/internal/hours"
)

func on(iso string) calendar.Date {
	if iso == "" {
		return calendar.Date{}
	}
	return calendar.MustParse(iso)
}

// weekdays are open but for the week of half term.
func weekdays(day calendar.Date) bool {
	return day.Weekday() >= 1 && day.Weekday() <= 5 && day.Monday() != on("2026-10-26")
}

// marked is "2026-11-16 /\ N. .." as marks from a Monday on; a dot is no mark.
func marked(text string) map[Slot]mark.Code {
	marks := map[Slot]mark.Code{}
	fields := strings.Fields(text)
	for n, pair := range fields[1:] {
		day := on(fields[0]).AddDays(n)
		for i, session := range mark.Sessions {
			if code := strings.Split(pair, ",")[i]; code != "." {
				marks[Slot{day, session}] = mark.Code(code)
			}
		}
	}
	return marks
}

// told is "Mo no_place, reduced~" with each session's cause, in order; a tilde is an estimate.
func told(sessions []Session) string {
	var words []string
	for _, one := range sessions {
		word := one.Day.Weekday().String()[:2] + string(one.Session[0]) + ":" + string(one.Cause)
		if one.Estimated {
			word += "~"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func span(from, to string) calendar.Range { return calendar.Range{Start: on(from), End: on(to)} }

func TestWhatTookASession(t *testing.T) {
	t.Parallel()
	const h = hours.Hour
	for name, c := range map[string]struct {
		record   Record
		from, to string
		want     string
	}{
		"nothing":                     {Record{}, "2026-11-16", "2026-11-20", ""},
		"no place for two days":       {Record{Gaps: []calendar.Range{span("2026-11-18", "2026-11-20")}}, "2026-11-16", "2026-11-22", "WeA:no_place WeP:no_place ThA:no_place ThP:no_place"},
		"no place in the holidays":    {Record{Gaps: []calendar.Range{span("2026-10-26", "2026-10-31")}}, "2026-10-26", "2026-11-01", ""},
		"no place, only to today":     {Record{Gaps: []calendar.Range{span("2026-11-18", "")}}, "2026-11-16", "2026-11-18", "WeA:no_place WeP:no_place"},
		"taught fifteen hours, none":  {Record{Gaps: []calendar.Range{span("2026-11-16", "")}, Provisions: []Provision{{span("2026-11-01", ""), 15 * h, false}}}, "2026-11-16", "2026-11-20", "TuP:no_place WeP:no_place ThP:no_place FrP:no_place"},
		"taught, and found wanting":   {Record{Gaps: []calendar.Range{span("2026-11-19", "")}, Provisions: []Provision{{span("2026-11-19", ""), 13 * h, true}}}, "2026-11-16", "2026-11-20", "ThA:weak~ ThP:no_place FrA:weak~ FrP:no_place"},
		"suspended from an afternoon": {Record{Out: []Out{{From: on("2026-11-17"), Afternoon: true, Sessions: 3}}}, "2026-11-16", "2026-11-20", "TuP:suspended WeA:suspended WeP:suspended"},
		"suspended over half term":    {Record{Out: []Out{{From: on("2026-10-23"), Sessions: 4}}}, "2026-10-19", "2026-11-06", "FrA:suspended FrP:suspended MoA:suspended MoP:suspended"},
		"taught from the second day":  {Record{Out: []Out{{From: on("2026-11-17"), Sessions: 6, Taught: on("2026-11-18")}}}, "2026-11-16", "2026-11-20", "TuA:suspended TuP:suspended"},
		"excluded until the roll ends": {Record{Out: []Out{{From: on("2026-11-17"), Until: on("2026-11-18")}}, Gaps: []calendar.Range{span("2026-11-18", "")}}, "2026-11-16", "2026-11-18",
			"TuA:suspended TuP:suspended WeA:no_place WeP:no_place"},
		"the register has the child": {Record{Out: []Out{{From: on("2026-11-16"), Sessions: 4}}, Marks: marked(`2026-11-16 /,\ E,B`)}, "2026-11-16", "2026-11-20", "TuA:suspended"},
		"an E without a suspension":  {Record{Marks: marked(`2026-11-16 E,E`)}, "2026-11-16", "2026-11-20", "MoA:suspended MoP:suspended"},
		"half time, nothing marked":  {Record{Timetables: []Timetable{{span("2026-09-01", ""), 750, 1500}}}, "2026-11-16", "2026-11-20", "MoP:reduced~ TuP:reduced~ WeP:reduced~ ThP:reduced~ FrP:reduced~"},
		"half time, all marked":      {Record{Timetables: []Timetable{{span("2026-09-01", ""), 750, 1500}}, Marks: marked(`2026-11-16 /,C2 /,C2 C2,\ C2,C2 /,\`)}, "2026-11-16", "2026-11-20", "MoP:reduced TuP:reduced WeA:reduced ThA:reduced ThP:reduced"},
		"half time, half marked":     {Record{Timetables: []Timetable{{span("2026-09-01", ""), 750, 1500}}, Marks: marked(`2026-11-16 /,C2 /,C2`)}, "2026-11-16", "2026-11-20", "MoP:reduced TuP:reduced WeP:reduced~ ThP:reduced~ FrP:reduced~"},
		"half time, only illness":    {Record{Timetables: []Timetable{{span("2026-09-01", ""), 750, 1500}}, Marks: marked(`2026-11-16 I,I I,I I,I I,I I,I`)}, "2026-11-16", "2026-11-20", ""},
		"no hours at all":            {Record{Timetables: []Timetable{{span("2026-11-20", ""), 0, 1500}}}, "2026-11-16", "2026-11-20", "FrA:reduced~ FrP:reduced~"},
		"suspended on half time":     {Record{Timetables: []Timetable{{span("2026-11-19", ""), 750, 1500}}, Out: []Out{{From: on("2026-11-19"), Sessions: 2}}}, "2026-11-16", "2026-11-20", "ThA:suspended ThP:suspended FrP:reduced~"},
		"unexplained":                {Record{Marks: marked(`2026-11-16 N,O I,G /,\ M,U`)}, "2026-11-16", "2026-11-20", "MoA:unexplained MoP:unexplained"},
		"elsewhere, found wanting":   {Record{Provisions: []Provision{{span("2026-11-16", ""), 10 * h, true}}, Marks: marked(`2026-11-16 /,B /,B /,B /,\ .,.`)}, "2026-11-16", "2026-11-20", "MoP:weak TuP:weak WeP:weak FrA:weak~"},
		"elsewhere, good enough":     {Record{Provisions: []Provision{{span("2026-11-16", ""), 10 * h, false}}, Marks: marked(`2026-11-16 /,B`)}, "2026-11-16", "2026-11-20", ""},
	} {
		c.record.Open = weekdays
		if got := told(Count(c.record, on(c.from), on(c.to))); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestNoSessionIsLostTwice makes records up and holds what is true of every one.
func TestNoSessionIsLostTwice(t *testing.T) {
	t.Parallel()
	from, to := on("2026-09-01"), on("2026-12-18")
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		day := func() calendar.Date { return from.AddDays(r.IntN(110) - 10) }
		stretch := func() calendar.Range {
			start := day()
			return calendar.Range{Start: start, End: start.AddDays(1 + r.IntN(40))}
		}
		record := Record{Open: weekdays, Marks: map[Slot]mark.Code{}}
		for range r.IntN(120) {
			record.Marks[Slot{day(), mark.Sessions[r.IntN(2)]}] = []mark.Code{"/", "L", "B", "K", "E", "C2", "N", "O", "I", "X", "D", "#"}[r.IntN(12)]
		}
		for range r.IntN(3) {
			record.Gaps = append(record.Gaps, stretch())
		}
		for range r.IntN(3) {
			record.Provisions = append(record.Provisions, Provision{stretch(), hours.Weekly(r.IntN(1800)), r.IntN(2) == 0})
		}
		before := Count(record, from, to)
		for range r.IntN(3) {
			record.Out = append(record.Out, Out{From: day(), Afternoon: r.IntN(2) == 0, Sessions: 1 + r.IntN(20)})
		}
		for range r.IntN(3) {
			record.Timetables = append(record.Timetables, Timetable{stretch(), hours.Weekly(r.IntN(1400)), 1500})
		}
		after := Count(record, from, to)
		seen := map[Slot]bool{}
		for i, one := range after {
			class, _ := mark.National.Class(record.Marks[one.Slot], one.Day, one.Session)
			switch {
			case seen[one.Slot]:
				t.Fatalf("seed %d: %v is lost twice", seed, one)
			case one.Day.Before(from) || one.Day.After(to) || !weekdays(one.Day) && record.Marks[one.Slot] == "":
				t.Fatalf("seed %d: %v was no session", seed, one)
			case class == mark.Present || class == mark.Elsewhere && one.Cause != Weak:
				t.Fatalf("seed %d: %v, but the register has the child", seed, one)
			case i > 0 && (one.Day.Before(after[i-1].Day) || one.Day == after[i-1].Day && one.Session < after[i-1].Session):
				t.Fatalf("seed %d: %v is out of order", seed, one)
			}
			seen[one.Slot] = true
		}
		sums := SumOf(after)
		var by Sessions
		for _, one := range Causes {
			by += sums.By[one.Cause]
		}
		var months, stretches Sessions
		for _, one := range MonthsOf(after, from, to) {
			months += one.All
		}
		for _, one := range StretchesOf(after) {
			stretches += one.Sessions
		}
		if int(sums.All) != len(after) || by != sums.All || months != sums.All || stretches != sums.All || sums.Estimated > sums.All {
			t.Fatalf("seed %d: the sums differ: %+v, %d by cause, %d by month, %d in stretches", seed, sums, by, months, stretches)
		}
		if len(after) < len(before) {
			t.Fatalf("seed %d: with more to lose fewer are lost: %d, before %d", seed, len(after), len(before))
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for n, want := range map[Sessions]string{0: "0 days", 1: "0.5 days", 2: "1 day", 3: "1.5 days", 24: "12 days"} {
		if got := n.Days(); got != want {
			t.Errorf("%d: %s; want %s", int(n), got, want)
		}
	}
	for _, one := range Causes {
		if one.Cause.Name() != one.Name || one.Owner == "" || !strings.HasPrefix(one.Path, "/") {
			t.Errorf("%+v", one)
		}
	}
	if Cause("").Name() != "" || SumOf(nil).Main() != "" {
		t.Error("nothing lost has a cause")
	}
	sessions := Count(Record{Open: weekdays, Gaps: []calendar.Range{span("2026-11-18", "2026-11-24")}, Marks: marked(`2026-11-02 N,.`)}, on("2026-11-01"), on("2026-12-18"))
	if main := SumOf(sessions).Main(); main != NoPlace {
		t.Errorf("most of it is %s", main)
	}
	var lines []string
	for _, one := range StretchesOf(sessions) {
		lines = append(lines, fmt.Sprintf("%s %s..%s %d", one.Cause, one.From, one.To, one.Sessions))
	}
	if got := strings.Join(lines, "|"); got != "no_place 2026-11-18..2026-11-23 8|unexplained 2026-11-02..2026-11-02 1" {
		t.Error(got)
	}
	over := Count(Record{Open: weekdays, Gaps: []calendar.Range{span("2026-10-20", "2026-11-04")}, Marks: marked(`2026-09-14 N,. /,\ /,\ /,\ /,\ .,. .,. N,N`)}, on("2026-09-01"), on("2026-12-18"))
	if all := StretchesOf(over); len(all) != 3 || all[0].From != on("2026-10-20") || all[0].Sessions != 12 || all[1].Sessions != 2 {
		t.Errorf("over half term, and a week apart: %+v", all)
	}
	months := MonthsOf(sessions, on("2026-10-05"), on("2026-12-18"))
	if len(months) != 3 || months[0].All != 0 || months[1].All != 9 {
		t.Errorf("%+v", months)
	}
}
