package journeys

import (
	"net/http/httptest"
	"testing"
	"time"

	"virtualschool/internal/seed"
	"virtualschool/web"
)

func TestSigningInByKeyboardAlone(t *testing.T) {
	t.Parallel()
	council := newDemoAt(t, 4, time.Now)
	person := newVisitor(t, council.home, true, patience)
	person.Opens("/children")
	person.IsAt("/sign-in")
	person.TabsTo("Skip to main content")
	person.TabsTo("Email address")
	person.PressesKeys("head@demo.test")
	person.TabsTo("Password")
	person.PressesKeys("wrong")
	person.EntersByKey()
	person.IsAnswered(422)
	person.Holds("Email address", "head@demo.test")
	person.TabsTo("Password")
	person.PressesKeys(seed.Password)
	person.EntersByKey()
	person.IsAt("/children")
	person.Sees("Rosalind Achebe", "Virtual School Head")

	person.TabsTo("Find a child")
	person.PressesKeys("zzzzz")
	person.EntersByKey()
	person.Sees("No children found")
	person.TabsTo("Show everyone in care")
	person.EntersByKey()
	person.Sees("4 children")
	person.TabsTo("Sign out")
	person.EntersByKey()
	person.IsAt("/sign-in")
	for range 2 { // the list, and the page before it: neither is shown from what the browser kept
		person.GoesBack()
		person.IsAt("/sign-in")
		person.DoesNotSee("Rosalind Achebe")
	}
	person.Opens("/children")
	person.IsAt("/sign-in")
}

// Whoever sends a form after the session has ended signs in again, and goes back to the words.
func TestASessionThatEnds(t *testing.T) {
	t.Parallel()
	council := newDemoAt(t, 4, time.Now)
	head := newVisitor(t, council.home, true, patience)
	signsIn := func() {
		head.Types("Email address", "head@demo.test")
		head.Types("Password", seed.Password)
		head.Presses("Sign in")
	}
	head.Opens("/children/1/notes/new")
	head.IsAt("/sign-in")
	signsIn()
	head.IsAt("/children/1/notes/new")
	head.Types("Note", "An hour's worth of words about the visit.")
	head.LosesSession()
	head.Presses("Save note")
	head.IsAt("/sign-in")
	signsIn()
	head.GoesBack()
	head.GoesBack()
	head.Holds("Note", "An hour's worth of words about the visit.")
	head.Chooses("Visit")
	head.TypesDate("Day", time.Now().AddDate(0, 0, -1).Format("2 1 2006"))
	head.Presses("Save note")
	head.IsAt("/children/1")
	head.Sees("An hour's worth of words about the visit.")
}

// Who does nothing is told before the session ends; then the page is covered, and what was typed waits
// behind it for the same person.
func TestAPageThatIsLeftAlone(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	quick := town.Options
	quick.SessionIdle = 16 * time.Second
	site := httptest.NewServer(web.New(quick))
	t.Cleanup(site.Close)
	advisor := newVisitor(t, site.URL, true, patience)
	advisor.HasSession(sessionOf(t, town.DB, town.advisor.ID))
	advisor.Opens(path(town.maya, "/notes/new"))
	advisor.Types("Note", "She read to me for the first time.")
	advisor.WaitsToSee("You will be signed out in less than two minutes")
	advisor.WaitsToSee("You have been signed out.")
	advisor.DoesNotSee("Okonkwo-Featherstonehaugh")
	advisor.LosesSession()
	advisor.PressesInPlace("Go on where you were")
	advisor.WaitsToSee("You are not signed in yet.")
	advisor.HasSession(sessionOf(t, town.DB, town.advisor.ID))
	advisor.PressesInPlace("Go on where you were")
	advisor.WaitsToSee("Okonkwo-Featherstonehaugh")
	advisor.Holds("Note", "She read to me for the first time.")
}
