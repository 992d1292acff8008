package account

import (
	"context"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/postgres"
)

// SignInSubject is what the audit calls signing in and all that belongs to it.
const SignInSubject = "sign_in"

// EventKind is what happened at somebody's sign-in, in the audit's words.
type EventKind string

const (
	SignedIn        EventKind = "signed in"
	WrongPassword   EventKind = "wrong password"
	WrongSecond     EventKind = "wrong second factor"
	WrongLinkCode   EventKind = "wrong code of a sign-in link"
	SlowedDown      EventKind = "slowed down after wrong tries"
	SecondGiven     EventKind = "second factor given"
	RecoveryUsed    EventKind = "recovery code used"
	Confirmed       EventKind = "confirmed who they are"
	SignedOut       EventKind = "signed out"
	SessionEnded    EventKind = "session ended"
	SessionsEnded   EventKind = "every session ended"
	FactorAdded     EventKind = "second factor added"
	FactorRemoved   EventKind = "second factor removed"
	FactorsRemoved  EventKind = "all second factors removed"
	CodesRenewed    EventKind = "recovery codes renewed"
	LinkSent        EventKind = "sign-in link sent"
	PasswordChanged EventKind = "password changed"
	PasswordReset   EventKind = "password reset by link"
	SSOLinked       EventKind = "single sign-on linked"
	SSOUnlinked     EventKind = "single sign-on taken away"
	// UnknownTried is how many tries there were in an hour with addresses of no account.
	UnknownTried EventKind = "tries with unknown addresses"
)

// SignInEvent is one line of the audit about signing in. It never holds a password, code, token or address.
type SignInEvent struct {
	AccountID int64     `json:"-"` // whose sign-in it is
	Kind      EventKind `json:"-"`
	Person    int64     `json:"account,omitempty"` // NoteSignIn fills it in where somebody else acts
	By        Way       `json:"way,omitempty"`
	Second    Second    `json:"second_factor,omitempty"`
	Device    string    `json:"device,omitempty"` // NoteSignIn fills it in from the request
	Provider  string    `json:"provider,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	MadeSure  string    `json:"made_sure,omitempty"`
	Tries     int       `json:"tries,omitempty"`
}

// NoteSignIn writes events into the audit in the transaction of what happened. Who acts is the transaction's
// actor: the person themselves, whoever manages their account, or, where nobody has shown who they are,
// the account that somebody tried.
func NoteSignIn(ctx context.Context, tx *postgres.Tx, events ...SignInEvent) error {
	entries := make([]audit.Entry, len(events))
	for i, event := range events {
		if tx.Actor.ID == event.AccountID {
			event.Device = deviceIn(ctx)
		} else {
			event.Person = event.AccountID
		}
		entries[i] = audit.Entry{Subject: SignInSubject, SubjectID: event.AccountID, Action: string(event.Kind), After: event}
	}
	return audit.Change(ctx, tx, entries...)
}

// failed leaves a try that failed in the audit of a known account, and that tries wait from now on if this
// was the one too many. How many there can be is bounded by the wait between them.
func (s *Service) failed(ctx context.Context, person access.Actor, made attempt, event SignInEvent) error {
	event.AccountID = person.ID
	events := []SignInEvent{event}
	if made.slows {
		events = append(events, SignInEvent{AccountID: person.ID, Kind: SlowedDown})
	}
	return s.DB.Change(ctx, person, func(ctx context.Context, tx *postgres.Tx) error { return NoteSignIn(ctx, tx, events...) })
}

// failedUnknown counts a try for no account, without what was typed: as much work as failed.
func (s *Service) failedUnknown(ctx context.Context, made attempt) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `update sign_in_failure set unknown = true where id = @id`, postgres.Args{"id": made.id})
		return err
	})
}

// CountUnknown writes into the audit how many tries with unknown addresses there were since it was last done.
// The queue does it each hour.
func (s *Service) CountUnknown(ctx context.Context) error {
	return s.DB.Change(alone(ctx), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		tries, err := tx.Do(ctx, `update sign_in_failure set unknown = false where unknown`, nil)
		if err != nil || tries == 0 {
			return err
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: access.System.ID, Kind: UnknownTried, Tries: int(tries)})
	})
}

// RecentSignIn is one event at a person's sign-in as account pages show it.
type RecentSignIn struct {
	At     time.Time
	Kind   EventKind
	By     Way
	Second Second
	Device string
	Other  string // who else did it; empty: the person, or whoever tried to be them
}

// What says what happened, in the words of account pages.
func (r RecentSignIn) What() string {
	return capital(strings.Replace(string(r.Kind), "second factor", "second step", 1))
}

// Note is what else there is to say of it: the way, the second factor, and who did it.
func (r RecentSignIn) Note() string {
	if r.Other == "" {
		return r.How()
	}
	return strings.TrimPrefix(r.How()+", by "+r.Other, ", ")
}

// How is the way and the second factor in words; empty where there was none.
func (r RecentSignIn) How() string {
	switch by, second := r.By.Name(), r.Second.Name(); {
	case by != "" && second != "" && r.By != ByPasskey:
		return by + " and " + second
	case by != "":
		return by
	default:
		return capital(second)
	}
}

// capital is words with a capital letter in front.
func capital(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// recentKinds are the events that a person looks for to see whether it was they.
var recentKinds = []EventKind{SignedIn, WrongPassword, WrongSecond, WrongLinkCode, SlowedDown, RecoveryUsed, SessionEnded, SessionsEnded,
	FactorAdded, FactorRemoved, FactorsRemoved, CodesRenewed, PasswordChanged, PasswordReset, SSOLinked, SSOUnlinked}

// mostRecent is how many of them pages show.
const mostRecent = 10

// QueueRecentSignIns queues the newest events at an account's sign-in: for its person, and those who manage it.
func QueueRecentSignIns(batch *postgres.Batch, into *[]RecentSignIn, accountID int64) {
	postgres.Many(batch, into, `select c.at, c.action as kind, coalesce(c.after->>'way', '') as by, coalesce(c.after->>'second_factor', '') as second,
			coalesce(c.after->>'device', '') as device, case when c.account_id = @id then '' else p.name end as other
		from audit_change c join account p on p.id = c.account_id
		where c.subject = 'sign_in' and c.subject_id = @id::bigint::text and c.action = any (@kinds::text[]) order by c.at desc, c.id desc limit @most`,
		postgres.Args{"id": accountID, "kinds": recentKinds, "most": mostRecent})
}
