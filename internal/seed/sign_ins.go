package seed

import (
	"context"
	"errors"
	"fmt"

	"virtualschool/internal/account"
	"virtualschool/internal/fault"
)

// Who has not been seen for long: one in so many, for so many days.
const quietOneIn, quietDays = 10, 130

// browsers are what the council's people sign in on.
var browsers = []string{"Windows NT 10.0 Edg/140.0", "Windows NT 10.0 Chrome/140.0", "Macintosh; Mac OS X Version/19.0 Safari", "iPhone Version/19.0 Safari"}

// signIns has everybody sign in, most of them within the last weeks and some not for long.
func (c *council) signIns(ctx context.Context) error {
	for n, who := range c.everybody {
		ago := 1 + n*5%18
		if n%quietOneIn == quietOneIn-1 {
			ago = quietDays + n
		}
		day := c.days.today.AddDays(-ago)
		if day.Before(c.days.start) {
			day = c.days.start
		}
		ctx := account.WithDevice(ctx, browsers[n%len(browsers)])
		err := c.at(day, n%90).accounts.SignedIn(ctx, who.Actor, account.Proof{By: account.ByPassword})
		if err != nil && !errors.Is(err, fault.KindNotFound) { // whose account has ended signs in no more
			return fmt.Errorf("%s signs in: %w", who.Email, err)
		}
	}
	return nil
}
