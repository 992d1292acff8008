package journeys

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	protocol "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"virtualschool/internal/job"
	"virtualschool/internal/pdf"
)

// prints gives the town a printer and a queue that works, as the program has.
func (w *town) prints() {
	w.t.Helper()
	printer, end := pdf.New(chromium(), slog.New(slog.DiscardHandler))
	w.t.Cleanup(end)
	w.PrintWith(printer)
	queue := job.New(w.DB, slog.New(slog.DiscardHandler), 50*time.Millisecond)
	w.Options.Services.Printing.Work(queue)
	if err := queue.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := queue.Stop(ctx); err != nil {
			w.t.Error(err)
		}
	})
}

// said gives a child a plan with words of their own, signed off in the summer.
func (w *town) said(child int64, words string) {
	w.t.Helper()
	plan := w.ID(`insert into pep (child_id, kind, form, form_version, academic_year, term, setting_id, meeting_on, meeting_held, started_by, started_at,
			voice_words, voice_how, voice_on, voice_with)
		values ($1, 'termly', 'secondary', 1, 2025, 'summer', $2, '2026-06-24', true, $3, '2026-06-01', $4, 'in_person', '2026-06-20', 'Tess Teacher') returning id`,
		child, w.school, w.advisor.ID, words)
	w.Exec(`update pep set state = 'submitted', submitted_by = $2, submitted_at = '2026-06-26' where id = $1`, plan, w.teacher.ID)
	w.Exec(`update pep set state = 'signed_off', signed_off_by = $2, signed_off_at = '2026-06-30' where id = $1`, plan, w.advisor.ID)
}

// Downloads follows a link that leads to a file, and reads the file that the browser has kept.
func (v *Visitor) Downloads(kind, text string) []byte {
	v.t.Helper()
	folder, kept := v.t.TempDir(), make(chan string, 1)
	events := true
	_, err := chromedp.CallBrowser(v.ctx, protocol.SetDownloadBehavior, protocol.SetDownloadBehaviorParams{Behavior: protocol.SetDownloadBehaviorBehaviorAllowAndName,
		BrowserContextID: chromedp.FromContext(v.ctx).BrowserContextID, DownloadPath: folder, EventsEnabled: &events})
	v.must(err)
	ctx, stop := context.WithCancel(v.ctx)
	defer stop()
	v.must(chromedp.ListenBrowser(ctx, func(event any) {
		if progress, of := event.(*protocol.EventDownloadProgress); of && progress.State != protocol.DownloadProgressStateInProgress {
			if _, err := os.Stat(filepath.Join(folder, progress.GUID)); err == nil {
				kept <- progress.GUID
			}
		}
	}))
	v.do(v.click(kind, text, ""))
	select {
	case name := <-kept:
		file, err := os.ReadFile(filepath.Join(folder, name)) // #nosec G304 -- a folder of the test's own
		v.must(err)
		return file
	case <-ctx.Done():
		v.t.Fatalf("“%s” on %s gave no file", text, v.where())
	}
	return nil
}

// WaitsToSee reads a page that loads itself again until it says the words.
func (v *Visitor) WaitsToSee(words string) {
	v.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if text, err := ask[string](v.ctx, "text()"); err == nil && strings.Contains(text, words) { // an error: between two pages
			return
		}
	}
	v.Sees(words)
}

// TestAnAdvisorTakesPlansOnPaper goes from a plan that is signed off to its file, and from the caseload
// to one file with all of it, which is made while the advisor waits.
func TestAnAdvisorTakesPlansOnPaper(t *testing.T) {
	t.Parallel()
	needsBrowser(t)
	town := newTown(t)
	town.said(town.jon, "I want to study whales and live by the sea.")
	town.said(town.amelie, "My hamster is called Galileo.")
	town.prints()
	advisor := town.as(town.advisor)
	advisor.Opens(path(town.jon, "/peps"))
	advisor.Follows("Termly review, Summer 2025/26")
	advisor.Follows("Print the whole plan")
	advisor.Sees("Signed off by Ade Advisor", "I want to study whales and live by the sea.")
	advisor.SeesOnPaper("I want to study whales and live by the sea.")
	advisor.DoesNotSeeOnPaper("Download as PDF")
	isPaper(t, advisor.Downloads("link", "Download as PDF"), "I want to study whales and live by the sea.")

	advisor.Opens("/peps")
	advisor.Follows("Print these plans")
	advisor.Sees("My caseload: 3 plans")
	advisor.Chooses("My caseload: 3 plans")
	advisor.Presses("Print these plans")
	advisor.WaitsToSee("The files are deleted on")
	advisor.Sees("3 plans printed")
	isPaper(t, advisor.Downloads("link", "File 1 (PDF)"), "I want to study whales and live by the sea.", "My hamster is called Galileo.", "Knows her tables to 6")
}

func isPaper(t *testing.T, file []byte, words ...string) {
	t.Helper()
	if !strings.HasPrefix(string(file), "%PDF-") {
		t.Fatalf("no PDF: %.60q", file)
	}
	says := wordsOf(file)
	for _, want := range words {
		if !strings.Contains(says, strings.ReplaceAll(want, " ", "")) {
			t.Errorf("the file of %d bytes does not say “%s”", len(file), want)
		}
	}
}
