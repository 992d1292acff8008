package forecast

import (
	"slices"

	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
)

// Range is a figure that is not certain: what is likely, and what it may be at least and at most.
type Range struct {
	Low, Likely, High money.Pence
}

// Known is what a forecast is made from. Sums of months are net: what was taken back is taken off.
type Known struct {
	Today         calendar.Date
	FinancialYear int
	Pool          money.Pence // left to allocate
	Allocated     money.Pence // to schools so far this year, paid or not
	Paid          money.Pence // of that
	// Pace is what was allocated in each of the last twelve full months.
	Pace []money.Pence
	// Children in care now of those the grant is for; joined and left in the last twelve months.
	Children, Joined, Left int
	Open                   money.Pence // asked and not decided
	// Of what was decided in the last twelve months: asked for, and granted.
	Asked, Granted money.Pence
	Delay          Delay
	Unpaid         []Batch // approved and not paid yet
}

// Delay is how many days lay between approval and payment, for the payments of the last two years: a
// quarter took no longer than Short, half no longer than Median, three quarters no longer than Long.
type Delay struct {
	Payments            int
	Short, Median, Long int
}

// Batch is money approved in a month and not paid yet; Month is the first day.
type Batch struct {
	Month calendar.Date
	Sum   money.Pence
}

// The least to go by. With less, a forecast would be a guess that looks like a figure.
const (
	leastMonths   = 3 // with anything allocated, of the last twelve
	leastPayments = 5
)

// Forecast is what may be on 31 March.
type Forecast struct {
	Days int // from today to 31 March, both counted
	// Told says whether there is enough to go by; More is then what will be allocated from today on.
	Told      bool
	More      Range
	Allocated Range       // by 31 March
	Left      Range       // not allocated by then: goes back to the department
	Short     money.Pence // what is likely to be asked for and granted beyond what there is
	PaidTold  bool
	Paid      Range // by 31 March
}

// Until forecasts 31 March. A year that is over, or has not begun, has nothing to forecast.
func Until(k Known) Forecast {
	days := calendar.FinancialYearRange(k.FinancialYear)
	if !days.Contains(k.Today) {
		return Forecast{}
	}
	f := Forecast{Days: days.End.Sub(k.Today)}
	worked := 0
	for _, sum := range k.Pace {
		if sum > 0 {
			worked++
		}
	}
	if worked < leastMonths {
		return f
	}
	f.Told = true
	wanted := more(k, f.Days)
	f.Short = max(wanted.Likely-k.Pool, 0)
	f.More = Range{min(wanted.Low, k.Pool), min(wanted.Likely, k.Pool), min(wanted.High, k.Pool)} // the ledger gives no more than there is
	f.Allocated = Range{k.Allocated + f.More.Low, k.Allocated + f.More.Likely, k.Allocated + f.More.High}
	f.Left = Range{k.Pool - f.More.High, k.Pool - f.More.Likely, k.Pool - f.More.Low}
	if k.Delay.Payments >= leastPayments {
		f.PaidTold = true
		end := days.LastDay()
		f.Paid = Range{
			paid(k, f.More.Low, f.Days, k.Delay.Long, end),
			paid(k, f.More.Likely, f.Days, k.Delay.Median, end),
			paid(k, f.More.High, f.Days, k.Delay.Short, end),
		}
	}
	return f
}

// more is what the coming days would take, whether it is there or not. Likely is the pace of the last
// twelve months for the children there will be, or what of the open requests is granted at the usual
// share where that is more. At least and at most are the pace of the slower and the faster quarter of
// months, as if every month were like them; at most also holds every open request.
func more(k Known, days int) Range {
	pace := slices.Clone(k.Pace)
	slices.Sort(pace)
	var sum money.Pence
	for _, month := range pace {
		sum += month
	}
	quarter := len(pace) / 4
	of := func(yearly money.Pence) money.Pence {
		return max(forChildren(yearly, k, days)*money.Pence(days)/365, 0)
	}
	r := Range{Low: of(pace[quarter] * 12), Likely: of(sum * 12 / money.Pence(len(pace))), High: of(pace[len(pace)-1-quarter] * 12)}
	if k.Asked > 0 {
		r.Likely = max(r.Likely, share(k.Open, k.Granted, k.Asked))
	}
	r.Low = min(r.Low, r.Likely)
	r.High = max(r.High, r.Likely, k.Open)
	return r
}

// forChildren scales a yearly sum from the children there were on average in the last twelve months to
// those there will be on average until 31 March, if as many come and go as did. Both are counted
// doubled, so that half a child is not lost.
func forChildren(sum money.Pence, k Known, days int) money.Pence {
	were := 2*k.Children - (k.Joined - k.Left)
	will := 2*k.Children + (k.Joined-k.Left)*days/365
	if were <= 0 || will <= 0 {
		return sum
	}
	return share(sum, money.Pence(will), money.Pence(were))
}

// paid is what has been paid by the end if payment takes so many days.
func paid(k Known, more money.Pence, days, delay int, end calendar.Date) money.Pence {
	sum := k.Paid
	for _, batch := range k.Unpaid {
		// Money of a month counts from its middle.
		if !batch.Month.AddDays(14 + delay).After(end) {
			sum += batch.Sum
		}
	}
	if days > delay {
		sum += share(more, money.Pence(days-delay), money.Pence(days))
	}
	return sum
}

// share is a sum times part of whole, rounded down: forecasts are not promises, and no penny of theirs moves.
func share(sum, part, whole money.Pence) money.Pence {
	const exact = 1 << 20 // keeps the product of large sums in range
	for part > exact || whole > exact {
		part, whole = part/2, whole/2
	}
	if whole == 0 {
		return sum
	}
	return sum * part / whole
}

// Watched says whether money may be lost soon enough to be named by school and category: from January.
func Watched(today calendar.Date) bool { return today.Month <= 3 }
