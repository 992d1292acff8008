package premium

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// AddDocument keeps a document beside a request, such as a quotation. It needs AskPremium; a request
// that was withdrawn takes none.
func (s *Service) AddDocument(ctx context.Context, actor access.Actor, childID, requestID int64, upload document.Upload) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, requestID)
		if err != nil {
			return err
		}
		if was.ChildID != childID {
			return fault.NotFound()
		}
		if err := access.Check(actor, access.AskPremium, access.Facts{}); err != nil {
			return err
		}
		if was.State == Withdrawn {
			return fault.Invalid("file", "This request is withdrawn, so nothing is added to it")
		}
		_, err = document.AddIn(ctx, tx, childID, document.OfPremiumRequest, requestID, upload)
		return err
	})
}
