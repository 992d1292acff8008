package seed

import (
	"time"

	"virtualschool/internal/accessrequest"
	"virtualschool/internal/account"
	"virtualschool/internal/attendance"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/premium/release"
	"virtualschool/internal/premium/year"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
)

// Services are what the people of the story work with: the server's own.
type Services struct {
	DB          *postgres.DB
	Accounts    *account.Service
	Settings    *setting.Service
	Children    *child.Service
	Plans       *pep.Service
	Rubrics     quality.Set
	Voice       *voice.Service
	Premium     *premium.Service
	Attendance  *attendance.Service
	Suspensions *suspension.Service
}

// desk is the services at one moment of the story.
type desk struct {
	db          *postgres.DB
	accounts    account.Service
	settings    setting.Service
	children    child.Service
	glass       breakglass.Service
	requests    accessrequest.Service
	plans       pep.Service
	quality     quality.Service
	voice       voice.Service
	premium     premium.Service
	years       year.Service
	payments    payment.Service
	releases    release.Service
	attendance  attendance.Service
	suspensions suspension.Service
}

// at is the desk on a day, so many minutes after half past eight in the morning.
func (c *council) at(day calendar.Date, minutes int) *desk {
	moment := day.Start().Add(8*time.Hour + time.Duration(30+minutes)*time.Minute)
	db := c.services.DB.At(func() time.Time { return moment })
	d := &desk{db: db, accounts: *c.services.Accounts, settings: *c.services.Settings, children: *c.services.Children, plans: *c.services.Plans, voice: *c.services.Voice,
		premium: *c.services.Premium, attendance: *c.services.Attendance, suspensions: *c.services.Suspensions}
	d.accounts.DB, d.settings.DB, d.children.DB, d.plans.DB, d.voice.DB = db, db, db, db, db
	// What was not picked was signed off before there was a rule of what is.
	d.plans.Gate = nil
	d.quality = quality.Service{DB: db, PEPs: &d.plans, Rubrics: c.services.Rubrics}
	d.glass = breakglass.Service{DB: db}
	d.requests = accessrequest.Service{DB: db}
	d.years = year.Service{DB: db}
	d.payments = payment.Service{DB: db, Schemes: d.premium.Schemes}
	d.releases = release.Service{DB: db, Schemes: d.premium.Schemes, Authority: c.authority}
	d.premium.DB, d.attendance.DB, d.suspensions.DB = db, db, db
	return d
}
