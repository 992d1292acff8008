package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/returncode"
)

// The kinds of stay, each a table of its own.
const (
	careStay      = "care"
	legalStay     = "legal"
	placementStay = "placement"
	needStay      = "need"
)

var stayKinds = []string{careStay, legalStay, placementStay, needStay}

// stay is a run of days in which something was so: care, a legal status, a placement, a need.
type stay struct {
	ID          int64 // 0: not on record
	ChildID     int64
	Kind        string
	Code        string // empty for care
	Provider    string
	EndCode     string // only for care
	InAuthority *bool  // only for a placement; nil: not known
	Start       calendar.Date
	End         calendar.Date // zero: it goes on
	Source      string
}

func (s stay) days() calendar.Range { return calendar.Range{Start: s.Start, End: s.End} }

func (s stay) sameThing(other stay) bool { return s.Code == other.Code && s.Provider == other.Provider }

func (s stay) same(other stay) bool {
	return s.sameThing(other) && s.EndCode == other.EndCode && s.Start == other.Start && s.End == other.End
}

func (s stay) words() string {
	text := "from " + s.Start.Words()
	if !s.End.IsZero() {
		text += " to " + s.End.Words()
	}
	set := map[string]string{legalStay: "LS", placementStay: "PLACE", needStay: "CIN"}[s.Kind]
	if set != "" {
		text = returncode.Label(set, s.Code) + " " + text
	}
	if s.EndCode != "" {
		text += " (" + s.EndCode + ")"
	}
	return text
}

func stayName(kind string) string {
	switch kind {
	case careStay:
		return "Time in care"
	case legalStay:
		return "Legal status"
	case placementStay:
		return "Placement"
	}
	return "Category of need"
}

func stayWords(stays []stay) string {
	words := make([]string, len(stays))
	for i, s := range stays {
		words[i] = s.words()
	}
	return strings.Join(words, "; ")
}

// view is the run of days that a return speaks of for one child. A return of one year holds the
// episodes of that year and not those before, which stay as they were.
type view struct {
	from calendar.Date // the start of the first episode
	to   calendar.Date // where the file stops although care went on (X1 last); zero: it does not
	// fresh says that the first episode is a new start (RNE S), not the going on of an earlier one.
	fresh bool
}

// merge is what the return makes of the stays of one kind that earlier returns gave: those before and
// after its view stay, those within are the file's, and one that goes on over the seam is one.
func (v view) merge(known, given []stay) []stay {
	var all []stay
	// A new start that the file itself fills takes the place of a stay that ran across it: its start was put right.
	replaces := v.fresh && slices.ContainsFunc(given, func(s stay) bool { return s.Start == v.from })
	for _, k := range known {
		switch {
		case !k.End.IsZero() && !k.End.After(v.from):
			all = append(all, k)
			continue
		case k.Start.Before(v.from) && !replaces:
			piece := k
			piece.End, piece.EndCode = v.from, ""
			all = append(all, piece)
		}
		if !v.to.IsZero() && (k.End.IsZero() || k.End.After(v.to)) {
			piece := k
			piece.Start = calendar.Latest(k.Start, v.to)
			all = append(all, piece)
		}
	}
	all = append(all, given...)
	slices.SortFunc(all, func(a, b stay) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
	var merged []stay
	for _, s := range all {
		n := len(merged)
		atSeam := s.Start == v.from && !v.fresh || !v.to.IsZero() && s.Start == v.to
		if n > 0 && atSeam && merged[n-1].End == s.Start && merged[n-1].sameThing(s) {
			merged[n-1].End, merged[n-1].EndCode = s.End, s.EndCode
			if merged[n-1].InAuthority == nil {
				merged[n-1].InAuthority = s.InAuthority
			}
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// revision is what must be done to the stays of one kind.
type revision struct {
	kind     string
	remove   []stay
	insert   []stay
	conflict string // not empty: a person entered something else, and nothing is done
}

func (r revision) empty() bool { return len(r.remove)+len(r.insert) == 0 }

// revise compares wanted stays with those on record. A stay that a person entered is never touched:
// where it says the same nothing is needed, where it overlaps something else all of that kind is
// left to a person. Whether a placement is in the authority is only filled in, never overwritten.
func revise(kind string, onRecord, wanted []stay) revision {
	var returned, entered []stay
	for _, s := range onRecord {
		if s.Source == sourceReturn {
			returned = append(returned, s)
		} else {
			entered = append(entered, s)
		}
	}
	r := revision{kind: kind}
	kept := map[int64]bool{}
	for _, w := range wanted {
		own, clash := agrees(entered, w)
		if clash != nil {
			return revision{kind: kind, conflict: fmt.Sprintf("%s was entered by hand (%s), and the return says otherwise (%s). What was entered stays.", stayName(kind), clash.words(), w.words())}
		}
		if own {
			continue
		}
		found := false
		for _, known := range returned {
			if known.Start == w.Start && known.Code == w.Code && known.InAuthority != nil {
				w.InAuthority = known.InAuthority
			}
			if known.same(w) && (known.InAuthority != nil || w.InAuthority == nil) {
				kept[known.ID], found = true, true
			}
		}
		if !found {
			r.insert = append(r.insert, w)
		}
	}
	for _, known := range returned {
		if !kept[known.ID] {
			r.remove = append(r.remove, known)
		}
	}
	return r
}

// agrees says whether a person entered this very stay, or which entered stay it clashes with.
func agrees(entered []stay, w stay) (same bool, clash *stay) {
	for i, e := range entered {
		if e.Code == w.Code && e.Start == w.Start && e.End == w.End {
			return true, nil
		}
		if e.days().Overlaps(w.days()) {
			return false, &entered[i]
		}
	}
	return false, nil
}

// within cuts stays to the days in care: what a child had during short breaks alone is not kept.
func within(stays, care []stay) []stay {
	var cut []stay
	for _, s := range stays {
		for _, c := range care {
			if !s.days().Overlaps(c.days()) {
				continue
			}
			piece := s
			days := s.days().Overlap(c.days())
			piece.Start, piece.End = days.Start, days.End
			cut = append(cut, piece)
		}
	}
	return cut
}
