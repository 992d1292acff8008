package pdf

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"virtualschool/internal/fault"
)

// Limits on printing. A file of twenty plans takes a few seconds.
const (
	printLimit = 60 * time.Second // for one file, with the wait for its turn
	idleLimit  = 2 * time.Minute  // after which a browser without work is ended
	atOnce     = 2                // files printed side by side
)

// Off as a setting says that no Chromium is to be used, installed or not.
const Off = "none"

// Find is the Chromium of this machine: the program that setting names, or the first of the usual
// names; empty for none.
func Find(setting string) string {
	if setting == Off {
		return ""
	}
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"}
	if setting != "" {
		names = []string{setting}
	}
	for _, name := range names {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	return ""
}

// Chromium prints with a browser that it starts when there is something to print and keeps for the
// next. It is safe for use by several at once. Close ends it.
type Chromium struct {
	program     string
	log         *slog.Logger
	limit, idle time.Duration
	turns       chan struct{}

	mu      sync.Mutex
	closed  bool
	current *browser // nil: none is running
}

// New is a printer on the Chromium that setting names (see Find), or None.
func New(setting string, log *slog.Logger) (printer Printer, end func()) {
	program := Find(setting)
	if program == "" {
		return None, func() {}
	}
	c := newChromium(program, log)
	return c, c.Close
}

func newChromium(program string, log *slog.Logger) *Chromium {
	return &Chromium{program: program, log: log, limit: printLimit, idle: idleLimit, turns: make(chan struct{}, atOnce)}
}

// Available says that there is a Chromium.
func (c *Chromium) Available() bool { return true }

// Print makes one file of a document.
func (c *Chromium) Print(ctx context.Context, document Document) ([]byte, error) {
	return c.print(ctx, document.markup())
}

func (c *Chromium) print(ctx context.Context, markup string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return nil, fault.Wrap(fault.KindUnavailable, "Many files are being printed at the moment. Try again in a minute.", context.Cause(ctx))
	}
	b, err := c.take(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.KindUnavailable, "The program that makes PDF files does not start. Open the page for printing and print it from your browser, and tell whoever looks after this server.", err)
	}
	file, err := b.print(ctx, markup)
	c.giveBack(b, err == nil)
	switch {
	case err == nil:
		return file, nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fault.Wrap(fault.KindUnavailable, "Making the PDF file took too long. Try again, or print the page from your browser.", err)
	case ctx.Err() != nil:
		return nil, ctx.Err() // whoever asked has left
	}
	return nil, fault.Wrap(fault.KindUnavailable, "The PDF file could not be made this time. Try again.", err)
}

// take is the running browser, or a new one.
func (c *Chromium) take(ctx context.Context) (*browser, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil, errors.New("printing has ended")
	}
	if c.current != nil && c.current.ctx.Err() != nil { // it broke down, or somebody ended it
		go c.current.end()
		c.current = nil
	}
	if c.current == nil {
		begun, err := c.start(ctx)
		if err != nil {
			return nil, err
		}
		c.current = begun
	}
	c.current.users++
	if c.current.resting != nil {
		c.current.resting.Stop()
	}
	return c.current, nil
}

// giveBack ends a browser that failed once nobody uses it, and one that nobody needed for a while.
func (c *Chromium) giveBack(b *browser, sound bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.users--
	if !sound && c.current == b {
		c.current = nil
	}
	switch {
	case b.users > 0:
	case c.current != b:
		go b.end()
	default:
		b.resting = time.AfterFunc(c.idle, func() { c.retire(b) })
	}
}

func (c *Chromium) retire(b *browser) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.users == 0 && c.current == b {
		c.current = nil
		go b.end()
	}
}

// Close ends the browser. What is being printed fails, and nothing is printed any more.
func (c *Chromium) Close() {
	c.mu.Lock()
	last := c.current
	c.closed, c.current = true, nil
	c.mu.Unlock()
	if last != nil {
		last.end()
	}
}

// browser is one running Chromium.
type browser struct {
	ctx     context.Context
	stop    context.CancelFunc
	users   int
	resting *time.Timer
}

// passedOn is what a browser may know of our environment. Passwords are in it too.
var passedOn = []string{"PATH", "HOME", "TMPDIR", "LANG", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "FONTCONFIG_PATH", "FONTCONFIG_FILE"}

// start starts a browser within the time that ctx leaves. It outlives ctx.
func (c *Chromium) start(ctx context.Context) (*browser, error) {
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(c.program), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.NoInheritEnv,
		// No network: no name is found, and whatever needs none goes to a proxy that is not there.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
		chromedp.Flag("proxy-server", "http://127.0.0.1:1"), chromedp.Flag("proxy-bypass-list", "<-loopback>"),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"),
	}
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-default-apps",
		"disable-extensions", "disable-breakpad", "disable-domain-reliability", "disable-dev-shm-usage", "metrics-recording-only", "no-pings"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	for _, name := range passedOn {
		if value, given := os.LookupEnv(name); given {
			options = append(options, chromedp.Env(name+"="+value))
		}
	}
	allocator, stopAll := chromedp.NewExecAllocator(context.Background(), options...) // with a profile in a folder of its own
	running, _ := chromedp.NewContext(allocator, chromedp.WithErrorf(func(text string, args ...any) {
		c.log.Debug("the printing browser", "says", fmt.Sprintf(text, args...))
	}))
	giveUp := context.AfterFunc(ctx, stopAll)
	err := chromedp.Do(running) // starts it
	if !giveUp() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		stopAll()
		return nil, fmt.Errorf("start %s: %w", c.program, err)
	}
	return &browser{ctx: running, stop: stopAll}, nil
}

// end asks the browser to end, and ends it if it does not. Its profile goes with it.
func (b *browser) end() {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	_ = chromedp.Cancel(ctx) // one that has broken down cannot answer
	b.stop()
}

// print prints a document in a window of its own, which shares nothing with others.
func (b *browser) print(ctx context.Context, markup string) ([]byte, error) {
	window, closeWindow := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	defer closeWindow()
	defer context.AfterFunc(ctx, closeWindow)()
	if err := chromedp.Do(window, prepare, show(markup)); err != nil {
		return nil, err
	}
	return chromedp.Run(window, chromedp.PrintToPDF(chromedp.PDFOutlineAndTagged(), chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground(),
		func(p *page.PrintToPDFParams) { p.TransferMode = page.PrintToPDFTransferModeReturnAsStream }))
}

// prepare turns off scripts, and every request there could be.
func prepare(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
	if _, err = cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		return none, err
	}
	if _, err = cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
		return none, err
	}
	_, err = cdp.Call(ctx, t, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/*", Block: true}}})
	return none, err
}

// show puts the document into the empty page that a new window has.
func show(markup string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (none chromedp.Void, err error) {
		frames, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil {
			return none, err
		}
		_, err = cdp.Call(ctx, t, page.SetDocumentContent, page.SetDocumentContentParams{FrameID: frames.FrameTree.Frame.ID, HTML: markup})
		return none, err
	}
}
