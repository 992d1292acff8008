package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// reporting is the place for reports, with its log and a clock to turn.
func reporting() (p *policyReports, log *bytes.Buffer, clock *time.Time) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	log, clock = &bytes.Buffer{}, &now
	return &policyReports{log: slog.New(slog.NewJSONHandler(log, nil)), now: func() time.Time { return *clock }}, log, clock
}

func send(p *policyReports, body string) int {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodPost, reportPath, strings.NewReader(body)))
	return w.Code
}

// TestReportsOfThePolicyNameNobody: asvs 3.4.7.
func TestReportsOfThePolicyNameNobody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, directive, source string }{
		"the old form":     {`{"csp-report":{"document-uri":"https://vs.example/children/771","effective-directive":"script-src-elem","blocked-uri":"https://evil.example:8443/kanarien?x=1","script-sample":"kanarien"}}`, "script-src-elem", "https://evil.example:8443"},
		"before that":      {`{"csp-report":{"violated-directive":"style-src 'self'","blocked-uri":"inline"}}`, "style-src", "inline"},
		"the new form":     {`[{"type":"csp-violation","url":"https://vs.example/children/771","body":{"effectiveDirective":"img-src","blockedURL":"data","documentURL":"https://vs.example/children/771"}}]`, "img-src", "data"},
		"words of theirs":  {`{"csp-report":{"effective-directive":"kanarien 771\n","blocked-uri":"kanarienvogel/771"}}`, "unknown", "unknown"},
		"a host of theirs": {`{"csp-report":{"effective-directive":"img-src","blocked-uri":"https://` + strings.Repeat("a", 80) + `.example/"}}`, "img-src", "unknown"},
	} {
		p, log, _ := reporting()
		if status := send(p, c.body); status != http.StatusNoContent {
			t.Errorf("%s: %d", name, status)
		}
		if said := log.String(); strings.Count(said, "\n") != 1 || !strings.Contains(said, `"directive":"`+c.directive+`"`) || !strings.Contains(said, `"source":"`+c.source+`"`) || strings.Contains(said, "771") {
			t.Errorf("%s: the log says %s", name, said)
		}
	}
	for _, nonsense := range []string{"", "null", "[]", "{}", "[1]", `{"csp-report":7}`, "\x00", `[{"type":"deprecation"}]`, strings.Repeat("[", 10_000)} {
		p, log, _ := reporting()
		if status := send(p, nonsense); status != http.StatusNoContent || log.Len() > 0 {
			t.Errorf("%.20q: %d, %s", nonsense, status, log)
		}
	}
}

func TestReportsAreFewAndSmall(t *testing.T) {
	t.Parallel()
	p, log, clock := reporting()
	const one = `{"csp-report":{"effective-directive":"img-src","blocked-uri":"inline"}}`
	if status := send(p, one+strings.Repeat(" ", mostReport)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large one: %d", status)
	}
	taken := 0
	for range 3 * mostReports {
		if send(p, one) == http.StatusNoContent {
			taken++
		}
	}
	if taken != mostReports-1 || strings.Count(log.String(), "\n") != taken {
		t.Errorf("%d were taken, the large one counted", taken)
	}
	*clock = clock.Add(reportSpan)
	if status := send(p, one); status != http.StatusNoContent {
		t.Errorf("a minute later: %d", status)
	}
	for range 20 {
		send(p, `[`+strings.Repeat(`{"type":"csp-violation","body":{"effectiveDirective":"img-src","blockedURL":"inline"}},`, 50)+`{}]`)
	}
	if lines := strings.Count(log.String(), "\n"); lines > taken+1+20*10 {
		t.Errorf("%d lines", lines)
	}
}

// FuzzReports: whatever a browser sends, what is logged of it is short and of a few letters.
func FuzzReports(f *testing.F) {
	f.Add([]byte(`{"csp-report":{"effective-directive":"img-src","blocked-uri":"https://a.example/x"}}`))
	f.Add([]byte(`[{"type":"csp-violation","body":{"effectiveDirective":"img-src","blockedURL":"inline"}}]`))
	f.Add([]byte(`{"csp-report":{"violated-directive":"a b","blocked-uri":"http://[::1]:99999/%zz"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, one := range readReports(body) {
			for _, text := range []string{one.directive, one.source} {
				if text == "" || len(text) > mostOfSource || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.:/-[]") != "" {
					t.Errorf("%q is logged of %q", text, body)
				}
			}
		}
	})
}
