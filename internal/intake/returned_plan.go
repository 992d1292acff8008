package intake

import (
	"fmt"
	"slices"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/ssda903"
)

// sourceReturn marks what came from a return; anything else was entered by a person.
const sourceReturn = "903"

// record is a child on record, with all that a return could change.
type record struct {
	ID                int64
	LAChildID         string
	DateOfBirth       calendar.Date
	Sex               string
	Ethnicity         string
	UPN               string
	UPNQuality        string
	Unaccompanied     bool
	UnaccompaniedUpTo calendar.Date
	Source            string
	Sealed            bool // the file was closed when the child was adopted
	// What the last return said; zero when none has said anything.
	SaidDateOfBirth calendar.Date
	SaidSex         string
	SaidEthnicity   string
	SaidUPN         string

	stays      map[string][]stay
	reviews    map[calendar.Date]dated
	scores     map[int]score
	permanence *permanence
}

type dated struct{ Code, Source string }

type score struct {
	Text   string // the score, or the reason why there is none
	Source string
}

type permanence struct {
	Code    string
	EndedOn calendar.Date
	Source  string
}

// childPlan is what a return comes to for one child.
type childPlan struct {
	given   *ssda903.Child
	known   *record // nil: not on record
	action  string  // empty: nothing changes
	outside bool    // no time in care, so no record is made

	identity  bool   // who the child is changes; the fields below hold what it will be
	after     record // identity only
	revisions []revision
	reviews   []ssda903.Review
	score     *ssda903.SDQ
	previous  *ssda903.PreviousPermanence
	left      calendar.Date // the day care ended, if it ends by this return

	changes   []Change
	conflicts []string
}

// plan compares a child of a return with the record, known nil when there is none. districts are the
// authority's postcode districts; none: where a placement is stays unknown. Pure: values in, values out.
func plan(given *ssda903.Child, known *record, districts []string) *childPlan {
	p := &childPlan{given: given, known: known}
	if given.Standing == ssda903.Rejected {
		p.action = ActionRejected
		return p
	}
	wanted := wantedStays(given, districts)
	if known == nil && len(wanted[careStay]) == 0 {
		p.outside = true
		if given.Standing == ssda903.Contested {
			p.action = ActionConflict
		}
		return p
	}
	was := known
	if was == nil {
		was = &record{LAChildID: given.ID, Source: sourceReturn, UPNQuality: string(identifier.None)}
	}
	p.who(was)
	if len(given.Episodes) > 0 {
		p.stays(was, wanted)
	}
	p.careReviews(was)
	p.sdq(was)
	p.permanence(was)
	switch {
	case given.Standing == ssda903.Contested || len(p.conflicts) > 0:
		p.action = ActionConflict
	case known == nil:
		p.action = ActionNew
	case len(p.changes) > 0:
		p.action = ActionChanged
	}
	return p
}

// words say what a person must know about the line.
func (p *childPlan) words() string {
	said := slices.Clone(p.conflicts)
	if p.given.Standing == ssda903.Contested || p.given.Standing == ssda903.Rejected {
		said = append(slices.Clone(p.given.Reasons), said...)
	}
	if p.action == ActionNew {
		care := p.revisions[0].insert
		said = append(said, "In care "+care[len(care)-1].words()+".")
	}
	return strings.Join(said, " ")
}

// wantedStays are the days in care that the file gives, and what was so on those days. Short breaks
// (V3, V4) are outside the cohort; care that ended on the day it began has no day.
func wantedStays(given *ssda903.Child, districts []string) map[string][]stay {
	wanted := map[string][]stay{}
	for _, c := range given.Timeline.Care {
		if !c.ShortBreaks && !c.IsEmpty() {
			wanted[careStay] = append(wanted[careStay], stay{Kind: careStay, EndCode: c.EndCode, Start: c.Start, End: c.End})
		}
	}
	add := func(kind string, days calendar.Range, s stay) {
		if !days.IsEmpty() {
			s.Kind, s.Start, s.End = kind, days.Start, days.End
			wanted[kind] = append(wanted[kind], s)
		}
	}
	for _, d := range given.Timeline.LegalStatuses {
		add(legalStay, d.Range, stay{Code: d.Code})
	}
	for _, d := range given.Timeline.Needs {
		add(needStay, d.Range, stay{Code: d.Code})
	}
	for _, d := range given.Timeline.Placements {
		s := stay{Code: d.Code, Provider: d.Provider}
		if district := d.District(); district != "" && len(districts) > 0 {
			inside := slices.Contains(districts, district)
			s.InAuthority = &inside
		}
		add(placementStay, d.Range, s)
	}
	for _, kind := range stayKinds[1:] {
		wanted[kind] = within(wanted[kind], wanted[careStay])
	}
	return wanted
}

// viewOf is the run of days that the file speaks of for the child.
func viewOf(given *ssda903.Child) view {
	first := given.Episodes[0]
	for _, e := range given.Episodes[1:] {
		if e.Start.Before(first.Start) {
			first = e
		}
	}
	v := view{from: first.Start, fresh: first.NewReason == "S"}
	if care := given.Timeline.Care; len(care) > 0 {
		if last := care[len(care)-1]; last.EndCode == "X1" && !last.ShortBreaks && !last.IsEmpty() {
			v.to = last.End
		}
	}
	return v
}

func (p *childPlan) stays(was *record, wanted map[string][]stay) {
	v := viewOf(p.given)
	for _, kind := range stayKinds {
		onRecord := was.stays[kind]
		var returned []stay
		for _, s := range onRecord {
			if s.Source == sourceReturn {
				returned = append(returned, s)
			}
		}
		goal := v.merge(returned, wanted[kind])
		r := revise(kind, onRecord, goal)
		if r.conflict != "" {
			p.conflicts = append(p.conflicts, r.conflict)
			continue
		}
		p.revisions = append(p.revisions, r)
		if r.empty() {
			continue
		}
		p.changes = append(p.changes, Change{stayName(kind), stayWords(r.remove), stayWords(r.insert)})
		if kind == careStay {
			p.left = leftOn(onRecord, r)
		}
	}
	if !p.left.IsZero() {
		p.changes = append(p.changes, Change{"People who work with the child", "", "stop on " + p.left.Words() + ", when care ended"})
	}
}

// leftOn is the day on which care ends by a revision: there was open care and now there is none. A
// file that merely stops (X1) ends nobody's work.
func leftOn(onRecord []stay, r revision) calendar.Date {
	wasOpen, removed := false, map[int64]bool{}
	for _, s := range r.remove {
		removed[s.ID] = true
	}
	after := slices.Clone(r.insert)
	for _, s := range onRecord {
		wasOpen = wasOpen || s.End.IsZero()
		if !removed[s.ID] {
			after = append(after, s)
		}
	}
	var last stay
	for _, s := range after {
		if s.End.IsZero() {
			return calendar.Date{}
		}
		if s.End.After(last.End) {
			last = s
		}
	}
	if !wasOpen || last.EndCode == "X1" {
		return calendar.Date{}
	}
	return last.End
}

// who compares the fields of the child itself. A field that a person filled in otherwise than the
// return is a conflict; one that is empty, or still holds what an earlier return said, is set.
func (p *childPlan) who(was *record) {
	p.after = *was
	if was.Sealed {
		return // closed on adoption: who the child was then stays so
	}
	free := func(current, said string) bool {
		if current == "" {
			return true
		}
		if was.SaidDateOfBirth.IsZero() { // no return has spoken of this child yet
			return was.Source == sourceReturn
		}
		return current == said
	}
	text := func(what, current, given, said string, set func()) {
		switch {
		case given == "" || given == current:
		case free(current, said):
			set()
			p.identity = true
			if p.known != nil {
				p.changes = append(p.changes, Change{what, current, given})
			}
		default:
			p.conflicts = append(p.conflicts, fmt.Sprintf("%s is %s here, entered by hand; the return says %s. What was entered stays.", what, current, given))
		}
	}
	c := p.given
	text("Date of birth", was.DateOfBirth.String(), c.DateOfBirth.String(), was.SaidDateOfBirth.String(), func() { p.after.DateOfBirth = c.DateOfBirth })
	text("Sex", was.Sex, c.Sex, was.SaidSex, func() { p.after.Sex = c.Sex })
	text("Ethnicity", was.Ethnicity, c.Ethnicity, was.SaidEthnicity, func() { p.after.Ethnicity = c.Ethnicity })
	if c.UPN != "" || was.UPN == "" { // a code for having none says nothing against a number we hold
		text("UPN", was.UPN, returnedUPN(c), was.SaidUPN, func() { p.after.UPN, p.after.UPNQuality = returnedUPN(c), string(c.UPNQuality) })
	}
	p.unaccompanied(was)
}

// returnedUPN is the number as the return gives it, or its code for having none.
func returnedUPN(c *ssda903.Child) string {
	if c.UPN == "" {
		return c.UPNUnknown
	}
	return c.UPN
}

// unaccompanied is only ever set: that a child is missing from the table ends nothing.
func (p *childPlan) unaccompanied(was *record) {
	c := p.given
	if !c.Unaccompanied {
		return
	}
	if !was.Unaccompanied {
		p.after.Unaccompanied, p.identity = true, true
		p.changes = append(p.changes, Change{"Unaccompanied asylum-seeking child", "No", "Yes"})
	}
	if !c.UnaccompaniedUntil.IsZero() && c.UnaccompaniedUntil != was.UnaccompaniedUpTo {
		p.after.UnaccompaniedUpTo, p.identity = c.UnaccompaniedUntil, true
		p.changes = append(p.changes, Change{"Unaccompanied until", was.UnaccompaniedUpTo.Words(), c.UnaccompaniedUntil.Words()})
	}
}

func (p *childPlan) careReviews(was *record) {
	var added, before []string
	for _, review := range p.given.Reviews {
		known, there := was.reviews[review.Date]
		switch {
		case there && known.Code == review.Code:
			continue
		case there && known.Source != sourceReturn:
			p.conflicts = append(p.conflicts, fmt.Sprintf("The care review of %s has %s here, entered by hand; the return says %s. What was entered stays.", review.Date.Words(), known.Code, review.Code))
			continue
		case there:
			before = append(before, review.Date.Words()+" ("+known.Code+")")
		}
		p.reviews = append(p.reviews, review)
		added = append(added, review.Date.Words()+" ("+review.Code+")")
	}
	if len(added) > 0 {
		p.changes = append(p.changes, Change{"Care reviews", strings.Join(before, "; "), strings.Join(added, "; ")})
	}
}

func (p *childPlan) sdq(was *record) {
	given := p.given.SDQ
	if given == nil {
		return
	}
	text := given.Reason
	if given.Scored {
		text = fmt.Sprint(given.Score)
	}
	known, there := was.scores[given.Year]
	switch {
	case there && known.Text == text:
	case there && known.Source != sourceReturn:
		p.conflicts = append(p.conflicts, fmt.Sprintf("The SDQ score of %d is %s here, entered by hand; the return says %s. What was entered stays.", given.Year, known.Text, text))
	default:
		p.score = given
		p.changes = append(p.changes, Change{fmt.Sprintf("SDQ score of %d", given.Year), known.Text, text})
	}
}

func (p *childPlan) permanence(was *record) {
	given := p.given.PreviousPermanence
	if given == nil {
		return
	}
	words := func(code string, on calendar.Date) string { return strings.TrimSpace(code + " " + on.Words()) }
	known := was.permanence
	switch {
	case known == nil:
		p.previous = given
		p.changes = append(p.changes, Change{"Previous permanence", "", words(given.Code, given.Date)})
	case known.Code == given.Code && known.EndedOn == given.Date:
	case known.Source != sourceReturn:
		p.conflicts = append(p.conflicts, fmt.Sprintf("Previous permanence is %s here, entered by hand; the return says %s. What was entered stays.", words(known.Code, known.EndedOn), words(given.Code, given.Date)))
	default:
		p.previous = given
		p.changes = append(p.changes, Change{"Previous permanence", words(known.Code, known.EndedOn), words(given.Code, given.Date)})
	}
}
