package reports

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"virtualschool/internal/child"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
)

// By is what a report is told apart by.
type By string

// The ways, as they stand in an address.
const (
	BySchool   By = "school"
	ByCategory By = "category"
	ByAdvisor  By = "advisor"
	ByChild    By = "child"
	ByYear     By = "year"
	ByGrant    By = "grant"
)

// Filter narrows a report. The zero Filter is every grant and year.
type Filter struct {
	Stream ledger.Stream
	Year   int // the financial year charged
}

// Row is one line of a report, about the requests of one school, category, advisor, child, year or grant.
// Drafts and withdrawn requests are in none.
type Row struct {
	Key       string // of what the line is about; empty: no school, no advisor
	Name      string // as the database has it; categories, years and grants are named by whoever shows them
	LAChildID string // by child only
	Forename  string
	Surname   string
	Preferred string
	Children  int
	Requests  int
	Asked     money.Pence
	Waiting   money.Pence // of what was asked, for a decision
	Approved  money.Pence
	Released  money.Pence // of what was approved, given back to the year unspent
	Paid      money.Pence // to schools and others
	Recovered money.Pence // of what was paid, given back
}

// Total is the line of all lines together, which are about so many children: one may be in several.
func Total(rows []Row, children int) Row {
	total := Row{Children: children}
	for _, r := range rows {
		total.Requests += r.Requests
		total.Asked, total.Waiting, total.Approved, total.Released = total.Asked+r.Asked, total.Waiting+r.Waiting, total.Approved+r.Approved, total.Released+r.Released
		total.Paid, total.Recovered = total.Paid+r.Paid, total.Recovered+r.Recovered
	}
	return total
}

// ToPay is what was approved and is neither paid nor given back.
func (r Row) ToPay() money.Pence { return r.Approved - r.Released - r.Paid }

// ChildName is the child of a line, by child.
func (r Row) ChildName() string {
	return child.DisplayName(r.Preferred, r.Forename, r.Surname, r.LAChildID)
}

// Number is the key as a number, for lines about a record; 0 for others.
func (r Row) Number() int64 {
	id, _ := strconv.ParseInt(r.Key, 10, 64)
	return id
}

// Columns that a report can be sorted by, as they stand in an address; "-" before one turns it round.
var columns = map[string]func(Row) int64{
	"children":  func(r Row) int64 { return int64(r.Children) },
	"requests":  func(r Row) int64 { return int64(r.Requests) },
	"asked":     func(r Row) int64 { return int64(r.Asked) },
	"waiting":   func(r Row) int64 { return int64(r.Waiting) },
	"approved":  func(r Row) int64 { return int64(r.Approved) },
	"released":  func(r Row) int64 { return int64(r.Released) },
	"topay":     func(r Row) int64 { return int64(r.ToPay()) },
	"paid":      func(r Row) int64 { return int64(r.Paid) },
	"recovered": func(r Row) int64 { return int64(r.Recovered) },
}

// Sort puts lines in order by a column, and by name where it is the same or not known; name gives the words
// that a line is shown with.
func Sort(rows []Row, by string, name func(Row) string) {
	column, down := strings.CutPrefix(by, "-")
	value := columns[column]
	slices.SortStableFunc(rows, func(a, b Row) int {
		names := cmp.Or(strings.Compare(strings.ToLower(name(a)), strings.ToLower(name(b))), strings.Compare(a.Key, b.Key))
		switch {
		case value == nil && down:
			return -names
		case value == nil:
			return names
		case down:
			return cmp.Or(cmp.Compare(value(b), value(a)), names)
		}
		return cmp.Or(cmp.Compare(value(a), value(b)), names)
	})
}

// Ledger is what the ledger says of the same grants and years.
type Ledger struct {
	ToPay     money.Pence // committed, and neither paid nor given back
	Paid      money.Pence // with what was spent from the retained share
	Recovered money.Pence
	Retained  money.Pence // of Paid, spent from the retained share: about no request
}

// Hidden is what the ledger has beyond a report's total: the requests of children whom the reader may not see.
func (l Ledger) Hidden(total Row) Ledger {
	return Ledger{ToPay: l.ToPay - total.ToPay(), Paid: l.Paid - l.Retained - total.Paid, Recovered: l.Recovered - total.Recovered}
}

// None says whether there is nothing.
func (l Ledger) None() bool { return l == Ledger{} }
