package kit

import (
	"net/http"

	"virtualschool/internal/audit"
	"virtualschool/internal/postgres"
)

// Looked writes down that the signed-in person saw these children by name on a list: every list with names
// says so before it is shown. A child named twice is one look; no children cost nothing.
func (k *Kit) Looked(r *http.Request, screen string, children []int64) error {
	if len(children) == 0 {
		return nil
	}
	var batch postgres.Batch
	audit.LookMany(r.Context(), &batch, Actor(r), children, screen)
	return k.DB.View(r.Context(), Actor(r), &batch)
}
