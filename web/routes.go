package web

import (
	"virtualschool/internal/access"
	"virtualschool/internal/accessrequest"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/attendance"
	"virtualschool/internal/breakglass"
	"virtualschool/internal/child"
	"virtualschool/internal/intake"
	"virtualschool/internal/looking"
	"virtualschool/internal/meeting"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/payment"
	"virtualschool/internal/premium/release"
	"virtualschool/internal/premium/scheme"
	"virtualschool/internal/premium/year"
	"virtualschool/internal/printing"
	"virtualschool/internal/provision"
	"virtualschool/internal/retention"
	"virtualschool/internal/rights"
	"virtualschool/internal/schoolplace"
	"virtualschool/internal/setting"
	"virtualschool/internal/suspension"
	"virtualschool/internal/timetable"
	"virtualschool/web/about"
	"virtualschool/web/accessrequests"
	"virtualschool/web/accounts"
	"virtualschool/web/administration"
	attendancepages "virtualschool/web/attendance"
	"virtualschool/web/audits"
	glasspages "virtualschool/web/breakglass"
	"virtualschool/web/calendars"
	"virtualschool/web/children"
	"virtualschool/web/documents"
	"virtualschool/web/home"
	"virtualschool/web/imports"
	"virtualschool/web/kit"
	"virtualschool/web/meetings"
	"virtualschool/web/peps"
	"virtualschool/web/peps/caseload"
	formpages "virtualschool/web/peps/forms"
	"virtualschool/web/peps/paper"
	"virtualschool/web/policies"
	premiumpages "virtualschool/web/premium"
	"virtualschool/web/premium/deciding"
	"virtualschool/web/premium/forecast"
	"virtualschool/web/premium/impact"
	"virtualschool/web/premium/payments"
	"virtualschool/web/premium/releases"
	"virtualschool/web/premium/reports"
	"virtualschool/web/premium/years"
	qualitypages "virtualschool/web/quality"
	"virtualschool/web/registers/lostdays"
	placepages "virtualschool/web/registers/places"
	"virtualschool/web/registers/provisions"
	"virtualschool/web/registers/timetables"
	rightspages "virtualschool/web/rights"
	"virtualschool/web/sent"
	"virtualschool/web/settings"
	"virtualschool/web/signin"
	"virtualschool/web/suspensions"
	voicepages "virtualschool/web/voice"
)

// Services are what the pages stand on.
type Services struct {
	Accounts    *account.Service
	Factors     *factor.Service
	Children    *child.Service
	Glass       *breakglass.Service
	Requests    *accessrequest.Service
	PEPs        *pep.Service
	Quality     *quality.Service
	Voice       *voice.Service
	Meetings    *meeting.Service
	Premium     *premium.Service
	Payments    *payment.Service
	Years       *year.Service
	Releases    *release.Service
	Attendance  *attendance.Service
	Suspensions *suspension.Service
	Timetables  *timetable.Service
	Provisions  *provision.Service
	Places      *schoolplace.Service
	Settings    *setting.Service
	Intake      *intake.Service
	Printing    *printing.Service
	Looking     *looking.Service
	Rights      *rights.Service
	Retention   *retention.Service
}

// ServiceOptions are what services need beside the database.
type ServiceOptions struct {
	Accounts      *account.Service
	Factors       *factor.Service
	AuthorityCode string // the council's three digits
	Forms         forms.Set
	Site          kit.Site    // whose name and colour are on what is printed
	Printer       pdf.Printer // nil: no PDF files are made
	Rubrics       quality.Set
	Schemes       scheme.Set // paying policies for Pupil Premium Plus
}

// NewServices makes the services that pages stand on.
func NewServices(db *postgres.DB, o ServiceOptions) Services {
	if o.Printer == nil {
		o.Printer = pdf.None
	}
	plans := &pep.Service{DB: db, Forms: o.Forms, Authority: o.AuthorityCode}
	grades := &quality.Service{DB: db, PEPs: plans, Rubrics: o.Rubrics}
	plans.Gate = grades
	return Services{
		Accounts:    o.Accounts,
		Factors:     o.Factors,
		Children:    &child.Service{DB: db},
		Glass:       &breakglass.Service{DB: db},
		Requests:    &accessrequest.Service{DB: db},
		PEPs:        plans,
		Quality:     grades,
		Voice:       &voice.Service{DB: db},
		Meetings:    &meeting.Service{DB: db, PEPs: plans, Schemes: o.Schemes},
		Premium:     &premium.Service{DB: db, Schemes: o.Schemes},
		Payments:    &payment.Service{DB: db, Schemes: o.Schemes},
		Years:       &year.Service{DB: db},
		Releases:    &release.Service{DB: db, Schemes: o.Schemes, Authority: o.AuthorityCode},
		Attendance:  &attendance.Service{DB: db},
		Suspensions: &suspension.Service{DB: db},
		Timetables:  &timetable.Service{DB: db},
		Provisions:  &provision.Service{DB: db},
		Places:      &schoolplace.Service{DB: db},
		Settings:    &setting.Service{DB: db, AuthorityCode: o.AuthorityCode},
		Intake:      &intake.Service{DB: db},
		Printing:    newPrinting(db, o, plans),
		Looking:     &looking.Service{DB: db, Authority: o.AuthorityCode},
		Retention:   &retention.Service{DB: db},
		Rights:      &rights.Service{DB: db, Forms: o.Forms, Printer: o.Printer, Paper: rightspages.Paper(o.Site)},
	}
}

// newPrinting prints many plans in the background, each with the markup of its own page.
func newPrinting(db *postgres.DB, o ServiceOptions, plans *pep.Service) *printing.Service {
	pages := &paper.Pages{Pages: &peps.Pages{Kit: &kit.Kit{Site: o.Site, DB: db, Header: header}, PEPs: plans}}
	return &printing.Service{DB: db, Printer: o.Printer, Plans: pages.Papers}
}

// places are the navigation, in order; each shows to those who may use it.
var places = []struct {
	text, path, href string
	action           access.Action
}{
	{"Home", "", "/", access.UseOwnAccount},
	{"Children", "children", "/children", access.SeeChildren},
	{"PEPs", "peps", "/peps", access.SeePEP},
	{"Quality", "quality", "/quality", access.ReviewQuality},
	{"Wishes", "wishes", "/wishes", access.SeeWishes},
	{"Suspensions", "suspensions", "/suspensions", access.SeeSuspensions},
	{"Premium", "premium", "/premium", access.ReportPremium},
	{"Remittances", "premium/remittances", "/premium/remittances", access.SeeRemittances},
	{"Registers", "registers", "/registers/timetables", access.SeeRegisters},
	{"Attendance", "attendance", "/attendance", access.SeeAttendance},
	{"Marks", "attendance/register", "/attendance/register", access.RecordAttendance},
	{"Schools", "schools", "/schools", access.SeeChildren},
	{"Administration", "admin", "/admin", access.ManageAccounts},
}

// within are places that some find inside another: those who may do this.
var within = map[string]access.Action{"/premium/remittances": access.SeePremiumMoney, "/attendance/register": access.MakeCalls}

// under are pages that a place of the menu leads to, though their addresses begin otherwise.
var under = map[string]string{"imports": "admin", "audit": "admin", "rights": "admin", "access-requests": "admin", "break-glass": "admin"}

// register lists every route. Each feature's routes.go names the action of each of its pages.
func register(rt *kit.Router, k *kit.Kit, s Services) {
	rules := &rules{db: k.DB, authority: k.Site.AuthorityCode, forms: s.PEPs.Forms, schemes: s.Premium.Schemes}
	about.Routes(rt, &about.Pages{Kit: k})
	signin.Routes(rt, &signin.Pages{Kit: k, Accounts: s.Accounts, Factors: s.Factors})
	administration.Routes(rt, &administration.Pages{Kit: k})
	home.Routes(rt, &home.Pages{Kit: k, Forms: s.PEPs.Forms, Schemes: s.Premium.Schemes})
	children.Routes(rt, &children.Pages{Kit: k, Children: s.Children, Term: rules.term, Rules: rules.now})
	accessrequests.Routes(rt, &accessrequests.Pages{Kit: k, Requests: s.Requests})
	glasspages.Routes(rt, &glasspages.Pages{Kit: k, Glass: s.Glass})
	plans := &peps.Pages{Kit: k, PEPs: s.PEPs, Rubrics: s.Quality.Rubrics, Meetings: s.Meetings}
	peps.Routes(rt, plans)
	paper.Routes(rt, &paper.Pages{Pages: plans})
	formpages.Routes(rt, &formpages.Pages{Kit: k, Forms: s.PEPs.Forms})
	qualitypages.Routes(rt, &qualitypages.Pages{Kit: k, Quality: s.Quality})
	voicepages.Routes(rt, &voicepages.Pages{Kit: k, Voice: s.Voice, Accounts: s.Accounts})
	meetings.Routes(rt, &meetings.Pages{Kit: k, Meetings: s.Meetings})
	caseload.Routes(rt, &caseload.Pages{Kit: k, PEPs: s.PEPs, Children: s.Children, Prints: s.Printing, Rules: rules.now, Rubrics: s.Quality.Rubrics})
	releases.Routes(rt, &releases.Pages{Kit: k, Releases: s.Releases})
	payments.Routes(rt, &payments.Pages{Kit: k, Payments: s.Payments})
	documents.Routes(rt, &documents.Pages{Kit: k})
	rightspages.Routes(rt, &rightspages.Pages{Kit: k, Rights: s.Rights, Retention: s.Retention})
	premiumpages.Routes(rt, &premiumpages.Pages{Kit: k, Premium: s.Premium})
	deciding.Routes(rt, &deciding.Pages{Kit: k, Premium: s.Premium, Accounts: s.Accounts})
	years.Routes(rt, &years.Pages{Kit: k, Years: s.Years})
	forecast.Routes(rt, &forecast.Pages{Kit: k})
	impact.Routes(rt, &impact.Pages{Kit: k})
	reports.Routes(rt, &reports.Pages{Kit: k})
	attendancepages.Routes(rt, &attendancepages.Pages{Kit: k, Attendance: s.Attendance, Accounts: s.Accounts, Rules: rules.now})
	sent.Routes(rt, &sent.Pages{Kit: k, Attendance: s.Attendance})
	suspensions.Routes(rt, &suspensions.Pages{Kit: k, Suspensions: s.Suspensions})
	timetables.Routes(rt, &timetables.Pages{Kit: k, Timetables: s.Timetables})
	provisions.Routes(rt, &provisions.Pages{Kit: k, Provisions: s.Provisions})
	lostdays.Routes(rt, &lostdays.Pages{Kit: k})
	placepages.Routes(rt, &placepages.Pages{Kit: k, Places: s.Places})
	settings.Routes(rt, &settings.Pages{Kit: k, Settings: s.Settings})
	calendars.Routes(rt, &calendars.Pages{Kit: k, Settings: s.Settings})
	policies.Routes(rt, &policies.Pages{Kit: k, Schemes: s.Premium.Schemes, Rubrics: s.Quality.Rubrics})
	imports.Routes(rt, &imports.Pages{Kit: k, Intake: s.Intake})
	accounts.Routes(rt, &accounts.Pages{Kit: k, Accounts: s.Accounts, Factors: s.Factors, Children: s.Children})
	audits.Routes(rt, &audits.Pages{Kit: k, Looking: s.Looking})
}
