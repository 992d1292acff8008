package account

import (
	"fmt"
	"testing"
	"time"

	"virtualschool/internal/access"
)

func TestDeviceOf(t *testing.T) {
	t.Parallel()
	for want, agent := range map[string]string{
		"Chrome on Windows":           "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
		"Edge on Windows":             "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36 Edg/149.0.0.0",
		"Firefox on Linux":            "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
		"Safari on Mac":               "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.1 Safari/605.1.15",
		"Safari on iPhone":            "Mozilla/5.0 (iPhone; CPU iPhone OS 20_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.1 Mobile/15E148 Safari/604.1",
		"Chrome on iPad":              "Mozilla/5.0 (iPad; CPU OS 20_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/149.0 Mobile/15E148 Safari/604.1",
		"Chrome on Android":           "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Mobile Safari/537.36",
		"Samsung Internet on Android": "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/130.0 Mobile Safari/537.36",
		"Chrome on Chromebook":        "Mozilla/5.0 (X11; CrOS x86_64 16000) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
		"A browser on Windows":        "<b>Windows</b>\x00",
		"Another program":             "",
	} {
		if got := DeviceOf(agent); got != want {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

// TestASignInOnSomethingNewIsTold shows these requirements.
//
// ASVS 5.0: 6.3.5
func TestASignInOnSomethingNewIsTold(t *testing.T) {
	t.Parallel()
	s, m := open(t)
	ruth := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	told := func() int {
		return ask[int](t, s, `select count(*) from river_job where kind = 'notice' and args->>'account_id' = $1 and args->>'subject' like '%new device'`, fmt.Sprint(ruth.ID))
	}
	for _, tt := range []struct {
		agent string
		after time.Duration
		want  int
	}{
		{"Windows Firefox/1", 0, 0},                    // the first sign-in ever
		{"Windows Firefox/2", time.Hour, 0},            // the same, newer
		{"iPhone Version/1", time.Hour, 1},             // something new
		{"iPhone Version/1", time.Hour, 1},             // not new any more
		{"Windows Firefox/2", 181 * 24 * time.Hour, 1}, // nothing is known of so long ago
		{"iPhone Version/1", time.Hour, 2},             // nor this
		{"", time.Hour, 3},                             // a program
	} {
		m.on(tt.after)
		ctx := WithDevice(t.Context(), tt.agent)
		if err := s.SignedIn(ctx, ruth, Proof{By: ByPassword}); err != nil {
			t.Fatal(err)
		}
		if got := told(); got != tt.want {
			t.Errorf("%q: told %d times, want %d", tt.agent, got, tt.want)
		}
	}
	if err := s.SignedIn(t.Context(), ruth, Proof{By: ByPassword}); err != nil || told() != 3 {
		t.Errorf("no browser at all: %d, %v", told(), err)
	}
}
