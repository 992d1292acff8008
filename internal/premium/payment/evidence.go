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
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
)

// EvidenceKind is what shows how money was spent.
type EvidenceKind string

// Kinds of evidence, in the order forms list them, with their names.
var EvidenceKinds = []struct {
	Kind EvidenceKind
	Name string
}{{"invoice", "Invoice"}, {"receipt", "Receipt"}, {"report", "Report of what was done"}}

// Name is the kind as screens say it; empty for one that is not known.
func (k EvidenceKind) Name() string {
	for _, one := range EvidenceKinds {
		if one.Kind == k {
			return one.Name
		}
	}
	return ""
}

// Proof is evidence as it is recorded.
type Proof struct {
	Kind    EvidenceKind
	Amount  money.Pence // what it shows was spent; 0 for a report that shows no sum
	DatedOn calendar.Date
	Note    string
	File    document.Upload `json:"-"` // none when it has no name
}

// problems are about the fields kind, amount, dated, note and file.
func (p Proof) problems(today calendar.Date) error {
	var list fault.Problems
	if p.Kind.Name() == "" {
		list.Add("kind", "Choose what kind of evidence it is")
	}
	switch {
	case p.Amount < 0 || p.Amount > premium.MostAsked:
		list.Addf("amount", "Amount must be from £0.00 to %s", premium.MostAsked)
	case p.Amount == 0 && p.Kind != "report":
		list.Add("amount", "Enter the amount on the invoice or receipt")
	}
	switch {
	case p.DatedOn.IsZero():
		list.Add("dated", "Enter the date on the evidence")
	case p.DatedOn.After(today):
		list.Add("dated", "Date on the evidence must be today or in the past")
	}
	if utf8.RuneCountInString(p.Note) > premium.TextLimit {
		list.Addf("note", "Use %d characters or fewer", premium.TextLimit)
	}
	if p.File.Name != "" {
		_, err := p.File.Check()
		list = append(list, fault.Of(err)...)
	}
	return list.Err()
}

// GiveEvidence records evidence for an approved request, and keeps its file with it. It needs GiveEvidence.
func (s *Service) GiveEvidence(ctx context.Context, actor access.Actor, requestID int64, proof Proof) error {
	proof.Note = strings.TrimSpace(proof.Note)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.GiveEvidence, access.Facts{}); err != nil {
			return err
		}
		if was.Committed == 0 {
			return fault.Conflict("Evidence is for money that was approved. This request is not approved.")
		}
		if err := proof.problems(tx.Today); err != nil {
			return err
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into premium_evidence (request_id, child_id, kind, amount_pence, dated_on, note, recorded_by, recorded_at)
			values (@request, @child, @kind, @amount, @dated, @note, @by, @now) returning id`, postgres.Args{"request": requestID, "child": was.ChildID,
			"kind": proof.Kind, "amount": proof.Amount, "dated": proof.DatedOn, "note": proof.Note, "by": actor.ID})
		if err != nil {
			return err
		}
		if proof.File.Name != "" {
			if _, err := document.AddIn(ctx, tx, was.ChildID, document.OfPremiumEvidence, id, proof.File); err != nil {
				return err
			}
		}
		if err := was.event(ctx, tx, "evidence", proof.Amount, proof.Kind.Name()); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium evidence", SubjectID: id, Action: "recorded", After: proof})
	})
}

// TakeBackEvidence takes back evidence recorded by mistake, with a reason. It needs PayPremium. What was
// already paid on the strength of it stays paid.
func (s *Service) TakeBackEvidence(ctx context.Context, actor access.Actor, requestID, evidenceID int64, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if err := checkReason("reason", "Enter why it is taken back", reason); err != nil {
			return err
		}
		touched, err := tx.Do(ctx, `insert into premium_evidence (request_id, child_id, kind, amount_pence, dated_on, note, takes_back, recorded_by, recorded_at)
			select request_id, child_id, kind, amount_pence, dated_on, @reason, id, @by, @now from premium_evidence e
			where id = @evidence and request_id = @request and takes_back is null and not exists (select from premium_evidence o where o.takes_back = e.id)`,
			postgres.Args{"request": requestID, "evidence": evidenceID, "reason": reason, "by": actor.ID})
		if err != nil {
			return err
		}
		if touched == 0 {
			return fault.Conflict("This evidence was taken back already.")
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium evidence", SubjectID: evidenceID, Action: "taken back", After: map[string]any{"reason": reason}})
	})
}

// AskForEvidence sets the day by which evidence is due, in place of the one the paying scheme gives. It
// needs PayPremium and a reason.
func (s *Service) AskForEvidence(ctx context.Context, actor access.Actor, requestID int64, due calendar.Date, reason string) error {
	reason = strings.TrimSpace(reason)
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.PayPremium, access.Facts{}); err != nil {
			return err
		}
		if was.Committed == 0 {
			return fault.Conflict("Evidence is asked for when money was approved. This request is not approved.")
		}
		if due.Before(tx.Today) || due.After(tx.Today.AddYears(2)) {
			return fault.Invalid("due", fmt.Sprintf("Day must be from today to %s", tx.Today.AddYears(2).Words()))
		}
		if err := checkReason("reason", "Enter why it is due on another day", reason); err != nil {
			return err
		}
		if err := tx.DoOne(ctx, `insert into premium_evidence_day (request_id, child_id, due_on, reason, set_by, set_at) values (@request, @child, @due, @reason, @by, @now)`,
			postgres.Args{"request": requestID, "child": was.ChildID, "due": due, "reason": reason, "by": actor.ID}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: was.ChildID, Subject: "premium request", SubjectID: requestID, Action: "evidence asked for",
			After: map[string]any{"due": due, "reason": reason}})
	})
}

// Evidence is one piece of evidence as it was recorded.
type Evidence struct {
	ID             int64
	ChildID        int64
	Kind           EvidenceKind
	Amount         money.Pence
	DatedOn        calendar.Date
	Note           string
	DocumentID     int64 // its file; 0: none
	DocumentName   string
	RecordedByName string
	RecordedAt     time.Time
	TakenBack      string // why; empty: it stands
	TakenBackBy    string
}

// QueueEvidence queues the evidence of a request, newest first.
func QueueEvidence(batch *postgres.Batch, into *[]Evidence, childID, requestID int64) {
	postgres.Many(batch, into, `select e.id, e.child_id, e.kind, e.amount_pence as amount, e.dated_on, e.note, a.name as recorded_by_name, e.recorded_at,
			coalesce(d.id, 0) as document_id, coalesce(d.name, '') as document_name,
			coalesce(b.note, '') as taken_back, coalesce(o.name, '') as taken_back_by
		from premium_evidence e join account a on a.id = e.recorded_by
		left join document d on d.child_id = e.child_id and d.subject = 'premium_evidence' and d.subject_id = e.id
		left join premium_evidence b on b.takes_back = e.id left join account o on o.id = b.recorded_by
		where e.request_id = @request and e.child_id = @child and e.takes_back is null order by e.id desc`, postgres.Args{"request": requestID, "child": childID})
}

// Owed is an approved request for which evidence may be due.
type Owed struct {
	RequestID     int64
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string
	School        string
	Category      premium.Category
	Standing
}

// QueueOwed queues the requests of children in care that evidence may be due for: of one child, or of all
// whom the actor may see when it is 0. The terms say of each whether and when.
func QueueOwed(batch *postgres.Batch, into *[]Owed, childID int64) {
	of := "" // plans are made for the text, whatever the child: one that asks "this child, or all" reads all
	if childID > 0 {
		of = " and r.child_id = @child"
	}
	postgres.Many(batch, into, `select r.id as request_id, r.child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
			coalesce(c.preferred_name, '') as preferred_name, c.la_child_id, coalesce(s.name, '') as school, r.category, `+standingSQL+`
		from premium_request r join child c on c.id = r.child_id left join setting s on s.id = r.setting_id`+evidencedSQL+`
		where r.committed_pence > r.released_pence + r.recovered_pence and r.committed_pence - r.released_pence > e.evidenced`+of+`
		order by r.id`, postgres.Args{"child": childID})
}

// Request is the money of one request, for those who pay: amounts and references, nothing of the plan.
type Request struct {
	ID            int64
	SettingID     int64
	School        string
	Stream        ledger.Stream
	FinancialYear int
	Category      premium.Category
	Approved      money.Pence
	Approvers     []int64
	DecidedByName string
	Standing
}

// QueueRequest queues the money of one request of a child. One that is not there fails the batch with NotFound.
func QueueRequest(batch *postgres.Batch, into *Request, childID, requestID int64) {
	postgres.One(batch, into, `select r.id, coalesce(r.setting_id, 0) as setting_id, coalesce(s.name, '') as school, r.stream, r.financial_year, r.category,
			coalesce(r.approved_pence, 0) as approved, array(select v.account_id from premium_event v where v.request_id = r.id
				and v.event in ('first_approval', 'approved', 'part_approved')) as approvers, coalesce(d.name, '') as decided_by_name, `+standingSQL+`
		from premium_request r left join setting s on s.id = r.setting_id left join account d on d.id = r.decided_by`+evidencedSQL+`
		where r.id = @request and r.child_id = @child`, postgres.Args{"request": requestID, "child": childID})
}

// locked is a request's money as a service finds it, locked until its transaction ends.
type locked struct {
	ID            int64
	ChildID       int64
	Stream        ledger.Stream
	FinancialYear int
	Committed     money.Pence
	Released      money.Pence
	Paid          money.Pence
	Recovered     money.Pence
	InPayment     money.Pence
	Closed        bool // the year takes no more entries but journals
}

func lock(ctx context.Context, tx *postgres.Tx, requestID int64) (locked, error) {
	if err := ledger.LockRequests(ctx, tx, []int64{requestID}); err != nil {
		return locked{}, err
	}
	return postgres.Get[locked](ctx, tx, `select r.id, r.child_id, r.stream, r.financial_year, r.committed_pence as committed, r.released_pence as released,
			r.paid_pence as paid, r.recovered_pence as recovered, premium_in_payment(r.id) as in_payment, y.closed_at is not null as closed
		from premium_request r join premium_year y on y.stream = r.stream and y.financial_year = r.financial_year where r.id = @request`, postgres.Args{"request": requestID})
}

func (l locked) standing() Standing {
	return Standing{Committed: l.Committed, Released: l.Released, Paid: l.Paid, Recovered: l.Recovered, InPayment: l.InPayment}
}

// entry is the request's part of an entry in the ledger. In a closed year only the head makes one, as a journal.
func (l locked) entry(tx *postgres.Tx, from, to string, amount money.Pence, reason, key string) (ledger.Entry, error) {
	if err := mayEnter(tx, l.FinancialYear, l.Closed); err != nil {
		return ledger.Entry{}, err
	}
	return ledger.Entry{Stream: l.Stream, Year: l.FinancialYear, From: from, To: to, Amount: amount, Request: l.ID, Child: l.ChildID,
		Reason: reason, Journal: l.Closed, Key: key}, nil
}

func mayEnter(tx *postgres.Tx, financialYear int, closed bool) error {
	if closed && tx.Actor.Role != access.Head {
		return fault.Conflict("The year " + calendar.FinancialYearLabel(financialYear) + " is closed. Only the Virtual School Head can still enter something in it.")
	}
	return nil
}

func (l locked) event(ctx context.Context, tx *postgres.Tx, event string, amount money.Pence, words string) error {
	return tx.DoOne(ctx, `insert into premium_event (request_id, child_id, event, amount_pence, words, account_id, at)
		values (@request, @child, @event, nullif(@amount::bigint, 0), @words, @by, @now)`,
		postgres.Args{"request": l.ID, "child": l.ChildID, "event": event, "amount": amount, "words": words, "by": tx.Actor.ID})
}
