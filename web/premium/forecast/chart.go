package forecast

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/web/chart"
)

// byMonth is the year month by month: what was allocated and paid up to each month's end, the way to
// what is likely on 31 March, and what there is to allocate.
func (v view) byMonth() chart.FigureProps {
	first := calendar.FinancialYearRange(v.Year).Start
	there := v.known().Allocated + v.Position.Pool
	labels := make([]string, 12)
	allocated, paid, likely, income := make([]chart.Point, 12), make([]chart.Point, 12), make([]chart.Point, 12), make([]chart.Point, 12)
	var sumAllocated, sumPaid money.Pence
	present := 0
	for i := range 12 {
		month := first.AddMonths(i)
		labels[i] = month.Month.String()[:3]
		income[i] = point(there)
		if month.After(v.Today) {
			allocated[i], paid[i] = notYet, notYet
			continue
		}
		present = i
		a, p := v.moved(month)
		sumAllocated += a
		sumPaid += p
		allocated[i], paid[i], likely[i] = point(sumAllocated), point(sumPaid), chart.Point{None: true, Text: "–"}
	}
	series := []chart.Series{{Name: "Allocated", Points: allocated}, {Name: "Paid", Points: paid}}
	if v.Forecast.Told {
		for i := present; i < 12; i++ {
			likely[i] = point(sumAllocated + v.Forecast.More.Likely*money.Pence(i-present)/money.Pence(max(11-present, 1)))
		}
		if present == 11 {
			likely[11] = point(v.Forecast.Allocated.Likely)
		}
		series = append(series, chart.Series{Name: "Likely to be allocated", Points: likely})
	}
	series = append(series, chart.Series{Name: "There to allocate", Points: income})
	return chart.FigureProps{ID: "months", Title: "The year " + v.label() + " month by month", Note: "Sums from 1 April to the end of each month; the scale is in thousands of pounds. What is there to allocate is as it stands today.",
		Chart: chart.Lines{Of: "Month", Labels: labels, Series: series, Max: roof(there), Unit: "k"}}
}

var notYet = chart.Point{None: true, Text: "Not yet"}

// point is drawn in thousands of pounds, and read to the penny.
func point(amount money.Pence) chart.Point {
	return chart.Point{Value: float64(amount) / 100_000, Text: amount.String()}
}

// roof is the end of the scale in thousands of pounds: a little above what there is, and round in quarters.
func roof(there money.Pence) float64 {
	thousands, step := int64(there/100_000)+1, int64(4)
	for thousands >= step*25 {
		step *= 10
	}
	return float64((thousands + step - 1) / step * step)
}

// moved is what was allocated and paid of this year's money in a month.
func (v view) moved(month calendar.Date) (allocated, paid money.Pence) {
	for _, one := range v.OfYear {
		if one.Month != month {
			continue
		}
		switch [2]string{one.From, one.To} {
		case [2]string{"pool", "committed"}:
			allocated += one.Sum
		case [2]string{"committed", "pool"}:
			allocated -= one.Sum
		case [2]string{"committed", "paid"}:
			paid += one.Sum
		case [2]string{"paid", "committed"}:
			paid -= one.Sum
		}
	}
	return allocated, paid
}
