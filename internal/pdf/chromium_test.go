package pdf

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"virtualschool/internal/fault"
)

// printer is a real Chromium of the test's own.
func printer(t *testing.T) *Chromium {
	t.Helper()
	if testing.Short() {
		t.Skip("documents are printed without -short")
	}
	program := Find("")
	if program == "" {
		if os.Getenv("VS_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("Chromium is not installed, and VS_REQUIRE_CHROMIUM asks for it")
		}
		t.Skip("Chromium is not installed, so nothing is printed")
	}
	c := newChromium(program, slog.New(slog.DiscardHandler))
	t.Cleanup(c.Close)
	return c
}

func sample(body string) Document {
	return Document{Title: "Personal Education Plan", Language: "en-GB", Styles: "@page{size:A4;margin:15mm;@bottom-right{content:counter(page) ' of ' counter(pages)}}",
		Parts: []Part{{Foot: "Autumn 2026/27", Body: []byte(body)}}}
}

// pages counts the pages of a file, which Chromium writes plainly.
func pages(file []byte) int { return len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(file, -1)) }

func TestAPrintedDocumentIsTagged(t *testing.T) {
	t.Parallel()
	c := printer(t)
	document := sample(`<h1>One</h1><p>Words</p><table><caption>Targets</caption><thead><tr><th scope="col">Target</th></tr></thead><tbody><tr><td>Read</td></tr></tbody></table>`)
	document.Parts = append(document.Parts, Part{Body: []byte(`<h1>Two</h1><ul><li>Line</li></ul>`)})
	file, err := c.Print(t.Context(), document)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(file, []byte("%PDF-")) || pages(file) != 2 {
		t.Errorf("%d bytes, %d pages", len(file), pages(file))
	}
	for _, want := range []string{`/StructTreeRoot`, `/MarkInfo\s*<<[^>]*/Marked true`, `/Lang\s*\(en-GB\)`, `/DisplayDocTitle true`, `/Title\s*\(Personal Education Plan\)`,
		`/Outlines`, `/S /H1`, `/S /Table`, `/S /TH`, `/S /L\b`, `/MediaBox\s*\[0 0 59[45][.0-9]* 84[12]`} {
		if !regexp.MustCompile(want).Match(file) {
			t.Errorf("the file has no %s", want)
		}
	}
}

// TestNothingIsFetched has a document ask for things in every way there is. The second time it goes
// without the document's own policy, so that the browser alone must refuse.
//
// ASVS 5.0: 15.2.5
func TestNothingIsFetched(t *testing.T) {
	t.Parallel()
	c := printer(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(server.Close)
	byName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	body := `<h1>Words</h1><p>Stays</p>`
	for _, url := range []string{server.URL, byName} {
		body += `<img src="` + url + `/a.png"><link rel="stylesheet" href="` + url + `/b.css"><link rel="preload" as="image" href="` + url + `/p.png"><link rel="prefetch" href="` + url + `/q">` +
			`<iframe src="` + url + `/c"></iframe><object data="` + url + `/d"></object><script src="` + url + `/e.js"></script><script>fetch("` + url + `/f")</script>` +
			`<style>body{background:url(` + url + `/g.png)}@font-face{font-family:x;src:url(` + url + `/h)}h1{font-family:x}@import url(` + url + `/i.css);</style>` +
			`<meta http-equiv="refresh" content="0;url=` + url + `/j"><video src="` + url + `/k"></video><embed src="` + url + `/l"><svg><image href="` + url + `/m.png"/></svg><img src="file:///etc/hostname">`
	}
	document := sample(body)
	if file, err := c.Print(t.Context(), document); err != nil || pages(file) == 0 {
		t.Fatal(err)
	}
	if file, err := c.print(t.Context(), strings.Replace(document.markup(), policy, "", 1)); err != nil || pages(file) == 0 {
		t.Fatal(err)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the document had %d things fetched", n)
	}
}

// TestScriptsDoNotRun shows these requirements.
//
// ASVS 5.0: 15.2.5
func TestScriptsDoNotRun(t *testing.T) {
	t.Parallel()
	c := printer(t)
	file, err := c.print(t.Context(), `<!DOCTYPE html><html lang="en"><title>Before</title><script>document.title="After"</script><p>x</p>`)
	if err != nil || !bytes.Contains(file, []byte("/Title (Before)")) {
		t.Errorf("a script ran: %v", err)
	}
}

func TestAKilledBrowserIsReplaced(t *testing.T) {
	t.Parallel()
	c := printer(t)
	if _, err := c.Print(t.Context(), sample("<h1>One</h1>")); err != nil {
		t.Fatal(err)
	}
	first := c.current
	process := chromedp.FromContext(first.ctx).Browser.Process()
	if err := process.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-first.ctx.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("nobody noticed that the browser is gone")
	}
	if file, err := c.Print(t.Context(), sample("<h1>Two</h1>")); err != nil || pages(file) != 1 {
		t.Fatalf("after it was killed: %v", err)
	}
	if c.current == first {
		t.Error("the dead browser is kept")
	}
}

func TestOneBrowserIsKeptAndEnded(t *testing.T) {
	t.Parallel()
	c := printer(t)
	c.idle = 300 * time.Millisecond
	if _, err := c.Print(t.Context(), sample("<h1>One</h1>")); err != nil {
		t.Fatal(err)
	}
	kept := c.current
	if _, err := c.Print(t.Context(), sample("<h1>Two</h1>")); err != nil {
		t.Fatal(err)
	}
	if kept == nil || c.current != kept {
		t.Error("a second file had a second browser started")
	}
	select {
	case <-kept.ctx.Done():
	case <-time.After(10 * time.Second):
		t.Error("a browser without work goes on")
	}
	c.Close()
	if _, err := c.Print(t.Context(), sample("<h1>Three</h1>")); !errors.Is(err, fault.KindUnavailable) {
		t.Errorf("after the end: %v", err)
	}
}

// TestPrintingHasLimits shows these requirements.
//
// ASVS 5.0: 2.4.1, 15.2.2, 15.4.4
func TestPrintingHasLimits(t *testing.T) {
	t.Parallel()
	c := printer(t)
	if _, err := c.Print(t.Context(), sample("<h1>One</h1>")); err != nil {
		t.Fatal(err)
	}
	c.limit = time.Millisecond
	if _, err := c.Print(t.Context(), sample("<h1>Two</h1>")); !errors.Is(err, fault.KindUnavailable) || !strings.Contains(fault.Words(err), "too long") {
		t.Errorf("no time: %v", err)
	}
	c.limit = 200 * time.Millisecond
	for range cap(c.turns) {
		c.turns <- struct{}{}
	}
	if _, err := c.Print(t.Context(), sample("<h1>Three</h1>")); !errors.Is(err, fault.KindUnavailable) || !strings.Contains(fault.Words(err), "Many files") {
		t.Errorf("no turn: %v", err)
	}
	for range cap(c.turns) {
		<-c.turns
	}
	c.limit = printLimit
	if _, err := c.Print(t.Context(), sample("<h1>Four</h1>")); err != nil {
		t.Errorf("after the limits: %v", err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err := c.Print(left, sample("<h1>Five</h1>")); err == nil {
		t.Error("nobody waits for it, and it was printed")
	}
}

func TestWhereNoChromiumIs(t *testing.T) {
	t.Parallel()
	p, end := New(Off, slog.New(slog.DiscardHandler))
	defer end()
	if p.Available() {
		t.Error("switched off, and there")
	}
	if _, err := p.Print(t.Context(), sample("")); !errors.Is(err, fault.KindUnavailable) || !strings.Contains(fault.Words(err), "from your browser") {
		t.Errorf("what to do is not said: %v", err)
	}
	if Find("no-such-program-anywhere") != "" {
		t.Error("found what is not there")
	}
	broken := newChromium("/bin/false", slog.New(slog.DiscardHandler))
	if _, err := broken.Print(t.Context(), sample("")); !errors.Is(err, fault.KindUnavailable) || !strings.Contains(fault.Words(err), "does not start") {
		t.Errorf("a program that is no browser: %v", err)
	}
}
