package journeys

import (
	"net"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/policy"
	"virtualschool/web"
)

// firstTime is the most that a teacher's way from the invitation to the children may take.
const firstTime = 2 * time.Minute

// What a person needs beside what the program and the browser do: to find and read a page, and to type a
// field. Both are on the slow side.
const (
	reading = 8 * time.Second
	typing  = 5 * time.Second
	// To open an app on a phone and hold it before the screen.
	scanning = 20 * time.Second
)

var appKey = regexp.MustCompile(`as a time-based code: ((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})`)

// appShows is what an authenticator app shows now that was given the key on the page.
func appShows(town *town, person *Visitor) string {
	town.t.Helper()
	found := appKey.FindStringSubmatch(person.Reads())
	if found == nil {
		town.t.Fatalf("no key is on the page: %s", person.Reads())
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(found[1], " ", ""), town.DB.Now())
	if err != nil {
		town.t.Fatal(err)
	}
	return code
}

// TestATeachersFirstSignIn goes from the letter over a second factor to the list of children, on the clock: with what a person
// takes for each page and field added to what was measured.
func TestATeachersFirstSignIn(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	accounts := town.Options.Services.Accounts
	id, err := accounts.Invite(t.Context(), town.head, account.NewAccount{Email: "nia.new@wulfstan.test", Name: "Nia New", Role: access.School,
		Settings: []account.NewMembership{{SettingID: town.school, Post: account.DesignatedTeacher, From: town.DB.Today()}}})
	if err != nil {
		t.Fatal(err)
	}
	link, err := accounts.NewLink(t.Context(), town.head, id, account.Invitation)
	if err != nil {
		t.Fatal(err)
	}
	if err := policy.Set(t.Context(), town.DB, access.System, policy.SecondFactorRoles, []access.Role{access.School}, town.DB.Today(), "The board"); err != nil {
		t.Fatal(err)
	}
	nia := town.visitor()
	pages, touched := nia.pages, len(nia.touched)
	began := time.Now()
	nia.Opens(link)
	nia.Sees("Nia New")
	nia.Types("New password", "harbour kettle moss")
	nia.Types("New password again", "harbour kettle moss")
	nia.Presses("Save password")
	nia.IsAt("/sign-in/second")
	nia.Follows("Set up an app")
	nia.Unfolds("I cannot scan it")
	nia.Types("Code that the app shows", appShows(town, nia))
	nia.Presses("Finish")
	nia.Sees("Your recovery codes")
	nia.Follows("I have kept them, continue")
	nia.IsAt("/")
	nia.Opens("/children")
	nia.Sees("Maya Okonkwo-Featherstonehaugh", "Jón Þórsson")
	measured := time.Since(began)
	pages, touched = nia.pages-pages, len(nia.touched)-touched
	whole := measured + time.Duration(pages)*reading + time.Duration(touched)*typing + scanning
	t.Logf("from the invitation to the children: %s, of which %s measured; %d pages, %d fields", whole.Round(time.Second), measured.Round(time.Millisecond), pages, touched)
	if whole > firstTime {
		t.Errorf("a teacher's first sign-in takes %s; it must take at most %s", whole, firstTime)
	}
}

// hasAuthenticator gives the browser a device that makes passkeys and knows its person.
func (v *Visitor) hasAuthenticator() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, webauthn.Enable, webauthn.EnableParams{})
	v.must(err)
	_, err = chromedp.Call(v.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}})
	v.must(err)
}

// TestADeputySignsInByPasskey: the role needs a passkey, so it is set up at sign-in; the next time it is
// all that is needed.
func TestADeputySignsInByPasskey(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.Password(town.deputy, "harbour kettle moss")
	for _, key := range []policy.Key{policy.SecondFactorRoles, policy.PasskeyRoles} {
		if err := policy.Set(t.Context(), town.DB, access.System, key, []access.Role{access.Deputy}, town.DB.Today(), "The board"); err != nil {
			t.Fatal(err)
		}
	}
	site := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(site.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	options := town.Options
	options.Site.BaseURL = "http://localhost:" + port // passkeys are for names, not for numbers
	if options.Services.Factors, err = factor.New(options.Services.Accounts, []byte("a key of thirty-two bytes, tested"), "Test Council", options.Site.BaseURL); err != nil {
		t.Fatal(err)
	}
	site.Config.Handler = web.New(options)
	site.Start()
	t.Cleanup(site.Close)

	deputy := newVisitor(t, options.Site.BaseURL, true, patience)
	deputy.hasAuthenticator()
	deputy.Opens("/premium")
	deputy.Types("Email address", town.deputy.Email)
	deputy.Types("Password", "harbour kettle moss")
	deputy.Presses("Sign in")
	deputy.IsAt("/sign-in/second/passkey")
	deputy.Types("What do you call this device?", "Work laptop")
	deputy.Presses("Make the passkey")
	deputy.Sees("Your recovery codes")
	deputy.Follows("I have kept them, continue")
	deputy.IsAt("/premium")
	deputy.Opens("/account")
	deputy.Sees("Passkey: Work laptop")
	deputy.Presses("Sign out")
	deputy.Opens("/sign-in")
	deputy.Presses("Sign in with a passkey")
	deputy.IsAt("/")
	deputy.Sees("Dev Deputy")
}
