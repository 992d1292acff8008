package forecast

import (
	"testing"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
)

func day(text string) calendar.Date { return calendar.MustParse(text) }

// steady is a grant of which £365 was allocated every month, 91 days before its end.
func steady() Known {
	pace := make([]money.Pence, 12)
	for i := range pace {
		pace[i] = 365_00
	}
	return Known{Today: day("2026-12-31"), FinancialYear: 2026, Pool: 5000_00, Allocated: 3000_00, Paid: 2000_00, Pace: pace, Children: 50}
}

func TestForecastUntil31March(t *testing.T) {
	t.Parallel()
	// 91 days at £365 a month are 91 × £12 = £1,092.
	const even = 1092_00
	for name, c := range map[string]struct {
		change func(*Known)
		more   Range
		short  money.Pence
	}{
		"every month alike":          {func(*Known) {}, Range{even, even, even}, 0},
		"half the children left":     {func(k *Known) { k.Children, k.Left = 25, 50 }, Range{414_96, 414_96, 414_96}, 0},
		"some months slow":           {func(k *Known) { k.Pace[0], k.Pace[1], k.Pace[2], k.Pace[3] = 0, 0, 0, 0 }, Range{0, even * 8 / 12, even}, 0},
		"some months fast":           {func(k *Known) { k.Pace[0], k.Pace[1], k.Pace[2], k.Pace[3] = 730_00, 730_00, 730_00, 730_00 }, Range{even, even * 16 / 12, 2 * even}, 0},
		"open requests exceed it":    {func(k *Known) { k.Open, k.Asked, k.Granted = 4000_00, 1000, 500 }, Range{even, 2000_00, 4000_00}, 0},
		"open, share not known":      {func(k *Known) { k.Open = 4000_00 }, Range{even, even, 4000_00}, 0},
		"no more than there is":      {func(k *Known) { k.Pool = 1000_00 }, Range{1000_00, 1000_00, 1000_00}, even - 1000_00},
		"a month of more taken back": {func(k *Known) { k.Pace[0], k.Pace[1], k.Pace[2], k.Pace[3] = -100_00, -100_00, -100_00, -100_00 }, Range{0, even*8/12 - 9972, even}, 0},
	} {
		known := steady()
		c.change(&known)
		got := Until(known)
		if !got.Told || !near(got.More, c.more) || got.Short != c.short {
			t.Errorf("%s: more %+v, short %s; want %+v, %s", name, got.More, got.Short, c.more, c.short)
		}
		// Whatever comes, the year's money is allocated or left, to the penny.
		all := known.Pool + known.Allocated
		if got.Allocated.Low+got.Left.High != all || got.Allocated.Likely+got.Left.Likely != all || got.Allocated.High+got.Left.Low != all {
			t.Errorf("%s: does not add up: %+v", name, got)
		}
	}
}

// near allows the pennies that integer division leaves.
func near(got, want Range) bool {
	close := func(a, b money.Pence) bool { return a-b < 3 && b-a < 3 }
	return close(got.Low, want.Low) && close(got.Likely, want.Likely) && close(got.High, want.High)
}

func TestTooLittleToGoByIsSaid(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Known){
		"the year is over":       func(k *Known) { k.Today = day("2027-04-01") },
		"the year has not begun": func(k *Known) { k.Today = day("2026-03-31") },
		"two months of work":     func(k *Known) { k.Pace = []money.Pence{0, 5, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0} },
		"nothing yet":            func(k *Known) { k.Pace = nil },
	} {
		known := steady()
		change(&known)
		if got := Until(known); got.Told || got.Allocated != (Range{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	known := steady()
	known.Delay.Payments = 4
	if got := Until(known); got.PaidTold {
		t.Errorf("payment forecast from four payments: %+v", got)
	}
}

func TestPaymentTakesItsTime(t *testing.T) {
	t.Parallel()
	known := steady()
	known.Delay = Delay{Payments: 40, Short: 10, Median: 45, Long: 120}
	known.Unpaid = []Batch{{day("2026-11-01"), 600_00}, {day("2026-12-01"), 400_00}}
	got := Until(known)
	// 91 days: at 120 days none of it is paid in time; at 45 both batches and 46/91 of what comes; at 10, 81/91.
	want := Range{2000_00 + 600_00, 3000_00 + 1092_00*46/91, 3000_00 + 1092_00*81/91}
	if !got.PaidTold || !near(got.Paid, want) {
		t.Errorf("paid %+v; want %+v", got.Paid, want)
	}
	last := Known{Today: day("2027-03-31"), FinancialYear: 2026, Pool: 100, Pace: known.Pace, Children: 50}
	if got := Until(last); got.Days != 1 {
		t.Errorf("%d days are left on the last day", got.Days)
	}
}

func TestChildrenWhoComeAndGo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		children, joined, left, days int
		want                         money.Pence
	}{
		{50, 0, 0, 90, 1000},
		{50, 20, 20, 90, 1000},  // as many came as left
		{50, 20, 0, 365, 1500},  // 40 on average, 60 to come
		{50, 0, 100, 365, 1000}, // nobody is left to scale to: the pace stands alone
		{0, 0, 0, 90, 1000},     // no children are known: the pace stands alone
		{100, 0, 50, 73, 1000 * 190 / 250},
	} {
		got := forChildren(1000, Known{Children: c.children, Joined: c.joined, Left: c.left}, c.days)
		if got-c.want > 1 || c.want-got > 1 {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestWatchedFromJanuary(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"2026-12-31": false, "2027-01-01": true, "2027-03-31": true, "2027-04-01": false} {
		if Watched(day(text)) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}
