package journeys

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Visitor is a person at a browser of their own.
type Visitor struct {
	t         *testing.T
	ctx       context.Context
	home      string
	scripts   bool
	private   []string // what must never be in a title or an address
	status    int64
	heard     *complaints
	looksOver bool
	pages     int             // that came up
	touched   map[string]bool // fields that were typed in or chosen
}

// A journey that takes longer than this has got stuck; most take seconds on a machine with nothing else to do.
const patience = 2 * time.Minute

// newVisitor opens a private window on the site.
func newVisitor(t *testing.T, home string, scripts bool, limit time.Duration) *Visitor {
	t.Helper()
	v := &Visitor{t: t, ctx: tab(t, limit), home: home, scripts: scripts, heard: &complaints{}, looksOver: true}
	if err := chromedp.Listen(v.ctx, func(event any) {
		v.heard.hear(event)
		if _, leaving := event.(*page.EventJavascriptDialogOpening); leaving {
			// Whoever leaves a page with unsaved words is asked; a journey means it.
			go func() {
				_, _ = chromedp.Call(v.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}()
		}
	}); err != nil {
		t.Fatal(err)
	}
	v.do(chromedp.EmulateViewport(1280, 900))
	_, err := chromedp.Call(v.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	v.must(err)
	if !scripts {
		_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		v.must(err)
	}
	return v
}

func (v *Visitor) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatalf("%v (on %s)", err, v.where())
	}
}

func (v *Visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	v.must(chromedp.Do(v.ctx, steps...))
}

// where is the address now, for messages.
func (v *Visitor) where() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.ctx), 2*time.Second)
	defer cancel()
	address, _ := chromedp.Run(ctx, chromedp.Location())
	return strings.TrimPrefix(address, v.home)
}

// call writes a function of page.js with its arguments.
func call(function string, args ...string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		text, _ := json.Marshal(arg)
		quoted[i] = string(text)
	}
	return function + "(" + strings.Join(quoted, ", ") + ")"
}

// HasSession gives the browser the session that signing in leaves behind.
func (v *Visitor) HasSession(token string) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.SetCookie, network.SetCookieParams{Name: "session", Value: token, URL: v.home})
	v.must(err)
}

// LosesSession is what hours away from the desk do.
func (v *Visitor) LosesSession() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, network.DeleteCookies, network.DeleteCookiesParams{Name: "session", URL: v.home})
	v.must(err)
}

// GoesBack uses the browser's own way back.
func (v *Visitor) GoesBack() {
	v.t.Helper()
	v.do(chromedp.NavigateBack())
}

// Opens types an address.
func (v *Visitor) Opens(path string) {
	v.t.Helper()
	v.arrives(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(v.ctx, page.Navigate, page.NavigateParams{URL: v.home + path})
		return err
	}))
}

// arrives takes steps that lead to another page and looks that over.
func (v *Visitor) arrives(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience/2)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, steps...)
	if errors.Is(err, context.DeadlineExceeded) {
		state, _ := ask[string](v.ctx, "state()")
		v.t.Fatalf("no page comes after %s (%d): %s; the browser says %v", v.where(), v.status, state, v.heard.take())
	}
	v.must(err)
	v.status = answer.Status
	v.pages++
	if answer.Status >= 500 {
		v.t.Errorf("%s answered %d", v.where(), answer.Status)
	}
	v.looks()
}

// Types puts text in the place of whatever a field holds.
func (v *Visitor) Types(label, text string) {
	v.t.Helper()
	v.TypesIn("", label, text)
}

// TypesIn types in a field that stands under a heading or legend.
func (v *Visitor) TypesIn(under, label, text string) {
	v.t.Helper()
	found, err := ask[bool](v.ctx, call("focus", label, under))
	v.must(err)
	if !found {
		v.missing("no field called “" + label + "”" + inside(under))
	}
	v.touches(under, label)
	if text == "" {
		_, err = ask[any](v.ctx, "empty()")
	} else {
		_, err = chromedp.Call(v.ctx, input.InsertText, input.InsertTextParams{Text: text})
	}
	v.must(err)
}

// TypesDate fills the three boxes of a date: "7 12 2026".
func (v *Visitor) TypesDate(legend, date string) {
	v.t.Helper()
	parts := strings.Fields(date)
	for i, box := range []string{"Day", "Month", "Year"} {
		v.TypesIn(legend, box, parts[i])
	}
}

// touches counts a field once, however often it is written in.
func (v *Visitor) touches(under, label string) {
	if v.touched == nil {
		v.touched = map[string]bool{}
	}
	v.touched[v.where()+" "+under+" "+label] = true
}

// Picks takes a line of a drop-down list.
func (v *Visitor) Picks(label, option string) {
	v.t.Helper()
	v.PicksIn("", label, option)
}

// PicksIn takes a line of a drop-down list that stands under a heading or legend.
func (v *Visitor) PicksIn(under, label, option string) {
	v.t.Helper()
	problem, err := ask[string](v.ctx, call("pick", label, option, under))
	v.must(err)
	v.touches(under, label)
	if problem != "" {
		v.missing("cannot pick “" + option + "”: " + problem)
	}
}

// Chooses presses a radio button or ticks a box, under a legend where that matters. As a person would,
// it looks whether the mark is there, and presses once more where the page moved under the mouse.
func (v *Visitor) Chooses(option string, legend ...string) {
	v.t.Helper()
	under := strings.Join(legend, "")
	before := v.marked(option, under)
	for presses := 0; presses == 0 || before == v.marked(option, under) && before != "radio chosen"; presses++ {
		if presses == 3 {
			v.t.Fatalf("on %s “%s”%s stays %s, however often it is pressed", v.where(), option, inside(under), before)
		}
		v.do(v.click("choice", option, under))
	}
	v.touches(under, option)
}

// marked says what kind of choice it is, and whether it is chosen.
func (v *Visitor) marked(option, under string) string {
	v.t.Helper()
	state, err := ask[string](v.ctx, call("marked", option, under))
	v.must(err)
	return state
}

// AnswersTheRest gives every question of the page that has no answer yet a plausible one.
func (v *Visitor) AnswersTheRest(text string) {
	v.t.Helper()
	_, err := ask[any](v.ctx, call("answerAll", text))
	v.must(err)
}

// AttachesIn hands files to a field that stands under a heading.
func (v *Visitor) AttachesIn(under, label string, files ...string) {
	v.t.Helper()
	id, err := ask[string](v.ctx, call("fileField", label, under))
	v.must(err)
	if id == "" {
		v.missing("no field called “" + label + "”" + inside(under))
	}
	v.do(chromedp.SetUploadFiles(chromedp.CSS(`[id="`+id+`"]`), files))
}

// Presses presses a button and waits for the page it leads to.
func (v *Visitor) Presses(text string) {
	v.t.Helper()
	v.arrives(v.click("button", text, ""))
}

// PressesInPlace presses a button that leads to no other page.
func (v *Visitor) PressesInPlace(text string) {
	v.t.Helper()
	v.do(v.click("button", text, ""))
}

// PressesIn presses a button under a heading or legend.
func (v *Visitor) PressesIn(under, text string) {
	v.t.Helper()
	v.arrives(v.click("button", text, under))
}

// Follows follows a link by its words.
func (v *Visitor) Follows(text string) {
	v.t.Helper()
	v.arrives(v.click("link", text, ""))
}

// Unfolds opens what is folded away under these words.
func (v *Visitor) Unfolds(text string) {
	v.t.Helper()
	v.do(v.click("fold", text, ""))
}

// KeysTo presses a key of the page, which leads to another page.
func (v *Visitor) KeysTo(key string) {
	v.t.Helper()
	v.arrives(chromedp.KeyEvent(key))
}

type spot struct {
	Found   bool
	X, Y    float64
	Covered string
}

// click presses the mouse where the thing is, as long as nothing lies over it.
func (v *Visitor) click(kind, text, under string) chromedp.Action[chromedp.Void] {
	v.t.Helper()
	if v.scripts {
		v.settles(call(kind, text, under))
	}
	at, err := ask[spot](v.ctx, call(kind, text, under))
	v.must(err)
	if !at.Found {
		v.missing("no " + kind + " “" + text + "”" + inside(under))
	}
	if at.Covered != "" {
		v.t.Fatalf("on %s the %s “%s” lies under %s", v.where(), kind, text, at.Covered)
	}
	return chromedp.MouseClickXY(at.X, at.Y)
}

// settles brings the thing into view and waits until the browser has drawn that: it looks up what a press
// of the mouse meets in what it drew last, and a busy machine draws late.
func (v *Visitor) settles(thing string) {
	v.t.Helper()
	_, err := chromedp.Run(v.ctx, chromedp.Evaluate[any]("new Promise(drawn => { "+pageScript+"."+thing+"; requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))); })", chromedp.EvalAwaitPromise))
	v.must(err)
}

func inside(under string) string {
	if under == "" {
		return ""
	}
	return " under “" + under + "”"
}

func (v *Visitor) missing(what string) {
	v.t.Helper()
	there, _ := ask[string](v.ctx, "labels()")
	v.t.Fatalf("%s on %s (%d). There is: %s", what, v.where(), v.status, there)
}

// PressesKeys sends real key presses: kb.Tab, kb.Enter, letters.
func (v *Visitor) PressesKeys(keys string) {
	v.t.Helper()
	v.do(chromedp.KeyEvent(keys))
}

// TabsTo presses Tab until something that begins with these words has the focus.
func (v *Visitor) TabsTo(words string) {
	v.t.Helper()
	for range 120 {
		v.PressesKeys("\t")
		at, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](`(e => ((e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText) || e.getAttribute("aria-label") || "").trim())(document.activeElement)`))
		v.must(err)
		if strings.HasPrefix(at, words) {
			return
		}
	}
	v.t.Fatalf("Tab never comes to “%s” on %s", words, v.where())
}

// EntersByKey presses Enter on what has the focus and waits for the next page.
func (v *Visitor) EntersByKey() {
	v.t.Helper()
	v.arrives(chromedp.KeyEvent("\r"))
}
