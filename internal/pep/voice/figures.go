package voice

import (
	"fmt"
	"slices"
	"strconv"

	"virtualschool/internal/calendar"
)

// Timing is when some wishes were said and first answered: all that the figures need.
type Timing struct {
	SaidOn     calendar.Date
	AnsweredOn calendar.Date // zero: not answered
	Withdrawn  bool
	Wishes     int // how many were said and answered on these days
}

// Figures say how children's wishes fare.
type Figures struct {
	Said     int
	Open     int
	Late     int // of the open ones, those past the days for an answer
	Answered int
	InTime   int // of the answered ones
	waits    []int
}

// FiguresOf counts wishes; days is the council's number of working days for an answer. Withdrawn ones
// that nobody had answered count as said and as nothing else.
func FiguresOf(timings []Timing, working calendar.WorkingDays, days int, today calendar.Date) Figures {
	var f Figures
	for _, t := range timings {
		f.Said += t.Wishes
		switch {
		case !t.AnsweredOn.IsZero():
			wait := max(0, working.Between(t.SaidOn, t.AnsweredOn))
			f.Answered += t.Wishes
			if wait <= days {
				f.InTime += t.Wishes
			}
			f.waits = append(f.waits, slices.Repeat([]int{wait}, t.Wishes)...)
		case t.Withdrawn:
		default:
			f.Open += t.Wishes
			if working.Between(t.SaidOn, today) > days {
				f.Late += t.Wishes
			}
		}
	}
	slices.Sort(f.waits)
	return f
}

// Judged is of how many it is known whether they were answered in time: the answered ones, and the
// open ones for which it is too late.
func (f Figures) Judged() int { return f.Answered + f.Late }

// Percent is the share answered in time of those for which it is known, 0 to 100; false when it is
// known for none.
func (f Figures) Percent() (int, bool) {
	if f.Judged() == 0 {
		return 0, false
	}
	return (f.InTime*100 + f.Judged()/2) / f.Judged(), true
}

// Share is the percentage in words: "82%", or "Not known".
func (f Figures) Share() string {
	percent, known := f.Percent()
	if !known {
		return "Not known"
	}
	return fmt.Sprintf("%d%%", percent)
}

// Median is the middle of the working days until the first answer: "6", "6.5", or "Not known".
func (f Figures) Median() string {
	n := len(f.waits)
	if n == 0 {
		return "Not known"
	}
	twice := f.waits[n/2] + f.waits[(n-1)/2]
	return strconv.FormatFloat(float64(twice)/2, 'f', -1, 64)
}

// TermFigures are the figures of the wishes said in one term, or in the holidays after it.
type TermFigures struct {
	Term calendar.Term
	Figures
}

// ByTerm counts wishes by the term they were said in, oldest first. Terms are those known, in order;
// one in which nothing was said is left out.
func ByTerm(timings []Timing, terms []calendar.Term, working calendar.WorkingDays, days int, today calendar.Date) []TermFigures {
	said := make([][]Timing, len(terms))
	for _, t := range timings {
		for n := len(terms) - 1; n >= 0; n-- {
			if !terms[n].Starts.After(t.SaidOn) {
				said[n] = append(said[n], t)
				break
			}
		}
	}
	var all []TermFigures
	for n, term := range terms {
		if len(said[n]) > 0 {
			all = append(all, TermFigures{Term: term, Figures: FiguresOf(said[n], working, days, today)})
		}
	}
	return all
}

// LateBefore is the day before which an open wish must have been said to be late today.
func LateBefore(working calendar.WorkingDays, days int, today calendar.Date) calendar.Date {
	said := working.Add(today, -days)
	for working.Between(said, today) <= days {
		said = said.AddDays(-1)
	}
	return said.AddDays(1)
}
