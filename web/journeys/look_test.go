package journeys

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/page.js
var pageScript string

// axe is the accessibility checker, as npm brings it beside the styles.
var axe = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is not there; run make assets: %w", err)
	}
	return string(source) + ";null", nil
})

// Styles are not fetched anew for the one rule that reads them, about locked orientation: nothing here turns.
const axeRun = `axe.run(document, {rules: {"color-contrast": {enabled: %t}}, resultTypes: ["violations"], preload: false, runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})
	.then(result => result.violations.map(v => ({Rule: v.id, Help: v.help, Where: v.nodes.slice(0, 4).map(n => n.target.join(" ") + " " + n.html.slice(0, 120))})))`

type violation struct {
	Rule, Help string
	Where      []string
}

// axeFinds is what axe objects to on the page as it stands. Colours, which take longest, are the same at every width.
func axeFinds(ctx context.Context, colours bool) ([]string, error) {
	source, err := axe()
	if err != nil {
		return nil, err
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](source)); err != nil {
		return nil, err
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]violation](fmt.Sprintf(axeRun, colours), chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, v := range found {
		problems = append(problems, fmt.Sprintf("axe %s: %s at %s", v.Rule, v.Help, strings.Join(v.Where, " ; ")))
	}
	return problems, nil
}

// ask runs one function of page.js.
func ask[T any](ctx context.Context, function string) (T, error) {
	return chromedp.Run(ctx, chromedp.Evaluate[T](pageScript+"."+function))
}

// atWidth does something while the window has another width.
func atWidth(ctx context.Context, width int64, do func() error) error {
	if err := resize(ctx, width); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return resize(ctx, 1280)
}

// resize gives the window another width, and waits until the styles follow it.
func resize(ctx context.Context, width int64) error {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil {
		return err
	}
	for range 100 {
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf("innerWidth === %[1]d && matchMedia('(width: %[1]dpx)').matches", width)))
		if there || err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("the window did not become %d pixels wide", width)
}

// complaints gathers what the browser itself objects to.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (c *complaints) add(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, text)
}

// take is what has come since it was last asked.
func (c *complaints) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

func (c *complaints) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		c.add("script failed: " + text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			var words []string
			for _, arg := range e.Args {
				words = append(words, string(arg.Value)+arg.Description)
			}
			c.add("console " + string(e.Type) + ": " + strings.Join(words, " "))
		}
	case *log.EventEntryAdded:
		if (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) && !refusedPage(e.Entry) {
			c.add(string(e.Entry.Source) + " " + string(e.Entry.Level) + ": " + e.Entry.Text + " " + e.Entry.URL)
		}
	}
}

// refusedPage says whether the browser only repeats that a page was answered with, say, 422: the
// journey itself says which answers it expects.
func refusedPage(entry *log.Entry) bool {
	at, err := url.Parse(entry.URL)
	return err == nil && entry.Source == "network" && strings.Contains(entry.Text, "status of 4") &&
		!strings.HasPrefix(at.Path, "/assets/") && !strings.HasSuffix(at.Path, ".css")
}

var numbers = regexp.MustCompile(`/(\d+|[0-9a-f-]{36})(/|$)`)

// pattern is an address with its numbers left out, which stands for all pages of its kind.
func pattern(path string) string {
	path, _, _ = strings.Cut(path, "?")
	for numbers.MatchString(path) {
		path = numbers.ReplaceAllString(path, "/#$2")
	}
	return path
}
