package journeys

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"virtualschool/internal/postgres/pgtest"
)

func TestMain(m *testing.M) {
	code := pgtest.Main(m)
	closeBrowser()
	os.Exit(code)
}

// One browser serves the package. It is started, and has answered, before any
// test opens a tab: two that start it at once wait for each other for ever.
var browser struct {
	once sync.Once
	ctx  context.Context
	err  error
}

func startBrowser(program string) (context.Context, error) {
	browser.once.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(program), chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
		if os.Geteuid() == 0 {
			options = append(options, chromedp.NoSandbox)
		}
		allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
		browser.ctx, _ = chromedp.NewContext(allocator)
		browser.err = chromedp.Do(browser.ctx)
	})
	return browser.ctx, browser.err
}

func closeBrowser() {
	if browser.ctx == nil || browser.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(browser.ctx, 10*time.Second)
	defer cancel()
	_ = chromedp.Cancel(ctx)
}

func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	return ""
}

// needsBrowser skips a test where there is none, or where only quick tests are wanted.
func needsBrowser(t *testing.T) (program string) {
	t.Helper()
	if testing.Short() {
		t.Skip("journeys are walked without -short")
	}
	if program = chromium(); program == "" {
		if os.Getenv("VS_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("Chromium is not installed, and VS_REQUIRE_CHROMIUM asks for it")
		}
		t.Skip("Chromium is not installed, so this journey is not walked")
	}
	return program
}

// tab is a fresh private window of the browser, closed when the test ends.
func tab(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	program := needsBrowser(t)
	ctx, err := startBrowser(program)
	if err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	ctx, closeTab := chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	ctx, cancel := context.WithTimeout(ctx, limit)
	t.Cleanup(func() {
		closeTab()
		cancel()
	})
	return ctx
}
