package area

import (
	"cmp"
	"strconv"

	"virtualschool/internal/calendar"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/reports"
	"virtualschool/web/ui"
)

// CategoryName is what a request is for, in words; one that a council took out of its policy is called by its key.
func CategoryName(key string) string { return cmp.Or(premium.Category(key).Name(), key) }

// Grants are the grants, to choose from.
func Grants() []ui.Option {
	var options []ui.Option
	for _, stream := range ledger.Streams {
		options = append(options, ui.Option{Value: string(stream), Text: stream.Name()})
	}
	return options
}

// Years are the financial years that have been opened for any grant, newest first, to choose from.
func Years(opened []reports.Year) []ui.Option {
	var options []ui.Option
	last := 0
	for _, one := range opened {
		if one.FinancialYear != last {
			options = append(options, ui.Option{Value: strconv.Itoa(one.FinancialYear), Text: calendar.FinancialYearLabel(one.FinancialYear)})
			last = one.FinancialYear
		}
	}
	return options
}
