package documents

import (
	"mime"
	"net/http"
	"slices"

	"virtualschool/internal/access"
	"virtualschool/internal/document"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit *kit.Kit
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.ChildGet("/children/{childID}/documents/{documentID}", access.SeeChild, p.file)
}

// seen is what shows somebody a subject's documents: any one of it.
var seen = map[string][]access.Action{
	document.OfPremiumRequest:  {access.SeePremium},
	document.OfPremiumEvidence: {access.SeePremium, access.PayPremium}, // who pays reads the invoice
	document.OfSuspension:      {access.RecordSuspension},
}

func (p *Pages) file(w http.ResponseWriter, r *http.Request) error {
	id, err := kit.PathID(r, "documentID")
	if err != nil {
		return err
	}
	var file document.File
	var batch postgres.Batch
	document.QueueFile(&batch, &file, kit.ChildID(r), id)
	if _, err := p.Kit.ViewChild(r, "document", &batch); err != nil {
		return err
	}
	if !slices.ContainsFunc(seen[file.Subject], func(action access.Action) bool { return access.Can(kit.Actor(r), action) }) {
		return fault.Forbidden("Your role does not allow this.")
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	return p.Kit.Send(w, r, file.MediaType, "", file.Content)
}
