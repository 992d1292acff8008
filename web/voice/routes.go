package voice

import (
	"fmt"
	"net"
	"net/http"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Voice    *voice.Service
	Accounts *account.Service // which slows down those who guess links
}

// Routes registers the pages. Those registered with Open are a young person's, who has no account.
func Routes(rt *kit.Router, p *Pages) {
	const wishes, link = "/children/{childID}/wishes", "/children/{childID}/peps/{pepID}/link"
	rt.Get("/wishes", access.SeeWishes, p.list)
	rt.ChildGet(wishes, access.SeeWishes, p.wishes)
	rt.ChildPost(wishes, access.RecordWish, p.record)
	rt.ChildPost(wishes+"/{wishID}/answer", access.AnswerWish, p.answer)
	rt.ChildPost(wishes+"/{wishID}/told", access.AnswerWish, p.tell)
	rt.ChildPost(wishes+"/{wishID}/withdraw", access.RecordWish, p.withdraw)
	rt.ChildGet(link, access.GiveVoiceLink, p.links)
	rt.ChildPost(link, access.GiveVoiceLink, p.giveLink)
	rt.ChildPost(link+"/revoke", access.GiveVoiceLink, p.revokeLink)
	rt.Open(http.MethodGet, "/my-plan/{token}", p.door)
	rt.Open(http.MethodPost, "/my-plan/{token}", p.send)
}

func childPath(childID int64) string { return fmt.Sprintf("/children/%d", childID) }

func wishesPath(childID int64) string { return childPath(childID) + "/wishes" }

func planPath(plan pep.Ref) string {
	return fmt.Sprintf("%s/peps/%d", childPath(plan.ChildID), plan.PEPID)
}

func planOf(r *http.Request) (pep.Ref, error) {
	id, err := kit.PathID(r, "pepID")
	return pep.Ref{ChildID: kit.ChildID(r), PEPID: id}, err
}

// address is where a request comes from; the server has put there what a trusted proxy says.
func address(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}
