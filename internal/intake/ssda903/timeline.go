package ssda903

import (
	"regexp"
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/returncode"
)

// Timeline is a child's time in care as runs of days. Within each list no two
// runs share a day, and equal neighbours are one run.
type Timeline struct {
	Care          []CarePeriod
	LegalStatuses []Dated // codes of LS
	Needs         []Dated // codes of CIN
	Placements    []Placement
	// TemporaryMoves happened while a placement of the list above ran on.
	TemporaryMoves []Placement
}

// CarePeriod is an unbroken time in care. An empty period (Start equal to End) is
// care that began and ended on one day, which the return allows.
type CarePeriod struct {
	calendar.Range
	// EndCode is the REC that ended it. X1 stands where care changed to or from
	// short breaks, and where the file stops although care went on.
	EndCode     string
	ShortBreaks bool // V3 or V4: outside the virtual school's cohort
}

// Dated is a code that was so on a run of days.
type Dated struct {
	calendar.Range
	Code string
}

// Placement is where the child lived. No address is kept.
type Placement struct {
	calendar.Range
	Code         string // PLACE
	Provider     string // PLACE_PROVIDER
	ChangeReason string // why it ended, where given
	Temporary    bool   // T0 to T4
	postcode     string
	ofstedURN    string
}

var postcodeShape = regexp.MustCompile(`^([A-Z]{1,2}[0-9][0-9A-Z]?)[0-9][A-Z]{2}$`)

// District is the first half of the placement's postcode, such as DY1, for telling whether it is in
// the authority; empty when there is no whole postcode. The rest is never given out: a placement's
// address may be hidden.
func (p Placement) District() string {
	if parts := postcodeShape.FindStringSubmatch(p.postcode); parts != nil {
		return parts[1]
	}
	return ""
}

func (p Placement) sameAs(e Episode) bool {
	return p.Code == e.Placement && p.Provider == e.Provider && p.postcode == e.postcode && p.ofstedURN == e.ofstedURN
}

// InCare says whether the child is in care on a day, short breaks not counted.
func (t Timeline) InCare(on calendar.Date) bool {
	return slices.ContainsFunc(t.Care, func(p CarePeriod) bool { return !p.ShortBreaks && p.Contains(on) })
}

// Timelines turns episodes, in any order, into runs of days, and says what is odd
// about how they follow each other. Where episodes overlap, one that is not a
// short break goes before one that is, and then the later start before the
// earlier; nothing else is lost, so the child is in care on every day that any
// episode says so.
func Timelines(episodes []Episode) (Timeline, []Finding) {
	ordered := byStart(episodes)
	all, findings := spells(ordered)
	findings = append(findings, clashes(ordered)...)
	var t Timeline
	for _, s := range all {
		t.add(s)
	}
	return t, findings
}

// stretch is days on which one episode counts; none in a gap after X1.
type stretch struct {
	calendar.Range
	episode *Episode
}

// stretches cuts a spell at every start and end and picks the episode that counts
// in each piece. The last piece of an open spell has no end.
func (s spell) stretches() []stretch {
	var cuts []calendar.Date
	for _, e := range s.episodes {
		cuts = append(cuts, e.Start)
		if !e.Open() {
			cuts = append(cuts, e.End)
		}
	}
	slices.SortFunc(cuts, calendar.Date.Compare)
	cuts = slices.Compact(cuts)
	var all []stretch
	for i, from := range cuts {
		days := calendar.Range{Start: from}
		if i+1 < len(cuts) {
			days.End = cuts[i+1]
		} else if !s.end.IsZero() {
			break
		}
		all = append(all, stretch{days, s.counting(from)})
	}
	return all
}

func (s spell) counting(on calendar.Date) *Episode {
	var best *Episode
	for i := range s.episodes {
		e := &s.episodes[i]
		if !(calendar.Range{Start: e.Start, End: e.End}).Contains(on) {
			continue
		}
		if best == nil || returncode.ShortBreaks(best.LegalStatus) == returncode.ShortBreaks(e.LegalStatus) || returncode.ShortBreaks(best.LegalStatus) {
			best = e
		}
	}
	return best
}

func (t *Timeline) add(s spell) {
	pieces := s.stretches()
	if len(pieces) == 0 {
		t.Care = append(t.Care, CarePeriod{calendar.Range{Start: s.start, End: s.end}, s.code, returncode.ShortBreaks(s.episodes[0].LegalStatus)})
		return
	}
	t.addCare(s, pieces)
	t.LegalStatuses = append(t.LegalStatuses, runs(pieces, func(e *Episode) string { return e.LegalStatus })...)
	t.Needs = append(t.Needs, runs(pieces, func(e *Episode) string { return e.Need })...)
	t.addPlacements(pieces)
}

func (t *Timeline) addCare(s spell, pieces []stretch) {
	var periods []CarePeriod
	short := returncode.ShortBreaks(s.episodes[0].LegalStatus)
	for _, p := range pieces {
		if p.episode != nil {
			short = returncode.ShortBreaks(p.episode.LegalStatus)
		}
		n := len(periods)
		if n > 0 && periods[n-1].ShortBreaks == short {
			periods[n-1].End = p.End
			continue
		}
		if n > 0 {
			periods[n-1].EndCode = "X1"
		}
		periods = append(periods, CarePeriod{Range: p.Range, ShortBreaks: short})
	}
	if last := &periods[len(periods)-1]; !last.Open() {
		last.EndCode = s.code
	}
	t.Care = append(t.Care, periods...)
}

// runs joins neighbouring pieces with the same code; pieces without one are left out.
func runs(pieces []stretch, code func(*Episode) string) []Dated {
	var all []Dated
	for _, p := range pieces {
		if p.episode == nil || code(p.episode) == "" {
			continue
		}
		if n := len(all); n > 0 && all[n-1].End == p.Start && all[n-1].Code == code(p.episode) {
			all[n-1].End = p.End
			continue
		}
		all = append(all, Dated{p.Range, code(p.episode)})
	}
	return all
}

func (t *Timeline) addPlacements(pieces []stretch) {
	var main, away []Placement
	for _, p := range pieces {
		if p.episode == nil || p.episode.Placement == "" {
			continue
		}
		e := p.episode
		n := len(main)
		touches := n > 0 && main[n-1].End == p.Start
		switch {
		case touches && main[n-1].sameAs(*e):
			extend(&main[n-1], p)
		case touches && returncode.Temporary(e.Placement) && !main[n-1].Temporary:
			extend(&main[n-1], p)
			if k := len(away); k > 0 && away[k-1].End == p.Start && away[k-1].sameAs(*e) {
				extend(&away[k-1], p)
			} else {
				away = append(away, newPlacement(p))
			}
		default:
			main = append(main, newPlacement(p))
		}
	}
	t.Placements = append(t.Placements, main...)
	t.TemporaryMoves = append(t.TemporaryMoves, away...)
}

func newPlacement(p stretch) Placement {
	e := p.episode
	made := Placement{Code: e.Placement, Provider: e.Provider, Temporary: returncode.Temporary(e.Placement), postcode: e.postcode, ofstedURN: e.ofstedURN}
	made.Start = p.Start
	extend(&made, p)
	return made
}

func extend(to *Placement, p stretch) {
	to.End, to.ChangeReason = p.End, ""
	if p.End == p.episode.End {
		to.ChangeReason = p.episode.ChangeReason
	}
}
