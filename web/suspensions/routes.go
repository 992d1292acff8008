package suspensions

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/document"
	"virtualschool/internal/export"
	"virtualschool/internal/suspension"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit         *kit.Kit
	Suspensions *suspension.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/suspensions", access.SeeSuspensions, p.list)
	rt.Get("/suspensions.csv", access.ExportSuspensions, p.download(export.CSV))
	rt.Get("/suspensions.xlsx", access.ExportSuspensions, p.download(export.Excel))
	rt.Get("/suspensions/risk", access.SeeExclusionRisk, p.risk)

	const of, one = "/children/{childID}/suspensions", "/children/{childID}/suspensions/{suspensionID}"
	rt.ChildGet(of, access.SeeChild, p.show)
	rt.ChildGet(of+"/new", access.RecordSuspension, p.record)
	rt.ChildUpload(of+"/new", access.RecordSuspension, document.MostBytes, p.saveRecord)
	rt.ChildGet(of+"/risk", access.SeeExclusionRisk, p.childRisk)
	rt.ChildGet(of+"/risk/{sign}", access.ChallengeRisk, p.challenge)
	rt.ChildPost(of+"/risk/{sign}", access.ChallengeRisk, p.saveChallenge)
	rt.ChildPost(of+"/risk/{sign}/back", access.ChallengeRisk, p.countAgain)
	rt.ChildGet(one, access.SeeChild, p.event)
	rt.ChildPost(one+"/read", access.ReadSuspension, p.saveRead)
	rt.ChildGet(one+"/correct", access.RecordSuspension, p.correct)
	rt.ChildPost(one+"/correct", access.RecordSuspension, p.saveCorrect)
	rt.ChildGet(one+"/told", access.RecordSuspension, p.told)
	rt.ChildPost(one+"/told", access.RecordSuspension, p.saveTold)
	rt.ChildGet(one+"/education", access.RecordSuspension, p.education)
	rt.ChildPost(one+"/education", access.RecordSuspension, p.saveEducation)
	rt.ChildPost(one+"/education/remove", access.RecordSuspension, p.removeEducation)
	rt.ChildGet(one+"/considered/{body}", access.RecordSuspension, p.considered)
	rt.ChildPost(one+"/considered/{body}", access.RecordSuspension, p.saveConsidered)
	rt.ChildGet(one+"/cancel", access.RecordSuspension, p.cancel)
	rt.ChildPost(one+"/cancel", access.RecordSuspension, p.saveCancel)
	rt.ChildGet(one+"/return", access.RecordSuspension, p.returning)
	rt.ChildPost(one+"/return", access.RecordSuspension, p.saveReturning)
	rt.ChildGet(one+"/letter", access.RecordSuspension, p.letter)
	rt.ChildUpload(one+"/letter", access.RecordSuspension, document.MostBytes, p.saveLetter)
}

func suspensionsPath(r *http.Request) string {
	return fmt.Sprintf("/children/%d/suspensions", kit.ChildID(r))
}

func eventPath(r *http.Request, id int64) string {
	return fmt.Sprintf("%s/%d", suspensionsPath(r), id)
}
