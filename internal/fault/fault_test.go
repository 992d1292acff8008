package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/fault"
)

func TestEachConstructorHasItsKindAndSafeWords(t *testing.T) {
	t.Parallel()
	cause := errors.New("dial tcp 10.0.0.7:5432: refused")
	for _, c := range []struct {
		err   error
		kind  fault.Kind
		words string
	}{
		{fault.NotFound(), fault.KindNotFound, "We could not find what you were looking for."},
		{fault.Forbidden("Only the virtual school head can approve this."), fault.KindForbidden, "Only the virtual school head can approve this."},
		{fault.Forbidden(""), fault.KindForbidden, "You do not have permission to do this."},
		{fault.Invalid("dob", "Enter date of birth"), fault.KindInvalid, "Enter date of birth"},
		{fault.Conflict("This PEP is already signed off."), fault.KindConflict, "This PEP is already signed off."},
		{fault.TooLarge(""), fault.KindTooLarge, "The file or form is too large."},
		{fault.TooMany("", time.Minute), fault.KindTooMany, "There have been too many attempts. Wait a few minutes and try again."},
		{fault.Unavailable(cause), fault.KindUnavailable, "There is a problem with the service. Try again later."},
		{fault.New(fault.Kind(99), ""), fault.Kind(99), "There is a problem with the service. Try again later."},
	} {
		wrapped := fmt.Errorf("reviewing: %w", c.err)
		if kind, ok := fault.KindOf(wrapped); !ok || kind != c.kind {
			t.Errorf("%v: kind %v, %v; want %v", c.err, kind, ok, c.kind)
		}
		if got := fault.Words(wrapped); got != c.words {
			t.Errorf("%v: words %q; want %q", c.err, got, c.words)
		}
		if !errors.Is(wrapped, c.kind) {
			t.Errorf("%v is not %v", c.err, c.kind)
		}
		if errors.Is(wrapped, c.kind+1) {
			t.Errorf("%v is also %v", c.err, c.kind+1)
		}
	}
}

func TestCauseIsForTheLogOnly(t *testing.T) {
	t.Parallel()
	cause := errors.New("duplicate key value")
	err := fault.Wrap(fault.KindConflict, "This child already has a plan this term.", cause)
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	if !strings.Contains(err.Error(), "duplicate key") {
		t.Errorf("the log does not hear the cause: %v", err)
	}
	if strings.Contains(fault.Words(err), "duplicate") {
		t.Errorf("the cause is shown: %q", fault.Words(err))
	}
}

func TestOtherErrorsAreNotFaults(t *testing.T) {
	t.Parallel()
	err := errors.New("pq: relation child does not exist")
	if _, ok := fault.KindOf(err); ok {
		t.Error("a plain error has a kind")
	}
	if got := fault.Words(err); got != "There is a problem with the service. Try again later." {
		t.Errorf("words of a plain error: %q", got)
	}
	if fault.Words(nil) != "" || fault.Of(nil) != nil || fault.RetryAfter(nil) != 0 {
		t.Error("no error has something to say")
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("signing in: %w", fault.TooMany("", 90*time.Second))
	if got := fault.RetryAfter(err); got != 90*time.Second {
		t.Errorf("retry after %v", got)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	if p.Err() != nil {
		t.Fatal("no problems is an error")
	}
	p.Add("dob", "Date of birth must include a year")
	p.AddErr("amount", errors.New("Enter an amount"))
	p.AddErr("reason", nil)
	p.Addf("dob", "Date of birth must be after %d", 1999)
	p.Add("", "Choose a school or say why there is none")

	err := fmt.Errorf("saving: %w", p.Err())
	if !errors.Is(err, fault.KindInvalid) {
		t.Fatalf("%v is not invalid", err)
	}
	want := fault.Problems{
		{"dob", "Date of birth must include a year"},
		{"amount", "Enter an amount"},
		{"", "Choose a school or say why there is none"},
	}
	got := fault.Of(err)
	if !slices.Equal(got.Shown(), want) {
		t.Errorf("shown %v; want %v", got.Shown(), want)
	}
	if len(got) != 4 {
		t.Errorf("%d problems carried; want all 4", len(got))
	}
	if got.Text("dob") != "Date of birth must include a year" || got.Text("reason") != "" {
		t.Errorf("the first problem does not win: %q", got.Text("dob"))
	}
	if !got.Has("amount") || got.Has("reason") {
		t.Error("Has is wrong")
	}
	if err := p.Err().Error(); err != "invalid: dob, amount, (whole form)" {
		t.Errorf("log text %q", err)
	}
}
