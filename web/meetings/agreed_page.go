package meetings

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/meeting"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Meetings *meeting.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	const agreed = "/children/{childID}/peps/{pepID}/agreed"
	rt.ChildGet(agreed, access.SeePEP, p.agreed)
	rt.ChildGet(agreed+"/send", access.HoldMeeting, p.letter)
	rt.ChildPost(agreed+"/send", access.HoldMeeting, p.send)
}

// agreedView is what was agreed. It is read by everyone who works with the child, so it holds only
// wishes that everyone at the meeting may see.
type agreedView struct {
	Strip     ui.IdentityStripProps
	Path      string // of the plan
	Whole     pep.Whole
	Carried   map[int64]pep.Carried
	Wishes    []voice.Wish
	Requests  []premium.Request
	People    []meeting.Person
	MaySend   bool
	MaySubmit bool
	Form      *kit.Form
}

func refOf(r *http.Request) (pep.Ref, error) {
	id, err := kit.PathID(r, "pepID")
	return pep.Ref{ChildID: kit.ChildID(r), PEPID: id}, err
}

func (p *Pages) view(r *http.Request, screen string) (agreedView, error) {
	ref, err := refOf(r)
	if err != nil {
		return agreedView{}, err
	}
	actor := kit.Actor(r)
	v := agreedView{Path: fmt.Sprintf("/children/%d/peps/%d", ref.ChildID, ref.PEPID)}
	var wishes []voice.Wish
	var requests []premium.Request
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, p.Meetings.PEPs.Forms, ref)
	carried := pep.QueueCarried(&batch, ref.ChildID)
	voice.QueueOfChild(&batch, &wishes, ref.ChildID)
	meeting.QueuePeople(&batch, &v.People, ref)
	if access.Can(actor, access.SeePremium) {
		premium.QueueRequests(&batch, &requests, ref.ChildID)
	}
	if v.Strip, err = p.Kit.ViewChild(r, screen, &batch); err != nil {
		return v, err
	}
	v.Whole, v.Carried = whole(), carried()
	v.MaySend = v.Whole.Plan.MeetingHeld && access.Can(actor, access.HoldMeeting)
	v.MaySubmit = v.MaySend && v.Whole.Plan.State.CanMove(pep.ActSubmit) && access.Can(actor, access.SubmitPEP)
	for _, wish := range wishes {
		if wish.Audience == voice.Everyone && (wish.PEPID == ref.PEPID || wish.Answerable()) && wish.State != voice.Withdrawn {
			v.Wishes = append(v.Wishes, wish)
		}
	}
	for _, request := range requests {
		if slices.ContainsFunc(v.Whole.Targets, func(t pep.Target) bool { return t.ID == request.TargetID }) {
			v.Requests = append(v.Requests, request)
		}
	}
	return v, nil
}

func (p *Pages) agreed(w http.ResponseWriter, r *http.Request) error {
	v, err := p.view(r, "what a PEP meeting agreed")
	if err != nil {
		return err
	}
	return p.Kit.Show(w, r, kit.Page{Title: "What we agreed", Back: v.Path, Print: true}, agreedPage(v))
}

// letter shows who gets the mail and what it says, before it goes.
func (p *Pages) letter(w http.ResponseWriter, r *http.Request) error {
	return p.showLetter(w, r, nil)
}

func (p *Pages) showLetter(w http.ResponseWriter, r *http.Request, form *kit.Form) error {
	v, err := p.view(r, "send what a PEP meeting agreed")
	if err != nil {
		return err
	}
	if v.Form = form; form == nil {
		v.Form = kit.NewForm(nil)
		var chosen []string
		for _, person := range v.People {
			if person.SentOn.IsZero() && meeting.WasNamed(person, v.Whole.Attendees) {
				chosen = append(chosen, fmt.Sprint(person.AccountID))
			}
		}
		v.Form.Set("people", chosen...)
	}
	return p.Kit.Show(w, r, kit.Page{Title: "Send what we agreed", Back: v.Path + "/agreed", Form: v.Form}, letterPage(v))
}

func (p *Pages) send(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var accounts []int64
	for _, text := range form.All("people") {
		var id int64
		if _, err := fmt.Sscan(text, &id); err == nil && !slices.Contains(accounts, id) {
			accounts = append(accounts, id)
		}
	}
	sent, err := p.Meetings.Send(r.Context(), kit.Actor(r), ref, accounts)
	if form.Refuses(err) {
		return p.showLetter(w, r, form)
	}
	if err != nil {
		return err
	}
	said := "Sent to " + strings.Join(sent, ", ")
	if len(sent) == 0 {
		said = "They had it already, so nothing was sent."
	}
	return p.Kit.Done(w, r, fmt.Sprintf("/children/%d/peps/%d/agreed", ref.ChildID, ref.PEPID), said)
}

// people are those who can be written to, with what speaks for or against it.
func (v agreedView) people() []ui.Choice {
	var choices []ui.Choice
	for _, person := range v.People {
		hint := person.Role.Name()
		if meeting.WasNamed(person, v.Whole.Attendees) {
			hint += ", listed at the meeting"
		}
		if !person.SentOn.IsZero() {
			hint += ", has had it since " + person.SentOn.Words()
		}
		choices = append(choices, ui.Choice{Value: fmt.Sprint(person.AccountID), Text: person.Name, Hint: hint})
	}
	return choices
}

// unreached are the names at the meeting that nobody with an account has: they get paper.
func (v agreedView) unreached() (names []string) {
	for _, attendee := range v.Whole.Attendees {
		reached := slices.ContainsFunc(v.People, func(p meeting.Person) bool { return meeting.WasNamed(p, []pep.Attendee{attendee}) })
		if !reached && attendee.Part != "young_person" {
			names = append(names, attendee.Name)
		}
	}
	return names
}
