package payment

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
)

// Remittance is what one school is paid in a run.
type Remittance struct {
	ID            int64
	RunID         int64
	RunReference  string
	RunState      State
	Stream        ledger.Stream
	FinancialYear int
	SettingID     int64 // 0: the Virtual School buys it itself
	Payee         string
	URN           int
	Lines         int
	Sum           money.Pence
	SentOn        calendar.Date // zero: not sent
	Contact       string        // who sent it
	ContactEmail  string
}

const remittanceSQL = `select m.id, m.run_id, p.reference as run_reference, p.state as run_state, p.stream, p.financial_year, coalesce(m.setting_id, 0) as setting_id,
		m.payee, coalesce(m.urn, 0) as urn, m.line_count as lines, m.sum_pence as sum, (p.sent_at at time zone 'Europe/London')::date as sent_on,
		coalesce(s.name, '') as contact, coalesce(s.email, '') as contact_email
	from premium_remittance m join premium_payment_run p on p.id = m.run_id left join account s on s.id = p.sent_by`

// A remittance is a school's own to read once it was sent; those who pay read all.
const remittanceTheirs = ` (@payer or p.state = 'sent' and exists (select from account_setting a
	where a.setting_id = m.setting_id and a.account_id = @actor and a.post = 'designated_teacher' and a.period @> @today::date))`

// QueueRemittancesOfRun queues a run's remittances by school. For those who pay.
func QueueRemittancesOfRun(batch *postgres.Batch, into *[]Remittance, runID int64) {
	postgres.Many(batch, into, remittanceSQL+` where m.run_id = @run order by m.payee, m.id`, postgres.Args{"run": runID})
}

// QueueRemittances queues the remittances that were sent to the schools of a designated teacher, or to all
// for a payer: newest first, those before a remittance's number where given.
func QueueRemittances(batch *postgres.Batch, into *[]Remittance, actorID int64, payer bool, before int64, limit int) {
	postgres.Many(batch, into, remittanceSQL+` where p.state = 'sent' and m.setting_id is not null and (@before::bigint = 0 or m.id < @before) and`+remittanceTheirs+`
		order by m.id desc limit @limit`, postgres.Args{"actor": actorID, "payer": payer, "before": before, "limit": limit})
}

// QueueRemittance queues one remittance: any for a payer, for others one sent to their school. One that is
// not there or not theirs fails the batch with NotFound.
func QueueRemittance(batch *postgres.Batch, into *Remittance, remittanceID, actorID int64, payer bool) {
	postgres.One(batch, into, remittanceSQL+` where m.id = @remittance and`+remittanceTheirs, postgres.Args{"remittance": remittanceID, "actor": actorID, "payer": payer})
}

// QueueRemittanceLook queues the record that the actor looked at the children of a remittance, on a screen.
func QueueRemittanceLook(ctx context.Context, batch *postgres.Batch, remittanceID, actorID int64, screen string) {
	queueLooks(ctx, batch, `premium_payment_line where remittance_id = @id`, actorID, screen, postgres.Args{"id": remittanceID})
}

// QueueRunLook queues the record that the actor looked at the children of a payment run.
func QueueRunLook(ctx context.Context, batch *postgres.Batch, runID, actorID int64) {
	queueLooks(ctx, batch, `premium_payment_line where run_id = @id`, actorID, "premium payment run", postgres.Args{"id": runID})
}

// QueueLineLook queues the record that the actor looked at the child of one line of a run.
func QueueLineLook(ctx context.Context, batch *postgres.Batch, lineID, actorID int64) {
	queueLooks(ctx, batch, `premium_payment_line where id = @id`, actorID, "premium payment", postgres.Args{"id": lineID})
}

// QueuePayableLook queues the record that the actor looked at the children of all that QueuePayable reads.
func QueuePayableLook(ctx context.Context, batch *postgres.Batch, stream ledger.Stream, financialYear int, actorID int64) {
	queueLooks(ctx, batch, `premium_request where stream = @stream and financial_year = @year and committed_pence > released_pence + paid_pence`,
		actorID, "premium payments", postgres.Args{"stream": stream, "year": financialYear})
}

func queueLooks(ctx context.Context, batch *postgres.Batch, from string, actorID int64, screen string, args postgres.Args) {
	args["actor"], args["screen"], args["web"] = actorID, screen, audit.RequestID(ctx)
	batch.Exec(`insert into audit_look (at, account_id, child_id, screen, request_id)
		select distinct @now::timestamptz, @actor::bigint, child_id, @screen, @web from `+from, args)
}

// RemittanceTaken writes down that somebody has taken a remittance away as a file. It needs SeeRemittances;
// whether the remittance is theirs, reading it has asked.
func (s *Service) RemittanceTaken(ctx context.Context, actor access.Actor, remittance Remittance) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.SeeRemittances, access.Facts{}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "premium remittance", SubjectID: remittance.ID, Action: "downloaded", After: map[string]any{"run": remittance.RunReference}})
	})
}

// Line is one line of a run.
type Line struct {
	ID               int64
	RunID            int64
	RemittanceID     int64
	RequestID        int64
	ChildID          int64
	LAChildID        string
	Forename         string
	Surname          string
	PreferredName    string
	Reference        string
	Category         premium.Category
	Purpose          string
	Target           string // empty: not for one target
	Amount           money.Pence
	EvidenceDue      calendar.Date // zero: none is due
	State            LineState
	RunState         State
	PaidOn           calendar.Date
	PaymentReference string
	UndoneReason     string
	UndoneByName     string
	UndoneAt         *time.Time
	RunReference     string
}

const lineSQL = `select l.id, l.run_id, l.remittance_id, l.request_id, l.child_id, c.la_child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname,
		coalesce(c.preferred_name, '') as preferred_name, l.reference, r.category, r.purpose, coalesce(t.what, '') as target, l.amount_pence as amount,
		l.evidence_due_on as evidence_due, l.state, p.state as run_state, l.paid_on, coalesce(l.payment_reference, '') as payment_reference,
		coalesce(l.undone_reason, '') as undone_reason, coalesce(u.name, '') as undone_by_name, l.undone_at, p.reference as run_reference
	from premium_payment_line l join premium_payment_run p on p.id = l.run_id join premium_request r on r.id = l.request_id join child c on c.id = l.child_id
	left join pep_target t on t.id = r.target_id left join account u on u.id = l.undone_by`

// QueueLinesOfRun queues the lines of a run whose children the actor may see. There may be more: the run says how many.
func QueueLinesOfRun(batch *postgres.Batch, into *[]Line, runID int64) {
	postgres.Many(batch, into, lineSQL+` where l.run_id = @run order by l.id`, postgres.Args{"run": runID})
}

// QueueLinesOfRemittance queues the lines of a remittance whose children the actor may see.
func QueueLinesOfRemittance(batch *postgres.Batch, into *[]Line, remittanceID int64) {
	postgres.Many(batch, into, lineSQL+` where l.remittance_id = @remittance order by l.id`, postgres.Args{"remittance": remittanceID})
}

// QueueLinesOfRequest queues the payments of a request, newest first.
func QueueLinesOfRequest(batch *postgres.Batch, into *[]Line, childID, requestID int64) {
	postgres.Many(batch, into, lineSQL+` where l.request_id = @request and l.child_id = @child order by l.id desc`, postgres.Args{"request": requestID, "child": childID})
}

// QueueLine queues one line; one that is not there fails the batch with NotFound.
func QueueLine(batch *postgres.Batch, into *Line, lineID int64) {
	postgres.One(batch, into, lineSQL+` where l.id = @line`, postgres.Args{"line": lineID})
}

// Initials are how a child stands on a paper that a bursar reads; without a name, the identifier.
func (l Line) Initials() string {
	first := l.PreferredName
	if first == "" {
		first = l.Forename
	}
	var letters strings.Builder
	for _, name := range []string{first, l.Surname} {
		if initial, _ := utf8.DecodeRuneInString(strings.TrimSpace(name)); initial != utf8.RuneError {
			letters.WriteRune(initial)
		}
	}
	if letters.Len() == 0 {
		return l.LAChildID
	}
	return strings.ToUpper(letters.String())
}

// fewWords is the most characters that a remittance says of what a payment is for.
const fewWords = 90

// For says in few words what a payment is for: the kind of help and its purpose. It does not quote the
// plan, for a bursar has no part in that.
func (l Line) For() string {
	purpose := strings.Join(strings.Fields(l.Purpose), " ")
	for _, name := range []string{l.Forename, l.PreferredName, l.Surname} { // a name in the purpose stays off the paper
		if name = strings.TrimSpace(name); name != "" {
			purpose = regexp.MustCompile(`(?i)(^|[^\pL])`+regexp.QuoteMeta(name)+`($|[^\pL])`).ReplaceAllString(purpose, "${1}the child${2}")
		}
	}
	return l.Category.Name() + ": " + clip(purpose, fewWords)
}

// clip ends a text that is too long after a whole word.
func clip(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	short := string(runes[:most])
	if end := strings.LastIndexByte(short, ' '); end > 0 {
		short = short[:end]
	}
	return short + "…"
}
