package quality

import (
	"fmt"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit     *kit.Kit
	Quality *quality.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	const plan = "/children/{childID}/peps/{pepID}/quality"
	rt.ChildGet(plan, access.ReviewQuality, p.grade)
	rt.ChildPost(plan, access.ReviewQuality, p.record)
	rt.ChildPost(plan+"/begin", access.ReviewQuality, p.begin)
	rt.ChildGet(plan+"/second", access.SecondMark, p.second)
	rt.ChildPost(plan+"/second", access.SecondMark, p.recordSecond)
	rt.ChildPost(plan+"/settle", access.ModerateQuality, p.settle)
	rt.ChildPost(plan+"/set-aside", access.ModerateQuality, p.setAside)
	rt.ChildGet(plan+"/follow-ups", access.HoldMeeting, p.followUps)
	rt.ChildPost(plan+"/follow-ups", access.HoldMeeting, p.dealWith)
	rt.Get("/quality", access.ReviewQuality, p.queue)
	rt.Get("/quality/grades", access.ReviewQuality, p.grades)
	rt.Get("/quality/agreement", access.ReviewQuality, p.agreement)
	rt.Get("/quality/waiting", access.ReviewQuality, p.waiting)
	rt.Post("/quality/preview", access.ReviewQuality, p.preview)
}

func refOf(r *http.Request) (pep.Ref, error) {
	id, err := kit.PathID(r, "pepID")
	return pep.Ref{ChildID: kit.ChildID(r), PEPID: id}, err
}

func planPath(ref pep.Ref) string {
	return fmt.Sprintf("/children/%d/peps/%d", ref.ChildID, ref.PEPID)
}
