package fault

import (
	"errors"
	"time"
)

// Kind says how a request failed. A Kind is itself an error, so callers test
// with errors.Is(err, fault.KindConflict).
type Kind int

const (
	// KindNotFound is also the answer when a person may not know that a thing exists.
	KindNotFound Kind = iota + 1
	// KindForbidden means the person may see the thing but not do this to it.
	KindForbidden
	// KindInvalid means what was entered needs correcting; see Problems.
	KindInvalid
	// KindConflict means the record changed, or its state no longer allows this.
	KindConflict
	// KindTooLarge means an upload or request body is over its cap.
	KindTooLarge
	// KindTooMany means the person or address is being slowed down.
	KindTooMany
	// KindUnavailable means something we depend on is not answering.
	KindUnavailable
)

var kinds = map[Kind]struct{ name, words string }{
	KindNotFound:    {"not found", "We could not find what you were looking for."},
	KindForbidden:   {"forbidden", "You do not have permission to do this."},
	KindInvalid:     {"invalid", "There is a problem with what was entered."},
	KindConflict:    {"conflict", "Someone else has changed this since you opened it. Check the latest version and try again."},
	KindTooLarge:    {"too large", "The file or form is too large."},
	KindTooMany:     {"too many", "There have been too many attempts. Wait a few minutes and try again."},
	KindUnavailable: {"unavailable", unknown},
}

const unknown = "There is a problem with the service. Try again later."

// Error makes a Kind usable as the target of errors.Is; the text is for logs.
func (k Kind) Error() string {
	if known, ok := kinds[k]; ok {
		return known.name
	}
	return "unknown kind of fault"
}

// Fault is a failure with words safe to show. Make one with New, Wrap or the
// constructor of its kind.
type Fault struct {
	kind     Kind
	words    string
	cause    error
	problems Problems
	after    time.Duration
}

// New makes a fault. Empty words are replaced with the usual ones for the kind.
func New(kind Kind, words string) error { return build(kind, words, nil) }

// Wrap makes a fault that keeps its cause for the log. The cause is reachable
// with errors.Is and errors.As and is never part of Words.
func Wrap(kind Kind, words string, cause error) error { return build(kind, words, cause) }

func build(kind Kind, words string, cause error) *Fault {
	if words == "" {
		words = kinds[kind].words
	}
	if words == "" {
		words = unknown
	}
	return &Fault{kind: kind, words: words, cause: cause}
}

// NotFound is the fault for a thing that is not there, or that this person may
// not know is there: the two must look the same.
func NotFound() error { return New(KindNotFound, "") }

// Forbidden is the fault for an act the person may not do.
func Forbidden(words string) error { return New(KindForbidden, words) }

// Invalid is the fault for one field that needs correcting. For several
// fields collect Problems and return their Err.
func Invalid(field, text string) error { return Problems{{Field: field, Text: text}}.Err() }

// Conflict is the fault for a change that the record's present state refuses.
func Conflict(words string) error { return New(KindConflict, words) }

// TooLarge is the fault for a body or file over its cap.
func TooLarge(words string) error { return New(KindTooLarge, words) }

// TooMany is the fault for someone who must wait; after is how long, or zero
// when not known.
func TooMany(words string, after time.Duration) error {
	f := build(KindTooMany, words, nil)
	f.after = after
	return f
}

// Unavailable is the fault for a dependency that is not answering; cause is logged.
func Unavailable(cause error) error { return Wrap(KindUnavailable, "", cause) }

// Error is for logs. It names fields with problems but not what was typed in them.
func (f *Fault) Error() string {
	text := f.kind.Error() + ": " + f.words
	if fields := f.problems.fields(); fields != "" {
		text = f.kind.Error() + ": " + fields
	}
	if f.cause != nil {
		text += ": " + f.cause.Error()
	}
	return text
}

// Unwrap gives the cause, or nil.
func (f *Fault) Unwrap() error { return f.cause }

// Is reports whether target is this fault's Kind.
func (f *Fault) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == f.kind
}

// Kind says how the request failed.
func (f *Fault) Kind() Kind { return f.kind }

// Words are safe to show.
func (f *Fault) Words() string { return f.words }

// KindOf gives the kind of the outermost fault in err; false when err holds none.
func KindOf(err error) (Kind, bool) {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.kind, true
	}
	return 0, false
}

// Words gives what may be shown about err: the fault's words, or a general
// sentence when err is not a fault. Words of nil is empty.
func Words(err error) string {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.words
	}
	return unknown
}

// RetryAfter is how long to wait after a KindTooMany fault; zero when not known.
func RetryAfter(err error) time.Duration {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.after
	}
	return 0
}
