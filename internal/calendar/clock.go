package calendar

import (
	"time"
	_ "time/tzdata" // the zone must be known on a server that has no zone files
)

// Clock tells the moment. Everything that asks the time is given one, so tests
// and demonstrations choose theirs; time.Now is the real one.
type Clock func() time.Time

// London is the zone in which "today", deadlines and terms are reckoned.
var London = mustLoad("Europe/London")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("calendar: " + err.Error())
	}
	return zone
}

// Of is the day it is in London at a moment. The zero moment is the zero Date.
func Of(moment time.Time) Date {
	if moment.IsZero() {
		return Date{}
	}
	return on(moment.In(London))
}

// Today is the day it is in London now.
func Today(clock Clock) Date { return Of(clock()) }

// Start is the moment the day begins in London, in UTC. Summer time changes at
// one in the morning, so every day has exactly one midnight. A role that ends
// on 18 December is gone at the Start of the 19th (R47).
func (d Date) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, London).UTC()
}

// Moment writes a moment in London time, "7 December 2026 at 2:30pm".
func Moment(moment time.Time) string {
	if moment.IsZero() {
		return ""
	}
	return Of(moment).Words() + " at " + TimeOfDay(moment)
}

// TimeOfDay writes the London time of a moment, "2:30pm", "9am" or "midday".
func TimeOfDay(moment time.Time) string {
	local := moment.In(London)
	switch {
	case local.Minute() != 0:
		return local.Format("3:04pm")
	case local.Hour() == 0:
		return "midnight"
	case local.Hour() == 12:
		return "midday"
	}
	return local.Format("3pm")
}
