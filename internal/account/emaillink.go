package account

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// SignInLink is a link to sign in by, without a password: the first factor.
const SignInLink Purpose = "sign_in"

// ByEmailLinkRoles are those who may sign in by a link sent to them: people who come a few times a term,
// and would forget a password. Everybody else comes daily and sees many children.
var ByEmailLinkRoles = []access.Role{access.School, access.Colleague}

const (
	signInLinkLasts = 15 * time.Minute
	mostWrongCodes  = 5
	codeLength      = 8
	// codeLetters are no vowels, so that no code is a word, and none that look alike.
	codeLetters = "BCDFGHJKLMNPQRSTVWXZ"
)

var errCode = fault.Invalid("code", "This code is not correct, was used before, or is older than 15 minutes. Check it, or ask for another.")

// sendSignInLink is the job of sending it. Browser is the hash of what the asking browser holds.
type sendSignInLink struct {
	AccountID int64  `json:"account_id"`
	Browser   string `json:"browser"`
}

func (sendSignInLink) Kind() string { return "account_sign_in_link" }

// NewBrowser is a secret for the session of a browser that asks for a link.
func NewBrowser() string { return rand.Text() }

// AskSignInLink has a link and a code sent to the address, if somebody is there who may sign in so. The
// answer and the work are the same either way. TooMany when the account or the address must wait first.
func (s *Service) AskSignInLink(ctx context.Context, email, address, browser string) error {
	ctx = alone(ctx)
	email = tidyEmail(email)
	if email == "" {
		return fault.Invalid("email", "Enter an email address, like name@example.gov.uk")
	}
	if _, err := s.try(ctx, askingSignInLink, email, address); err != nil {
		return err
	}
	found, err := s.findByEmail(ctx, email)
	if err != nil {
		return err
	}
	due := sendSignInLink{Browser: tokenHash(browser)}
	if found != nil && found.State == Active && slices.Contains(ByEmailLinkRoles, found.Role) {
		due.AccountID = found.ID
	}
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error { return job.Enqueue(ctx, tx, due) })
}

// sendSignIn makes the link when it is sent, so that no queue or table holds one that works.
func (s *Service) sendSignIn(ctx context.Context, due sendSignInLink) error {
	token, code := rand.Text()+rand.Text(), newCode()
	var to string
	err := s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		found, err := postgres.List[credentials](ctx, tx, `select `+credentialColumns+` from account a
			where a.id = @id and a.state = 'active' and a.role = any(@roles) for update`, postgres.Args{"id": due.AccountID, "roles": ByEmailLinkRoles})
		if err != nil || len(found) == 0 {
			return err // nobody, or ended since it was asked for
		}
		to = found[0].Email
		if err := voidLinks(ctx, tx, due.AccountID, SignInLink); err != nil {
			return err
		}
		_, err = tx.Do(ctx, `insert into account_link (token_hash, account_id, purpose, browser_hash, code_hash, created_at, expires_at)
			values (@hash, @id, 'sign_in', @browser, @code, @now, @now::timestamptz + @lasts::interval)`,
			postgres.Args{"hash": tokenHash(token), "id": due.AccountID, "browser": due.Browser, "code": s.codeHash(code), "lasts": signInLinkLasts})
		if err != nil {
			return err
		}
		return NoteSignIn(ctx, tx, SignInEvent{AccountID: due.AccountID, Kind: LinkSent})
	})
	if err != nil || to == "" {
		return err
	}
	return s.Post.Send(ctx, job.Letter{To: to, Path: "/sign-in/link/" + token, Subject: "Your link to sign in to the Virtual School",
		Words: "Somebody, we think you, asked to sign in. Type this code on the page where you asked: " + code[:4] + "-" + code[4:] +
			"\n\nOr open this link in the same browser. Code and link work once, for 15 minutes. Nobody ever asks you for the code by telephone or message. " +
			"If you did not ask, there is nothing to do:"})
}

// SignInLinkWaits says whether a link works in the browser that holds this secret, without using it up.
// NotFound: it does not work any more. Conflict: it was asked for in another browser.
func (s *Service) SignInLinkWaits(ctx context.Context, token, browser string) error {
	found, err := s.byLink(ctx, SignInLink, token)
	if err != nil {
		return err
	}
	var same bool
	var batch postgres.Batch
	postgres.Value(&batch, &same, `select exists (select from account_link where token_hash = @hash and browser_hash = @browser)`,
		postgres.Args{"hash": tokenHash(token), "browser": tokenHash(browser)})
	if err := s.DB.View(ctx, found.actor(), &batch); err != nil {
		return err
	}
	if !same || browser == "" {
		return fault.Conflict("This link was asked for in another browser.")
	}
	return nil
}

// SignInByLink gives the person whose link this is, in the browser that asked for it.
func (s *Service) SignInByLink(ctx context.Context, token, browser string) (access.Actor, error) {
	if browser == "" {
		return access.Actor{}, errLink
	}
	person, err := s.useSignIn(alone(ctx), `l.token_hash = @token and l.browser_hash = @browser`, postgres.Args{"token": tokenHash(token), "browser": tokenHash(browser)})
	if errors.Is(err, fault.KindNotFound) {
		return access.Actor{}, errLink
	}
	return person, err
}

// SignInByCode is SignInByLink by the code in the same letter. Five wrong codes make link and code useless.
// TooMany when the address must wait first.
func (s *Service) SignInByCode(ctx context.Context, code, browser, address string) (access.Actor, error) {
	ctx = alone(ctx)
	if browser == "" {
		return access.Actor{}, errCode
	}
	made, err := s.try(ctx, typingCode, browser, address)
	if err != nil {
		return access.Actor{}, err
	}
	args := postgres.Args{"browser": tokenHash(browser), "code": s.codeHash(tidyCode(code))}
	person, err := s.useSignIn(ctx, `l.browser_hash = @browser and l.code_hash = @code`, args)
	if !errors.Is(err, fault.KindNotFound) {
		if err == nil {
			err = s.DB.Change(ctx, person, made.succeeded)
		}
		return person, err
	}
	if err := s.wrongLinkCode(ctx, browser, made); err != nil {
		return access.Actor{}, err
	}
	return access.Actor{}, errCode
}

// wrongLinkCode counts a wrong code against the link that the browser asked for, and leaves it in the audit
// of its account while the link still works.
func (s *Service) wrongLinkCode(ctx context.Context, browser string, made attempt) error {
	var of []int64
	err := s.DB.Change(ctx, access.Actor{}, func(ctx context.Context, tx *postgres.Tx) (err error) {
		of, err = postgres.ListValues[int64](ctx, tx, `update account_link set wrong_codes = wrong_codes + 1
			where browser_hash = @browser and used_at is null and expires_at > @now and wrong_codes < @most returning account_id`,
			postgres.Args{"browser": tokenHash(browser), "most": mostWrongCodes})
		return err
	})
	if err != nil || len(of) == 0 {
		return err
	}
	return s.failed(ctx, access.Actor{ID: of[0]}, made, SignInEvent{Kind: WrongLinkCode, By: ByEmailLink})
}

// useSignIn uses up the link that the condition finds, for an account that may still sign in so.
func (s *Service) useSignIn(ctx context.Context, condition string, args postgres.Args) (access.Actor, error) {
	args["roles"], args["most"] = ByEmailLinkRoles, mostWrongCodes
	var person access.Actor
	err := s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		found, err := postgres.Get[credentials](ctx, tx, `update account_link l set used_at = @now from account a
			where a.id = l.account_id and a.state = 'active' and a.role = any(@roles) and l.purpose = 'sign_in' and l.used_at is null
				and l.expires_at > @now and l.wrong_codes < @most and `+condition+` returning `+credentialColumns, args)
		if err != nil {
			return err
		}
		person = found.actor()
		// Whoever shows that the address is theirs need not wait to ask again.
		_, err = tx.Do(ctx, `delete from sign_in_failure where account_hash = @account`, postgres.Args{"account": s.key(askingSignInLink.name+" account", found.Email)})
		return err
	})
	return person, err
}

func (s *Service) codeHash(code string) string { return s.key("sign-in code", code) }

// tidyCode is a code as it was made, however it was typed.
func tidyCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
}

// newCode is drawn without favouring any letter.
func newCode() string {
	var code []byte
	for len(code) < codeLength {
		var one [1]byte
		rand.Read(one[:])
		if n := int(one[0]); n < 256/len(codeLetters)*len(codeLetters) {
			code = append(code, codeLetters[n%len(codeLetters)])
		}
	}
	return string(code)
}
