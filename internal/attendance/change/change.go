package change

import (
	"fmt"

	"virtualschool/internal/calendar"
)

// How many of a child's weeks make the limits, and how long a run is a signal.
const (
	FewestBase = 6
	MostBase   = 12
	Run        = 8
)

// Week is what a child could attend and did. A week with fewer than FewestSessions possible says too
// little to stand beside others and is passed over.
type Week struct {
	Monday   calendar.Date
	Possible int
	Attended int
}

// FewestSessions of a week that is counted: two days of five.
const FewestSessions = 4

// share is the week's attendance in per cent.
func (w Week) share() float64 { return 100 * float64(w.Attended) / float64(w.Possible) }

// Kind is which signal it is.
type Kind string

// The signals.
const (
	Below Kind = "below" // one week under the lower limit
	Low   Kind = "low"   // eight weeks in a row under the mean
)

// Signal is a change worth asking about.
type Signal struct {
	Kind Kind
	Week Week // the week under the limit, or the eighth of the run
	From calendar.Date
}

// Chart is a child's weeks with the limits made from the first of them. Without a base there are no
// limits and no signals.
type Chart struct {
	Weeks   []Week // those that are counted, in order
	Base    int    // how many of them made the limits; 0: too few yet
	Mean    float64
	Lower   float64 // never under nought
	Signals []Signal
}

// Draw makes a chart of weeks in order.
func Draw(weeks []Week) Chart {
	var c Chart
	for _, w := range weeks {
		if w.Possible >= FewestSessions && w.Attended <= w.Possible {
			c.Weeks = append(c.Weeks, w)
		}
	}
	if len(c.Weeks) < FewestBase {
		return c
	}
	c.Base = min(len(c.Weeks), MostBase)
	moved := 0.0
	for i, w := range c.Weeks[:c.Base] {
		c.Mean += w.share()
		if i > 0 {
			moved += max(w.share()-c.Weeks[i-1].share(), c.Weeks[i-1].share()-w.share())
		}
	}
	c.Mean /= float64(c.Base)
	c.Lower = max(0, c.Mean-2.66*moved/float64(c.Base-1))
	run := 0
	for i, w := range c.Weeks {
		if w.share() < c.Mean-1e-9 {
			run++
		} else {
			run = 0
		}
		if w.share() < c.Lower-1e-9 && w.Possible-w.Attended > 1 {
			c.Signals = append(c.Signals, Signal{Below, w, w.Monday})
		}
		if run == Run {
			c.Signals = append(c.Signals, Signal{Low, w, c.Weeks[i-Run+1].Monday})
		}
	}
	return c
}

// Latest is the last signal, when it began in one of the last weeks counted: an old one has been asked about.
func (c Chart) Latest(weeks int) (Signal, bool) {
	if len(c.Signals) == 0 || len(c.Weeks) == 0 {
		return Signal{}, false
	}
	last := c.Signals[len(c.Signals)-1]
	since := c.Weeks[max(0, len(c.Weeks)-weeks)].Monday
	return last, !last.Week.Monday.Before(since)
}

// Explain says in words what a signal saw.
func (c Chart) Explain(s Signal) string {
	switch s.Kind {
	case Below:
		return fmt.Sprintf("In the week of %s, %d of %d sessions were attended (%.0f%%). In the first %d weeks it was %.0f%% on average, and a week under %.0f%% is hardly chance for this child.",
			s.Week.Monday.Words(), s.Week.Attended, s.Week.Possible, s.Week.share(), c.Base, c.Mean, c.Lower)
	case Low:
		return fmt.Sprintf("In each of the %d weeks from %s, attendance was under this child's own average of %.0f%%. So long a run is hardly chance.", Run, s.From.Words(), c.Mean)
	}
	return ""
}

// Basis says what the limits are made from, or why there are none yet.
func (c Chart) Basis() string {
	if c.Base == 0 {
		return fmt.Sprintf("%d weeks with enough sessions are recorded; a change can be told from %d on.", len(c.Weeks), FewestBase)
	}
	return fmt.Sprintf("The average of %.0f%% and the lower limit of %.0f%% are made from this child's first %d weeks.", c.Mean, c.Lower, c.Base)
}
