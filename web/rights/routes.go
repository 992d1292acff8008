package rights

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/retention"
	"virtualschool/internal/rights"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit       *kit.Kit
	Rights    *rights.Service
	Retention *retention.Service
}

const listPath = "/rights/subject-access"

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/rights", access.HandleSubjectAccess, p.hub)
	rt.Get(listPath, access.HandleSubjectAccess, p.list)
	rt.Get("/rights/register", access.HandleSubjectAccess, p.register)
	rt.Get("/rights/register.csv", access.HandleSubjectAccess, p.registerFile)
	const about = "/children/{childID}/subject-access"
	rt.ChildGet(about, access.HandleSubjectAccess, p.ofChild)
	rt.ChildGet(about+"/new", access.HandleSubjectAccess, p.log)
	rt.ChildPost(about+"/new", access.HandleSubjectAccess, p.saveLog)
	const one = about + "/{subjectAccessID}"
	rt.ChildGet(one, access.HandleSubjectAccess, p.show)
	rt.ChildPost(one+"/identity", access.HandleSubjectAccess, p.identify)
	rt.ChildPost(one+"/extension", access.HandleSubjectAccess, p.extend)
	rt.ChildPost(one+"/close", access.HandleSubjectAccess, p.close)
	rt.ChildGet(one+"/parts/{chapter}", access.HandleSubjectAccess, p.chapter)
	rt.ChildPost(one+"/parts/{chapter}", access.HandleSubjectAccess, p.markRead)
	rt.ChildGet(one+"/texts/{passage}", access.HandleSubjectAccess, p.passage)
	rt.ChildPost(one+"/texts/{passage}", access.HandleSubjectAccess, p.decide)
	rt.ChildPost(one+"/copy", access.HandleSubjectAccess, p.prepare)
	rt.ChildPost(one+"/back", access.HandleSubjectAccess, p.sendBack)
	rt.ChildPost(one+"/release", access.ReleaseSubjectAccess, p.release)
	rt.ChildPost(one+"/hand-over", access.HandleSubjectAccess, p.handOver)
	const corrections = "/children/{childID}/corrections"
	rt.ChildGet(corrections, access.HearCorrection, p.corrections)
	rt.ChildGet(corrections+"/new", access.HearCorrection, p.hear)
	rt.ChildPost(corrections+"/new", access.HearCorrection, p.saveHear)
	rt.ChildGet(corrections+"/{correctionID}", access.HearCorrection, p.correction)
	rt.ChildPost(corrections+"/{correctionID}/decision", access.DecideCorrection, p.answer)
	rt.ChildPost(corrections+"/{correctionID}/lifting", access.DecideCorrection, p.lift)
	rt.Get(retentionPath, access.DecideRetention, p.retention)
	const kept = "/children/{childID}/retention"
	rt.ChildGet(kept, access.DecideRetention, p.kept)
	rt.ChildPost(kept+"/hold", access.DecideRetention, p.hold)
	rt.ChildPost(kept+"/hold/end", access.DecideRetention, p.endHold)
	rt.ChildPost(kept+"/proposal", access.DecideRetention, p.propose)
	rt.ChildPost(kept+"/decision", access.DecideRetention, p.decideProposal)
	rt.ChildPost(kept+"/withdrawal", access.DecideRetention, p.withdraw)
	rt.ChildGet(kept+"/deletion", access.DeleteRecord, p.confirmDeletion)
	rt.Get(deletionsPath, access.DeleteRecord, p.certificates)
	// Not below the child, so that who presses twice is led to the certificate and not to a child who is gone.
	rt.Post(deletionsPath, access.DeleteRecord, p.deleteRecord)
	rt.Get(deletionsPath+"/{deletionID}", access.DeleteRecord, p.certificate)
	rt.ChildGet(one+"/files/{fileNumber}", access.FetchSubjectAccess, p.file)
}

func ofChildPath(childID int64) string { return fmt.Sprintf("/children/%d/subject-access", childID) }

func requestPath(of rights.Ref) string { return fmt.Sprintf("%s/%d", ofChildPath(of.ChildID), of.ID) }

// refOf is the request that the address names.
func refOf(r *http.Request) (rights.Ref, error) {
	id, err := kit.PathID(r, "subjectAccessID")
	return rights.Ref{ChildID: kit.ChildID(r), ID: id}, err
}
