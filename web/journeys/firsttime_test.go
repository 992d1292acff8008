package journeys

import (
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
)

// firstTime is the most that a teacher's way from the invitation to the children may take.
const firstTime = 2 * time.Minute

// What a person needs beside what the program and the browser do: to find and read a page, and to type a
// field. Both are on the slow side.
const (
	reading = 8 * time.Second
	typing  = 5 * time.Second
)

// TestATeachersFirstSignIn goes from the letter to the list of children, on the clock: with what a person
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
	nia := town.visitor()
	pages, touched := nia.pages, len(nia.touched)
	began := time.Now()
	nia.Opens(link)
	nia.Sees("Nia New")
	nia.Types("New password", "harbour kettle moss")
	nia.Types("New password again", "harbour kettle moss")
	nia.Presses("Save password")
	nia.IsAt("/sign-in")
	nia.Types("Email address", "nia.new@wulfstan.test")
	nia.Types("Password", "harbour kettle moss")
	nia.Presses("Sign in")
	nia.IsAt("/")
	nia.Opens("/children")
	nia.Sees("Maya Okonkwo-Featherstonehaugh", "Jón Þórsson")
	measured := time.Since(began)
	pages, touched = nia.pages-pages, len(nia.touched)-touched
	whole := measured + time.Duration(pages)*reading + time.Duration(touched)*typing
	t.Logf("from the invitation to the children: %s, of which %s measured; %d pages, %d fields", whole.Round(time.Second), measured.Round(time.Millisecond), pages, touched)
	if whole > firstTime {
		t.Errorf("a teacher's first sign-in takes %s; it must take at most %s", whole, firstTime)
	}
}
