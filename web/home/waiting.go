package home

import (
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/web/ui"
)

// waiting is what waits for the reader that is about no child they may be told of: restricted records that
// somebody opened, and people who ask for a child.
func (v homeView) waiting() (lines []standLine) {
	if n := v.Openings.Count; n > 0 {
		lines = append(lines, standLine{"A restricted record was opened by breaking the glass" + times(n) + since(v.Openings.Oldest, v.Today) + ". Was it justified?",
			ui.Link{Text: "Look into it", Href: "/break-glass"}})
	}
	if n := v.Requests.Count; n > 0 {
		lines = append(lines, standLine{ui.Plural(n, "request for access waits", "requests for access wait") + since(v.Requests.Oldest, v.Today) + ".",
			ui.Link{Text: "Decide", Hidden: "about requests for access", Href: "/access-requests"}})
	}
	if n := v.Withheld.Count; n > 0 {
		lines = append(lines, standLine{ui.Plural(n, "row of a file was", "rows of files were") + " left out: about a restricted record" + since(v.Withheld.Oldest, v.Today) + ".",
			ui.Link{Text: "Look at it", Hidden: "what was left out", Href: "/imports/withheld"}})
	}
	return lines
}

func times(n int) string {
	if n == 1 {
		return ""
	}
	return ", " + ui.Plural(n, "time", "times")
}

// since is how long the oldest has waited, where that is not since today.
func since(oldest *time.Time, today calendar.Date) string {
	if oldest == nil || !calendar.Of(*oldest).Before(today) {
		return ""
	}
	return ", the oldest since " + calendar.Of(*oldest).WordsWithDay()
}
