package ssda903

import (
	"cmp"
	"fmt"
	"slices"

	"virtualschool/internal/calendar"
)

// Finding is something odd about how episodes follow each other. Contested
// findings leave open what is so; the others are warnings.
type Finding struct {
	Episode   Episode // the one that shows it
	Column    string
	Rule      string
	Text      string
	Contested bool
}

// spell is one unbroken time looked after: episodes that overlap or are joined by
// X1. Whether they are short breaks plays no part yet.
type spell struct {
	start, end calendar.Date // end zero: goes on
	code       string        // why it ended
	episodes   []Episode
}

// byStart orders episodes by start, then by end (open ones last), then as the
// file has them.
func byStart(episodes []Episode) []Episode {
	sorted := slices.Clone(episodes)
	slices.SortStableFunc(sorted, func(a, b Episode) int {
		return cmp.Or(a.Start.Compare(b.Start), compareEnds(a.End, b.End), cmp.Compare(a.Line, b.Line))
	})
	return sorted
}

// compareEnds compares two ends, no end being after every day.
func compareEnds(a, b calendar.Date) int {
	switch {
	case a == b:
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

// spells groups episodes, which must be ordered, into unbroken times looked
// after. X1 does not end one: where the next episode begins some days later the
// spell goes on over the gap, and a finding says so, unless that episode calls
// itself a start (RNE S). Where the file has no next episode at all it has come to
// its own end, not to the end of care: the spell is known only to that day, keeps
// X1 as its code, and a finding says so.
func spells(ordered []Episode) ([]spell, []Finding) {
	var all []spell
	var findings []Finding
	for _, e := range ordered {
		if n := len(all); n > 0 {
			s := &all[n-1]
			if s.joins(e, &findings) {
				s.add(e)
				continue
			}
		}
		all = append(all, spell{start: e.Start, end: e.End, code: e.EndReason, episodes: []Episode{e}})
	}
	if n := len(all); n > 0 {
		if s := &all[n-1]; !s.end.IsZero() && s.code == "X1" {
			last := s.closing()
			findings = append(findings, Finding{last, "REC", "x1-last",
				"X1 says that another episode began on the same day, but the file has none: it may reach only to there. Care is recorded to that day; a later return or a person must say whether it went on.", false})
		}
	}
	return all, findings
}

func (s *spell) joins(e Episode, findings *[]Finding) bool {
	if s.end.IsZero() || e.Start.Before(s.end) {
		return true
	}
	if e.Start == s.end {
		return s.code == "X1" || s.code == "" && e.NewReason != "S"
	}
	if s.code != "X1" {
		return false
	}
	last := s.closing()
	between := fmt.Sprintf("X1 says that another episode began on the same day, but the next one (%s) begins %d %s later. ",
		e.place(), e.Start.Sub(s.end), plural("day", e.Start.Sub(s.end)))
	if e.NewReason == "S" {
		*findings = append(*findings, Finding{last, "REC", "x1-gap", between + "That one is a new start, so care is taken to have ended in between.", false})
		return false
	}
	*findings = append(*findings, Finding{last, "REC", "x1-gap", between + "Care is taken to have gone on; where the child lived in between is not known.", false})
	return true
}

func (s *spell) add(e Episode) {
	s.episodes = append(s.episodes, e)
	if compareEnds(e.End, s.end) >= 0 {
		s.end, s.code = e.End, e.EndReason
	}
}

// closing is the episode that ends last.
func (s *spell) closing() Episode {
	last := s.episodes[0]
	for _, e := range s.episodes[1:] {
		if compareEnds(e.End, last.End) >= 0 {
			last = e
		}
	}
	return last
}

// clashes lists episodes that run at the same time as an earlier one. Two that
// are both still open contradict each other about the present.
func clashes(ordered []Episode) []Finding {
	var findings []Finding
	var longest *Episode // the one that ends last so far
	var open *Episode
	for i := range ordered {
		e := &ordered[i]
		switch {
		case e.Open() && open != nil:
			findings = append(findings, Finding{*e, "DEC", "two-open", fmt.Sprintf(
				"The child has two episodes without an end, this one and another (%s). The child is in care either way; the later start is taken for the placement and legal status until somebody settles it.", open.place()), true})
		case longest != nil && compareEnds(longest.End, e.Start) > 0 && (e.Open() || e.Start.Before(e.End)):
			findings = append(findings, Finding{*e, "DECOM", "overlap", fmt.Sprintf(
				"The episode begins before another (%s) has ended. While both run, the later start is taken for the placement and legal status.", longest.place()), false})
		}
		if e.Open() && open == nil {
			open = e
		}
		if longest == nil || compareEnds(e.End, longest.End) > 0 {
			longest = e
		}
	}
	return findings
}
