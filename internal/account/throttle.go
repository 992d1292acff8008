package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// pace is how tries are slowed down: some are free, then each failure doubles the wait, up to a
// most. A wait always ends, and tries during a wait are not counted, so nobody is locked out for good.
type pace struct {
	free  int           // failures without a wait
	first time.Duration // the wait after one more
	most  time.Duration
	over  time.Duration // failures longer ago than this are forgotten
}

// wait is how long a person must still wait after so many failures, the last one so long ago.
func (p pace) wait(failures int, since time.Duration) time.Duration {
	if failures < p.free {
		return 0
	}
	wait := p.most
	if doublings := failures - p.free; doublings < 20 {
		wait = min(p.most, p.first<<doublings)
	}
	return max(0, wait-since)
}

// act is a kind of try that is slowed down by account and by address. Many people share a council's
// address, so an address has more tries and shorter waits.
type act struct {
	name               string
	byAccount, byPlace pace
}

var (
	signingIn = act{"sign in",
		pace{free: 5, first: 5 * time.Second, most: 15 * time.Minute, over: 24 * time.Hour},
		pace{free: 30, first: time.Second, most: time.Minute, over: time.Hour}}
	askingReset = act{"ask for a reset",
		pace{free: 3, first: time.Minute, most: time.Hour, over: 24 * time.Hour},
		pace{free: 20, first: 5 * time.Second, most: 5 * time.Minute, over: time.Hour}}
	askingSignInLink = act{"ask for a sign-in link",
		pace{free: 5, first: 30 * time.Second, most: 30 * time.Minute, over: 24 * time.Hour},
		pace{free: 30, first: 5 * time.Second, most: 5 * time.Minute, over: time.Hour}}
	typingCode = act{"type a sign-in code",
		pace{free: 5, first: 5 * time.Second, most: 5 * time.Minute, over: time.Hour},
		pace{free: 30, first: time.Second, most: time.Minute, over: time.Hour}}
	// Six digits are guessed in a million tries, so an account has few.
	givingSecond = act{"second factor",
		pace{free: 5, first: 5 * time.Second, most: 15 * time.Minute, over: 24 * time.Hour},
		pace{free: 30, first: time.Second, most: time.Minute, over: time.Hour}}
	// Nobody guesses a passkey: this only bounds how much is written about it.
	failingPasskey = act{"passkey that fails",
		pace{free: 5, first: time.Minute, most: 15 * time.Minute, over: 24 * time.Hour},
		pace{free: 30, first: time.Second, most: time.Minute, over: time.Hour}}
	// A whole class may open their links from one address, so only links that do not work count.
	openingLink = act{"open a link",
		pace{},
		pace{free: 20, first: time.Second, most: time.Minute, over: time.Hour}}
)

// failuresKept is longer than any pace looks back.
const failuresKept = 48 * time.Hour

// key is a name for the database that tells nobody without the salt who or what was meant.
func (s *Service) key(kind, value string) string {
	mac := hmac.New(sha256.New, s.Salt)
	mac.Write([]byte(kind + "\x00" + value))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// network is the part of an address that one caller cannot change at will: an IPv4 address, or the
// first half of an IPv6 one.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
}

// attempt is a try that counts as failed until it is taken back.
type attempt struct {
	id      int64
	account string
	slows   bool // if it fails, the account must wait from now on
}

// try counts one try, before it is known how it ends: many at once cannot outrun the count. It fails
// with TooMany, and the time to wait, when the account or the address must wait.
func (s *Service) try(ctx context.Context, act act, email, address string) (attempt, error) {
	made := attempt{account: s.key(act.name+" account", email)}
	args := postgres.Args{"account": made.account, "address": s.key(act.name+" address", network(address)),
		"account_over": act.byAccount.over, "address_over": act.byPlace.over}
	err := s.DB.Change(ctx, access.Actor{}, func(ctx context.Context, tx *postgres.Tx) error {
		// One try at a time for each, the account always first, so that no two wait for each other.
		for _, lock := range []string{`select pg_advisory_xact_lock(hashtextextended(@account, 1))`, `select pg_advisory_xact_lock(hashtextextended(@address, 2))`} {
			if _, err := tx.Do(ctx, lock, args); err != nil {
				return err
			}
		}
		type counted struct {
			ByAccount, ByAddress     int
			LastAccount, LastAddress *time.Time
		}
		so, err := postgres.Get[counted](ctx, tx, `select a.n as by_account, a.last as last_account, b.n as by_address, b.last as last_address
			from (select count(*) as n, max(at) as last from sign_in_failure where account_hash = @account and at > @now::timestamptz - @account_over::interval) a,
				(select count(*) as n, max(at) as last from sign_in_failure where address_hash = @address and at > @now::timestamptz - @address_over::interval) b`, args)
		if err != nil {
			return err
		}
		wait := max(act.byAccount.wait(so.ByAccount, since(tx.Now, so.LastAccount)), act.byPlace.wait(so.ByAddress, since(tx.Now, so.LastAddress)))
		if wait > 0 {
			return fault.TooMany("There have been too many tries. Wait "+waitWords(wait)+" and try again.", wait)
		}
		made.slows = so.ByAccount+1 == act.byAccount.free
		made.id, err = postgres.GetValue[int64](ctx, tx, `insert into sign_in_failure (account_hash, address_hash, at)
			values (@account, @address, @now) returning id`, args)
		return err
	})
	return made, err
}

// TryLink counts a try to open a link that works without an account, such as a young person's, and
// slows down an address that tries many that do not work: TooMany, with the time to wait. A link that
// works takes its try back by worked.
func (s *Service) TryLink(ctx context.Context, token, address string) (worked func(context.Context) error, err error) {
	ctx = alone(ctx)
	made, err := s.try(ctx, openingLink, token, address)
	return func(ctx context.Context) error {
		return s.DB.Change(alone(ctx), access.Actor{}, func(ctx context.Context, tx *postgres.Tx) error { return made.succeeded(ctx, tx) })
	}, err
}

// succeeded takes a try back and with it the account's earlier failures; those of the address stay,
// or an account of one's own would free one to guess at others.
func (made attempt) succeeded(ctx context.Context, tx *postgres.Tx) error {
	_, err := tx.Do(ctx, `delete from sign_in_failure where id = @id or account_hash = @account`,
		postgres.Args{"id": made.id, "account": made.account})
	return err
}

func since(now time.Time, last *time.Time) time.Duration {
	if last == nil {
		return 0
	}
	return now.Sub(*last)
}

// waitWords rounds up, so that whoever waits as long as they are told may try again.
func waitWords(wait time.Duration) string {
	if seconds := int((wait + time.Second - 1) / time.Second); seconds < 120 {
		return plural(seconds, "second")
	}
	return plural(int((wait+time.Minute-1)/time.Minute), "minute")
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Tried is a try at a second factor that counts as failed until Worked takes it back, in the transaction
// that lets the person on.
type Tried struct{ attempt }

// Worked takes the try back, and with it the account's earlier failures.
func (t Tried) Worked(ctx context.Context, tx *postgres.Tx) error { return t.succeeded(ctx, tx) }

// PasskeyFailed leaves in the audit that a passkey did not work for a person. What is tried too often from one
// place or for one person is not written any more, and slows no other way of signing in.
func (s *Service) PasskeyFailed(ctx context.Context, person access.Actor, address string) error {
	made, err := s.try(alone(ctx), failingPasskey, person.Email, address)
	if errors.Is(err, fault.KindTooMany) {
		return nil
	}
	if err != nil {
		return err
	}
	made.slows = false
	return s.failed(alone(ctx), person, made, SignInEvent{Kind: WrongSecond, Second: WithPasskey})
}

// Failed leaves a try that did not succeed in the audit of its person, with the factor that was tried.
func (s *Service) Failed(ctx context.Context, person access.Actor, tried Tried, second Second) error {
	return s.failed(alone(ctx), person, tried.attempt, SignInEvent{Kind: WrongSecond, Second: second})
}

// TrySecond counts a try at a code of the person's second factor. Address is where the request comes from.
// TooMany when the account or the address must wait first.
func (s *Service) TrySecond(ctx context.Context, person access.Actor, address string) (Tried, error) {
	made, err := s.try(alone(ctx), givingSecond, person.Email, address)
	return Tried{made}, err
}
