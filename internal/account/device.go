package account

import (
	"context"
	"strings"
	"time"

	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

type deviceKey struct{}

// WithDevice says by what browser the request comes, for its session and its person to know it by.
func WithDevice(ctx context.Context, userAgent string) context.Context {
	return context.WithValue(ctx, deviceKey{}, DeviceOf(userAgent))
}

func deviceIn(ctx context.Context) string {
	device, _ := ctx.Value(deviceKey{}).(string)
	return device
}

// Browsers and systems by a word that only they say of themselves, the more particular first: most say
// "Chrome" or "Safari" too, and phones that they are a kind of Linux or Mac.
var (
	browsers = []sign{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"}}
	systems = []sign{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "Chromebook"}, {"Windows", "Windows"},
		{"Mac OS X", "Mac"}, {"Linux", "Linux"}}
)

type sign struct{ word, name string }

// DeviceOf is what a browser says it is, in words that a person knows their own by. It proves nothing.
func DeviceOf(userAgent string) string {
	browser, system := nameIn(userAgent, browsers), nameIn(userAgent, systems)
	switch {
	case browser == "" && system == "":
		return "Another program"
	case browser == "":
		return "A browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

func nameIn(userAgent string, signs []sign) string {
	for _, one := range signs {
		if strings.Contains(userAgent, one.word) {
			return one.name
		}
	}
	return ""
}

// rememberedFor is how long something is known that somebody signed in on.
const rememberedFor = 180 * 24 * time.Hour

// noteDevice remembers on what somebody signs in, and tells them by mail when it is new. The very first
// time is no news. The letter says nothing of any child.
func noteDevice(ctx context.Context, tx *postgres.Tx, accountID int64) error {
	device := deviceIn(ctx)
	if device == "" {
		return nil // the program itself, or a test without a browser
	}
	type before struct{ Any, Known bool }
	args := postgres.Args{"id": accountID, "device": device, "since": rememberedFor}
	had, err := postgres.Get[before](ctx, tx, `select count(*) > 0 as any, coalesce(bool_or(device = @device), false) as known
		from account_device where account_id = @id and last_used > @now::timestamptz - @since::interval`, args)
	if err != nil {
		return err
	}
	if _, err := tx.Do(ctx, `insert into account_device (account_id, device, first_used, last_used) values (@id, @device, @now, @now)
		on conflict (account_id, device) do update set last_used = excluded.last_used`, args); err != nil {
		return err
	}
	if !had.Any || had.Known {
		return nil
	}
	return job.Notify(ctx, tx, job.Notice{AccountID: accountID, Subject: "A sign-in to your Virtual School account on a new device",
		Words: "A moment ago somebody, we think you, signed in to your account on something you have not used lately: " + device +
			". If this was you, there is nothing to do. If it was not, sign out everywhere and choose a new password here:", Path: "/account"})
}
