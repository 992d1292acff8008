package year

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/ledger"
)

// MayClose refuses a year that is not over on a day.
func MayClose(financialYear int, today calendar.Date) error {
	if end := calendar.FinancialYearRange(financialYear); today.Before(end.End) {
		return fault.Conflict(fmt.Sprintf("The year %s runs until %s. It can be closed from the day after.", calendar.FinancialYearLabel(financialYear), end.LastDay().Words()))
	}
	return nil
}

// Close ends a year: what is left of the retained share goes back to be allocated, all that was not
// allocated goes back to the department as a return entry, and the year is locked. It needs
// ClosePremium (the Virtual School Head); the year must be over. What is committed was allocated in time
// and stays: it is paid or released by the head, as journals.
func (s *Service) Close(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear, version int) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.ClosePremium, access.Facts{}); err != nil {
			return err
		}
		was, err := hold(ctx, tx, stream, financialYear)
		if err != nil {
			return err
		}
		if was.Closed {
			return fault.Conflict(fmt.Sprintf("The year %s is closed already.", calendar.FinancialYearLabel(financialYear)))
		}
		if was.Version != version {
			return fault.Conflict("")
		}
		if err := MayClose(financialYear, tx.Today); err != nil {
			return err
		}
		label := calendar.FinancialYearLabel(financialYear)
		if _, err := tx.Do(ctx, `update premium_purpose set planned_pence = spent_pence, set_by = @by, set_at = @now
			where stream = @stream and financial_year = @year and planned_pence <> spent_pence`, postgres.Args{"by": tx.Actor.ID, "stream": stream, "year": financialYear}); err != nil {
			return err
		}
		if err := shift(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "retained", To: "pool", Amount: was.Retained,
			Reason: "Retained share not spent by the end of " + label, Key: ledger.Key("%s year %d closed retained", stream, financialYear)}); err != nil {
			return err
		}
		if err := shift(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: "pool", To: "returned", Amount: was.Pool + was.Retained,
			Reason: "Not allocated by " + calendar.FinancialYearRange(financialYear).LastDay().Words() + ": back to the department", Key: ledger.Key("%s year %d closed", stream, financialYear)}); err != nil {
			return err
		}
		err = tx.DoOne(ctx, `update premium_year set closed_at = @now, closed_by = @by, version = version + 1
			where stream = @stream and financial_year = @year and version = @version and closed_at is null`,
			postgres.Args{"by": tx.Actor.ID, "stream": stream, "year": financialYear, "version": was.Version})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium year", SubjectID: subject(stream, financialYear), Action: "closed",
			After: map[string]any{"returned": was.Pool + was.Retained}})
	})
}

// JournalKind is what a journal in a closed year does.
type JournalKind string

// The journals that a year may need after it was closed: an audit finds another income, a school gives
// money back, and what then stands unallocated goes back to the department.
const (
	MoreIncome JournalKind = "more_income"
	LessIncome JournalKind = "less_income"
	Recovered  JournalKind = "recovered" // of what was paid on a request
	Returned   JournalKind = "returned"
)

// JournalKinds are the kinds in the order a page lists them.
var JournalKinds = []JournalKind{Recovered, Returned, MoreIncome, LessIncome}

var journals = map[JournalKind]struct{ name, from, to string }{
	MoreIncome: {"More income from the department", "grant", "pool"},
	LessIncome: {"Less income from the department", "pool", "grant"},
	Recovered:  {"A school gave money back", "recovered", "pool"},
	Returned:   {"Money returned to the department", "pool", "returned"},
}

// Name is the kind as a page says it; empty for one that is not known.
func (k JournalKind) Name() string { return journals[k].name }

// Journal is an entry in a closed year.
type Journal struct {
	Kind      JournalKind
	Amount    money.Pence
	RequestID int64 // whose payment was given back; 0 for the other kinds
	Reason    string
}

func (j Journal) problems() error {
	var p fault.Problems
	if j.Kind.Name() == "" {
		p.Add("kind", "Choose what the journal is for")
	}
	if j.Amount <= 0 || j.Amount > money.Most {
		p.Addf("amount", "Amount must be more than £0.00 and not more than %s", money.Most)
	}
	if j.Kind == Recovered && j.RequestID == 0 {
		p.Add("request", "Enter the number of the request whose payment was given back")
	}
	if j.Kind != Recovered && j.RequestID != 0 {
		p.Add("request", "Leave this empty: only money that a school gave back is of a request")
	}
	switch {
	case j.Reason == "":
		p.Add("reason", "Enter why the journal is needed")
	case utf8.RuneCountInString(j.Reason) > 500:
		p.Add("reason", "Use 500 characters or fewer")
	}
	return p.Err()
}

// Write adds a journal to a closed year, with its reason. It needs ClosePremium; version is the
// page's, so that the same page writes once.
func (s *Service) Write(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear, version int, journal Journal) error {
	journal.Reason = strings.TrimSpace(journal.Reason)
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.ClosePremium, access.Facts{}); err != nil {
			return err
		}
		if err := journal.problems(); err != nil {
			return err
		}
		var child int64
		if journal.RequestID != 0 {
			found, err := postgres.ListValues[int64](ctx, tx, `select child_id from premium_request where id = @request and stream = @stream and financial_year = @year for update`,
				postgres.Args{"request": journal.RequestID, "stream": stream, "year": financialYear})
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return fault.Invalid("request", "No request of this grant and year has this number")
			}
			child = found[0]
		}
		was, err := hold(ctx, tx, stream, financialYear)
		if err != nil {
			return err
		}
		if !was.Closed {
			return fault.Conflict("The year is not closed: it takes ordinary entries.")
		}
		// A closed row does not change, so its transfers tell an old page from a new one.
		written, err := postgres.GetValue[int](ctx, tx, journalsSQL, postgres.Args{"stream": stream, "year": financialYear})
		if err != nil {
			return err
		}
		if written+1 != version {
			return fault.Conflict("")
		}
		way := journals[journal.Kind]
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: stream, Year: financialYear, From: way.from, To: way.to, Amount: journal.Amount, Request: journal.RequestID, Child: child,
			Reason: "Journal: " + journal.Reason, Journal: true, Key: ledger.Key("%s year %d journal %d", stream, financialYear, version)}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: child, Subject: "premium year", SubjectID: subject(stream, financialYear), Action: "journal written", After: journal})
	})
	switch postgres.Constraint(err) {
	case "premium_never_overspent":
		return fault.Invalid("amount", "The account it comes from holds less than that. A closed year holds only what journals have brought back.")
	case "premium_request_never_overpaid":
		return fault.Invalid("amount", "More than was paid on this request cannot be given back")
	}
	return err
}

const journalsSQL = `select coalesce(sum(entries), 0)::int from premium_month where stream = @stream and financial_year = @year and journal`

// Journals counts the journals among a year's sums; one more is the version that Write is given.
func Journals(months []Month) int {
	n := 0
	for _, month := range months {
		if month.Journal {
			n += month.Entries
		}
	}
	return n
}
