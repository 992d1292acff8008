package ssda903

import (
	"fmt"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/intake/table"
)

// mostOfOneChild is the most episodes, and the most reviews, that are read for one
// child: far above any life, and low enough to be worked out at once.
const mostOfOneChild = 1000

// episodes reads the Episodes table, settles the return's year and works out each
// child's timeline.
func (r *reader) episodes() {
	latest := calendar.Date{}
	rows := map[*Child][]record{}
	for _, rec := range r.tables[Episodes] {
		c := r.child(rec)
		if c == nil {
			continue
		}
		e, ok := r.episode(rec, c)
		if !ok {
			c.worse(Contested, fmt.Sprintf("The episode on line %d could not be read, so the time in care may not be complete.", rec.line))
			continue
		}
		if line := c.hasEpisode(e); line != 0 {
			r.say(rec, "DECOM", "episode-twice", table.Warning, fmt.Sprintf("The same episode is on line %d. This row is passed over.", line))
			continue
		}
		if len(c.Episodes) >= mostOfOneChild {
			r.say(rec, "CHILD", "too-many-episodes", table.Error, fmt.Sprintf("The child has more than %d episodes, which cannot be right. The row is left out.", mostOfOneChild))
			c.worse(Contested, "There are more episodes than a childhood has room for.")
			continue
		}
		e.row = len(rows[c])
		c.Episodes = append(c.Episodes, e)
		rows[c] = append(rows[c], rec)
		latest = calendar.Latest(latest, e.Start)
	}
	if !latest.IsZero() {
		r.ret.Year = calendar.ReturnYear(latest) + 1
	}
	for _, c := range r.ret.Children {
		r.follow(c, rows[c])
	}
}

func (r *reader) episode(rec record, c *Child) (Episode, bool) {
	const out = "The episode is left out."
	start, ok := r.date(rec, "DECOM", table.Error, out)
	if !ok {
		return Episode{}, false
	}
	if start.IsZero() {
		r.say(rec, "DECOM", "no-start", table.Error, "The episode has no start. It is left out.")
		return Episode{}, false
	}
	end, ok := r.date(rec, "DEC", table.Error, out)
	if !ok {
		return Episode{}, false
	}
	if !end.IsZero() && end.Before(start) {
		r.say(rec, "DEC", "ends-before-start", table.Error, "The episode ends before it begins. It is left out.")
		return Episode{}, false
	}
	r.episodeDates(rec, c, start, end)
	closed := calendar.Latest(start, end)
	e := Episode{File: rec.file, Line: rec.line, Start: start, End: end,
		NewReason:    r.code(rec, "RNE", start),
		LegalStatus:  r.code(rec, "LS", start),
		Need:         r.code(rec, "CIN", start),
		Placement:    r.code(rec, "PLACE", start),
		Provider:     r.code(rec, "PLACE_PROVIDER", start),
		EndReason:    r.code(rec, "REC", end),
		ChangeReason: r.code(rec, "REASON_PLACE_CHANGE", closed),
		postcode:     strings.ReplaceAll(strings.ToUpper(rec.get("PL_POST")), " ", ""),
		ofstedURN:    rec.get("URN"),
	}
	if e.LegalStatus == "" {
		r.say(rec, "LS", "no-legal-status", table.Warning, "The episode has no legal status. The child is taken to be in care and not on short breaks.")
	}
	switch {
	case end.IsZero() && e.EndReason != "":
		r.say(rec, "REC", "reason-without-end", table.Info, "There is a reason for ending but no end. The episode is taken as still going on.")
		e.EndReason = ""
	case !end.IsZero() && e.EndReason == "":
		r.say(rec, "REC", "end-without-reason", table.Warning, "The episode has an end but no reason for it. Care is taken to have ended unless another episode begins on that day.")
	}
	return e, true
}

func (r *reader) episodeDates(rec record, c *Child, start, end calendar.Date) {
	if start.Before(c.DateOfBirth) {
		r.say(rec, "DECOM", "before-birth", table.Warning, "The episode begins before the child was born. Check both dates.")
	}
	if start.After(r.today) {
		r.say(rec, "DECOM", "in-future", table.Warning, "The episode begins in the future. Check it.")
	} else if end.After(r.today) {
		r.say(rec, "DEC", "in-future", table.Warning, "The episode ends in the future. Check it.")
	}
}

// hasEpisode gives the line of an episode that says the same, or 0.
func (c *Child) hasEpisode(e Episode) int {
	for _, before := range c.Episodes {
		same := before
		same.File, same.Line, same.row = e.File, e.Line, e.row
		if same == e {
			return before.Line
		}
	}
	return 0
}

// follow works out the timeline and tells what is odd about it.
func (r *reader) follow(c *Child, rows []record) {
	if len(c.Episodes) == 0 {
		return
	}
	timeline, findings := Timelines(c.Episodes)
	c.Timeline = timeline
	c.Episodes = byStart(c.Episodes)
	for _, f := range findings {
		severity := table.Warning
		if f.Contested {
			severity = table.Error
			c.worse(Contested, f.Text)
		}
		r.say(rows[f.Episode.row], f.Column, f.Rule, severity, f.Text)
	}
}
