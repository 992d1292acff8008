package year

import (
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
)

// Rate is what the department gives, for each child or funded hour, and where it said so.
type Rate struct {
	Amount money.Pence
	Source string
}

const allocations = "Department for Education, pupil premium: allocations and conditions of grant "

// published are the rates the department has published and this program knows. A year that is not here
// has none that may be used: the council enters it from the department's page.
var published = map[ledger.Stream]map[int]Rate{
	ledger.LookedAfter: {
		2019: {2300_00, allocations + "2019 to 2020"},
		2020: {2345_00, allocations + "2020 to 2021"},
		2021: {2345_00, allocations + "2021 to 2022"},
		2022: {2410_00, allocations + "2022 to 2023"},
		2023: {2530_00, allocations + "2023 to 2024"},
		2024: {2570_00, allocations + "2024 to 2025"},
		2025: {2630_00, allocations + "2025 to 2026"},
	},
	ledger.EarlyYears: {
		2024: {68, "Department for Education, early years funding: £387.60 for 570 hours, 2024 to 2025"},
		2026: {1_15, "Department for Education, early years funding: £655.50 for 570 hours, 2026 to 2027"},
	},
}

// Published is the rate the department published for a grant's year; false when none is known.
func Published(stream ledger.Stream, financialYear int) (Rate, bool) {
	rate, known := published[stream][financialYear]
	return rate, known
}
