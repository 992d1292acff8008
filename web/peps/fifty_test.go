package peps_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"virtualschool/web/webtest"
)

var typingTime = flag.Duration("typing", 3*time.Second, "how long fifty people type into fifty plans")

// writer is one person typing into one section of one plan.
type writer struct {
	who     *webtest.Visitor
	account int64
	plan    string
	pep     int64
	said    string // the last words that were acknowledged, as a draft or saved
}

// Fifty people type into fifty plans at once, through the whole server. Every so often one of them
// saves, is refused, or comes back to the page. Whatever was acknowledged is there afterwards, word
// for word, as a draft or as saved; a minute of it with -typing 1m.
func TestFiftyPeopleLoseNoAcknowledgedWords(t *testing.T) {
	t.Parallel()
	site := webtest.New(t)
	school := site.Setting("Elm Primary")
	writers := make([]*writer, 50)
	for n := range writers {
		child := site.Child(fmt.Sprintf("Child%d", n), "Okafor", "2017-03-02")
		site.OnRoll(child, school, "[2025-09-01,)")
		teacher := site.Teacher(fmt.Sprintf("Teacher %d", n), school)
		begun := site.As(teacher)
		started := begun.Post(fmt.Sprintf("/children/%d/peps/new", child), begun.Get(fmt.Sprintf("/children/%d/peps/new", child)).Form("/peps/new"))
		if started.Status != 303 {
			t.Fatalf("start: %d %v", started.Status, started.Errors())
		}
		writers[n] = &writer{who: begun, account: teacher.ID, plan: started.Location, pep: site.ID(`select id from pep where child_id = $1`, child)}
	}
	until := time.Now().Add(*typingTime)
	var wait sync.WaitGroup
	var acknowledged atomic.Int64
	for n, w := range writers {
		wait.Go(func() { acknowledged.Add(int64(w.types(t, n, until))) })
	}
	wait.Wait()
	for n, w := range writers {
		if got := w.finds(); got != w.said {
			t.Errorf("writer %d was told that %.60q is kept, and finds %.60q", n, w.said, got)
		}
		saved := site.Text(`select coalesce((select value->>'text' from pep_answer where pep_id = $1 and question = 'behaviour'), '')`, w.pep)
		draft := site.Text(`select coalesce((select fields->'behaviour'->>0 from pep_draft_words where pep_id = $1 and account_id = $2), '')`, w.pep, w.account)
		if draft != w.said && saved != w.said {
			t.Errorf("writer %d's words are not in the database: draft %.40q, saved %.40q", n, draft, saved)
		}
	}
	if least := int64(len(writers)); acknowledged.Load() < least {
		t.Errorf("only %d acknowledgements", acknowledged.Load())
	}
	t.Logf("%d drafts and saves acknowledged in %v", acknowledged.Load(), *typingTime)
}

// types writes one more word at a time, keeps it, and now and then saves, until the time is up.
func (w *writer) types(t *testing.T, n int, until time.Time) int {
	random := rand.New(rand.NewPCG(uint64(n), 7)) //nolint:gosec // the same each time
	page, drafts := w.plan+"/sections/education", w.plan+"/drafts/education"
	form := w.who.Get(page).Form("/education")
	words, turn, acknowledged := "", 0, 0
	for step := 0; time.Now().Before(until) || step == 0; step++ {
		words = strings.TrimSpace(fmt.Sprintf("%s word%d-%d", words, n, step))
		if len(words) > 1500 {
			words = fmt.Sprintf("afresh%d-%d", n, step)
		}
		turn++
		answer := w.who.Post(drafts, typing(form, fmt.Sprint(turn), "behaviour", words))
		if answer.Status != 200 {
			t.Errorf("writer %d, step %d: %d %s", n, step, answer.Status, answer.Body)
			return acknowledged
		}
		w.said = words
		acknowledged++
		switch random.IntN(8) {
		case 0: // saves
			if saved := w.who.Post(page, webtest.With(form, "behaviour", words, "complete", "no")); saved.Status != 303 {
				t.Errorf("writer %d: saving: %d %v", n, saved.Status, saved.Errors())
				return acknowledged
			}
			acknowledged++
			form, turn = w.who.Get(page).Form("/education"), 0
		case 1: // is refused, and what comes back is kept
			words += " refused"
			form = w.who.Post(page, webtest.With(form, "behaviour", words, "draft_turn", fmt.Sprint(turn+1), "attendance", "lots")).Form("/education")
			if form.Get("behaviour") != words {
				t.Errorf("writer %d: what was refused has not come back", n)
				return acknowledged
			}
			form.Set("attendance", "")
			w.said, turn = words, turn+1
		case 2: // leaves and comes back
			form, turn = w.who.Get(page).Form("/education"), 0
			form.Set("attendance", "")
		}
		time.Sleep(time.Duration(20+random.IntN(60)) * time.Millisecond)
	}
	return acknowledged
}

// finds is what the page shows when its writer opens it again.
func (w *writer) finds() string {
	return w.who.Get(w.plan + "/sections/education").Form("/education").Get("behaviour")
}
