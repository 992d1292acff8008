package account

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
)

// TestPasswords shows these requirements.
//
// ASVS 5.0: 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11, 6.2.12
func TestPasswords(t *testing.T) {
	t.Parallel()
	about := []string{"Ruth Adeyemi", "ruth.adeyemi@westmoor.gov.uk", "Westmoor Council"}
	for _, one := range []struct {
		password, says string
	}{
		{"harbour kettle moss", ""},
		{"пароль-и-трамвай", ""},
		{"🦊🐢🦉🐝🐙🦔🐊🦜🐳🐞🦋🐌", ""},
		{"   spaces count   ", ""},
		{"virtual school of rock and roll", ""},
		{"harbour kettle " + strings.Repeat("🦊🐢🦉🐝🐙🦔🐊", 7), ""}, // 64 characters
		{"harbour kettle " + strings.Repeat("🦊🐢🦉🐝🐙🦔🐊", 7) + "🦜", ""},
		{strings.Repeat("moss kettle ", 10) + "eight ch", ""},
		{strings.Repeat("moss kettle ", 10) + "eight ch.", "128 characters or fewer"},
		{strings.Repeat("x", 1000), "128 characters or fewer"},
		{"", "12 characters or more"},
		{"moss kettle", "12 characters or more"},
		{"🦊🐢🦉🐝🐙🦔🐊🦜🐳🐞🦋", "12 characters or more"},
		{"1qaz2wsx3edc", "easy to guess"},
		{"PasswordPassword", "easy to guess"},
		{"Password1234567!", "easy to guess"},
		{"mortalkombat99!!", "easy to guess"},
		{"aaaaaaaaaaaaaaaa", "easy to guess"},
		{"ababababcccc", "easy to guess"},
		{"VirtualSchool2026!", "easy to guess"},
		{"westmoor-council-1", "easy to guess"},
		{"RuthAdeyemi1979", "easy to guess"},
		{"September2026!!", "easy to guess"},
		{"a\xff\xfe valid-looking", "cannot be used"},
		{DemoPassword, "only for demonstrations"},
	} {
		err := CheckPassword(one.password, about...)
		switch {
		case one.says == "" && err != nil:
			t.Errorf("%q was refused: %v", one.password, err)
		case one.says != "" && !strings.Contains(fault.Words(err), one.says):
			t.Errorf("%q: %q, want %q", one.password, fault.Words(err), one.says)
		}
		if problems := fault.Of(err); err != nil && !problems.Has("password") {
			t.Errorf("%q: the problem is not with the field", one.password)
		}
	}
}

func TestWaitsGrowAndEnd(t *testing.T) {
	t.Parallel()
	p := pace{free: 5, first: 5 * time.Second, most: 15 * time.Minute}
	for _, one := range []struct {
		failures    int
		since, want time.Duration
	}{
		{0, 0, 0}, {4, 0, 0}, {5, 0, 5 * time.Second}, {5, 5 * time.Second, 0}, {5, time.Second, 4 * time.Second},
		{6, 0, 10 * time.Second}, {12, 0, 640 * time.Second}, {13, 0, 15 * time.Minute}, {35, 0, 15 * time.Minute},
		{100_000, 0, 15 * time.Minute}, {100_000, 15 * time.Minute, 0},
	} {
		if got := p.wait(one.failures, one.since); got != one.want {
			t.Errorf("after %d failures and %v: wait %v, want %v", one.failures, one.since, got, one.want)
		}
	}
	for wait, want := range map[time.Duration]string{time.Nanosecond: "1 second", 40 * time.Second: "40 seconds", 119500 * time.Millisecond: "2 minutes",
		15 * time.Minute: "15 minutes", 2*time.Minute + time.Second: "3 minutes"} {
		if got := waitWords(wait); got != want {
			t.Errorf("%v: %q, want %q", wait, got, want)
		}
	}
}

func TestOneCallersAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7",
		"2001:db8:1:2:aaaa::1": "2001:db8:1:2::/64", "2001:db8:1:2:bbbb::9": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
		"": "", "not an address": "not an address",
	} {
		if got := network(address); got != want {
			t.Errorf("%q: %q, want %q", address, got, want)
		}
	}
}

func TestEmails(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		" Ruth.Adeyemi@Westmoor.GOV.UK ": "ruth.adeyemi@westmoor.gov.uk", "o'brien+vs@school.test": "o'brien+vs@school.test",
		"": "", "ruth": "", "ruth@localhost": "", "Ruth <ruth@school.test>": "", "ruth@school.test\x00": "", "ruth@school.test\r\nBcc: a@b.test": "",
		"r üth@school.test": "", "rüth@school.test": "", "a@b@c.test": "", strings.Repeat("a", 250) + "@b.test": "", "a,b@c.test": "",
	} {
		if got := tidyEmail(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestNewAccounts(t *testing.T) {
	t.Parallel()
	day := func(d int) calendar.Date { return calendar.Date{Year: 2026, Month: time.September, Day: d} }
	membership := NewMembership{SettingID: 7, Post: DesignatedTeacher, From: day(1)}
	with := func(change func(*NewAccount)) NewAccount {
		person := NewAccount{Email: "dt@school.test", Name: "Ama Owusu", Role: access.School, Settings: []NewMembership{membership}}
		change(&person)
		return person
	}
	for _, one := range []struct {
		name   string
		person NewAccount
		fields string
	}{
		{"right", with(func(*NewAccount) {}), ""},
		{"nothing", NewAccount{}, "email name role"},
		{"no school", with(func(p *NewAccount) { p.Settings = nil }), "setting"},
		{"an advisor at a school", with(func(p *NewAccount) { p.Role = access.Advisor }), "setting"},
		{"the program", with(func(p *NewAccount) { p.Role = access.Service }), "role"},
		{"a role nobody knows", with(func(p *NewAccount) { p.Role = "emperor" }), "role"},
		{"a NUL in the name", with(func(p *NewAccount) { p.Name = "A\x00" }), "name"},
		{"a long name", with(func(p *NewAccount) { p.Name = strings.Repeat("é", 201) }), "name"},
		{"200 letters", with(func(p *NewAccount) { p.Name = strings.Repeat("é", 200) }), ""},
		{"ends before it begins", with(func(p *NewAccount) { p.Settings[0].LastDay = calendar.Date{Year: 2026, Month: time.August, Day: 31} }), "last"},
		{"one day", with(func(p *NewAccount) { p.Settings[0].LastDay = day(1) }), ""},
		{"empty membership", with(func(p *NewAccount) { p.Settings = []NewMembership{{}} }), "setting post from"},
	} {
		membership = NewMembership{SettingID: 7, Post: DesignatedTeacher, From: day(1)}
		var fields []string
		for _, problem := range one.person.Check() {
			fields = append(fields, problem.Field)
		}
		if got := strings.Join(fields, " "); got != one.fields {
			t.Errorf("%s: problems with %q, want %q", one.name, got, one.fields)
		}
	}
}

func TestTheSaltIsMadeOnceAndKeptToOurselves(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	first, err := LoadSalt(dir)
	if err != nil || len(first) != secretSize {
		t.Fatal(len(first), err)
	}
	second, err := LoadSalt(dir)
	if err != nil || string(first) != string(second) {
		t.Errorf("another salt the second time, %v", err)
	}
	file := filepath.Join(dir, "sign-in-salt")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v %v", info.Mode(), err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("%d files were left", len(files))
	}
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadSalt(dir); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a damaged salt: %v", err)
	}
}
