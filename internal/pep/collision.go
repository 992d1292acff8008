package pep

import (
	"fmt"
	"strings"
	"time"

	"virtualschool/internal/fault"
)

// Collision is a part that somebody else saved while it was being written. It carries both texts,
// so that nobody's words are lost. It is a Conflict.
type Collision struct {
	Part        Part
	Version     int // the version now saved: sending it with the form saves over what is there
	By          string
	At          time.Time
	Differences []Difference
}

// Difference is one thing the two said differently. Words are as a person reads them.
type Difference struct {
	Label        string
	Yours, Saved string
}

// Error is for logs: it says nothing of what was written.
func (c *Collision) Error() string {
	return fmt.Sprintf("collision in part %s at version %d", c.Part, c.Version)
}

// Unwrap makes it a Conflict with words to show.
func (c *Collision) Unwrap() error {
	return fault.Conflict(c.By + " saved this part while you were writing. Nothing is lost: compare the two, and save again.")
}

// Collisions are the parts of one save that somebody else had saved meanwhile. They are a Conflict.
type Collisions []*Collision

// Error is for logs: it says nothing of what was written.
func (c Collisions) Error() string { return fmt.Sprintf("collisions in %d parts", len(c)) }

// Unwrap makes them a Conflict with words to show.
func (c Collisions) Unwrap() error {
	if len(c) == 1 {
		return c[0].Unwrap()
	}
	return fault.Conflict("Parts of this plan were saved by others while you were writing. Nothing is lost: compare the texts, and save again.")
}

// line is one labelled text of a part, in the order of the page.
type line struct{ label, text string }

// differences pairs two versions of a part by label.
func differences(yours, saved []line) []Difference {
	var found []Difference
	seen := map[string]bool{}
	for _, mine := range yours {
		seen[mine.label] = true
		if theirs := textOf(saved, mine.label); theirs != mine.text {
			found = append(found, Difference{Label: mine.label, Yours: mine.text, Saved: theirs})
		}
	}
	for _, theirs := range saved {
		if !seen[theirs.label] && theirs.text != "" {
			found = append(found, Difference{Label: theirs.label, Saved: theirs.text})
		}
	}
	return found
}

func textOf(lines []line, label string) string {
	for _, one := range lines {
		if one.label == label {
			return one.text
		}
	}
	return ""
}

func (v Voice) lines() []line {
	return []line{
		{"Own words", v.Words}, {"How", TextOf(VoiceWays, v.How)}, {"When", v.On.Words()}, {"With whom", v.With},
	}
}

func (m Meeting) lines() []line {
	held := "Not yet held"
	if m.Held {
		held = "Held"
	}
	lines := []line{{"Day of the meeting", m.On.Words()}, {"Held", held}, {"Next meeting", m.Next.Words()}}
	for n, person := range m.Attendees {
		came := "sent apologies"
		if person.Present {
			came = "present"
		}
		lines = append(lines, line{fmt.Sprintf("Person %d", n+1), strings.Join([]string{person.Name, TextOf(AttendeeParts, person.Part), came}, ", ")})
	}
	return lines
}

func targetLines(targets []Target) []line {
	var lines []line
	for n, t := range targets {
		lines = append(lines, line{fmt.Sprintf("Target %d", n+1), labelled(
			"", t.What, "About", TextOf(Areas, t.Area), "How we will know", t.Measure, "Now", t.Baseline,
			"Who helps", t.Owner, "What it takes", t.Resource, "By", t.DueOn.Words())})
	}
	return lines
}

func reviewLines(reviews []Review, last *LastPlan) []line {
	var lines []line
	if last == nil {
		return lines
	}
	for _, target := range last.Targets {
		for _, r := range reviews {
			if r.TargetID == target.ID {
				lines = append(lines, line{target.What, labelled("", TextOf(Outcomes, r.Outcome), "Note", r.Note)})
			}
		}
	}
	return lines
}

func actionLines(actions []Action) []line {
	var lines []line
	for n, a := range actions {
		lines = append(lines, line{fmt.Sprintf("Action %d", n+1), labelled("", a.What, "Who", a.Owner, "By", a.DueOn.Words())})
	}
	return lines
}

// labelled joins pairs of label and text, leaving out what is empty.
func labelled(pairs ...string) string {
	var parts []string
	for n := 0; n+1 < len(pairs); n += 2 {
		switch {
		case pairs[n+1] == "":
		case pairs[n] == "":
			parts = append(parts, pairs[n+1])
		default:
			parts = append(parts, pairs[n]+": "+pairs[n+1])
		}
	}
	return strings.Join(parts, "\n")
}
