package account

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
)

var signInShape = regexp.MustCompile(`asked: ([B-Z]{4}-[B-Z]{4})[\s\S]*https://vs\.council\.test/sign-in/link/([A-Z2-7]{52})\b`)

// asks asks for a link and delivers the letter; token and code are empty when none was sent.
func asks(t *testing.T, s *Service, person access.Actor, browser string) (token, code string) {
	t.Helper()
	if err := s.AskSignInLink(t.Context(), person.Email, "192.0.2.1", browser); err != nil {
		t.Fatal(err)
	}
	before := map[string]bool{}
	for _, letter := range letters(t, s) {
		before[letter] = true
	}
	if err := s.sendSignIn(t.Context(), sendSignInLink{AccountID: person.ID, Browser: tokenHash(browser)}); err != nil {
		t.Fatal(err)
	}
	for _, letter := range letters(t, s) {
		if before[letter] {
			continue
		}
		found := signInShape.FindStringSubmatch(strings.ReplaceAll(letter, "\r\n", "\n"))
		if found == nil {
			t.Fatalf("no code and link in: %s", letter)
		}
		return found[2], found[1]
	}
	return "", ""
}

// TestSigningInByALetter shows these requirements.
//
// ASVS 5.0: 6.6.2
func TestSigningInByALetter(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ama := establish(t, s, "ama@school.test", access.School, "")
	for name, use := range map[string]func(token, code, browser string) (access.Actor, error){
		"link": func(token, _, browser string) (access.Actor, error) {
			return s.SignInByLink(t.Context(), token, browser)
		},
		"code": func(_, code, browser string) (access.Actor, error) {
			return s.SignInByCode(t.Context(), " "+strings.ToLower(code), browser, "192.0.2.1")
		},
	} {
		token, code := asks(t, s, ama, "browser of "+name)
		if err := s.SignInLinkWaits(t.Context(), token, "browser of "+name); err != nil {
			t.Errorf("%s: looking at it uses it up: %v", name, err)
		}
		kind(t, s.SignInLinkWaits(t.Context(), token, "another"), fault.KindConflict)
		kind(t, s.SignInLinkWaits(t.Context(), token, ""), fault.KindConflict)
		for _, browser := range []string{"another", ""} {
			if who, err := use(token, code, browser); err == nil {
				t.Errorf("%s: another browser is let in as %+v", name, who)
			}
		}
		got, err := use(token, code, "browser of "+name)
		if err != nil || got != ama {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
		for again, use := range map[string]func() error{
			"link": func() error { _, err := s.SignInByLink(t.Context(), token, "browser of "+name); return err },
			"code": func() error { _, err := s.SignInByCode(t.Context(), code, "browser of "+name, "192.0.2.1"); return err },
		} {
			if use() == nil {
				t.Errorf("after the %s, the %s still works", name, again)
			}
		}
		m.on(time.Minute)
	}
	token, code := asks(t, s, ama, "late")
	m.on(15 * time.Minute)
	if _, err := s.SignInByLink(t.Context(), token, "late"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("after a quarter of an hour: %v", err)
	}
	if _, err := s.SignInByCode(t.Context(), code, "late", "192.0.2.1"); !fault.Of(err).Has("code") {
		t.Errorf("after a quarter of an hour: %v", err)
	}
}

func TestOneLetterAtATime(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	ama := establish(t, s, "ama@school.test", access.School, "")
	first, _ := asks(t, s, ama, "browser")
	second, _ := asks(t, s, ama, "browser")
	if _, err := s.SignInByLink(t.Context(), first, "browser"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("an earlier link still works: %v", err)
	}
	// Pressed twice at once, it lets in once.
	var all sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		all.Go(func() { _, results[i] = s.SignInByLink(context.Background(), second, "browser") })
	}
	all.Wait()
	in := 0
	for _, err := range results {
		if err == nil {
			in++
		}
	}
	if in != 1 {
		t.Errorf("let in %d times: %v", in, results)
	}
}

// TestWrongCodesMakeALetterUseless shows these requirements.
//
// ASVS 5.0: 6.6.3
func TestWrongCodesMakeALetterUseless(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ama := establish(t, s, "ama@school.test", access.School, "")
	token, code := asks(t, s, ama, "browser")
	for range mostWrongCodes {
		if _, err := s.SignInByCode(t.Context(), "BBBB-BBBB", "browser", "192.0.2.1"); !fault.Of(err).Has("code") {
			t.Fatal(err)
		}
	}
	_, err := s.SignInByCode(t.Context(), code, "browser", "192.0.2.1")
	kind(t, err, fault.KindTooMany)
	m.on(time.Minute)
	if _, err := s.SignInByCode(t.Context(), code, "browser", "192.0.2.1"); !fault.Of(err).Has("code") {
		t.Errorf("the right code after five wrong ones: %v", err)
	}
	if _, err := s.SignInByLink(t.Context(), token, "browser"); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("the link after five wrong codes: %v", err)
	}
}

func TestWhoMaySignInByALetter(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, role := range access.Roles {
		person := establish(t, s, string(role)+"@westmoor.test", role, good)
		token, _ := asks(t, s, person, "browser of "+string(role))
		if may := role == access.School || role == access.Colleague; (token != "") != may {
			t.Errorf("%s gets a letter: %v", role, token != "")
		}
		if n := ask[int](t, s, `select count(*) from account_link where account_id = $1`, person.ID); (n == 1) != (token != "") {
			t.Errorf("%s: %d links", role, n)
		}
	}
	if n := ask[int](t, s, `select count(*) from river_job where kind = 'account_sign_in_link' and args->>'account_id' = '0'`); n != len(access.Roles)-2 {
		t.Errorf("%d letters to nobody: the work must be the same for everyone", n)
	}
	if err := s.AskSignInLink(t.Context(), "nobody@westmoor.test", "192.0.2.1", "b"); err != nil {
		t.Errorf("an unknown address is told apart: %v", err)
	}
	if err := s.AskSignInLink(t.Context(), "nonsense\x00", "192.0.2.1", "b"); !fault.Of(err).Has("email") {
		t.Error(err)
	}
	// A role that changed, or an account that ended, after the letter was sent.
	teacher := establish(t, s, "ama@school.test", access.School, "")
	token, code := asks(t, s, teacher, "browser")
	if err := s.End(t.Context(), access.System, teacher.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SignInByLink(t.Context(), token, "browser"); !errors.Is(err, fault.KindNotFound) {
		t.Error(err)
	}
	if _, err := s.SignInByCode(t.Context(), code, "browser", "192.0.2.1"); !fault.Of(err).Has("code") {
		t.Error(err)
	}
}

// TestAskingForLettersIsSlowedDown shows these requirements.
//
// ASVS 5.0: 2.4.1
func TestAskingForLettersIsSlowedDown(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	for _, email := range []string{"ama@school.test", "nobody@school.test"} {
		if email == "ama@school.test" {
			establish(t, s, email, access.School, "")
		}
		for range askingSignInLink.byAccount.free {
			if err := s.AskSignInLink(t.Context(), email, "192.0.2."+email[:1], "b"); err != nil {
				t.Fatal(err)
			}
		}
		kind(t, s.AskSignInLink(t.Context(), email, "192.0.2."+email[:1], "b"), fault.KindTooMany)
	}
	m.on(31 * time.Second)
	if err := s.AskSignInLink(t.Context(), "ama@school.test", "192.0.2.a", "b"); err != nil {
		t.Errorf("nobody is kept out for good: %v", err)
	}
}

// TestCodes shows these requirements.
//
// ASVS 5.0: 6.5.4
func TestCodes(t *testing.T) {
	t.Parallel()
	for range 200 {
		if code := newCode(); len(code) != codeLength || tidyCode(" "+strings.ToLower(code[:4])+"-"+code[4:]+"\n") != code {
			t.Errorf("%q", code)
		}
	}
	if first, second := newCode(), newCode(); first == second {
		t.Error("two codes are the same")
	}
}
