package payment

import (
	"strings"
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
)

func TestWhatMayBePaidNow(t *testing.T) {
	t.Parallel()
	pounds := money.Pounds
	advance, arrears, trust := Terms{Needed: true, DueDays: 30}, Terms{Needed: true, First: true, DueDays: 30}, Terms{}
	for name, c := range map[string]struct {
		terms    Terms
		standing Standing
		want     money.Pence
	}{
		"all of it in advance":                        {advance, Standing{Committed: pounds(100)}, pounds(100)},
		"less what is paid":                           {advance, Standing{Committed: pounds(100), Paid: pounds(30)}, pounds(70)},
		"less what is released":                       {advance, Standing{Committed: pounds(100), Released: pounds(25)}, pounds(75)},
		"less what is on its way":                     {advance, Standing{Committed: pounds(100), InPayment: pounds(100)}, 0},
		"what was given back is not paid again":       {advance, Standing{Committed: pounds(100), Paid: pounds(60), Recovered: pounds(60)}, pounds(40)},
		"nothing before there is evidence in arrears": {arrears, Standing{Committed: pounds(100)}, 0},
		"as much as was shown for":                    {arrears, Standing{Committed: pounds(100), Evidenced: pounds(40)}, pounds(40)},
		"less what of that is paid":                   {arrears, Standing{Committed: pounds(100), Evidenced: pounds(40), Paid: pounds(25)}, pounds(15)},
		"or on its way":                               {arrears, Standing{Committed: pounds(100), Evidenced: pounds(40), Paid: pounds(25), InPayment: pounds(15)}, 0},
		"never more than was approved":                {arrears, Standing{Committed: pounds(100), Evidenced: pounds(130)}, pounds(100)},
		"evidence taken back after it was paid":       {arrears, Standing{Committed: pounds(100), Paid: pounds(40), Evidenced: pounds(10)}, 0},
		"no evidence asked for":                       {trust, Standing{Committed: pounds(100)}, pounds(100)},
	} {
		if got := c.standing.Payable(c.terms); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWhenEvidenceIsDue(t *testing.T) {
	t.Parallel()
	pounds, day := money.Pounds, calendar.MustParse
	advance, arrears := Terms{Needed: true, DueDays: 30}, Terms{Needed: true, First: true, DueDays: 20}
	decided := day("2026-10-01")
	for name, c := range map[string]struct {
		terms    Terms
		standing Standing
		want     calendar.Date
	}{
		"nothing paid, nothing due":           {advance, Standing{Committed: pounds(100), DecidedOn: decided}, calendar.Date{}},
		"as the remittance said":              {advance, Standing{Committed: pounds(100), Paid: pounds(100), LineDue: day("2026-12-01")}, day("2026-12-01")},
		"on the day it was asked for":         {advance, Standing{Committed: pounds(100), Paid: pounds(100), LineDue: day("2026-12-01"), AskedFor: day("2026-12-20")}, day("2026-12-20")},
		"not when all of it was shown":        {advance, Standing{Committed: pounds(100), Paid: pounds(100), Evidenced: pounds(100), AskedFor: day("2026-12-20")}, calendar.Date{}},
		"not for what was given back":         {advance, Standing{Committed: pounds(100), Paid: pounds(100), Recovered: pounds(60), Evidenced: pounds(40), LineDue: day("2026-12-01")}, calendar.Date{}},
		"from the approval in arrears":        {arrears, Standing{Committed: pounds(100), DecidedOn: decided}, day("2026-10-21")},
		"in arrears for what is not shown":    {arrears, Standing{Committed: pounds(100), Evidenced: pounds(40), DecidedOn: decided}, day("2026-10-21")},
		"in arrears not when the rest is let": {arrears, Standing{Committed: pounds(100), Released: pounds(100), DecidedOn: decided}, calendar.Date{}},
		"the earlier of two":                  {arrears, Standing{Committed: pounds(100), Paid: pounds(50), DecidedOn: decided, LineDue: day("2026-10-05")}, day("2026-10-05")},
	} {
		if got, why := c.standing.Due(c.terms); got != c.want || got.IsZero() != (why == "") {
			t.Errorf("%s: %s (%s), want %s", name, got, why, c.want)
		}
	}
}

func TestOnTheRemittanceNoNameStands(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line     Line
		initials string
		says     string
	}{
		{Line{Forename: "Maya", Surname: "okafor", Category: "literacy", Purpose: "A tutor\nfor Maya"}, "MO", "Literacy: A tutor for the child"},
		{Line{PreferredName: "Élan", Forename: "Alan", Surname: "", Category: "mentoring", Purpose: "Talks"}, "É", "Mentoring: Talks"},
		{Line{Forename: "Ann", Surname: "May", Category: "trips", Purpose: "Annual trip in May for Ann"}, "AM", "Trips and residentials: Annual trip in the child for the child"},
		{Line{Forename: "Bo", Category: "exams", Purpose: "Bo's " + strings.Repeat("papers ", 20)}, "B", "Exams and revision: the child's papers papers papers papers papers papers papers papers papers papers papers…"},
		{Line{LAChildID: "LA7", Category: "exams", Purpose: "Papers"}, "LA7", "Exams and revision: Papers"},
	} {
		if got := c.line.Initials(); got != c.initials {
			t.Errorf("initials %q, want %q", got, c.initials)
		}
		if got := c.line.For(); got != c.says {
			t.Errorf("for %q, want %q", got, c.says)
		}
	}
}
