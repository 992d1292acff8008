package main

import (
	"os"
	"strings"
	"testing"

	"virtualschool/internal/config"
	"virtualschool/internal/seed"
)

// TestReadmeIsTrue keeps the front door from promising what is not there, or hiding what is.
func TestReadmeIsTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	for _, setting := range config.Documentation() {
		if !strings.Contains(readme, "| `"+setting.Name+"` | "+setting.Default+" | "+setting.About+" |") {
			t.Errorf("README's settings do not say: %s, %s, %s", setting.Name, setting.Default, setting.About)
		}
	}
	for _, person := range seed.SignIns() {
		if !strings.Contains(readme, "`"+person.Email+"`") {
			t.Errorf("README lacks the sign-in %s", person.Email)
		}
	}
	if !strings.Contains(readme, "`"+seed.Password+"`") {
		t.Error("README lacks the demonstration's password")
	}
	for _, c := range commands() {
		if !strings.Contains(readme, "virtualschool "+c.name) {
			t.Errorf("README lacks the command %s", c.name)
		}
	}
	for _, folder := range []string{"cmd/virtualschool", "internal/", "web/", "migrations"} {
		if !strings.Contains(readme, folder) {
			t.Errorf("README's map lacks %s", folder)
		}
	}
}
