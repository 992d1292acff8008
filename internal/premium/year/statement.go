package year

import (
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/premium/ledger"
)

// Account is one account of a year's ledger, from nothing on 1 April to what it holds now. What came
// from outside, the grant's money and what schools gave back, stands below nought.
type Account struct {
	Kind   string
	InYear money.Pence // moved by 31 March
	After  money.Pence // moved after it, until the year was closed and by journals since
	Now    money.Pence
}

// AtEnd is what the account held on 31 March. It began at nought: nothing is carried forward.
func (a Account) AtEnd() money.Pence { return a.InYear }

// Flow is what went from one account to another in the year.
type Flow struct {
	From, To string
	Entries  int
	Sum      money.Pence
	Journals int // of the entries, written after the year was closed
}

// Statement is a year to the penny: every account, every kind of entry and the lines that prove them.
type Statement struct {
	Accounts []Account
	Flows    []Flow
	// What the paid account is made of.
	PaidOnRequests, SpentOfRetained money.Pence
	// Off is what the balances differ from the entries by: nought, or something is broken.
	Off money.Pence
}

// Accounts are the kinds of account in the order money goes through them.
var Accounts = []string{"grant", "retained", "pool", "committed", "paid", "recovered", "returned"}

// State makes the statement of a year from its sums by month and its balances.
func State(position ledger.Position, months []Month) Statement {
	var s Statement
	end := calendar.FinancialYearRange(position.FinancialYear).End
	moved := map[string]*Account{}
	for _, kind := range Accounts {
		moved[kind] = &Account{Kind: kind}
	}
	flows := map[[2]string]*Flow{}
	var order [][2]string
	for _, m := range months {
		for kind, sum := range map[string]money.Pence{m.From: -m.Sum, m.To: m.Sum} {
			account := moved[kind]
			if m.Month.Before(end) {
				account.InYear += sum
			} else {
				account.After += sum
			}
			account.Now += sum
		}
		way := [2]string{m.From, m.To}
		if flows[way] == nil {
			flows[way] = &Flow{From: m.From, To: m.To}
			order = append(order, way)
		}
		flow := flows[way]
		flow.Entries += m.Entries
		flow.Sum += m.Sum
		if m.Journal {
			flow.Journals += m.Entries
		}
		switch way {
		case [2]string{"committed", "paid"}:
			s.PaidOnRequests += m.Sum
		case [2]string{"paid", "committed"}:
			s.PaidOnRequests -= m.Sum
		case [2]string{"retained", "paid"}:
			s.SpentOfRetained += m.Sum
		case [2]string{"paid", "retained"}:
			s.SpentOfRetained -= m.Sum
		}
	}
	balances := map[string]money.Pence{"grant": -position.Income - position.Returned, "retained": position.Retained, "pool": position.Pool,
		"committed": position.Committed, "paid": position.Paid, "recovered": -position.Recovered, "returned": position.Returned}
	for _, kind := range Accounts {
		s.Accounts = append(s.Accounts, *moved[kind])
		s.Off += max(balances[kind]-moved[kind].Now, moved[kind].Now-balances[kind])
	}
	for _, way := range order {
		s.Flows = append(s.Flows, *flows[way])
	}
	return s
}

// Total is what all accounts hold together now, which is nought: money only moves between them.
func (s Statement) Total() money.Pence {
	var sum money.Pence
	for _, account := range s.Accounts {
		sum += account.Now
	}
	return sum
}

// Proven says whether the statement may be certified: the accounts add up, the year's equation holds
// and the balances are the sum of the entries.
func (s Statement) Proven(position ledger.Position) bool {
	return s.Total() == 0 && s.Off == 0 && position.Balanced()
}
