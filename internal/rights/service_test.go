package rights

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
	"virtualschool/internal/rights/record"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func problemField(err error) string {
	for _, problem := range fault.Of(err) {
		return problem.Field
	}
	return ""
}

// press prints what it is given as it is, so that a test reads all that goes on paper.
type press struct{}

func (press) Available() bool { return true }
func (press) Print(_ context.Context, document pdf.Document) ([]byte, error) {
	var all strings.Builder
	fmt.Fprint(&all, document.Title)
	for _, part := range document.Parts {
		all.WriteString(part.Head + part.Foot + string(part.Body))
	}
	return []byte(all.String()), nil
}

func onPaper(_ context.Context, copy Copy) (pdf.Document, error) {
	text, err := copy.JSON()
	return pdf.Document{Title: "Copy", Parts: []pdf.Part{{Body: text}}}, err
}

type office struct {
	*pgtest.Facts
	t                            *testing.T
	db                           *postgres.DB
	service                      *Service
	child                        int64
	head, deputy, lead, stranger access.Actor
}

var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	db := pgtest.Open(t).At(func() time.Time { return monday })
	set, err := forms.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Facts: pgtest.NewFacts(t, db), t: t, db: db, service: &Service{DB: db, Forms: set, Printer: press{}, Paper: onPaper}}
	o.child = o.Child("Maya", "Okafor", "2010-03-04")
	o.head, o.deputy, o.lead, o.stranger = o.Person(access.Head, "Hal Head"), o.Person(access.Deputy, "Dana Deputy"), o.Person(access.LeadAdvisor, "Lee Lead"), o.Person(access.SocialWorker, "Sam Worker")
	return o
}

func (o *office) log() Ref {
	o.t.Helper()
	id, err := o.service.Log(o.t.Context(), o.lead, o.child, Asking{AskedBy: "young_person", Name: "Maya Okafor", CameHow: "in_person", Received: calendar.MustParse("2026-11-20")})
	if err != nil {
		o.t.Fatal(err)
	}
	return Ref{o.child, id}
}

func (o *office) request(of Ref) Request {
	o.t.Helper()
	request, _, err := o.service.Review(o.t.Context(), o.head, of)
	if err != nil {
		o.t.Fatal(err)
	}
	return request
}

func (o *office) note(words, third string) string {
	return fmt.Sprintf("note-%d-2", o.ID(`insert into note (child_id, on_day, kind, words, third_party, written_by, written_at) values ($1, '2026-11-02', 'call', $2, $3, $4, '2026-11-03') returning id`, o.child, words, third, o.lead.ID))
}

func (o *office) identify(of Ref) {
	o.t.Helper()
	if err := o.service.Identify(o.t.Context(), o.lead, of, o.request(of).Version, "Known to her social worker", calendar.MustParse("2026-11-20"), ""); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) readAll(of Ref) {
	o.t.Helper()
	for _, chapter := range record.Chapters {
		_, review, err := o.service.Review(o.t.Context(), o.lead, of)
		if err == nil && !review.IsRead(chapter) {
			err = o.service.MarkRead(o.t.Context(), o.lead, of, chapter, review.Seen(chapter))
		}
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

const canary = "Zanzibar-canary"

// TestFromRequestToHandOver walks the whole way, and looks for what was left out in every byte of the copy.
func TestFromRequestToHandOver(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	o.note("Did well. [["+canary+" one]] Went home.", "")
	o.note(canary+" two", "about")
	plain := o.note("Her brother "+canary+" three is well.", "")
	o.note("A fine day at the farm", "")
	suspension := o.ID(`insert into suspension (child_id, setting_id, kind, starts_on, sessions, reasons, recorded_by, recorded_at) values ($1, $2, 'suspension', '2026-10-05', 2, '{DB}', $3, $4) returning id`, o.child, o.Setting("Ash Primary"), o.lead.ID, monday)
	const file = `insert into document (child_id, subject, subject_id, name, media_type, bytes, sha256, content, added_by, added_at) values ($1, 'suspension', $2, $3, 'text/plain', length(convert_to($4, 'UTF8')), sha256(convert_to($4, 'UTF8')), convert_to($4, 'UTF8'), $5, $6)`
	o.Exec(file, o.child, suspension, canary+" four.txt", canary+" five", o.lead.ID, monday)
	o.Exec(file, o.child, suspension, "Letter.txt", "shared words", o.lead.ID, monday)
	withheld := fmt.Sprintf("document-%d-0", o.ID(`select id from document where name like $1`, canary+"%"))
	of := o.log()
	if err := o.service.Prepare(ctx, o.lead, of, o.request(of).Version); !errors.Is(err, fault.KindConflict) {
		t.Fatalf("prepared without knowing who asks: %v", err)
	}
	o.identify(of)
	if err := o.service.Prepare(ctx, o.lead, of, o.request(of).Version); !errors.Is(err, fault.KindConflict) {
		t.Fatalf("prepared without reading: %v", err)
	}
	for passage, deciding := range map[string]Deciding{
		plain:    {Decision: Marked, Words: "Her [[brother " + canary + " three]] is well.", Reason: "third_party"},
		withheld: {Decision: Whole, Reason: "legal", Why: canary},
	} {
		if err := o.service.Decide(ctx, o.lead, of, passage, deciding); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.service.Decide(ctx, o.lead, of, "note-99999-2", Deciding{Decision: Share}); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a text that is not there: %v", err)
	}
	o.readAll(of)
	late := o.note("Written after the reading", "")
	if err := o.service.Prepare(ctx, o.lead, of, o.request(of).Version); !errors.Is(err, fault.KindConflict) {
		t.Fatalf("prepared with an unread note: %v", err)
	}
	o.readAll(of)
	stale := o.request(of).Version
	if err := o.service.Decide(ctx, o.deputy, of, late, Deciding{Decision: Share}); err != nil {
		t.Fatal(err)
	}
	if err := o.service.Prepare(ctx, o.lead, of, stale); !errors.Is(err, fault.KindConflict) {
		t.Errorf("prepared from a page on which less was decided: %v", err)
	}
	if err := o.service.Prepare(ctx, o.deputy, of, o.request(of).Version); err != nil {
		t.Fatal(err)
	}
	request := o.request(of)
	if request.State != Prepared || request.LeftOut != 4 || request.PreparedByName != "Dana Deputy" {
		t.Errorf("prepared: %+v", request)
	}
	var all []byte
	files := 0
	for number := 1; ; number++ {
		file, err := o.service.Fetch(ctx, o.head, of, number)
		if errors.Is(err, fault.KindNotFound) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		files++
		all = append(append(all, file.Name...), file.Content...)
	}
	if files != 3 || strings.Contains(string(all), canary) {
		t.Errorf("%d files; what was left out is in them: %v", files, strings.Contains(string(all), canary))
	}
	for _, want := range []string{"Did well. [left out] Went home.", "Her [left out] is well.", "A fine day at the farm", "Maya", "shared words", "Letter.txt"} {
		if !strings.Contains(string(all), want) {
			t.Errorf("the copy does not say %q", want)
		}
	}
	if err := o.service.Release(ctx, o.deputy, of, request.Version); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("released by who prepared it: %v", err)
	}
	if err := o.service.Release(ctx, o.lead, of, request.Version); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("released by an advisor: %v", err)
	}
	if err := o.service.HandOver(ctx, o.head, of, request.Version, calendar.MustParse("2026-11-23"), "In person"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("handed over before it is released: %v", err)
	}
	if err := o.service.Release(ctx, o.head, of, request.Version); err != nil {
		t.Fatal(err)
	}
	if err := o.service.HandOver(ctx, o.lead, of, o.request(of).Version, calendar.MustParse("2026-11-23"), "In person"); err != nil {
		t.Fatal(err)
	}
	o.expires(of)
}

// expires walks past the last day of a copy: it is not given out, and goes.
func (o *office) expires(of Ref) {
	o.t.Helper()
	later := *o.service
	later.DB = o.db.At(func() time.Time { return monday.AddDate(0, 0, Kept) })
	if _, err := later.Fetch(o.t.Context(), o.head, of, 1); !errors.Is(err, fault.KindNotFound) {
		o.t.Errorf("given out after its last day: %v", err)
	}
	if err := o.service.Forget(o.t.Context()); err != nil || o.ID(`select count(*) from subject_access_file`) != 3 {
		o.t.Errorf("forgotten too soon: %v", err)
	}
	if err := later.Forget(o.t.Context()); err != nil || o.ID(`select count(*) from subject_access_file`) != 0 {
		o.t.Errorf("not forgotten: %v", err)
	}
}

func TestSentBackIsMadeAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	of := o.log()
	o.identify(of)
	o.readAll(of)
	if err := o.service.Prepare(ctx, o.lead, of, o.request(of).Version); err != nil {
		t.Fatal(err)
	}
	if err := o.service.SendBack(ctx, o.head, of, o.request(of).Version, " "); problemField(err) != "returned_words" {
		t.Errorf("sent back without words: %v", err)
	}
	if err := o.service.SendBack(ctx, o.head, of, o.request(of).Version, "Look at May again"); err != nil {
		t.Fatal(err)
	}
	if request := o.request(of); request.State != Open || request.ReturnedWords != "Look at May again" || o.ID(`select count(*) from subject_access_file`) != 0 {
		t.Errorf("after sending back: %+v", request)
	}
	if err := o.service.Close(ctx, o.lead, of, o.request(of).Version, "She took it back"); err != nil {
		t.Fatal(err)
	}
	if err := o.service.Extend(ctx, o.lead, of, o.request(of).Version, "Much of it"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("more time for what is closed: %v", err)
	}
}

func TestMoreTimeIsTakenWithinTheFirstMonth(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	of := o.log()
	late := *o.service
	late.DB = o.db.At(func() time.Time { return monday.AddDate(0, 1, 0) })
	if err := late.Extend(t.Context(), o.lead, of, 1, "Much of it"); problemField(err) != "extension_reason" {
		t.Errorf("after the first month: %v", err)
	}
	if err := o.service.Extend(t.Context(), o.lead, of, 1, "Much of it"); err != nil {
		t.Fatal(err)
	}
	if due := o.request(of).Clock().Due().String(); due != "2027-02-20" {
		t.Errorf("due %s", due)
	}
}

func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	of := o.log()
	asking := Asking{AskedBy: "parent", Name: "P", CameHow: "letter", Received: calendar.MustParse("2026-11-20")}
	o.Allocate(o.child, "social_worker", o.stranger, "[2026-01-01,)")
	if _, err := o.service.Log(ctx, o.stranger, o.child, asking); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a social worker logs: %v", err)
	}
	if _, _, err := o.service.Review(ctx, o.stranger, of); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a social worker reads: %v", err)
	}
	o.Exec(`insert into restriction (child_id, reason, period) values ($1, 'protection', '[2026-01-01,)')`, o.child)
	if _, err := o.service.Log(ctx, o.head, o.child, asking); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a record restricted to others: %v", err)
	}
	if _, _, err := o.service.Review(ctx, o.head, of); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a record restricted to others is read: %v", err)
	}
	if err := o.service.Close(ctx, o.head, of, 1, "x"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a record restricted to others is closed: %v", err)
	}
	if _, err := o.service.Fetch(ctx, o.head, of, 1); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a record restricted to others is fetched: %v", err)
	}
}

// TestTheDatabaseHoldsTwoPeopleAndTheCopy tries what the service would not do, as the program's own role.
func TestTheDatabaseHoldsTwoPeopleAndTheCopy(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	of := o.log()
	o.identify(of)
	o.readAll(of)
	if err := o.service.Prepare(ctx, o.deputy, of, o.request(of).Version); err != nil {
		t.Fatal(err)
	}
	release := `update subject_access set state = 'released', released_by = @by, released_at = @now, expires_on = '2027-01-01' where id = @id`
	for name, try := range map[string]struct {
		as  access.Actor
		sql string
		by  int64
	}{
		"who prepared releases":          {o.deputy, release, o.deputy.ID},
		"in another's name":              {o.deputy, release, o.head.ID},
		"another prepared, it is said":   {o.deputy, `update subject_access set prepared_by = @by where id = @id`, o.lead.ID},
		"a file is changed":              {o.head, `update subject_access_file set content = 'x' where request_id = @id and @by > 0`, 1},
		"a file goes":                    {o.head, `delete from subject_access_file where request_id = @id and @by > 0`, 1},
		"a file comes":                   {o.head, `insert into subject_access_file select request_id, child_id, 99, name, media_type, content, sha256 from subject_access_file where request_id = @id and @by > 0 limit 1`, 1},
		"released without being made":    {o.head, `update subject_access set state = 'released', prepared_by = null where id = @id and @by > 0`, 1},
		"handed over before its release": {o.head, `update subject_access set state = 'handed_over', handed_by = @by, handed_on = '2026-11-23', handed_how = 'x' where id = @id`, o.head.ID},
	} {
		err := o.db.Change(ctx, try.as, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Do(ctx, try.sql, postgres.Args{"id": of.ID, "by": try.by})
			return err
		})
		if err == nil {
			t.Errorf("%s: nothing refused it", name)
		}
	}
}

func TestTwoReleaseAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	of := o.log()
	o.identify(of)
	o.readAll(of)
	if err := o.service.Prepare(t.Context(), o.lead, of, o.request(of).Version); err != nil {
		t.Fatal(err)
	}
	version := o.request(of).Version
	var wait sync.WaitGroup
	results := make([]error, 8)
	for n := range results {
		wait.Go(func() {
			who := o.head
			if n%2 == 1 {
				who = o.deputy
			}
			results[n] = o.service.Release(t.Context(), who, of, version)
		})
	}
	wait.Wait()
	done := 0
	for _, err := range results {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, fault.KindConflict):
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("released %d times", done)
	}
}

func TestBadRequestsAreRefused(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	good := Asking{AskedBy: "parent", Name: "P", CameHow: "letter", Received: calendar.MustParse("2026-11-20")}
	for field, change := range map[string]func(*Asking){
		"asked_by":   func(a *Asking) { a.AskedBy = "nobody" },
		"came_how":   func(a *Asking) { a.CameHow = "" },
		"asked_name": func(a *Asking) { a.Name = "  " },
		"received":   func(a *Asking) { a.Received = calendar.MustParse("2026-11-24") },
	} {
		asking := good
		change(&asking)
		if _, err := o.service.Log(t.Context(), o.head, o.child, asking); problemField(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	of := o.log()
	if err := o.service.Identify(t.Context(), o.head, of, 1, "", calendar.Date{}, ""); len(fault.Of(err)) != 2 {
		t.Errorf("nothing said of who asks: %v", err)
	}
	if err := o.service.Identify(t.Context(), o.head, of, 1, "Passport", calendar.MustParse("2026-11-19"), ""); problemField(err) != "identity" {
		t.Errorf("a day before the request: %v", err)
	}
	if err := o.service.MarkRead(t.Context(), o.head, of, "nothing", ""); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a part that is not there: %v", err)
	}
	if err := o.service.MarkRead(t.Context(), o.head, of, record.Notes, "seen before"); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a part that has changed: %v", err)
	}
}
