package journeys

import (
	"bytes"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Reads is the page's text with white space folded.
func (v *Visitor) Reads() string {
	v.t.Helper()
	text, err := ask[string](v.ctx, "text()")
	v.must(err)
	return text
}

// Sees fails unless all the words are on the page.
func (v *Visitor) Sees(words ...string) {
	v.t.Helper()
	text := v.Reads()
	for _, w := range words {
		if !strings.Contains(text, w) {
			v.t.Fatalf("“%s” is not on %s (%d), which says: %s", w, v.where(), v.status, text)
		}
	}
}

// DoesNotSee fails when any of the words are on the page.
func (v *Visitor) DoesNotSee(words ...string) {
	v.t.Helper()
	text := v.Reads()
	for _, w := range words {
		if strings.Contains(text, w) {
			v.t.Fatalf("“%s” is on %s (%d) and should not be", w, v.where(), v.status)
		}
	}
}

// Holds fails unless a field holds the text.
func (v *Visitor) Holds(label, text string) {
	v.t.Helper()
	held, err := ask[struct {
		Found bool
		Text  string
	}](v.ctx, call("value", label, ""))
	v.must(err)
	if !held.Found {
		v.missing("no field called “" + label + "”")
	}
	if held.Text != text {
		v.t.Fatalf("“%s” on %s holds %q, want %q", label, v.where(), held.Text, text)
	}
}

// IsAnswered fails unless the last page came with this status.
func (v *Visitor) IsAnswered(status int64) {
	v.t.Helper()
	if v.status != status {
		v.t.Fatalf("%s was answered %d, want %d: %s", v.where(), v.status, status, v.Reads())
	}
}

// IsAt fails unless the address begins so.
func (v *Visitor) IsAt(path string) {
	v.t.Helper()
	if at := v.where(); !strings.HasPrefix(at, path) {
		v.t.Fatalf("is at %s, not at %s: %s", at, path, v.Reads())
	}
}

// seen remembers the pages that axe has read and how they were built, so that it reads each once.
var seen sync.Map

// looks looks the page over and reports what is wrong with it.
func (v *Visitor) looks() {
	v.t.Helper()
	if !v.looksOver {
		return
	}
	for _, problem := range v.faults() {
		v.t.Errorf("%s (%d): %s", pattern(v.where()), v.status, problem)
	}
}

// faults are what is wrong with the page as it stands.
func (v *Visitor) faults() []string {
	v.t.Helper()
	problems, err := ask[[]string](v.ctx, "look()")
	v.must(err)
	title, err := chromedp.Run(v.ctx, chromedp.Title())
	v.must(err)
	for _, name := range v.private {
		if strings.Contains(title, name) || strings.Contains(v.where(), name) {
			problems = append(problems, "the title or the address gives a name away: "+title)
		}
	}
	v.must(atWidth(v.ctx, 320, func() error {
		wide, err := ask[[]string](v.ctx, "wide()")
		if len(wide) > 0 {
			problems = append(problems, "scrolls sideways at 320 px: "+strings.Join(wide, " ; "))
		}
		if err != nil {
			return err
		}
		broken, err := ask[[]string](v.ctx, "brokenFigures()")
		problems = append(problems, broken...)
		return err
	}))
	if v.scripts {
		built, err := ask[string](v.ctx, "built()")
		v.must(err)
		if _, before := seen.LoadOrStore(pattern(v.where())+" "+built, true); !before {
			found, err := axeFinds(v.ctx, true)
			v.must(err)
			problems = append(problems, found...)
		}
	}
	return append(problems, v.heard.take()...)
}

// SeesOnPaper prints the page and says what is on it, as plain text of the print view.
func (v *Visitor) SeesOnPaper(words ...string) {
	v.t.Helper()
	v.onPaper(func(text string) {
		for _, w := range words {
			if !strings.Contains(text, w) {
				v.t.Errorf("“%s” is not on the printed %s, which says: %s", w, v.where(), text)
			}
		}
	})
}

// DoesNotSeeOnPaper fails when the words would be printed.
func (v *Visitor) DoesNotSeeOnPaper(words ...string) {
	v.t.Helper()
	v.onPaper(func(text string) {
		for _, w := range words {
			if strings.Contains(text, w) {
				v.t.Errorf("“%s” is on the printed %s", w, v.where())
			}
		}
	})
}

func (v *Visitor) onPaper(read func(text string)) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	v.must(err)
	read(v.Reads())
	_, err = chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: ""})
	v.must(err)
}

// Prints fails unless the page prints on a sensible number of sheets.
func (v *Visitor) Prints(fewest, most int) {
	v.t.Helper()
	pdf, err := chromedp.Run(v.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	v.must(err)
	if sheets := bytes.Count(pdf, []byte("/Type /Page\n")) + bytes.Count(pdf, []byte("/Type /Page\r")) + bytes.Count(pdf, []byte("/Type /Page ")); sheets < fewest || sheets > most {
		v.t.Errorf("%s prints on %d sheets, want %d to %d", v.where(), sheets, fewest, most)
	}
}
