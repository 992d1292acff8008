package payment

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/money"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/scheme"
)

// Service does what people do with payments. Each method is one transaction.
type Service struct {
	DB      *postgres.DB
	Schemes scheme.Set // the council's paying policies
}

// State is how a run stands.
type State string

// States of a run.
const (
	Made     State = "made"
	Sent     State = "sent"
	SetAside State = "set_aside"
)

var stateNames = map[State]string{Made: "Made, not sent yet", Sent: "Sent to finance", SetAside: "Set aside"}

// Name is the state as screens say it.
func (s State) Name() string { return stateNames[s] }

// Pick is a request chosen for a run, and how much of it; 0: all that may be paid.
type Pick struct {
	RequestID int64
	Amount    money.Pence
}

// MadeRun is what came of making a run.
type MadeRun struct {
	ID      int64
	Lines   int
	Sum     money.Pence
	LeftOut int // approved by the same person, who may not pay them
}

// Make makes a payment run of a grant's year: of what was picked, or of all that may be paid now where
// nothing was. It needs PayPremium. Requests that the actor approved are left out and counted. A picked
// request with less to pay than was picked refuses the whole run; one that another run has taken
// meanwhile is a conflict.
func (s *Service) Make(ctx context.Context, actor access.Actor, stream ledger.Stream, financialYear int, picked []Pick) (made MadeRun, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		made = MadeRun{}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		rules, list, err := s.lockPayable(ctx, tx, stream, financialYear)
		if err != nil {
			return err
		}
		lines, leftOut, err := choose(list, picked, rules, actor.ID)
		if err != nil {
			return err
		}
		made.LeftOut = leftOut
		return made.write(ctx, tx, stream, financialYear, rules, lines)
	})
	return made, err
}

// lockPayable locks the requests with money left, in the order everyone does, and then reads them.
func (s *Service) lockPayable(ctx context.Context, tx *postgres.Tx, stream ledger.Stream, financialYear int) (Rules, []Payable, error) {
	values, err := policy.Load(ctx, tx)
	if err != nil {
		return Rules{}, nil, err
	}
	args := postgres.Args{"stream": stream, "year": financialYear}
	if _, err := tx.Do(ctx, `select from premium_request where stream = @stream and financial_year = @year and committed_pence > released_pence + paid_pence
		order by id for update`, args); err != nil {
		return Rules{}, nil, err
	}
	list, err := postgres.List[Payable](ctx, tx, payableSQL+` order by payee, setting_id, r.decided_at, r.id`, args)
	return RulesOf(s.Schemes, values), list, err
}

// newLine is a line to be.
type newLine struct {
	Payable
	amount money.Pence
}

// choose is which requests go into a run, and how many were left out because the payer approved them.
func choose(list []Payable, picked []Pick, rules Rules, payer int64) (lines []newLine, leftOut int, err error) {
	if len(picked) == 0 {
		for _, one := range list {
			switch amount := one.Payable(rules.Terms(one.Standing)); {
			case amount == 0:
			case one.ApprovedBy(payer):
				leftOut++
			default:
				lines = append(lines, newLine{one, amount})
			}
		}
		return lines, leftOut, nothing(lines, leftOut)
	}
	amounts := map[int64]money.Pence{}
	for _, pick := range picked {
		amounts[pick.RequestID] = pick.Amount
	}
	for _, one := range list {
		amount, wanted := amounts[one.RequestID]
		if !wanted {
			continue
		}
		delete(amounts, one.RequestID)
		most := one.Payable(rules.Terms(one.Standing))
		switch {
		case one.ApprovedBy(payer):
			leftOut++
		case most == 0:
			return nil, 0, fault.Conflict("Something you chose is in another payment run already, or may not be paid yet. Nothing has been made: look at the list again.")
		case amount < 0 || amount > most:
			return nil, 0, fault.Invalid(PickField(one.RequestID), fmt.Sprintf("Amount must be more than £0.00 and not more than %s", most))
		case amount == 0:
			lines = append(lines, newLine{one, most})
		default:
			lines = append(lines, newLine{one, amount})
		}
	}
	if len(amounts) > 0 {
		return nil, 0, fault.Conflict("Something you chose has nothing left to pay. Nothing has been made: look at the list again.")
	}
	return lines, leftOut, nothing(lines, leftOut)
}

// PickField names the field in which the amount of a request is chosen.
func PickField(requestID int64) string { return fmt.Sprintf("amount-%d", requestID) }

func nothing(lines []newLine, leftOut int) error {
	switch {
	case len(lines) > 0:
		return nil
	case leftOut > 0:
		return fault.Invalid("", "You approved everything that could go into this run, so someone else must pay it.")
	}
	return fault.Conflict("There is nothing left that may be paid now. Somebody may have made a run a moment ago.")
}

func (made *MadeRun) write(ctx context.Context, tx *postgres.Tx, stream ledger.Stream, financialYear int, rules Rules, lines []newLine) error {
	args := postgres.Args{"stream": stream, "year": financialYear, "by": tx.Actor.ID}
	// The year's row keeps two who make a run from the same number; it leaves room for foreign keys.
	if _, err := tx.Do(ctx, `select from premium_year where stream = @stream and financial_year = @year for no key update`, args); err != nil {
		return err
	}
	number, err := postgres.GetValue[int](ctx, tx, `select coalesce(max(number), 0) + 1 from premium_payment_run where stream = @stream and financial_year = @year`, args)
	if err != nil {
		return err
	}
	args["number"], args["reference"] = number, runReference(stream, financialYear, number)
	made.ID, err = postgres.GetValue[int64](ctx, tx, `insert into premium_payment_run (stream, financial_year, number, reference, made_by, made_at)
		values (@stream, @year, @number, @reference, @by, @now) returning id`, args)
	if err != nil {
		return err
	}
	remittances := map[int64]int64{}
	for n, line := range lines {
		remittance, opened := remittances[line.SettingID]
		if !opened {
			remittance, err = postgres.GetValue[int64](ctx, tx, `insert into premium_remittance (run_id, setting_id, payee, urn)
				values (@run, nullif(@setting::bigint, 0), @payee, nullif(@urn::int, 0)) returning id`,
				postgres.Args{"run": made.ID, "setting": line.SettingID, "payee": line.Payee, "urn": line.URN})
			if err != nil {
				return err
			}
			remittances[line.SettingID] = remittance
		}
		reference := lineReference(stream, financialYear, number, n+1)
		if err := line.write(ctx, tx, made.ID, remittance, reference, line.evidenceDue(rules.Terms(line.Standing), tx.Today)); err != nil {
			return err
		}
		made.Lines, made.Sum = made.Lines+1, made.Sum+line.amount
	}
	return audit.Change(ctx, tx, audit.Entry{Subject: "premium payment run", SubjectID: made.ID, Action: "made",
		After: map[string]any{"reference": args["reference"], "lines": made.Lines, "sum": made.Sum, "left_out": made.LeftOut}})
}

// evidenceDue is by when the school shows what it bought with this payment; zero: it has, or need not.
func (l newLine) evidenceDue(terms Terms, today calendar.Date) calendar.Date {
	switch {
	case !terms.Needed || terms.First:
		return calendar.Date{}
	case l.AskedFor.After(today):
		return l.AskedFor
	}
	return today.AddDays(terms.DueDays)
}

func (l newLine) write(ctx context.Context, tx *postgres.Tx, runID, remittanceID int64, reference string, due calendar.Date) error {
	id, err := postgres.GetValue[int64](ctx, tx, `insert into premium_payment_line (run_id, remittance_id, request_id, child_id, reference, amount_pence, evidence_due_on)
		values (@run, @remittance, @request, @child, @reference, @amount, @due) returning id`,
		postgres.Args{"run": runID, "remittance": remittanceID, "request": l.RequestID, "child": l.ChildID, "reference": reference, "amount": l.amount, "due": due})
	if err != nil {
		return err
	}
	return audit.Change(ctx, tx, audit.Entry{ChildID: l.ChildID, Subject: "premium payment line", SubjectID: id, Action: "put in a payment run",
		After: map[string]any{"reference": reference, "amount": l.amount}})
}

// References are short, say the grant and year, and are read over the telephone: PP2627-004-12.
var streamCodes = map[ledger.Stream]string{ledger.LookedAfter: "PP", ledger.EarlyYears: "EY", ledger.Post16: "P16"}

func runReference(stream ledger.Stream, financialYear, number int) string {
	return fmt.Sprintf("%s%02d%02d-%03d", streamCodes[stream], financialYear%100, (financialYear+1)%100, number)
}

func lineReference(stream ledger.Stream, financialYear, number, line int) string {
	return fmt.Sprintf("%s-%02d", runReference(stream, financialYear, number), line)
}

// Send marks a run as given to finance: it can no longer be set aside, its remittances open to the
// schools, and each designated teacher gets a mail that one waits. It needs PayPremium.
func (s *Service) Send(ctx context.Context, actor access.Actor, runID int64) error {
	return s.close(ctx, actor, runID, Sent, "sent to finance", `sent_by = @by, sent_at = @now`, "", func(ctx context.Context, tx *postgres.Tx) error {
		people, err := postgres.ListValues[int64](ctx, tx, `select distinct a.account_id from premium_remittance m
			join account_setting a on a.setting_id = m.setting_id and a.period @> @today::date and a.post = 'designated_teacher'
			join account p on p.id = a.account_id and p.state = 'active'
			where m.run_id = @run order by 1`, postgres.Args{"run": runID})
		if err != nil {
			return err
		}
		for _, person := range people {
			err := job.Notify(ctx, tx, job.Notice{AccountID: person, Subject: "A remittance waits for you", Path: "/premium/remittances",
				Words: "The Virtual School is paying your school. Sign in to see the remittance and print it for your bursar."})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SetAside gives up a run that was not sent, with a reason: what is on it can be paid in another. It
// needs PayPremium.
func (s *Service) SetAside(ctx context.Context, actor access.Actor, runID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := checkReason("reason", "Enter why the run is set aside", reason); err != nil {
		return err
	}
	return s.close(ctx, actor, runID, SetAside, "set aside", `set_aside_by = @by, set_aside_at = @now, set_aside_reason = @reason`, reason, nil)
}

func (s *Service) close(ctx context.Context, actor access.Actor, runID int64, to State, action, set, reason string, then func(context.Context, *postgres.Tx) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		args := postgres.Args{"run": runID, "state": to, "by": actor.ID, "reason": reason}
		was, err := postgres.GetValue[State](ctx, tx, `select state from premium_payment_run where id = @run for update`, args)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if was != Made {
			return fault.Conflict("This run is already closed: " + strings.ToLower(was.Name()) + ". Nothing has been changed.")
		}
		if err := tx.DoOne(ctx, `update premium_payment_run set state = @state, `+set+` where id = @run and state = 'made'`, args); err != nil {
			return err
		}
		if then != nil {
			if err := then(ctx, tx); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium payment run", SubjectID: runID, Action: action, After: map[string]any{"state": to, "reason": reason}})
	})
}

func checkReason(field, missing, reason string) error {
	switch {
	case reason == "":
		return fault.Invalid(field, missing)
	case utf8.RuneCountInString(reason) > premium.TextLimit:
		return fault.Invalid(field, fmt.Sprintf("Use %d characters or fewer", premium.TextLimit))
	}
	return nil
}

// Run is a payment run.
type Run struct {
	ID             int64
	Stream         ledger.Stream
	FinancialYear  int
	Reference      string
	State          State
	Lines          int
	Sum            money.Pence
	MadeBy         int64
	MadeByName     string
	MadeAt         time.Time
	SentByName     string
	SentByEmail    string
	SentAt         *time.Time
	SetAsideByName string
	SetAsideAt     *time.Time
	SetAsideReason string
	Exports        int // files made for finance
}

const runSQL = `select p.id, p.stream, p.financial_year, p.reference, p.state, p.line_count as lines, p.sum_pence as sum, p.made_by, m.name as made_by_name, p.made_at,
		coalesce(s.name, '') as sent_by_name, coalesce(s.email, '') as sent_by_email, p.sent_at,
		coalesce(a.name, '') as set_aside_by_name, p.set_aside_at, coalesce(p.set_aside_reason, '') as set_aside_reason,
		(select count(*)::int from premium_export e where e.run_id = p.id) as exports
	from premium_payment_run p join account m on m.id = p.made_by left join account s on s.id = p.sent_by left join account a on a.id = p.set_aside_by`

// QueueRuns queues runs, newest first, those before a run's number where given.
func QueueRuns(batch *postgres.Batch, into *[]Run, before int64, limit int) {
	postgres.Many(batch, into, runSQL+` where @before::bigint = 0 or p.id < @before order by p.id desc limit @limit`, postgres.Args{"before": before, "limit": limit})
}

// QueueRun queues one run. One that is not there fails the batch with NotFound.
func QueueRun(batch *postgres.Batch, into *Run, runID int64) {
	postgres.One(batch, into, runSQL+` where p.id = @run`, postgres.Args{"run": runID})
}
