package ssda903

import (
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/identifier"
	"virtualschool/internal/intake/table"
)

// headers makes the children.
func (r *reader) headers() {
	first := map[string]record{}
	upns := map[string]int{}
	styles := map[bool]int{}
	for _, rec := range r.tables[HeaderTable] {
		id := rec.get("CHILD")
		if id == "" {
			r.say(rec, "CHILD", "no-child", table.Error, "The row has no identifier for the child. It is left out.")
			continue
		}
		if before, ok := first[id]; ok {
			r.twice(rec, before)
			continue
		}
		first[id] = rec
		c := &Child{ID: id, File: rec.file, Line: rec.line, Standing: Good}
		r.byID[id] = c
		r.ret.Children = append(r.ret.Children, c)
		r.birth(rec, c)
		c.Ethnicity = r.codeOf(rec, "ETHNIC", "ETHNIC", calendar.Date{})
		r.sex(rec, c, styles)
		r.upn(rec, c, upns)
	}
}

// twice deals with a second Header row for a child: the same again does no harm;
// a different one leaves open who the child is.
func (r *reader) twice(rec, before record) {
	c := r.byID[rec.get("CHILD")]
	for _, column := range wanted[HeaderTable] {
		if rec.get(column) != before.get(column) {
			r.say(rec, column, "child-twice", table.Error, fmt.Sprintf(
				"The child is in the Header twice, here and on line %d, and the two rows differ in %s. Neither is chosen: the child is left out until the file is put right.", before.line, column))
			c.worse(Rejected, fmt.Sprintf("The Header has two rows for the child, and they differ in %s.", column))
			return
		}
	}
	r.say(rec, "CHILD", "child-twice", table.Warning, fmt.Sprintf("The child is in the Header twice; this row says the same as line %d and is passed over.", before.line))
}

const oldestInCare = 26 // years; beyond, a date of birth is more likely a slip

func (r *reader) birth(rec record, c *Child) {
	const out = "The child is left out."
	born, ok := r.date(rec, "DOB", table.Error, out)
	switch {
	case !ok:
		c.worse(Rejected, "The date of birth cannot be read.")
	case born.IsZero():
		r.say(rec, "DOB", "no-birth-date", table.Error, "There is no date of birth. "+out)
		c.worse(Rejected, "There is no date of birth.")
	case born.After(r.today):
		r.say(rec, "DOB", "birth-in-future", table.Warning, "The date of birth is in the future. Check it.")
	case calendar.Age(born, r.today) > oldestInCare:
		r.say(rec, "DOB", "birth-long-ago", table.Warning, fmt.Sprintf("The date of birth is more than %d years ago. Check it.", oldestInCare))
	}
	c.DateOfBirth = born
}

// sex reads both styles of the return: 1 and 2 until 2023/24, M, F and U since.
// styles remembers which of them the file has used.
func (r *reader) sex(rec record, c *Child, styles map[bool]int) {
	code := r.codeOf(rec, "SEX", "SEX", calendar.Date{})
	switch code {
	case "1", "M":
		c.Sex = "M"
	case "2", "F":
		c.Sex = "F"
	case "U":
		c.Sex = "U"
	default:
		return
	}
	number := code == "1" || code == "2"
	if line, mixed := styles[!number]; mixed && styles[number] == 0 {
		r.say(rec, "SEX", "mixed-styles", table.Warning, fmt.Sprintf(
			"SEX is written as a number in some rows and as a letter in others (line %d), so the file may be put together from two returns.", line))
	}
	if styles[number] == 0 {
		styles[number] = rec.line
	}
}

func (r *reader) upn(rec record, c *Child, seen map[string]int) {
	text := rec.get("UPN")
	upn, quality, words := identifier.CheckUPN(text)
	c.UPN, c.UPNQuality = string(upn), quality
	switch quality {
	case identifier.UnknownCode:
		c.UPNUnknown = strings.ToUpper(text)
		return
	case identifier.None:
		r.say(rec, "UPN", "upn-none", table.Info, "There is no UPN and no code saying why.")
		return
	case identifier.WrongShape:
		c.UPN = text
		r.say(rec, "UPN", "upn-wrong-shape", table.Warning, words+". It is kept as text and never used to find the child.")
		return
	case identifier.WrongLetter:
		r.say(rec, "UPN", "upn-wrong-letter", table.Warning, words+". It is kept and marked.")
	}
	if line, ok := seen[c.UPN]; ok {
		r.say(rec, "UPN", "upn-twice", table.Warning, fmt.Sprintf("The same UPN is on line %d for another child. It is kept for both and must be settled.", line))
	} else {
		seen[c.UPN] = rec.line
	}
}

func (r *reader) reviews() {
	for _, rec := range r.tables[Reviews] {
		c := r.child(rec)
		if c == nil {
			continue
		}
		day, ok := r.date(rec, "REVIEW", table.Error, "The review is left out.")
		if !ok {
			continue
		}
		if day.IsZero() {
			r.say(rec, "REVIEW", "no-date", table.Error, "The review has no date. It is left out.")
			continue
		}
		if day.After(r.today) {
			r.say(rec, "REVIEW", "in-future", table.Warning, "The review is dated in the future. Check it.")
		}
		code := r.code(rec, "REVIEW_CODE", day)
		if code == "" {
			r.say(rec, "REVIEW_CODE", "no-code", table.Error, "The review does not say how the child took part. It is left out.")
			continue
		}
		if line := c.reviewOn(day); line != 0 {
			r.say(rec, "REVIEW", "review-twice", table.Warning, fmt.Sprintf("The child already has a review on that day, on line %d. This one is passed over.", line))
			continue
		}
		if len(c.Reviews) >= mostOfOneChild {
			r.say(rec, "CHILD", "too-many-reviews", table.Error, fmt.Sprintf("The child has more than %d reviews, which cannot be right. The row is left out.", mostOfOneChild))
			continue
		}
		c.Reviews = append(c.Reviews, Review{Date: day, Code: code, Line: rec.line})
	}
}

func (c *Child) reviewOn(day calendar.Date) int {
	for _, review := range c.Reviews {
		if review.Date == day {
			return review.Line
		}
	}
	return 0
}

func (r *reader) unaccompanied() {
	for _, rec := range r.tables[UASC] {
		c := r.child(rec)
		if c == nil {
			continue
		}
		until, _ := r.date(rec, "DUC", table.Warning, "The child is taken as unaccompanied, without an end.")
		if c.Unaccompanied && c.UnaccompaniedUntil != until {
			r.say(rec, "DUC", "uasc-twice", table.Warning, "The child is in the UASC table twice with different dates. The later one is used.")
			until = calendar.Latest(until, c.UnaccompaniedUntil)
		}
		c.Unaccompanied, c.UnaccompaniedUntil = true, until
	}
}

func (r *reader) scores() {
	for _, rec := range r.tables[OC2] {
		c := r.child(rec)
		if c == nil {
			continue
		}
		sdq := SDQ{Year: r.ret.Year, Line: rec.line, Reason: r.codeOf(rec, "SDQ_REASON", "SDQ_REASON", calendar.Date{})}
		if text := rec.get("SDQ_SCORE"); text != "" {
			score, err := strconv.Atoi(text)
			if err != nil || score < 0 || score > 40 {
				r.say(rec, "SDQ_SCORE", "bad-score", table.Error, "An SDQ score is a whole number from 0 to 40. The score is left out.")
				continue
			}
			if sdq.Reason != "" {
				r.say(rec, "SDQ_REASON", "score-and-reason", table.Warning, "There is a score and also a reason for having none. The score is kept.")
			}
			sdq.Scored, sdq.Score, sdq.Reason = true, score, ""
		}
		switch {
		case !sdq.Scored && sdq.Reason == "":
			continue
		case sdq.Year == 0:
			r.say(rec, "SDQ_SCORE", "no-year", table.Warning, "Without an episode in the return nothing says which year the score is of. It is left out.")
		case c.SDQ != nil:
			r.say(rec, "SDQ_SCORE", "sdq-twice", table.Warning, fmt.Sprintf("The child is in the OC2 table twice. The first row, line %d, is used.", c.SDQ.Line))
		default:
			c.SDQ = &sdq
		}
	}
}

func (r *reader) permanence() {
	for _, rec := range r.tables[PrevPerm] {
		c := r.child(rec)
		if c == nil {
			continue
		}
		code := r.codeOf(rec, "PREV_PERM", "PREV_PERM", calendar.Date{})
		if code == "" {
			continue
		}
		if c.PreviousPermanence != nil {
			r.say(rec, "PREV_PERM", "permanence-twice", table.Warning, fmt.Sprintf("The child is in the table twice. The first row, line %d, is used.", c.PreviousPermanence.Line))
			continue
		}
		found := PreviousPermanence{Code: code, Line: rec.line}
		// Where the day or month is not known the return has zz in its place.
		if !strings.Contains(strings.ToLower(rec.get("DATE_PERM")), "zz") {
			found.Date, _ = r.date(rec, "DATE_PERM", table.Warning, "The date is left out.")
		}
		c.PreviousPermanence = &found
	}
}
