package retention

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Certificate is what stays of a record that was deleted. It names nobody but those who decided.
type Certificate struct {
	ID             int64
	Kind           string // by which rule the record was kept: care, death, adoption or contact
	KeptUntil      calendar.Date
	Reason         string
	ProposedByName string
	ProposedAt     time.Time
	Words          string // of who approved
	ApprovedByName string
	ApprovedAt     time.Time
	DeletedByName  string
	DeletedAt      time.Time
	Removed        map[string]int // rows of each table; of premium_transfer: entries that stay, without their child
}

// Ledger is the table whose entries stay, without their child.
const Ledger = "premium_transfer"

// Rows is how many rows went.
func (c Certificate) Rows() int {
	rows := 1 // the child's own
	for table, n := range c.Removed {
		if table != Ledger {
			rows += n
		}
	}
	return rows
}

// Basis is the rule by which a record of this kind was kept, and its source.
func (c Certificate) Basis() (rule, source string) {
	switch c.Kind {
	case "adoption":
		return "Adopted: kept 100 years from the order", adoptionSource
	case "death":
		return "Died before the age of 18: kept 15 years from then", careSource
	case "care":
		return "Was in care: kept until the 75th birthday", careSource
	}
	return "Never in care: kept for years after the last contact", ownSource
}

const certificateSQL = `select d.id, d.kind, d.kept_until, d.reason, proposed.name as proposed_by_name, d.proposed_at, d.words, approved.name as approved_by_name, d.approved_at,
		deleted.name as deleted_by_name, d.deleted_at, d.removed
	from deletion d join account proposed on proposed.id = d.proposed_by join account approved on approved.id = d.approved_by join account deleted on deleted.id = d.deleted_by`

// QueueCertificates queues the certificates, the newest first.
func QueueCertificates(batch *postgres.Batch, into *[]Certificate) {
	postgres.Many(batch, into, certificateSQL+` order by d.id desc limit @most`, postgres.Args{"most": Most})
}

// QueueCertificate queues one certificate; NotFound when there is none with that number.
func QueueCertificate(batch *postgres.Batch, into *Certificate, id int64) {
	postgres.One(batch, into, certificateSQL+` where d.id = @id`, postgres.Args{"id": id})
}

// QueueSize queues how many rows of which table a record has, and the reference that is typed to delete it.
// The function it returns gives them once the batch has run.
func QueueSize(batch *postgres.Batch, childID int64) func() (rows map[string]int, reference string) {
	found := new(struct {
		Rows      map[string]int
		LAChildID string
	})
	postgres.One(batch, found, `select record_rows(c.id) as rows, c.la_child_id from child c where c.id = @child`, postgres.Args{"child": childID})
	return func() (map[string]int, string) { return found.Rows, found.LAChildID }
}

// Delete deletes a record for good and gives the number of its certificate. It needs access.DeleteRecord, an
// approved proposal of that version, and the record's reference as somebody typed it. Problems are about
// the field "reference"; Conflict: something has changed that the proposal stood on. The database asks all
// of it again itself.
func (s *Service) Delete(ctx context.Context, actor access.Actor, childID int64, version int, reference string) (id int64, err error) {
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		of, err := lock(ctx, tx, childID)
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.DeleteRecord, access.Facts{}); err != nil {
			return err
		}
		under, err := postgres.List[Proposal](ctx, tx, proposalSQL+` and p.state = 'approved' for update of p`, postgres.Args{"child": childID})
		if err != nil {
			return err
		}
		if len(under) != 1 || under[0].Version != version {
			return fault.Conflict("This record is not approved to be deleted any more. Look at it again.")
		}
		if err := mayGo(of, tx.Today); err != nil {
			return err
		}
		wanted, err := postgres.GetValue[string](ctx, tx, `select la_child_id from child where id = @child`, postgres.Args{"child": childID})
		if err != nil {
			return err
		}
		if !strings.EqualFold(strings.TrimSpace(reference), wanted) {
			return fault.Invalid("reference", "This is not the reference of this record. Nothing was deleted")
		}
		if id, err = postgres.GetValue[int64](ctx, tx, `select delete_record(@child, @now)`, postgres.Args{"child": childID}); err != nil {
			return refused(err)
		}
		removed, err := postgres.GetValue[json.RawMessage](ctx, tx, `select removed from deletion where id = @id`, postgres.Args{"id": id})
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "deletion", SubjectID: id, Action: "done", After: map[string]any{"removed": removed}})
	})
	return id, err
}

// refused is what the database says against a deletion, in words.
func refused(err error) error {
	switch postgres.Constraint(err) {
	case "deletion_not_there":
		return fault.NotFound()
	case "deletion_not_allowed":
		return fault.Forbidden("Your role does not allow this.")
	case "deletion_not_approved", "retention_not_due", "retention_stands_against":
		return fault.Conflict("Something stands against deleting this record now. Look at it again.")
	case namesNobody:
		return fault.Conflict("The reason or the words of the proposal name the child, and would stay. Take the proposal back and write it without the name.")
	}
	return err
}

// namesNobody is the rule that words which stay on the certificate name nobody.
const namesNobody = "retention_names_nobody"
